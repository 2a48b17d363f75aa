//! Whether mail is what it says: SPF (RFC 7208), DKIM (RFC 6376, RFC 8463), DMARC (RFC 9989)
//! and ARC (RFC 8617).
//!
//! mail-auth does the checks, and never asks the DNS: whatever it would ask for is looked up
//! in the answers so far. A check that lacks some says which; it is done again with them.

mod answers;
mod claimed;
mod memory;
mod results;

use std::net::IpAddr;
use std::sync::OnceLock;

use futures_util::FutureExt as _;
use mail_auth::dkim::{Canonicalization, DkimError};
use mail_auth::dmarc::Policy;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, Error, MessageAuthenticator,
    Parameters, SpfOutput, SpfResult,
};

use self::answers::{Addresses, Kind, Mxs, Texts};
pub use self::answers::{Answer, Answers, Question};
pub use self::claimed::without_claims;
pub use self::memory::Memory;
pub use self::results::field;
use super::sign::without_blank_end;
use crate::limits::{HEADER_BYTES, SIGNATURES};
use crate::model::trace::{AuthResult, Verdicts};

/// A message, and who says that they send it.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The peer.
    pub remote: IpAddr,
    /// What the peer called itself.
    pub helo: &'a str,
    /// The reverse-path; None for the null one.
    pub from: Option<&'a str>,
    /// Our own host.
    pub host: &'a str,
    /// The message, its lines ended by CRLF.
    pub raw: &'a [u8],
}

impl Claim<'_> {
    /// The domain that SPF is about: that of the reverse-path, else what the peer called
    /// itself (RFC 7208 section 2.4).
    fn domain(&self) -> &str {
        self.from
            .and_then(|from| from.rsplit_once('@'))
            .map_or(self.helo, |(_, domain)| domain)
    }
}

/// What the sender's domain asks to be done with mail that fails DMARC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing.
    Nothing,
    /// To put it with the unwanted.
    Quarantine,
    /// To refuse it.
    Reject,
}

/// One DKIM signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What the check came to.
    pub result: AuthResult,
    /// Whose it is, and its selector; None where it cannot be read.
    pub by: Option<(String, String)>,
}

/// What the checks came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In short.
    pub verdicts: Verdicts,
    /// The signatures.
    pub signatures: Vec<Signed>,
    /// The domain of the From field, where there is one.
    pub author: Option<String>,
    /// What it asks for.
    pub asked: Asked,
}

impl Finding {
    /// What is known when there is no answer in time: nothing.
    #[must_use]
    pub const fn unknown() -> Self {
        let unknown = AuthResult::TempError;
        Self {
            verdicts: Verdicts {
                spf: unknown,
                dkim: unknown,
                dmarc: unknown,
                arc: unknown,
            },
            signatures: Vec::new(),
            author: None,
            asked: Asked::Nothing,
        }
    }
}

/// mail-auth with no server to ask: it finds what it is given, or nothing.
fn authenticator() -> Option<&'static MessageAuthenticator> {
    static MADE: OnceLock<Option<MessageAuthenticator>> = OnceLock::new();
    let make = || {
        let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
        MessageAuthenticator::new(nobody, ResolverOpts::default()).ok()
    };
    MADE.get_or_init(make).as_ref()
}

/// A message that is being checked: read and hashed.
pub struct Check<'a> {
    claim: Claim<'a>,
    message: Option<AuthenticatedMessage<'a>>,
    /// The message without the blank lines at its end, where it has such.
    trimmed: Option<&'a [u8]>,
}

/// The end of a text: `raw` without the lines of blanks that its body ends with.
#[must_use]
pub fn trimmed(raw: &[u8]) -> Option<Vec<u8>> {
    let body = memchr::memmem::find(raw, b"\r\n\r\n")? + 4;
    let kept = without_blank_end(&raw[body..]);
    (kept.len() < raw.len() - body).then(|| [&raw[..body], kept].concat())
}

