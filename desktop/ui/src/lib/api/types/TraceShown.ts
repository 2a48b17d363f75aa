export interface TraceShown {
  remote: string;
  helo: string;
  tls: string | null;
  /** Null for the null one. */
  envelope_from: string | null;
}
