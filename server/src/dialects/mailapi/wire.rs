//! The contract's schemas, field for field: what is a number here and a text there is so in
//! the contract.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// The fields of a body; none where there is no body.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Map<String, Value>);

/// A body that is no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoFields;

/// What is wrong with what was asked, or with asking it here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A field has to be there.
    Absent(String),
    /// A field has to be a text.
    NoText(String),
    /// `Params` has to be an object.
    NoObject,
    /// `Params.sub_domains` has to be a list.
    NoList,
    /// It cannot be a label of a domain.
    NoLabel(String),
    /// `single_bulk` is the other endpoint's, or nobody's.
    OtherWord,
    /// The task is of another kind.
    OtherKind,
    /// Nothing came of the task; why not, where there is one reason.
    NothingMade(Option<&'static str>),
}

/// An object with keys that are not fields, in their order.
#[derive(Debug)]
pub(super) struct Keyed<T>(pub(super) Vec<(String, T)>);

impl<T: Serialize> Serialize for Keyed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// `GET /list/domain`.
#[derive(Debug, Serialize)]
pub(super) struct Domains {
    pub(super) user_id: String,
    pub(super) total_domain: usize,
    pub(super) results: Keyed<DomainRow>,
    pub(super) status: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct DomainRow {
    pub(super) status: &'static str,
    pub(super) domain_quota: String,
    pub(super) mailbox_count: String,
    pub(super) created_at: String,
}

/// `POST /create/domain`.
#[derive(Debug, Serialize)]
pub(super) struct DomainMade<'a> {
    pub(super) status: &'static str,
    pub(super) domain: &'a str,
    pub(super) task_id: i64,
}

/// `POST /create/sub-domain`.
#[derive(Debug, Serialize)]
pub(super) struct SubDomainsAsked<'a> {
    pub(super) status: &'static str,
    pub(super) domain: &'a str,
}

/// `POST /create/mailbox/single` and `/bulk`.
#[derive(Debug, Serialize)]
pub(super) struct MailboxesAsked {
    pub(super) status: &'static str,
    pub(super) task_id: i64,
}

/// `GET /list/mailbox`.
#[derive(Debug, Serialize)]
pub(super) struct Mailboxes {
    pub(super) user_id: String,
    pub(super) domain: String,
    pub(super) results: Keyed<MailboxRow>,
    pub(super) status: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct MailboxRow {
    pub(super) provisioning_status: &'static str,
    pub(super) mailbox_quota: String,
    pub(super) imap_credentials: Option<Imap>,
    pub(super) created_at: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Imap {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) username: String,
    pub(super) security: &'static str,
}

/// `GET /get/mailbox/single` and `/bulk`.
#[derive(Debug, Serialize)]
pub(super) struct TaskShown {
    #[serde(rename = "Task_id")]
    pub(super) number: i64,
    pub(super) total_email: usize,
    pub(super) domain: String,
    pub(super) results: Keyed<ItemRow>,
    pub(super) status: &'static str,
    pub(super) task_id: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ItemRow {
    pub(super) status: &'static str,
}

/// Every refusal.
#[derive(Debug, Serialize)]
pub(super) struct Failure<'a> {
    pub(super) status: &'static str,
    pub(super) reason: &'a str,
}
