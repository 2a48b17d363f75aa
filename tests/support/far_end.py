"""The far end of a delivery: aiosmtpd, which does as the recipient's local part says.

  refused-*      550 5.1.1 at RCPT
  busy-N-*       451 4.3.0 at RCPT, the first N times
  dropped-*      takes the message, then closes without an answer, every time
  late-*         takes the message, and answers only when the file `go` appears
  one of --says  that answer, at RCPT
  anything else  takes it

With --refuse STEP it is not that choosy: everybody gets the reply of --with at that step
(greeting, mail, rcpt or data, which is after the content).

Prints {"port": N} when it listens; after that every connection is one JSON line,
{"connection": N}, and every message taken is one with the rest.
"""

import argparse
import asyncio
import base64
import collections
import itertools
import json
import os
import ssl
import time

from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--host", required=True)
options.add_argument("--port", type=int, default=0)
options.add_argument("--starttls", choices=["off", "on", "refused", "broken"], default="off")
options.add_argument("--certificate")
options.add_argument("--key")
options.add_argument("--auth", help="user:password")
options.add_argument("--go", help="file that lets late answers out")
options.add_argument("--says", default="{}", help="JSON: answers to RCPT by local part")
options.add_argument("--silent", action="store_true", help="take connections and say nothing")
options.add_argument("--refuse", choices=["greeting", "mail", "rcpt", "data"])
options.add_argument("--with", dest="reply", help="the reply of that step")
options = options.parse_args()

says = json.loads(options.says)
refusals = collections.Counter()
connections = itertools.count(1)


class Far:
    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if options.refuse == "mail":
            return options.reply
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.refuse == "rcpt":
            return options.reply
        local = address.split("@")[0]
        kind, _, rest = local.partition("-")
        if kind == "refused":
            return "550 5.1.1 no such person here"
        if kind == "busy":
            if refusals[address] < int(rest.split("-")[0]):
                refusals[address] += 1
                return "451 4.3.0 try again later"
        if local in says:
            return says[local]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        if options.refuse == "data":
            return options.reply
        kind = envelope.rcpt_tos[0].split("-")[0]
        while kind == "late" and not os.path.exists(options.go):
            await asyncio.sleep(0.02)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None and session.ssl.get("cipher") is not None,
            "auth": (session.auth_data or b"").decode() if options.auth else None,
            "hello": session.host_name,
            "peer": session.peer[1],
            "at_ms": time.time_ns() // 1_000_000,
            "data": base64.b64encode(envelope.original_content).decode(),
        })
        if kind == "dropped":
            server.transport.close()
            return "421 4.4.2 closing"
        return "250 2.0.0 taken"


class Server(SMTP):
    """aiosmtpd, with the STARTTLS that some servers have."""

    async def smtp_STARTTLS(self, arg):
        if options.starttls == "refused":
            await self.push("454 4.7.0 TLS not available")
        elif options.starttls == "broken":
            await self.push("220 2.0.0 ready")
            self.transport.write(b"this is not TLS\r\n" * 20)
            self.transport.close()
        else:
            await super().smtp_STARTTLS(arg)


class Silent(asyncio.Protocol):
    pass


class Unwelcoming(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(options.reply.encode() + b"\r\n")
        transport.close()


def say(value):
    print(json.dumps(value), flush=True)


def check(server, session, envelope, mechanism, data):
    user, password = options.auth.split(":")
    right = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=right, handled=right, auth_data=data.login)


def protocol():
    say({"connection": next(connections)})
    if options.silent:
        return Silent()
    if options.refuse == "greeting":
        return Unwelcoming()
    context = None
    if options.starttls != "off":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    return Server(
        Far(),
        hostname="far.test",
        tls_context=context,
        require_starttls=bool(options.auth),
        auth_required=bool(options.auth),
        authenticator=check if options.auth else None,
        data_size_limit=60_000_000,
        enable_SMTPUTF8=True,
        timeout=300,
    )


async def main():
    server = await asyncio.get_running_loop().create_server(protocol, options.host, options.port)
    say({"port": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
