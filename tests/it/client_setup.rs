//! What people's mail programs are told, by the server, on the command line, and among the records.

use posthouse_tests::site::Site;

use super::cli::look;

#[test]
#[ignore = "runs the binary for long: make test"]
fn the_same_is_told_wherever_one_asks() {
    let site = Site::new();
    let server = site.serve();
    site.cli(&["mailbox", "create", "kim@example.test"]);
    let path = "/mail/config-v1.1.xml?emailaddress=kim@example.test";
    let told = server.get(path).body;
    let port = server.imap("starttls");
    let port = port.rsplit_once(':').expect("a port").1;
    let imap = format!("<port>{port}</port><socketType>STARTTLS</socketType>");
    assert!(told.contains(&imap), "{told}");
    let profile = site.file("kim.mobileconfig");
    let shown = profile.display().to_string();
    // Nobody listens there: a command says what the settings say.
    let listen = "[imap]\ntls = \"127.0.0.1:10993\"\n[smtp]\nsubmissions = \"127.0.0.1:10465\"\n";
    site.configure(listen);
    let args = ["mailbox", "settings", "kim@example.test", "--apple", &shown];
    let said = site.cli(&args);
    assert_eq!(said["imap"]["port"], 10993, "{said}");
    assert_eq!(said["submission"]["security"], "tls", "{said}");
    let profile = std::fs::read_to_string(profile).expect("a profile");
    assert!(profile.contains("<integer>10993</integer>"), "{profile}");
    let records = look(&site, &["domain", "records", "example.test"]);
    let services = records["services"].as_array().expect("services");
    let names: Vec<_> = services
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert!(names.len() >= 6, "{records}");
    assert!(names.contains(&"_imaps._tcp.example.test"), "{names:?}");
}
