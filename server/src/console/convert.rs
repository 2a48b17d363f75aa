//! Between the engine's values and the wire's, where several nouns need it.

use posthouse::clock::Timestamp;
use posthouse::limits::{PAGE_ROWS, PAGE_ROWS_DEFAULT};

use super::trouble::{Outcome, Trouble};
use super::wire::Page;

pub fn time(at: Timestamp) -> String {
    at.rfc3339_millis()
}

pub fn time_or_none(at: Option<Timestamp>) -> Option<String> {
    at.map(time)
}

/// How many rows of a page.
pub fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(PAGE_ROWS_DEFAULT).clamp(1, PAGE_ROWS)
}

/// The number at which a page before this one ended.
pub fn number(before: Option<&str>) -> Outcome<Option<i64>> {
    before
        .map(|text| {
            text.parse().map_err(|_| {
                let words = "is not what a page before this one gave as `next`; begin again";
                Trouble::Field("before", words.into())
            })
        })
        .transpose()
}

/// A UUID that a field holds.
pub fn uuid(field: &'static str, text: &str) -> Outcome<uuid::Uuid> {
    text.trim()
        .parse()
        .map_err(|_| Trouble::Field(field, "is no UUID".into()))
}

/// A page of rows that came with the place of the next.
pub fn page<T, N: ToString>(rows: Vec<T>, next: Option<N>, total: Option<u64>) -> Page<T> {
    Page {
        rows,
        next: next.map(|next| next.to_string()),
        total,
    }
}

/// What a field says where `""` takes a thing away and null leaves it.
pub fn cleared(text: Option<String>) -> Option<Option<String>> {
    text.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// What a number says where 0 takes a bound away and null leaves it.
pub fn lifted(number: Option<u32>) -> Option<Option<u32>> {
    number.map(|number| Some(number).filter(|number| *number > 0))
}

/// The same, of a bound of what is kept.
pub fn kept(number: Option<u64>) -> Option<Option<std::num::NonZeroU64>> {
    number.map(std::num::NonZeroU64::new)
}

/// Addresses of a list, each by itself, as they were written.
pub fn addresses(list: &str) -> Vec<String> {
    let (mut all, mut one) = (Vec::new(), String::new());
    let (mut quoted, mut escaped) = (false, false);
    for letter in list.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            _ => {}
        }
        one.push(letter);
    }
    all.push(one);
    all.iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_is_part_of_a_name() {
        for (list, expected) in [
            ("a@b.test", vec!["a@b.test"]),
            (
                "a@b.test, Kim <k@c.test>",
                vec!["a@b.test", "Kim <k@c.test>"],
            ),
            (
                "\"Lee, \\\"K\\\"\" <l@c.test>,b@c.test",
                vec!["\"Lee, \\\"K\\\"\" <l@c.test>", "b@c.test"],
            ),
            (" , ", vec![]),
        ] {
            assert_eq!(addresses(list), expected, "{list}");
        }
    }

    #[test]
    fn what_is_empty_takes_away() {
        assert_eq!(cleared(None), None);
        assert_eq!(cleared(Some(String::from(" "))), Some(None));
        assert_eq!(lifted(Some(0)), Some(None));
        assert_eq!(
            (limit(None), limit(Some(0)), limit(Some(999))),
            (50, 1, 200)
        );
    }
}
