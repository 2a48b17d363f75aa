import type { RecipientHost } from './RecipientHost';

export interface RecipientDomain {
  domain: string;
  takes: string;
  hosts: Array<RecipientHost>;
  lines: Array<string>;
}
