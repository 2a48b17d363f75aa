mod server;

use hickory_resolver::proto::op::Message;
use hickory_resolver::proto::rr::Record;
use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, NS, SOA, TXT};

use self::server::{By, CALM, Server};
use super::*;

fn name(text: &str) -> Name {
    Name::from_ascii(text).unwrap()
}

fn add(response: &mut Message, owner: &str, data: RData) {
    response.add_answer(Record::from_rdata(name(owner), 60, data));
}

fn alias(response: &mut Message, owner: &str, target: &str) {
    add(response, owner, RData::CNAME(CNAME(name(target))));
}

fn txt(strings: &[&str]) -> RData {
    RData::TXT(TXT::new(strings.iter().map(|s| (*s).to_owned()).collect()))
}

fn soa(response: &mut Message) {
    let soa = SOA::new(name("ns.test."), name("root.test."), 1, 1, 1, 1, 1);
    response.add_authority(Record::from_rdata(name("test."), 60, RData::SOA(soa)));
}

fn unsure<T: std::fmt::Debug>(result: &Result<T, DnsError>) -> bool {
    matches!(result, Err(DnsError::Unsure(_)))
}

#[tokio::test]
async fn txt_records_are_joined_each_by_itself() {
    let server = Server::start(|query, _, response| {
        add(
            response,
            "a.test.",
            txt(&["v=DKIM1; k=rsa; p=AB", "CD", ""]),
        );
        add(response, "a.test.", txt(&["say \"hi\"; b\\c"]));
        // Neither another name nor another type is an answer.
        add(response, "b.test.", txt(&["other"]));
        add(response, "a.test.", RData::A(A::new(192, 0, 2, 1)));
        query.name() == &name("a.test.")
    })
    .await;
    let found = server.resolver().txt("A.test").await.unwrap();
    assert_eq!(found.names, [""; 0]);
    assert_eq!(found.value, ["v=DKIM1; k=rsa; p=ABCD", "say \"hi\"; b\\c"]);
    assert_eq!(server.asked(), [("a.test.".to_owned(), RecordType::TXT)]);
}

