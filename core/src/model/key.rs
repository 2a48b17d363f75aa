//! Credentials, and the proof that one was checked.

use uuid::Uuid;

use super::organization::{EnumStyle, Standing};
use super::words::words;
use crate::clock::Timestamp;
use crate::error::{Denied, Error, Result, Unknown};
use crate::ids::{DomainId, KeyId, OrganizationId, UserId};

words! {
    /// What a key may cause to happen with mail.
    Mode {
        /// Kept here; nothing leaves.
        Capture = "capture",
        /// Accepted; waits for a person to release or burn it.
        Hold = "hold",
        /// Leaves only for listed recipients or domains; else captured.
        AllowList = "allow-list",
        /// Leaves.
        Live = "live",
    }

    /// One thing that a key may do.
    Scope {
        /// Submit mail to be sent.
        Send = "send",
        /// Read emails and what became of them.
        Read = "read",
        /// Manage domains and the keys of domains.
        Domains = "domains",
        /// Read domains.
        DomainsRead = "domains-read",
        /// Manage keys.
        Keys = "keys",
        /// Read keys.
        KeysRead = "keys-read",
        /// Manage templates.
        Templates = "templates",
        /// Read templates.
        TemplatesRead = "templates-read",
        /// Manage webhooks.
        Webhooks = "webhooks",
        /// Read webhooks.
        WebhooksRead = "webhooks-read",
        /// Set what may be spent.
        Billing = "billing",
        /// Read what was sent and what it costs.
        BillingRead = "billing-read",
        /// Read and add to suppressions and bounces.
        Suppressions = "suppressions",
        /// Read and manage mail that is kept here, and the addresses that keep it.
        Mail = "mail",
        /// Make and change people's mailboxes, passwords and all.
        Mailboxes = "mailboxes",
        /// Everything.
        All = "all",
    }
}

impl Scope {
    /// Whether a key with this scope may do what needs `other`: all is all, and who may
    /// manage a thing may read it.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::All, _)
                | (Self::Send, Self::Send)
                | (Self::Read, Self::Read)
                | (Self::Domains, Self::Domains | Self::DomainsRead)
                | (Self::DomainsRead, Self::DomainsRead)
                | (Self::Keys, Self::Keys | Self::KeysRead)
                | (Self::KeysRead, Self::KeysRead)
                | (Self::Templates, Self::Templates | Self::TemplatesRead)
                | (Self::TemplatesRead, Self::TemplatesRead)
                | (Self::Webhooks, Self::Webhooks | Self::WebhooksRead)
                | (Self::WebhooksRead, Self::WebhooksRead)
                | (Self::Billing, Self::Billing | Self::BillingRead)
                | (Self::BillingRead, Self::BillingRead)
                | (Self::Suppressions, Self::Suppressions)
                | (Self::Mail, Self::Mail)
                | (Self::Mailboxes, Self::Mailboxes)
        )
    }
}

impl Mode {
    /// Whether mail of this mode can ever leave the machine, so that the domain must
    /// have been proved first.
    #[must_use]
    pub const fn can_leave(self) -> bool {
        match self {
            Self::Capture => false,
            Self::Hold | Self::AllowList | Self::Live => true,
        }
    }
}

/// A credential for an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// Its UUID.
    pub uuid: Uuid,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The person it stands for, if any.
    pub user: Option<UserId>,
    /// The one domain it is bound to, if any.
    pub domain: Option<DomainId>,
    /// The form of its token, a word of the wire that made it.
    pub shape: String,
    /// A person's name for it.
    pub name: Option<String>,
    /// The first characters of the token, to tell keys apart.
    pub prefix: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it may cause.
    pub mode: Mode,
    /// Requests a minute, if limited.
    pub rate_per_minute: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Option<Timestamp>,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Key {
    /// Whether it may do `scope`.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|own| own.covers(scope))
    }

    /// Whether it is accepted at `now`: neither revoked nor past its expiry.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| end > now)
    }
}

/// The proof that a key was checked, or that the database and its master key are at hand; or a
/// stranger, who proved nothing.
#[derive(Clone, Debug)]
pub struct Caller {
    pub(crate) organization: OrganizationId,
    pub(crate) standing: Standing,
    pub(crate) organization_uuid: Uuid,
    pub(crate) enum_style: EnumStyle,
    pub(crate) powers: Powers,
}

/// What a caller holds.
#[derive(Clone, Debug)]
pub(crate) enum Powers {
    /// The database and the master key: everything, in one organization.
    Operator,
    /// A key.
    Key(Box<Key>),
    /// Nothing.
    Stranger,
}

/// Where strangers stand: an organization that is none. The one of what is nobody's is another,
/// so that a stranger is the owner of nothing.
pub(crate) const STRANGERS: OrganizationId = OrganizationId(-1);

impl Caller {
    /// One who shows nothing.
    pub(crate) const fn stranger() -> Self {
        Self {
            organization: STRANGERS,
            standing: Standing::Active,
            organization_uuid: Uuid::nil(),
            enum_style: EnumStyle::Words,
            powers: Powers::Stranger,
        }
    }

    /// Whose caller this is.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The UUID of the organization.
    #[must_use]
    pub const fn organization_uuid(&self) -> Uuid {
        self.organization_uuid
    }

    /// How the organization wants enumerations written, where a contract leaves a choice.
    #[must_use]
    pub const fn enum_style(&self) -> EnumStyle {
        self.enum_style
    }

    /// Whether the organization may do anything at all.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The key shown, unless this is the operator or a stranger.
    #[must_use]
    pub fn key(&self) -> Option<&Key> {
        match &self.powers {
            Powers::Operator | Powers::Stranger => None,
            Powers::Key(key) => Some(key),
        }
    }

    /// Refuses unless the caller may do `scope`.
    ///
    /// # Errors
    /// `Denied::Scope`; `Unknown::Absent` for a stranger.
    pub fn needs(&self, scope: Scope) -> Result<()> {
        match &self.powers {
            Powers::Operator => Ok(()),
            Powers::Key(key) if key.may(scope) => Ok(()),
            Powers::Key(_) => Err(Error::Denied(Denied::Scope)),
            Powers::Stranger => Err(Error::Unknown(Unknown::Absent)),
        }
    }

    /// Refuses unless the caller may do one of `scopes`.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub fn needs_any(&self, scopes: &[Scope]) -> Result<()> {
        if scopes.iter().any(|&scope| self.needs(scope).is_ok()) {
            return Ok(());
        }
        Err(Error::Denied(Denied::Scope))
    }

    /// Refuses unless the caller is the operator.
    ///
    /// # Errors
    /// `Denied::Scope`.
    pub fn needs_operator(&self) -> Result<()> {
        match &self.powers {
            Powers::Operator => Ok(()),
            Powers::Key(_) | Powers::Stranger => Err(Error::Denied(Denied::Scope)),
        }
    }
}
