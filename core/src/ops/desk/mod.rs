//! What somebody at a screen asks for: parts of long lists, and changes of several things.

pub mod emails;
pub mod keys;
pub mod mailboxes;
pub mod messages;
pub mod sending;
pub mod suppressions;
pub mod webhooks;

/// Some rows of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T, I> {
    /// The rows.
    pub rows: Vec<T>,
    /// Before what the next part begins; None at the end.
    pub next: Option<I>,
}

/// A text that is looked for in any case of its letters.
#[derive(Clone, Debug)]
struct Needle(Option<String>);

impl Needle {
    fn new(text: Option<String>) -> Self {
        let text = text.map(|text| text.trim().to_lowercase());
        Self(text.filter(|text| !text.is_empty()))
    }

    /// Whether one of these holds it; each does where nothing is looked for.
    fn is_in(&self, texts: &[Option<&str>]) -> bool {
        let Some(needle) = &self.0 else {
            return true;
        };
        let mut texts = texts.iter().flatten();
        texts.any(|text| text.to_lowercase().contains(needle))
    }
}
