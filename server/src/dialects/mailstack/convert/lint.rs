//! What was found in an email, in words.

use posthouse::model::lint::{Finding, Report, Rule, Severity};

use super::super::wire::answer::{Issue, Lint};

/// The answer; `sentence` says what is wrong with a field.
pub(in super::super) fn lint(report: &Report, sentences: impl IntoIterator<Item = String>) -> Lint {
    let problems = sentences.into_iter().map(|message| Issue {
        code: "invalid_field",
        severity: Severity::Error.as_str(),
        message,
    });
    Lint {
        score: report.score(),
        passed: report.passed(),
        issues: problems.chain(report.findings.iter().map(issue)).collect(),
    }
}

fn issue(finding: &Finding) -> Issue {
    let about = finding.about.join(", ");
    let (code, message) = match finding.rule {
        Rule::UnverifiedDomain => (
            "unverified_domain",
            format!("The from domain {about} is not verified."),
        ),
        Rule::AllSuppressed => (
            "suppressed_recipient",
            format!("Every recipient is suppressed: {about}."),
        ),
        Rule::SomeSuppressed => (
            "suppressed_recipient",
            format!("Suppressed recipients are left out: {about}."),
        ),
        Rule::MissingText => (
            "missing_text",
            String::from("There is no text part for readers without HTML."),
        ),
        Rule::LongSubject => (
            "long_subject",
            format!("The subject has {about} characters; most readers show fewer than 78."),
        ),
        Rule::MissingUnsubscribe => (
            "missing_unsubscribe",
            String::from(
                "This looks like mail to many, and has no List-Unsubscribe header; switch one-click unsubscribing on for its domain.",
            ),
        ),
        Rule::LinkMismatch => (
            "link_mismatch",
            match finding.about.as_slice() {
                [says, leads] => format!("A link says {says} and leads to {leads}."),
                _ => format!("A link leads elsewhere than it says: {about}."),
            },
        ),
        Rule::UnresolvedPlaceholder => (
            "unresolved_placeholder",
            format!("There are no values for: {about}."),
        ),
        Rule::LargeHtml => (
            "large_html",
            format!("The HTML has {about} bytes; large readers cut it behind 104448."),
        ),
    };
    Issue {
        code,
        severity: finding.rule.weight().0.as_str(),
        message,
    }
}
