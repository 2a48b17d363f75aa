export interface ByUuid {
  /** The UUID. */
  id: string;
}
