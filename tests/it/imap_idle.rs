//! Many who wait for mail hear of it at once, and cost little.

use posthouse_tests::site::Site;
use posthouse_tests::smtp::Client;

use super::imap_dialogue::mailbox;

const WAITING: usize = 100;

fn hear_until(client: &mut Client, start: &str) -> String {
    loop {
        let said = client.hear().expect("an answer");
        if said.starts_with(start) {
            return said;
        }
    }
}

#[test]
#[ignore = "a hundred passwords: make test"]
fn a_hundred_hear_of_one_mail() {
    let site = Site::new();
    let server = site.serve();
    let password = mailbox(&site, "kim@example.test");
    let address = server.imap("starttls");
    let mut waiting: Vec<Client> = std::thread::scope(|scope| {
        let come = || {
            let mut client = Client::connect(&address);
            let login = format!("a LOGIN kim@example.test {password}\r\n");
            client.say(login.as_bytes());
            assert!(hear_until(&mut client, "a ").starts_with("a OK"));
            client.say(b"b SELECT INBOX\r\nc IDLE\r\n");
            hear_until(&mut client, "+ ");
            client
        };
        let coming: Vec<_> = (0..WAITING).map(|_| scope.spawn(come)).collect();
        coming
            .into_iter()
            .map(|one| one.join().expect("no panic"))
            .collect()
    });
    let mut sender = Client::connect(&server.smtp("inbound"));
    sender.say(
        b"HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<kim@example.test>\r\nDATA\r\n\
          Subject: Hello\r\n\r\nHello.\r\n.\r\nQUIT\r\n",
    );
    let said = sender.hear_all();
    assert!(
        said.iter().any(|line| line.starts_with("250 2.0.0 OK")),
        "{said:?}"
    );
    for client in &mut waiting {
        assert_eq!(client.hear().as_deref(), Some("* 1 EXISTS"));
        client.say(b"DONE\r\n");
        assert_eq!(client.hear().as_deref(), Some("c OK Done"));
    }
}
