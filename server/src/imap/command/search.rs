//! SEARCH with what it is to return (RFC 4731, RFC 5182).

use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::search::SearchKey;

use super::cursor::Cursor;
use super::decoded;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeking {
    /// Uids are wanted, not sequence numbers.
    pub uid: bool,
    /// None where nothing is said of it.
    pub returns: Option<Returns>,
    pub charset: Option<String>,
    /// All of them have to hold.
    pub keys: Vec<SearchKey<'static>>,
}

/// What is to be told of what is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Returns {
    pub min: bool,
    pub max: bool,
    pub all: bool,
    pub count: bool,
    /// It is kept, to be called `$`.
    pub save: bool,
}

/// Reads what follows the tag, UID left out.
pub(super) fn parse(body: &[u8]) -> Option<Seeking> {
    let mut cursor = Cursor(body);
    cursor.take(" SEARCH ")?;
    let mut returns = None;
    if cursor.take("RETURN ").is_some() {
        returns = Some(read(&mut cursor)?);
        cursor.take(" ")?;
    }
    let frame = [b"t SEARCH ", cursor.0].concat();
    let CommandBody::Search {
        charset, criteria, ..
    } = decoded(&frame)?
    else {
        return None;
    };
    Some(Seeking {
        uid: false,
        returns,
        charset: charset.map(|charset| charset.as_ref().to_owned()),
        keys: criteria.into_iter().collect(),
    })
}

fn read(cursor: &mut Cursor<'_>) -> Option<Returns> {
    let mut returns = Returns::default();
    let words = cursor.list(Cursor::word)?;
    for word in &words {
        match word.as_str() {
            "MIN" => returns.min = true,
            "MAX" => returns.max = true,
            "ALL" => returns.all = true,
            "COUNT" => returns.count = true,
            "SAVE" => returns.save = true,
            _ => return None,
        }
    }
    // RFC 4731 section 3.1: nothing said is ALL.
    returns.all |= words.is_empty();
    Some(returns)
}
