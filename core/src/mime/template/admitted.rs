//! What the gate lets through, and the way back to the source.

use super::tag::Piece;

/// Why a template does not pass.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Where in the source.
    pub(super) at: usize,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }

    pub(super) fn unexpected(piece: &Piece<'_>) -> Self {
        Self::new(piece.at, format!("unexpected `{}`", piece.text))
    }
}

/// A template as the engine gets it. It has as many lines as its source.
#[derive(Debug, Default)]
pub(super) struct Admitted<'s> {
    pub(super) text: String,
    /// Every path that is looked up, in order.
    pub(super) paths: Vec<&'s str>,
    /// Where pieces begin, in `text` and in the source.
    places: Vec<(usize, usize)>,
    /// Where tags begin, as `places`.
    tags: Vec<(usize, usize)>,
}

impl Admitted<'_> {
    /// What is written next comes from here in the source.
    pub(super) fn mark(&mut self, at: usize) {
        self.places.push((self.text.len(), at));
    }

    /// As `mark`, for a tag.
    pub(super) fn mark_tag(&mut self, at: usize) {
        self.mark(at);
        self.tags.push((self.text.len(), at));
    }

    /// Where in the source the tag or text is that `at` of the text is in.
    pub(super) fn place(&self, at: usize) -> usize {
        let next = self.places.partition_point(|(text, _)| *text <= at);
        next.checked_sub(1).map_or(0, |last| self.places[last].1)
    }

    /// Where in the source the first tag on a line is, counted from 1, or
    /// where the line begins.
    pub(super) fn place_of_line(&self, line: usize) -> usize {
        let mut starts = self.text.match_indices('\n').map(|(at, _)| at + 1);
        let start = match line.checked_sub(2) {
            None => 0,
            Some(before) => starts.nth(before).unwrap_or(self.text.len()),
        };
        let next = self.tags.partition_point(|(text, _)| *text < start);
        let tag = self.tags.get(next);
        tag.filter(|(text, _)| !self.text[start..*text].contains('\n'))
            .map_or_else(|| self.place(start), |(_, source)| *source)
    }
}
