// The app shows a server. The first line has "server", its address, "name" and "password" of
// somebody there, and "mailbox", an address there.
//
// Asked of the world:
//   hand {to}    hands a mail to the server by SMTP; {subject, html}

import { test } from './sure.js';

export default async function desktopRemote(page, world, about) {
  await page.open('settings');
  await add(page, about);
  await page.click('button', 'Switch to it: The office');
  // The page is loaded anew; until then it is the other's.
  await page.see(new RegExp(`^${about.name}$`));
  await page.open('mailboxes');
  await page.see(about.mailbox);
  test((await page.read('button', 'Account')).startsWith(about.name), 'the one who signed in is there');
  // It tells of what comes, and shows it.
  await page.open('inbox');
  await page.see('Inbox');
  const mail = await world.ask('hand', { to: about.mailbox });
  await page.see(mail.subject);
  await page.click('link', mail.subject);
  await page.frame('The message, shut off from this page', mail.html);
  await page.click('tab', 'Source');
  test((await page.read('region', 'Source')).includes(mail.source), 'its source is there');
  // Whoever signs out there has a way back here.
  await page.click('button', 'Account');
  await page.click('menuitem', 'Sign out');
  await page.see('Sign in');
  await page.fill('Name', about.name);
  await page.fill('Password', about.password);
  await page.click('button', 'Sign in');
  await page.see(mail.subject);
  await page.click('button', 'Account');
  await page.click('menuitem', 'Sign out');
  await page.click('button', 'Switch to it: This machine');
  await page.see(/^this machine$/);
  await page.open('mailboxes');
  await page.see('Make a mailbox');
  test(!(await page.has('row', new RegExp(about.mailbox))), 'nothing of the server is here');
  await page.open('settings');
  await page.click('button', 'Remove: The office');
  await page.gone('The office');
}

async function add(page, about) {
  await page.click('button', 'Add a server');
  await page.fill('Name', 'The office');
  const fields = { server: /^Address/, user: 'Your name there', password: 'Password' };
  await page.fill(fields.server, 'http://mail.far.test');
  await page.fill(fields.user, about.name);
  await page.fill(fields.password, 'not the password');
  await page.click('button', 'Add a server');
  await page.see('Use https: over http the password would cross the network for all to read.');
  await page.fill(fields.server, about.server);
  await page.click('button', 'Add a server');
  await page.see('Name or password are not right.');
  await page.fill(fields.password, about.password);
  await page.click('button', 'Add a server');
  await page.see(about.server);
}
