import type { MailboxMake } from './MailboxMake';

export interface MailboxMakeMany {
  lines: Array<MailboxMake>;
}
