//! What a domain is to publish.

use crate::mime::keys::dkim_record;
use crate::model::domain::{Algorithm, DkimKey, Domain, Need, Record, RecordKind};

/// The records of `domain`, whose mail leaves from `host` and whose bounces go to
/// `bounce_host`.
pub(in crate::ops) fn expected(
    domain: &Domain,
    keys: &[DkimKey],
    host: &str,
    bounce_host: &str,
) -> Vec<Record> {
    let own = &domain.host;
    let spf = || format!("v=spf1 include:{bounce_host} ~all");
    let mut records: Vec<Record> = keys.iter().map(|key| of_key(own, key)).collect();
    records.extend([
        record(
            RecordKind::ReturnPath,
            ("CNAME", format!("mailer.{own}")),
            bounce_host.to_owned(),
            Need::Recommended,
        ),
        record(
            RecordKind::Dmarc,
            ("TXT", format!("_dmarc.{own}")),
            String::from("v=DMARC1; p=none;"),
            Need::Recommended,
        ),
        record(
            RecordKind::Spf,
            ("TXT", own.clone()),
            spf(),
            Need::Recommended,
        ),
        record(
            RecordKind::Mx,
            ("MX", own.clone()),
            format!("10 {host}"),
            Need::Receiving,
        ),
    ]);
    if let Some(mail_from) = &domain.mail_from {
        records.extend([
            record(
                RecordKind::MailFromMx,
                ("MX", mail_from.clone()),
                format!("10 {bounce_host}"),
                Need::Required,
            ),
            record(
                RecordKind::MailFromSpf,
                ("TXT", mail_from.clone()),
                spf(),
                Need::Required,
            ),
        ]);
    }
    records
}

fn of_key(own: &str, key: &DkimKey) -> Record {
    let (kind, need) = match key.algorithm {
        Algorithm::Rsa => (RecordKind::Dkim, Need::Required),
        Algorithm::Ed25519 => (RecordKind::DkimEd25519, Need::Recommended),
    };
    let name = format!("{}._domainkey.{own}", key.selector);
    record(
        kind,
        ("TXT", name),
        dkim_record(key.algorithm, &key.public),
        need,
    )
}

fn record(
    kind: RecordKind,
    (record_type, name): (&'static str, String),
    expected: String,
    need: Need,
) -> Record {
    Record {
        kind,
        record_type,
        name,
        expected,
        need,
        checked: None,
    }
}
