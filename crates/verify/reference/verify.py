"""A second verifier, written from docs/record-format.md alone: python3 verify.py FILE... [--checkpoint NOTE]
For each file it prints "== FILE", one line for each place at fault, and the root; exit 1 when any is at fault."""
import base64, hashlib, json, sys, tarfile
from ed25519 import signed

KEYS = ("v seq at person for organisation role session from request act subject place clause reason notes "
        "policy rows row_count salt").split()

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def hexed(text, *lengths):
    return isinstance(text, str) and len(text) in [2 * n for n in lengths] and set(text) <= set("0123456789abcdef")
def loads(text):
    try: value = json.loads(text)
    except ValueError: value = None
    return value if isinstance(value, dict) else {}

def root(leaves):
    while len(leaves) > 1:
        pairs = [sha(b"\1", *leaves[i:i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0] if leaves else sha()

def b64(text):
    data = base64.b64decode(text, validate=True)
    assert base64.b64encode(data).decode() == text
    return data

def checkpoint(note, vkey):
    name, key_hash, data = vkey.split("+", 2)
    body, signatures = note.split("\n\n", 1)
    origin, size, digest = body.split("\n")
    data, ours = b64(data), []
    assert signatures.endswith("\n") and data[0] == 1 and sha(name.encode() + b"\n" + data)[:4].hex() == key_hash
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        if (dash, signer) == ("—", name) and b64(signature)[:4].hex() == key_hash:
            ours.append(signed(data[1:], body.encode() + b"\n", b64(signature)[4:]))
    assert any(ours) and origin == name and str(int(size)) == size and len(b64(digest)) == 32
    return int(size), b64(digest)

def row_digest(salt, table, row):
    text = salt + table.encode() + b"\0"
    for name in sorted((name for name in row if row[name] is not None), key=str.encode):
        value = row[name]
        data = b64(value["b64"]) if isinstance(value, dict) else str(value).encode()
        text += len(name.encode()).to_bytes(4, "big") + name.encode()
        text += (b"i" + value.to_bytes(8, "big", signed=True) if isinstance(value, int) else
                 (b"b" if isinstance(value, dict) else b"t") + len(data).to_bytes(4, "big") + data)
    return sha(text)

def verify(path, outside):
    bad, entries, leaves, lists, newest, notes, seen, files, at = set(), [], [], {}, {}, {}, set(), set(), 0
    tar = tarfile.open(path)
    members = {member.name: member for member in tar.getmembers()}
    read = lambda name: tar.extractfile(members[name]).read()
    lines = lambda name: [loads(line) for line in read(name).splitlines()]
    about = json.loads(read("about.json"))
    def blank(): entries.append(None); leaves.append(bytes(32)); return len(entries)
    for line in lines("log.jsonl"):
        if not {"seq", "leaf", "body"} <= line.keys():
            bad.add(f"entry {blank()}"); continue
        seq = line["seq"]
        if not len(entries) < seq <= len(entries) + 10001:
            bad.add(f"entry {len(entries) + 1}"); continue
        while len(entries) + 1 < seq: bad.add(f"entry {blank()}")
        leaves.append(sha(b"\0", line["body"].encode()))
        body = loads(line["body"])
        good = list(body) == KEYS and body["v"] == 1 and hexed(body["salt"], 16) and hexed(body["rows"], 32)
        entries.append(body if good else None)
        if not good or leaves[-1].hex() != line["leaf"] or body["seq"] != seq or body["at"] < at:
            bad.add(f"entry {seq}")
        at = max(at, body["at"]) if good else at
    last = 0
    for line in lines("row_digests.jsonl"):
        seq = line.get("seq", last)
        good = line.keys() >= {"ordinal", "table", "id", "digest"} and hexed(line["digest"], 32, 0)
        if not good or not last <= seq <= len(entries) or seq < 1:
            bad.add(f"entry {seq or 1}"); continue
        last, rows = seq, lists.setdefault(seq, [])
        key = (line["table"], line["id"])
        if line["ordinal"] != len(rows) or newest.get(key, (0,))[0] == seq: bad.add(f"entry {seq}")
        newest[key] = (seq, bytes.fromhex(line["digest"]))
        rows.append(sha(b"\0", key[0].encode(), b"\0", key[1].encode(), b"\0", newest[key][1]))
    bad |= {f"entry {seq}" for seq, body in enumerate(entries, 1) if body and
            (body["rows"], body["row_count"]) != (root(lists.get(seq, [])).hex(), len(lists.get(seq, [])))}
    for name in members:
        folder, _, rest = name.partition("/")
        if folder == "checkpoints":
            try:
                size, digest = checkpoint(read(name).decode(), about["vkey"])
                assert rest == f"{size}.txt"
                notes[size] = rest
                if size > len(leaves) or root(leaves[:size]) != digest: bad.add(f"checkpoint {rest}")
            except (ValueError, AssertionError): bad.add(f"checkpoint {rest}")
        if folder == "files":
            files.add(rest)
            if sha(read(name)).hex() != rest: bad.add(f"file {rest}")
        if folder == "rows" and rest[:-6] not in about["unrecorded"]:
            for row in lines(name):
                table, key = rest[:-6], (rest[:-6], row.get("id"))
                seq, digest = newest.get(key, (0, b""))
                body = entries[seq - 1] if seq else None
                if key in seen or not body or row_digest(bytes.fromhex(body["salt"]), table, row) != digest:
                    bad.add(f"row {table}/{key[1]}" if key[1] else f"table {table}")
                seen.add(key)
    given = {name[5:-6] for name in members if name.startswith("rows/")}
    bad |= {f"row {t}/{i}" for (t, i), (_, digest) in newest.items() if digest and (t, i) not in seen
            and (t in given or t not in about["withheld"])}
    bad |= {f"table {t}" for t, _ in newest if t not in about["recorded"]}
    bad |= {f"file {name}" for name in files ^ {i for t, i in seen if t == "blob" and i}}
    if leaves and not notes: bad.add("checkpoint")
    if set(about["withheld"]) - {"credential"}: bad.add("about")
    size, digest = checkpoint(outside, about["vkey"]) if outside else (0, root([]))
    if size > len(leaves) or root(leaves[:size]) != digest: bad.add("outside")
    print(f"== {path}", *sorted(bad), f"root {base64.b64encode(root(leaves)).decode()}", sep="\n")
    return bad

names = sys.argv[1:]
given = names.index("--checkpoint") if "--checkpoint" in names else len(names)
note = open(names[given + 1]).read() if given < len(names) else None
sys.exit(1 if [name for name in names[:given] if verify(name, note)] else 0)
