export type RecordPurpose = 'dkim' | 'dkim_ed25519' | 'return_path' | 'dmarc' | 'spf' | 'mx' | 'mail_from_mx' | 'mail_from_spf';
