/** A limit as it is written into a field: nothing, or no number, is none. */
export function limit(text: string): number | null {
  const number = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(number) && number > 0 ? number : null;
}
