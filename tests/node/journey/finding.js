// Finds things in a page as a person does: by role and name, by label, by text. It runs in the
// page, for drivers that can do no more than that; `find` is the whole of it.

/** What is asked for: {by: 'role' | 'label' | 'text', role, name: {text} | {pattern, flags}, loose}. */
export function find(asked) {
  const TAGS = {
    A: 'link', BUTTON: 'button', ARTICLE: 'article', NAV: 'navigation', MAIN: 'main', TABLE: 'table',
    TR: 'row', UL: 'list', OL: 'list', LI: 'listitem', TEXTAREA: 'textbox', SELECT: 'combobox',
    FIELDSET: 'group', DETAILS: 'group', H1: 'heading', H2: 'heading', H3: 'heading', SUMMARY: 'button',
  };
  const plain = (text) => text.replace(/\s+/g, ' ').trim();
  const isSeen = (one) => {
    const { width, height } = one.getBoundingClientRect();
    const closed = one.closest('details:not([open])');
    if (closed && !closed.querySelector('summary')?.contains(one) && closed !== one) return false;
    return width > 0 && height > 0 && one.checkVisibility({ visibilityProperty: true });
  };
  const role = (one) => {
    const given = one.getAttribute('role');
    if (given) return given.split(' ')[0];
    if (one.tagName === 'A' && !one.hasAttribute('href')) return null;
    if (one.tagName === 'SECTION') return words(one) === '' ? null : 'region';
    return TAGS[one.tagName] ?? null;
  };
  const content = (one) => {
    let text = '';
    for (const child of one.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      else if (child.nodeType === Node.ELEMENT_NODE && child.getAttribute('aria-hidden') !== 'true') {
        const flows = getComputedStyle(child).display.startsWith('inline');
        const inner = child.getAttribute('aria-label') ?? child.getAttribute('alt') ?? content(child);
        text += flows ? inner : ` ${inner} `;
      }
    }
    return text;
  };
  /** The name that its author gave. */
  const words = (one) => {
    const by = one.getAttribute('aria-labelledby')?.split(' ') ?? [];
    const told = by.map((id) => document.getElementById(id)).filter(Boolean);
    if (told.length > 0) return plain(told.map((label) => label.textContent).join(' '));
    return plain(one.getAttribute('aria-label') ?? '');
  };
  const label = (one) => {
    const labels = [...(one.labels ?? [])].map((label) => plain(content(label)));
    return words(one) || plain(labels.join(' '));
  };
  const FROM_CONTENT = ['link', 'button', 'tab', 'menuitem', 'menuitemradio', 'switch', 'row', 'option', 'heading'];
  const name = (one) => label(one) || (FROM_CONTENT.includes(role(one)) ? plain(content(one)) : '');
  const fits = (text) => {
    if (!asked.name) return true;
    if ('pattern' in asked.name) return new RegExp(asked.name.pattern, asked.name.flags).test(text);
    if (asked.loose) return text.toLowerCase().includes(plain(asked.name.text).toLowerCase());
    return text === plain(asked.name.text);
  };
  const dialogs = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].filter(isSeen);
  const place = asked.everywhere ? document.body : (dialogs.at(-1) ?? document.body);
  const all = [...place.querySelectorAll('*')].filter((one) => !['SCRIPT', 'STYLE'].includes(one.tagName));
  if (asked.by === 'role') return all.filter((one) => role(one) === asked.role && isSeen(one) && fits(name(one)));
  if (asked.by === 'label') {
    const fields = all.filter((one) => one.labels !== undefined || one.hasAttribute('aria-label'));
    return fields.filter((one) => isSeen(one) && fits(label(one)));
  }
  // The smallest that has the text.
  const has = (one) => fits(plain(one.textContent));
  return all.filter((one) => has(one) && ![...one.children].some(has) && isSeen(one));
}
