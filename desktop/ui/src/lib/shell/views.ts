import type { Component } from 'svelte';

export interface ViewProps {
  id: string | null;
  query: URLSearchParams;
}
type Load = () => Promise<{ default: Component<ViewProps> }>;

/** A page for each first word of an address; fetched when it is first opened. */
export const VIEWS: Record<string, Load> = {
  overview: () => import('$views/Overview.svelte'),
  inbox: () => import('$views/Inbox.svelte'),
  opened: () => import('$views/Opened.svelte'),
  outbox: () => import('$views/Outbox.svelte'),
  compose: () => import('$views/Compose.svelte'),
  templates: () => import('$views/Templates.svelte'),
  suppressions: () => import('$views/Suppressions.svelte'),
  domains: () => import('$views/Domains.svelte'),
  mailboxes: () => import('$views/Mailboxes.svelte'),
  addresses: () => import('$views/Addresses.svelte'),
  keys: () => import('$views/Keys.svelte'),
  webhooks: () => import('$views/Webhooks.svelte'),
  relays: () => import('$views/Relays.svelte'),
  listeners: () => import('$views/Listeners.svelte'),
  users: () => import('$views/Users.svelte'),
  audit: () => import('$views/Audit.svelte'),
  backup: () => import('$views/Backup.svelte'),
  settings: () => import('$views/Settings.svelte'),
  missing: () => import('$views/Missing.svelte'),
};
