"""Reads messages with software that is not ours.

usage: read_mail.py DNS-ADDRESS:PORT < message
       read_mail.py DNS-ADDRESS:PORT|- FILE...
Prints one JSON object a message: every DKIM signature as dkimpy finds it, with keys from that
name server, and headers and parts as Python's email package reads them. Without a name server
signatures are left out.
"""

import base64
import email
import email.policy
import functools
import json
import re
import sys

import dkim
import dns.exception
import dns.resolver

host, _, port = sys.argv[1].partition(":")
resolver = dns.resolver.Resolver(configure=False)
if port:
    resolver.nameservers, resolver.port = [host], int(port)


@functools.cache
def txt(name, timeout=5):
    try:
        answer = resolver.resolve(name.decode(), "TXT", lifetime=timeout)
    except dns.exception.DNSException:
        return None
    return b"".join(answer[0].strings)


def signatures(raw):
    verifier = dkim.DKIM(raw, minkey=1024)
    found = [value for name, value in verifier.headers if name.lower() == b"dkim-signature"]
    for index, value in enumerate(found):
        tags = dkim.util.parse_tag_value(value)
        try:
            passed, why = verifier.verify(idx=index, dnsfunc=txt), None
        except dkim.DKIMException as error:
            passed, why = False, str(error)
        yield {
            "passed": passed,
            "why": why,
            "algorithm": tags[b"a"].decode(),
            "domain": tags[b"d"].decode(),
            "selector": tags[b"s"].decode(),
            "canonicalization": tags[b"c"].decode(),
            "signed": re.sub(r"\s", "", tags[b"h"].decode()).lower().split(":"),
        }


def parts(message):
    for part in message.walk():
        defects = [str(defect) for defect in part.defects]
        if part.is_multipart():
            yield {"type": part.get_content_type(), "defects": defects}
            continue
        body = part.get_payload(decode=True)
        yield {
            "type": part.get_content_type(),
            "disposition": part.get_content_disposition(),
            "name": part.get_filename(),
            "id": part["Content-ID"],
            "text": part.get_content() if part.get_content_maintype() == "text" else None,
            "base64": base64.b64encode(body).decode(),
            "defects": defects,
        }


def tell(raw):
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    print(json.dumps({
        "signatures": list(signatures(raw)) if port else [],
        "headers": [[name.lower(), str(value)] for name, value in message.items()],
        "defects": [str(defect) for value in message.values() for defect in value.defects],
        "parts": list(parts(message)),
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "bare": bool(re.search(rb"(?<!\r)\n|\r(?!\n)", raw)),
    }))


if len(sys.argv) == 2:
    tell(sys.stdin.buffer.read())
for path in sys.argv[2:]:
    with open(path, "rb") as file:
        tell(file.read())
