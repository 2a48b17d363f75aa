export interface RecipientHost {
  preference: number | null;
  host: string;
  addresses: Array<string>;
  error: string | null;
}
