//! Every bound, named.

use std::time::Duration;

/// A request body over HTTP, in bytes: 50 MB of mail as base64, and room for the rest.
pub const REQUEST_BODY_BYTES: usize = 75 * 1024 * 1024;
/// A whole message, in bytes.
pub const MESSAGE_BYTES: usize = 50_000_000;
/// How often a message goes on to another address here.
pub const FORWARD_HOPS: usize = 3;
/// Addresses in one of to, cc and bcc.
pub const RECIPIENTS_A_FIELD: usize = 50;
/// A from, to, cc, bcc or reply-to as submitted, in bytes: names and all.
pub const ADDRESS_LIST_BYTES: usize = 65_536;
/// Tags of one email.
pub const TAGS: usize = 50;
/// One tag, in characters.
pub const TAG_CHARACTERS: usize = 255;
/// Attachments of one email.
pub const ATTACHMENTS: usize = 250;
/// A subject or another free header text, in characters.
pub const HEADER_TEXT_CHARACTERS: usize = 8_192;
/// Parts of every kind in a message that is read, the message itself counted.
pub const MIME_PARTS: usize = 256;
/// Multiparts within multiparts in a message that is read.
pub const MIME_DEPTH: usize = 32;
/// Header fields that are looked at in one part of a message.
pub const HEADER_FIELDS: usize = 1_000;
/// Header fields that are looked at in one part of a message, in bytes.
pub const HEADER_BYTES: usize = 256 * 1024;
/// Received fields of mail that comes in; with more it is in a loop (RFC 5321 section 6.3).
pub const RECEIVED_FIELDS: usize = 50;
/// For how long mail may come back that was sent.
pub const RETURN_PATH: Duration = Duration::from_secs(90 * 24 * 3600);
/// Signatures of one message that are checked.
pub const SIGNATURES: usize = 32;
/// How long the checks of a message's origin may take, DNS and all.
pub const AUTHENTICATE: Duration = Duration::from_secs(10);
/// The same where the peer is on this machine: nothing is to be feared of it, and a machine
/// without DNS must not keep it waiting.
pub const AUTHENTICATE_NEAR: Duration = Duration::from_secs(2);
/// How long an answer of DNS about others is used again.
pub const ANSWER_KEPT: Duration = Duration::from_secs(60);
/// The same where there was none.
pub const NO_ANSWER_KEPT: Duration = Duration::from_secs(10);
/// Answers that are kept for it.
pub const ANSWERS_KEPT: usize = 4_096;
/// A larger one is not kept.
pub const ANSWER_BYTES: usize = 4_096;
/// Names that DNS is asked for to check one message.
pub const AUTHENTICATE_NAMES: usize = 64;
/// What a part says of its type or disposition, in bytes.
pub const MIME_FIELD_BYTES: usize = 16_384;
/// Addresses that are read of one header field.
pub const ADDRESSES_READ: usize = 1_000;
/// Links that are kept of a message that is read.
pub const LINKS: usize = 1_000;
/// Of a text or a page, the bytes that links are looked for in.
pub const LINKED_TEXT_BYTES: usize = 1024 * 1024;
/// A text or a page that is shown, with the images put into it, in bytes.
pub const SHOWN_BYTES: usize = 32 * 1024 * 1024;
/// Of a page, the bytes that are cleaned or made into text.
pub const PAGE_BYTES: usize = 2 * 1024 * 1024;
/// Recipients that are read of one report of a delivery or a complaint.
pub const REPORTED_RECIPIENTS: usize = 100;
/// Of a bounce that is written for people, the bytes that are looked at.
pub const REPORT_TEXT_BYTES: usize = 64 * 1024;
/// The source of a template's subject, html or text, in bytes.
pub const TEMPLATE_BYTES: usize = 1024 * 1024;
/// What one part of a template renders to, in bytes.
pub const TEMPLATE_OUTPUT_BYTES: usize = 10 * 1024 * 1024;
/// Values for a template's placeholders, in bytes: keys and texts, and
/// [`TEMPLATE_VALUE_BYTES`] for each value.
pub const TEMPLATE_VARIABLES_BYTES: usize = 10 * 1024 * 1024;
/// What a value for a template counts for beside its text, in bytes.
pub const TEMPLATE_VALUE_BYTES: usize = 64;
/// Steps of the template engine in one rendering: a loop over 10,000 rows of
/// ten cells fits.
pub const TEMPLATE_FUEL: u64 = 1_000_000;
/// Blocks within blocks of a template, parentheses within parentheses, names
/// of a path, and values within values.
pub const TEMPLATE_DEPTH: usize = 32;
/// What stands between the braces of one tag of a template, in bytes.
pub const TEMPLATE_TAG_BYTES: usize = 1024;
/// An Idempotency-Key, in characters.
pub const IDEMPOTENCY_CHARACTERS: usize = 255;
/// How long an Idempotency-Key is remembered.
pub const IDEMPOTENCY_AGE: Duration = Duration::from_secs(24 * 3600);
/// What a sender keeps with an email, as JSON, in bytes.
pub const METADATA_BYTES: usize = 4_096;
/// How far ahead an email can be scheduled.
pub const SEND_AHEAD: Duration = Duration::from_secs(30 * 24 * 3600);
/// Emails submitted in one call.
pub const BATCH: usize = 1_000;
/// Content of the emails of one call that is dealt with in one write, in bytes.
pub const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// A piece of the input that a refusal shows, in characters.
pub const SHOWN_CHARACTERS: usize = 200;
/// How long it is remembered what a relay took.
pub const RELAY_USE_AGE: Duration = Duration::from_secs(3 * 24 * 3600);
/// A name that a person gives to something, in characters.
pub const NAME_CHARACTERS: usize = 255;
/// A name that a caller gives to a key of its own, in characters.
pub const SCOPED_NAME_CHARACTERS: usize = 100;
/// Rows of one page, and of one page when nothing is asked.
pub const PAGE_ROWS: u32 = 200;
/// Rows of a page when nothing is asked.
pub const PAGE_ROWS_DEFAULT: u32 = 50;
/// Messages of one list, and rows that are left out before it.
pub const MAIL_ROWS: u32 = 1_000;
pub const MAIL_SKIP: u32 = 10_000;
/// Messages that are looked through when mail is searched, newest first, and found at most.
pub const SEARCH_SCAN: u32 = 20_000;
pub const SEARCH_ROWS: usize = 100;
/// Messages read at once while mail is searched or counted up.
pub const SCAN_STEP: u32 = 500;
/// Messages that figures of what is nobody's are made from, newest first.
pub const STATISTICS_SCAN: u32 = 20_000;
/// Of a mailbox that is nobody's, the messages that are counted.
pub const PUBLIC_COUNT: u32 = 10_000;
/// Labels of one message, and the characters of each.
pub const LABELS: usize = 100;
pub const LABEL_CHARACTERS: usize = 100;
/// A person's words about an address, in characters.
pub const INFO_CHARACTERS: usize = 2_000;
/// A password, in bytes.
pub const PASSWORD_BYTES: std::ops::RangeInclusive<usize> = 8..=1_024;
/// Passwords that are hashed or checked at a time: each takes 19 MiB and tens of milliseconds.
pub const PASSWORDS_AT_A_TIME: usize = 2;
/// Wrong passwords in an hour: of one mailbox, and from one address.
pub const WRONG_PASSWORDS: u32 = 20;
pub const WRONG_PASSWORDS_FROM: u32 = 60;
/// Of whom it is remembered how often they were wrong.
pub const WRONG_REMEMBERED: usize = 10_000;
/// For how long a session lasts without anything done, and at most.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 3600);
pub const SESSION_LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);
/// For how long a way in that works once can be taken.
pub const INVITATION_AGE: Duration = Duration::from_secs(3 * 24 * 3600);
/// What is written down of a change beside its name, in bytes.
pub const AUDIT_DETAIL_BYTES: usize = 1_000;
/// For how many days it is kept who changed what, unless the operator says otherwise.
pub const AUDIT_DAYS: u64 = 400;
/// Mail that waits for longer is worth a look.
pub const LONG_WAIT: Duration = Duration::from_secs(3_600);
/// Domains, and mailboxes, that are told of as not as they should be.
pub const PROBLEMS_OF_A_KIND: u32 = 20;
/// People of one organization.
pub const USERS: u32 = 1_000;
/// Days of figures.
pub const OVERVIEW_DAYS: u32 = 90;
/// Of a queue, the deliveries that are counted.
pub const QUEUE_COUNT: u32 = 100_000;
/// For how long a mailbox can be brought back that was removed.
pub const MAILBOX_UNDO: Duration = Duration::from_secs(30 * 24 * 3600);
/// A folder's name, in bytes; folders of one mailbox; and messages of one read at once.
pub const FOLDER_NAME_BYTES: usize = 255;
pub const FOLDERS: usize = 1_000;
pub const FOLDER_ROWS: u32 = 10_000;
/// Of one message, the bytes of text that are indexed; what is longer is read by each search.
pub const INDEX_TEXT_BYTES: usize = 1024 * 1024;
/// A header, or a structure, that is kept beside its message, in bytes; what is longer is read
/// from the whole.
pub const INDEX_OUTLINE_BYTES: usize = 64 * 1024;
/// Messages indexed in one write, and what they hold in bytes; one at least.
pub const INDEX_STEP: u32 = 32;
pub const INDEX_STEP_BYTES: u64 = 1024 * 1024;
/// Messages of a maildrop, the oldest of more.
pub const MAILDROP_ROWS: u32 = 10_000;
/// Messages of a folder changed in one write.
pub const FOLDER_STEP: usize = 500;
/// Mailboxes made by one task, and mailboxes that a domain can be bounded to.
pub const PROVISIONED_AT_ONCE: u32 = 100;
/// Of a task, what is tried at the same time, a small write each.
pub const PROVISION_STEP: u32 = 25;
/// Domains below one that are made by one task, and for how long after it no other is taken of
/// the same key and domain.
pub const SUB_DOMAINS_AT_ONCE: usize = 10;
pub const SUB_DOMAINS_GAP: Duration = Duration::from_secs(3600);
/// Domains that tasks made whose records are looked for at a time.
pub const VERIFIED_AT_ONCE: u32 = 10;
/// How long a task is kept that has come to its end.
pub const TASK_AGE: Duration = Duration::from_secs(30 * 24 * 3600);
/// What a mailbox may be given to hold, in MiB.
pub const MAILBOX_MIB: u64 = 1024 * 1024;
/// Addresses reserved in one call.
pub const RESERVED_AT_ONCE: usize = 100;
/// Addresses validated in one call, DNS questions for it under way at a time, and all of
/// DNS for it.
pub const VALIDATED_AT_ONCE: usize = 50;
pub const VALIDATING_AT_A_TIME: usize = 16;
pub const VALIDATING_DNS: Duration = Duration::from_secs(4);
/// Mail servers of a validated address's domain that are told.
pub const VALIDATING_HOSTS: usize = 10;
/// Rows of a list that is not paged.
pub const LIST_ROWS: u32 = 10_000;

