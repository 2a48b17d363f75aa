export interface Rows<T> {
  /** The rows. */
  rows: Array<T>;
}
