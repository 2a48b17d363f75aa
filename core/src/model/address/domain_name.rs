//! The name of a mail domain.

use std::fmt;

/// RFC 1035 2.3.4, written without the trailing dot.
pub(super) const DOMAIN_MAX_OCTETS: usize = 253;
const LABEL_MAX_OCTETS: usize = 63;

/// Why a text is not the name of a mail domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DomainNameError {
    #[error("is empty")]
    Empty,
    #[error("is too long")]
    TooLong,
    #[error("has no top-level domain")]
    MissingTopLevel,
    #[error("is not a host name")]
    Malformed,
}

/// A host name with at least two labels, lower-case, internationalized labels
/// in their ASCII form (`xn--…`), no trailing dot, never an IP address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DomainName(String);

impl DomainName {
    /// Parses a host name as a person would write it, in any case and script.
    ///
    /// # Errors
    /// When it is not a name that can hold an MX record: see [`DomainNameError`].
    pub fn parse(text: &str) -> Result<Self, DomainNameError> {
        if text.is_empty() {
            return Err(DomainNameError::Empty);
        }
        // Before IDNA: its work is not to be had for a text of megabytes. An
        // A-label is never shorter than its text has characters.
        if text.len() > DOMAIN_MAX_OCTETS * 4 || text.chars().count() > DOMAIN_MAX_OCTETS {
            return Err(DomainNameError::TooLong);
        }
        let lower = text.to_ascii_lowercase();
        let needs_idna = !lower.is_ascii() || lower.split('.').any(|l| l.starts_with("xn--"));
        let ascii = if needs_idna {
            idna::domain_to_ascii(&lower).map_err(|_| DomainNameError::Malformed)?
        } else {
            lower
        };
        check_host(&ascii)?;
        Ok(Self(ascii))
    }

    /// The name, lower-case ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_host(host: &str) -> Result<(), DomainNameError> {
    if host.len() > DOMAIN_MAX_OCTETS {
        return Err(DomainNameError::TooLong);
    }
    for label in host.split('.') {
        if label.len() > LABEL_MAX_OCTETS {
            return Err(DomainNameError::TooLong);
        }
        // Letters, digits, hyphen (RFC 1123 2.1).
        let ldh = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if label.is_empty()
            || label.starts_with('-')
            || label.ends_with('-')
            || !label.bytes().all(ldh)
        {
            return Err(DomainNameError::Malformed);
        }
    }
    match host.rsplit_once('.') {
        None => Err(DomainNameError::MissingTopLevel),
        // RFC 3696 2: no top-level domain is all digits, so this is an IPv4 address.
        Some((_, top)) if top.bytes().all(|b| b.is_ascii_digit()) => {
            Err(DomainNameError::Malformed)
        }
        Some(_) => Ok(()),
    }
}
