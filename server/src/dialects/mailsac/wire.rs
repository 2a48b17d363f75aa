//! The contract's schemas, field for field.

pub(super) mod mail;
