//! What a message says and how it came, as JSON in a column.

use serde::{Deserialize, Serialize};

use crate::error::{Result, internal};
use crate::model::content::{Content, Named};
use crate::model::trace::{AuthResult, Trace, Verdicts};

/// An address with its name.
#[derive(Serialize, Deserialize)]
struct NamedRow(String, String);

#[derive(Serialize, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct ContentRow {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    from: Vec<NamedRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<NamedRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cc: Vec<NamedRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bcc: Vec<NamedRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reply_to: Vec<NamedRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_ms: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<String>,
}

fn rows(list: &[Named]) -> Vec<NamedRow> {
    list.iter()
        .map(|one| NamedRow(one.address.clone(), one.name.clone()))
        .collect()
}

fn names(rows: Vec<NamedRow>) -> Vec<Named> {
    rows.into_iter()
        .map(|NamedRow(address, name)| Named { address, name })
        .collect()
}

/// The column for `content`.
pub(super) fn write_content(content: &Content) -> Result<String> {
    let Content {
        from,
        to,
        cc,
        bcc,
        reply_to,
        subject,
        message_id,
        in_reply_to,
        date_ms,
        links,
        attachments,
    } = content;
    serde_json::to_string(&ContentRow {
        from: rows(from),
        to: rows(to),
        cc: rows(cc),
        bcc: rows(bcc),
        reply_to: rows(reply_to),
        subject: subject.clone(),
        message_id: message_id.clone(),
        in_reply_to: in_reply_to.clone(),
        date_ms: *date_ms,
        links: links.clone(),
        attachments: attachments.clone(),
    })
    .map_err(internal)
}

/// What the column says.
pub(super) fn read_content(column: &str) -> serde_json::Result<Content> {
    let row: ContentRow = serde_json::from_str(column)?;
    Ok(Content {
        from: names(row.from),
        to: names(row.to),
        cc: names(row.cc),
        bcc: names(row.bcc),
        reply_to: names(row.reply_to),
        subject: row.subject,
        message_id: row.message_id,
        in_reply_to: row.in_reply_to,
        date_ms: row.date_ms,
        links: row.links,
        attachments: row.attachments,
    })
}

#[derive(Serialize, Deserialize)]
struct TraceRow {
    remote: String,
    local: String,
    helo: String,
    tls: Option<String>,
    from: Option<String>,
    /// SPF, DKIM, DMARC and ARC.
    verdicts: Option<[String; 4]>,
}

/// The column for `trace`.
pub(super) fn write_trace(trace: &Trace) -> Result<String> {
    serde_json::to_string(&TraceRow {
        remote: trace.remote.clone(),
        local: trace.local.clone(),
        helo: trace.helo.clone(),
        tls: trace.tls.clone(),
        from: trace.from.clone(),
        verdicts: trace
            .verdicts
            .map(|v| [v.spf, v.dkim, v.dmarc, v.arc].map(|result| result.as_str().to_owned())),
    })
    .map_err(internal)
}

/// What the column says; None when it has a word that is not ours.
pub(super) fn read_trace(column: &str) -> Option<Trace> {
    let row: TraceRow = serde_json::from_str(column).ok()?;
    let verdicts = match row.verdicts {
        None => None,
        Some([spf, dkim, dmarc, arc]) => Some(Verdicts {
            spf: AuthResult::parse(&spf)?,
            dkim: AuthResult::parse(&dkim)?,
            dmarc: AuthResult::parse(&dmarc)?,
            arc: AuthResult::parse(&arc)?,
        }),
    };
    Some(Trace {
        remote: row.remote,
        local: row.local,
        helo: row.helo,
        tls: row.tls,
        from: row.from,
        verdicts,
    })
}
