export type Security = 'plain' | 'starttls' | 'tls';
