//! The words of replies: what differs between listeners, and what each refusal says.

use super::command::Wrong;
use super::data::Fault;
use super::limits::TEXT_LINE_BYTES;
use super::manner::{Manner, Role};
use super::reply::{Reply, Statuses};
use super::step::Ending;
use crate::net::gate::Crowded;
use crate::net::manner::{PlainAuth, StartTls};

/// What is there to be offered.
pub(super) struct Offer<'a> {
    pub(super) manner: &'a Manner,
    /// TLS is on.
    pub(super) secured: bool,
}

/// The listener for captured mail speaks as its contract has it, without them.
pub(super) const fn statuses(role: Role) -> Statuses {
    match role {
        Role::Inbound | Role::Submission => Statuses::Shown,
        Role::Capture => Statuses::Left,
    }
}

pub(super) fn greeting(host: &str) -> Reply {
    Reply::new(220, "", format!("{host} ESMTP"))
}

pub(super) fn helo(offer: &Offer<'_>) -> Reply {
    Reply::new(250, "", offer.manner.host.clone())
}

pub(super) fn ehlo(offer: &Offer<'_>) -> Reply {
    let Offer { manner, secured } = offer;
    let mut reply = helo(offer);
    reply.lines.push("PIPELINING".into());
    reply
        .lines
        .push(format!("SIZE {}", manner.size_bytes).into());
    if manner.starttls == StartTls::Offered && !secured {
        reply.lines.push("STARTTLS".into());
    }
    let keys = match manner.role {
        Role::Inbound => false,
        Role::Submission | Role::Capture => *secured || manner.plain_auth == PlainAuth::Allowed,
    };
    if keys {
        reply.lines.push("AUTH PLAIN LOGIN".into());
    }
    if statuses(manner.role) == Statuses::Shown {
        reply.lines.push("ENHANCEDSTATUSCODES".into());
        reply.lines.push("DSN".into());
    }
    for word in ["8BITMIME", "SMTPUTF8", "CHUNKING", "HELP"] {
        reply.lines.push(word.into());
    }
    reply
}

pub(super) fn sender_taken(role: Role) -> Reply {
    match role {
        Role::Inbound | Role::Submission => Reply::new(250, "2.1.0", "OK"),
        Role::Capture => Reply::new(250, "2.1.0", "Accepted"),
    }
}

pub(super) fn recipient_taken(role: Role) -> Reply {
    match role {
        Role::Inbound | Role::Submission => Reply::new(250, "2.1.5", "OK"),
        Role::Capture => Reply::new(250, "2.1.5", "Accepted"),
    }
}

pub(super) fn taken(role: Role, id: &str) -> Reply {
    let text = match role {
        Role::Inbound | Role::Submission => format!("OK {id}"),
        Role::Capture => format!("OK : queued as {id}"),
    };
    Reply::new(250, "2.0.0", text)
}

pub(super) fn go_ahead() -> Reply {
    let text = "Enter message, ending with \".\" on a line by itself";
    Reply::new(354, "", text)
}

pub(super) fn chunk_taken(bytes: u64) -> Reply {
    Reply::new(250, "2.0.0", format!("{bytes} bytes received"))
}

pub(super) fn authenticated() -> Reply {
    Reply::new(235, "2.7.0", "Authentication succeeded")
}

pub(super) fn ready_for_tls() -> Reply {
    Reply::new(220, "2.0.0", "Ready to start TLS")
}

pub(super) fn fine() -> Reply {
    Reply::new(250, "2.0.0", "OK")
}

pub(super) fn goodbye() -> Reply {
    Reply::new(221, "2.0.0", "Bye")
}

pub(super) fn help() -> Reply {
    let text = "EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT";
    Reply::new(214, "2.0.0", text)
}

/// RFC 5321 section 7.3: nobody is told which addresses there are.
pub(super) fn not_verified() -> Reply {
    Reply::new(252, "2.5.0", "Send it and see")
}

pub(super) fn not_here() -> Reply {
    Reply::new(502, "5.5.1", "There is no such command here")
}

pub(super) fn out_of_order(text: &'static str) -> Reply {
    Reply::new(503, "5.5.1", text)
}

pub(super) fn nobody_to_take_it() -> Reply {
    Reply::new(554, "5.5.1", "No valid recipients")
}

pub(super) fn bare_line_end() -> Reply {
    Reply::new(
        500,
        "5.5.2",
        "A command ends in CRLF, and holds no other CR or LF",
    )
}

pub(super) fn tls_needed() -> Reply {
    Reply::new(530, "5.7.0", "Must issue a STARTTLS command first")
}

pub(super) fn key_needed() -> Reply {
    Reply::new(530, "5.7.0", "Authentication required")
}

pub(super) fn encryption_needed() -> Reply {
    let text = "Encryption required for requested authentication mechanism";
    Reply::new(538, "5.7.11", text)
}

pub(super) fn no_such_mechanism() -> Reply {
    Reply::new(504, "5.5.4", "There are AUTH PLAIN and AUTH LOGIN")
}

pub(super) fn no_base64() -> Reply {
    Reply::new(501, "5.5.2", "The response cannot be decoded")
}

