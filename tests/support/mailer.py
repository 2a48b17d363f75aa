"""Sends one mail with smtplib as the JSON on standard input says, and prints what came of it."""

import json
import smtplib
import ssl
import sys

ask = json.load(sys.stdin)
kind = smtplib.SMTP_SSL if ask.get("tls") == "implicit" else smtplib.SMTP
context = ssl._create_unverified_context()
options = {"context": context} if kind is smtplib.SMTP_SSL else {}
try:
    with kind(ask["host"], ask["port"], timeout=20, **options) as client:
        client.ehlo("client.example")
        if ask.get("tls") == "starttls":
            client.starttls(context=context)
            client.ehlo("client.example")
        if "user" in ask:
            client.login(ask["user"], ask["password"])
        refused = client.sendmail(ask["from"], ask["to"], ask["mail"].encode(), ask.get("options", []))
        print(json.dumps({"ok": True, "refused": {to: said[0] for to, said in refused.items()}}))
except smtplib.SMTPRecipientsRefused as error:
    print(json.dumps({"ok": False, "codes": sorted(said[0] for said in error.recipients.values())}))
except smtplib.SMTPResponseException as error:
    said = error.smtp_error
    said = said.decode() if isinstance(said, bytes) else said
    print(json.dumps({"ok": False, "codes": [error.smtp_code], "said": said}))
except smtplib.SMTPException as error:
    print(json.dumps({"ok": False, "codes": [], "said": str(error)}))
