//! Mail that is kept here, as a person reads it.

use posthouse::clock::Timestamp;
use posthouse::ids::MessageId;
use posthouse::mime::content::content;
use posthouse::mime::headers::fields;
use posthouse::mime::page;
use posthouse::mime::read::{Summary, summary};
use posthouse::model::content::{Content, Field};
use posthouse::model::domain::Switch;
use posthouse::model::mailbox::{Marking, Message};
use posthouse::model::organization::Role;
use posthouse::ops::desk::messages::{Marks, Wanted};

use super::call::Call;
use super::convert::{addresses, limit, number, page as paged, time};
use super::trouble::Outcome;
use super::wire::{
    AttachmentShown, ById, Folder, Header, MessageHtml, MessageHtmlAsked, MessageMark, MessageMove,
    MessageRemove, MessageRow, MessageShown, MessagesAsked, MessagesChanged, Page, TraceShown,
    Verdicts,
};

pub(super) fn row(message: Message) -> MessageRow {
    MessageRow {
        id: message.id.0,
        mailbox: message.address,
        from: message.from,
        subject: message.subject,
        at: time(message.received_at),
        size_bytes: message.size_bytes,
        seen: message.seen,
        starred: message.starred_by.is_some(),
        folder: message.folder.into(),
        attachments: message
            .content
            .map(|content| content.attachments.len() as u64),
    }
}

pub async fn list(call: Call, asked: MessagesAsked) -> Outcome<Page<MessageRow>> {
    let caller = call.caller(Role::Reader)?;
    let wanted = Wanted {
        address: asked.mailbox,
        folder: asked.folder.map(Into::into),
        text: asked.search,
        before: number(asked.before.as_deref())?.map(MessageId),
    };
    let rows = limit(asked.limit);
    let found = call.engine.messages_wanted(caller, wanted, rows).await?;
    let rows = found.rows.into_iter().map(row).collect();
    Ok(paged(rows, found.next, None))
}

/// What is read of a message's bytes.
struct Read {
    summary: Summary,
    content: Content,
    fields: Vec<Field>,
    text: String,
}

impl Read {
    fn of(raw: &[u8]) -> Self {
        Self {
            summary: summary(raw),
            content: content(raw),
            fields: fields(raw),
            text: page::text(raw),
        }
    }

    /// As far as the bytes themselves tell: kept nowhere, seen, and of their own date.
    fn shown(self, base: &str) -> MessageShown {
        let Self {
            summary,
            content,
            fields,
            text,
        } = self;
        let list = |text: &Option<String>| text.as_deref().map(addresses).unwrap_or_default();
        let attachments = summary
            .attachments
            .into_iter()
            .enumerate()
            .map(|(at, one)| AttachmentShown {
                name: one.name,
                content_type: one.content_type,
                size_bytes: one.size_bytes,
                inline: one.inline,
                url: format!("{base}/attachment/{at}"),
            });
        let headers = fields.into_iter().map(|field| Header {
            name: field.name,
            value: field.value,
        });
        let reply_to = content.reply_to.iter().map(|one| one.address.clone());
        let date = summary.date_ms.map(|ms| time(Timestamp(ms)));
        MessageShown {
            id: 0,
            mailbox: String::new(),
            from: summary.from.unwrap_or_default(),
            to: list(&summary.to),
            cc: list(&summary.cc),
            reply_to: reply_to.collect(),
            subject: summary.subject,
            at: date.clone().unwrap_or_default(),
            date,
            message_id: summary.message_id,
            size_bytes: 0,
            seen: true,
            starred: false,
            folder: Folder::Inbox,
            labels: Vec::new(),
            email: None,
            headers: headers.collect(),
            text,
            has_html: summary.html.is_some(),
            html_url: summary.html.is_some().then(|| format!("{base}/html")),
            attachments: attachments.collect(),
            links: content.links,
            verdicts: None,
            trace: None,
            raw_url: format!("{base}/raw"),
        }
    }
}

/// A mail that is kept nowhere.
pub(super) fn of_file(raw: &[u8], base: &str) -> MessageShown {
    MessageShown {
        size_bytes: raw.len() as u64,
        ..Read::of(raw).shown(base)
    }
}

