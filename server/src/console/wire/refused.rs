//! What is said when it was not done.

use std::collections::BTreeMap;

use super::{told, words};

words! {
    /// What kind of no it is, with its HTTP status.
    RefusedKind {
        /// 403
        Denied,
        /// 404
        Missing,
        /// 422
        Invalid,
        /// 409
        Conflict,
        /// 503, or 429 where a rate is used up
        Busy,
        /// 413
        TooLarge,
        /// 401
        Unknown,
        /// 500
        Internal,
    }
}

told! {
    /// The body of every answer that is no success.
    pub struct RefusedBody {
        pub error: Refused,
    }

    /// Why it was not done.
    pub struct Refused {
        pub kind: RefusedKind,
        /// In a word, such as `name_taken`.
        pub code: String,
        /// A sentence that says how to mend it.
        pub message: String,
        /// By field of the input: what is wrong with it.
        pub fields: BTreeMap<String, String>,
        /// How long to wait before trying again.
        pub wait_ms: Option<u64>,
        /// The number of the request, for the log.
        pub request: Option<String>,
    }
}