/// A row of a sheet that is imported, in bytes.
pub const SHEET_ROW_BYTES: usize = 16_384;
/// Columns of a sheet that is imported.
pub const SHEET_COLUMNS: usize = 256;
/// Rows of a sheet in one write, and in one page of a sheet that is exported.
pub const SHEET_STEP: usize = 500;
/// Bad rows of a sheet that are told one by one.
pub const SHEET_FAULTS: usize = 1_000;

/// Jobs waiting for the writer; past that the store is busy.
pub const WRITE_QUEUE: usize = 1024;
/// Short looks waiting for their thread; past that the store is busy.
pub const LOOK_QUEUE: usize = 1024;
/// Jobs in one commit.
pub const WRITE_GROUP: usize = 256;
/// Commits that a write which can wait lets go before it.
pub const WRITE_OVERTAKES: u32 = 4;
/// Connections that read.
pub const READERS: usize = 4;
/// Rows removed in one write by cleaning work.
pub const EXPIRE_STEP: u32 = 500;
/// Mailboxes looked at in one step for what is past what they keep; messages of one removed
/// in one write, and the bytes of messages after which a write removes no more.
pub const RETAIN_LOOK: u32 = 500;
pub const RETAIN_STEP: u32 = 50;
pub const RETAIN_BYTES: u64 = 8 * 1024 * 1024;
/// Empty pages given back in one write. So many of them are left, or one in so many of all,
/// where that is more: the next mail is written there.
pub const SPACE_STEP: u32 = 256;
pub const SPACE_KEPT_PAGES: u64 = 2_048;
pub const SPACE_KEPT_SHARE: u64 = 16;

