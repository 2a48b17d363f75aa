export interface MessageRemove {
  /** At most 200. */
  ids: Array<number>;
}
