// The first five minutes at the console: through the printed link, then as everywhere.

import { test } from './sure.js';
import firstMinutes from './first_minutes.js';
import welcome from './welcome.js';

export default async function consoleMinutes(page, world, about) {
  await welcome(page, world, about);
  await firstMinutes(page, world, about);
  // What was shown once is nowhere after all is loaded anew; and the link works once.
  await page.raw.reload();
  await page.see('Nothing needs attention.');
  test(page.faults.length === 0, `no faults: ${page.faults.join('\n')}`);
  const link = await page.rawContext.request.post(`${about.url}console/api/session.invitation`, {
    headers: { 'x-posthouse-console': '1' },
    data: { token: about.welcome.split('/').pop() },
  });
  test(link.status() === 404, 'the link works once');
}
