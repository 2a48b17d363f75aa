// Every screen: its name, where it is, and what is done there first.
const dialog = (name) => async (page) => {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
};

const tab = (name) => async (page) => {
  await page.getByRole('tab', { name }).click();
};

/** The frame may do nothing, and cannot reach this page. */
async function frameHolds(page, fault) {
  const sandbox = await page.locator('iframe').getAttribute('sandbox');
  if (/allow-(scripts|same-origin|forms|top)/.test(sandbox ?? 'allow-scripts'))
    fault(`has a frame with sandbox "${sandbox}"`);
  const before = page.url();
  await page.frameLocator('iframe').getByText('press here').click();
  await page.waitForTimeout(100);
  if (page.url() !== before) fault(`was led to ${page.url()}`);
}

/** Few rows are in the page, more are fetched as it is scrolled, and the keyboard gets there. */
async function longList(page, fault) {
  const table = page.getByRole('table', { name: 'Emails' });
  const shown = async () =>
    Number((await table.innerText()).match(/([\d,]+) of 100,000/)?.[1].replaceAll(',', '') ?? 0);
  for (let times = 0; times < 30 && (await shown()) < 1000; times += 1) {
    await table
      .locator('[role=rowgroup]')
      .nth(1)
      .evaluate((one) => (one.scrollTop = one.scrollHeight));
    await page.waitForTimeout(60);
  }
  if ((await shown()) < 1000) fault(`fetched ${await shown()} rows by being scrolled`);
  const rows = await table.getByRole('row').count();
  if (rows > 60) fault(`holds ${rows} rows in the page`);
  await table
    .locator('[role=rowgroup]')
    .nth(1)
    .evaluate((one) => (one.scrollTop = 0));
  await table.locator('[data-index="0"]').focus();
  for (let times = 0; times < 40; times += 1) {
    await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(20);
  }
  await page
    .waitForFunction(() => document.activeElement?.getAttribute('data-index') === '40', null, {
      timeout: 3000,
    })
    .catch(() => fault('cannot be walked by keys'));
}

/** A message that comes is on top of the list without being asked for. */
async function live(page, fault) {
  const first = () => page.getByRole('row').nth(1).innerText();
  const before = await first();
  await page.evaluate(() => globalThis.posthouseFake.tell('message', 1));
  await page.waitForTimeout(300);
  if ((await first()) === before) fault('does not follow what comes');
}

