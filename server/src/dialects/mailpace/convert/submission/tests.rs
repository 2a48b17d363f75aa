use super::*;

fn made(json: &str) -> Submission {
    submission(
        crate::http::json::object(json.as_bytes()).unwrap(),
        Ok(None),
    )
}

fn malformed(submission: &Submission) -> Vec<Field> {
    assert!(
        submission
            .refused
            .iter()
            .all(|one| one.reason == Reason::Malformed)
    );
    submission.refused.iter().map(|one| one.field).collect()
}

#[test]
fn every_field_arrives() {
    let made = made(
        r#"{"from":"a","to":"b","cc":"c","bcc":"d","subject":"e","htmlbody":"f","textbody":"g",
        "replyto":"h","inreplyto":"i","references":"j","list_unsubscribe":"k","tags":["l","m"],
        "attachments":[{"name":"n.txt","content":"bw==","content_type":"p/q","cid":"<r@s>"}],
        "Headers":[{"Name":"X","Value":"y"}]}"#,
    );
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(made.from, text("a"));
    assert_eq!(made.to, text("b"));
    assert_eq!(made.cc, text("c"));
    assert_eq!(made.bcc, text("d"));
    assert_eq!(made.subject, text("e"));
    assert_eq!(made.html, text("f"));
    assert_eq!(made.text, text("g"));
    assert_eq!(made.reply_to, text("h"));
    assert_eq!(made.in_reply_to, text("i"));
    assert_eq!(made.references, text("j"));
    assert_eq!(made.list_unsubscribe, text("k"));
    assert_eq!(made.tags, Some(vec!["l".to_owned(), "m".to_owned()]));
    let [file] = made.attachments.as_slice() else {
        panic!("{:?}", made.attachments)
    };
    assert_eq!(file.name, text("n.txt"));
    assert_eq!(file.content.as_deref(), Some(b"o".as_slice()));
    assert_eq!(file.content_type, text("p/q"));
    assert_eq!(file.content_id, text("r@s"));
    assert_eq!(made.refused, []);
    assert!(made.extensions.unwrap().contains(&"dwg"));
}

#[test]
fn null_and_empty_lists_are_absent() {
    for json in [
        "{}",
        r#"{"from":null,"to":null,"tags":null,"attachments":null}"#,
        r#"{"tags":[],"attachments":[]}"#,
        r#"{"tags":"","attachments":""}"#,
        r#"{"cc":[],"subject":[],"htmlbody":[],"replyto":[],"references":[]}"#,
        r#"{"tags":[null,""]}"#,
        r#"{"tags":"[]"}"#,
    ] {
        let made = made(json);
        assert_eq!(
            (made.from, made.to, made.tags),
            (None, None, None),
            "{json}"
        );
        assert!(
            made.attachments.is_empty() && made.refused.is_empty(),
            "{json}"
        );
    }
}

