/** `Kim <kim@a.test>, ann@b.test` as its parts; commas inside quotes do not part. */
export function split(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|<[^>]*>|[^,;\n])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The first that is no address, or null. */
export function wrong(parts: string[]): string | null {
  return parts.find((part) => !/^([^<>]*<)?[^\s@<>,]+@[^\s@<>,]+>?$/.test(part)) ?? null;
}
