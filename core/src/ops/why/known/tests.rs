use super::*;

/// An answer as a try keeps it, from the line that a person would see.
fn answer(line: &str) -> Answer {
    let (code, text) = line.split_once(' ').unwrap();
    let enhanced = text
        .split(' ')
        .next()
        .filter(|word| codes::parts(word).is_some());
    Answer {
        code: Some(code.parse().unwrap()),
        enhanced: enhanced.map(str::to_owned),
        text: text.trim_start_matches(enhanced.unwrap_or("")).to_owned(),
    }
}

#[test]
fn each_is_recognised_by_its_own_example() {
    let table = read(TABLE).unwrap();
    for (line, known) in (2..).zip(&table) {
        let found = first_of(&table, &answer(&known.example));
        assert!(
            found.is_some_and(|found| std::ptr::eq(found, known)),
            "line {line}: {} is taken for {found:?}",
            known.example
        );
    }
}

#[test]
fn each_says_who_what_to_do_and_where_that_is_written() {
    for known in read(TABLE).unwrap() {
        assert!(!known.who.is_empty(), "{known:?}");
        assert!(
            known.reply.is_empty() || "45".contains(&known.reply),
            "{known:?}"
        );
        let fixed: usize = known.text.iter().map(String::len).sum();
        assert!(fixed > 2, "too little to recognise it by: {known:?}");
        for text in [&known.meaning, &known.next_step] {
            assert!(text.ends_with('.') && text.len() > 15, "{known:?}");
            let rest = text.replace("{domain}", "").replace("{address}", "");
            assert!(!rest.contains(['{', '}']), "{known:?}");
        }
        assert!(!known.sources.is_empty(), "{known:?}");
        for source in &known.sources {
            let url: url::Url = source.parse().unwrap();
            assert!(["http", "https"].contains(&url.scheme()), "{known:?}");
        }
        // Nobody's machine, nobody's mailbox.
        for word in known.example.split([' ', '[', ']', '(', ')', '=']) {
            if let Ok(address) = word.parse::<std::net::Ipv4Addr>() {
                assert!(word.starts_with("192.0.2."), "{address} in {known:?}");
            }
        }
    }
}

#[test]
fn what_anybody_says_is_nobodys() {
    for line in [
        "550 5.1.1 no such user",
        "550 5.1.1 <kim@far.example>: Recipient address rejected: User unknown",
        "550 Requested action not taken: mailbox unavailable",
        "552 5.2.2 The mailbox is full",
        "552 5.3.4 Message too large",
        "554 5.7.1 Message rejected",
        "550 5.7.1 Access denied",
        "550 5.7.606 no",
        "550 5.1.10 Recipient address has null MX",
        "550 5.7.26 Authentication failed",
        "554 Transaction failed",
        "421 4.7.0 Try again later",
        "451 4.3.0 try again later",
        "421 Too many connections",
        "452 4.5.3 Too many recipients",
        "450 4.2.0 Mailbox busy",
    ] {
        assert_eq!(recognise(&answer(line)), None, "{line}");
    }
    // Our own words are no peer's, whatever they hold.
    assert_eq!(
        recognise(&Answer::ours("blocked using zen.spamhaus.org")),
        None
    );
}

#[test]
fn the_most_specific_one_is_taken() {
    for (line, who, part) in [
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1",
            "Spamhaus",
            "on a block list of Spamhaus",
        ),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using pbl.spamhaus.org",
            "Spamhaus",
            "(PBL)",
        ),
        (
            "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.nobody.example",
            "A block list",
            "says which",
        ),
        (
            "450 4.2.0 <k@f.example>: Recipient address rejected: Greylisted, see\n http://postgrey.schweikert.ch/help/f.example.html",
            "A server that greylists",
            "Postgrey",
        ),
        (
            "451 4.7.1 GREYLISTED, come back later",
            "A server that greylists",
            "seldom do.",
        ),
    ] {
        let found = recognise(&answer(line)).unwrap();
        assert_eq!(found.who, who, "{line}");
        assert!(found.meaning.contains(part), "{line}: {}", found.meaning);
    }
}

#[test]
fn codes_fit_exactly_by_class_or_by_range() {
    let fits = |pattern: &str, code: &str| Pattern::parse(pattern).unwrap().fits(code);
    assert!(fits("5.7.26", "5.7.26") && !fits("5.7.26", "4.7.26"));
    assert!(fits("X.7.26", "4.7.26") && !fits("X.7.26", "4.7.27"));
    assert!(fits("5.7.606-649", "5.7.606") && fits("5.7.606-649", "5.7.649"));
    assert!(!fits("5.7.606-649", "5.7.650") && !fits("5.7.606-649", "5.7.1"));
    for broken in ["", "5", "5.7", "5.7.", "Y.7.1", "5.7.a-b"] {
        assert_eq!(Pattern::parse(broken), None, "{broken:?}");
    }
}