impl<'a> Check<'a> {
    /// Reads a message. `trimmed` is what [`trimmed`] makes of it.
    #[must_use]
    pub fn new(claim: Claim<'a>, trimmed: Option<&'a [u8]>) -> Self {
        // Each field is worth a hash over what others say; many are an attack.
        let fields = super::headers::head(claim.raw);
        let message = (fields.len() <= HEADER_BYTES)
            .then(|| AuthenticatedMessage::parse(claim.raw))
            .flatten()
            .filter(|message| message.dkim_headers.len() + message.ams_headers.len() <= SIGNATURES);
        Self {
            claim,
            message,
            trimmed,
        }
    }

    /// Does the checks with what is known.
    ///
    /// # Errors
    /// What has to be known beside it.
    pub fn with(&self, answers: &Answers) -> Result<Finding, Vec<Question>> {
        answers.begin();
        let finding = self.find(answers).unwrap_or_else(Finding::unknown);
        let wanted = answers.wanted();
        if wanted.is_empty() {
            Ok(finding)
        } else {
            Err(wanted)
        }
    }

    fn find(&self, answers: &Answers) -> Option<Finding> {
        let authenticator = authenticator()?;
        let spf = self.spf(authenticator, answers)?;
        // A name that SPF needs and DNS could not tell makes the whole of it unknown.
        let spf = match answers.was_unsure() {
            true => spf.with_result(SpfResult::TempError),
            false => spf,
        };
        let Some(message) = &self.message else {
            return Some(Finding {
                verdicts: Verdicts {
                    spf: spf_result(spf.result()),
                    dkim: AuthResult::PermError,
                    dmarc: AuthResult::PermError,
                    arc: AuthResult::PermError,
                },
                ..Finding::unknown()
            });
        };
        let keys = Texts::new(answers, Kind::Keys);
        let parameters = Parameters::new(message).with_txt_cache(&keys);
        let mut dkim = authenticator.verify_dkim(parameters).now_or_never()?;
        let again = self.quirk_blank_end(&dkim);
        if let Some(again) = &again {
            let parameters = Parameters::new(again).with_txt_cache(&keys);
            let second = authenticator.verify_dkim(parameters).now_or_never()?;
            for (first, second) in dkim.iter_mut().zip(second) {
                if is_relaxed_mismatch(first) {
                    *first = second;
                }
            }
        }
        let parameters = Parameters::new(message).with_txt_cache(&keys);
        let arc = authenticator.verify_arc(parameters).now_or_never()?;
        let policies = Texts::new(answers, Kind::Policies);
        let addresses = Addresses::new(answers);
        let parameters = Parameters::new(DmarcParameters {
            message,
            dkim_output: &dkim,
            dkim2_output: None,
            rfc5321_mail_from_domain: self.claim.domain(),
            spf_output: &spf,
        })
        .with_txt_cache(&policies)
        .with_ipv4_cache(&addresses);
        let dmarc = authenticator.verify_dmarc(parameters).now_or_never()?;
        let signatures: Vec<Signed> = dkim.iter().map(signed).collect();
        Some(Finding {
            verdicts: Verdicts {
                spf: spf_result(spf.result()),
                dkim: best(&signatures),
                dmarc: dmarc_result(&dmarc.result()),
                arc: dkim_result(arc.result()),
            },
            signatures,
            author: Some(dmarc.domain().to_owned()).filter(|domain| !domain.is_empty()),
            asked: match dmarc.policy() {
                Policy::None | Policy::Unspecified => Asked::Nothing,
                Policy::Quarantine => Asked::Quarantine,
                Policy::Reject => Asked::Reject,
            },
        })
    }

