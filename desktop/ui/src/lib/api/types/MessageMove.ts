import type { Folder } from './Folder';

export interface MessageMove {
  /** At most 200. */
  ids: Array<number>;
  folder: Folder;
}
