//! What a sheet says, row by row; and that what is written is what was read.

use std::collections::HashMap;
use std::io::{self, Read};

use proptest::prelude::*;

use super::sheet::{End, Entry, RowFault, Rows, Sheet};
use super::write::sheet;
use super::{guarded, unguarded};
use crate::clock::Timestamp;
use crate::ids::{DomainId, OrganizationId, SuppressionId};
use crate::limits::SHEET_ROW_BYTES;
use crate::model::address::AddressError;
use crate::model::suppression::{Suppression, SuppressionReason};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn read(text: impl AsRef<[u8]>) -> Rows {
    let mut sheet = Sheet::open(io::Cursor::new(text.as_ref().to_vec())).unwrap();
    sheet.step(usize::MAX, NOW)
}

fn entry(line: u64, address: &str) -> Entry {
    Entry {
        line,
        address: address.to_owned(),
        reason: None,
        host: None,
        detail: None,
        since: None,
    }
}

#[test]
fn columns_are_found_by_their_names() {
    let expected = Entry {
        reason: Some(SuppressionReason::Complaint),
        host: Some("acme.test".to_owned()),
        detail: Some(" said \"stop\",\ntwice ".to_owned()),
        since: Some(Timestamp(1_709_972_130_120)),
        ..entry(2, "kim@far.test")
    };
    for head in [
        "address,reason,domain,detail,created_at",
        "\u{feff}Address,REASON,Domain,Detail,Created_At",
        "\"E-Mail\",Reason,domain,detail,Created at",
        "Email Address,reason,domain,detail,createdAt",
    ] {
        let row = "Kim@FAR.test, Complaint ,ACME.test,\" said \"\"stop\"\",\ntwice \",2024-03-09T08:15:30.120Z";
        for end in ["\n", "\r\n", "\r"] {
            let found = read(format!("{head}{end}{row}{end}"));
            assert_eq!(
                (found.good, found.bad),
                (vec![expected.clone()], vec![]),
                "{head}"
            );
            assert_eq!(found.end, End::Reached);
        }
    }
}

#[test]
fn unknown_columns_are_passed_over_and_missing_ones_say_nothing() {
    let found =
        read("status,address,source,email\n5.1.1,High Street 9,mx,kim@far.test\n,,,lee@far.test\n");
    assert_eq!(
        found.good,
        [entry(2, "kim@far.test"), entry(3, "lee@far.test")]
    );
}

#[test]
fn a_list_needs_no_head_and_may_have_other_separators() {
    let found = read("kim@far.test\n\nlee@far.test,ignored\n");
    assert_eq!(
        found.good,
        [entry(1, "kim@far.test"), entry(3, "lee@far.test")]
    );
    for between in [';', '\t'] {
        let found = read(format!(
            "email{between}reason\nkim@far.test{between}manual\n"
        ));
        assert_eq!(found.good[0].reason, Some(SuppressionReason::Manual));
    }
}

#[test]
fn a_bad_row_does_not_spoil_the_rest() {
    let found = read(
        b"email,reason,domain,created_at\n\
          ,bounce,,\n\
          kim,bounce,,\n\
          kim@far.test,because,,\n\
          kim@far.test,bounce,not a host,\n\
          kim@far.test,bounce,,yesterday\n\
          kim@far.test,bounce,,2999-01-01\n\
          k\xefm@far.test,bounce,,\n\
          lee@far.test\n\
          ann@far.test,unsubscribe,,2024-03-09\n",
    );
    let faults: Vec<_> = found
        .bad
        .iter()
        .map(|bad| (bad.line, bad.fault.clone()))
        .collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        faults,
        [
            (2, RowFault::NoAddress),
            (3, RowFault::Address(text("kim"), AddressError::MissingAt)),
            (4, RowFault::Reason(text("because"))),
            (5, RowFault::Domain(text("not a host"))),
            (6, RowFault::Since(text("yesterday"))),
            (7, RowFault::Since(text("2999-01-01"))),
            (8, RowFault::NotText),
        ]
    );
    assert_eq!(
        found.good,
        [
            entry(9, "lee@far.test"),
            Entry {
                reason: Some(SuppressionReason::Unsubscribe),
                since: Some(Timestamp(1_709_942_400_000)),
                ..entry(10, "ann@far.test")
            }
        ]
    );
}

