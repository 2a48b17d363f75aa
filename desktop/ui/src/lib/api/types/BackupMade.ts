export interface BackupMade {
  /** To fetch it from; gone after an hour. */
  url: string;
  size_bytes: number;
  made_at: string;
  /** What to keep beside it, in a sentence. */
  note: string;
}
