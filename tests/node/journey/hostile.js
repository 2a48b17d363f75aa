// Hostile mail and hostile names at the console: nothing of them runs, asks, or leaves. The
// first line has what `welcome` needs; "smtp", where mail is taken; "to", whom it is for;
// "corpus", a folder of messages.

import { createServer } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { hostile, names } from './hostile_texts.js';
import { test } from './sure.js';
import welcome from './welcome.js';

/** Where each of the pages is that show what somebody else named. */
const PLACES = [
  'overview', 'inbox', 'outbox', 'templates', 'suppressions', 'domains', 'mailboxes', 'addresses',
  'keys', 'webhooks', 'relays', 'listeners', 'users', 'audit', 'backup', 'settings', 'compose',
]; // prettier-ignore

export default async function hostileJourney(page, world, about) {
  const canary = await Canary.listen();
  const watch = watched(page, about.url);
  await welcome(page, world, about);
  const sent = await deliver(about, canary);
  const console_ = commands(page, about.url);
  await named(console_, canary);
  const ids = await arrived(console_, sent);
  for (const id of ids) await read(page, id);
  for (const place of PLACES) {
    await page.open(place);
    await page.raw.locator('h1').first().waitFor();
    await page.raw.waitForLoadState('networkidle');
  }
  await page.open('templates');
  await page.see(names(canary.url)[0]);
  await page.press('Control+k');
  await page.raw.getByRole('combobox').fill('onerror');
  await page.raw.getByRole('option', { name: 'onerror' }).first().waitFor();
  await page.press('Escape');
  watch.holds();
  test(canary.asked.length === 0, `the canary heard ${JSON.stringify(canary.asked)}`);
  await images(page, console_, canary, watch);
  await links(page, canary);
  test(page.faults.length === 0, `no faults: ${page.faults.join('\n')}`);
  canary.close();
}

/** A server that must not be asked. */
class Canary {
  asked = [];

