//! Why a command did not do what was asked, in words for a person and a code for a script.

use std::fmt;
use std::io;
use std::process::ExitCode;

use posthouse::error::{Busy, Conflict, Denied, Missing};

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Refused, or failed.
    Refused,
    /// The command line, or the configuration, is wrong.
    Usage,
    /// Busy or unavailable: the same command may succeed later.
    Busy,
    /// There is no such thing.
    Missing,
}

impl Exit {
    /// 0 to 4, in the order of declaration.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Usage => 2,
            Self::Busy => 3,
            Self::Missing => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

/// What is said, and how the process ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// How the process ends.
    pub exit: Exit,
    /// What is wrong; None when everything was said already.
    pub words: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal with words and without a hint.
    pub fn new(exit: Exit, words: impl Into<String>) -> Self {
        Self {
            exit,
            words: Some(words.into()),
            hint: None,
        }
    }

    /// The end of a command that has printed its own story.
    #[must_use]
    pub const fn said(exit: Exit) -> Self {
        Self {
            exit,
            words: None,
            hint: None,
        }
    }

    /// The same, and what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words.as_deref().unwrap_or("failed"))?;
        if let Some(hint) = &self.hint {
            write!(f, " ({hint})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Output that cannot be written. Whoever stopped reading (`| head`) has what they wanted.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::said(Exit::Done);
        }
        Self::new(
            Exit::Refused,
            format!("the output could not be written: {error}"),
        )
    }
}

impl From<posthouse::Error> for Refusal {
    fn from(error: posthouse::Error) -> Self {
        use posthouse::Error as E;
        let words = match &error {
            E::Busy(busy) => busy.to_string(),
            E::Conflict(conflict) => conflict.to_string(),
            E::Denied(denied) => denied.to_string(),
            E::Internal(cause) => cause.clone(),
            E::Invalid(problems) => {
                let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
                problems.join("; ")
            }
            E::TooLarge(what) => format!("the {what} is too large"),
            E::Missing(_) | E::Unknown(_) => error.to_string(),
        };
        match error {
            E::Busy(busy) => Self::new(Exit::Busy, words).hint(match busy {
                Busy::Storage => {
                    "Look at the free space and the permissions of the data folder, and try again."
                }
                Busy::Limit { .. } => {
                    "`posthouse relay list` shows what each relay took and takes; `posthouse relay set` changes it."
                }
                Busy::WriteQueue | Busy::Rate { .. } | Busy::Closing => "Try again in a moment.",
            }),
            E::Missing(missing) => Self::new(Exit::Missing, words).hint(listing(missing)),
            E::Conflict(conflict) => {
                let refusal = Self::new(Exit::Refused, words);
                match conflict {
                    Conflict::NoRoute => refusal.hint(
                        "`posthouse relay add NAME --host HOST …`, or `posthouse org set --direct on`.",
                    ),
                    Conflict::Taken => refusal.hint("Choose another name."),
                    Conflict::Full | Conflict::InProgress | Conflict::State => refusal,
                }
            }
            E::Denied(denied) => {
                let refusal = Self::new(Exit::Refused, words);
                match denied {
                    Denied::Disabled | Denied::NoPlan => {
                        refusal.hint("`posthouse org set --standing active`.")
                    }
                    Denied::NotVerified => refusal
                        .hint("`posthouse domain records HOST` shows what to publish, `posthouse domain verify HOST` looks again."),
                    Denied::FreeTier => refusal.hint(
                        "`posthouse org set --payment present`, or `--metering off`.",
                    ),
                    Denied::SpendCap => refusal.hint("`posthouse org set --spend-cap CENTS`."),
                    Denied::Suspended => refusal.hint("`posthouse mailbox resume ADDRESS` opens it, `posthouse mailbox restore ADDRESS` brings it back."),
                    Denied::FromDomain | Denied::Scope | Denied::Owner | Denied::Policy => refusal,
                }
            }
            E::Internal(_) => Self::new(Exit::Refused, words),
            E::Invalid(_) | E::TooLarge(_) | E::Unknown(_) => Self::new(Exit::Refused, words),
        }
    }
}

/// Which command shows what there is.
const fn listing(missing: Missing) -> &'static str {
    match missing {
        Missing::Organization => "`posthouse org list` shows what there is.",
        Missing::Domain => "`posthouse domain list` shows what there is.",
        Missing::Key => "`posthouse key list` shows what there is.",
        Missing::Email => "`posthouse email list` shows what there is.",
        Missing::Delivery => "`posthouse email show ID` shows its deliveries.",
        Missing::Mailbox => "`posthouse mailbox list` shows what there is.",
        Missing::Message => "`posthouse message list` shows what there is.",
        Missing::Webhook => "`posthouse webhook list` shows what there is.",
        Missing::Suppression => "`posthouse suppression list` shows what there is.",
        Missing::Relay => "`posthouse relay list` shows what there is.",
        Missing::Template => "`posthouse template list` shows what there is.",
        Missing::Folder => "`posthouse mailbox show ADDRESS` shows what there is.",
        Missing::WebhookDelivery => "`posthouse webhook deliveries ID` shows what there is.",
        Missing::User => "`posthouse org user list` shows what there is.",
        Missing::Task => "A task is only known to the key that made it, and for a month.",
    }
}

#[cfg(test)]
mod tests {
    use posthouse::error::{Error, Field, Reason, TooLarge, Unknown};

    use super::*;

    #[test]
    fn every_error_has_an_exit_code_and_words() {
        let cases = [
            (Error::Busy(Busy::Storage), Exit::Busy),
            (Error::Conflict(Conflict::NoRoute), Exit::Refused),
            (Error::Denied(Denied::NoPlan), Exit::Refused),
            (Error::Internal(String::from("it broke")), Exit::Refused),
            (Field::Host.error(Reason::Malformed), Exit::Refused),
            (Error::Missing(Missing::Email), Exit::Missing),
            (Error::TooLarge(TooLarge::Message), Exit::Refused),
            (Error::Unknown(Unknown::Wrong), Exit::Refused),
        ];
        for (error, exit) in cases {
            let shown = error.to_string();
            let refusal = Refusal::from(error);
            assert_eq!(refusal.exit, exit, "{shown}");
            assert!(
                refusal.words.is_some_and(|words| !words.is_empty()),
                "{shown}"
            );
        }
        let codes = [
            Exit::Done,
            Exit::Refused,
            Exit::Usage,
            Exit::Busy,
            Exit::Missing,
        ];
        assert_eq!(codes.map(Exit::code), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let refusal = Refusal::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(refusal, Refusal::said(Exit::Done));
        let full = Refusal::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.exit, Exit::Refused);
    }
}
