//! Every bound of SMTP, named.

use std::time::Duration;

use crate::net::line::LINE_BYTES;

/// A command line with its line end, in bytes (RFC 5321 section 4.5.3.1.4).
pub const COMMAND_BYTES: usize = 512;
/// A MAIL or RCPT line: the extensions make both longer (RFC 1870, RFC 3461 section 4,
/// RFC 4954 section 5, RFC 6531 section 3.3).
pub const ENVELOPE_LINE_BYTES: usize = 2_048;
/// A line of an AUTH exchange (RFC 4954 section 4), and the longest line that is taken in.
pub const AUTH_LINE_BYTES: usize = LINE_BYTES;
/// A line of a message without its line end, in bytes (RFC 5321 section 4.5.3.1.6).
pub const TEXT_LINE_BYTES: usize = 998;
/// Recipients of one envelope (RFC 5321 section 4.5.3.1.8).
pub const RECIPIENTS: usize = 100;
/// What EHLO says, in bytes: a domain name, or an address in brackets.
pub const HELO_BYTES: usize = 255;
/// An ENVID, decoded (RFC 3461 section 4.4), and an ORCPT (section 4.2).
pub const ENVID_BYTES: usize = 100;
pub const ORCPT_BYTES: usize = 500;
/// A chunk that is past the bound of a message is still taken off the line when it is not
/// longer than this many times the bound; after a longer one the connection ends.
pub const DRAINED_MESSAGES: u64 = 2;

/// Refusals on one connection; then it ends.
pub const REFUSALS: u32 = 20;
/// Commands that there are none of, on one connection; then it ends.
pub const UNKNOWN_COMMANDS: u32 = 10;
/// Commands that bring no mail nearer (NOOP, RSET, VRFY, HELP) between two messages; then
/// the connection ends.
pub const IDLE_COMMANDS: u32 = 100;
/// Credentials on one connection that are wrong; then it ends.
pub const WRONG_CREDENTIALS: u32 = 3;

/// From the last reply, or the connection, to the whole of the next command
/// (RFC 5321 section 4.5.3.2.7).
pub const COMMAND_WAIT: Duration = Duration::from_secs(300);
/// A silence inside a message (RFC 5321 section 4.5.3.2.5).
pub const DATA_WAIT: Duration = Duration::from_secs(180);
/// A whole message, from its first byte to its last.
pub const MESSAGE_WAIT: Duration = Duration::from_secs(1_800);
/// A whole connection; after that it ends as soon as no message is coming in.
pub const CONNECTION_WAIT: Duration = Duration::from_secs(7_200);
/// How long a client may take to read a reply.
pub const REPLY_WAIT: Duration = Duration::from_secs(60);

/// What is read from a socket at once, in bytes.
pub const READ_BYTES: usize = 16 * 1024;
/// Replies that are gathered before they are written, in bytes.
pub const REPLY_BYTES: usize = 8 * 1024;
/// What a message takes before it counts among the large ones, in bytes.
pub const SMALL_BODY_BYTES: usize = 256 * 1024;
/// What all messages that are not small may take together while they come in, in units of
/// [`ROOM_UNIT_BYTES`].
pub const ROOM_UNITS: usize = 512;
pub const ROOM_UNIT_BYTES: usize = 1024 * 1024;
