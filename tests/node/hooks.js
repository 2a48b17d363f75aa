// Receives webhooks, and checks their signatures with Node's crypto over the raw body.
//
// usage: hooks.js KEY-FILE [CERTIFICATE KEY]
// The file holds the base64 of a raw Ed25519 public key, or a shared secret that begins
// with whsec_, and may change.
// Answers with the status that the path names (/200, /500), else 200; /never does not
// answer. Prints {"port": N}, then one JSON line a request.

import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

const [keyFile, certificate, key] = process.argv.slice(2);
// SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes (RFC 8410).
const PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

function signedBy(body, headers) {
  const key = readFileSync(keyFile, 'utf8').trim();
  if (key.startsWith('whsec_')) return sharedBy(body, headers['x-mailstack-signature'], key);
  return signedByDomain(body, headers['x-mailpace-signature'], key);
}

// Plain: the HMAC of the body in hex. Timestamped: t=SECONDS,v1=HMAC of "SECONDS.BODY", of
// the last five minutes.
function sharedBy(body, signature, secret) {
  const fields = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature);
  const mac = createHmac('sha256', secret);
  if (fields === null) {
    return timingSafeEqual(mac.update(body).digest(), Buffer.from(signature, 'hex'));
  }
  const [, seconds, hex] = fields;
  const fresh = Math.abs(Date.now() / 1000 - Number(seconds)) < 300;
  const signed = mac.update(`${seconds}.`).update(body).digest();
  return fresh && timingSafeEqual(signed, Buffer.from(hex, 'hex'));
}

function signedByDomain(body, signature, key) {
  const raw = Buffer.from(key, 'base64');
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
      signed = signedBy(body, request.headers);
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
