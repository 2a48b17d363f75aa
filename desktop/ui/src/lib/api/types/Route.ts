// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.

/**
 * How a copy leaves, or stays.
 */
export type Route = "local" | "relay" | "direct" | "capture" | "simulated";
