//! What templates under work come to, kept for a moment: a page shows it in a frame, by its
//! address, so that it has a policy of its own.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use posthouse::ids::OrganizationId;

/// So many are kept: one a person who writes, and some.
const KEPT: usize = 32;

struct Preview {
    token: String,
    of: OrganizationId,
    html: String,
}

/// The last ones.
#[derive(Default)]
pub struct Previews(Mutex<VecDeque<Preview>>);

impl Previews {
    fn all(&self) -> MutexGuard<'_, VecDeque<Preview>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one of this organization under a token that nobody guesses.
    pub fn keep(&self, of: OrganizationId, token: String, html: String) {
        let mut all = self.all();
        all.truncate(KEPT - 1);
        all.push_front(Preview { token, of, html });
    }

    /// The one under this token, of this organization only.
    pub fn found(&self, of: OrganizationId, token: &str) -> Option<String> {
        let all = self.all();
        let mut found = all.iter().filter(|one| one.of == of && one.token == token);
        found.next().map(|one| one.html.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_found_by_its_organization_until_others_came() {
        let previews = Previews::default();
        let (ours, theirs) = (OrganizationId(1), OrganizationId(2));
        let keep = |token: usize| previews.keep(ours, token.to_string(), format!("<p>{token}"));
        keep(0);
        assert_eq!(previews.found(ours, "0").as_deref(), Some("<p>0"));
        assert_eq!(previews.found(theirs, "0"), None);
        assert_eq!(previews.found(ours, "1"), None);
        (1..KEPT).for_each(keep);
        assert!(previews.found(ours, "0").is_some());
        keep(KEPT);
        assert_eq!(previews.found(ours, "0"), None);
        assert_eq!(previews.all().len(), KEPT);
    }
}
