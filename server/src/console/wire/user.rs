//! People.

use super::{Role, given, told};

given! {
    /// `user.make`
    pub struct UserMake {
        pub name: String,
        pub role: Role,
    }

    /// `user.set`
    pub struct UserSet {
        pub id: i64,
        pub role: Role,
    }
}

told! {
    /// A person.
    pub struct UserRow {
        pub id: i64,
        pub name: String,
        pub role: Role,
        pub has_password: bool,
        /// When they were last here.
        pub seen_at: Option<String>,
        pub created_at: String,
    }

    /// `user.make`, `user.link`: the link is shown once.
    pub struct UserLink {
        pub id: i64,
        pub name: String,
        /// The way in, to be used once, behind the console's address: `/#/welcome/…`.
        pub path: String,
        pub expires_at: String,
    }
}
