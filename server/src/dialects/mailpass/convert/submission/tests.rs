use super::*;
use crate::dialects::mailpass::wire::{BATCH, BatchRequest};
use crate::http::json::object;

fn made(json: &str) -> Submission {
    submission(object(json.as_bytes()).unwrap(), &Sender::default())
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn every_field_arrives() {
    let made = made(
        r#"{"to":"Kim <kim@c.test>","subject":"s","html":"h","text":"t","from_email":"a@b.test",
        "from_name":"Shop","reply_to":"r@b.test","cc":["c@c.test","Dee <d@c.test>"],
        "bcc":["e@c.test"],"tags":["order","new"],"metadata":{"order_id":"12345"},"other":[{}]}"#,
    );
    assert_eq!(made.to, text("Kim <kim@c.test>"));
    assert_eq!(made.subject, text("s"));
    assert_eq!(made.html, text("h"));
    assert_eq!(made.text, text("t"));
    assert_eq!(made.from, text("a@b.test"));
    assert_eq!(made.from_name, text("Shop"));
    assert_eq!(made.reply_to, text("r@b.test"));
    assert_eq!(made.cc, text("c@c.test, Dee <d@c.test>"));
    assert_eq!(made.bcc, text("e@c.test"));
    assert_eq!(made.tags, Some(vec!["order".into(), "new".into()]));
    assert_eq!(made.metadata, text(r#"{"order_id":"12345"}"#));
    assert_eq!(made.refused, []);
    assert_eq!(made.terms, TERMS);
}

#[test]
fn what_may_be_absent_is_absent_in_each_way() {
    for json in [
        "{}",
        r#"{"cc":null,"bcc":null,"tags":null,"metadata":null,"from_email":null,"from_name":null}"#,
    ] {
        let made = made(json);
        assert_eq!(
            (made.cc, made.bcc, made.tags, made.metadata),
            (None, None, None, None)
        );
        assert_eq!((made.from, made.from_name), (None, None), "{json}");
        assert_eq!(made.refused, [], "{json}");
    }
    let made =
        made(r#"{"cc":[],"bcc":"","tags":[],"metadata":[],"from_email":"","to":"","html":[]}"#);
    assert_eq!((made.cc, made.bcc), (text(""), text("")));
    assert_eq!(made.tags, Some(Vec::new()));
    assert_eq!(made.metadata, text("{}"));
    assert_eq!(made.to, None);
    assert_eq!(made.refused, []);
}

#[test]
fn a_lone_text_is_a_list_of_one() {
    let made = made(r#"{"cc":"c@c.test","bcc":"Dee <d@c.test>","tags":"order"}"#);
    assert_eq!(made.cc, text("c@c.test"));
    assert_eq!(made.bcc, text("Dee <d@c.test>"));
    assert_eq!(made.tags, Some(vec!["order".into()]));
    assert_eq!(made.refused, []);
}

#[test]
fn what_is_wrong_is_told_of_its_field() {
    use Reason::{Malformed, TooLong, TooMany};
    let many = format!(r#"{{"cc":[{}"a@b.test"]}}"#, r#""a@b.test","#.repeat(50));
    let long_name = format!(r#"{{"from_name":"{}"}}"#, "x".repeat(201));
    for (json, field, reason) in [
        (r#"{"to":5}"#, Field::To, Malformed),
        (r#"{"to":["a@b.test"]}"#, Field::To, Malformed),
        (r#"{"to":"a@b.test, c@d.test"}"#, Field::To, Malformed),
        (r#"{"to":"a@b.test,"}"#, Field::To, Malformed),
        (r#"{"to":"nope"}"#, Field::To, Malformed),
        (r#"{"to":" "}"#, Field::To, Malformed),
        (r#"{"subject":5}"#, Field::Subject, Malformed),
        (r#"{"html":{}}"#, Field::Html, Malformed),
        (r#"{"text":true}"#, Field::Text, Malformed),
        (r#"{"from_email":5}"#, Field::From, Malformed),
        (r#"{"from_name":5}"#, Field::Name, Malformed),
        (r#"{"from_name":"a\nb"}"#, Field::Name, Malformed),
        (&long_name, Field::Name, TooLong),
        (r#"{"reply_to":["a@b.test"]}"#, Field::ReplyTo, Malformed),
        (r#"{"cc":["nope"]}"#, Field::Cc, Malformed),
        (r#"{"cc":["a@b.test, c@d.test"]}"#, Field::Cc, Malformed),
        (r#"{"cc":"a@b.test, c@d.test"}"#, Field::Cc, Malformed),
        (r#"{"cc":["a@b.test",null]}"#, Field::Cc, Malformed),
        (r#"{"bcc":[""]}"#, Field::Bcc, Malformed),
        (r#"{"bcc":{"0":"a@b.test"}}"#, Field::Bcc, Malformed),
        (&many, Field::Cc, TooMany),
        (r#"{"tags":[5]}"#, Field::Tags, Malformed),
        (r#"{"tags":5}"#, Field::Tags, Malformed),
        (r#"{"metadata":"x"}"#, Field::Metadata, Malformed),
        (r#"{"metadata":[1]}"#, Field::Metadata, Malformed),
    ] {
        let made = made(json);
        assert_eq!(made.refused, [field.problem(reason)], "{json}");
        let none = [made.to, made.cc, made.bcc, made.from_name, made.metadata];
        assert_eq!(none, [const { None }; 5], "{json}");
    }
}

#[test]
fn fifty_copies_are_not_too_many() {
    let made = made(&format!(
        r#"{{"bcc":[{}"a@b.test"]}}"#,
        r#""a@b.test","#.repeat(49)
    ));
    assert_eq!(made.refused, []);
    assert_eq!(made.bcc.unwrap().split(", ").count(), 50);
}

#[test]
fn metadata_is_kept_as_given_up_to_its_bound() {
    for json in [
        r#"{"b":1.50,"a":{"x": [1, 2e3]},"ü":"ä\n","b":null}"#,
        r#"{"big":123456789012345678901234567890}"#,
        "{}",
    ] {
        let made = made(&format!(r#"{{"metadata":{json}}}"#));
        assert_eq!(made.metadata.as_deref(), Some(json));
    }
    // {"a":"…"} with as many characters as make 4096 and 4097 bytes.
    for (characters, kept) in [(4088, true), (4089, false)] {
        let json = format!(
            r#"{{"metadata":{{"a":"{}"}},"to":"a@b.test"}}"#,
            "x".repeat(characters)
        );
        let made = made(&json);
        assert_eq!(made.metadata.map(|json| json.len()), kept.then_some(4096));
        let refused = match kept {
            true => vec![],
            false => vec![Field::Metadata.problem(Reason::TooLong)],
        };
        assert_eq!(made.refused, refused);
        assert_eq!(made.to, text("a@b.test"), "what comes after it is read");
    }
    // Many small fields are as bounded as one large one.
    let many = format!(r#"{{"metadata":{{{}"x":1}}}}"#, r#""x":1,"#.repeat(10_000));
    assert_eq!(
        made(&many).refused,
        [Field::Metadata.problem(Reason::TooLong)]
    );
}

#[test]
fn metadata_is_held_to_the_bound_of_levels() {
    for (levels, fits) in [(100, true), (130, false)] {
        let json = format!(
            r#"{{"metadata":{{"a":{}{}}}}}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        );
        assert_eq!(object::<SendRequest<'_>>(json.as_bytes()).is_ok(), fits);
    }
}

#[test]
fn a_batch_lends_its_sender_to_whom_it_may_concern() {
    let json = r#"{"from_email":"batch@b.test","from_name":"Batch","messages":[
        {},
        {"from_email":"own@b.test"},
        {"from_name":"Own"},
        {"from_email":"","from_name":null},
        {"from_email":5}
    ]}"#;
    let BatchRequest {
        messages,
        from_email,
        from_name,
    } = object(json.as_bytes()).unwrap();
    let sender = Sender {
        email: from_email,
        name: from_name,
    };
    let Given::Value(messages) = messages else {
        panic!("{messages:?}")
    };
    let made: Vec<Submission> = messages
        .0
        .into_iter()
        .map(|message| submission(value(message).unwrap(), &sender))
        .collect();
    let senders: Vec<_> = made
        .iter()
        .map(|one| (one.from.as_deref(), one.from_name.as_deref()))
        .collect();
    assert_eq!(
        senders,
        [
            (Some("batch@b.test"), Some("Batch")),
            (Some("own@b.test"), Some("Batch")),
            (Some("batch@b.test"), Some("Own")),
            (Some("batch@b.test"), Some("Batch")),
            (None, Some("Batch")),
        ]
    );
    assert_eq!(made[4].refused, [Field::From.problem(Reason::Malformed)]);
}

#[test]
fn a_batch_is_kept_only_as_far_as_it_takes_to_refuse_it() {
    let json = format!(r#"{{"messages":[{}{{}}]}}"#, "{},".repeat(1000));
    let request: BatchRequest<'_> = object(json.as_bytes()).unwrap();
    let Given::Value(messages) = request.messages else {
        panic!("no messages")
    };
    assert_eq!(messages.0.len(), BATCH + 1);
}
