// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * A change.
 */
export type AuditRow = { id: number, at: string, 
/**
 * The person's name then; `this machine` for the desktop and the command line.
 */
who: string, 
/**
 * Null where it was no person, or they are no more.
 */
user: number | null, 
/**
 * The command.
 */
what: string, 
/**
 * What it was about: an address, a host, a number.
 */
target: string | null, 
/**
 * What was said beside, as JSON; never a secret or a text of mail.
 */
detail: string | null, 
/**
 * From where.
 */
remote: string | null, };
