import type { EmailStatus } from './EmailStatus';

export interface EmailRow {
  /** Its UUID. */
  id: string;
  at: string;
  from: string;
  to: Array<string>;
  subject: string | null;
  status: EmailStatus;
  tags: Array<string>;
}
