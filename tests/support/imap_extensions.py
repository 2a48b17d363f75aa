"""Uses every capability that an IMAP server tells of, with imapclient, where the JSON on standard
input says. Prints the names, and those that there is no exercise for; any disagreement ends it
with a trace."""

import base64
import json
import ssl
import sys

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

ask = json.load(sys.stdin)
user, password = ask["user"], ask["password"]
context = ssl._create_unverified_context()
MAIL = b"Subject: x\r\n\r\nbody\r\n"


def connected(tls="starttls"):
    port = ask["port"] if tls == "starttls" else ask["tls_port"]
    client = IMAPClient(
        ask["host"], port, ssl=tls == "implicit", ssl_context=context if tls == "implicit" else None
    )
    if tls == "starttls":
        client.starttls(context)
    return client


def signed_in():
    client = connected()
    client.login(user, password)
    return client


def names(client):
    return {name.decode() for name in client.capabilities()}


def said(client, name, *words):
    """What is said to a command that has to go well, by the names of the responses."""
    client._imap.untagged_responses.clear()
    status, last = client._imap._simple_command(name, *words)
    assert status == "OK", (name, words, last)
    if name == "SELECT":
        client._imap.state = "SELECTED"
    heard = {key: list(value) for key, value in client._imap.untagged_responses.items()}
    heard["end"] = last
    return heard


def refused(action, *words):
    try:
        action(*words)
    except (IMAPClientError, LoginError) as error:
        return str(error)
    raise AssertionError(f"{action} {words} went well")


def folder(client, name, count):
    client.create_folder(name)
    for _ in range(count):
        client.append(name, MAIL)
    return client.select_folder(name)


def imap4rev1():
    client = signed_in()
    assert folder(client, "rev1", 1)[b"RECENT"] == 0
    assert client.fetch(1, ["RFC822.HEADER"])[1][b"RFC822.HEADER"] == b"Subject: x\r\n\r\n"


def imap4rev2():
    client = signed_in()
    assert client.enable("IMAP4rev2") == [b"IMAP4rev2"]
    client.create_folder(b"rev2")
    heard = said(client, "SELECT", "rev2")
    assert "LIST" in heard and "RECENT" not in heard, heard
    assert said(client, "SEARCH", "ALL").keys() == {"ESEARCH", "end"}


def literal_plus():
    client = signed_in()
    imap = client._imap
    tag = imap._new_tag()
    imap.send(tag + b' APPEND INBOX {%d+}\r\n%s\r\n' % (len(MAIL), MAIL))
    status, _ = imap._command_complete("APPEND", tag)
    assert status == "OK"


def sasl_ir():
    client = connected("implicit")
    both = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    said(client, "AUTHENTICATE", "PLAIN", both)
    client._imap.state = "AUTH"
    client.select_folder("INBOX")


def auth_plain():
    client = connected("implicit")
    assert "AUTHENTICATIONFAILED" in refused(client.plain_login, user, "wrong")
    client.plain_login(user, password)
    client.select_folder("INBOX")


def login_disabled():
    client = IMAPClient(ask["host"], ask["port"], ssl=False)
    assert "PRIVACYREQUIRED" in refused(client.login, user, password)


def starttls():
    client = IMAPClient(ask["host"], ask["port"], ssl=False)
    before = names(client)
    client.starttls(context)
    assert "STARTTLS" in before and "STARTTLS" not in names(client)
    client.login(user, password)


def enable():
    client = signed_in()
    assert client.enable("CONDSTORE", "NONSENSE") == [b"CONDSTORE"]


def id():
    told = connected().id_({"name": "a test"})
    assert told[0][1] == b"Posthouse", told


def idle():
    client, other = signed_in(), signed_in()
    folder(client, "idle", 1)
    client.idle()
    other.append("idle", MAIL)
    seen = []
    while (2, b"EXISTS") not in seen:
        more = client.idle_check(timeout=20)
        assert more, seen
        seen += more
    client.idle_done()


def namespace():
    assert tuple(signed_in().namespace()) == ((("", "/"),), None, None)


def uidplus():
    client = signed_in()
    folder(client, "uidplus", 2)
    assert b"APPENDUID" in client.append("uidplus", MAIL)
    client.delete_messages([1, 2, 3])
    assert "COPYUID" in said(client, "UID", "COPY", "1", "Trash")
    client.expunge([2])
    assert client.search() == [1, 3]


def move():
    client = signed_in()
    folder(client, "move", 2)
    client.move([1], "Trash")
    assert client.search() == [2]


def unselect():
    client = signed_in()
    folder(client, "unselect", 1)
    client.delete_messages([1])
    client.unselect_folder()
    assert client.select_folder("unselect")[b"EXISTS"] == 1


def children():
    client = signed_in()
    client.create_folder("parent/child")
    flags = {name: flags for flags, _, name in client.list_folders("", "parent*")}
    assert b"\\HasChildren" in flags["parent"], flags
    assert b"\\HasNoChildren" in flags["parent/child"], flags


def special_use():
    client = signed_in()
    for flag, name in [(b"\\Sent", "Sent"), (b"\\Junk", "Junk"), (b"\\Archive", "Archive")]:
        assert client.find_special_folder(flag) == name
    heard = said(client, "LIST", "(SPECIAL-USE)", '""', "*")["LIST"]
    assert len(heard) == 5, heard


