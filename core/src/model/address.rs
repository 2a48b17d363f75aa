//! Domain names, addresses and mailboxes: parsed once, at the edge, and then
//! known to be well-formed.
//!
//! Everything here is linear in its input: the text may be a whole hostile
//! request body.

mod domain_name;

use std::fmt;

use domain_name::DOMAIN_MAX_OCTETS;
pub use domain_name::{DomainName, DomainNameError};

/// Longest address in octets: a path of 256 octets less its two angle
/// brackets (RFC 5321 4.5.3.1.3).
const ADDRESS_MAX_OCTETS: usize = 254;
/// RFC 5321 4.5.3.1.1.
const LOCAL_MAX_OCTETS: usize = 64;
/// A display name longer than this would not fit one header line
/// (RFC 5322 2.1.1) in any reader that unfolds it.
const NAME_MAX_OCTETS: usize = 998;
/// Far above every limit that a caller sets; it only bounds memory.
const LIST_MAX_MAILBOXES: usize = 1000;

/// Why a text is not an address, a mailbox or a list of mailboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("is empty")]
    Empty,
    #[error("has no @")]
    MissingAt,
    #[error("has a malformed local part")]
    BadLocal,
    #[error("has a malformed domain")]
    BadDomain,
    #[error("has a malformed display name")]
    BadName,
    #[error("holds a control character")]
    Control,
    #[error("is too long")]
    TooLong,
    #[error("has unbalanced quotes or brackets")]
    Unbalanced,
    #[error("is a group, which is not supported here")]
    Group,
    #[error("holds more than {LIST_MAX_MAILBOXES} mailboxes")]
    TooMany,
}

/// An address, `local@domain`: the local part as it was given (it may be a
/// quoted string or, for SMTPUTF8, hold any script), the domain as in
/// [`DomainName`]. At most 254 octets, no control character anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    whole: String,
    at: usize,
}

impl Address {
    /// Parses `local@domain` and nothing else: no name, no angle brackets, no
    /// surrounding blanks, no IP address literal.
    ///
    /// # Errors
    /// See [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        // A domain of 253 octets has at most 253 characters of four octets.
        if text.len() > LOCAL_MAX_OCTETS + 1 + DOMAIN_MAX_OCTETS * 4 {
            return Err(AddressError::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(AddressError::Control);
        }
        // A host name holds no @, a quoted local part may.
        let (local, host) = text.rsplit_once('@').ok_or(AddressError::MissingAt)?;
        check_local(local)?;
        let domain = DomainName::parse(host).map_err(|error| match error {
            DomainNameError::TooLong => AddressError::TooLong,
            DomainNameError::Empty
            | DomainNameError::MissingTopLevel
            | DomainNameError::Malformed => AddressError::BadDomain,
        })?;
        let whole = format!("{local}@{domain}");
        if whole.len() > ADDRESS_MAX_OCTETS {
            return Err(AddressError::TooLong);
        }
        Ok(Self {
            at: local.len(),
            whole,
        })
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.whole
    }

    /// What stands before the last `@`, quotes included.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.whole[..self.at]
    }

    /// The host name: lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.whole[self.at + 1..]
    }

    /// The address in lower case: two addresses with equal keys are treated
    /// as one mailbox, in lists as in look-ups.
    #[must_use]
    pub fn key(&self) -> String {
        self.whole.to_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole)
    }
}

/// RFC 5321 4.1.2 `Local-part`, with the characters that RFC 6531 3.3 adds.
fn check_local(local: &str) -> Result<(), AddressError> {
    if local.len() > LOCAL_MAX_OCTETS {
        return Err(AddressError::TooLong);
    }
    let well_formed = match local.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').is_some_and(is_quoted_content),
        None => local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(is_atext)),
    };
    if well_formed {
        Ok(())
    } else {
        Err(AddressError::BadLocal)
    }
}

/// Whether every quote and backslash between two quotes is escaped. A
/// backslash may stand before any printable ASCII character (RFC 5321 4.1.2).
fn is_quoted_content(content: &str) -> bool {
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        let good = match c {
            '"' => false,
            '\\' => chars.next().is_some_and(|next| next.is_ascii()),
            _ => true,
        };
        if !good {
            return false;
        }
    }
    true
}

