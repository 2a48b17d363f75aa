// Every screen: its name, where it is, and what is done there first.
const dialog = (name) => async (page) => {
  await page.getByRole('button', { name, exact: true }).first().click();
  await page.getByRole('dialog').waitFor();
};

export const SCREENS = [
  { name: 'sign-in', at: '', scene: 'signed-out' },
  { name: 'welcome', at: 'welcome/abc', scene: 'welcome', act: (page) => page.getByLabel('Password once more').waitFor() },
  { name: 'overview', at: 'overview' },
  { name: 'overview-empty', at: 'overview', scene: 'empty' },
  {
    name: 'search', at: 'overview',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('order');
      await page.getByText('Your order 9 is on its way').first().waitFor();
    },
  },
  { name: 'domains', at: 'domains' },
  { name: 'domains-empty', at: 'domains', scene: 'empty', themes: ['light'] },
  { name: 'domain-add', at: 'domains', act: dialog('Add a domain'), themes: ['light'] },
  { name: 'domain-records', at: 'domains/shop.acme.test', act: (page) => page.getByText('Found').first().waitFor() },
  { name: 'domain-programs', at: 'domains/acme.test?tab=setup', themes: ['light'] },
  { name: 'domain-settings', at: 'domains/acme.test?tab=settings' },
  { name: 'keys', at: 'keys' },
  { name: 'key-make', at: 'keys', act: dialog('Make a key') },
  {
    name: 'key-made', at: 'keys', themes: ['light'],
    act: async (page) => {
      await dialog('Make a key')(page);
      await page.getByRole('button', { name: 'Make the key' }).click();
      await page.getByText('It is shown this once').waitFor();
    },
  },
  { name: 'mailboxes', at: 'mailboxes' },
  { name: 'mailbox', at: 'mailboxes/kim%40acme.test' },
  { name: 'mailbox-make', at: 'mailboxes', act: dialog('Make a mailbox'), themes: ['light'] },
  {
    name: 'mailboxes-many', at: 'mailboxes', themes: ['light'],
    act: async (page) => {
      await dialog('Make many')(page);
      await page.getByLabel('Lines').fill('ann@acme.test, Ann\nkim@acme.test\nola@acme.test');
      await page.getByRole('button', { name: 'Make 3 mailboxes' }).click();
      await page.getByText('2 made, 1 refused.').waitFor();
    },
  },
  { name: 'missing', at: 'nowhere', themes: ['light'] },
];
