import type { Handlers } from './handlers';
import { mail } from './mail';
import { contains } from './people';
import { setup } from './setup';

export const search = {
  'search.all': ({ text }) => {
    const asked = { before: null, limit: 4, search: text };
    return {
      emails: mail['email.list']({ ...asked, domain: null, state: null }).rows,
      messages: mail['message.list']({ ...asked, mailbox: null, folder: null }).rows,
      domains: setup['domain.list']().rows.filter((row) => contains(text, row.host)),
      mailboxes: setup['mailbox.list']({ ...asked, kind: null }).rows,
    };
  },
} satisfies Partial<Handlers>;
