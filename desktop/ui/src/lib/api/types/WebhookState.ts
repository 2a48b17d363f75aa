export type WebhookState = 'pending' | 'delivered' | 'failed';
