use std::fmt::Write;

use http_body_util::BodyExt;
use posthouse::error::{TooLarge, Unknown};

use super::*;

const DOORS: [Door; 8] = [
    Door::Address,
    Door::Validation,
    Door::List,
    Door::Purge,
    Door::Message,
    Door::Account,
    Door::Send,
    Door::Socket,
];

/// Every error that the engine has, one of each reason.
fn errors() -> Vec<Error> {
    let mut errors = vec![
        Error::Busy(Busy::WriteQueue),
        Error::Busy(Busy::Storage),
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
            Field::From | Field::To | Field::Address | Field::Host | Field::Url => Reason::ALL,
            _ => &[Reason::Malformed],
        };
        errors.extend(reasons.iter().map(|&reason| field.error(reason)));
    }
    errors
}

async fn row(door: Door, error: Error) -> String {
    let response = refuse(door, error).response();
    let status = response.status();
    let retry = response
        .headers()
        .get(RETRY_AFTER)
        .map(|value| format!(" retry-after={}", value.to_str().unwrap()))
        .unwrap_or_default();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body = std::str::from_utf8(&body).unwrap();
    format!("{}{retry} | {body}", status.as_u16())
}

/// The golden `matrix.txt`, one line for doors that say the same; `BLESS=1` rewrites it.
#[tokio::test]
async fn every_error_has_its_answer() {
    let mut matrix = String::new();
    for error in errors() {
        let first = row(Door::Address, error.clone()).await;
        writeln!(matrix, "{error} | {first}").unwrap();
        for door in &DOORS[1..] {
            let other = row(*door, error.clone()).await;
            if other != first {
                writeln!(matrix, "  {door:?} | {other}").unwrap();
            }
        }
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/dialects/mailsac/refuse/matrix.txt"
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
