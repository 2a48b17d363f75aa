use std::fmt::Write;

use axum::http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use posthouse::error::{TooLarge, Unknown};

use super::*;

/// Every error that the engine has, one of each reason. Each field that is malformed, and
/// with every reason those that have texts of their own.
fn errors() -> Vec<Error> {
    let mut errors = vec![
        Error::Busy(Busy::WriteQueue),
        Error::Busy(Busy::Storage),
        Error::Busy(Busy::Rate { wait_ms: 0 }),
        Error::Busy(Busy::Rate { wait_ms: 1001 }),
        Error::Busy(Busy::Limit { wait_ms: 1_800_000 }),
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
            Field::To | Field::Tags | Field::Metadata | Field::Cc | Field::From | Field::Html => {
                Reason::ALL
            }
            _ => &[Reason::Malformed],
        };
        errors.extend(reasons.iter().map(|&reason| field.error(reason)));
    }
    errors
}

async fn row(permission: Permission, error: Error) -> String {
    let name = error.to_string();
    let response = refuse(permission, error);
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

/// The golden `matrix.txt`; `BLESS=1` rewrites it.
#[tokio::test]
async fn every_error_has_its_answer() {
    let mut matrix = String::new();
    for error in errors() {
        writeln!(matrix, "{}", row(Permission::Mail, error).await).unwrap();
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/dialects/mailpass/refuse/matrix.txt"
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
async fn the_permission_is_the_only_difference_between_the_doors() {
    for (mail, subscribers) in errors().into_iter().zip(errors()) {
        let scope = matches!(mail, Error::Denied(Denied::Scope));
        let mail = row(Permission::Mail, mail).await;
        let subscribers = row(Permission::Subscribers, subscribers).await;
        let expected = match scope {
            true => mail.replace("permission: mail.", "permission: subscribers."),
            false => mail.clone(),
        };
        assert_eq!(subscribers, expected);
        assert_eq!(subscribers == mail, !scope);
    }
}

#[tokio::test]
async fn the_cause_of_a_fault_is_carried_and_not_told() {
    let response = refuse(Permission::Mail, Error::Internal(String::from("cause")));
    let fault = response.extensions().get::<Fault>().unwrap();
    assert_eq!(fault.0, "cause");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(
        body,
        r#"{"success":false,"error":{"code":"INTERNAL_ERROR","message":"Internal server error."}}"#
    );
    assert_eq!(
        words(&Error::Internal(String::from("cause"))),
        "Internal server error."
    );
}

#[tokio::test]
async fn problems_are_told_in_the_contracts_order_without_repeats() {
    let problems = vec![
        Field::From.problem(Reason::Absent),
        Field::Metadata.problem(Reason::TooLong),
        Field::Cc.problem(Reason::Malformed),
        Field::Subject.problem(Reason::TooLong),
        Field::Cc.problem(Reason::TooMany),
        Field::Cc.problem(Reason::Malformed).of("x"),
        Field::Html.problem(Reason::Absent),
        Field::Text.problem(Reason::Absent),
        Field::Subject.problem(Reason::Malformed),
    ];
    let response = refuse(Permission::Mail, Error::Invalid(problems));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let expected = concat!(
        r#"{"success":false,"error":{"code":"VALIDATION_ERROR","message":"The subject field is too long.","details":{"#,
        r#""subject":["The subject field is too long.","The subject field is invalid."],"#,
        r#""html":["The html or text field is required."],"#,
        r#""text":["The html or text field is required."],"#,
        r#""from_email":["The from_email field is required."],"#,
        r#""cc":["The cc field must be a valid email address.","The cc field must not have more than 50 items."],"#,
        r#""metadata":["The metadata field must not be greater than 4096 bytes."]}}}"#,
    );
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_refusal_of_the_far_end_is_told_in_its_words() {
    for (words, expected) in [
        (
            "550 5.1.1 no such \"user\"",
            "550 5.1.1 no such \\\"user\\\"",
        ),
        ("", "The message could not be sent."),
    ] {
        let response = send_failed(words);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let whole = format!(
            r#"{{"success":false,"error":{{"code":"SEND_FAILED","message":"{expected}"}}}}"#
        );
        assert_eq!(body, whole);
    }
}
