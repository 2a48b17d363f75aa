// Visits every screen of the fake build, light and dark: nothing hostile acts, nothing is loaded
// from elsewhere, axe finds nothing serious. With --pictures they go to screenshots/.
//   node tests/screens.mjs [--pictures] [part of a screen's name ...]
import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import UPNG from 'upng-js';
import { preview } from 'vite';
import { SCREENS } from './screens/list.mjs';
import { HOSTILE_MAIL, FRAME_POLICY } from './screens/mail.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PICTURES = path.join(HERE, '../screenshots');
const COLOURS = 64;
const SIZE = { width: 1280, height: 800 };
const takes = process.argv.includes('--pictures');
const wanted = process.argv.slice(2).filter((word) => word !== '--pictures');

async function main() {
  const server = await preview({
    root: path.join(HERE, '..'),
    mode: 'fake',
    build: { outDir: 'dist-fake' },
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  });
  const origin = new URL(server.resolvedUrls.local[0]).origin;
  const profile = await mkdtemp(path.join(tmpdir(), 'posthouse-screens-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--font-render-hinting=none'],
    viewport: SIZE,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  if (takes) await mkdir(PICTURES, { recursive: true });
  const faults = [];
  const screens = SCREENS.filter(
    (screen) => wanted.length === 0 || wanted.some((part) => screen.name.includes(part)),
  );
  for (const screen of screens) {
    for (const theme of screen.themes ?? ['light', 'dark'])
      faults.push(...(await visit(context, origin, screen, theme)));
  }
  await context.close();
  await server.close();
  await rm(profile, { recursive: true, force: true });
  for (const fault of faults) console.log(fault);
  const bad = new Set(faults.map((fault) => fault.split(':')[0])).size;
  console.log(`${screens.length - bad} passed, ${bad} failed`);
  process.exit(faults.length > 0 ? 1 : 0);
}

async function visit(context, origin, screen, theme) {
  const faults = [];
  const fault = (words) => faults.push(`${screen.name}: (${theme}) ${words}`);
  const page = await context.newPage();
  page.on('pageerror', (error) => fault(`threw ${error.message}`));
  page.on('console', (line) => {
    // The frame's own policy is meant to refuse what hostile mail asks for.
    const isFrames =
      line.location().url.includes('/console/files/') ||
      /https:\/\/evil\.example\/|about:srcdoc/.test(line.text());
    if (['error', 'warning'].includes(line.type()) && !isFrames) fault(`said ${line.text()}`);
  });
  await page.route('**/*', (route) => serve(route, origin, fault));
  await page.addInitScript(
    `try { sessionStorage.setItem('posthouse-fake-scene', '${screen.scene ?? 'full'}'); localStorage.setItem('posthouse-theme', '${theme}'); } catch {}`,
  );
  try {
    await page.goto(`${origin}/#/${screen.at}`);
    await page.locator('h1').first().waitFor({ timeout: 10_000 });
    await screen.act?.(page);
    await page.waitForTimeout(250);
    await page.mouse.move(0, 0);
    if (takes && !screen.unseen) await picture(page, `${screen.name}-${theme}`);
    await screen.check?.(page, fault);
    await hold(page, fault);
  } catch (error) {
    fault(`failed: ${error.message.split('\n').slice(0, 4).join(' ')}`);
  }
  await page.close();
  return faults;
}

function serve(route, origin, fault) {
  const url = route.request().url();
  if (/\/console\/files\/message\/\d+\/html/.test(url)) {
    return route.fulfill({
      body: HOSTILE_MAIL,
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': FRAME_POLICY },
    });
  }
  if (url.includes('/console/files/preview/')) {
    return route.fulfill({
      body: '<h1 style="color:#a03">Hello {name}</h1>',
      contentType: 'text/html; charset=utf-8',
      headers: { 'Content-Security-Policy': FRAME_POLICY },
    });
  }
  if (url.includes('/console/files/'))
    return route.fulfill({ body: 'Subject: <b>x</b>\r\n\r\nHello', contentType: 'text/plain' });
  if (url.startsWith(origin) || url.startsWith('data:')) return route.continue();
  fault(`asked for ${url}`);
  return route.abort();
}

/** What holds on every screen. */
async function hold(page, fault) {
  if (await page.evaluate(() => '__pwned' in globalThis)) fault('ran what a mail brought');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (wide) fault('is wider than the window');
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .exclude('iframe')
    .analyze();
  for (const violation of found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))) {
    const where = violation.nodes
      .slice(0, 3)
      .map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`);
    fault(`axe ${violation.id}: ${violation.help} at ${where.join(' | ')}`);
  }
}

/** A small picture: of so many colours only. */
async function picture(page, name) {
  const image = UPNG.decode(await page.screenshot());
  const small = UPNG.encode(UPNG.toRGBA8(image), image.width, image.height, COLOURS);
  await writeFile(path.join(PICTURES, `${name}.png`), Buffer.from(small));
}

await main();
