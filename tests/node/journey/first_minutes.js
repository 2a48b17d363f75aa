// The first five minutes: a domain and its records, a key, mailboxes, a mail that leaves, and
// one that comes. The first line has "host", the domain to be, and "far", an address elsewhere.
//
// Asked of the world:
//   publish {records: [{type, name, value}]}   puts records into DNS
//   use {token, from, to}                      sends by the key over HTTP, “By the key”; {status}
//   arrived {to, subject}                      waits for a mail there; {text}, or null
//   hand {from, to}                            hands a mail to the server by SMTP; {subject, text, ...}

import { test } from './sure.js';

export default async function firstMinutes(page, world, about) {
  await page.open('overview');
  await domain(page, world, about);
  const token = await key(page, about);
  await mailboxes(page, about);
  await letOut(page);
  await keyLive(page, world, about, token);
  await send(page, world, about);
  await receive(page, world, about);
  await page.click('link', 'Overview');
  await page.see('Nothing needs attention.');
  await page.gone('First steps');
}

/** Adds it as it is pasted from a browser; sees what is missing; publishes that; is told so. */
async function domain(page, world, { host }) {
  await page.click('link', 'Start: Add your domain');
  await page.fill('Domain', `https://${host}/`);
  await page.click('button', 'Add a domain');
  await page.see('Added. Now publish its records.');
  await page.see('Cannot send yet');
  await page.see('Nobody has looked yet: check it.');
  await page.click('button', 'Check now');
  await page.see('There is no record at this name yet: publish it where your DNS is managed.');
  await page.see('Receivers check with it that mail is signed by you (DKIM).');
  await page.see(/^0 of \d+ records in place$/);
  const [heads, names, values] = [
    await page.readAll('group'),
    await page.readAll('region', 'Name'),
    await page.readAll('region', 'Expected'),
  ];
  test(names.length >= 5 && names.length === values.length && names.length === heads.length, 'all are shown');
  const records = heads.map((head, at) => ({
    type: head.split('\n')[1].trim(),
    name: names[at].trim(),
    value: values[at].trim(),
  }));
  // Two of them first, and one of those with a mistake in it.
  const [first, ...rest] = records;
  const wrong = rest.findIndex((one) => one.value.startsWith('v=DMARC1'));
  const mistaken = { ...rest[wrong], value: 'v=spf1 -all' };
  await world.ask('publish', { records: [first, mistaken] });
  await page.click('button', 'Check now');
  await page.see(`1 of ${records.length} records in place`);
  await page.see('Something else stands at this name: change it to what is expected.');
  test((await page.readAll('region', 'Found')).includes(mistaken.value), 'what was found is shown');
  await world.ask('publish', { records });
  await page.click('button', 'Check now');
  await page.see(`${records.length} of ${records.length} records in place`);
  await page.see('May send');
}

/** Makes one, which is shown once. Its mail cannot leave before there is a way out. */
async function key(page, { host }) {
  await page.click('link', 'Overview');
  await page.click('link', 'Start: Make a key');
  await page.choose('For the API', 'mailpace');
  await page.fill('Name', 'The shop');
  await page.choose('Domain', host);
  await page.choose('What its mail may do', 'Live');
  await page.click('button', 'Make the key');
  await page.see('Nothing may leave yet: add a relay, or switch direct delivery on in the settings.');
  await page.choose('What its mail may do', 'Capture');
  await page.click('button', 'Make the key');
  await page.see('Your key');
  const token = (await page.read('region', 'key')).trim();
  test((await page.read('region', 'command')).includes(token), 'the line to try it has the key in it');
  await page.click('button', 'I have stored it');
  await page.see('The shop');
  await page.gone(token);
  return token;
}

/** One by itself, then some at once, of which one is there already. */
async function mailboxes(page, { host }) {
  await page.click('link', 'Mailboxes');
  await page.click('button', 'Make a mailbox');
  await page.fill('Address', `kim@${host}`);
  await page.fill(/^Name/, 'Kim Doe');
  await page.fill(/^Quota/, '2 GB');
  await page.click('button', 'Make the mailbox');
  await page.see('The mailbox is ready');
  test((await page.read('region', 'Password')).trim().length >= 12, 'a password is shown');
  await page.click('button', 'Done');
  await page.click('button', 'Make many');
  await page.fill('Lines', `ann@${host}, Ann Berg, 500 MB\nkim@${host}\nbo@${host}`);
  await page.click('button', 'Make 3 mailboxes');
  await page.see('2 made, 1 refused.');
  await page.see('There already');
  await page.click('button', 'Done');
  for (const name of ['ann', 'kim', 'bo']) await page.see(`${name}@${host}`);
}

