//! A line as a command (RFC 1939, RFC 2449, RFC 2595, RFC 5034).

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    User(String),
    Pass(String),
    Apop,
    /// A SASL exchange, with its initial response.
    Auth(Option<(String, Option<String>)>),
    Capa,
    Stls,
    Stat,
    List(Option<u32>),
    Uidl(Option<u32>),
    Retr(u32),
    Top(u32, u64),
    Dele(u32),
    Noop,
    Rset,
    Quit,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no such command.
    Unknown,
    /// It needs other arguments.
    Arguments,
}

/// Reads a line without its end.
///
/// # Errors
/// What is wrong with it.
pub fn parse(line: &[u8]) -> Result<Command, Wrong> {
    let text = std::str::from_utf8(line).map_err(|_| Wrong::Unknown)?;
    let (word, rest) = text
        .split_once(' ')
        .map_or((text, None), |(word, rest)| (word, Some(rest)));
    let words = || rest.unwrap_or_default().split_ascii_whitespace();
    let alone = |command| match rest.is_none_or(|rest| rest.trim().is_empty()) {
        true => Ok(command),
        false => Err(Wrong::Arguments),
    };
    let one = || {
        let mut words = words();
        match (words.next(), words.next()) {
            (Some(word), None) => number(word),
            _ => Err(Wrong::Arguments),
        }
    };
    let maybe = || match words().next() {
        None => Ok(None),
        Some(_) => one().map(Some),
    };
    match word.to_ascii_uppercase().as_str() {
        "USER" => match rest.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => Ok(Command::User(name.to_owned())),
            None => Err(Wrong::Arguments),
        },
        // A password may hold blanks (RFC 1939 section 7).
        "PASS" => match rest {
            Some(password) => Ok(Command::Pass(password.to_owned())),
            None => Err(Wrong::Arguments),
        },
        "APOP" => Ok(Command::Apop),
        "AUTH" => {
            let mut words = words();
            match (words.next(), words.next(), words.next()) {
                (None, ..) => Ok(Command::Auth(None)),
                (Some(mechanism), initial, None) => Ok(Command::Auth(Some((
                    mechanism.to_ascii_uppercase(),
                    initial.map(str::to_owned),
                )))),
                _ => Err(Wrong::Arguments),
            }
        }
        "CAPA" => alone(Command::Capa),
        "STLS" => alone(Command::Stls),
        "STAT" => alone(Command::Stat),
        "LIST" => maybe().map(Command::List),
        "UIDL" => maybe().map(Command::Uidl),
        "RETR" => one().map(Command::Retr),
        "DELE" => one().map(Command::Dele),
        "TOP" => {
            let mut words = words();
            match (words.next(), words.next(), words.next()) {
                (Some(place), Some(lines), None) => {
                    let lines = lines.parse().map_err(|_| Wrong::Arguments)?;
                    Ok(Command::Top(number(place)?, lines))
                }
                _ => Err(Wrong::Arguments),
            }
        }
        "NOOP" => alone(Command::Noop),
        "RSET" => alone(Command::Rset),
        "QUIT" => alone(Command::Quit),
        _ => Err(Wrong::Unknown),
    }
}

fn number(word: &str) -> Result<u32, Wrong> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse().ok().filter(|_| digits).ok_or(Wrong::Arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_command() {
        let text = |text: &str| text.to_owned();
        for (line, expected) in [
            ("user kim@d.test", Ok(Command::User(text("kim@d.test")))),
            ("USER ", Err(Wrong::Arguments)),
            ("PASS two  words ", Ok(Command::Pass(text("two  words ")))),
            ("PASS", Err(Wrong::Arguments)),
            ("APOP kim 0f", Ok(Command::Apop)),
            ("AUTH", Ok(Command::Auth(None))),
            ("auth plain", Ok(Command::Auth(Some((text("PLAIN"), None))))),
            ("AUTH PLAIN a b", Err(Wrong::Arguments)),
            ("LIST", Ok(Command::List(None))),
            ("LIST 3", Ok(Command::List(Some(3)))),
            ("LIST 3 4", Err(Wrong::Arguments)),
            ("LIST -3", Err(Wrong::Arguments)),
            ("RETR +3", Err(Wrong::Arguments)),
            ("RETR 99999999999", Err(Wrong::Arguments)),
            ("RETR", Err(Wrong::Arguments)),
            ("TOP 1 0", Ok(Command::Top(1, 0))),
            ("TOP 1", Err(Wrong::Arguments)),
            ("uidl 2", Ok(Command::Uidl(Some(2)))),
            ("QUIT now", Err(Wrong::Arguments)),
            ("quit", Ok(Command::Quit)),
            ("XTND XMIT", Err(Wrong::Unknown)),
            ("", Err(Wrong::Unknown)),
        ] {
            assert_eq!(parse(line.as_bytes()), expected, "{line}");
        }
        assert_eq!(parse(b"US\xffER x"), Err(Wrong::Unknown));
    }
}
