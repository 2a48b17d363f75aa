//! Domains and their records.

use posthouse::Error;
use posthouse::error::Field;
use posthouse::model::domain::{Domain, Need, Record, RecordKind, Verdict};
use posthouse::model::organization::EnumStyle;
use posthouse::ops::blocklist::{Check, Listing};
use posthouse::ops::records::Verification;

use super::super::wire::answer::{self, DnsRecord, Enumerated};
use super::super::wire::ask;
use super::text;

/// How long resolvers may keep a record, in seconds.
const TTL: u32 = 1800;
/// The label of the return path unless another is asked for.
const MAIL_FROM: &str = "mail";

/// The host of a domain to be made, and the label of its return path.
///
/// # Errors
/// `Invalid` for a wrong type.
pub(in super::super) fn new_domain(ask: ask::Domain<'_>) -> Result<(String, String), Error> {
    let ask::Domain {
        domain,
        mail_from_subdomain,
    } = ask;
    let host = text(Field::Host, domain)?.unwrap_or_default();
    let label = text(Field::Name, mail_from_subdomain)?;
    Ok((host, label.unwrap_or_else(|| MAIL_FROM.to_owned())))
}

pub(in super::super) fn domain(of: Verification, style: EnumStyle) -> answer::Domain {
    let Verification { domain, records } = of;
    let (word, number) = status(&domain, &records);
    let own_mail_from = domain.mail_from.is_some();
    answer::Domain {
        id: domain.uuid.to_string(),
        domain: domain.host,
        status: match style {
            EnumStyle::Words => Enumerated::Word(word),
            EnumStyle::Numbers => Enumerated::Number(number),
        },
        custom_mail_from_domain: domain.mail_from,
        dns_records: records
            .into_iter()
            .filter_map(|record| dns_record(record, own_mail_from))
            .collect(),
        created_at: domain.created_at.rfc3339_seconds(),
        verified_at: domain.verified_at.map(|at| at.rfc3339_seconds()),
    }
}

/// A domain fails when something else stands where a record has to be. As long as there is
/// nothing, its owner may still be about to publish it.
fn status(domain: &Domain, records: &[Record]) -> (&'static str, u8) {
    let failed = |record: &Record| {
        let verdict = record.checked.as_ref().map(|checked| checked.verdict);
        record.need == Need::Required && verdict == Some(Verdict::Mismatch)
    };
    match domain.is_verified() {
        true => ("Verified", 2),
        false if records.iter().any(failed) => ("Failed", 3),
        false => ("Pending", 1),
    }
}

/// A record as the contract shows it, if it does.
fn dns_record(record: Record, own_mail_from: bool) -> Option<DnsRecord> {
    let purpose = match record.kind {
        RecordKind::Dkim | RecordKind::DkimEd25519 => "DKIM",
        RecordKind::MailFromMx => "MAIL FROM",
        RecordKind::MailFromSpf => "SPF",
        RecordKind::Dmarc => "DMARC",
        // The way back for mail of domains that were made without one of their own.
        RecordKind::ReturnPath if !own_mail_from => "MAIL FROM",
        RecordKind::ReturnPath | RecordKind::Spf | RecordKind::Mx => return None,
    };
    Some(DnsRecord {
        kind: record.record_type,
        name: record.name,
        value: record.expected,
        ttl: TTL,
        purpose,
    })
}

pub(in super::super) fn blocklist((domain, checks): (Domain, Vec<Check>)) -> answer::Blocklist {
    let checks: Vec<answer::Check> = checks
        .into_iter()
        .map(|Check { list, listing }| answer::Check {
            list,
            listed: match listing {
                Listing::Listed => true,
                // The contract has no word for a list that did not say.
                Listing::Clear | Listing::Unknown(_) => false,
            },
        })
        .collect();
    answer::Blocklist {
        domain: domain.host,
        listed: checks.iter().any(|check| check.listed),
        checks,
    }
}
