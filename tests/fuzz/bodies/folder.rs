//! A message as IMAP shows and seeks it, and as it is kept for that.

use std::collections::HashSet;

use posthouse::mime::envelope::envelope;
use posthouse::mime::find::{Needle, in_body, in_header, sent_day};
use posthouse::mime::grams::{Extent, grams_of};
use posthouse::mime::outline::{Wanted, listed, outline};
use posthouse::mime::section::{Piece, decoded, message_section, section};
use posthouse::mime::structure::{Structure, Within};
use posthouse::mime::tree::Part;

pub fn read(raw: &[u8]) {
    let kept = listed(raw);
    assert_eq!(envelope(&kept), envelope(raw), "lists say the same");
    assert_eq!(sent_day(&kept), sent_day(raw));
    let both = outline(raw, Wanted::STRUCTURE.and(Wanted::HEAD));
    let (structure, head) = (both.structure.expect("wanted"), both.head.expect("wanted"));
    assert!(raw.starts_with(&head));
    let packed = structure.pack().expect("packed");
    assert_eq!(Structure::unpack(&packed).as_ref(), Some(&structure));
    let tree = Part::of(raw);
    assert_eq!(
        section(&tree, &[], &Piece::Header),
        message_section(&head, &Piece::Header)
    );
    whole(&tree, &structure, &mut Vec::new());
    sought(raw);
}

/// Every part that the structure tells of is there, as long as it says.
fn whole(tree: &Part<'_>, of: &Structure, path: &mut Vec<u32>) {
    let numbered = |path: &[u32]| {
        let bytes = section(tree, path, &Piece::Whole).expect("a part that was told");
        let _ = (decoded(tree, path), section(tree, path, &Piece::Mime));
        bytes.len()
    };
    match &of.within {
        Within::Parts(parts) => {
            for (number, part) in (1..).zip(parts) {
                path.push(number);
                assert_eq!(numbered(path), part.size_bytes);
                if let Within::Message(inner) = &part.within {
                    whole(tree, &inner.1, path);
                } else if matches!(part.within, Within::Parts(_)) {
                    whole(tree, part, path);
                }
                path.pop();
            }
        }
        Within::Nothing | Within::Message(_) => {
            path.push(1);
            assert_eq!(numbered(path), of.size_bytes);
            if let Within::Message(inner) = &of.within {
                whole(tree, &inner.1, path);
            }
            path.pop();
        }
    }
}

/// What a search finds, the index does not rule out.
fn sought(raw: &[u8]) {
    let grams = grams_of(raw);
    let known: HashSet<&str> = grams.words.split(' ').collect();
    let said = String::from_utf8_lossy(raw);
    let words: Vec<&str> = said.split(['\r', '\n', '<', '>', '=']).collect();
    for text in words.iter().step_by(1 + words.len() / 8) {
        let needle = Needle::new(&text.chars().take(20).collect::<String>());
        let (Some(query), Extent::Whole) = (needle.query(), grams.extent) else {
            continue;
        };
        if in_header(raw, &needle) || in_body(raw, &needle) {
            let mut asked = query.split_whitespace();
            assert!(asked.all(|word| known.contains(word)), "{needle:?}");
        }
    }
}
