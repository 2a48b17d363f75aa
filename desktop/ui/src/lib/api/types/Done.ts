export type Done = Record<string, never>;
