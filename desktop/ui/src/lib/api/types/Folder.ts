export type Folder = 'inbox' | 'all' | 'spam' | 'trash' | 'sent' | 'drafts';
