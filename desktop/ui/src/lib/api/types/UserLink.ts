export interface UserLink {
  id: number;
  name: string;
  /** The way in, to be used once, behind the console's address: `/#/welcome/…`. */
  path: string;
  expires_at: string;
}
