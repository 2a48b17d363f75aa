// The console's first step, which the desktop has not: the link that the server printed leads
// to the owner's name and password. The first line has "welcome", the link, "name", "password".

import { test } from './sure.js';

export default async function welcome(page, _, about) {
  await page.open(about.welcome.split('#/')[1]);
  await page.fill('Name', about.name);
  await page.fill('Password', 'short');
  await page.fill('Password once more', 'short');
  await page.click('button', 'Begin');
  await page.see('Take at least 10 characters.');
  await page.fill('Password', about.password);
  await page.fill('Password once more', `${about.password}?`);
  await page.see('The two passwords differ.');
  await page.fill('Password once more', about.password);
  await page.click('button', 'Begin');
  await page.see('First steps');
  test((await page.read('button', 'Account')).startsWith(about.name), 'the owner is signed in');
}
