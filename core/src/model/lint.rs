//! What is likely to keep an email from arriving, or from being liked when it does.

use super::words::words;
use crate::error::Problem;

words! {
    /// What an email is looked at for.
    Rule {
        /// Its sender's domain is not verified.
        UnverifiedDomain = "unverified-domain",
        /// All of its recipients are suppressed.
        AllSuppressed = "all-suppressed",
        /// Some of its recipients are suppressed.
        SomeSuppressed = "some-suppressed",
        /// There is html, and no text for readers without it.
        MissingText = "missing-text",
        /// The subject is cut off in most lists of mail.
        LongSubject = "long-subject",
        /// It looks like mail to many, and nothing says how to get off the list.
        MissingUnsubscribe = "missing-unsubscribe",
        /// The text of a link names another host than the link leads to.
        LinkMismatch = "link-mismatch",
        /// There is nothing to stand for a placeholder.
        UnresolvedPlaceholder = "unresolved-placeholder",
        /// Large readers cut html of this size.
        LargeHtml = "large-html",
    }

    /// How bad it is.
    Severity {
        /// It is refused, or nobody should send it.
        Error = "error",
        /// It goes, and may be worth another look.
        Warning = "warning",
    }
}

/// What a problem of a field takes off the score.
const PROBLEM_WEIGHT: u32 = 40;
/// The score of an email that nothing was found in.
const FULL: u32 = 100;

impl Rule {
    /// How bad it is, and what it takes off the score.
    #[must_use]
    pub const fn weight(self) -> (Severity, u32) {
        match self {
            Self::UnverifiedDomain | Self::AllSuppressed => (Severity::Error, 40),
            Self::LinkMismatch => (Severity::Error, 30),
            Self::UnresolvedPlaceholder => (Severity::Warning, 20),
            Self::SomeSuppressed
            | Self::MissingText
            | Self::MissingUnsubscribe
            | Self::LargeHtml => (Severity::Warning, 10),
            Self::LongSubject => (Severity::Warning, 5),
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub rule: Rule,
    /// Which parts of the email: a domain, addresses, hosts, placeholders, or a number.
    pub about: Vec<String>,
}

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What sending would refuse, in the order of the fields.
    pub problems: Vec<Problem>,
    /// The rest, in the order of the rules.
    pub findings: Vec<Finding>,
}

impl Report {
    /// From 0 to 100.
    #[must_use]
    pub fn score(&self) -> u32 {
        let problems = self.problems.iter().map(|_| PROBLEM_WEIGHT);
        let findings = self.findings.iter().map(|one| one.rule.weight().1);
        FULL.saturating_sub(problems.chain(findings).sum())
    }

    /// Whether nothing bad was found.
    #[must_use]
    pub fn passed(&self) -> bool {
        let bad = |one: &Finding| one.rule.weight().0 == Severity::Error;
        self.problems.is_empty() && !self.findings.iter().any(bad)
    }
}
