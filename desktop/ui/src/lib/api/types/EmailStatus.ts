export type EmailStatus = 'queued' | 'scheduled' | 'sent' | 'delivered' | 'complained' | 'refused' | 'bounced' | 'failed' | 'canceled';
