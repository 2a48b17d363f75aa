//! Block lists of domains.

use posthouse::error::{Error, Missing};
use posthouse::model::key::Mode;
use posthouse::ops::blocklist::Listing;
use posthouse::outside::dns::DnsError;

use crate::world::World;

#[tokio::test]
async fn every_list_is_asked_and_says_what_it_says() {
    let lists = ["yes.test", "no.test", "closed.test", "broken.test"];
    let world = World::with(|settings| settings.blocklists = lists.map(String::from).to_vec());
    let world = world.await;
    let sender = world.sender(Mode::Capture).await;
    for (list, answer) in [
        ("yes.test", Ok(vec!["127.0.1.2".parse().unwrap()])),
        ("no.test", Err(DnsError::NoSuchName)),
        ("closed.test", Ok(vec!["127.255.255.254".parse().unwrap()])),
        ("broken.test", Err(DnsError::Unsure("SERVFAIL".to_owned()))),
    ] {
        let mut addresses = world.script.addresses.lock().unwrap();
        addresses.insert(format!("d.test.{list}"), answer);
    }
    let (domain, checks) = world
        .engine
        .domain_blocklists(&sender.operator, sender.domain.uuid)
        .await
        .unwrap();
    assert_eq!(domain.host, "d.test");
    let said: Vec<_> = checks
        .into_iter()
        .map(|check| (check.list, check.listing))
        .collect();
    let unknown = |why: &str| Listing::Unknown(why.to_owned());
    assert_eq!(
        said,
        [
            ("yes.test".to_owned(), Listing::Listed),
            ("no.test".to_owned(), Listing::Clear),
            (
                "closed.test".to_owned(),
                unknown("it answered 127.255.255.254")
            ),
            ("broken.test".to_owned(), unknown("SERVFAIL")),
        ]
    );
    let other = uuid::Uuid::nil();
    let missed = world
        .engine
        .domain_blocklists(&sender.operator, other)
        .await;
    assert!(matches!(missed, Err(Error::Missing(Missing::Domain))));
}
