export interface RelayOrder {
  /** All of them, the one to be tried first in front. */
  ids: Array<number>;
}
