export interface MailboxRename {
  address: string;
  to: string;
}