#[tokio::test]
async fn nothing_is_kept() {
    let server = Server::start(|_, _, response| {
        add(response, "a.test.", txt(&["x"]));
        true
    })
    .await;
    let resolver = server.resolver();
    resolver.txt("a.test").await.unwrap();
    resolver.txt("a.test.").await.unwrap();
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn aliases_are_followed_within_and_between_answers() {
    let server = Server::start(|query, _, response| {
        match query.name().to_string().as_str() {
            "a.test." => {
                // Not in the order of the chain.
                alias(response, "b.test.", "c.test.");
                alias(response, "a.test.", "B.test.");
            }
            "c.test." => {
                alias(response, "c.test.", "d.test.");
                add(response, "d.test.", txt(&["here"]));
            }
            _ => return false,
        }
        true
    })
    .await;
    let found = server.resolver().txt("a.test").await.unwrap();
    assert_eq!(found.names, ["b.test", "c.test", "d.test"]);
    assert_eq!(found.value, ["here"]);
}

#[tokio::test]
async fn broken_aliases_are_unsure() {
    let circle = Server::start(|query, _, response| {
        match query.name().to_string().as_str() {
            "a.test." => alias(response, "a.test.", "b.test."),
            _ => alias(response, "b.test.", "a.test."),
        }
        true
    })
    .await;
    assert!(unsure(&circle.resolver().txt("a.test").await));
    let endless = Server::start(|query, _, response| {
        let owner = query.name().to_string();
        alias(response, &owner, &format!("x.{owner}"));
        true
    })
    .await;
    assert!(unsure(&endless.resolver().txt("a.test").await));
    assert_eq!(endless.asked().len(), bounds::DNS_ALIASES + 1);
}

#[tokio::test]
async fn an_alias_to_nowhere_is_no_such_name() {
    let server = Server::start(|_, _, response| {
        alias(response, "a.test.", "gone.test.");
        soa(response);
        response.metadata.response_code = ResponseCode::NXDomain;
        true
    })
    .await;
    let result = server.resolver().txt("a.test").await;
    assert_eq!(result, Err(DnsError::NoSuchName));
}

#[tokio::test]
async fn no_is_told_from_do_not_know() {
    let server = Server::start(|query, _, response| {
        let code = match query.name().to_string().as_str() {
            "missing.test." => ResponseCode::NXDomain,
            "servfail.test." => ResponseCode::ServFail,
            "refused.test." => ResponseCode::Refused,
            "notimp.test." => ResponseCode::NotImp,
            "formerr.test." => ResponseCode::FormErr,
            "odd.test." => ResponseCode::Unknown(3000),
            "lame.test." => {
                let ns = RData::NS(NS(name("ns.other.test.")));
                response.add_authority(Record::from_rdata(name("lame.test."), 60, ns));
                return true;
            }
            _ => ResponseCode::NoError,
        };
        response.metadata.response_code = code;
        if matches!(code, ResponseCode::NoError | ResponseCode::NXDomain) {
            soa(response);
        }
        true
    })
    .await;
    let resolver = server.resolver();
    let no_records = Err(DnsError::NoRecords);
    assert_eq!(resolver.txt("empty.test").await, no_records);
    assert_eq!(resolver.cname("empty.test").await, Ok(None));
    assert_eq!(resolver.mx("missing.test").await, Err(DnsError::NoSuchName));
    assert_eq!(
        resolver.cname("missing.test").await,
        Err(DnsError::NoSuchName)
    );
    for doubtful in ["servfail", "refused", "notimp", "formerr", "odd", "lame"] {
        let host = format!("{doubtful}.test");
        assert!(unsure(&resolver.txt(&host).await), "{doubtful}");
        assert!(unsure(&resolver.addresses(&host).await), "{doubtful}");
        assert!(unsure(&resolver.cname(&host).await), "{doubtful}");
    }
}

#[tokio::test]
async fn names_that_cannot_be_do_not_exist() {
    let resolver = Server::start(|_, _, _| false).await.resolver();
    let long = format!("{}.test", "x".repeat(64));
    for host in [long.as_str(), "a..test", "\u{ad}.test"] {
        assert_eq!(resolver.mx(host).await, Err(DnsError::NoSuchName), "{host}");
    }
}

#[tokio::test]
async fn names_are_absolute_and_ascii() {
    let server = Server::start(|_, _, response| {
        soa(response);
        true
    })
    .await;
    let resolver = server.resolver();
    for host in ["localhost", "intranet", "_dmarc.bücher.test", "x.local"] {
        assert_eq!(resolver.txt(host).await, Err(DnsError::NoRecords));
    }
    let asked: Vec<String> = server.asked().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        asked,
        [
            "localhost.",
            "intranet.",
            "_dmarc.xn--bcher-kva.test.",
            "x.local."
        ]
    );
}

#[tokio::test]
async fn mx_records_are_sorted() {
    let server = Server::start(|query, _, response| {
        let owner = query.name().to_string();
        if owner == "null.test." {
            add(response, &owner, RData::MX(MX::new(0, Name::root())));
        } else {
            add(response, &owner, RData::MX(MX::new(20, name("B.test."))));
            add(response, &owner, RData::MX(MX::new(10, name("a.test."))));
        }
        true
    })
    .await;
    let resolver = server.resolver();
    let mx = |preference, host: &str| Mx {
        preference,
        host: host.to_owned(),
    };
    let found = resolver.mx("x.test").await.unwrap().value;
    assert_eq!(found, [mx(10, "a.test"), mx(20, "b.test")]);
    let found = resolver.mx("null.test").await.unwrap().value;
    assert_eq!(found, [mx(0, "")]);
}