/// RFC 5322 3.2.3 `atext`, with RFC 6532 3.2.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_whitespace())
}

/// An address with the name that is shown for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mailbox {
    /// The display name, unquoted; never empty and never surrounded by blanks
    /// when it was parsed.
    pub name: Option<String>,
    pub address: Address,
}

impl Mailbox {
    /// Parses exactly one of `a@b.c`, `<a@b.c>`, `Name <a@b.c>` and
    /// `"Quoted, Name" <a@b.c>`.
    ///
    /// # Errors
    /// See [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim_matches(is_blank);
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let Some(inside) = text.strip_suffix('>') else {
            return Ok(Self {
                name: None,
                address: Address::parse(text).map_err(|error| name_group(text, error))?,
            });
        };
        let open = inside.rfind('<').ok_or(AddressError::Unbalanced)?;
        let name = parse_name(inside[..open].trim_matches(is_blank))?;
        let address = Address::parse(inside[open + 1..].trim_matches(is_blank))?;
        Ok(Self { name, address })
    }
}

impl fmt::Display for Mailbox {
    /// RFC 5322 3.4, with any script in the name (RFC 6532).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(name) = &self.name else {
            return self.address.fmt(f);
        };
        write!(f, "{} <{}>", quote_phrase(name), self.address)
    }
}

/// The name as an RFC 5322 `phrase`: quoted only where it has to be.
pub fn quote_phrase(name: &str) -> String {
    let plain = !name.is_empty()
        && name
            .split(' ')
            .all(|word| !word.is_empty() && word.chars().all(is_atext));
    if plain {
        return name.to_owned();
    }
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// `Group: a@b.c;` (RFC 5322 3.4) gets its own reason.
fn name_group(text: &str, error: AddressError) -> AddressError {
    if text.ends_with(';') && text.contains(':') && error != AddressError::Control {
        AddressError::Group
    } else {
        error
    }
}

/// The display name before `<`. Unquoted names are taken more loosely than
/// RFC 5322 has it (dots, brackets and apostrophes are common), but never with
/// a character that could end the mailbox or begin a group.
fn parse_name(text: &str) -> Result<Option<String>, AddressError> {
    if text.len() > NAME_MAX_OCTETS {
        return Err(AddressError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(AddressError::Control);
    }
    let name = match text.strip_prefix('"') {
        Some(rest) => unquote(rest.strip_suffix('"').ok_or(AddressError::Unbalanced)?)?,
        None if text.contains(':') || text.contains(';') => return Err(AddressError::Group),
        None if text.contains(['<', '>', '"', ',', '\\']) => return Err(AddressError::BadName),
        None => text.to_owned(),
    };
    let trimmed = name.trim();
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

fn unquote(content: &str) -> Result<String, AddressError> {
    let mut name = String::with_capacity(content.len());
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Err(AddressError::Unbalanced),
            '\\' => name.push(chars.next().ok_or(AddressError::Unbalanced)?),
            other => name.push(other),
        }
    }
    Ok(name)
}

/// Parses mailboxes with commas between them; commas in quotes do not count.
///
/// # Errors
/// The first item's that is not a mailbox. An empty item, and so an empty
/// list, is refused; so is a group.
pub fn parse_list(text: &str) -> Result<Vec<Mailbox>, AddressError> {
    let mut mailboxes = Vec::new();
    for item in items(text)? {
        if mailboxes.len() == LIST_MAX_MAILBOXES {
            return Err(AddressError::TooMany);
        }
        mailboxes.push(Mailbox::parse(item)?);
    }
    Ok(mailboxes)
}

/// The first item of a list that is not a mailbox; the whole when its items cannot be told.
#[must_use]
pub fn first_bad(text: &str) -> Option<&str> {
    match items(text) {
        Ok(items) => items.into_iter().find(|item| Mailbox::parse(item).is_err()),
        Err(_) => Some(text),
    }
}

fn items(text: &str) -> Result<Vec<&str>, AddressError> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let mut escaped = false;
    // Every byte looked at is ASCII, so each cut is at a character boundary.
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                items.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err(AddressError::Unbalanced);
    }
    items.push(&text[start..]);
    Ok(items)
}

#[cfg(test)]
mod tests;
