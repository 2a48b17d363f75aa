// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * `webhook.make`: the secret is shown once.
 */
export type WebhookMade = { id: number, secret: string | null, };
