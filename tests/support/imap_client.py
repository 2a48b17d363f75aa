"""Reads and changes a mailbox with imapclient as the JSON on standard input says where, and
prints what it found; any disagreement ends it with a trace."""

import json
import ssl
import sys

from imapclient import IMAPClient

ask = json.load(sys.stdin)
context = ssl._create_unverified_context()
implicit = ask["tls"] == "implicit"
client = IMAPClient(ask["host"], ask["port"], ssl=implicit, ssl_context=context if implicit else None)
if ask["tls"] == "starttls":
    client.starttls(context)
client.login(ask["user"], ask["password"])
capabilities = {one.decode() for one in client.capabilities()}
for name in ("IDLE", "UIDPLUS", "MOVE", "CONDSTORE", "SPECIAL-USE", "NAMESPACE", "ID", "QUOTA"):
    assert name in capabilities, name
assert client.namespace().personal[0] == ("", "/")
assert client.find_special_folder(b"\\Sent") == "Sent"

folder = "Größe & mehr"
client.create_folder(folder)
assert client.folder_exists(folder)
client.subscribe_folder(folder)

raw = (
    b"From: Kim <kim@a.test>\r\nTo: lee@b.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Date: Sat, 9 Mar 2024 08:15:30 +0000\r\nMessage-ID: <1@a.test>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="a.png"\r\n\r\naGkA\r\n--b--\r\n'
)
for _ in range(3):
    client.append(folder, raw, flags=[b"$Label"])
status = client.folder_status(folder, ["MESSAGES", "UNSEEN", "UIDNEXT"])
assert (status[b"MESSAGES"], status[b"UNSEEN"], status[b"UIDNEXT"]) == (3, 3, 4), status

chosen = client.select_folder(folder)
assert chosen[b"EXISTS"] == 3, chosen
uids = client.search()
assert uids == [1, 2, 3], uids
assert client.search(["SUBJECT", "grüße"], charset="UTF-8") == uids
assert client.search(["BODY", "nothing of it"]) == []
found = client.fetch(uids, ["ENVELOPE", "BODYSTRUCTURE", "FLAGS", "RFC822.SIZE", "BODY.PEEK[]"])
one = found[1]
assert one[b"BODY[]"] == raw and one[b"RFC822.SIZE"] == len(raw)
assert one[b"FLAGS"] == (b"$Label",), one[b"FLAGS"]
envelope = one[b"ENVELOPE"]
assert envelope.subject == b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", envelope
assert envelope.from_[0].mailbox == b"kim" and envelope.message_id == b"<1@a.test>"
parts = one[b"BODYSTRUCTURE"]
assert parts.is_multipart and [part[0] for part in parts[0]] == [b"TEXT", b"IMAGE"], parts
assert client.fetch(1, ["BODY.PEEK[2]"])[1][b"BODY[2]"] == b"aGkA"
assert client.get_flags(1)[1] == (b"$Label",)
client.fetch(1, ["BODY[TEXT]"])
assert b"\\Seen" in client.get_flags(1)[1]
client.add_flags(2, [b"\\Flagged"])
assert client.search(["FLAGGED"]) == [2]
client.copy([2], "Archive")
client.move([3], "Trash")
assert client.search() == [1, 2]
client.delete_messages([1])
client.expunge([1])
assert client.search() == [2]
client.idle()
seen = client.idle_check(timeout=0.1)
client.idle_done()
client.rename_folder(folder, "Other")
client.select_folder("Other")
assert client.search() == [2]
client.unselect_folder()
client.delete_folder("Other")
assert not client.folder_exists("Other")
client.logout()
print(json.dumps({"ok": True, "idle": len(seen)}))
