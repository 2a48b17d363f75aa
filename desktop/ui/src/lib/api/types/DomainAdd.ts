export interface DomainAdd {
  host: string;
  /** A person's name for it. */
  name: string | null;
}