pub async fn show(call: Call, asked: ById) -> Outcome<MessageShown> {
    let caller = call.caller(Role::Reader)?;
    let id = MessageId(asked.id);
    let (message, raw) = call.engine.message_raw(caller, id).await?;
    let read = tokio::task::spawn_blocking(move || Read::of(&raw))
        .await
        .map_err(posthouse::error::internal)?;
    let email = match message.email {
        Some(id) => {
            let found = call.engine.email(caller, id).await;
            found.ok().map(|one| one.email.uuid.to_string())
        }
        None => None,
    };
    Ok(shown(message, read, email))
}

fn shown(message: Message, read: Read, email: Option<String>) -> MessageShown {
    let trace = message.trace.as_ref();
    let verdicts = trace.and_then(|trace| trace.verdicts).map(|all| Verdicts {
        spf: all.spf.into(),
        dkim: all.dkim.into(),
        dmarc: all.dmarc.into(),
        arc: all.arc.into(),
    });
    let trace = trace.map(|trace| TraceShown {
        remote: trace.remote.clone(),
        helo: trace.helo.clone(),
        tls: trace.tls.clone(),
        envelope_from: trace.from.clone(),
    });
    let from = read.summary.from.clone();
    MessageShown {
        id: message.id.0,
        mailbox: message.address,
        from: from.unwrap_or(message.from),
        at: time(message.received_at),
        size_bytes: message.size_bytes,
        seen: message.seen,
        starred: message.starred_by.is_some(),
        folder: message.folder.into(),
        labels: message.labels,
        email,
        verdicts,
        trace,
        ..read.shown(&format!("/console/files/message/{}", message.id))
    }
}

/// What is opened is read from then on.
pub async fn open(call: Call, asked: ById) -> Outcome<MessageShown> {
    let marks = Marks {
        marking: Some(Marking::Read),
        ..Marks::default()
    };
    let id = asked.id;
    let mut shown = show(call.clone(), asked).await?;
    if !shown.seen {
        marked(call, vec![id], marks).await?;
        shown.seen = true;
    }
    Ok(shown)
}

pub async fn html(call: Call, asked: MessageHtmlAsked) -> Outcome<MessageHtml> {
    let caller = call.caller(Role::Reader)?;
    let (_, raw) = call.engine.message_raw(caller, MessageId(asked.id)).await?;
    let cleaned = tokio::task::spawn_blocking(move || {
        let images = match asked.remote {
            true => page::Images::Remote,
            false => page::Images::None,
        };
        MessageHtml {
            html: page::readable(&raw, images),
            has_remote: page::has_remote_images(&raw),
        }
    });
    Ok(cleaned.await.map_err(posthouse::error::internal)?)
}

fn ids(all: Vec<i64>) -> Vec<MessageId> {
    all.into_iter().map(MessageId).collect()
}

async fn marked(call: Call, all: Vec<i64>, marks: Marks) -> Outcome<MessagesChanged> {
    let caller = call.caller(Role::Member)?;
    let messages = call.engine.mark_messages(caller, ids(all), marks).await?;
    Ok(MessagesChanged { messages })
}

pub async fn mark(call: Call, asked: MessageMark) -> Outcome<MessagesChanged> {
    let marks = Marks {
        marking: asked.seen.map(|seen| match seen {
            true => Marking::Read,
            false => Marking::Unread,
        }),
        starred: asked.starred.map(|on| match on {
            true => Switch::On,
            false => Switch::Off,
        }),
        folder: None,
    };
    marked(call, asked.ids, marks).await
}

pub async fn shift(call: Call, asked: MessageMove) -> Outcome<MessagesChanged> {
    let marks = Marks {
        folder: Some(asked.folder.into()),
        ..Marks::default()
    };
    marked(call, asked.ids, marks).await
}

pub async fn remove(call: Call, asked: MessageRemove) -> Outcome<MessagesChanged> {
    let caller = call.caller(Role::Member)?;
    let messages = call.engine.remove_messages(caller, ids(asked.ids)).await?;
    Ok(MessagesChanged { messages })
}
