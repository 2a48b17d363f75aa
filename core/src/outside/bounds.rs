//! Every bound of the ports: how long we wait and how much we take from strangers.

use std::time::Duration;

/// One DNS question to one server, before the next server or try.
pub const DNS_TRY: Duration = Duration::from_secs(3);
/// How often a DNS question is repeated after no server answered it.
pub const DNS_RETRIES: usize = 1;
/// One call of the DNS port, aliases and repetitions included.
pub const DNS_TOTAL: Duration = Duration::from_secs(10);
/// Aliases (CNAME) followed before a chain counts as broken.
pub const DNS_ALIASES: usize = 10;

/// Asking every block list about a domain.
pub const BLOCKLISTS_TOTAL: Duration = Duration::from_secs(6);

/// Hosts or addresses that are named in one line for a person.
pub const DNS_SHOWN: usize = 8;

/// Reaching a TCP port of a mail server.
pub const SMTP_CONNECT: Duration = Duration::from_secs(30);
/// The TLS handshake with a mail server.
pub const SMTP_HANDSHAKE: Duration = Duration::from_secs(30);
/// The greeting, and the answer to each command (RFC 5321 section 4.5.3.2).
pub const SMTP_COMMAND: Duration = Duration::from_secs(300);
/// Sending the content and waiting for its answer (RFC 5321 section 4.5.3.2.6 asks for ten minutes after the end).
pub const SMTP_CONTENT: Duration = Duration::from_secs(1200);
/// The answer to RSET on a connection that lay idle: a live server answers at once.
pub const SMTP_ALIVE: Duration = Duration::from_secs(10);
/// The answer to QUIT, and a last word after a connection broke: nothing depends on it.
pub const SMTP_FAREWELL: Duration = Duration::from_secs(3);
/// One line of a reply as the server sends it (RFC 5321 section 4.5.3.1.5 says 512).
pub const SMTP_LINE_BYTES: usize = 8 * 1024;
/// What is kept of one line of a reply. The client library refuses lines over 1000.
pub const SMTP_LINE_KEPT_BYTES: usize = 900;
/// One reply, all its lines together.
pub const SMTP_REPLY_BYTES: usize = 32 * 1024;
/// What is kept of a conversation between two calls of `transcript`.
pub const SMTP_TRANSCRIPT_BYTES: usize = 16 * 1024;
/// Content is escaped and written in pieces of this size.
pub const SMTP_PIECE_BYTES: usize = 64 * 1024;

/// A whole HTTP exchange: resolving, connecting, TLS, request and answer.
pub const HTTP_TOTAL: Duration = Duration::from_secs(10);
/// Reaching one address of an HTTP server, before the next one is tried.
pub const HTTP_CONNECT: Duration = Duration::from_secs(4);
/// What is kept of the body of an answer.
pub const HTTP_BODY_KEPT_BYTES: usize = 2 * 1024;
/// The header block of an answer.
pub const HTTP_HEADER_BYTES: usize = 16 * 1024;
/// Header fields of an answer.
pub const HTTP_HEADERS: usize = 100;