    fn spf(&self, authenticator: &MessageAuthenticator, answers: &Answers) -> Option<SpfOutput> {
        let Claim {
            remote,
            helo,
            from,
            host,
            ..
        } = self.claim;
        // A mapped address is the IPv4 address that it stands for.
        let remote = remote.to_canonical();
        let parameters = match from {
            Some(from) => SpfParameters::verify_mail_from(remote, helo, host, from),
            None => SpfParameters::verify_ehlo(remote, helo, host),
        };
        let (texts, mxs) = (Texts::new(answers, Kind::Senders), Mxs::new(answers));
        let addresses = Addresses::new(answers);
        let parameters = Parameters::new(parameters)
            .with_txt_cache(&texts)
            .with_mx_cache(&mxs)
            .with_ipv4_cache(&addresses)
            .with_ipv6_cache(&addresses)
            .with_ptr_cache(&addresses);
        authenticator.verify_spf(parameters).now_or_never()
    }

    /// mail-auth 0.13.3 hashes a relaxed body wrongly that ends in lines of blanks only, which
    /// RFC 6376 section 3.4.4 says are ignored. Such a signature is looked at once more
    /// without them. Drop this with 0.15, which is right.
    fn quirk_blank_end(&self, dkim: &[DkimOutput<'_>]) -> Option<AuthenticatedMessage<'a>> {
        let trimmed = self.trimmed?;
        if !dkim.iter().any(is_relaxed_mismatch) {
            return None;
        }
        AuthenticatedMessage::parse(trimmed)
    }
}

fn is_relaxed_mismatch(output: &DkimOutput<'_>) -> bool {
    let mismatch = DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch));
    *output.result() == mismatch
        && output
            .signature()
            .is_some_and(|signature| signature.cb == Canonicalization::Relaxed)
}

fn signed(output: &DkimOutput<'_>) -> Signed {
    Signed {
        result: dkim_result(output.result()),
        by: output
            .signature()
            .map(|signature| (signature.d.clone(), signature.s.clone())),
    }
}

/// One that passes is enough; of the rest, the one that says most.
fn best(signatures: &[Signed]) -> AuthResult {
    use AuthResult as R;
    let order = [
        R::Pass,
        R::TempError,
        R::Fail,
        R::Policy,
        R::PermError,
        R::Neutral,
    ];
    order
        .into_iter()
        .find(|wanted| signatures.iter().any(|one| one.result == *wanted))
        .unwrap_or(R::None)
}

/// RFC 8601 section 2.7.1: what a signature does not fit is a failure, what is not taken
/// here is policy.
fn dkim_result(result: &DkimResult) -> AuthResult {
    match result {
        DkimResult::Pass => AuthResult::Pass,
        DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) | DkimResult::Fail(_) => {
            AuthResult::Fail
        }
        DkimResult::Neutral(Error::Dkim(
            DkimError::SignatureExpired | DkimError::SignatureLength,
        )) => AuthResult::Policy,
        DkimResult::Neutral(Error::Arc(_)) => AuthResult::Fail,
        DkimResult::Neutral(_) => AuthResult::Neutral,
        DkimResult::PermError(_) => AuthResult::PermError,
        DkimResult::TempError(_) => AuthResult::TempError,
        DkimResult::None => AuthResult::None,
    }
}

fn dmarc_result(result: &DmarcResult) -> AuthResult {
    match result {
        DmarcResult::Pass => AuthResult::Pass,
        DmarcResult::Fail(_) => AuthResult::Fail,
        DmarcResult::TempError(_) => AuthResult::TempError,
        DmarcResult::PermError(_) => AuthResult::PermError,
        DmarcResult::None => AuthResult::None,
    }
}

fn spf_result(result: SpfResult) -> AuthResult {
    match result {
        SpfResult::Pass => AuthResult::Pass,
        SpfResult::Fail => AuthResult::Fail,
        SpfResult::SoftFail => AuthResult::SoftFail,
        SpfResult::Neutral => AuthResult::Neutral,
        SpfResult::TempError => AuthResult::TempError,
        SpfResult::PermError => AuthResult::PermError,
        SpfResult::None => AuthResult::None,
    }
}
