// The app was started with a mailto: link; started again, it hands over what it was asked, and
// the window that is there shows it.
//
// Asked of the world:
//   again {what}    starts the app once more, with "link", "long link", "mail" or "picture"; {status}

import { test } from './sure.js';

export default async function desktopOpens(page, world) {
  await page.see('Add a domain first');
  await page.click('link', 'Add a domain');
  await page.fill('Domain', 'shop.test');
  await page.click('button', 'Add a domain');
  await page.see('Added. Now publish its records.');
  const field = (label) => page.run(
    `return [...document.querySelectorAll('input, textarea')]
      .find((one) => one.labels?.[0]?.innerText.trim() === arguments[0])?.value`,
    label,
  );
  const filled = (label, text) => page.until(`${label}: ${text}`, async () =>
    (await field(label)) === text ? null : undefined);
  const again = async (what) => {
    const { status } = await world.ask('again', { what });
    test(status === 0, `the second start ends well: ${status}`);
  };
  await again('long link');
  await filled('To', 'kim@far.test, ann@far.test');
  await filled('Subject', 'Order 9 & more');
  await filled('Text', 'First line\nsecond');
  await again('mail');
  await page.see('Mail in a file');
  await page.see('Invoice 7');
  await page.frame('The message, shut off from this page', 'Please pay');
  test(!(await page.run('return "pwned" in window')), 'nothing in it ran');
  await page.click('tab', /^Attachments/);
  await page.see('prices.csv');
  await page.click('tab', 'Source');
  test((await page.read('region', 'Source')).includes('Subject: Invoice 7'), 'the source is there');
  await again('picture');
  await page.see('picture.png is no mail: it does not begin with a header.');
  await again('link');
  await filled('To', 'bo@far.test');
  await page.open('inbox');
  await page.see('Inbox');
  test(!(await page.has('link', /Invoice 7/)), 'what was opened is kept nowhere');
  const faults = await page.faults();
  test(faults.length === 0, `no faults: ${faults.join('\n')}`);
}
