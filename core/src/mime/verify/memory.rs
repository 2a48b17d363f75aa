//! What DNS said lately: much mail comes from few domains.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Answer, Question};
use crate::clock::Timestamp;
use crate::limits::{ANSWER_BYTES, ANSWER_KEPT, ANSWERS_KEPT, NO_ANSWER_KEPT};

/// Answers, each for a short while.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<Question, Kept>>);

#[derive(Debug)]
struct Kept {
    answer: Answer,
    until: Timestamp,
}

impl Memory {
    /// The answer to a question, where it was given lately.
    #[must_use]
    pub fn find(&self, question: &Question, now: Timestamp) -> Option<Answer> {
        let kept = self.lock();
        let kept = kept.get(question).filter(|kept| now < kept.until)?;
        Some(kept.answer.clone())
    }

    /// Keeps an answer.
    pub fn keep(&self, question: Question, answer: Answer, now: Timestamp) {
        if size(&answer) > ANSWER_BYTES {
            return;
        }
        let until = now.plus(match answer {
            // Nobody knows, for now.
            Answer::Unsure => NO_ANSWER_KEPT,
            Answer::Texts(_) | Answer::Exchangers(_) | Answer::Addresses(_) | Answer::Absent => {
                ANSWER_KEPT
            }
        });
        let mut kept = self.lock();
        if kept.len() >= ANSWERS_KEPT {
            kept.retain(|_, one| now < one.until);
        }
        if kept.len() >= ANSWERS_KEPT {
            kept.clear();
        }
        kept.insert(question, Kept { answer, until });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Question, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(answer: &Answer) -> usize {
    match answer {
        Answer::Texts(list) | Answer::Exchangers(list) => list.iter().map(String::len).sum(),
        Answer::Addresses(list) => list.len() * 17,
        Answer::Absent | Answer::Unsure => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str) -> Question {
        Question::Texts(name.to_owned())
    }

    #[test]
    fn an_answer_is_kept_for_a_while_and_a_failure_shorter() {
        let memory = Memory::default();
        let start = Timestamp(1_000);
        let yes = Answer::Texts(vec![String::from("v=spf1 -all")]);
        memory.keep(texts("a.test"), yes.clone(), start);
        memory.keep(texts("b.test"), Answer::Unsure, start);
        assert_eq!(memory.find(&texts("a.test"), start), Some(yes.clone()));
        assert_eq!(memory.find(&texts("b.test"), start), Some(Answer::Unsure));
        assert_eq!(
            memory.find(&Question::Addresses(String::from("a.test")), start),
            None
        );
        let later = start.plus(NO_ANSWER_KEPT);
        assert_eq!(memory.find(&texts("a.test"), later), Some(yes));
        assert_eq!(memory.find(&texts("b.test"), later), None);
        let later = start.plus(ANSWER_KEPT);
        assert_eq!(memory.find(&texts("a.test"), later), None);
    }

    #[test]
    fn what_is_large_or_too_much_is_not_kept() {
        let memory = Memory::default();
        let start = Timestamp(1_000);
        let large = Answer::Texts(vec!["x".repeat(ANSWER_BYTES + 1)]);
        memory.keep(texts("a.test"), large, start);
        assert_eq!(memory.find(&texts("a.test"), start), None);
        for number in 0..=ANSWERS_KEPT {
            memory.keep(texts(&format!("{number}.test")), Answer::Absent, start);
        }
        assert_eq!(memory.lock().len(), 1);
        let last = texts(&format!("{ANSWERS_KEPT}.test"));
        assert_eq!(memory.find(&last, start), Some(Answer::Absent));
    }
}
