//! Paths: what stands between angle brackets in MAIL and RCPT (RFC 5321 section 4.1.2).

use super::Wrong;

/// Longest path without its brackets, in bytes (RFC 5321 section 4.5.3.1.3).
const PATH_BYTES: usize = 254;

/// What is between the brackets behind `word`, and the parameters behind them.
pub(super) fn split<'a>(
    rest: &'a str,
    word: &str,
    form: Wrong,
) -> Result<(&'a str, &'a str), Wrong> {
    let after = match rest.get(..word.len()) {
        Some(start) if start.eq_ignore_ascii_case(word) => &rest[word.len()..],
        _ => return Err(form),
    };
    // A blank before the bracket is wrong and common.
    let path = after
        .trim_start_matches(' ')
        .strip_prefix('<')
        .ok_or(form)?;
    let end = closing(path).ok_or(form)?;
    let given = &path[end + 1..];
    if !given.is_empty() && !given.starts_with(' ') {
        return Err(form);
    }
    Ok((&path[..end], given))
}

/// Where the bracket closes that is not part of a quoted string.
fn closing(path: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// The mailbox in a path, without a source route, which is to be ignored
/// (RFC 5321 appendix C). Its domain may be one label, or an address in brackets: whether
/// there is such a one is not for the parser to say.
pub(super) fn mailbox(path: &str) -> Option<&str> {
    let mailbox = match path.strip_prefix('@') {
        Some(route) => route.split_once(':')?.1,
        None => path,
    };
    let (local, domain) = mailbox.rsplit_once('@')?;
    let good = mailbox.len() <= PATH_BYTES && is_local(local) && is_domain(domain);
    good.then_some(mailbox)
}

/// A dot-string, or a quoted one; more than ASCII by RFC 6531 section 3.3.
fn is_local(local: &str) -> bool {
    let Some(rest) = local.strip_prefix('"') else {
        let atext = |one: char| {
            one.is_ascii_alphanumeric()
                || "!#$%&'*+-/=?^_`{|}~".contains(one)
                || (!one.is_ascii() && !one.is_whitespace())
        };
        return local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(atext));
    };
    let Some(content) = rest.strip_suffix('"') else {
        return false;
    };
    let mut escaped = false;
    for one in content.chars() {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}

/// Whether a local part says itself where its mail is to go on to: `kim%there`, `there!kim`,
/// `"kim@there"`, or such a thing as an encoded word. We would not send it there; whoever
/// takes our mail further may.
pub fn is_routed(mailbox: &str) -> bool {
    let local = mailbox.rsplit_once('@').map_or("", |(local, _)| local);
    local.contains(['@', '%', '!']) || (local.contains("=?") && local.contains("?="))
}

fn is_domain(domain: &str) -> bool {
    match domain.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|inside| {
            let fits = |one: char| one.is_ascii_alphanumeric() || ".:-".contains(one);
            !inside.is_empty() && inside.chars().all(fits)
        }),
        None => domain.split('.').all(|label| {
            let fits = |one: char| {
                one.is_ascii_alphanumeric()
                    || "-_".contains(one)
                    || (!one.is_ascii() && !one.is_whitespace())
            };
            !label.is_empty() && label.chars().all(fits)
        }),
    }
}
