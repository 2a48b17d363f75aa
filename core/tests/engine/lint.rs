//! What is found in an email before it is sent.

use posthouse::error::{Field, Reason};
use posthouse::model::email::{SenderTerms, SubjectTerms, Submission, SuppressedTerms, Terms};
use posthouse::model::key::Mode;
use posthouse::model::lint::{Report, Rule};
use posthouse::model::suppression::SuppressionReason;
use posthouse::model::template::TemplateText;
use serde_json::json;

use crate::world::{Sender, World, email};

const OWN: Terms = Terms {
    sender: SenderTerms::OwnDomain,
    suppressed: SuppressedTerms::Skip,
    subject: SubjectTerms::Required,
    ..Terms::ORDINARY
};

fn good() -> Submission {
    Submission {
        terms: OWN,
        html: Some("<p>text</p>".into()),
        ..email("x@y.test")
    }
}

async fn found(world: &World, sender: &Sender, submission: Submission) -> Report {
    world.engine.lint(&sender.caller, submission).await.unwrap()
}

/// Rules and what they are about, in one line.
fn told(report: &Report) -> String {
    let findings = report.findings.iter();
    let words: Vec<String> = findings
        .map(|one| format!("{} {}", one.rule, one.about.join(" ")))
        .map(|line| line.trim().to_owned())
        .collect();
    words.join("; ")
}

/// An email, its score, whether it passes, and what is told of it.
type Case = (Submission, u32, bool, &'static str);

async fn judge(cases: Vec<Case>) {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let suppressed = world.engine.suppress(
        &sender.operator,
        None,
        "no@y.test",
        (SuppressionReason::Manual, None),
    );
    assert!(suppressed.await.unwrap());
    for (submission, score, passed, expected) in cases {
        let report = found(&world, &sender, submission).await;
        assert_eq!(told(&report), expected);
        assert_eq!(
            (report.score(), report.passed()),
            (score, passed),
            "{expected}"
        );
        assert_eq!(report.problems, [], "{expected}");
    }
}

#[tokio::test]
async fn who_sends_and_who_receives() {
    let to = |to: &str| Submission {
        to: Some(to.into()),
        ..good()
    };
    let other = Submission {
        from: Some("a@other.test".into()),
        ..good()
    };
    let some = Submission {
        cc: Some("no@y.test".into()),
        list_unsubscribe: Some("<mailto:u@d.test>".into()),
        ..good()
    };
    judge(vec![
        (good(), 100, true, ""),
        (other, 60, false, "unverified-domain other.test"),
        (to("no@y.test"), 60, false, "all-suppressed no@y.test"),
        (some, 90, true, "some-suppressed no@y.test"),
        (to("x@y.test, z@y.test"), 90, true, "missing-unsubscribe"),
    ])
    .await;
}

#[tokio::test]
async fn what_it_says() {
    let html = |html: &str| Submission {
        html: Some(html.into()),
        ..good()
    };
    let subject = |subject: &str| Submission {
        subject: Some(subject.into()),
        ..good()
    };
    let values = Submission {
        subject: Some("Hi {{name}}".into()),
        variables: json!({"known": 0, "a": {}}).as_object().cloned(),
        ..html("{{ a.b }} {{ name }} {{ known }}")
    };
    let only = |html: Option<&str>, text: Option<&str>| Submission {
        html: html.map(str::to_owned),
        text: text.map(str::to_owned),
        ..good()
    };
    let lie = "<a href='https://evil.test/'>https://bank.test/</a>";
    let large = "x".repeat(102 * 1024 + 1);
    judge(vec![
        (only(Some("<p>"), None), 90, true, "missing-text"),
        (only(None, Some("text")), 100, true, ""),
        (subject(&"é".repeat(79)), 95, true, "long-subject 79"),
        (subject("Winter sale"), 90, true, "missing-unsubscribe"),
        (html(lie), 70, false, "link-mismatch bank.test evil.test"),
        (values, 80, true, "unresolved-placeholder name a.b"),
        (html("{{ as it stands }"), 100, true, ""),
        (html("{{ name }}"), 80, true, "unresolved-placeholder name"),
        (html(&large), 90, true, "large-html 104449"),
    ])
    .await;
}

#[tokio::test]
async fn what_sending_would_refuse_is_told_too_and_nothing_is_kept() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let wrong = Submission {
        to: Some("nobody".into()),
        subject: None,
        ..good()
    };
    let report = found(&world, &sender, wrong).await;
    let problems = [
        Field::To.problem(Reason::Malformed).of("nobody"),
        Field::Subject.problem(Reason::Absent),
    ];
    assert_eq!(report.problems, problems);
    assert_eq!((report.score(), report.passed()), (20, false));
    let worst = Submission {
        terms: OWN,
        ..Submission::default()
    };
    let report = found(&world, &sender, worst).await;
    assert_eq!(report.score(), 0);
    found(&world, &sender, good()).await;
    let kept = world
        .engine
        .emails(&sender.operator, Default::default(), 10)
        .await
        .unwrap();
    assert!(kept.is_empty());
}

#[tokio::test]
async fn a_template_is_looked_at_with_its_values() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let draft = TemplateText {
        subject: Some("Hi {{ name }}".into()),
        html: None,
        text: Some("{{ order.id }}".into()),
    };
    let made = world
        .engine
        .create_template(&sender.operator, "t", draft)
        .await
        .unwrap();
    let with = || Submission {
        subject: None,
        text: None,
        html: None,
        template: Some(made.uuid.to_string()),
        variables: json!({"order": {"id": 7}}).as_object().cloned(),
        ..good()
    };
    let draft = found(&world, &sender, with()).await;
    assert_eq!(
        draft.problems,
        [Field::Template.problem(Reason::Unpublished)]
    );
    let published = world.engine.publish_template(&sender.operator, made.uuid);
    published.await.unwrap();
    let report = found(&world, &sender, with()).await;
    assert_eq!(report.problems, []);
    let rules: Vec<_> = report.findings.iter().map(|one| one.rule).collect();
    assert_eq!(rules, [Rule::UnresolvedPlaceholder]);
    assert_eq!(report.findings[0].about, ["name"]);
}
