use serde_json::json;

use super::*;

fn read(body: &Value) -> Result<Submission, Wrong> {
    let Value::Object(map) = body.clone() else {
        panic!("{body} is no object")
    };
    submission(Fields(map))
}

#[test]
fn names_are_one_or_several_and_files_are_of_either_encoding() {
    let got = read(&json!({
        "to": ["a@b.test", "", "c@d.test"],
        "from": "Kim <kim@shop.test>",
        "subject": "Hi",
        "text": "Hello",
        "html": "",
        "attachments": [
            {"filename": "a.txt", "content": "perhaps", "encoding": "byte"},
            {"filename": "b.png", "content": "AAEC", "encoding": "base64", "cid": "b@x"},
            {"filename": "c.bin", "content": "?", "cid": "c", "contentDisposition": "Attachment"},
        ],
        "received": ["from a by b"],
    }));
    let got = got.unwrap();
    assert_eq!(got.to.as_deref(), Some("a@b.test, c@d.test"));
    assert_eq!(got.from.as_deref(), Some("Kim <kim@shop.test>"));
    assert_eq!((got.html, got.text.as_deref()), (None, Some("Hello")));
    let files: Vec<_> = got
        .attachments
        .iter()
        .map(|file| (file.content.as_deref(), file.content_id.as_deref()))
        .collect();
    assert_eq!(
        files,
        [
            (Some(&b"perhaps"[..]), None),
            (Some(&[0, 1, 2][..]), Some("b@x")),
            (None, None),
        ]
    );
}

#[test]
fn a_raw_message_says_everything_but_whom_it_does_not_name() {
    let raw = "From: kim@shop.test\r\nSubject: Raw\r\n\r\nHello\r\n";
    let got = read(&json!({"raw": raw, "subject": "no", "to": "a@b.test", "from": "x@y.test"}));
    let got = got.unwrap();
    assert_eq!(got.subject.as_deref(), Some("Raw"));
    assert_eq!(got.from.as_deref(), Some("kim@shop.test"));
    assert_eq!(got.to.as_deref(), Some("a@b.test"));
}

#[test]
fn what_is_of_another_kind_is_refused_by_its_name() {
    for (body, field) in [
        (json!({"to": 1}), "to"),
        (json!({"from": {}}), "from"),
        (json!({"subject": []}), "subject"),
        (json!({"attachments": "a"}), "attachments"),
        (json!({"attachments": ["a"]}), "attachments"),
        (json!({"attachments": [{"content": 1}]}), "attachments"),
        (json!({"attachments": [{"encoding": "hex"}]}), "attachments"),
    ] {
        assert_eq!(read(&body).unwrap_err(), Wrong(field), "{body}");
    }
}