  static async listen() {
    const made = new Canary();
    made.server = createServer((request, response) => {
      const { url, headers } = request;
      made.asked.push({ url, referer: headers.referer ?? null, cookie: headers.cookie ?? null });
      response.setHeader('content-type', url.endsWith('.gif') ? 'image/gif' : 'text/html');
      response.end(url.endsWith('.gif') ? Buffer.from('R0lGODlhAQABAAAAACw=', 'base64') : '<h1>Landed</h1>');
    });
    await new Promise((done) => made.server.listen(0, '127.0.0.1', done));
    made.url = `http://127.0.0.1:${made.server.address().port}`;
    return made;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Every request of the browser that is for another host, every dialog, every window. */
function watched(page, home) {
  const seen = [];
  const isOurs = (url) => url.startsWith(home) || url.startsWith('data:') || url === 'about:blank';
  page.rawContext.on('request', (request) => {
    const url = request.url();
    if (!isOurs(url)) seen.push(`${request.resourceType()} ${url}`);
  });
  page.raw.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.rawContext.on('page', (opened) => seen.push(`window ${opened.url()}`));
  page.rawContext.on('download', (file) => seen.push(`download ${file.url()}`));
  page.raw.on('framenavigated', (frame) => {
    if (!isOurs(frame.url()) && frame.url() !== '') seen.push(`frame ${frame.url()}`);
  });
  return {
    seen,
    holds() {
      test(seen.length === 0, `nothing leaves, nothing opens: ${seen.join('\n')}`);
    },
  };
}

/** Hands in the corpus and what is made for browsers; how many were taken. */
async function deliver({ smtp, to, corpus }, canary) {
  const [host, port] = smtp.split(':');
  const transport = createTransport({ host, port: Number(port), pool: true, maxConnections: 1, ignoreTLS: true });
  const files = readdirSync(corpus).filter((name) => name.endsWith('.eml'));
  const mails = [
    ...files.map((name) => ({ name, raw: readFileSync(`${corpus}/${name}`) })),
    ...hostile(canary.url, to),
  ];
  const refused = [];
  for (const { name, raw } of mails)
    await transport
      .sendMail({ envelope: { from: 'ann@far.test', to }, raw })
      .catch((error) => refused.push(`${name}: ${error.message}`));
  transport.close();
  // What no server may take: it has no end of a line as it should be.
  test(refused.length <= 2, `taken: ${refused.join('\n')}`);
  return mails.length - refused.length;
}

/** Calls commands as the page does, with its session. */
function commands(page, home) {
  let csrf = null;
  const call = async (name, data = {}) => {
    const headers = { 'x-posthouse-console': '1', ...(csrf ? { 'x-csrf-token': csrf } : {}) };
    const answer = await page.rawContext.request.post(`${home}console/api/${name}`, { headers, data });
    return answer.json();
  };
  return async (name, data) => {
    csrf ??= (await call('session.show')).csrf;
    return call(name, data);
  };
}

/** Names and texts that somebody put there, wherever they are taken. */
async function named(call, canary) {
  const all = names(canary.url);
  for (const [at, name] of all.entries()) {
    await call('template.save', { id: null, name, subject: name, html: `<p>${name}</p>`, text: name });
    await call('domain.add', { host: `d${at}.test`, name });
    await call('domain.add', { host: name, name: null });
    await call('key.make', {
      shape: 'mailsac', name, domain: null, user: null, scopes: [], mode: 'capture', expires_at: null, test: false,
    }); // prettier-ignore
    await call('mailbox.make', { address: `m${at}@example.test`, name, quota_bytes: null, password: null });
    await call('user.make', { name, role: 'reader' });
    await call('relay.make', {
      name, host: 'smtp.far.test', port: 25, security: 'starttls', user: name, password: 'x',
      hourly: null, daily: null, sender: null,
    }); // prettier-ignore
    await call('suppression.add', { address: `s${at}@far.test`, domain: null, detail: name });
    await call('email.send', {
      from: `"${name.replace(/["\\]/g, '')}" <hi@example.test>`, to: ['m0@example.test'], cc: [], bcc: [],
      reply_to: null, subject: name, text: name, html: `<p>${name}</p>`, test: true,
    }); // prettier-ignore
  }
  await call('settings.set', { name: all[0] });
  const templates = await call('template.list');
  test(templates.rows.length > 0, 'some hostile names are taken');
}

async function arrived(call, count) {
  const ids = [];
  let before = null;
  do {
    const page = await call('message.list', { before, limit: 100 });
    ids.push(...page.rows.map((row) => row.id));
    before = page.next;
  } while (before !== null);
  test(ids.length >= count, `${count} are there: ${ids.length}`);
  return ids;
}

/** Opens one in every way. */
async function read(page, id) {
  await page.open(`inbox/${id}`);
  const tabs = page.raw.getByRole('tablist', { name: 'The message' }).getByRole('tab');
  await tabs.first().waitFor();
  for (const tab of await tabs.all()) {
    await tab.click();
    if ((await tab.innerText()).trim() !== 'Html') continue;
    await page.raw.frameLocator('iframe').locator('body').waitFor({ state: 'attached' });
    // Whatever is there to be pressed is pressed, but what leads elsewhere as it should.
    const buttons = page.raw.frameLocator('iframe').locator('button, input, [onclick], a:not([target=_blank])');
    test((await buttons.count()) === 0, `nothing to press in ${id}`);
  }
  const ran = await page.raw.evaluate(() => '__pwned' in globalThis);
  test(!ran, `nothing of ${id} ran`);
}

/** When somebody asks for images, they are fetched, and nothing else is. */
async function images(page, call, canary, watch) {
  const found = await call('message.list', { search: 'Images from afar', limit: 5 });
  await page.open(`inbox/${found.rows[0].id}`);
  await page.click('button', 'Load them');
  await page.raw.frameLocator('iframe').locator('img').first().waitFor();
  await page.raw.waitForLoadState('networkidle');
  const asked = canary.asked.map((one) => one.url).sort();
  test(asked.join() === '/one.gif,/two.gif', `images only: ${JSON.stringify(canary.asked)}`);
  test(canary.asked.every((one) => one.referer === null && one.cookie === null), 'nothing is told with it');
  test(watch.seen.every((line) => line.startsWith(`image ${canary.url}/`)), watch.seen.join('\n'));
}

/** A link opens a window of its own, which knows nothing of where it came from. */
async function links(page, canary) {
  canary.asked.length = 0;
  const opened = page.rawContext.waitForEvent('page');
  await page.raw.frameLocator('iframe').getByText('the offer').click();
  const other = await opened;
  await other.getByText('Landed').waitFor();
  test((await other.evaluate(() => window.opener)) === null, 'it has no way back');
  const [first] = canary.asked;
  test(first.url === '/offer' && first.referer === null && first.cookie === null, JSON.stringify(first));
  await other.close();
}