def list_extended():
    client = signed_in()
    client.create_folder("extended/deep")
    client.unsubscribe_folder("extended")
    heard = said(client, "LIST", "(SUBSCRIBED RECURSIVEMATCH)", '""', "(extended INBOX)", "RETURN", "(SUBSCRIBED)")
    text = b"\n".join(heard["LIST"])
    assert b'"extended" ("CHILDINFO" ("SUBSCRIBED"))' in text, text
    assert b"\\Subscribed" in text and b'"INBOX"' in text, text


def list_status():
    client = signed_in()
    folder(client, "listed", 2)
    client.unselect_folder()
    heard = said(client, "LIST", '""', "listed", "RETURN", "(STATUS (MESSAGES UIDNEXT))")
    assert heard["STATUS"] == [b'"listed" (MESSAGES 2 UIDNEXT 3)'], heard


def status_size():
    client = signed_in()
    folder(client, "sized", 2)
    client.unselect_folder()
    assert client.folder_status("sized", ["SIZE"]) == {b"SIZE": 2 * len(MAIL)}


def esearch():
    client = signed_in()
    folder(client, "esearch", 3)
    heard = said(client, "UID", "SEARCH", "RETURN", "(MIN MAX COUNT ALL)", "ALL")["ESEARCH"]
    assert heard[0].endswith(b"UID MIN 1 MAX 3 ALL 1:3 COUNT 3"), heard


def searchres():
    client = signed_in()
    folder(client, "searchres", 3)
    client.add_flags([2], [b"\\Flagged"])
    said(client, "UID", "SEARCH", "RETURN", "(SAVE)", "FLAGGED")
    assert said(client, "FETCH", "$", "UID")["FETCH"] == [b"2 (UID 2)"]


def within():
    client = signed_in()
    folder(client, "within", 1)
    assert client.search(["YOUNGER", "3600"]) == [1]
    assert client.search(["OLDER", "3600"]) == []


def condstore():
    client = signed_in()
    folder(client, "condstore", 2)
    before = client.fetch([1, 2], ["MODSEQ"])
    modseq = before[2][b"MODSEQ"][0]
    client.add_flags([1], [b"\\Seen"])
    changed = client.fetch("1:*", ["FLAGS"], [f"CHANGEDSINCE {modseq}"])
    assert list(changed) == [1] and changed[1][b"FLAGS"] == (b"\\Seen",), changed
    heard = said(client, "UID", "STORE", "1:2", f"(UNCHANGEDSINCE {modseq})", "+FLAGS", "(\\Flagged)")
    assert heard["end"][0].startswith(b"[MODIFIED 1]"), heard
    assert client.search(["FLAGGED"]) == [2]


def qresync():
    client, other = signed_in(), signed_in()
    was = folder(client, "qresync", 4)
    client = signed_in()
    other.select_folder("qresync")
    other.delete_messages([2, 3])
    other.expunge([2, 3])
    other.add_flags([4], [b"\\Seen"])
    assert client.enable("QRESYNC") == [b"QRESYNC"]
    known = f"(QRESYNC ({was[b'UIDVALIDITY']} {was[b'HIGHESTMODSEQ']}))"
    heard = said(client, "SELECT", "qresync", known)
    assert heard["VANISHED"] == [b"(EARLIER) 2:3"], heard
    assert len(heard["FETCH"]) == 1 and b"UID 4 FLAGS (\\Seen)" in heard["FETCH"][0], heard


def quota():
    client = signed_in()
    root, quotas = client.get_quota_root("INBOX")
    assert root.quota_roots == [""], root
    assert [(one.resource, one.limit) for one in quotas] == [("STORAGE", ask["quota_kib"])], quotas
    assert client.get_quota("INBOX")[0].usage > 0


def quota_storage():
    client = signed_in()
    used, limit = (getattr(client.get_quota("INBOX")[0], name) for name in ("usage", "limit"))
    large = MAIL + b"x" * ((limit - used + 1) * 1024)
    assert "OVERQUOTA" in refused(client.append, "INBOX", large)
    assert client.get_quota("INBOX")[0].usage == used


EXERCISES = {
    "IMAP4REV1": imap4rev1,
    "IMAP4REV2": imap4rev2,
    "LITERAL+": literal_plus,
    "SASL-IR": sasl_ir,
    "AUTH=PLAIN": auth_plain,
    "LOGINDISABLED": login_disabled,
    "STARTTLS": starttls,
    "ENABLE": enable,
    "ID": id,
    "IDLE": idle,
    "NAMESPACE": namespace,
    "UIDPLUS": uidplus,
    "MOVE": move,
    "UNSELECT": unselect,
    "CHILDREN": children,
    "SPECIAL-USE": special_use,
    "LIST-EXTENDED": list_extended,
    "LIST-STATUS": list_status,
    "STATUS=SIZE": status_size,
    "ESEARCH": esearch,
    "SEARCHRES": searchres,
    "WITHIN": within,
    "CONDSTORE": condstore,
    "QRESYNC": qresync,
    "QUOTA": quota,
    "QUOTA=RES-STORAGE": quota_storage,
}

clear = names(IMAPClient(ask["host"], ask["port"], ssl=False))
told = {name.upper() for name in clear | names(connected()) | names(signed_in())}
for exercise in EXERCISES.values():
    exercise()
print(json.dumps({"told": sorted(told), "exercised": sorted(EXERCISES)}))
