// Sends one email with the official client, as an application would.
//
// usage: client.js BASE-URL TOKEN MESSAGE-JSON
// Prints {"answer": …} or {"error": {"name", "message", "statusCode"}}.

import { createRequire } from 'node:module';

const { DomainClient } = createRequire(import.meta.url)('@mailpace/mailpace.js');
const [base, token, message] = process.argv.slice(2);
const url = new URL(base);
const client = new DomainClient(token, { requestHost: `${url.host}/api/v1/`, timeout: 30 });
// The client writes https:// before the host; the HTTP client in it is public.
if (url.protocol === 'http:') client.httpClient.defaults.baseURL = `${url.origin}/api/v1/`;
try {
  console.log(JSON.stringify({ answer: await client.sendEmail(JSON.parse(message)) }));
} catch (error) {
  const { name, message, statusCode } = error;
  console.log(JSON.stringify({ error: { name, message, statusCode } }));
}
