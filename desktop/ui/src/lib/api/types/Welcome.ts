export interface Welcome {
  /** From the link. */
  token: string;
  /** What to be called; null where the link says it. */
  name: string | null;
  password: string;
}
