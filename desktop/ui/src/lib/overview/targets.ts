import type { FirstStepKind, Target, View } from '$lib/api';
import { to } from '$lib/router.svelte';

const VIEWS: Record<View, string> = {
  overview: 'overview',
  domain: 'domains',
  email: 'outbox',
  outbox: 'outbox',
  webhook: 'webhooks',
  relay: 'relays',
  mailbox: 'mailboxes',
  key: 'keys',
};
const STEPS: Record<FirstStepKind, string> = {
  domain: to('domains', null, { new: '1' }),
  records: to('domains'),
  key: to('keys', null, { new: '1' }),
  mailbox: to('mailboxes', null, { new: '1' }),
  send: to('compose'),
};

/** Where a problem is looked after. */
export const place = (target: Target): string => to(VIEWS[target.view], target.id);
export const start = (step: FirstStepKind): string => STEPS[step];
