//! The methods of messages and of the files that came with them.

use serde_json::{Value, json};

use super::Client;

const KIM: &str = "kim@example.test";
const MD5: &str = "48643de4e709ff78a8f7ce1ba36878b2";

/// The one message of a list.
#[track_caller]
fn only(list: &Value) -> &Value {
    match list.as_array().map(Vec::as_slice) {
        Some([one]) => one,
        Some(_) | None => panic!("{list}"),
    }
}

pub(super) fn messages(client: &mut Client) {
    let list = client.call("messages.listMessages", &json!([KIM, {"limit": 5}]));
    let one = only(&list).clone();
    let id = one["_id"].as_str().expect("an id").to_owned();
    let expected = json!({
        "_id": id, "from": [{"address": "ann@far.test", "name": "Ann"}],
        "to": [{"address": KIM, "name": "Kim"}], "cc": [], "bcc": [], "subject": "Order 7",
        "savedBy": null, "inbox": KIM, "originalInbox": KIM, "domain": "example.test",
        "received": one["received"], "size": one["size"], "attachments": [MD5],
        "ip": "127.0.0.1", "via": "127.0.0.1", "folder": "inbox", "labels": [], "read": false,
        "rtls": false, "links": ["http://x.test/"], "spam": 0,
    });
    assert_eq!(one, expected);
    let of_one = json!([KIM, id]);
    assert_eq!(client.call("messages.getMessageMetadata", &of_one), one);
    let count = client.call("messages.countMessages", &json!([KIM]));
    assert_eq!(count, json!({"count": 1, "inbox": KIM}));
    let all = client.call("messages.listInboxMessages", &json!([{"limit": 3}]));
    let expected = json!({"messages": [one], "unread": 1, "limit": 3, "skip": 0});
    assert_eq!(all, expected);
    let of_domain = json!(["example.test", {}]);
    let list = client.call("messages.listDomainMessages", &of_domain);
    assert_eq!(list, json!([one]));
    let found = client.call("messages.filterInboxMessages", &json!([{"andFrom": "ANN"}]));
    assert_eq!(found, json!({"messages": [one]}));
    let found = client.call("messages.searchInboxMessages", &json!([{"query": "order"}]));
    assert_eq!(found, json!({"query": "order", "messages": [one]}));
    content(client, &id, &one);
    changes(client, &id);
}

fn content(client: &mut Client, id: &str, one: &Value) {
    let of_one = json!([KIM, id, {}]);
    let mut text = |method: &str, kind: &str| {
        let (status, said, data) = client.answer(method, &of_one);
        assert_eq!((status, said.as_str()), (200, kind), "{method}");
        data.as_str().expect("a text").to_owned()
    };
    let raw = text("messages.getFullRawMessage", "text/plain");
    assert!(raw.ends_with("\r\n\r\nperhaps\r\n--b--\r\n"), "{raw}");
    assert_eq!(one["size"], raw.len());
    let plain = text("messages.getBodyPlainText", "text/plain; charset=utf-8");
    assert_eq!(plain, "See http://x.test/");
    for method in ["messages.getBodyDirty", "messages.getBodySanitized"] {
        let page = text(method, "text/html; charset=utf-8");
        assert!(page.contains(">See http://x.test/</pre>"), "{page}");
    }
    let fields = client.call("messages.getHeaders", &of_one);
    assert_eq!(fields["subject"], json!(["Order 7"]));
    let form = json!([KIM, id, {"messageHeadersFormat": "json-ordered"}]);
    let fields = client.call("messages.getHeaders", &form);
    let first = json!({"name": "subject", "value": "Order 7"});
    assert!(fields.as_array().expect("a list").contains(&first));

    let files = client.call("attachments.listMessageAttachments", &json!([KIM, id]));
    let expected = json!([{
        "checksum": MD5, "contentDisposition": "attachment", "contentId": "",
        "contentType": "text/plain", "fileName": "a.txt", "length": 7, "transferEncoding": "",
    }]);
    assert_eq!(files, expected);
    for which in [MD5, "a.txt"] {
        let file = client.answer("attachments.downloadAttachment", &json!([KIM, id, which]));
        assert_eq!(file, (200, "text/plain".to_owned(), json!("perhaps")));
    }
    let days = json!([{"startDate": "2020-01-01", "endDate": "2100-01-01"}]);
    let often = client.call("attachments.listPublicAttachments", &days);
    assert_eq!(often, json!([{"_id": MD5, "n": 2}]));
    let of_file = json!([MD5]);
    let count = client.call("attachments.countPublicAttachments", &of_file);
    assert_eq!(count, json!({"n": 2}));
    let list = client.call("attachments.listMessagesForAttachment", &of_file);
    let inboxes: Vec<_> = list.as_array().expect("a list").iter().collect();
    assert_eq!(inboxes.len(), 2, "{list}");
    let file = client.answer("attachments.downloadPublicAttachment", &of_file);
    assert_eq!(file, (200, "text/plain".to_owned(), json!("perhaps")));
}

fn changes(client: &mut Client, id: &str) {
    let of_one = json!([KIM, id]);
    let starred = client.call("messages.toggleMessageStar", &of_one);
    assert_eq!(starred["savedBy"], "default");
    let list = client.call("messages.listStarredMessages", &json!([]));
    assert_eq!(only(&list), &starred);
    for (method, more, expected) in [
        ("addMessageLabel", "a%20b", json!({"labels": ["a b"]})),
        ("deleteMessageLabel", "a%20b", json!({"labels": []})),
        ("setMessageFolder", "trash", json!({"folder": "trash"})),
        (
            "setMessageReadStatus",
            "true",
            json!({"read": true, "folder": true}),
        ),
    ] {
        let said = client.call(&format!("messages.{method}"), &json!([KIM, id, more]));
        let mut whole = json!({"_id": id});
        for (key, value) in expected.as_object().expect("an object") {
            whole[key] = value.clone();
        }
        assert_eq!(said, whole, "{method}");
    }
    let (status, _, _) = client.answer("messages.deleteAllMessages", &json!([KIM, {}]));
    assert_eq!(status, 204);
    let said = client.call("messages.deleteMessage", &of_one);
    let expected = json!({"_id": id, "inbox": KIM, "message": "Message was deleted."});
    assert_eq!(said, expected);
    let (status, _, said) = client.answer("messages.getMessageMetadata", &of_one);
    let gone = "Message not found by id.";
    assert_eq!((status, &said["message"]), (404, &json!(gone)));
    let of_domain = json!(["example.test"]);
    let (status, _, _) = client.answer("messages.deleteAllDomainMessages", &of_domain);
    assert_eq!(status, 204);
}
