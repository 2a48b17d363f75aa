// Receives webhooks, and checks their signatures with Node's crypto over the raw body.
//
// usage: hooks.js PUBLIC-KEY-FILE [CERTIFICATE KEY]
// The file holds the base64 of a raw Ed25519 public key, and may change.
// Answers with the status that the path names (/200, /500), else 200; /never does not
// answer. Prints {"port": N}, then one JSON line a request.

import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const [keyFile, certificate, key] = process.argv.slice(2);
// SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes (RFC 8410).
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function signedBy(body, signature) {
  const raw = Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64');
  const der = Buffer.concat([PREFIX, raw]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, body, publicKey, Buffer.from(signature ?? '', 'base64'));
}

function receive(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    let signed = false;
    let why = null;
    try {
      signed = signedBy(body, request.headers['x-mailpace-signature']);
    } catch (error) {
      why = String(error);
    }
    const { method, url, headers } = request;
    console.log(JSON.stringify({ method, url, headers, signed, why, body: body.toString('utf8') }));
    if (url === '/never') return;
    const status = Number(url.slice(1, 4)) || 200;
    response.writeHead(status, status === 302 ? { location: '/200' } : {}).end();
  });
}

const server = certificate
  ? https.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, receive)
  : http.createServer(receive);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
