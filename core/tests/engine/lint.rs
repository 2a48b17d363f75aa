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

#[tokio::test]
async fn each_rule_finds_what_it_is_for() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let suppressed = world.engine.suppress(
        &sender.operator,
        None,
        "no@y.test",
        (SuppressionReason::Manual, None),
    );
    assert!(suppressed.await.unwrap());
    let html = |html: &str| Submission {
        html: Some(html.into()),
        ..good()
    };
    let to = |to: &str| Submission {
        to: Some(to.into()),
        ..good()
    };
    let variables = |json: serde_json::Value| json.as_object().cloned();
    for (submission, score, passed, expected) in [
        (good(), 100, true, ""),
        (
            Submission {
                from: Some("a@other.test".into()),
                ..good()
            },
            60,
            false,
            "unverified-domain other.test",
        ),
        (to("no@y.test"), 60, false, "all-suppressed no@y.test"),
        (
            Submission {
                cc: Some("no@y.test".into()),
                list_unsubscribe: Some("<mailto:u@d.test>".into()),
                ..good()
            },
            90,
            true,
            "some-suppressed no@y.test",
        ),
        (
            Submission {
                text: None,
                ..good()
            },
            90,
            true,
            "missing-text",
        ),
        (
            Submission {
                html: None,
                ..good()
            },
            100,
            true,
            "",
        ),
        (
            Submission {
                subject: Some("é".repeat(79)),
                ..good()
            },
            95,
            true,
            "long-subject 79",
        ),
        (to("x@y.test, z@y.test"), 90, true, "missing-unsubscribe"),
        (
            Submission {
                subject: Some("Winter sale".into()),
                ..good()
            },
            90,
            true,
            "missing-unsubscribe",
        ),
        (
            html("<a href='https://evil.test/'>https://bank.test/</a>"),
            70,
            false,
            "link-mismatch bank.test evil.test",
        ),
        (
            Submission {
                subject: Some("Hi {{name}}".into()),
                html: Some("{{ a.b }} {{ name }} {{ known }}".into()),
                variables: variables(json!({"known": 0, "a": {}})),
                ..good()
            },
            80,
            true,
            "unresolved-placeholder name a.b",
        ),
        (html("{{ as it stands }"), 100, true, ""),
        (html("{{ name }}"), 80, true, "unresolved-placeholder name"),
        (
            html(&"x".repeat(102 * 1024 + 1)),
            90,
            true,
            "large-html 104449",
        ),
    ] {
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
