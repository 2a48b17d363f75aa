//! The header fields of a message, as they are and as they read.

use super::charset::decode_text;
use super::entity::{Entity, Line, one_line, unstructured};
pub use crate::model::content::Field;

/// The fields in order. At most [`HEADER_FIELDS`](crate::limits::HEADER_FIELDS), and of at
/// most [`HEADER_BYTES`](crate::limits::HEADER_BYTES).
#[must_use]
pub fn fields(raw: &[u8]) -> Vec<Field> {
    Entity::of(raw).fields()
}

/// The untouched header block with the empty line that ends it. Nothing where there is no
/// field.
#[must_use]
pub fn head(raw: &[u8]) -> &[u8] {
    Entity::of(raw).head
}

impl Entity<'_> {
    /// As [`fields`], of one part.
    pub(super) fn fields(&self) -> Vec<Field> {
        self.lines().map(field).collect()
    }
}

fn field(line: Line<'_>) -> Field {
    let name = String::from_utf8_lossy(line.name).into_owned();
    // Blanks within a value have no meaning to anyone who reads encoded words, so they are
    // kept where there are none.
    let value = if line.value.windows(2).any(|pair| pair == b"=?") {
        unstructured(line.value).unwrap_or_default()
    } else {
        unfolded(line.value)
    };
    Field { name, value }
}

/// RFC 5322 2.2.3, but with one blank for each fold.
fn unfolded(value: &[u8]) -> String {
    let lines = value.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    one_line(&decode_text(&lines.join(&b' '), None))
}
