//! The content type of an attachment: as given, or by its name.

use lettre::message::header::ContentType;

use super::compose::{Attachment, ComposeError, Reason};
use super::header;

/// Keeps a `Content-Type` line within 998 characters wherever it folds.
const CONTENT_TYPE_MAX: usize = 255;

pub(super) fn content_type(file: &Attachment) -> Result<ContentType, ComposeError> {
    let fail = |reason: Reason| reason.of("attachment.content_type");
    let Some(given) = file.content_type.as_deref() else {
        let known = by_extension(&file.name);
        return Ok(ContentType::parse(known).expect("every type of the table parses"));
    };
    header::refuse_controls(given).map_err(fail)?;
    if !given.is_ascii() {
        return Err(fail(Reason::NotAscii));
    }
    if given.len() > CONTENT_TYPE_MAX {
        return Err(fail(Reason::TooLong));
    }
    if !is_leaf_type(given) {
        return Err(fail(Reason::Malformed));
    }
    ContentType::parse(given).map_err(|_| fail(Reason::Malformed))
}

/// Whether it begins with `type/subtype`, two tokens (RFC 2045 5.1), of a type
/// that an attachment can have: it is encoded, and a composite type may not be
/// (RFC 2045 6.4).
fn is_leaf_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let Some((kind, subtype)) = essence.trim_matches(' ').split_once('/') else {
        return false;
    };
    let token = |text: &str| {
        let part = |b: u8| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b);
        !text.is_empty() && text.bytes().all(part)
    };
    let composite = ["multipart", "message"];
    token(kind) && token(subtype) && !composite.iter().any(|c| kind.eq_ignore_ascii_case(c))
}

fn by_extension(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "jpeg" | "jpg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "ics" | "ical" => "text/calendar",
        "xml" => "application/xml",
        "json" => "application/json",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "dwg" => "image/vnd.dwg",
        _ => "application/octet-stream",
    }
}
