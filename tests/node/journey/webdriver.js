// Drives the pages by WebDriver: the desktop's window, by way of tauri-driver. The first line
// has "driver", its address, "application", the program, "args", and perhaps "picture".

import { writeFile } from 'node:fs/promises';
import { find } from './finding.js';

const PATIENCE_MS = 40_000;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** Between two looks. */
const PAUSE_MS = 50;
const KEYS = { Enter: '\uE007', Tab: '\uE004', Escape: '\uE00C', ArrowDown: '\uE015', ArrowUp: '\uE013' };
const HELD = { Control: '\uE009', Shift: '\uE008', Alt: '\uE00A' };
/** What passes when a page just changes. */
const PASSING = ['stale element reference', 'no such element', 'element not interactable', 'element click intercepted'];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const named = (name) =>
  name === undefined ? null : name instanceof RegExp ? { pattern: name.source, flags: name.flags } : { text: name };

export async function start(about) {
  const page = await Window.begin(about);
  const look = async () => {
    if (about.picture) {
      const picture = await page.ask('GET', '/screenshot').catch(() => '');
      await writeFile(about.picture, Buffer.from(picture, 'base64'));
    }
    const seen = await page.run('return `${location.href}\\n${document.body.innerText}`').catch(String);
    return `${(await page.faults()).join('\n')}\n${seen}`;
  };
  return { page, look, end: () => page.ask('DELETE', '').catch(() => {}) };
}

async function wire(method, url, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await fetch(url, { method, body: text });
  const { value } = await answer.json();
  if (answer.ok) return value;
  throw Object.assign(new Error(`${value?.error}: ${value?.message}`), { code: value?.error });
}

class Window {
  static async begin({ driver, application, args }) {
    const made = new Window();
    const options = { 'tauri:options': { application, args } };
    const session = await wire('POST', `${driver}/session`, { capabilities: { alwaysMatch: options } });
    made.session = `${driver}/session/${session.sessionId}`;
    await made.run(`
      window.faults = [];
      const fault = (text) => window.faults.push(text);
      addEventListener('error', (event) => fault(\`threw \${event.message}\`));
      addEventListener('unhandledrejection', (event) => fault(\`rejected \${event.reason}\`));
      addEventListener('securitypolicyviolation', (event) =>
        fault(\`\${event.violatedDirective} refused \${event.blockedURI}\`));`);
    return made;
  }

  ask(method, path, body) {
    return wire(method, this.session + path, method === 'POST' ? (body ?? {}) : undefined);
  }

  run(script, ...args) {
    return this.ask('POST', '/execute/sync', { script, args });
  }

  /** What the page threw, or was refused by its policy, since it was last loaded. */
  faults() {
    return this.run('return window.faults ?? []').catch(() => []);
  }

  found(asked) {
    return this.run(`return (${find})(arguments[0])`, asked);
  }

  /** Until it is done, or has not come to be for too long. */
  async until(what, done) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        const value = await done();
        if (value !== undefined) return value;
      } catch (error) {
        if (!PASSING.includes(error.code)) throw error;
      }
      if (Date.now() > end) throw new Error(`waited too long: ${what}`);
      await pause(PAUSE_MS);
    }
  }

  reach(asked, act) {
    return this.until(JSON.stringify(asked), async () => {
      const [first] = await this.found(asked);
      return first && ((await act(first[ELEMENT])) ?? null);
    });
  }

  byRole(role, name) {
    return role === 'text' ? { by: 'text', name: named(name) } : { by: 'role', role, name: named(name) };
  }

  async open(place) {
    await this.run('location.hash = arguments[0]', `#/${place}`);
  }

  click(role, name) {
    return this.reach(this.byRole(role, name), (id) => this.ask('POST', `/element/${id}/click`));
  }

  fill(label, text) {
    return this.reach({ by: 'label', name: named(label) }, async (id) => {
      await this.ask('POST', `/element/${id}/clear`);
      // What a line ends with is a key.
      await this.ask('POST', `/element/${id}/value`, { text: text.replaceAll('\n', KEYS.Enter) });
    });
  }

  choose(label, option) {
    return this.reach({ by: 'label', name: named(label) }, async (id) => {
      // WebKit compares with what was chosen when the focus came; a hand brings it there.
      const script = `arguments[0].blur();
        arguments[0].focus();
        return [...arguments[0].options].find((one) => one.label.trim() === arguments[1])`;
      const chosen = await this.run(script, { [ELEMENT]: id }, option);
      if (!chosen) throw Object.assign(new Error(`no ${option}`), { code: 'no such element' });
      await this.ask('POST', `/element/${chosen[ELEMENT]}/click`);
    });
  }

  async keys(actions) {
    await this.ask('POST', '/actions', { actions: [{ type: 'key', id: 'keys', actions }] });
  }

  press(keys) {
    const parts = keys.split('+').map((key) => HELD[key] ?? KEYS[key] ?? key);
    const down = parts.map((value) => ({ type: 'keyDown', value }));
    const up = parts.toReversed().map((value) => ({ type: 'keyUp', value }));
    return this.keys([...down, ...up]);
  }

  type(text) {
    const each = (value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }];
    return this.keys([...text].flatMap(each));
  }

  focused() {
    return this.run(`const at = document.activeElement;
      return (at?.getAttribute('aria-label') ?? at?.labels?.[0]?.innerText ?? at?.innerText ?? '').trim()`);
  }

  see(text) {
    return this.reach({ by: 'text', name: named(text), loose: true, everywhere: true }, () => null);
  }

  gone(text) {
    const asked = { by: 'text', name: named(text), loose: true, everywhere: true };
    return this.until(`no more ${text}`, async () => ((await this.found(asked)).length === 0 ? null : undefined));
  }

  async has(role, name) {
    return (await this.found(this.byRole(role, name))).length > 0;
  }

  texts(found) {
    return this.run('return [...arguments].map((one) => one.innerText)', ...found);
  }

  read(role, name) {
    return this.until(`${role} ${name}`, async () => {
      const found = await this.found(this.byRole(role, name));
      return found.length === 0 ? undefined : (await this.texts(found))[0];
    });
  }

  async readAll(role, name) {
    return this.texts(await this.found(this.byRole(role, name)));
  }

  async frame(title, text) {
    await this.until(`${text} in the frame ${title}`, async () => {
      const script = 'return [...document.querySelectorAll("iframe")].find((one) => one.title === arguments[0])';
      const frame = await this.run(script, title);
      if (!frame) return undefined;
      await this.ask('POST', '/frame', { id: frame });
      try {
        const wanted = { using: 'css selector', value: 'body' };
        const body = await this.ask('POST', '/element', wanted);
        const seen = await this.ask('GET', `/element/${body[ELEMENT]}/text`);
        return seen.includes(text) ? null : undefined;
      } finally {
        await this.ask('POST', '/frame', { id: null });
      }
    });
  }
}
