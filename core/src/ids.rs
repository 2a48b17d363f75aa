//! Row identities, each its own type, and the only source of randomness.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A tenant.
    OrganizationId,
    /// A person in an organization.
    UserId,
    /// A credential for an API.
    KeyId,
    /// A name that is sent from and received at.
    DomainId,
    /// A stored MIME body.
    BodyId,
    /// What was submitted to be sent.
    EmailId,
    /// One recipient of an email.
    DeliveryId,
    /// One try of a delivery.
    AttemptId,
    /// A number in the event log.
    EventId,
    /// An address that must not be sent to.
    SuppressionId,
    /// A subscription to events.
    WebhookId,
    /// One event on its way to one webhook.
    WebhookDeliveryId,
    /// An SMTP provider.
    RelayId,
    /// An address that keeps mail.
    MailboxId,
    /// A piece of mail in a mailbox.
    MessageId,
}

/// Where random bytes come from.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator, by way of a thread-local one seeded from it.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng;
        rand::rng().fill_bytes(bytes);
    }
}

/// An array of `N` random bytes.
pub fn random<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
