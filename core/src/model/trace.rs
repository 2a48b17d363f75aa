//! How a message came (trace information, RFC 5321 section 4.4) and what was made of it.

use super::words::words;

words! {
    /// What a check of a message's origin came to (RFC 8601 section 2.7).
    AuthResult {
        /// There was nothing to check.
        None = "none",
        /// It is what it says.
        Pass = "pass",
        /// It is not.
        Fail = "fail",
        /// It is probably not.
        SoftFail = "softfail",
        /// The domain does not say.
        Neutral = "neutral",
        /// It passed, but is not acceptable here.
        Policy = "policy",
        /// DNS did not answer; nothing is known.
        TempError = "temperror",
        /// What the domain publishes cannot be read.
        PermError = "permerror",
    }
}

/// The checks of a message's origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// RFC 7208.
    pub spf: AuthResult,
    /// RFC 6376.
    pub dkim: AuthResult,
    /// RFC 7489.
    pub dmarc: AuthResult,
    /// RFC 8617.
    pub arc: AuthResult,
}

/// How a message came over SMTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The peer's address.
    pub remote: String,
    /// Our own address that it came to.
    pub local: String,
    /// What the peer called itself.
    pub helo: String,
    /// The TLS version and cipher, if there was TLS.
    pub tls: Option<String>,
    /// The reverse-path; None for the null one.
    pub from: Option<String>,
    /// What the checks came to; None where they were not made.
    pub verdicts: Option<Verdicts>,
}
