//! What a command ends with that was not done.

use std::borrow::Cow;

use posthouse::Error;

/// Why it was not done.
#[derive(Debug)]
pub enum Trouble {
    /// The engine says.
    Engine(Error),
    /// A field of the input is wrong, in words.
    Field(&'static str, Cow<'static, str>),
    /// The input is not what the command takes.
    Input(String),
    /// There is no such command.
    NoCommand,
    /// It is not for this place.
    Elsewhere(&'static str),
    /// The page that asks was not shown by us.
    Forged,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

/// What a command comes to.
pub type Outcome<T> = Result<T, Trouble>;
