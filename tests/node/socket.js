// Listens on a web socket with the `ws` client, and prints a JSON line of each thing that
// happens: {"open"}, {"frame": {...}} (long texts as their lengths), {"close": CODE, "reason"},
// {"refused": STATUS, "body"}.
//
// usage: socket.js URL [--origin ORIGIN] [--pause]
// With --pause it reads the first frame and then no more, until SIGUSR2.

import WebSocket from 'ws';

const [url, ...options] = process.argv.slice(2);
const value = (name) => options[options.indexOf(name) + 1];
const origin = options.includes('--origin') ? value('--origin') : undefined;
let pausing = options.includes('--pause');

const say = (line) => console.log(JSON.stringify(line));
const short = (key, value) =>
  typeof value === 'string' && value.length > 2000 ? value.length : value;

const socket = new WebSocket(url, { origin, maxPayload: 256 * 1024 * 1024 });
socket.on('open', () => say({ open: true }));
socket.on('message', (data) => {
  console.log(JSON.stringify({ frame: JSON.parse(data.toString('utf8')) }, short));
  if (pausing) {
    pausing = false;
    socket.pause();
    // A socket that is not read from does not keep Node running.
    setInterval(() => {}, 60_000);
    say({ paused: true });
  }
});
socket.on('close', (code, reason) => {
  say({ close: code, reason: reason.toString('utf8') });
  process.exit(0);
});
socket.on('unexpected-response', (_, response) => {
  let body = '';
  response.on('data', (chunk) => (body += chunk));
  response.on('end', () => {
    say({ refused: response.statusCode, body: JSON.parse(body) });
    process.exit(0);
  });
});
socket.on('error', (error) => say({ error: String(error) }));
process.on('SIGUSR2', () => socket.resume());
