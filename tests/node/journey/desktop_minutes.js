// The first five minutes in the app: nobody signs in, and nothing listens before it is switched
// on.
//
// Asked of the world, before what the first minutes ask:
//   listening {http, inbound}   where the app listens now, host and port

import { test } from './sure.js';
import firstMinutes from './first_minutes.js';

export default async function desktopMinutes(page, world, about) {
  await page.open('overview');
  await page.see('First steps');
  test(!(await page.has('button', 'Sign in')), 'nobody signs in');
  await listen(page, world);
  await firstMinutes(page, world, about);
  const faults = await page.faults();
  test(faults.length === 0, `no faults: ${faults.join('\n')}`);
}

async function listen(page, world) {
  await page.click('link', 'Listeners');
  await page.see('Takes mail for domains of yours.');
  test(!/127\.0\.0\.1:\d/.test(await page.read('main')), 'nothing listens at first');
  await page.click('switch', 'Listen for HTTP');
  await page.see(/curl http:\/\/127\.0\.0\.1:\d+/);
  await page.click('switch', 'Listen for SMTP, incoming');
  await page.see(/swaks --server 127\.0\.0\.1:\d+/);
  const said = await page.read('main');
  const [, http] = /curl http:\/\/(127\.0\.0\.1:\d+)/.exec(said);
  const [, inbound] = /swaks --server (127\.0\.0\.1:\d+)/.exec(said);
  await world.ask('listening', { http, inbound });
}
