//! SEARCH, and what it saves.

use posthouse::mime::outline::Outline;

use super::*;

#[test]
fn a_search_says_what_was_wanted() {
    let cases = [
        ("SEARCH 1:2", "* SEARCH 1 2\r\n"),
        ("UID SEARCH 1:2", "* SEARCH 10 20\r\n"),
        ("SEARCH SEEN", "* SEARCH\r\n"),
        ("SEARCH MODSEQ 20", "* SEARCH 2 3 (MODSEQ 30)\r\n"),
        ("SEARCH RETURN () ALL", "* ESEARCH (TAG \"a\") ALL 1:3\r\n"),
        (
            "UID SEARCH RETURN (MIN MAX COUNT) ALL",
            "* ESEARCH (TAG \"a\") UID MIN 10 MAX 30 COUNT 3\r\n",
        ),
        (
            "SEARCH RETURN (MIN COUNT) SEEN",
            "* ESEARCH (TAG \"a\") COUNT 0\r\n",
        ),
        ("SEARCH RETURN (ALL) SEEN", "* ESEARCH (TAG \"a\")\r\n"),
        (
            "SEARCH RETURN (ALL) MODSEQ 20",
            "* ESEARCH (TAG \"a\") ALL 2:3 MODSEQ 30\r\n",
        ),
        ("SEARCH RETURN (SAVE) ALL", ""),
    ];
    for (command, expected) in cases {
        let mut talk = Talk::selected("", &[10, 20, 30]);
        let told = talk.says(&format!("a {command}"), vec![]);
        assert_eq!(told, format!("{expected}a OK Done\r\n"), "{command}");
    }
    let mut talk = Talk::selected("IMAP4rev2", &[10]);
    let told = talk.says("a SEARCH ALL", vec![]);
    assert_eq!(told, "* ESEARCH (TAG \"a\") ALL 1\r\na OK Done\r\n");
    let told = talk.says("b SEARCH CHARSET KOI8-R ALL", vec![]);
    assert!(
        told.starts_with("b NO [BADCHARSET (UTF-8 US-ASCII)] "),
        "{told}"
    );
}

#[test]
fn a_saved_result_is_used_later() {
    let mut talk = Talk::selected("", &[10, 20, 30]);
    talk.says("a SEARCH RETURN (SAVE) 2:3", vec![]);
    let told = talk.says("b FETCH $ UID", vec![]);
    assert_eq!(
        told,
        "* 2 FETCH (UID 20)\r\n* 3 FETCH (UID 30)\r\nb OK Done\r\n"
    );
    let told = talk.says("c UID SEARCH RETURN (COUNT) NOT $", vec![]);
    assert_eq!(told, "* ESEARCH (TAG \"c\") UID COUNT 1\r\nc OK Done\r\n");
    talk.says("d SEARCH RETURN (MIN SAVE) ALL", vec![]);
    let told = talk.says("e UID FETCH $ FLAGS", vec![]);
    assert_eq!(told, "* 1 FETCH (UID 10 FLAGS ())\r\ne OK Done\r\n");
    // What is gone is not in it any more, and another folder has none.
    talk.says("f NOOP", vec![news(60, vec![], &[10])]);
    assert_eq!(talk.says("g FETCH $ UID", vec![]), "g OK Done\r\n");
    talk.says("h SELECT INBOX", vec![selected(&[10], 50)]);
    assert_eq!(talk.says("i FETCH $ UID", vec![]), "i OK Done\r\n");
}

#[test]
fn only_what_may_say_it_is_looked_into() {
    let mut talk = Talk::selected("", &[10, 20, 30]);
    let may = Answer::MaySay(vec![Some(vec![20, 30]), None]);
    let says = |text: &str| Some(format!("Subject: x\r\n\r\n{text}").into_bytes());
    let bytes = Answer::Bytes(vec![says("apples, of"), says("pears")]);
    let told = talk.says("a SEARCH TEXT apples BODY of", vec![may, bytes]);
    assert_eq!(told, "* SEARCH 2\r\na OK Done\r\n");
    assert!(matches!(&talk.asked[1], Question::MaySay { needles, .. } if needles.len() == 2));
    assert!(matches!(&talk.asked[2], Question::Bytes(ids) if ids.len() == 2));
    // Where it is ruled out, its opposite is certain.
    let mut talk = Talk::selected("", &[10, 20, 30]);
    let may = Answer::MaySay(vec![Some(vec![])]);
    let told = talk.says("a UID SEARCH NOT TEXT apples", vec![may]);
    assert_eq!(told, "* SEARCH 10 20 30\r\na OK Done\r\n");
    let mut talk = Talk::selected("", &[10, 20, 30]);
    let (may, gone) = (
        Answer::MaySay(vec![None]),
        Answer::Bytes(vec![None, says("it")]),
    );
    let told = talk.says("a UID SEARCH OR UID 30 TEXT it", vec![may, gone]);
    assert_eq!(told, "* SEARCH 20 30\r\na OK Done\r\n");
}

#[test]
fn when_a_message_was_sent_is_read_only_where_nobody_knows() {
    let mut talk = Talk::selected("", &[10, 20, 30, 40]);
    let day = |of: i64| 20_500 + of; // 2026-02-16 and on
    let known = Answer::SentDays(vec![(10, Some(day(0))), (20, Some(day(1))), (40, None)]);
    let head = |head: &str| {
        Some(Outline {
            head: Some(format!("{head}\r\n\r\n").into_bytes()),
            ..Outline::default()
        })
    };
    let heads = Answer::Outlines(vec![head("Date: 17 Feb 2026 00:00:00 +0000")]);
    let told = talk.says("a SEARCH SENTSINCE 17-Feb-2026", vec![known, heads]);
    assert_eq!(told, "* SEARCH 2 3\r\na OK Done\r\n");
    assert!(matches!(&talk.asked[2], Question::Outlines(ids, Wanted::LISTED) if ids.len() == 1));
    // Both kinds of question, one after the other.
    let may = Answer::MaySay(vec![Some(vec![10, 20])]);
    let known = Answer::SentDays(vec![(10, Some(day(0))), (20, Some(day(1)))]);
    let heads = Answer::Outlines(vec![head("Subject: pears")]);
    let told = talk.says(
        "b SEARCH NOT SENTON 17-Feb-2026 SUBJECT pears",
        vec![may, known, heads],
    );
    assert_eq!(told, "* SEARCH 1\r\nb OK Done\r\n");
}
