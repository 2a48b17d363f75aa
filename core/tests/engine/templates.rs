//! Templates: drafts, published versions, and mail that is made from them.

use posthouse::Error;
use posthouse::error::{Conflict, Field, Missing, Reason};
use posthouse::model::email::Submission;
use posthouse::model::key::Mode;
use posthouse::model::template::{Publication, TemplateText};
use posthouse::ops::emails::EmailRef;
use posthouse::ops::templates::TemplateChange;
use serde_json::{Map, Value, json};

use crate::batches::{organization_key, own};
use crate::world::World;

fn text(subject: &str, html: &str) -> TemplateText {
    TemplateText {
        subject: Some(subject.into()),
        html: Some(html.into()),
        text: None,
    }
}

fn variables(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[tokio::test]
async fn mail_is_made_from_what_was_published_last() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    let operator = &sender.operator;
    let made = world
        .engine
        .create_template(
            operator,
            "welcome",
            text("Hi {{ name }}", "<p>{{ name }}</p>"),
        )
        .await
        .unwrap();
    assert_eq!((made.publication, made.version), (Publication::Draft, 0));
    let from_template = || Submission {
        template: Some(made.uuid.to_string()),
        variables: Some(variables(json!({"name": "Kim & <Lee>"}))),
        subject: None,
        text: None,
        ..own("kim@far.test")
    };
    let early = world.engine.send(&caller, from_template()).await;
    let unpublished = [Field::Template.problem(Reason::Unpublished)];
    assert!(matches!(early, Err(Error::Invalid(problems)) if problems == unpublished));
    let published = world
        .engine
        .publish_template(operator, made.uuid)
        .await
        .unwrap();
    assert_eq!(published.version, 1);
    let change = TemplateChange {
        subject: Some(Some("Changed".into())),
        ..TemplateChange::default()
    };
    let changed = world.engine.set_template(operator, made.uuid, change);
    assert_eq!(
        changed.await.unwrap().draft.subject.as_deref(),
        Some("Changed")
    );
    let sent = world.engine.send(&caller, from_template()).await.unwrap();
    let content = world
        .engine
        .email_content(&caller, EmailRef::Uuid(sent.uuid))
        .await
        .unwrap();
    let subject = content.standing.email.fields.subject;
    assert_eq!(subject.as_deref(), Some("Hi Kim & <Lee>"));
    let html = content.html.unwrap();
    assert_eq!(html.trim_end(), "<p>Kim &amp; &lt;Lee&gt;</p>");
    world
        .engine
        .remove_template(operator, made.uuid)
        .await
        .unwrap();
    let gone = world.engine.send(&caller, from_template()).await;
    let unknown = [Field::Template.problem(Reason::Unknown)];
    assert!(matches!(gone, Err(Error::Invalid(problems)) if problems == unknown));
}

#[tokio::test]
async fn a_broken_template_is_refused_where_it_is_broken() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let broken = text("Hi", "<p>\n  {{ name\n</p>");
    let refused = world
        .engine
        .create_template(&sender.operator, "broken", broken)
        .await;
    let Err(Error::Invalid(problems)) = refused else {
        panic!("saved")
    };
    assert_eq!(problems.len(), 1);
    assert_eq!(
        (problems[0].field, problems[0].reason),
        (Field::Html, Reason::Malformed)
    );
    let detail = problems[0].detail.as_deref().unwrap();
    assert!(detail.starts_with("line 3, column 2"), "{detail}");
    let operator = &sender.operator;
    let fine = || {
        world
            .engine
            .create_template(operator, "fine", text("a", "b"))
    };
    let first = fine().await.unwrap();
    assert!(matches!(
        fine().await,
        Err(Error::Conflict(Conflict::Taken))
    ));
    let shown = world
        .engine
        .preview_template(operator, first.uuid, Map::new())
        .await
        .unwrap();
    assert_eq!(shown, text("a", "b"));
    let nil = world.engine.template(operator, uuid::Uuid::nil()).await;
    assert!(matches!(nil, Err(Error::Missing(Missing::Template))));
}

#[tokio::test]
async fn placeholders_are_filled_only_when_there_are_values_or_a_template() {
    let world = World::new().await;
    let sender = world.sender(Mode::Capture).await;
    let caller = organization_key(&world, &sender, Mode::Capture).await;
    let subject_of = async |given: Option<Value>| {
        let submission = Submission {
            subject: Some("{{ a }}!".into()),
            variables: given.map(variables),
            ..own("x@far.test")
        };
        let sent = world.engine.send(&caller, submission).await.unwrap();
        let found = world.engine.email(&caller, EmailRef::Uuid(sent.uuid)).await;
        found.unwrap().email.fields.subject.unwrap()
    };
    assert_eq!(subject_of(None).await, "{{ a }}!");
    assert_eq!(subject_of(Some(json!({"a": 1}))).await, "1!");
    assert_eq!(subject_of(Some(json!({}))).await, "!");
    let injected = Submission {
        subject: Some("{{ a }}".into()),
        variables: Some(variables(json!({"a": "x\r\nBcc: y@z.test"}))),
        ..own("x@far.test")
    };
    let refused = world.engine.send(&caller, injected).await;
    let expected = [Field::Subject.problem(Reason::Malformed)];
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems == expected));
}
