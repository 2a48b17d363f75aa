export type ListenerKind = 'http' | 'https' | 'smtp_inbound' | 'smtp_submission' | 'smtp_submissions' | 'smtp_capture' | 'imap' | 'imaps' | 'pop3' | 'pop3s';
