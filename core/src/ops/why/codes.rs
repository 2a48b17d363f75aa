//! Enhanced status codes (RFC 3463) in words: the registry of IANA, as a table.

use std::sync::LazyLock;

use super::rows::rows;

const TABLE: &str = include_str!("../../../data/enhanced_codes.csv");

/// A registered code.
#[derive(Debug, PartialEq, Eq)]
struct Code {
    subject: u16,
    detail: u16,
    meaning: String,
    next_step: String,
    source: String,
}

/// What a code means, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// As the server said it, such as `5.1.1`.
    pub code: String,
    /// In plain words.
    pub meaning: String,
    /// What a person can do, with `{domain}` and `{address}` to be filled in.
    pub(super) next_step: &'static str,
    /// Where it is defined.
    pub source: &'static str,
}

static CODES: LazyLock<Vec<Code>> =
    LazyLock::new(|| read(TABLE).expect("a test reads the table that is compiled in"));

fn read(csv: &str) -> Result<Vec<Code>, String> {
    let head = ["code", "meaning", "next_step", "source"];
    let code = |[code, meaning, next_step, source]: [String; 4]| {
        let numbers = code.strip_prefix("X.").and_then(|rest| {
            let (subject, detail) = rest.split_once('.')?;
            Some((subject.parse().ok()?, detail.parse().ok()?))
        });
        let (subject, detail) = numbers.ok_or_else(|| format!("{code:?} is not X.n.n"))?;
        Ok(Code {
            subject,
            detail,
            meaning,
            next_step,
            source,
        })
    };
    rows(csv, head)?.into_iter().map(code).collect()
}

/// Class, subject and detail of a code such as `5.1.1`.
pub(super) fn parts(code: &str) -> Option<(u16, u16, u16)> {
    let mut numbers = code.split('.').map(|part| part.parse().ok());
    let parts = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(parts)
}

/// Explains a code. One that is not registered is explained by its subject, if that is.
#[must_use]
pub fn explain(code: &str) -> Option<Explained> {
    let (_, subject, detail) = parts(code)?;
    let find = |detail| {
        let mut all = CODES.iter();
        all.find(|one| (one.subject, one.detail) == (subject, detail))
    };
    let (found, meaning) = match find(detail) {
        Some(found) => (found, found.meaning.clone()),
        None => {
            let found = find(0)?;
            let meaning = format!(
                "{} ({code} itself is a code of the receiver's own.)",
                found.meaning
            );
            (found, meaning)
        }
    };
    Some(Explained {
        code: code.to_owned(),
        meaning,
        next_step: &found.next_step,
        source: &found.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_registered_code_once_and_in_order() {
        let codes = read(TABLE).unwrap();
        let numbers: Vec<_> = codes.iter().map(|one| (one.subject, one.detail)).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        // https://www.iana.org/assignments/smtp-enhanced-status-codes: the highest detail
        // of each subject; there are no gaps.
        let last = [0, 10, 4, 6, 7, 6, 10, 30];
        let registered: Vec<_> = (0..)
            .zip(last)
            .flat_map(|(subject, last)| (0..=last).map(move |detail| (subject, detail)))
            .collect();
        assert_eq!(numbers, registered);
        for one in codes {
            let source = &one.source;
            assert!(
                source.starts_with("RFC ") || source.starts_with("draft-"),
                "{one:?}"
            );
            for text in [&one.meaning, &one.next_step] {
                assert!(text.ends_with(['.', ')']) && text.len() > 15, "{one:?}");
            }
        }
    }

    #[test]
    fn a_code_is_explained_and_an_unknown_one_by_its_subject() {
        let full = explain("4.2.2").unwrap();
        assert_eq!(
            (full.code.as_str(), full.meaning.as_str(), full.source),
            ("4.2.2", "The mailbox is full.", "RFC 3463 section 3.3")
        );
        let own = explain("5.7.606").unwrap();
        assert!(
            own.meaning
                .starts_with("The receiver refuses us by a security rule")
        );
        assert!(
            own.meaning
                .ends_with("(5.7.606 itself is a code of the receiver's own.)")
        );
        for nothing in ["", "5.1", "5.1.1.1", "5.x.1", "5.9.1", "hello"] {
            assert_eq!(explain(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn a_broken_table_is_told() {
        for row in ["5.1.1,a,b,c", "X.1,a,b,c", "X.1.1,a,b"] {
            assert!(read(&format!("code,meaning,next_step,source\n{row}\n")).is_err());
        }
    }
}
