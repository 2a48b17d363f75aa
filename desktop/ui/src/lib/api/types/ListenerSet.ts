import type { ListenerKind } from './ListenerKind';

export interface ListenerSet {
  kind: ListenerKind;
  on: boolean;
}
