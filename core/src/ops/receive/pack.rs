//! A message made ready for the write: read, stamped and compressed.

use memchr::memmem;

use super::authenticate::claim;
use super::{Arrival, trace};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::mime::content::content;
use crate::mime::headers::head;
use crate::mime::report::{Report, report};
use crate::mime::verify::{Asked, Finding, field, without_claims};
use crate::model::content::Content;
use crate::model::domain::DmarcRule;
use crate::model::mailbox::Folder;
use crate::model::trace::{AuthResult, Trace};
use crate::store::PackedBody;

/// A message made ready for the write.
pub(super) struct Parcel {
    pub(super) body: PackedBody,
    pub(super) content: Content,
    pub(super) trace: Trace,
    /// What it says of mail of ours; only read of what may be a report.
    pub(super) report: Option<Report>,
    /// The account that has it starred from the start.
    pub(super) starred_by: Option<String>,
    /// What the sender's domain asks for, where the message failed DMARC.
    asked: Asked,
}

impl Parcel {
    /// Where in a mailbox of a domain with this rule it is put; None: nowhere.
    pub(super) const fn folder(&self, rule: DmarcRule) -> Option<Folder> {
        match (rule, self.asked) {
            (DmarcRule::Enforce, Asked::Reject) => None,
            (DmarcRule::Enforce, Asked::Quarantine) => Some(Folder::Spam),
            (DmarcRule::Enforce, Asked::Nothing) | (DmarcRule::Flag | DmarcRule::Ignore, _) => {
                Some(Folder::Inbox)
            }
        }
    }
}

/// What of a message is read as a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// All: it came to a return path.
    Reports,
    /// Complaints: they come to any address.
    Complaints,
    /// Nothing.
    Nothing,
}

/// What each complaint has in it (RFC 5965 section 2).
const FEEDBACK: &[u8] = b"feedback-report";

/// How many Received fields a message has: one for each server that it went through.
pub(super) fn hops(raw: &[u8]) -> usize {
    let head = head(raw);
    let lines = head.split(|byte| *byte == b'\n');
    lines
        .filter(|line| {
            line.get(..9)
                .is_some_and(|name| name.eq_ignore_ascii_case(b"received:"))
        })
        .count()
}

/// Reads, stamps and compresses. Without a finding, nobody checked where it comes from.
pub(super) fn pack(
    arrival: &Arrival,
    host: &str,
    finding: Option<&Finding>,
    reads: Reads,
    now: Timestamp,
) -> Result<Parcel> {
    let content = content(&arrival.raw);
    let trace = Trace {
        remote: arrival.remote.ip().to_string(),
        local: arrival.local.ip().to_string(),
        helo: arrival.helo.clone(),
        tls: arrival.tls.clone(),
        from: arrival.from.clone(),
        verdicts: finding.map(|finding| finding.verdicts),
    };
    let mut stamped = Vec::with_capacity(arrival.raw.len() + 1024);
    if let Some(finding) = finding {
        stamped.extend_from_slice(field(&claim(arrival, host), finding).as_bytes());
    }
    stamped.extend_from_slice(trace::received(arrival, host, now).as_bytes());
    stamped.extend_from_slice(&without_claims(&arrival.raw, host));
    let failed = finding.filter(|finding| finding.verdicts.dmarc == AuthResult::Fail);
    Ok(Parcel {
        body: PackedBody::pack(&stamped)?,
        content,
        trace,
        report: match reads {
            Reads::Reports => report(&arrival.raw),
            Reads::Complaints if memmem::find(&arrival.raw, FEEDBACK).is_some() => {
                report(&arrival.raw)
            }
            Reads::Complaints | Reads::Nothing => None,
        },
        starred_by: None,
        asked: failed.map_or(Asked::Nothing, |finding| finding.asked),
    })
}
