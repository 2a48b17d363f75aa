import type { Folder } from './Folder';

export interface FolderRow {
  name: string;
  /** Null for one of the person's own. */
  role: Folder | null;
  messages: number;
  unread: number;
}
