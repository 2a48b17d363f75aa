//! Files of a submission.

use crate::error::{Field, Problem, Reason};
use crate::limits::{ATTACHMENTS, TAG_CHARACTERS};
use crate::mime::compose::Attachment;
use crate::model::email::SubmittedFile;

pub(super) fn files(
    files: Vec<SubmittedFile>,
    extensions: Option<&'static [&'static str]>,
    problems: &mut Vec<Problem>,
) -> Vec<Attachment> {
    if files.len() > ATTACHMENTS {
        problems.push(Field::Attachments.problem(Reason::TooMany));
        return Vec::new();
    }
    let mut good = Vec::with_capacity(files.len());
    let mut once = |problem: Problem| {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    for file in files {
        let Some(name) = file.name.filter(|name| !name.is_empty()) else {
            once(Field::AttachmentName.problem(Reason::Absent));
            continue;
        };
        if name.chars().any(char::is_control) {
            once(Field::AttachmentName.problem(Reason::Malformed));
        } else if name.chars().count() > TAG_CHARACTERS {
            once(Field::AttachmentName.problem(Reason::TooLong));
        } else if extensions.is_some_and(|known| !passes(&name, known)) {
            once(Field::AttachmentName.problem(Reason::Forbidden));
        }
        let Some(content) = file.content else {
            once(Field::AttachmentContent.problem(Reason::Malformed));
            continue;
        };
        good.push(Attachment {
            name,
            content_type: file.content_type.filter(|kind| !kind.is_empty()),
            content,
            content_id: file.content_id.filter(|id| !id.is_empty()),
        });
    }
    good
}

/// Whether a file name has one dot and a known extension after it.
fn passes(name: &str, known: &[&str]) -> bool {
    let Some((stem, extension)) = name.split_once('.') else {
        return false;
    };
    !stem.is_empty() && known.iter().any(|one| one.eq_ignore_ascii_case(extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_has_one_dot_and_a_known_extension() {
        let known = ["pdf", "jpg"];
        for (name, expected) in [
            ("a.pdf", true),
            ("a.PDF", true),
            ("a.b.pdf", false),
            ("a.exe", false),
            ("pdf", false),
            (".pdf", false),
            ("a.", false),
        ] {
            assert_eq!(passes(name, &known), expected, "{name}");
        }
    }
}
