"""A second verifier, written from docs/record-format.md alone: python3 verify.py FILE... [--checkpoint NOTE]
For each file it prints "== FILE", one line for each place at fault, and the root; exit 1 when any is at fault."""
import base64, hashlib, json, sys, tarfile

KEYS = ("v seq at person for organisation role session from request act subject place clause reason notes "
        "policy rows row_count salt").split()
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()

def root(leaves):
    while len(leaves) > 1:
        pairs = [sha(b"\1", *leaves[i:i + 2]) for i in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(pairs) * 2:]
    return leaves[0] if leaves else sha()

def point(data):  # RFC 8032, 5.1.3
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    assert y < P and x * x % P == square and not (x == 0 and sign)
    return (P - x if x & 1 != sign else x), y

def add(a, b):
    k = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + k, -1, P) % P,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, -1, P) % P)

def times(n, a):
    total = (0, 1)
    while n:
        total, a, n = (add(total, a) if n & 1 else total), add(a, a), n >> 1
    return total

def signed(key, text, signature):
    s, base = int.from_bytes(signature[32:], "little"), point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    return s < L and times(s, base) == add(point(signature[:32]), times(h, point(key)))

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
    lines = lambda name: [json.loads(line) if ok(line) else {} for line in read(name).splitlines()]
    about = json.loads(read("about.json"))
    for line in lines("log.jsonl"):
        seq = line.get("seq", 0)
        if not {"seq", "leaf", "body"} <= line.keys():
            seq = len(entries) + 1
            bad.add(f"entry {seq}"); entries.append(None); leaves.append(bytes(32)); continue
        if seq <= len(entries) or seq > len(entries) + 10001:
            bad.add(f"entry {len(entries) + 1}"); continue
        while len(entries) + 1 < seq:
            bad.add(f"entry {len(entries) + 1}"); entries.append(None); leaves.append(bytes(32))
        leaves.append(sha(b"\0", line["body"].encode()))
        body = json.loads(line["body"]) if ok(line["body"]) else {}
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
        digest = bytes.fromhex(line["digest"])
        rows.append(sha(b"\0", key[0].encode(), b"\0", key[1].encode(), b"\0", digest))
        newest[key] = (seq, digest)
    for seq, body in enumerate(entries, 1):
        rows = lists.get(seq, [])
        if body and (body["rows"], body["row_count"]) != (root(rows).hex(), len(rows)): bad.add(f"entry {seq}")
    for name in members:
        folder, _, rest = name.partition("/")
        if folder == "checkpoints":
            try:
                size, digest = checkpoint(read(name).decode(), about["vkey"])
                assert rest == f"{size}.txt"
                notes[size] = f"checkpoint {size}.txt"
                if size > len(leaves) or root(leaves[:size]) != digest: bad.add(notes[size])
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
    bad |= {f"table {t}" for t, _ in newest if t not in about["recorded"] + about["withheld"]}
    bad |= {f"file {name}" for name in files ^ {i for t, i in seen if t == "blob" and i}}
    if leaves and not notes: bad.add("checkpoint")
    if outside:
        size, digest = checkpoint(outside, about["vkey"])
        if size > len(leaves) or root(leaves[:size]) != digest: bad.add("outside")
    print(f"== {path}", *sorted(bad), f"root {base64.b64encode(root(leaves)).decode()}", sep="\n")
    return bad

def ok(text):
    try: return isinstance(json.loads(text), dict)
    except ValueError: return False

def hexed(text, *lengths):
    return isinstance(text, str) and len(text) in [2 * n for n in lengths] and set(text) <= set("0123456789abcdef")

names = sys.argv[1:]
given = names.index("--checkpoint") if "--checkpoint" in names else len(names)
note = open(names[given + 1]).read() if given < len(names) else None
sys.exit(1 if [name for name in names[:given] if verify(name, note)] else 0)
