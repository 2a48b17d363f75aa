//! The contract's schemas, field for field.

pub(super) mod answer;
pub(super) mod ask;
