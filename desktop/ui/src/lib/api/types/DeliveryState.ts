export type DeliveryState = 'queued' | 'sending' | 'deferred' | 'held' | 'delivered' | 'complained' | 'bounced' | 'suppressed' | 'burned' | 'canceled';
