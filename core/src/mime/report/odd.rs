//! Bounces that are only written for people: qmail, Exim, old Postfix and sendmail, Exchange,
//! and whatever looks like them. A guess, so it asks for two signs: a machine that wrote it,
//! and words that only such notices have.

use super::delivery::{DeliveryReport, ReportedRecipient, shown, status_in};
use super::{Action, Original, address};
use crate::limits::{REPORT_TEXT_BYTES, REPORTED_RECIPIENTS};
use crate::mime::body::Body;
use crate::mime::entity::Entity;
use crate::mime::page::text_of;
use crate::mime::people::named;

/// Who writes notices.
const DAEMONS: [&str; 6] = [
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "postmaster",
    "mdaemon",
    "mailer_daemon",
];
/// What only a notice says, in lower case.
const FAILURES: [&str; 18] = [
    "this is the qmail-send program",
    "this message was created automatically by mail delivery software",
    "this is the postfix program",
    "this is the mail system at host",
    "did not reach some or all of the intended recipients",
    "did not reach the following recipient",
    "had permanent fatal errors",
    "had transient non-fatal errors",
    "delivery has failed to these recipients",
    "delivery to the following recipient",
    "could not be delivered to",
    "couldn't be delivered to",
    "wasn't delivered to",
    "was not delivered to",
    "undeliverable",
    "undelivered mail",
    "delivery status notification",
    "returned to sender",
];
/// What a notice says of mail that is tried again.
const DELAYS: [&str; 9] = [
    "has not yet been delivered",
    "has been delayed",
    "attempts will continue",
    "will be retried",
    "will continue to try",
    "keep trying",
    "still being retried",
    "do not need to resend",
    "transient non-fatal errors",
];
/// Where a notice ends and the message that it is about begins, in lower case.
const ORIGINALS: [&str; 9] = [
    "--- below this line is a copy of the message",
    "--- this is a copy of",
    "--- original message",
    "--- the header of the original",
    "--- unsent message follows",
    "this is a copy of the message, including all",
    "original message headers",
    "original message follows",
    "message header follows",
];

/// Reads a notice of an unknown form. None when it is none, or about nobody.
pub(super) fn read(
    head: &Entity<'_>,
    body: &Body<'_>,
    attached: Original,
) -> Option<DeliveryReport> {
    let failed = head.text_of("X-Failed-Recipients");
    if failed.is_none() && !is_of_a_machine(head) {
        return None;
    }
    let text = text_of(body);
    let text = &text[..text.floor_char_boundary(REPORT_TEXT_BYTES)];
    let (notice, quoted) = split(text);
    let subject = head.text_of("Subject").unwrap_or_default();
    let (subject, said) = (subject.to_lowercase(), notice.to_lowercase());
    let fails = |word: &&str| subject.contains(word) || said.contains(word);
    if failed.is_none() && !FAILURES.iter().any(fails) {
        return None;
    }
    // The subject may hold the original's, which may be about anything.
    let action = match DELAYS.iter().any(|word| said.contains(word)) {
        true => Action::Delayed,
        false => Action::Failed,
    };
    let own: Vec<_> = ["From", "To"]
        .iter()
        .flat_map(|field| named(head, field))
        .filter_map(|one| address(&one.address))
        .collect();
    let mut recipients = told(notice, action, &own);
    if let Some(failed) = failed {
        let listed: Vec<_> = failed.split(',').filter_map(address).collect();
        recipients = of_list(listed, recipients, action);
    } else if recipients.is_empty() {
        recipients.extend(anywhere(notice, action, &own));
    }
    recipients.truncate(REPORTED_RECIPIENTS);
    let quoted = Original::read(quoted.trim_start().as_bytes());
    (!recipients.is_empty()).then_some(DeliveryReport {
        recipients,
        original_message_id: attached.message_id.or(quoted.message_id),
        original_to: attached.to.or(quoted.to),
    })
}

/// No person writes under these names, nor without a place to answer to.
fn is_of_a_machine(head: &Entity<'_>) -> bool {
    let daemon = named(head, "From").iter().any(|from| {
        let local = from.address.split('@').next().unwrap_or_default();
        DAEMONS.iter().any(|name| local.eq_ignore_ascii_case(name))
    });
    let nowhere = |text: String| text.replace(' ', "") == "<>";
    daemon || head.text_of("Return-Path").is_some_and(nowhere)
}

/// The notice and the message that it quotes, which may be empty.
fn split(text: &str) -> (&str, &str) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let lower = line.to_lowercase();
        if ORIGINALS.iter().any(|mark| lower.contains(mark)) {
            return (&text[..at], &text[at + line.len()..]);
        }
        // A message without a line that announces it.
        if ["Return-Path:", "Received:"]
            .iter()
            .any(|field| line.starts_with(field))
        {
            return text.split_at(at);
        }
        at += line.len();
    }
    (text, "")
}

/// The recipients that begin a line, each with what is said from there on to the next empty
/// line.
fn told(notice: &str, action: Action, own: &[String]) -> Vec<ReportedRecipient> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in notice.lines() {
        if let Some((address, rest)) = begun(line, own) {
            open = found.len() < REPORTED_RECIPIENTS;
            if open {
                found.push((address, rest.to_owned()));
            }
        } else if let Some((_, said)) = found.last_mut().filter(|_| open) {
            // What is said may stand below an empty line.
            open = !line.trim().is_empty() || said.trim().is_empty();
            said.extend([" ", line]);
        }
    }
    let described = found.into_iter().map(|(address, said)| {
        let diagnostic = shown(&said);
        ReportedRecipient {
            address,
            action,
            status: status_in(&diagnostic),
            diagnostic: Some(diagnostic).filter(|said| !said.is_empty()),
        }
    });
    described.collect()
}

/// A line of an address and what is said of it: `<a@b.test>: no such user`, `a@b.test on
/// 9 March`.
fn begun<'a>(line: &'a str, own: &[String]) -> Option<(String, &'a str)> {
    let line = line.trim_start();
    let (found, rest) = match line.strip_prefix('<') {
        Some(inside) => inside.split_once('>')?,
        None => line.split_at(line.find([' ', ':', '(', ',']).unwrap_or(line.len())),
    };
    let address = address(found).filter(|address| !own.contains(address))?;
    let rest = rest.trim_start();
    Some((address, rest.strip_prefix(':').unwrap_or(rest)))
}

/// Those of the list, with what the notice says of them.
fn of_list(
    listed: Vec<String>,
    told: Vec<ReportedRecipient>,
    action: Action,
) -> Vec<ReportedRecipient> {
    let known = |address: String| {
        let mut told = told.iter();
        told.find(|one| one.address == address)
            .cloned()
            .unwrap_or(ReportedRecipient {
                address,
                action,
                status: None,
                diagnostic: None,
            })
    };
    listed
        .into_iter()
        .take(REPORTED_RECIPIENTS)
        .map(known)
        .collect()
}

/// The first address within the text, with the whole of it as what is said.
fn anywhere(notice: &str, action: Action, own: &[String]) -> Option<ReportedRecipient> {
    let apart = |c: char| c.is_whitespace() || "<>()[]'\",;:".contains(c);
    let address = notice
        .split(apart)
        .filter_map(|word| address(word.trim_end_matches('.')))
        .find(|address| !own.contains(address))?;
    let diagnostic = shown(notice);
    Some(ReportedRecipient {
        address,
        action,
        status: status_in(&diagnostic),
        diagnostic: Some(diagnostic),
    })
}
