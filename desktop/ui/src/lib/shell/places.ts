import {
  AtSign,
  Ban,
  ChartColumn,
  DatabaseBackup,
  FileText,
  Globe,
  Inbox,
  KeyRound,
  ListChecks,
  Mailbox,
  RadioTower,
  Route,
  Send,
  Settings,
  Users,
  Webhook,
} from '$lib/shared/icons';
import type { Component } from 'svelte';
import type { Role } from '$lib/api';
import { t } from '$lib/texts/en';

export interface Door {
  view: string;
  text: string;
  icon: Component<{ class?: string }>;
  needs?: Role;
}

/** The pages that the menu leads to, in its groups. */
export const GROUPS: { name: string | null; doors: Door[] }[] = [
  { name: null, doors: [{ view: 'overview', text: t.nav.overview, icon: ChartColumn }] },
  {
    name: t.nav.mail,
    doors: [
      { view: 'inbox', text: t.nav.inbox, icon: Inbox },
      { view: 'outbox', text: t.nav.outbox, icon: Send },
      { view: 'templates', text: t.nav.templates, icon: FileText },
      { view: 'suppressions', text: t.nav.suppressions, icon: Ban },
    ],
  },
  {
    name: t.nav.setup,
    doors: [
      { view: 'domains', text: t.nav.domains, icon: Globe },
      { view: 'mailboxes', text: t.nav.mailboxes, icon: Mailbox },
      { view: 'addresses', text: t.nav.addresses, icon: AtSign },
      { view: 'keys', text: t.nav.keys, icon: KeyRound },
      { view: 'webhooks', text: t.nav.webhooks, icon: Webhook },
      { view: 'relays', text: t.nav.relays, icon: Route },
      { view: 'listeners', text: t.nav.listeners, icon: RadioTower },
    ],
  },
  {
    name: t.nav.team,
    doors: [
      { view: 'users', text: t.nav.users, icon: Users, needs: 'owner' },
      { view: 'audit', text: t.nav.audit, icon: ListChecks, needs: 'owner' },
      { view: 'backup', text: t.nav.backup, icon: DatabaseBackup, needs: 'owner' },
      { view: 'settings', text: t.nav.settings, icon: Settings },
    ],
  },
];

export const DOORS: Door[] = GROUPS.flatMap((group) => group.doors);
