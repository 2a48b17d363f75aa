//! What goes in and out, field by field: the same as JSON over HTTP, in the desktop, and as
//! TypeScript. Times are RFC 3339 in UTC with `Z`. What is absent is `null`, never missing.
//! Where something is changed, `null` leaves it as it is.

mod address;
mod audit;
mod backup;
mod domain;
mod email;
mod event;
mod key;
mod listener;
mod mailbox;
mod message;
mod overview;
mod refused;
mod relay;
mod search;
mod session;
mod settings;
mod suppression;
mod template;
mod user;
mod webhook;
mod why;

pub use address::*;
pub use audit::*;
pub use backup::*;
pub use domain::*;
pub use email::*;
pub use event::*;
pub use key::*;
pub use listener::*;
pub use mailbox::*;
pub use message::*;
pub use overview::*;
pub use refused::*;
pub use relay::*;
pub use search::*;
pub use session::*;
pub use settings::*;
pub use suppression::*;
pub use template::*;
pub use user::*;
pub use webhook::*;
pub use why::*;

/// What comes in.
macro_rules! given {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        $item
    )*};
}
/// What goes out.
macro_rules! told {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, serde::Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        $item
    )*};
}
/// A closed set of words; after a `=`, the engine's own of the same names.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident $(= $theirs:path)? { $($(#[$vdoc:meta])* $variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        $crate::console::wire::as_theirs!($name $($theirs)? { $($variant),* });
    )*};
}
macro_rules! as_theirs {
    ($name:ident { $($variant:ident),* }) => {};
    ($name:ident $theirs:path { $($variant:ident),* }) => {
        impl From<$name> for $theirs {
            fn from(one: $name) -> Self {
                use $theirs as Theirs;
                match one { $($name::$variant => Theirs::$variant),* }
            }
        }

        impl From<$theirs> for $name {
            fn from(one: $theirs) -> Self {
                use $theirs as Theirs;
                match one { $(Theirs::$variant => Self::$variant),* }
            }
        }
    };
}
pub(crate) use {as_theirs, given, told, words};

given! {
    /// Nothing to say.
    pub struct Nothing {}

    /// A page of a list.
    pub struct Paged {
        /// Where the page before it ended: its `next`.
        pub before: Option<String>,
        /// How many rows; 50 unless said, 200 at most.
        pub limit: Option<u32>,
    }

    /// A page of a list, of those rows that hold a text.
    pub struct Searched {
        /// Where the page before it ended: its `next`.
        pub before: Option<String>,
        /// How many rows; 50 unless said, 200 at most.
        pub limit: Option<u32>,
        /// The text.
        pub search: Option<String>,
    }

    /// One thing by its number.
    pub struct ById {
        /// The number.
        pub id: i64,
    }

    /// One thing by its UUID.
    pub struct ByUuid {
        /// The UUID.
        pub id: String,
    }

    /// A domain by its host name.
    pub struct ByHost {
        /// The host name.
        pub host: String,
    }

    /// A mailbox or an address.
    pub struct ByAddress {
        /// The address.
        pub address: String,
    }
}

told! {
    /// It is done.
    pub struct Done {}

    /// A page of a list.
    pub struct Page<T> {
        /// The rows.
        pub rows: Vec<T>,
        /// What to ask for as `before` for the next page; null at the end.
        pub next: Option<String>,
        /// How many rows there are in all, where that is cheap to tell.
        pub total: Option<u64>,
    }

    /// A list that is not paged.
    pub struct Rows<T> {
        /// The rows.
        pub rows: Vec<T>,
    }
}

words! {
    /// Whether something is on.
    Switch = posthouse::model::domain::Switch { Off, On }
}
