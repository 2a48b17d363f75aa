// Who may what at the console: an owner invites a reader, who is offered nothing that a reader
// cannot do; signing out and in; searching; and a stretch by keyboard alone. The first line has
// what `welcome` needs, and "host", a domain to be.

import { test } from './sure.js';
import welcome from './welcome.js';

const SEARCH = 'Search mail, domains, mailboxes, pages';
const READER = { name: 'lee', password: 'another good horse' };

export default async function roles(page, world, about) {
  await welcome(page, world, about);
  const link = await invite(page);
  await signOut(page);
  await take(page, link);
  await offers(page);
  await signOut(page);
  await signIn(page, about);
  await byKeys(page, about);
  test(page.faults.length === 0, `no faults: ${page.faults.join('\n')}`);
}

async function invite(page) {
  await page.click('link', 'Users');
  await page.click('button', 'Add a person');
  await page.fill('Name', READER.name);
  await page.choose('Role', 'Reader');
  await page.see('Looks at everything, changes nothing.');
  await page.click('button', 'Add a person');
  await page.see('lee sets a password with it. It works once.');
  const link = (await page.read('region', 'link')).trim();
  await page.click('button', 'Done');
  await page.see('No password yet');
  return link;
}

async function signOut(page) {
  await page.click('button', 'Account');
  await page.click('menuitem', 'Sign out');
  await page.see('With your name and password.');
}

async function take(page, link) {
  await page.open(link.split('#/')[1]);
  await page.see('Welcome, lee');
  await page.see('You are invited to default as reader. Choose a password.');
  await page.fill('Password', READER.password);
  await page.fill('Password once more', READER.password);
  await page.click('button', 'Begin');
  await page.see('First steps');
}

/** A reader sees, and is offered nothing else; whoever writes an address by hand is told. */
async function offers(page) {
  for (const [place, text, offered] of [
    ['domains', 'example.test', 'Add a domain'],
    ['keys', 'Live', 'Make a key'],
    ['mailboxes', 'No mailboxes yet', 'Make a mailbox'],
    ['webhooks', 'No webhooks yet', 'Add a webhook'],
    ['relays', 'No relays', 'Add a relay'],
    ['templates', 'No templates yet', 'New template'],
    ['suppressions', 'Nobody is suppressed', 'Add an address'],
    ['addresses', 'No addresses reserved', 'Reserve an address'],
  ]) {
    await page.open(place);
    await page.see(place === 'keys' ? 'Capture' : text);
    test(!(await page.has('button', offered)), `${offered} is not offered`);
    test(!(await page.has('link', offered)), `${offered} is not offered`);
  }
  for (const door of ['Users', 'Audit log', 'Backup', 'Compose'])
    test(!(await page.has('link', door)), `${door} is not offered`);
  await page.open('settings');
  await page.see('Only an owner changes these.');
  for (const place of ['users', 'audit']) {
    await page.open(place);
    await page.see('Your role does not allow this; ask an owner.');
  }
  await page.open('compose');
  await page.fill('To', 'kim@far.test');
  await page.click('button', 'Send');
  await page.see('Your role does not allow this; ask an owner.');
}

async function signIn(page, { name, password }) {
  await page.fill('Name', name);
  await page.fill('Password', 'not this one');
  await page.click('button', 'Sign in');
  await page.see('Name or password are not right.');
  test((await page.read('textbox', 'Password')) === '', 'a wrong password does not stay');
  await page.fill('Password', password);
  await page.click('button', 'Sign in');
  // Back where they were.
  await page.see('Send a mail from one of your domains.');
}

/** From here on no mouse. */
async function byKeys(page, { host }) {
  await page.press('Control+k');
  await reached(page, SEARCH);
  await page.type('domai');
  await page.press('Enter');
  await page.see('The names that your mail comes from and arrives at.');
  await tabTo(page, 'Add a domain');
  await page.press('Enter');
  await page.see('Such as example.com, without https:// or www.');
  await tabTo(page, 'Domain');
  await page.type(host);
  await page.press('Enter');
  await page.see('Added. Now publish its records.');
  await tabTo(page, /^Records/);
  await page.press('ArrowRight');
  await page.see('Read by IMAP');
  await page.press('Control+k');
  await reached(page, SEARCH);
  await page.type('settin');
  test((await page.read('option', 'Settings')) !== '', 'pages are found');
  await page.press('Escape');
  await reached(page, 'Mail programs');
}

/** The focus comes there by itself. */
async function reached(page, name) {
  for (let times = 0; times < 200; times += 1) {
    if ((await page.focused()) === name) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${name} has not the focus, but ${await page.focused()}`);
}

async function tabTo(page, name) {
  const fits = (text) => (typeof name === 'string' ? text === name : name.test(text));
  for (let times = 0; times < 60; times += 1) {
    if (fits(await page.focused())) return;
    await page.press('Tab');
  }
  throw new Error(`${name} is not reached by the Tab key`);
}
