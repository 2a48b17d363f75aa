//! Files of a console, from this process or from a server, piece by piece.

use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::response::Response;
use http_body_util::BodyExt as _;
use posthouse_server::console::wire::RefusedKind;
use serde_json::Value;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::no::No;

/// Some of a file's bytes.
pub struct Piece(pub Bytes);

/// A file that is there.
pub enum Source {
    /// In this process.
    Here(HeaderMap, Body),
    /// At a server.
    There(reqwest::Response),
}

/// That there is none.
#[must_use]
pub fn missing() -> No {
    No::new(RefusedKind::Missing, "missing", "There is no such file.")
}

/// What an answer of our own has in it.
///
/// # Errors
/// What it says, where it is a refusal.
pub async fn here(response: Response) -> Result<Source, No> {
    let (head, body) = response.into_parts();
    if head.status.is_success() {
        return Ok(Source::Here(head.headers, body));
    }
    let bytes = body.collect().await.map_err(No::internal)?.to_bytes();
    let told: Option<Value> = serde_json::from_slice(&bytes).ok();
    let told = told.filter(|told| told["error"]["message"].is_string());
    Err(told.map_or_else(missing, No))
}

impl Source {
    /// What is said of it.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        match self {
            Self::Here(headers, _) => headers,
            Self::There(response) => response.headers(),
        }
    }

    /// The next of its bytes; None at the end.
    ///
    /// # Errors
    /// Where they break off.
    pub async fn next(&mut self) -> Result<Option<Piece>, No> {
        match self {
            Self::There(response) => {
                let piece = response.chunk().await.map_err(No::internal)?;
                Ok(piece.map(Piece))
            }
            Self::Here(_, body) => loop {
                match body.frame().await {
                    None => return Ok(None),
                    Some(Err(error)) => return Err(No::internal(error)),
                    Some(Ok(frame)) => {
                        if let Ok(piece) = frame.into_data() {
                            return Ok(Some(Piece(piece)));
                        }
                    }
                }
            },
        }
    }

    /// All of it, where it is no more than `most` bytes.
    ///
    /// # Errors
    /// Where it is more, or breaks off.
    pub async fn whole(&mut self, most: usize) -> Result<Vec<u8>, No> {
        let mut bytes = Vec::new();
        while let Some(Piece(piece)) = self.next().await? {
            if bytes.len() + piece.len() > most {
                let words = "The file is too long to be shown: save it.";
                return Err(No::new(RefusedKind::TooLarge, "too_large", words));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

/// A name for a file that is one on every platform and hides nothing.
#[must_use]
pub fn safe(name: &str) -> String {
    let plain = name.chars().map(|one| match one {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        // Those that turn the direction of text around hide an ending.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '_',
        one if one.is_control() => '_',
        one => one,
    });
    let name: String = plain.take(120).collect();
    let name = name.trim_matches([' ', '.']);
    match name.is_empty() {
        true => String::from("file"),
        false => name.to_owned(),
    }
}

/// Puts a file at a place: whole, or not at all.
///
/// # Errors
/// Where it breaks off, or cannot be written.
pub async fn put(source: &mut Source, path: &Path) -> Result<(), No> {
    let cannot = |error: std::io::Error| {
        let words = format!("{} cannot be written: {error}.", path.display());
        No::new(RefusedKind::Conflict, "not_written", words)
    };
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = async {
        let mut file = File::create(&part).await.map_err(cannot)?;
        while let Some(Piece(piece)) = source.next().await? {
            file.write_all(&piece).await.map_err(cannot)?;
        }
        file.sync_all().await.map_err(cannot)?;
        tokio::fs::rename(&part, path).await.map_err(cannot)
    };
    let done = written.await;
    if done.is_err() {
        // What was begun is of no use to anybody.
        let _ = tokio::fs::remove_file(&part).await;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_everywhere() {
        for (given, made) in [
            ("order 9.pdf", "order 9.pdf"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\x.txt", "C__x.txt"),
            ("invoice\u{202e}fdp.exe", "invoice_fdp.exe"),
            (" . ", "file"),
            ("a\nb", "a_b"),
        ] {
            assert_eq!(safe(given), made);
        }
        assert_eq!(safe(&"x".repeat(300)).len(), 120);
    }

    #[tokio::test]
    async fn a_file_is_put_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.eml");
        let mut source = here(Response::new(Body::from("From: a"))).await.unwrap();
        put(&mut source, &path).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "From: a");
        let mut source = here(Response::new(Body::from("x"))).await.unwrap();
        let no = put(&mut source, &folder.path().join("none/a")).await;
        assert_eq!(no.unwrap_err().code(), "not_written");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let mut gone = Response::new(Body::empty());
        *gone.status_mut() = axum::http::StatusCode::NOT_FOUND;
        assert_eq!(here(gone).await.err().unwrap().code(), "missing");
    }
}
