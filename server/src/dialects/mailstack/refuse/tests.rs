use std::fmt::Write;

use http_body_util::BodyExt;
use posthouse::error::Unknown;

use super::*;

const DOORS: [(Door, &str); 6] = [
    (Door::Emails, "emails"),
    (Door::Domains, "domains"),
    (Door::Keys, "keys"),
    (Door::Billing, "billing"),
    (Door::Webhooks, "webhooks"),
    (Door::Templates, "templates"),
];

/// Every error that the engine has, one of each reason. Each field that is malformed, and
/// with further reasons those that have texts of their own.
fn errors() -> Vec<Error> {
    let mut errors = vec![
        Error::Busy(Busy::WriteQueue),
        Error::Busy(Busy::Storage),
        Error::Busy(Busy::Rate { wait_ms: 0 }),
        Error::Busy(Busy::Limit { wait_ms: 1001 }),
        Error::Busy(Busy::Closing),
        Error::Internal(String::from("a secret cause")),
    ];
    errors.extend(Conflict::ALL.iter().copied().map(Error::Conflict));
    errors.extend(Denied::ALL.iter().copied().map(Error::Denied));
    errors.extend(Missing::ALL.iter().copied().map(Error::Missing));
    errors.extend(TooLarge::ALL.iter().copied().map(Error::TooLarge));
    errors.extend(Unknown::ALL.iter().copied().map(Error::Unknown));
    for &field in Field::ALL {
        use Reason as R;
        let reasons = match field {
            Field::To => R::ALL,
            Field::From => &[R::Absent, R::Malformed, R::Unverified],
            Field::Html | Field::Subject | Field::Name => &[R::Absent, R::Malformed, R::TooLong],
            Field::Host => &[R::Absent, R::Malformed, R::Taken],
            Field::Url => &[R::Absent, R::Malformed, R::Forbidden],
            Field::Kinds | Field::Scopes => &[R::Absent, R::Malformed, R::Unknown],
            Field::Template => &[R::Malformed, R::Unknown, R::Unpublished],
            Field::ExpiresAt | Field::SendAt => &[R::Malformed, R::OutOfRange],
            Field::SpendCap => &[R::Absent, R::Malformed],
            _ => &[R::Malformed],
        };
        errors.extend(reasons.iter().map(|&reason| field.error(reason)));
    }
    let detailed = [
        (Field::From, Reason::Malformed),
        (Field::To, Reason::Malformed),
        (Field::Text, Reason::Malformed),
        (Field::Scopes, Reason::Unknown),
        (Field::Kinds, Reason::Unknown),
    ];
    errors.extend(
        detailed.map(|(field, reason)| Error::Invalid(vec![field.problem(reason).of("the piece")])),
    );
    errors
}

async fn row(door: Door, error: Error) -> String {
    let response = refuse(door, error).response();
    let status = response.status();
    let mut headers = String::new();
    for name in [RETRY_AFTER, WWW_AUTHENTICATE] {
        if let Some(value) = response.headers().get(&name) {
            write!(headers, " {name}={}", value.to_str().unwrap()).unwrap();
        }
    }
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    // What is the same in all of them.
    assert_eq!(json["status"], status.as_u16());
    assert_eq!(json["title"], status.canonical_reason().unwrap());
    assert_eq!(json["detail"], json["error"]);
    let errors = match json["errors"].take() {
        serde_json::Value::Null => String::new(),
        errors => format!(" {errors}"),
    };
    let text = json["error"].as_str().unwrap();
    format!("{}{headers} {text}{errors}", status.as_u16())
}

/// The golden `matrix.txt`; `BLESS=1` rewrites it. A door of its own has a line of its own.
#[tokio::test]
async fn every_error_has_its_answer() {
    let mut matrix = String::new();
    for error in errors() {
        let common = row(Door::Billing, error.clone()).await;
        writeln!(matrix, "{error} | {common}").unwrap();
        for (door, name) in DOORS {
            let own = row(door, error.clone()).await;
            if own != common {
                writeln!(matrix, "{error} | {name}: {own}").unwrap();
            }
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/dialects/mailstack/refuse/matrix.txt"
    );
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, &matrix).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap();
    for (got, expected) in matrix.lines().zip(golden.lines()) {
        assert_eq!(got, expected);
    }
    assert_eq!(matrix.lines().count(), golden.lines().count());
}

#[tokio::test]
async fn the_cause_of_a_fault_is_carried_and_not_told() {
    let refusal = refuse(Door::Keys, Error::Internal(String::from("cause")));
    let response = refusal.response();
    let fault = response.extensions().get::<Fault>().unwrap();
    assert_eq!(fault.0, "cause");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains("cause"));
}

#[tokio::test]
async fn several_fields_are_told_by_field_and_the_first_for_all() {
    let problems = vec![
        Field::To.problem(Reason::Malformed).of("x"),
        Field::Cc.problem(Reason::TooMany),
        Field::To.problem(Reason::TooMany),
        Field::Html.problem(Reason::Absent),
        Field::Text.problem(Reason::Absent),
    ];
    assert_eq!(
        row(Door::Emails, Error::Invalid(problems.clone())).await,
        concat!(
            r#"400 x is not a valid email address. {"cc":["At most 50 recipients are allowed."],"#,
            r#""html":["Either html or text is required."],"#,
            r#""to":["x is not a valid email address.","At most 50 recipients are allowed."]}"#
        )
    );
    assert_eq!(sentences(Door::Emails, &problems).len(), 4);
}
