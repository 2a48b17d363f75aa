//! A question to the person at the terminal.

use std::io::{self, IsTerminal as _, Write as _};

use crate::refusal::{Exit, Refusal};

/// Goes on when the answer is yes.
///
/// # Errors
/// `Exit::Refused` when it is not; `Exit::Usage` when there is nobody to ask.
pub fn confirm(question: &str) -> Result<(), Refusal> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Refusal::new(
            Exit::Usage,
            "this has to be confirmed, and nobody can be asked",
        )
        .hint("Give --yes to go on without a question."));
    }
    let mut to = io::stderr().lock();
    write!(to, "{question} [y/N] ")?;
    to.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Refusal::new(Exit::Refused, "nothing was changed"))
}
