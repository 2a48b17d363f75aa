use super::*;
use posthouse::ids::SystemEntropy;

/// Counts up from a byte.
struct Counting(std::sync::atomic::AtomicU8);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

#[test]
fn tokens_have_their_form() {
    let entropy = Counting(240.into());
    assert_eq!(
        server_token(&entropy),
        "f0f1f2f3-f4f5-46f7-b8f9-fafbfcfdfeff"
    );
    let entropy = Counting(240.into());
    // 240 to 247 are fair, 248 to 255 are not, and then it starts anew at 0.
    assert_eq!(
        organization_token(&entropy),
        "org_stuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUV"
    );
    let token = organization_token(&SystemEntropy);
    assert_eq!(token.len(), 44);
    assert_ne!(token, organization_token(&SystemEntropy));
    let kinds = |token: &str| (is_server_token(token), is_organization_token(token));
    assert_eq!(kinds(&token), (false, true));
    assert_eq!(kinds(&server_token(&SystemEntropy)), (true, false));
    for other in ["", "org_", "x", &"x".repeat(36), &"x".repeat(44)] {
        assert_eq!(kinds(other), (false, false), "{other}");
    }
}

#[test]
fn what_is_no_id_is_nobodys() {
    for (text, expected) in [
        ("12", 12),
        ("9223372036854775807", i64::MAX),
        ("9223372036854775808", 0),
        ("-1", 0),
        ("+1", 0),
        ("1.0", 0),
        ("x", 0),
        ("", 0),
        ("١", 0),
    ] {
        assert_eq!(id(text), expected, "{text}");
    }
}

#[test]
fn list_parameters_are_clamped_or_fall_back() {
    let listed = |query: &str| {
        let uri: axum::http::Uri = format!("/?{query}").parse().unwrap();
        let pairs: axum::extract::Query<Vec<(String, String)>> =
            axum::extract::Query::try_from_uri(&uri).unwrap();
        let (page, sort, direction) = list(&pairs.0);
        (page.rows, page.skip, sort.as_str(), direction.as_str())
    };
    assert_eq!(listed(""), (50, 0, "created_at", "desc"));
    assert_eq!(
        listed("limit=7&offset=3&sort=name&direction=asc"),
        (7, 3, "name", "asc")
    );
    assert_eq!(
        listed("limit=x&offset=1.5&sort=url&direction=up"),
        (50, 0, "created_at", "desc")
    );
    assert_eq!(listed("limit=0&offset=-4").0, 1);
    assert_eq!(listed("limit=201&offset=-4").1, 0);
    assert_eq!(listed("limit=99999999999999999999").0, 200);
    assert_eq!(listed("limit=-99999999999999999999").0, 1);
    assert_eq!(listed("limit=3&limit=4&%ff=%").0, 4);
}

#[test]
fn a_change_tells_absent_from_null() {
    let change = |json: &str| {
        let fields: DomainFields<'_> = crate::http::json::object(json.as_bytes()).unwrap();
        domain_change(fields).map(|change| (change.host, change.name))
    };
    assert_eq!(change("{}").unwrap(), (None, None));
    assert_eq!(
        change(r#"{"url":null,"name":null}"#).unwrap(),
        (Some(String::new()), Some(None))
    );
    assert_eq!(
        change(r#"{"url":"a.test","name":"A"}"#).unwrap(),
        (Some("a.test".into()), Some(Some("A".into())))
    );
    assert!(change(r#"{"name":1}"#).is_err());
}

#[test]
fn verify_says_what_is_wrong_and_what_is_not_known() {
    use posthouse::clock::Timestamp;
    use posthouse::model::domain::{Checked, Need};
    let record = |kind, verdict| Record {
        kind,
        record_type: "TXT",
        name: String::new(),
        expected: String::new(),
        need: Need::Required,
        checked: Some(Checked {
            verdict,
            found: vec![],
            at: Timestamp(0),
        }),
    };
    let none = "No matching DKIM key found";
    for (verdict, expected) in [
        (Verdict::Match, None),
        (Verdict::Mismatch, Some(none)),
        (Verdict::Absent, Some(none)),
        (
            Verdict::Unsure,
            Some("DNS could not be asked, please try again"),
        ),
    ] {
        let records = [
            record(RecordKind::Spf, Verdict::Absent),
            record(RecordKind::Dkim, verdict),
        ];
        assert_eq!(fault(&records, RecordKind::Dkim, none), expected);
    }
}
