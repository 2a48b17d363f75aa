export type RecipientField = 'to' | 'cc' | 'bcc';
