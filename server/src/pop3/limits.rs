//! Every bound of POP3, named.

use std::time::Duration;

/// Mistakes on one connection; then it ends.
pub const MISTAKES: u32 = 20;
/// Credentials on one connection that are wrong; then it ends.
pub const WRONG_CREDENTIALS: u32 = 3;

/// A silence; RFC 1939 section 3 asks for ten minutes at least.
pub const COMMAND_WAIT: Duration = Duration::from_secs(600);
/// How long a client may take to read what was written.
pub const REPLY_WAIT: Duration = Duration::from_secs(60);
/// What is read from a socket at once, in bytes.
pub const READ_BYTES: usize = 4 * 1024;
/// What is written to a socket at once, in bytes.
pub const WRITE_BYTES: usize = 64 * 1024;
/// Messages that are written at a time, over all connections, and how long one waits for that.
pub const MESSAGES_AT_A_TIME: usize = 16;
pub const MESSAGE_WAIT: Duration = Duration::from_secs(30);