/// Repeats a text for ever.
struct Endless(&'static [u8], usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_sheet_is_read_in_steps() {
    let mut sheet = Sheet::open(Endless(b"kim@far.test,x\n", 0)).unwrap();
    for _ in 0..100 {
        let rows = sheet.step(500, NOW);
        assert_eq!(
            (rows.good.len(), rows.bad.len(), rows.end),
            (500, 0, End::NotYet)
        );
    }
}

#[test]
fn a_quote_that_is_never_closed_ends_it() {
    let head = b"email,detail\nkim@far.test,a\nlee@far.test,\"open\n".chain(Endless(b"x\n", 0));
    let mut sheet = Sheet::open(head).unwrap();
    let rows = sheet.step(500, NOW);
    assert_eq!(rows.good.len(), 1);
    let End::Stopped(stop) = rows.end else {
        panic!("{:?}", rows.end)
    };
    assert_eq!(stop.line, 3);
    assert!(stop.why.contains(&SHEET_ROW_BYTES.to_string()), "{stop}");
}

#[test]
fn no_spreadsheet_runs_what_is_written() {
    for (cell, written) in [
        ("+kim@far.test", "'+kim@far.test"),
        ("-kim@far.test", "'-kim@far.test"),
        ("=1+1", "'=1+1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("'+kim@far.test", "''+kim@far.test"),
        ("'kim@far.test", "'kim@far.test"),
        ("kim+tag@far.test", "kim+tag@far.test"),
        ("", ""),
    ] {
        assert_eq!(guarded(cell), written);
        assert_eq!(unguarded(written), cell);
    }
}

fn text() -> impl Strategy<Value = String> {
    // What a sheet is broken with, and ordinary letters.
    "[a-z =+@'\",;\r\n\té＝-]{0,12}"
        .prop_filter("blanks say nothing", |text| !text.trim().is_empty())
}

fn address() -> impl Strategy<Value = String> {
    ("[a-z0-9=+'!#-]{1,12}", "[a-z]{1,8}").prop_map(|(local, host)| format!("{local}@{host}.test"))
}

fn suppression() -> impl Strategy<Value = Suppression> {
    (
        address(),
        prop::sample::select(SuppressionReason::ALL),
        prop::option::of(1..3_i64),
        prop::option::of(text()),
        0..NOW.0,
    )
        .prop_map(|(address, reason, domain, detail, at)| Suppression {
            id: SuppressionId(1),
            organization: OrganizationId(1),
            domain: domain.map(DomainId),
            address,
            reason,
            detail,
            email: None,
            created_at: Timestamp(at),
        })
}

proptest! {
    #[test]
    fn what_is_written_is_what_was_read(list in prop::collection::vec(suppression(), 1..20)) {
        let hosts = HashMap::from([
            (DomainId(1), "acme.test".to_owned()),
            (DomainId(2), "other.test".to_owned()),
        ]);
        let written = sheet(&list, &hosts, SuppressionId(0)).unwrap();
        let found = read(&written);
        prop_assert_eq!(found.bad, vec![]);
        let expected: Vec<Entry> = list
            .into_iter()
            .zip(&found.good)
            .map(|(one, found)| Entry {
                line: found.line,
                host: one.domain.map(|id| hosts[&id].clone()),
                address: one.address,
                reason: Some(one.reason),
                detail: one.detail,
                since: Some(one.created_at),
            })
            .collect();
        prop_assert_eq!(found.good, expected);
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let found = read(bytes);
        prop_assert!(found.end != End::NotYet);
    }
}
