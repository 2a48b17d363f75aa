// The official client of Mailsac, told by lines what to call.
//
// usage: mailsac.js BASE-URL KEY
// Reads {"method": "group.name", "args": […]} a line; prints {"status", "type", "data"} a line.
// The first line printed is the list of all methods, but for two that only carry documentation.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Mailsac } = createRequire(import.meta.url)('@mailsac/api');
const [base, key] = process.argv.slice(2);
const client = new Mailsac({ baseURL: `${base}/api`, headers: { 'Mailsac-Key': key } });
const methods = Object.entries(client)
  .filter(([name, group]) => group && typeof group === 'object' && name !== 'instance')
  .flatMap(([name, group]) =>
    Object.entries(group)
      .filter(([method, call]) => typeof call === 'function' && !method.startsWith('doNotUse'))
      .map(([method]) => `${name}.${method}`),
  );
console.log(JSON.stringify(methods.sort()));
for await (const line of createInterface({ input: process.stdin })) {
  const { method, args } = JSON.parse(line);
  const [group, name] = method.split('.');
  let answer;
  try {
    answer = await client[group][name](...args);
  } catch (error) {
    if (!error.response) throw error;
    answer = error.response;
  }
  const { status, headers, data } = answer;
  console.log(JSON.stringify({ status, type: headers['content-type'] ?? null, data }));
}
