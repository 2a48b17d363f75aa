import { plain } from '$lib/shared/plain';

/** The name a message's sender goes by, or the address; as plain text, whatever is in it. */
export function sender(from: string): string {
  const found = /^\s*"?(.*?)"?\s*<([^<>]*)>\s*$/.exec(from);
  const name = found?.[1]?.trim();
  return plain(name ? name : (found?.[2] ?? from));
}
