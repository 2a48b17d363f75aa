//! What comes in: the fields of a body, whether it is JSON or a form.

use serde_json::{Map, Value};

/// The fields of a body; none where there is no body.
#[derive(Debug, Default)]
pub(in super::super) struct Fields(pub(in super::super) Map<String, Value>);

/// A body that is no object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct NoFields;

/// A field of a body or a query that is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Wrong(pub(in super::super) &'static str);
