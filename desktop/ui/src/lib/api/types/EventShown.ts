import type { EventKind } from './EventKind';

export interface EventShown {
  at: string;
  kind: EventKind;
  /** In words. */
  text: string | null;
  /** To which recipient. */
  recipient: string | null;
  /** The link that was followed. */
  url: string | null;
}
