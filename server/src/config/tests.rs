use std::path::{Path, PathBuf};
use std::time::Duration;

use super::file::File;
use super::*;

fn layers(flags: &[(&str, &str)], environment: &[(&str, &str)], file: Option<&str>) -> Layers {
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    };
    Layers::of(
        own(flags).into_iter().collect(),
        own(environment).into_iter(),
        file.map(|text| File::parse(Path::new("/etc/posthouse.toml"), text).unwrap()),
    )
}

fn refused(file: &str) -> String {
    let read = File::parse(Path::new("p.toml"), file)
        .map(|file| Layers::of(Flags::new(), std::iter::empty(), Some(file)))
        .and_then(|layers| Config::load(&layers));
    read.unwrap_err().to_string()
}

#[test]
fn nothing_said_gives_the_defaults() {
    let config = Config::load(&layers(&[], &[], None)).unwrap();
    assert_eq!(config.server.host.0, "localhost");
    assert_eq!(
        config.server.http.0,
        Some("127.0.0.1:8025".parse().unwrap())
    );
    assert_eq!(config.server.https.0, None);
    assert_eq!(config.sending.default_mode, Mode::Capture);
    assert_eq!(config.sending.give_up_after.0, Duration::from_secs(172_800));
}

#[test]
fn the_printed_file_is_the_defaults() {
    let text = default_file();
    let file = File::parse(Path::new("p.toml"), &text).unwrap();
    assert_eq!(file.found.len(), KEYS.len(), "every setting is in it");
    let printed = Config::load(&Layers::of(Flags::new(), std::iter::empty(), Some(file))).unwrap();
    let silent = Config::load(&Layers::default()).unwrap();
    assert_eq!(format!("{printed:?}"), format!("{silent:?}"));
}

#[test]
fn flag_before_environment_before_file_before_default() {
    let file = Some("[server]\nhost = \"file.test\"\nlog = \"warn\"\nhttp = \"\"\n");
    let environment = &[("POSTHOUSE_HOST", "env.test"), ("POSTHOUSE_LOG", "debug")];
    let config = Config::load(&layers(&[("host", "flag.test")], environment, file)).unwrap();
    assert_eq!(config.server.host.0, "flag.test");
    assert_eq!(config.server.log.0, "debug");
    assert_eq!(config.server.http.0, None);
    assert_eq!(config.server.shutdown_grace.0, Duration::from_secs(30));
}

#[test]
fn paths_in_the_file_are_relative_to_the_file() {
    let file = Some("[tls]\nextra_roots = \"ca.pem\"\n");
    let config = Config::load(&layers(&[], &[], file)).unwrap();
    assert_eq!(config.tls.extra_roots.0, Some(PathBuf::from("/etc/ca.pem")));
    let flag = layers(&[("tls-extra-roots", "ca.pem")], &[], file);
    let config = Config::load(&flag).unwrap();
    assert_eq!(config.tls.extra_roots.0, Some(PathBuf::from("ca.pem")));
}

