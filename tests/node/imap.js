// Uses what an IMAP server can do with imapflow, where the JSON of the argument says.
//
// usage: imap.js JSON
// Prints one line of JSON: "told", the capabilities; "enabled", what the client switched on; and
// "exercised", those of which something was seen. Any disagreement ends it with a trace.

import assert from 'node:assert/strict';
import { ImapFlow } from 'imapflow';

const ask = JSON.parse(process.argv[2]);
const MAIL = 'Subject: x\r\n\r\nbody\r\n';
const exercised = [];

const connected = async (more = {}) => {
  const client = new ImapFlow({
    host: ask.host,
    port: ask.port,
    secure: false,
    auth: { user: ask.user, pass: ask.password },
    tls: { rejectUnauthorized: false },
    logger: false,
    disableAutoIdle: true,
    socketTimeout: 20_000,
    ...more,
  });
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
};

// What happens to a client, until it is what is waited for.
const happens = (client, event) => new Promise((done) => client.once(event, done));

const folder = async (client, path, count) => {
  await client.mailboxCreate(path);
  for (let at = 0; at < count; at += 1) {
    const put = await client.append(path, MAIL, ['\\Seen']);
    assert.equal(put.uid, at + 1);
  }
  return client.mailboxOpen(path);
};

const client = await connected({ qresync: true });
const other = await connected({ qresync: true });
assert.equal(client.secureConnection, true);
exercised.push('STARTTLS', 'SASL-IR', 'ID', 'NAMESPACE', 'ENABLE');
assert.equal(client.serverInfo.name, 'Posthouse');
assert.equal(client.namespace.delimiter, '/');
for (const name of ['CONDSTORE', 'QRESYNC', 'IMAP4REV2']) {
  assert.ok(client.enabled.has(name), name);
}
exercised.push('IMAP4rev2');

const direct = await connected({ port: ask.tls_port, secure: true });
assert.equal(direct.secureConnection, true);
await direct.logout();
await assert.rejects(connected({ auth: { user: ask.user, pass: 'wrong' } }), { authenticationFailed: true });

const path = 'Größe & mehr';
const opened = await folder(client, path, 4);
assert.equal(opened.exists, 4);
exercised.push('UIDPLUS', 'LITERAL+');

const listed = await client.list({ statusQuery: { messages: true, size: true } });
const one = listed.find((entry) => entry.path === path);
assert.deepEqual([one.status.messages, Number(one.status.size)], [4, 4 * MAIL.length]);
assert.equal(listed.find((entry) => entry.specialUse === '\\Sent').path, 'Sent');
exercised.push('LIST-EXTENDED', 'LIST-STATUS', 'STATUS=SIZE', 'SPECIAL-USE');
await client.mailboxCreate('parent/child');
const tree = await client.listTree();
assert.deepEqual(tree.folders.find((entry) => entry.path === 'parent').folders.map((entry) => entry.path), ['parent/child']);
exercised.push('CHILDREN');

const found = await client.search({ seen: true }, { uid: true, returnOptions: ['MIN', 'MAX', 'COUNT'] });
assert.deepEqual([found.min, found.max, found.count], [1, 4, 4]);
exercised.push('ESEARCH');

// Another changes things while this one waits.
await other.mailboxOpen(path);
const idling = client.idle();
const marked = happens(client, 'flags');
await other.messageFlagsAdd('1', ['\\Flagged'], { uid: true });
assert.ok((await marked).flags.has('\\Flagged'));
const gone = happens(client, 'expunge');
await other.messageDelete('2', { uid: true });
const { vanished, uid } = await gone;
assert.deepEqual([vanished, uid], [true, 2]);
const came = happens(client, 'exists');
await other.append(path, MAIL);
await other.append(path, MAIL);
assert.equal((await came).count, 5);
await client.noop();
await idling;
exercised.push('IDLE', 'QRESYNC');

// Only what changed since.
const modseq = client.mailbox.highestModseq;
await other.messageFlagsAdd('3', ['$Label'], { uid: true });
const changed = await client.fetchAll('1:4', { flags: true }, { uid: true, changedSince: modseq });
// It is told twice: unasked, and as it was asked for.
const flags = Object.fromEntries(changed.map((message) => [message.uid, [...message.flags].sort()]));
assert.deepEqual(flags, { 3: ['$Label', '\\Seen'] });
exercised.push('CONDSTORE');

const moved = await client.messageMove('4', 'Archive', { uid: true });
assert.deepEqual([...moved.uidMap], [[4, 1]]);
exercised.push('MOVE');
await client.mailboxClose();

const quota = await client.getQuota('INBOX');
assert.equal(quota.storage.limit, ask.quota_kib * 1024);
const large = Buffer.alloc(quota.storage.limit - quota.storage.usage + 1024, 'x');
await assert.rejects(client.append('INBOX', large), { serverResponseCode: 'OVERQUOTA' });
exercised.push('QUOTA', 'QUOTA=RES-STORAGE');

const told = [...client.capabilities.keys()];
await other.logout();
await client.logout();
console.log(JSON.stringify({ told, exercised }));
