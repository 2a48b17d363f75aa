//! Row identities, each its own type, and the only source of randomness.

use std::fmt;

use uuid::Uuid;

use crate::clock::Timestamp;

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
    /// A folder of a person's mailbox.
    FolderId,
    /// A text with placeholders that mail is made from.
    TemplateId,
    /// What is provisioned in the background.
    TaskId,
    /// A bounce or complaint as it was told.
    BounceId,
    /// Somebody who is signed in.
    SessionId,
    /// Something that was changed, as it is written down.
    AuditId,
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

/// A UUID, version 7, of this moment (RFC 9562 section 5.7).
pub fn new_uuid(now: Timestamp, entropy: &dyn Entropy) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random(entropy)).into_uuid()
}

/// The UUID that stands for row `number` where `space` says of which table and whose: custom
/// (RFC 9562 section 5.8), the number in its last 62 bits.
#[must_use]
pub fn numbered_uuid(space: Uuid, number: i64) -> Uuid {
    let high = space.as_u128() >> 64;
    let low = u128::from(number.unsigned_abs()) & ((1 << 62) - 1);
    uuid::Builder::from_u128((high << 64) | low)
        .with_variant(uuid::Variant::RFC4122)
        .with_version(uuid::Version::Custom)
        .into_uuid()
}

/// The number in a UUID that `numbered_uuid` made of `space`.
#[must_use]
pub fn uuid_number(space: Uuid, uuid: Uuid) -> Option<i64> {
    let number = i64::try_from(uuid.as_u128() & ((1 << 62) - 1)).ok()?;
    (numbered_uuid(space, number) == uuid).then_some(number)
}

/// An array of `N` random bytes.
pub fn random<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_uuid_gives_its_number_back_in_its_own_space_only() {
        let space = Uuid::from_u128(0x0198_c0de_0000_7aaa_8bbb_0123_4567_89ab);
        for number in [1, 2, 77, i64::from(u32::MAX) + 5] {
            let uuid = numbered_uuid(space, number);
            assert_eq!(uuid_number(space, uuid), Some(number));
            assert_eq!(uuid_number(Uuid::from_u128(7), uuid), None);
        }
        assert_eq!(uuid_number(space, space), None);
        assert_eq!(numbered_uuid(space, 1).get_version_num(), 8);
    }
}
