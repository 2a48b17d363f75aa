// Reads a mail as a person does: shows its HTML in Chromium, follows a link, tries the link
// with another target, and unsubscribes on the page that it is given.
//
// usage: reader.js HTML-FILE UNSUBSCRIBE-URL
// Prints one line of JSON: "agent", what the browser calls itself; "image", "click" (the last
// of its redirects), "forged" and "left", answers as {"status", "type", "url"}; "heading", the
// last page's.

import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [file, wayOut] = process.argv.slice(2);
const answer = (response) => ({
  status: response.status(),
  type: response.headers()['content-type'] ?? null,
  url: response.url(),
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage();
  const ended = () =>
    page.waitForResponse((response) => response.request().isNavigationRequest() && response.status() !== 302);
  const image = page.waitForResponse((response) => response.url().includes('/t/o/'));
  await page.setContent(readFileSync(file, 'utf8'));
  const said = { agent: await page.evaluate(() => navigator.userAgent), image: answer(await image) };
  const link = page.locator('a[href*="/t/c/"]').first();
  const forged = new URL(await link.getAttribute('href'));
  const landed = ended();
  await link.click();
  said.click = answer(await landed);
  forged.searchParams.set('to', forged.searchParams.get('to').replace('landing', 'elsewhere'));
  said.forged = answer(await page.goto(forged.href));
  await page.goto(wayOut);
  const left = ended();
  await page.getByRole('button').click();
  said.left = answer(await left);
  said.heading = await page.getByRole('heading').innerText();
  console.log(JSON.stringify(said));
} finally {
  await browser.close();
}