export const SCREENS = [
  { name: 'sign-in', at: '', scene: 'signed-out' },
  {
    name: 'welcome',
    at: 'welcome/abc',
    scene: 'welcome',
    act: (page) => page.getByLabel('Password once more').waitFor(),
  },
  { name: 'overview', at: 'overview' },
  { name: 'overview-empty', at: 'overview', scene: 'empty' },
  {
    name: 'search',
    at: 'overview',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('order');
      await page.getByText('Your order 9 is on its way').first().waitFor();
    },
  },
  { name: 'domains', at: 'domains' },
  { name: 'domains-empty', at: 'domains', scene: 'empty', themes: ['light'] },
  { name: 'domain-add', at: 'domains', act: dialog('Add a domain'), themes: ['light'] },
  {
    name: 'domain-records',
    at: 'domains/shop.acme.test',
    act: (page) => page.getByText('Found').first().waitFor(),
  },
  { name: 'domain-programs', at: 'domains/acme.test?tab=setup', themes: ['light'] },
  { name: 'domain-settings', at: 'domains/acme.test?tab=settings' },
  { name: 'keys', at: 'keys' },
  { name: 'key-make', at: 'keys', act: dialog('Make a key') },
  {
    name: 'key-made',
    at: 'keys',
    themes: ['light'],
    act: async (page) => {
      await dialog('Make a key')(page);
      await page.getByRole('button', { name: 'Make the key' }).click();
      await page.getByText('It is shown this once').waitFor();
    },
  },
  {
    name: 'key-rate',
    at: 'keys',
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Actions for/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: 'Requests a minute' }).click();
      await page.getByRole('dialog').waitFor();
    },
    themes: ['light'],
  },
  { name: 'mailboxes', at: 'mailboxes' },
  { name: 'mailbox', at: 'mailboxes/kim%40acme.test' },
  { name: 'mailbox-make', at: 'mailboxes', act: dialog('Make a mailbox'), themes: ['light'] },
  {
    name: 'mailboxes-many',
    at: 'mailboxes',
    themes: ['light'],
    act: async (page) => {
      await dialog('Make many')(page);
      await page.getByLabel('Lines').fill('ann@acme.test, Ann\nkim@acme.test\nola@acme.test');
      await page.getByRole('button', { name: 'Make 3 mailboxes' }).click();
      await page.getByText('2 made, 1 refused.').waitFor();
    },
  },
  { name: 'outbox', at: 'outbox', check: longList },
  { name: 'outbox-empty', at: 'outbox', scene: 'empty', themes: ['light'] },
  {
    name: 'email-bounced',
    at: 'outbox/01a1fd70-8b2b-7409-9237-000000000002',
    act: (page) => page.getByText('SMTP conversation').first().waitFor(),
  },
  { name: 'email-timeline', at: 'outbox/01a1fd70-8b2b-7409-9237-000000000002?tab=events', themes: ['light'] },
  { name: 'email-held', at: 'outbox/01a1fd70-8b2b-7409-9237-000000000001', themes: ['light'] },
  { name: 'email-content', at: 'outbox/01a1fd70-8b2b-7409-9237-000000000004?tab=content', unseen: true },
  { name: 'inbox', at: 'inbox', check: live },
  {
    name: 'inbox-chosen',
    at: 'inbox',
    act: async (page) => {
      for (const at of [0, 1, 3]) await page.getByRole('checkbox').nth(at).click();
      await page.getByText('3 chosen').waitFor();
    },
  },
  { name: 'inbox-empty', at: 'inbox', scene: 'empty', themes: ['light'] },
  {
    name: 'message',
    at: 'inbox/6',
    act: (page) => page.frameLocator('iframe').getByText('You won').waitFor(),
    check: frameHolds,
  },
  {
    name: 'message-hostile',
    at: 'inbox/4',
    act: (page) => page.getByText('SPF: failed').waitFor(),
    check: frameHolds,
    themes: ['light'],
  },
  { name: 'message-text', at: 'inbox/6', act: tab('Text'), themes: ['light'] },
  { name: 'message-headers', at: 'inbox/6', act: tab('Headers'), unseen: true },
  { name: 'message-links', at: 'inbox/6', act: tab('Links'), themes: ['light'] },
  { name: 'message-attachments', at: 'inbox/6', act: tab('Attachments'), unseen: true },
  { name: 'message-source', at: 'inbox/6', act: tab('Source'), unseen: true },
  { name: 'compose', at: 'compose' },
  {
    name: 'compose-wrong',
    at: 'compose',
    themes: ['light'],
    act: (page) => page.getByRole('button', { name: 'Send', exact: true }).click(),
  },
  { name: 'templates', at: 'templates', themes: ['light'] },
  {
    name: 'template',
    at: 'templates/01a1fd70-0000-7000-8000-000000000001',
    act: (page) => page.frameLocator('iframe').getByText('Hello {name}').waitFor(),
  },
  { name: 'template-new', at: 'templates/new', themes: ['light'], unseen: true },
  { name: 'suppressions', at: 'suppressions' },
  { name: 'suppressions-import', at: 'suppressions', act: dialog('Import'), themes: ['light'] },
  { name: 'addresses', at: 'addresses' },
  {
    name: 'address-route',
    at: 'addresses',
    themes: ['light'],
    act: async (page) => {
      await page.getByText('orders@acme.test').click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'webhooks', at: 'webhooks' },
  { name: 'webhook-add', at: 'webhooks', act: dialog('Add a webhook'), themes: ['light'] },
  { name: 'webhook', at: 'webhooks/1' },
  { name: 'webhook-edit', at: 'webhooks/1', act: dialog('Edit'), unseen: true },
  {
    name: 'webhook-delivery',
    at: 'webhooks/1',
    themes: ['light'],
    act: async (page) => {
      await page.getByText('It answered 500.').first().click();
      await page.getByText('Payload').waitFor();
    },
  },
  { name: 'relays', at: 'relays' },
  { name: 'relay-add', at: 'relays', act: dialog('Add a relay'), themes: ['light'] },
  {
    name: 'relay-test',
    at: 'relays',
    themes: ['light'],
    act: async (page) => {
      await dialog('Test')(page);
      await page.getByText('It does not work yet.').waitFor();
    },
  },
  { name: 'listeners', at: 'listeners' },
  { name: 'users', at: 'users' },
  {
    name: 'user-link',
    at: 'users',
    themes: ['light'],
    act: async (page) => {
      await dialog('Add a person')(page);
      await page.getByLabel('Name').fill('ola');
      await page.getByRole('dialog').getByRole('button', { name: 'Add a person' }).click();
      await page.getByText('A one-time link').waitFor();
    },
  },
  { name: 'audit', at: 'audit' },
  {
    name: 'backup',
    at: 'backup',
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a backup' }).click();
      await page.getByText('It is kept on the server').waitFor();
    },
  },
  { name: 'settings', at: 'settings' },
  { name: 'settings-desktop', at: 'settings', scene: 'desktop', themes: ['light'] },
  { name: 'reader-role', at: 'domains', scene: 'reader', unseen: true },
  { name: 'missing', at: 'nowhere', themes: ['light'] },
];