#[tokio::test]
async fn one_family_of_addresses_is_enough() {
    let server = Server::start(|query, _, response| {
        let owner = query.name().to_string();
        let v4 = query.query_type() == RecordType::A;
        match owner.as_str() {
            "both.test." if v4 => add(response, &owner, RData::A(A::new(192, 0, 2, 1))),
            "both.test." => {
                add(
                    response,
                    &owner,
                    RData::AAAA(AAAA::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
                );
            }
            "four.test." if v4 => add(response, &owner, RData::A(A::new(192, 0, 2, 4))),
            "half.test." if v4 => soa(response),
            "none.test." => soa(response),
            _ => response.metadata.response_code = ResponseCode::ServFail,
        }
        true
    })
    .await;
    let resolver = server.resolver();
    let addresses = |texts: &[&str]| -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    let both = resolver.addresses("both.test").await.unwrap().value;
    assert_eq!(both, addresses(&["192.0.2.1", "2001:db8::1"]));
    let four = resolver.addresses("four.test").await.unwrap().value;
    assert_eq!(four, addresses(&["192.0.2.4"]));
    assert!(unsure(&resolver.addresses("half.test").await));
    let none = resolver.addresses("none.test").await;
    assert_eq!(none, Err(DnsError::NoRecords));
}

#[tokio::test]
async fn cname_is_not_followed() {
    let server = Server::start(|_, _, response| {
        alias(response, "a.test.", "B.test.");
        alias(response, "b.test.", "c.test.");
        true
    })
    .await;
    let target = server.resolver().cname("a.test").await;
    assert_eq!(target, Ok(Some("b.test".to_owned())));
}

#[tokio::test]
async fn what_does_not_fit_comes_over_tcp() {
    let server = Server::start(|_, by, response| {
        match by {
            By::Udp => response.metadata.truncation = true,
            By::Tcp => add(response, "a.test.", txt(&["long"; 40])),
        }
        true
    })
    .await;
    let found = server.resolver().txt("a.test").await.unwrap();
    assert_eq!(found.value, ["long".repeat(40)]);
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_cannot_say() {
    let broken = Server::start(|_, _, response| {
        response.metadata.response_code = ResponseCode::ServFail;
        true
    })
    .await;
    let good = Server::start(|_, _, response| {
        add(response, "a.test.", txt(&["x"]));
        true
    })
    .await;
    let resolver = Resolver::servers(&[broken.at, good.at], CALM).unwrap();
    for _ in 0..2 {
        assert_eq!(resolver.txt("a.test").await.unwrap().value, ["x"]);
    }
    // The second time the good one was asked first.
    assert_eq!(broken.asked().len(), 1);
}

#[tokio::test]
async fn the_whole_question_has_an_end() {
    let server = Server::start(|_, _, _| false).await;
    let short = Duration::from_millis(50);
    let hasty = Patience {
        one_try: short,
        retries: 0,
        ..CALM
    };
    let stubborn = Patience {
        retries: 60,
        total: short,
        ..CALM
    };
    for patience in [hasty, stubborn] {
        let resolver = Resolver::servers(&[server.at], patience).unwrap();
        let timed_out = DnsError::Unsure("time-out".to_owned());
        assert_eq!(resolver.txt("a.test").await, Err(timed_out.clone()));
        assert_eq!(resolver.addresses("a.test").await, Err(timed_out.clone()));
        assert_eq!(resolver.cname("a.test").await, Err(timed_out));
    }
    assert!(Resolver::servers(&[], CALM).is_err());
}

#[tokio::test]
async fn authentic_is_only_what_the_resolver_vouches_for_at_every_step() {
    let server = Server::start(|query, _, response| {
        response.metadata.authentic_data = query.name() != &name("open.test.");
        match query.name().to_string().as_str() {
            "alias.test." => alias(response, "alias.test.", "open.test."),
            owner => add(response, owner, txt(&["x"])),
        }
        true
    })
    .await;
    let resolver = server.resolver();
    for (asked, authentic) in [
        ("signed.test", true),
        ("open.test", false),
        ("alias.test", false),
    ] {
        let found = resolver.txt(asked).await.unwrap();
        assert_eq!(found.authentic, authentic, "{asked}");
    }
}
