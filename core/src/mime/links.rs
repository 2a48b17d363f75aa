//! Links that say whose they are: the opened image, the followed link, the unsubscribe link.
//!
//! A token is the ticket and a tag over purpose, ticket and, for a followed link, its exact
//! target. Nobody without the key can make one, so that a redirect goes only where the
//! sender's own page pointed.

mod returns;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;
use uuid::Uuid;

use crate::limits::{PUBLIC_URL_BYTES, TRACKED_URL_BYTES};

const EMAIL_BYTES: usize = 16;
const TICKET_BYTES: usize = EMAIL_BYTES + 2;
/// RFC 2104 5: half of the hash at least.
const TAG_BYTES: usize = 16;
const TOKEN_BYTES: usize = TICKET_BYTES + TAG_BYTES;

/// What a query's value keeps as it is: RFC 3986 2.3, unreserved. Nothing of what is left has
/// a meaning in HTML, so that these links stand in any attribute, quoted or not.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The key that links are signed with. Never printed.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey")
    }
}

/// One recipient of one email.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The email.
    pub email: Uuid,
    /// The position of the delivery among the email's, by id, from 0.
    pub recipient: u16,
}

/// What a link is for; the tag covers it, so that no link stands for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Open = 1,
    Click = 2,
    Unsubscribe = 3,
    Return = 4,
}

/// Where the links of this installation begin: `https://mail.example.com`, perhaps with a
/// path, never with a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl(String);

/// Where a followed link leads: an absolute http or https URL in visible ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(String);

impl PublicUrl {
    /// An http or https URL of a host and perhaps a path of unreserved characters; neither
    /// user, query nor fragment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = web(text)?;
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if !bare || text.len() > PUBLIC_URL_BYTES || !url.path().bytes().all(plain) {
            return None;
        }
        Some(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// As it was parsed, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `target` is one of the links made here.
    #[must_use]
    pub fn owns(&self, target: &Target) -> bool {
        let Some(url) = web(&target.0) else {
            return false;
        };
        let inside = url.as_str().strip_prefix(&self.0);
        inside.is_some_and(|path| path.starts_with("/t/"))
    }
}

impl Target {
    /// The target of an `href` or of a query, exactly as it is where it is visible ASCII,
    /// else as a browser writes it. None for all but http and https with a host, and for
    /// what is too long.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // What browsers strip (WHATWG URL, 4.4).
        let text = text.trim_matches(|c: char| c <= ' ');
        if text.len() > TRACKED_URL_BYTES {
            return None;
        }
        let url = web(text)?;
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let exact = if visible { text } else { url.as_str() };
        (exact.len() <= TRACKED_URL_BYTES).then(|| Self(exact.to_owned()))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The target in the query of a followed link, as [`LinkKey::click`] wrote it: the first
    /// `to`. What programs on the way add behind it is ignored.
    #[must_use]
    pub fn of_query(query: &str) -> Option<Self> {
        let written = query.split('&').find_map(|pair| pair.strip_prefix("to="))?;
        let text = percent_decode_str(written).decode_utf8().ok()?;
        let target = Self::parse(&text)?;
        (target.0 == text).then_some(target)
    }
}

/// An absolute web URL. The two slashes are asked for: without them it is relative.
fn web(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once(':')?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !known || !rest.starts_with("//") {
        return None;
    }
    Url::parse(text).ok()
}

impl LinkKey {
    /// The key of these 32 bytes, which have to be secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The URL of the image that tells of an opening.
    #[must_use]
    pub fn open(&self, base: &PublicUrl, ticket: &Ticket) -> String {
        let token = self.token(Purpose::Open, ticket, "");
        format!("{}/t/o/{token}.gif", base.0)
    }

    /// The URL that leads to `target` and tells of it.
    #[must_use]
    pub fn click(&self, base: &PublicUrl, ticket: &Ticket, target: &Target) -> String {
        let token = self.token(Purpose::Click, ticket, &target.0);
        let to = utf8_percent_encode(&target.0, ESCAPED);
        format!("{}/t/c/{token}?to={to}", base.0)
    }

    /// The URL that unsubscribes.
    #[must_use]
    pub fn unsubscribe(&self, base: &PublicUrl, ticket: &Ticket) -> String {
        let token = self.token(Purpose::Unsubscribe, ticket, "");
        format!("{}/t/u/{token}", base.0)
    }

    /// Whose image it is; `token` is what stands between `/t/o/` and `.gif`.
    #[must_use]
    pub fn opened(&self, token: &str) -> Option<Ticket> {
        self.ticket(Purpose::Open, token, "")
    }

    /// Whose link it is, if it is one to exactly this target.
    #[must_use]
    pub fn clicked(&self, token: &str, target: &Target) -> Option<Ticket> {
        self.ticket(Purpose::Click, token, &target.0)
    }

    /// Who unsubscribes.
    #[must_use]
    pub fn unsubscribing(&self, token: &str) -> Option<Ticket> {
        self.ticket(Purpose::Unsubscribe, token, "")
    }

    fn token(&self, purpose: Purpose, ticket: &Ticket, target: &str) -> String {
        let mut bytes = [0; TOKEN_BYTES];
        let (written, tag) = bytes.split_at_mut(TICKET_BYTES);
        written[..EMAIL_BYTES].copy_from_slice(ticket.email.as_bytes());
        written[EMAIL_BYTES..].copy_from_slice(&ticket.recipient.to_be_bytes());
        tag.copy_from_slice(&self.tag(purpose, written, target));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn ticket(&self, purpose: Purpose, token: &str, target: &str) -> Option<Ticket> {
        let mut bytes = [0; TOKEN_BYTES];
        // One form a token: other lengths, padding and stray bits at the end do not decode.
        let length = URL_SAFE_NO_PAD.decode_slice(token, &mut bytes).ok()?;
        let (written, tag) = bytes[..length].split_at_checked(TICKET_BYTES)?;
        verify_slices_are_equal(&self.tag(purpose, written, target), tag).ok()?;
        let (email, recipient) = written.split_first_chunk::<EMAIL_BYTES>()?;
        Some(Ticket {
            email: Uuid::from_bytes(*email),
            recipient: u16::from_be_bytes(recipient.try_into().ok()?),
        })
    }

    /// Everything before the target has a fixed length, so that no two inputs look the same.
    fn tag(&self, purpose: Purpose, ticket: &[u8], target: &str) -> [u8; TAG_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(&[purpose as u8]);
        context.update(ticket);
        context.update(target.as_bytes());
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&context.sign().as_ref()[..TAG_BYTES]);
        tag
    }
}
