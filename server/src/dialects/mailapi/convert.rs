//! Between the contract's words and the engine's.

pub(super) mod answer;
pub(super) mod ask;

/// The shape of the API's keys.
pub(super) const SHAPE: &str = "mailapi";
