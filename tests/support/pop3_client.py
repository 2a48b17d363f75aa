"""Fetches mail with poplib as the JSON on standard input says where, and prints what it found;
any disagreement ends it with a trace."""

import json
import poplib
import ssl
import sys

ask = json.load(sys.stdin)
context = ssl._create_unverified_context()


def connect():
    if ask["tls"] == "implicit":
        client = poplib.POP3_SSL(ask["host"], ask["port"], context=context, timeout=20)
    else:
        client = poplib.POP3(ask["host"], ask["port"], timeout=20)
        if ask["tls"] == "starttls":
            assert "STLS" in client.capa()
            client.stls(context)
    client.user(ask["user"])
    client.pass_(ask["password"])
    return client


client = connect()
count, size = client.stat()
names = [line.split()[1].decode() for line in client.uidl()[1]]
sizes = [int(line.split()[1]) for line in client.list()[1]]
assert len(names) == count == len(sizes) and sum(sizes) == size, (count, size, sizes)
subjects = []
for place in range(1, count + 1):
    lines = client.retr(place)[1]
    assert sum(len(line) + 2 for line in lines) == sizes[place - 1], place
    head = client.top(place, 0)[1]
    assert lines[: len(head)] == head and head[-1] == b""
    subjects += [line.decode() for line in head if line.startswith(b"Subject: ")]
client.dele(1)
client.close()

# Nobody said QUIT, so that nothing went.
client = connect()
assert client.stat() == (count, size)
client.dele(1)
client.rset()
client.dele(ask["remove"])
client.quit()
client = connect()
left = [line.split()[1].decode() for line in client.uidl()[1]]
assert left == names[: ask["remove"] - 1] + names[ask["remove"] :], left
client.quit()
print(json.dumps({"subjects": subjects, "left": len(left)}))