/** Mail may leave the machine, straight to its recipients. */
async function letOut(page) {
  await page.click('link', 'Compose');
  await page.click('switch', 'Keep it on this machine');
  await page.see('Mail is kept here; nothing leaves.');
  await page.click('link', 'Let mail that is written here leave: in the settings');
  await page.choose('Mail that is written here', 'Live');
  await page.see('Nothing may leave yet: add a relay, or switch direct delivery on in the settings.');
  await page.click('switch', 'Send straight to recipients');
  await page.see('Let mail leave this machine?');
  await page.click('button', 'Let it leave');
  await page.see('Saved.');
  await page.choose('Mail that is written here', 'Live');
  await page.see('Mail leaves.');
}

/** The key's mail may leave now, and does. */
async function keyLive(page, world, { host, far }, token) {
  await page.click('link', 'Keys');
  await page.click('button', 'Actions for The shop');
  await page.click('menuitem', 'Set mode: Live');
  await page.see('Saved.');
  const { status } = await world.ask('use', { token, from: `shop@${host}`, to: far });
  test(status === 200, `the key sends: ${status}`);
  test((await world.ask('arrived', { to: far, subject: 'By the key' })).text, 'and that arrives');
}

/** Writes a mail, and follows it until the other side has it. */
async function send(page, world, { host, far }) {
  await page.click('link', 'Compose');
  await page.fill('From', `kim@${host}`);
  await page.fill('To', 'no address');
  await page.fill('Subject', 'A first mail');
  await page.fill('Text', 'It left by the console.');
  await page.click('switch', 'Keep it on this machine');
  await page.see('This mail leaves the machine.');
  await page.click('button', 'Send');
  await page.see('“no address” is no address. Write it as kim@example.com.');
  await page.fill('To', far);
  await page.click('button', 'Send');
  await page.see('Accepted.');
  const { text } = await world.ask('arrived', { to: far, subject: 'A first mail' });
  test(text, 'it arrives');
  test(text.includes('It left by the console.'), 'what arrived is what was written');
  test(text.includes('DKIM-Signature:'), 'it is signed');
  await page.see(/\bTaken\b/);
  await page.see('Straight to the recipient');
  await page.click('text', 'Try 1');
  const talk = await page.read('region', 'SMTP conversation');
  test(/MAIL FROM:</.test(talk) && /RCPT TO:<.*>/.test(talk) && /250 /.test(talk), `a conversation: ${talk}`);
  await page.click('tab', 'Timeline');
  test(/Accepted[\s\S]*Delivered/.test(await page.read('tabpanel', 'Timeline')), 'the timeline tells both');
  await page.click('link', 'Outbox');
  test(/Delivered/.test(await page.read('row', /A first mail/)), 'the list says so too');
}

/** The inbox is open when a mail comes; it is read in every way. */
async function receive(page, world, { host }) {
  await page.click('link', 'Inbox');
  await page.see('Inbox');
  const mail = await world.ask('hand', { to: `kim@${host}` });
  await page.see(mail.subject);
  await page.click('link', mail.subject);
  await page.frame('The message, shut off from this page', mail.html);
  await page.see('SPF: passed');
  await page.see('Pictures from elsewhere are not loaded: their senders would learn that you read this.');
  await page.click('tab', 'Text');
  await page.see(mail.text);
  await page.click('tab', /^Attachments/);
  await page.see(mail.attachment);
  await page.click('tab', /^Links/);
  await page.see(mail.link);
  await page.click('tab', 'Headers');
  test((await page.read('region', 'Headers')).includes(`Message-ID: ${mail.id}`), 'the headers are there');
  await page.click('tab', 'Source');
  test((await page.read('region', 'Source')).includes(mail.source), 'the source is there');
}
