// Drives the pages in headless Chromium. The first line has "url", where the console is, and
// perhaps "picture", a file for what is seen when something fails.

import { chromium } from 'playwright-core';

const PATIENCE_MS = 20_000;

export async function start(about) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await Driven.begin(context, about.url);
  const look = async () => {
    if (about.picture) await page.raw.screenshot({ path: about.picture });
    const seen = await page.raw.locator('body').innerText();
    return `${page.raw.url()}\n${page.faults.join('\n')}\n${seen}`;
  };
  const end = async () => browser.close();
  return { page, look, end };
}

class Driven {
  /** What the pages threw, or said on the console as errors. */
  faults = [];

  static async begin(context, url) {
    const made = new Driven();
    made.rawContext = context;
    made.url = url;
    made.raw = await context.newPage();
    made.raw.on('pageerror', (error) => made.faults.push(`threw ${error.message}`));
    made.raw.on('console', (line) => {
      // What a refused command came to is shown by the page.
      const isRefusal = /the server responded with a status of 4\d\d/.test(line.text());
      if (line.type() === 'error' && !isRefusal) made.faults.push(`said ${line.text()}`);
    });
    return made;
  }

  /** Where things are found: the dialog on top, or everywhere. */
  async place() {
    const dialogs = this.raw.locator('[role=dialog]:visible, [role=alertdialog]:visible');
    return (await dialogs.count()) > 0 ? dialogs.last() : this.raw.locator('body');
  }

  find(place, role, name) {
    const exact = { exact: typeof name === 'string' };
    if (role === 'text') return place.getByText(name, exact).filter({ visible: true });
    const named = name === undefined ? {} : { name, ...exact };
    return place.getByRole(role, named).filter({ visible: true });
  }

  /** Does something to a thing, wherever it appears first: a dialog may just open or close. */
  async reach(find, what) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = find(await this.place()).first();
      try {
        return await what(found, 1000);
      } catch (error) {
        if (error.name !== 'TimeoutError' || Date.now() > end) throw error;
      }
    }
  }

  async open(place) {
    await this.raw.goto(`${this.url}#/${place}`);
  }

  click(role, name) {
    return this.reach((place) => this.find(place, role, name), (it, timeout) => it.click({ timeout }));
  }

  field(label) {
    return (place) => place.getByLabel(label, { exact: typeof label === 'string' }).filter({ visible: true });
  }

  fill(label, text) {
    return this.reach(this.field(label), (it, timeout) => it.fill(text, { timeout }));
  }

  choose(label, option) {
    return this.reach(this.field(label), (it, timeout) => it.selectOption({ label: option }, { timeout }));
  }

  press(keys) {
    return this.raw.keyboard.press(keys);
  }

  type(text) {
    return this.raw.keyboard.type(text);
  }

  focused() {
    return this.raw.evaluate(() => {
      const at = document.activeElement;
      const label = at?.labels?.[0]?.innerText;
      return (at?.getAttribute('aria-label') ?? label ?? at?.innerText ?? '').trim();
    });
  }

  async see(text) {
    await this.raw.getByText(text).filter({ visible: true }).first().waitFor();
  }

  async gone(text) {
    await this.raw.getByText(text).filter({ visible: true }).first().waitFor({ state: 'hidden' });
  }

  async has(role, name) {
    return (await this.find(await this.place(), role, name).count()) > 0;
  }

  read(role, name) {
    return this.reach((place) => this.find(place, role, name), (it, timeout) => it.innerText({ timeout }));
  }

  async readAll(role, name) {
    return this.find(await this.place(), role, name).allInnerTexts();
  }

  async frame(title, text) {
    await this.raw.frameLocator(`iframe[title="${title}"]`).getByText(text).first().waitFor();
  }
}
