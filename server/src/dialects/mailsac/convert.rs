//! Between the engine's values and the contract's.

pub(super) mod mail;
