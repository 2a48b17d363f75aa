//! Expressions: values, comparisons, `and`, `or`, `not` and parentheses. The
//! engine sees to what binds tighter.

use super::admitted::Refusal;
use super::tag::{Kind, Piece};
use crate::limits;

/// What a piece does in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Variable,
    Constant,
    Not,
    AndOr,
    Comparison,
    Open,
    Close,
}

fn role(piece: &Piece<'_>) -> Role {
    match (piece.kind, piece.text) {
        (Kind::Path, "and" | "or") => Role::AndOr,
        (Kind::Path, "not") => Role::Not,
        (Kind::Path, "true" | "false" | "none") => Role::Constant,
        (Kind::Path, _) => Role::Variable,
        (Kind::Text | Kind::Number, _) => Role::Constant,
        (Kind::Comparison, _) => Role::Comparison,
        (Kind::Open, _) => Role::Open,
        (Kind::Close, _) => Role::Close,
    }
}

/// Whether a piece is a variable to be looked up.
pub(super) fn is_lookup(piece: &Piece<'_>) -> bool {
    role(piece) == Role::Variable
}

/// Checks that values and operators take turns, so that nothing is called,
/// and that an expression costs no more than it is long. `at` is where it is
/// said that there is none.
///
/// # Errors
/// At the first piece that breaks this.
pub(super) fn check(pieces: &[Piece<'_>], at: usize) -> Result<(), Refusal> {
    let most = limits::TEMPLATE_DEPTH;
    let mut open = Vec::new();
    let mut before = None;
    for (index, piece) in pieces.iter().enumerate() {
        let now = role(piece);
        let fits = match now {
            Role::Variable | Role::Constant | Role::Open => wants_value(before),
            // The engine takes it for a name behind a comparison.
            Role::Not => wants_value(before) && before != Some(Role::Comparison),
            Role::AndOr | Role::Comparison => !wants_value(before),
            Role::Close => !wants_value(before) && open.pop().is_some(),
        };
        if !fits {
            return Err(Refusal::unexpected(piece));
        }
        if now == Role::Open {
            open.push(piece.at);
        }
        if open.len() > most {
            let message = format!("parentheses are nested over {most} deep");
            return Err(Refusal::new(piece.at, message));
        }
        // Two variables could be long, and equal to the end.
        let after = pieces.get(index + 1).map(role);
        let constant = [before, after].contains(&Some(Role::Constant));
        if now == Role::Comparison && after.is_some() && !constant {
            let message =
                "one side of a comparison has to be a text, a number, true, false or none";
            return Err(Refusal::new(piece.at, message));
        }
        before = Some(now);
    }
    if wants_value(before) {
        let at = pieces.last().map_or(at, |piece| piece.at);
        return Err(Refusal::new(at, "a value is missing"));
    }
    match open.last() {
        None => Ok(()),
        Some(at) => Err(Refusal::new(*at, "`(` has no end")),
    }
}

fn wants_value(before: Option<Role>) -> bool {
    match before {
        None | Some(Role::Not | Role::AndOr | Role::Comparison | Role::Open) => true,
        Some(Role::Variable | Role::Constant | Role::Close) => false,
    }
}
