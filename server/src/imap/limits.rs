//! Every bound of IMAP, named.

use std::time::Duration;

use posthouse::limits::MESSAGE_BYTES;

/// A line of a command, in bytes.
pub const LINE_BYTES: usize = 64 * 1024;
/// A whole command with its literals, before its sender is known and after; a message that is
/// added is beside it.
pub const STRANGER_COMMAND_BYTES: usize = 8 * 1024;
pub const COMMAND_BYTES: usize = 256 * 1024;
/// A message that is added.
pub const APPEND_BYTES: usize = MESSAGE_BYTES;

/// Commands in a row that cannot be understood; then the connection ends.
pub const MISTAKES: u32 = 20;
/// Wrong passwords on one connection; then it ends.
pub const WRONG_PASSWORDS: u32 = 3;

/// From the greeting to the sign-in.
pub const SIGN_IN_WAIT: Duration = Duration::from_secs(120);
/// Between two commands, IDLE counted as one (RFC 9051 section 5.4).
pub const COMMAND_WAIT: Duration = Duration::from_secs(35 * 60);
/// A silence inside a command.
pub const PIECE_WAIT: Duration = Duration::from_secs(180);
/// How long a client may take to read what was written.
pub const WRITE_WAIT: Duration = Duration::from_secs(120);

/// What is read from a socket at once: between commands, and inside a literal.
pub const SMALL_READ_BYTES: usize = 1024;
pub const READ_BYTES: usize = 16 * 1024;
/// What is gathered before it is written.
pub const WRITE_BYTES: usize = 32 * 1024;
/// Messages that are shown in one step, where none of their bytes are needed.
pub const SHOWN_AT_ONCE: usize = 256;
/// Messages that are read at once, and what they may have together unless it is one.
pub const READ_AHEAD: usize = 64;
pub const READ_AHEAD_BYTES: u64 = 512 * 1024;
/// Outlines that are read at once, and what their messages may have together unless it is one.
pub const OUTLINES_AHEAD: usize = 1024;
pub const OUTLINES_AHEAD_BYTES: u64 = 8 * 1024 * 1024;
/// A literal that counts among the large ones, and what all of these may take together, in
/// units of [`ROOM_UNIT_BYTES`].
pub const SMALL_LITERAL_BYTES: usize = 256 * 1024;
pub const ROOM_UNITS: usize = 512;
pub const ROOM_UNIT_BYTES: usize = 1024 * 1024;
/// Patterns of one LIST.
pub const PATTERNS: usize = 100;
