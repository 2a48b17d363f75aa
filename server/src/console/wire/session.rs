//! Who is here.

use super::{given, told, words};

words! {
    /// What a person may do.
    Role = posthouse::model::organization::Role {
        /// Everything.
        Owner,
        /// Sends, and manages domains, mailboxes, templates, suppressions, webhooks and keys
        /// whose mail cannot leave.
        Member,
        /// Looks.
        Reader,
    }

    /// Where this is.
    Kind {
        /// A server, over HTTP.
        Server,
        /// This very machine.
        Desktop,
    }
}

given! {
    /// `session.sign_in`
    pub struct SignIn {
        pub name: String,
        pub password: String,
    }

    /// `session.invitation`
    pub struct InvitationAsked {
        /// From the link.
        pub token: String,
    }

    /// `session.welcome`
    pub struct Welcome {
        /// From the link.
        pub token: String,
        /// What to be called; null where the link says it.
        pub name: Option<String>,
        pub password: String,
    }

    /// `session.password`
    pub struct OwnPassword {
        /// The one there is.
        pub current: String,
        /// The one there shall be.
        pub password: String,
    }
}

told! {
    /// `session.show`, and what follows from signing in.
    pub struct SessionShown {
        /// Null where nobody is signed in.
        pub user: Option<SessionUser>,
        /// Null where nobody is signed in.
        pub organization: Option<SessionOrganization>,
        /// To be sent as `X-CSRF-Token`; null where nobody is signed in.
        pub csrf: Option<String>,
        /// Of Posthouse.
        pub version: String,
        pub kind: Kind,
        /// Nobody has a password yet: the link that the start printed is the way in.
        pub welcome: bool,
    }

    /// Who is signed in.
    pub struct SessionUser {
        /// Null in the desktop.
        pub id: Option<i64>,
        pub name: String,
        pub role: Role,
    }

    /// Whose console this is.
    pub struct SessionOrganization {
        pub id: i64,
        pub name: String,
    }

    /// `session.invitation`
    pub struct Invitation {
        /// Null: whoever takes it chooses.
        pub name: Option<String>,
        pub role: Role,
        pub organization: String,
    }
}
