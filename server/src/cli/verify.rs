//! A domain's records: what DNS says of each, and whether mail may be sent.

use std::io::{self, Write};

use posthouse::model::domain::{Need, Record, RecordKind, Verdict};
use posthouse::ops::records::Verification;

use super::desk::Desk;
use super::out::Progress;
use super::shape;
use crate::refusal::{Exit, Refusal};

/// A domain and its records, as JSON.
#[must_use]
pub fn shaped(found: &Verification) -> shape::Records {
    shape::Records {
        domain: shape::Domain::of(&found.domain),
        records: found.records.iter().map(shape::Record::of).collect(),
    }
}

/// What a record is called.
#[must_use]
pub const fn title(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Dkim => "DKIM key",
        RecordKind::DkimEd25519 => "DKIM key (Ed25519)",
        RecordKind::ReturnPath => "Return path",
        RecordKind::Dmarc => "DMARC policy",
        RecordKind::Spf => "SPF policy",
        RecordKind::Mx => "MX",
        RecordKind::MailFromMx => "Return path MX",
        RecordKind::MailFromSpf => "Return path SPF policy",
    }
}

/// Whether sending needs it.
#[must_use]
pub const fn needed(need: Need) -> &'static str {
    match need {
        Need::Required => "needed to send",
        Need::Recommended => "recommended",
        Need::Receiving => "only to receive mail",
    }
}

/// What a look at DNS came to.
#[must_use]
pub const fn found_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Match => "found",
        Verdict::Mismatch => "another record found",
        Verdict::Absent => "not found",
        Verdict::Unsure => "DNS could not tell",
    }
}

/// Asks DNS for each record of a domain, now.
///
/// # Errors
/// `Exit::Refused` when one that is needed to send is not there, `Exit::Busy` when DNS could
/// not tell, and as the engine says.
pub async fn verify(desk: &Desk, named: &str) -> Result<(), Refusal> {
    let caller = desk.caller().await?;
    let domain = desk.domain(&caller, named).await?;
    let progress = Progress::start("Asking DNS …");
    let looked = desk.engine.verify_domain(&caller, domain.id).await;
    drop(progress);
    let found = looked?;
    let needed: Vec<&Record> = found
        .records
        .iter()
        .filter(|record| record.need == Need::Required)
        .collect();
    let worst = worst(&needed);
    desk.out.answer(&shaped(&found), |to| {
        for record in &found.records {
            verdict(to, record)?;
        }
        writeln!(to, "{}", outcome(worst, &needed, &found.domain.host))
    })?;
    match worst {
        Verdict::Match => Ok(()),
        Verdict::Absent | Verdict::Mismatch => Err(Refusal::said(Exit::Refused)),
        Verdict::Unsure => Err(Refusal::said(Exit::Busy)),
    }
}

fn verdict_of(record: &Record) -> Verdict {
    record
        .checked
        .as_ref()
        .map_or(Verdict::Unsure, |checked| checked.verdict)
}

/// What decides whether mail may be sent: what is certainly wrong before what is unsure.
fn worst(records: &[&Record]) -> Verdict {
    let any = |wanted| records.iter().any(|record| verdict_of(record) == wanted);
    [Verdict::Mismatch, Verdict::Absent, Verdict::Unsure]
        .into_iter()
        .find(|wanted| any(*wanted))
        .unwrap_or(Verdict::Match)
}

fn verdict(to: &mut dyn Write, record: &Record) -> io::Result<()> {
    let Some(checked) = &record.checked else {
        return Ok(());
    };
    writeln!(
        to,
        "{}, {}: {}",
        title(record.kind),
        needed(record.need),
        found_words(checked.verdict)
    )?;
    let place = format!("{} {}", record.name, record.record_type);
    match checked.verdict {
        Verdict::Match => writeln!(to, "  {place}\n")?,
        Verdict::Mismatch | Verdict::Absent => {
            writeln!(to, "  {place}\n  expected  {}", record.expected)?;
            for found in &checked.found {
                writeln!(to, "  found     {found}")?;
            }
            writeln!(to)?;
        }
        Verdict::Unsure => {
            writeln!(to, "  {place}")?;
            for why in &checked.found {
                writeln!(to, "  because   {why}")?;
            }
            writeln!(to)?;
        }
    }
    Ok(())
}

fn outcome(worst: Verdict, needed: &[&Record], host: &str) -> String {
    let those: Vec<&str> = needed
        .iter()
        .filter(|record| verdict_of(record) == worst)
        .map(|record| title(record.kind))
        .collect();
    let those = those.join(", ");
    match worst {
        Verdict::Match => format!("{host} is verified: keys of any mode can send from it."),
        Verdict::Absent => format!(
            "{host} is not verified: not there yet: {those}. `posthouse domain records {host}` prints what to publish; \
             a new record can take some minutes to be seen."
        ),
        Verdict::Mismatch => format!(
            "{host} is not verified: another record is in the place of: {those}. \
             `posthouse domain records {host}` prints what to publish."
        ),
        Verdict::Unsure => format!(
            "DNS could not tell ({those}); what was known of {host} stays. Try again later, or look at the setting dns.servers."
        ),
    }
}

#[cfg(test)]
mod tests {
    use posthouse::clock::Timestamp;
    use posthouse::model::domain::Checked;

    use super::*;

    fn record(kind: RecordKind, verdict: Option<Verdict>) -> Record {
        Record {
            kind,
            record_type: "TXT",
            name: String::from("acme.test"),
            expected: String::new(),
            need: Need::Required,
            checked: verdict.map(|verdict| Checked {
                verdict,
                found: Vec::new(),
                at: Timestamp(0),
            }),
        }
    }

    #[test]
    fn what_is_certainly_wrong_decides() {
        use Verdict::{Absent, Match, Mismatch, Unsure};
        for (dkim, mail_from, expected, named) in [
            (Some(Match), Some(Match), Match, ""),
            (Some(Match), Some(Absent), Absent, "Return path MX"),
            (Some(Mismatch), Some(Absent), Mismatch, "DKIM key"),
            (Some(Unsure), Some(Absent), Absent, "Return path MX"),
            (Some(Match), None, Unsure, "Return path MX"),
        ] {
            let both = [
                record(RecordKind::Dkim, dkim),
                record(RecordKind::MailFromMx, mail_from),
            ];
            let needed: Vec<&Record> = both.iter().collect();
            let found = worst(&needed);
            assert_eq!(found, expected);
            let words = outcome(found, &needed, "acme.test");
            assert!(words.contains(named), "{words}");
        }
    }
}
