import type { DomainRow } from './DomainRow';
import type { EmailRow } from './EmailRow';
import type { MailboxRow } from './MailboxRow';
import type { MessageRow } from './MessageRow';

export interface Found {
  emails: Array<EmailRow>;
  messages: Array<MessageRow>;
  domains: Array<DomainRow>;
  mailboxes: Array<MailboxRow>;
}
