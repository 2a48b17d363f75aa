// The app starts, and shows what the first line says: "sees", texts; "place", where it goes
// first, if anywhere.

import { test } from './sure.js';

export default async function desktopStart(page, _, about) {
  if (about.place) await page.open(about.place);
  for (const text of about.sees) await page.see(text);
  const faults = await page.faults();
  test(faults.length === 0, `no faults: ${faults.join('\n')}`);
}
