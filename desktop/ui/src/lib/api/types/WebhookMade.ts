export interface WebhookMade {
  id: number;
  secret: string | null;
}
