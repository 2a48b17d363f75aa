export interface WhyAsked {
  /** The email's UUID. */
  id: string;
  /** Ask DNS what it says now: takes up to four seconds. */
  dns: boolean;
}
