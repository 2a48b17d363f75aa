use std::fmt::Write;

use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;

use super::*;

/// Every error that the engine has, one of each reason. Each field that is malformed, and
/// with every reason those that have texts of their own.
fn errors() -> Vec<Error> {
    let mut errors = vec![
        Error::Busy(Busy::WriteQueue),
        Error::Busy(Busy::Storage),
        Error::Busy(Busy::Rate { wait_ms: 0 }),
        Error::Busy(Busy::Rate { wait_ms: 1001 }),
        Error::Busy(Busy::Closing),
        Error::Internal(String::from("a secret cause")),
    ];
    errors.extend(Conflict::ALL.iter().copied().map(Error::Conflict));
    errors.extend(Denied::ALL.iter().copied().map(Error::Denied));
    errors.extend(Missing::ALL.iter().copied().map(Error::Missing));
    errors.extend(TooLarge::ALL.iter().copied().map(Error::TooLarge));
    errors.extend(Unknown::ALL.iter().copied().map(Error::Unknown));
    for &field in Field::ALL {
        let reasons = match field {
            Field::To | Field::Tags | Field::AttachmentName | Field::Host => Reason::ALL,
            _ => &[Reason::Malformed],
        };
        errors.extend(reasons.iter().map(|&reason| field.error(reason)));
    }
    errors
}

async fn row(door: Door, error: Error) -> String {
    let name = error.to_string();
    let response = refuse(door, error);
    let status = response.status();
    let retry = response
        .headers()
        .get(RETRY_AFTER)
        .map(|value| format!(" retry-after={}", value.to_str().unwrap()))
        .unwrap_or_default();
    let json = response.headers().contains_key(CONTENT_TYPE);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(json, !body.is_empty(), "a body is JSON and says so: {name}");
    let body = std::str::from_utf8(&body).unwrap();
    let door = match door {
        Door::Server => "server",
        Door::Organization => "organization",
    };
    format!("{name} | {door} | {}{retry} | {body}", status.as_u16())
}

/// The golden `matrix.txt`; `BLESS=1` rewrites it.
#[tokio::test]
async fn every_error_has_its_answer() {
    let mut matrix = String::new();
    for door in [Door::Server, Door::Organization] {
        for error in errors() {
            writeln!(matrix, "{}", row(door, error).await).unwrap();
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/dialects/mailpace/refuse/matrix.txt"
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
    let response = refuse(Door::Server, Error::Internal(String::from("cause")));
    let fault = response.extensions().get::<answer::Fault>().unwrap();
    assert_eq!(fault.0, "cause");
    assert!(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .is_empty()
    );
}

#[tokio::test]
async fn problems_are_merged_by_field_without_repeats() {
    let problems = vec![
        Field::Cc.problem(Reason::Malformed),
        Field::To.problem(Reason::TooMany),
        Field::Cc.problem(Reason::Blocked),
        Field::Subject.problem(Reason::TooLong),
        Field::Subject.problem(Reason::Malformed),
    ];
    let response = refuse(Door::Server, Error::Invalid(problems));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(
        body,
        r#"{"errors":{"to":["number of email addresses exceeds maximum volume"],"cc":["is invalid","contains a blocked address"],"subject":["is invalid"]}}"#
    );
}
