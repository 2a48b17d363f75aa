//! Credentials.

use super::{given, told, words};

words! {
    /// What a key may cause to happen with mail.
    Mode = posthouse::model::key::Mode {
        /// Kept here; nothing leaves.
        Capture,
        /// It waits for a person.
        Hold,
        /// It leaves only for listed recipients or domains; else captured.
        AllowList,
        /// It leaves.
        Live,
    }

    /// What keys are bound to.
    KeyBound {
        /// One domain.
        Domain,
        /// The whole organization.
        Organization,
        /// One person.
        User,
    }

    /// Whether a key is accepted.
    KeyState { Valid, Expired, Revoked }
}

given! {
    /// `key.make`
    pub struct KeyMake {
        /// Of `key.shapes`.
        pub shape: String,
        pub name: Option<String>,
        /// Where its kind is bound to one: the host.
        pub domain: Option<String>,
        /// Where its kind is bound to one: the person's name; null: the first.
        pub user: Option<String>,
        /// In the words of its shape; empty: the ordinary ones.
        pub scopes: Vec<String>,
        /// Null: what the settings say. `allow_list` and `live` are an owner's to give.
        pub mode: Option<Mode>,
        /// From when it is refused, RFC 3339.
        pub expires_at: Option<String>,
        /// A test key of its kind.
        pub test: bool,
    }

    /// `key.set`: null leaves.
    pub struct KeySet {
        pub id: i64,
        /// Empty takes it away.
        pub name: Option<String>,
        /// `allow_list` and `live` are an owner's to give.
        pub mode: Option<Mode>,
        /// 0: as many as come.
        pub rate_per_minute: Option<u32>,
        /// The addresses and domains that mail of an allow-list key may leave for, all of
        /// them: an owner's to say.
        pub allowed: Option<Vec<String>>,
    }
}

told! {
    /// A key in a list.
    pub struct KeyRow {
        pub id: i64,
        pub name: Option<String>,
        /// The kind of key, of `key.shapes`.
        pub shape: String,
        /// What may be shown of its token.
        pub prefix: String,
        pub mode: Mode,
        /// In the words of its shape.
        pub scopes: Vec<String>,
        pub bound_to: KeyBoundTo,
        pub rate_per_minute: Option<u32>,
        pub state: KeyState,
        pub created_at: String,
        pub expires_at: Option<String>,
        pub last_used_at: Option<String>,
        pub revoked_at: Option<String>,
    }

    /// What a key is bound to.
    pub struct KeyBoundTo {
        pub kind: KeyBound,
        /// The domain's host or the person's name; null for the organization.
        pub name: Option<String>,
    }

    /// `key.show`
    pub struct KeyShown {
        pub key: KeyRow,
        /// What mail of an allow-list key may leave for.
        pub allowed: Vec<String>,
    }

    /// `key.make`: the token is shown once.
    pub struct KeyMade {
        pub id: i64,
        pub token: String,
        pub key: KeyRow,
        /// A first call with it, to paste into a shell.
        pub example: String,
    }

    /// A kind of keys.
    pub struct KeyShape {
        pub name: String,
        pub about: String,
        pub bound: KeyBound,
        /// Each has a name of its own.
        pub named: bool,
        /// There are test keys.
        pub test: bool,
        /// What its keys may do, in its words.
        pub scopes: Vec<String>,
        /// Those of a key that is asked for without any.
        pub ordinary: Vec<String>,
        /// The path of a first call, and the header field of the credential.
        pub path: String,
        pub header: String,
    }
}