pub(super) fn auth_cancelled() -> Reply {
    Reply::new(501, "5.7.0", "Authentication cancelled")
}

pub(super) fn auth_too_long() -> Reply {
    Reply::new(500, "5.5.6", "Authentication exchange line is too long")
}

pub(super) fn ascii_needed() -> Reply {
    Reply::new(553, "5.6.7", "This address needs SMTPUTF8")
}

pub(super) fn too_large() -> Reply {
    Reply::new(552, "5.3.4", "Message exceeds maximum size")
}

pub(super) fn too_many_recipients() -> Reply {
    Reply::new(452, "4.5.3", "Too many recipients")
}

pub(super) fn too_many_mistakes() -> Reply {
    Reply::new(421, "4.7.0", "Too many mistakes, closing connection")
}

pub(super) fn ending(ending: Ending, host: &str) -> Reply {
    match ending {
        Ending::Silence => Reply::new(421, "4.4.2", format!("{host} Timeout, closing connection")),
        Ending::Length => Reply::new(
            421,
            "4.4.2",
            format!("{host} No connection lasts longer, come again"),
        ),
        Ending::Stop => Reply::new(421, "4.3.2", format!("{host} Shutting down")),
    }
}

pub(super) fn faulty(fault: Fault) -> Reply {
    match fault {
        Fault::BareEnd => Reply::new(
            550,
            "5.6.11",
            "Lines of a message end in CRLF, and hold no other CR or LF",
        ),
        Fault::LineTooLong => Reply::new(
            550,
            "5.6.0",
            format!("A line of the message is longer than {TEXT_LINE_BYTES} bytes"),
        ),
        Fault::TooLarge => too_large(),
        Fault::NoRoom => Reply::new(452, "4.3.1", "There is no room for it now, try later"),
    }
}

pub(super) fn wrong(wrong: Wrong) -> Reply {
    match wrong {
        Wrong::Unknown => Reply::new(500, "5.5.1", "Command not recognized"),
        Wrong::NotHere => not_here(),
        Wrong::Http => Reply::new(421, "4.7.0", "This is SMTP, not HTTP"),
        Wrong::TooLong => Reply::new(500, "5.5.2", "Line too long"),
        Wrong::AuthTooLong => auth_too_long(),
        Wrong::Text => Reply::new(
            500,
            "5.5.2",
            "A command is UTF-8 without control characters",
        ),
        Wrong::Form(form) => Reply::new(501, "5.5.4", format!("Syntax: {form}")),
        Wrong::Sender => Reply::new(501, "5.1.7", "Malformed sender address"),
        Wrong::Recipient => Reply::new(501, "5.1.3", "Malformed recipient address"),
        Wrong::Value => Reply::new(501, "5.5.4", "A parameter is wrong or given twice"),
        Wrong::Parameter => Reply::new(555, "5.5.4", "A parameter is not known here"),
        Wrong::Chunk => Reply::new(501, "5.5.4", "Syntax: BDAT size [LAST]; closing connection"),
    }
}

/// We are no relay.
pub(super) fn not_ours() -> Reply {
    Reply::new(
        550,
        "5.7.1",
        "Relay access denied: this is not one of our domains",
    )
}

pub(super) fn no_mailbox() -> Reply {
    Reply::new(550, "5.1.1", "There is no such mailbox")
}

pub(super) fn mailbox_full() -> Reply {
    Reply::new(452, "4.2.2", "The mailbox is full")
}

pub(super) fn not_from_you(address: &str) -> Reply {
    let text = format!("From and Sender have to be {address}, which you signed in with");
    Reply::new(550, "5.7.1", text)
}

pub(super) fn wrong_credential() -> Reply {
    Reply::new(535, "5.7.8", "Authentication credentials invalid")
}

pub(super) fn too_many_wrong_credentials() -> Reply {
    let text = "Too many failed authentications from your address, try later";
    Reply::new(454, "4.7.0", text)
}

/// RFC 4954 has no code for it: 535 with RFC 5248's 5.7.13, the user's account is disabled.
pub(super) fn shut_mailbox() -> Reply {
    Reply::new(535, "5.7.13", "The mailbox is suspended; ask who runs it")
}

pub(super) fn no_look_at_credentials() -> Reply {
    Reply::new(454, "4.7.0", "Temporary authentication failure")
}

pub(super) fn too_fast() -> Reply {
    Reply::new(
        450,
        "4.7.1",
        "Too many messages from your address, try later",
    )
}

pub(super) fn no_address() -> Reply {
    Reply::new(550, "5.1.3", "This is no address that mail can be sent to")
}

pub(super) fn crowded(crowded: Crowded, host: &str) -> Reply {
    match crowded {
        Crowded::All => Reply::new(421, "4.3.2", format!("{host} Too many connections")),
        Crowded::Address => Reply::new(
            421,
            "4.7.0",
            format!("{host} Too many connections from your address"),
        ),
        Crowded::Fast => Reply::new(
            421,
            "4.7.0",
            format!("{host} Too many new connections from your address, try later"),
        ),
        Crowded::Refused => Reply::new(
            421,
            "4.7.0",
            format!("{host} Too much was refused to your address, try later"),
        ),
    }
}
