export interface ById {
  /** The number. */
  id: number;
}
