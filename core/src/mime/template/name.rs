//! Names as users write them, and as the engine looks them up.

/// The engine's name for all variables together.
pub(super) const ROOT: &str = "variables__";
/// The engine's name for the filter that keeps a value from being escaped.
pub(super) const RAW: &str = "raw";

/// Words that mean something to the engine where a name could stand.
const RESERVED: [&str; 14] = [
    "and", "or", "not", "in", "is", "if", "else", "true", "True", "false", "False", "none", "None",
    ROOT,
];

/// A path as the engine has to look it up: any key of JSON made of letters,
/// digits, `_` and `-`, though the engine's own names are narrower.
pub(super) fn lookup(path: &str) -> String {
    let mut names = path.split('.');
    let root = names.next().unwrap_or_default();
    let mut out = match is_variable(root) {
        true => root.to_owned(),
        false => format!("{ROOT}[\"{root}\"]"),
    };
    for name in names {
        // Short digits without a leading zero are an index.
        let index = name.len() < 10 && name.parse::<u32>().is_ok_and(|n| n.to_string() == name);
        match index {
            true => out.push_str(&format!("[{name}]")),
            false => out.push_str(&format!("[\"{name}\"]")),
        }
    }
    out
}

/// Whether the engine itself can hold a variable of this name, as in a loop.
pub(super) fn is_variable(name: &str) -> bool {
    let head = |one: u8| one.is_ascii_alphabetic() || one == b'_';
    name.bytes().next().is_some_and(head)
        && name.bytes().all(|one| head(one) || one.is_ascii_digit())
        && !RESERVED.contains(&name)
}
