import type { Switch } from './Switch';

export interface SettingsSet {
  /** The organization's name. */
  name: string | null;
  /** Live mail without a relay goes to the recipients' own servers. */
  direct: Switch | null;
  /** Mail that it captures is starred. */
  capture_private: Switch | null;
  /** What each mailbox keeps; 0: for ever, or any number. */
  keep_days: number | null;
  keep_messages: number | null;
  keep_bytes: number | null;
}