#[test]
fn the_last_of_a_repeated_field_counts() {
    let made = made(r#"{"to":5,"to":"a@b.test","tags":["x"],"tags":7}"#);
    assert_eq!(made.to.as_deref(), Some("a@b.test"));
    assert_eq!(malformed(&made), [Field::Tags]);
}

#[test]
fn wrong_types_are_problems_of_their_fields() {
    use Field as F;
    for (json, fields) in [
        (
            r#"{"to":5,"cc":true,"bcc":{},"replyto":[[]]}"#,
            vec![F::Cc, F::Bcc, F::ReplyTo, F::To],
        ),
        (
            r#"{"subject":1.5,"htmlbody":[1],"textbody":-1}"#,
            vec![F::Subject, F::Html, F::Text],
        ),
        (
            r#"{"inreplyto":1,"references":[1],"list_unsubscribe":{"a":{}}}"#,
            vec![F::InReplyTo, F::References, F::ListUnsubscribe],
        ),
        (r#"{"tags":{}}"#, vec![F::Tags]),
        (r#"{"tags":["a",1]}"#, vec![F::Tags]),
        (r#"{"attachments":{}}"#, vec![F::Attachments]),
        (r#"{"attachments":"x"}"#, vec![F::Attachments]),
        (r#"{"attachments":[1,"x",null]}"#, vec![F::Attachments]),
        (
            r#"{"attachments":[{"name":1,"content":2,"content_type":3,"cid":4},{"cid":4}]}"#,
            vec![
                F::AttachmentName,
                F::AttachmentContent,
                F::AttachmentType,
                F::AttachmentId,
            ],
        ),
        // The engine says what it says of a sender that is not there.
        (r#"{"from":5}"#, vec![]),
    ] {
        let made = made(json);
        assert_eq!(malformed(&made), fields, "{json}");
        assert!(made.attachments.is_empty(), "{json}");
    }
}

#[test]
fn lists_are_kept_only_as_far_as_it_takes_to_refuse_them() {
    let tags = vec![r#""t""#; 5000].join(",");
    assert_eq!(
        made(&format!(r#"{{"tags":[{tags}]}}"#)).tags.unwrap().len(),
        51
    );
    let files = vec!["{}"; 5000].join(",");
    let made = made(&format!(r#"{{"attachments":[{files}]}}"#));
    assert_eq!(made.attachments.len(), 251);
}

#[test]
fn base64_may_be_wrapped_but_not_lack_padding() {
    for (text, expected) in [
        ("", Some("")),
        ("aGk=", Some("hi")),
        ("aG\r\nk=\r\n", Some("hi")),
        ("aG\nk=", Some("hi")),
        ("aGk", None),
        ("aG k=", None),
        ("aGk=aGk=", None),
        ("_-8=", None),
        ("*", None),
    ] {
        let got = quirk_wrapped_base64(text);
        assert_eq!(got.as_deref(), expected.map(str::as_bytes), "{text}");
    }
}

#[test]
fn content_ids_come_in_three_forms() {
    for text in ["x@y", "<x@y>", "cid:x@y", "CID:<x@y>", " x@y "] {
        assert_eq!(quirk_cid(text), "x@y", "{text}");
    }
    for text in ["<x@y", "é:x", "", "cid"] {
        assert_eq!(quirk_cid(text), text);
    }
}

#[test]
fn one_string_of_tags_may_be_a_ruby_array() {
    let tags = |text: &str| quirk_ruby_array(text);
    let list = |tags: &[&str]| Some(tags.iter().map(|&tag| tag.to_owned()).collect::<Vec<_>>());
    assert_eq!(tags("['one', 'two']"), list(&["one", "two"]));
    assert_eq!(
        tags(r#" ["one","two, three"] "#),
        list(&["one", "two, three"])
    );
    assert_eq!(tags(r"['it\'s', 'é']"), list(&["it's", "é"]));
    assert_eq!(tags("[]"), list(&[]));
    for text in [
        "one",
        "[one]",
        "['one'",
        "['one',]",
        "['one' 'two']",
        "['one]",
        r"['a\",
        "[,]",
    ] {
        assert_eq!(tags(text), None, "{text}");
    }
    assert_eq!(made(r#"{"tags":"[draft"}"#).tags, list(&["[draft"]));
    assert_eq!(made(r#"{"tags":"a, b"}"#).tags, list(&["a, b"]));
}

#[test]
fn idempotency_keys_are_text() {
    let header = |name: &'static str, value: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert(name, axum::http::HeaderValue::from_bytes(value).unwrap());
        idempotency(&headers)
    };
    assert_eq!(idempotency(&HeaderMap::new()), Ok(None));
    assert_eq!(header("idempotency-key", b"k"), Ok(Some("k".into())));
    assert_eq!(header("idempotent-key", b"k"), Ok(Some("k".into())));
    assert!(header("idempotency-key", b"\xff").is_err());
}