/// Destinations looked at in one planning step.
pub const PLAN_DESTINATIONS: u32 = 256;
/// Deliveries planned in one step.
pub const PLAN_STEP: usize = 256;
/// Connections to one destination at a time.
pub const CONNECTIONS_A_DESTINATION: usize = 8;
/// Attempts under way in all.
pub const ATTEMPTS_UNDER_WAY: usize = 128;
/// A message's whole attempt, from look-up to answer.
pub const ATTEMPT_DEADLINE: Duration = Duration::from_secs(600);
/// How long a connection that did its work is kept for the next message.
pub const CONNECTION_IDLE: Duration = Duration::from_secs(20);
/// Messages over one connection.
pub const MESSAGES_A_CONNECTION: u32 = 100;
/// MX hosts tried in one attempt.
pub const MX_TRIED: usize = 5;
/// Addresses tried in one attempt, over all hosts.
pub const ADDRESSES_TRIED: usize = 8;
/// How long an email is retried before it bounces.
pub const RETRY_FOR: Duration = Duration::from_secs(48 * 3600);

/// Recipients' domains that DNS is asked for when a story is told.
pub const WHY_DOMAINS: usize = 10;
/// All of DNS for one story.
pub const WHY_DNS: Duration = Duration::from_secs(4);

/// Addresses and domains that one listens for.
pub const LISTENED: usize = 100;
/// Events looked at in one step by one who listens.
pub const LISTENED_STEP: u32 = 500;
/// Events turned into webhook deliveries in one step.
pub const NOTIFY_STEP: u32 = 100;
/// Bytes of bodies after which a webhook's reading of the log pauses for a write: mail that
/// came in is told whole.
pub const NOTICES_BYTES: usize = 32 * 1024 * 1024;
/// Webhook calls under way in all.
pub const WEBHOOKS_UNDER_WAY: usize = 16;

/// Copies of the emails of one write, a recipient each, in bytes together; where they do not
/// fit, an email's recipients share one.
pub const COPIES_BYTES: usize = 64 * 1024 * 1024;
/// The URL that our own links begin with, in bytes.
pub const PUBLIC_URL_BYTES: usize = 255;
/// A link's target, in bytes; a longer one is not followed.
pub const TRACKED_URL_BYTES: usize = 4_096;
/// Links followed in one page; the rest of them stay as they are.
pub const TRACKED_LINKS: usize = 2_000;
/// Of a link's text, the bytes that are looked at for what it says.
pub const TRACKED_TEXT_BYTES: usize = 256;
/// How long the same recipient's doing the same thing is not written down again.
pub const TRACKED_GAP: Duration = Duration::from_secs(60);
/// Openings, and again clicks, written down of one recipient of one email.
pub const TRACKED_EVENTS: u32 = 100;
/// Of a user agent, the bytes that are kept.
pub const USER_AGENT_BYTES: usize = 512;
/// Memory for reading one page beside the page itself, in bytes.
pub const TRACKED_PARSING_BYTES: usize = 8 * 1024 * 1024;
