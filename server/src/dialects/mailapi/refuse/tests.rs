use std::fmt::Write;

use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use posthouse::error::{Denied, TooLarge, Unknown};

use super::*;

const DOORS: [Door; 5] = [
    Door::Domain,
    Door::SubDomains,
    Door::Mailboxes,
    Door::List,
    Door::Task,
];

/// Every error that the engine has, one of each reason; with every reason the fields that can
/// be given here.
fn errors() -> Vec<Error> {
    let mut errors = vec![
        Error::Busy(Busy::WriteQueue),
        Error::Busy(Busy::Storage),
        Error::Busy(Busy::Rate { wait_ms: 0 }),
        Error::Busy(Busy::Rate { wait_ms: 1001 }),
        Error::Busy(Busy::Limit { wait_ms: 1_800_000 }),
        Error::Busy(Busy::Closing),
        Error::Internal(String::from("a secret cause")),
        Error::Invalid(Vec::new()),
    ];
    errors.extend(Conflict::ALL.iter().copied().map(Error::Conflict));
    errors.extend(Denied::ALL.iter().copied().map(Error::Denied));
    errors.extend(Missing::ALL.iter().copied().map(Error::Missing));
    errors.extend(TooLarge::ALL.iter().copied().map(Error::TooLarge));
    errors.extend(Unknown::ALL.iter().copied().map(Error::Unknown));
    for &field in Field::ALL {
        let reasons = match field {
            Field::Host | Field::Name | Field::Address | Field::Limit => Reason::ALL,
            _ => &[Reason::Malformed],
        };
        errors.extend(reasons.iter().map(|&reason| field.error(reason)));
    }
    errors
}

async fn row(door: Door, error: Error) -> String {
    let name = error.to_string();
    let response = refuse(door, error).response();
    let status = response.status();
    let retry = response
        .headers()
        .get(RETRY_AFTER)
        .map(|value| format!(" retry-after={}", value.to_str().unwrap()))
        .unwrap_or_default();
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body = std::str::from_utf8(&body).unwrap();
    format!("{name} | {}{retry} | {body}", status.as_u16())
}

/// The golden `matrix.txt`: each error at the first door, and at the others where they say it
/// otherwise; `BLESS=1` rewrites it.
#[tokio::test]
async fn every_error_has_its_answer() {
    let mut matrix = String::new();
    for error in errors() {
        let first = row(DOORS[0], error.clone()).await;
        writeln!(matrix, "{first}").unwrap();
        for door in &DOORS[1..] {
            let other = row(*door, error.clone()).await;
            if other != first {
                writeln!(matrix, "  {door:?}: {other}").unwrap();
            }
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/dialects/mailapi/refuse/matrix.txt"
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
    let response = refuse(Door::List, Error::Internal(String::from("cause"))).response();
    let fault = response.extensions().get::<Fault>().unwrap();
    assert_eq!(fault.0, "cause");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(
        body,
        r#"{"status":"error","reason":"Internal server error."}"#
    );
}

#[test]
fn a_label_is_told_as_it_was_given_up_to_a_bound() {
    let told = |label: &str| {
        let problem = Field::Name.problem(Reason::Malformed).of(label);
        refuse(Door::SubDomains, Error::Invalid(vec![problem])).reason
    };
    assert_eq!(told("a.b"), r#"The sub-domain label "a.b" is invalid."#);
    let long = "é".repeat(SHOWN_CHARACTERS + 1);
    let shown = "é".repeat(SHOWN_CHARACTERS);
    let expected = format!(r#"The sub-domain label "{shown}" is invalid."#);
    assert_eq!(told(&long), expected);
    assert_eq!(wrong(Wrong::NoLabel(long)).reason, expected);
}
