export interface MessageMark {
  /** At most 200. */
  ids: Array<number>;
  seen: boolean | null;
  starred: boolean | null;
}
