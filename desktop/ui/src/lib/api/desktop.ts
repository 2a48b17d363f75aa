/** What only the desktop's shell answers to, beside the table. */
import type { Done, MessageShown, Rows } from './types';

/** A console that the app shows: this machine's, or a server's. */
export interface Connection {
  id: string;
  name: string;
  /** Null for this machine. */
  url: string | null;
  active: boolean;
}

export interface DesktopCommands {
  'connection.list': { input: Record<string, never>; output: Rows<Connection> };
  'connection.add': { input: { name: string; url: string; user: string; password: string }; output: Done };
  'connection.use': { input: { id: string }; output: Done };
  'connection.remove': { input: { id: string }; output: Done };
  /** Asks where to, and puts a file of the console's there. */
  'file.save': { input: { path: string; name: string }; output: Done };
  /** A mail in a file that was opened, kept nowhere; by its number in `#/opened/1`. */
  'file.opened': { input: { id: number }; output: MessageShown };
  /** Whether its html calls for images from elsewhere. */
  'file.remote': { input: { id: number }; output: { has_remote: boolean } };
  /** The beginning of a file of the console's, as text. */
  'file.text': { input: { path: string; limit: number }; output: { text: string } };
}
