// Made from the Rust side by `BLESS=1 cargo test --workspace --lib typescript`; not to be edited.
import type { SuppressionReason } from "./SuppressionReason";

/**
 * A suppressed address.
 */
export type SuppressionRow = { id: number, address: string, reason: SuppressionReason, detail: string | null, domain: string | null, created_at: string, };
