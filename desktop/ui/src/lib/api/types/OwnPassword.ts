export interface OwnPassword {
  /** The one there is. */
  current: string;
  /** The one there shall be. */
  password: string;
}
