/** Puts text on the clipboard, also where the page is not on a secure origin. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard && globalThis.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'fixed -left-full';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
