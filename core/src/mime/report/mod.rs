//! What other machines write back: a delivery that failed, or a person who complained.

mod complaint;
mod delivery;
mod odd;

use super::body::Body;
use super::entity::Entity;
use super::people::{message_id, named};
use super::walk::Leaf;
pub use complaint::{ComplaintReport, Feedback};
pub use delivery::{Action, DeliveryReport, ReportedRecipient};

/// A report of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// What became of a message: RFC 3464, and what programs wrote before and beside it.
    Delivery(DeliveryReport),
    /// Somebody said that a message was unwanted: RFC 5965.
    Complaint(ComplaintReport),
}

/// Reads any bytes. None for what is no report, such as an answer of a person or of a
/// vacation program, and for a report without anyone that it is about.
///
/// Anybody can write one: believe it only where it came to an address that nobody can guess.
#[must_use]
pub fn report(raw: &[u8]) -> Option<Report> {
    let head = Entity::of(raw);
    let body = Body::of(raw);
    let of_kind = |kinds: &[&str]| {
        let mut leaves = body.attachments.iter();
        leaves.find(|leaf| kinds.contains(&leaf.kind.as_str()))
    };
    let original = of_kind(&[
        "message/rfc822",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
        "text/rfc822",
    ]);
    let original = original.map_or_else(Original::default, Original::of);
    if let Some(leaf) = of_kind(&["message/feedback-report"]) {
        let fields = leaf.entity.decoded();
        return Some(Report::Complaint(complaint::read(&fields, original)));
    }
    // RFC 3464, and RFC 6533 for addresses that are not ASCII.
    let status = of_kind(&["message/delivery-status", "message/global-delivery-status"]);
    let read = status.and_then(|leaf| delivery::read(&leaf.entity.decoded(), original.clone()));
    read.or_else(|| odd::read(&head, &body, original))
        .map(|mut found| {
            found.original_message_id = found
                .original_message_id
                .or_else(|| message_id(&head, "In-Reply-To"));
            Report::Delivery(found)
        })
}

/// What is known of the message that a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Original {
    message_id: Option<String>,
    /// The first address of its `To`.
    to: Option<String>,
}

impl Original {
    fn of(leaf: &Leaf<'_>) -> Self {
        Self::read(&leaf.entity.decoded())
    }

    fn read(raw: &[u8]) -> Self {
        let head = Entity::of(raw);
        let to = named(&head, "To").into_iter();
        Self {
            message_id: message_id(&head, "Message-ID"),
            to: to.filter_map(|to| address(&to.address)).next(),
        }
    }
}

/// An address as reports write it, with or without its type (`rfc822;`) and angle brackets,
/// its domain in lower case. None for what is none.
fn address(text: &str) -> Option<String> {
    let bare = text.rsplit_once(';').map_or(text, |(_, address)| address);
    let bare = bare.trim();
    let bare = bare
        .strip_prefix('<')
        .and_then(|bare| bare.split_once('>'))
        .map_or(bare, |(bare, _)| bare);
    let (local, domain) = bare.rsplit_once('@')?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>()[]:;,\\\"".contains(c);
    let fine = |text: &str| !text.is_empty() && !text.contains(strange);
    (fine(local) && fine(domain) && bare.len() <= ADDRESS_BYTES)
        .then(|| format!("{local}@{}", domain.to_lowercase()))
}

/// RFC 5321 4.5.3.1: 64 before the at sign, 255 behind it.
const ADDRESS_BYTES: usize = 320;