#[test]
fn a_bad_value_in_the_file_names_file_line_and_key() {
    let cases = [
        (
            "[server]\n\nhttp = \"8025\"\n",
            "p.toml line 3: server.http is \"8025\", expected an address with a port such as \
             \"127.0.0.1:8025\", or \"\" for none",
        ),
        (
            "[sending]\ndirect_port = \"25\"\n",
            "p.toml line 2: sending.direct_port is a string, expected a number without quotes",
        ),
        (
            "[sending]\ndirect_port = 0\n",
            "p.toml line 2: sending.direct_port is \"0\", expected a port from 1 to 65535",
        ),
        (
            "[webhooks]\nallow_http = 1\n",
            "p.toml line 2: webhooks.allow_http is an integer, expected true or false, without quotes",
        ),
        (
            "[dns]\nservers = \"::1\"\n",
            "p.toml line 2: dns.servers is a string, expected a list such as [\"…\"]",
        ),
        (
            "[server]\nhots = \"x.test\"\n",
            "p.toml line 2: server.hots is no setting; [server] has host, public_url, http, https, trusted_proxies, \
             certificate, certificate_key, log, log_format, shutdown_grace",
        ),
        (
            "# my settings\nhost = \"x.test\"\n",
            "p.toml line 2: host belongs into the table [server]",
        ),
        (
            "[sending]\nhost = \"x.test\"\n",
            "p.toml line 2: sending.host is no setting; it belongs into the table [server]",
        ),
        (
            "[nntp]\n",
            "p.toml line 1: there is no table [nntp]; there are [server], [smtp], [imap], [pop3], [console], [dns], \
             [tls], [receiving], [sending], [webhooks]",
        ),
        (
            "server = 1\n",
            "p.toml line 1: server is a table: write [server] on a line of its own",
        ),
        (
            "[sending]\nafter_crash = \"forget\"\n",
            "p.toml line 2: sending.after_crash is \"forget\", expected \"resend\" or \"hold\"",
        ),
        (
            "[server]\ncertificate = \"a.pem\"\n",
            "server.certificate is given and server.certificate_key is not",
        ),
        (
            "[sending]\nretry_first = \"5h\"\n",
            "sending.retry_first is longer than sending.retry_longest",
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(refused(file), expected);
    }
    let broken = refused("[server]\nhost = \n");
    assert!(broken.starts_with("p.toml line 2: "), "{broken}");
}

#[test]
fn a_bad_value_of_smtp_says_what_is_expected() {
    let cases = [
        (
            "[smtp]\nsubmission_plain = \"yes\"\n",
            "p.toml line 2: smtp.submission_plain is \"yes\", expected \"loopback\", \"always\" or \"never\"",
        ),
        (
            "[smtp]\nconnections = 0\n",
            "p.toml line 2: smtp.connections is \"0\", expected a number above 0",
        ),
        (
            "[smtp]\ncapture_size = 50_000_001\n",
            "p.toml line 2: smtp.capture_size is \"50000001\", expected a number of bytes from 1000 to 50000000",
        ),
    ];
    for (file, expected) in cases {
        assert_eq!(refused(file), expected);
    }
}

#[test]
fn links_begin_with_a_url_that_more_can_follow() {
    let said = |url: &str| layers(&[("public-url", url)], &[], None);
    for url in [
        "mail.example.com",
        "ftp://mail.example.com",
        "https://mail.example.com/?a=b",
        "https://kim@mail.example.com",
    ] {
        assert_eq!(
            Config::load(&said(url)).unwrap_err().to_string(),
            format!(
                "--public-url is {url:?}, expected an http or https URL without a query such as \
                 \"https://mail.example.com\", or \"\" for https:// and the host"
            )
        );
    }
    let config = Config::load(&said("https://example.com/mail/")).unwrap();
    let begins = config.server.public_url.0.unwrap();
    assert_eq!(begins.as_str(), "https://example.com/mail");
    assert_eq!(Config::load(&said("")).unwrap().server.public_url.0, None);
}

#[test]
fn a_bad_value_elsewhere_names_the_variable_or_the_flag() {
    let environment = layers(&[], &[("POSTHOUSE_SENDING_RETRY_FIRST", "soon")], None);
    assert_eq!(
        Config::load(&environment).unwrap_err().to_string(),
        "POSTHOUSE_SENDING_RETRY_FIRST is \"soon\", expected a length of time such as \"30s\", \
         \"15m\", \"4h\" or \"2d\""
    );
    let flag = layers(&[("host", "not a host")], &[], None);
    assert_eq!(
        Config::load(&flag).unwrap_err().to_string(),
        "--host is \"not a host\", expected a host name such as \"mail.example.com\""
    );
}

#[test]
fn variables_that_are_no_settings_are_noticed() {
    let layers = layers(
        &[],
        &[
            ("POSTHOUSE_HTPP", ""),
            ("POSTHOUSE_DATA", "x"),
            ("PATH", ""),
        ],
        None,
    );
    assert_eq!(layers.unknown_variables(), ["POSTHOUSE_HTPP"]);
}
