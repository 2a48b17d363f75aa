//! Sets of numbers: what clients send, and what they are sent.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;

use imap_codec::imap_types::sequence::{SeqOrUid, Sequence, SequenceSet};

/// What stands for `$`, the last saved result (RFC 5182), within a command as it is parsed.
/// No client may send this one itself.
pub(super) const SAVED: &str = "4294967295:4294967295";

/// Whether a set is [`SAVED`].
pub(super) fn is_saved(set: &SequenceSet) -> bool {
    let last = SeqOrUid::Value(NonZeroU32::MAX);
    set.0.as_ref() == [Sequence::Range(last, last)]
}

/// Its ranges, where `*` is `last`; each from the lower to the higher end.
pub(super) fn ranges(set: &SequenceSet, last: u32) -> Vec<RangeInclusive<u32>> {
    let number = |one: &SeqOrUid| match one {
        SeqOrUid::Value(value) => value.get(),
        SeqOrUid::Asterisk => last,
    };
    let one = |sequence: &Sequence| match sequence {
        Sequence::Single(one) => number(one)..=number(one),
        Sequence::Range(from, to) => {
            let (from, to) = (number(from), number(to));
            from.min(to)..=from.max(to)
        }
    };
    set.0.as_ref().iter().map(one).collect()
}

/// Ascending numbers as a set: `1:3,7`.
pub(super) fn shown(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut text = String::new();
    let mut run: Option<(u32, u32)> = None;
    for number in numbers {
        match &mut run {
            Some((_, to)) if number == *to + 1 => *to = number,
            _ => {
                add(&mut text, run);
                run = Some((number, number));
            }
        }
    }
    add(&mut text, run);
    text
}

fn add(text: &mut String, run: Option<(u32, u32)>) {
    let Some((from, to)) = run else {
        return;
    };
    if !text.is_empty() {
        text.push(',');
    }
    *text += &from.to_string();
    if to > from {
        text.push(':');
        *text += &to.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_in_runs() {
        let cases: [(&[u32], &str); 5] = [
            (&[], ""),
            (&[5], "5"),
            (&[1, 2], "1:2"),
            (&[1, 2, 3, 7, 9, 10], "1:3,7,9:10"),
            (&[u32::MAX], "4294967295"),
        ];
        for (numbers, text) in cases {
            assert_eq!(shown(numbers.iter().copied()), text);
        }
    }

    #[test]
    fn sets_are_read_in_either_direction() {
        let set = SequenceSet::try_from("4:2,*,9:*").unwrap();
        assert_eq!(ranges(&set, 5), [2..=4, 5..=5, 5..=9]);
        assert!(is_saved(&SequenceSet::try_from(SAVED).unwrap()));
        assert!(!is_saved(&SequenceSet::try_from("4294967295").unwrap()));
    }
}
