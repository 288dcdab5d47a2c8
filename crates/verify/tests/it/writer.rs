//! A tiny writer of exports, and the parts of one so that a test can spoil them.

use std::collections::BTreeMap;
use std::io::Write;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

pub const ORIGIN: &str = "zhenxing/36/test/sha256-ed25519";
const TABLES: [&str; 4] = ["plan", "section", "blob", "credential"];

pub type Hash = [u8; 32];
pub type Row = Map<String, Value>;

pub fn sha256(parts: &[&[u8]]) -> Hash {
    Sha256::digest(parts.concat()).into()
}

/// RFC 6962, section 2.1, word for word.
pub fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => sha256(&[]),
        1 => leaves[0],
        n => {
            let split = n.next_power_of_two() / 2;
            sha256(&[&[1], &naive_root(&leaves[..split]), &naive_root(&leaves[split..])])
        }
    }
}

/// Numbers that look random and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

/// The content of an export, line by line.
#[derive(Clone)]
pub struct Parts {
    pub about: Value,
    pub log: Vec<String>,
    pub digests: Vec<String>,
    pub checkpoints: Vec<(String, String)>,
    pub rows: BTreeMap<String, Vec<String>>,
    pub files: Vec<(String, Vec<u8>)>,
    pub others: Vec<(String, Vec<u8>)>,
}

impl Parts {
    pub fn members(&self) -> Vec<(String, Vec<u8>)> {
        let lines =
            |lines: &[String]| lines.iter().flat_map(|line| [line, "\n"].concat().into_bytes()).collect();
        let mut members = vec![("about.json".into(), self.about.to_string().into_bytes())];
        members.push(("log.jsonl".into(), lines(&self.log)));
        members.push(("row_digests.jsonl".into(), lines(&self.digests)));
        let checkpoints = self.checkpoints.iter();
        members.extend(
            checkpoints.map(|(name, note)| (format!("checkpoints/{name}"), note.clone().into_bytes())),
        );
        members.extend(self.rows.iter().map(|(table, rows)| (format!("rows/{table}.jsonl"), lines(rows))));
        members.extend(self.files.iter().map(|(name, bytes)| (format!("files/{name}"), bytes.clone())));
        members.extend(self.others.iter().cloned());
        members
    }

    pub fn pack(&self) -> Vec<u8> {
        pack(&self.members())
    }
}

pub fn pack(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, bytes) in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, bytes.as_slice()).expect("memory takes the member");
    }
    tar.into_inner().and_then(GzEncoder::finish).expect("memory takes the end")
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory takes the bytes")
}

/// A small installation that writes acts.
pub struct Writer {
    pub parts: Parts,
    key: SigningKey,
    leaves: Vec<Hash>,
    tables: BTreeMap<&'static str, BTreeMap<String, Row>>,
    at: i64,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer::with_key(7)
    }
}

impl Writer {
    pub fn with_key(seed: u8) -> Writer {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let about = json!({
            "format": "zhenxing-export/1", "kind": "backup", "made_at": 1_524_700_000_000_i64,
            "origin": ORIGIN, "vkey": vkey(&key), "schema": ["0001_core"],
            "recorded": TABLES, "unrecorded": ["session", "draft"], "withheld": [],
        });
        let rows = TABLES.iter().map(|table| (table.to_string(), vec![])).collect();
        let parts = Parts {
            about,
            log: vec![],
            digests: vec![],
            checkpoints: vec![],
            rows,
            files: vec![],
            others: vec![],
        };
        Writer { parts, key, leaves: vec![], tables: BTreeMap::new(), at: 1_524_700_000_000 }
    }

    pub fn vkey(&self) -> String {
        vkey(&self.key)
    }

    /// One act that writes rows (`None` deletes), each named once.
    pub fn act(&mut self, act: &str, writes: &[(&'static str, String, Option<Row>)]) {
        let seq = self.leaves.len() as u64 + 1;
        let salt = sha256(&[b"salt", &seq.to_be_bytes()]);
        let salt = &salt[..16];
        let mut leaves = vec![];
        for (ordinal, (table, id, row)) in writes.iter().enumerate() {
            let digest = row.as_ref().map(|row| row_digest(salt, table, row).to_vec()).unwrap_or_default();
            leaves.push(sha256(&[&[0], table.as_bytes(), &[0], id.as_bytes(), &[0], &digest]));
            let hex = HEXLOWER.encode(&digest);
            let line = json!({"seq": seq, "ordinal": ordinal, "table": table, "id": id, "digest": hex});
            self.parts.digests.push(line.to_string());
            match row {
                Some(row) => self.tables.entry(table).or_default().insert(id.clone(), row.clone()),
                None => self.tables.entry(table).or_default().remove(id),
            };
        }
        self.at += seq as i64 % 3;
        let body = json!({
            "v": 1, "seq": seq, "at": self.at, "person": "p1", "for": null, "organisation": "o1",
            "role": "Office", "session": "0123456789abcdef", "from": "127.0.0.1", "request": null,
            "act": act, "subject": ["plan", "x"], "place": null, "clause": "2.1",
            "reason": "换行\n与“引号\"”", "notes": {"document": "赣建〔2018〕1号"}, "policy": null,
            "rows": HEXLOWER.encode(&naive_root(&leaves)), "row_count": writes.len(),
            "salt": HEXLOWER.encode(salt),
        });
        let body = body.to_string();
        let leaf = sha256(&[&[0], body.as_bytes()]);
        self.leaves.push(leaf);
        let line = json!({"seq": seq, "leaf": HEXLOWER.encode(&leaf), "body": body});
        self.parts.log.push(line.to_string());
    }

    pub fn file(&mut self, bytes: &[u8]) {
        let id = HEXLOWER.encode(&sha256(&[bytes]));
        if !self.parts.files.iter().any(|(name, _)| *name == id) {
            self.parts.files.push((id.clone(), bytes.to_vec()));
            let row = row(&id, json!({"size": bytes.len()}));
            self.act("file.kept", &[("blob", id, Some(row))]);
        }
    }

    pub fn checkpoint(&mut self) {
        let note = self.note();
        let name = format!("{}.txt", self.leaves.len());
        self.parts.checkpoints.retain(|(before, _)| *before != name);
        self.parts.checkpoints.push((name, note));
    }

    /// A signed checkpoint over the log as it stands.
    pub fn note(&self) -> String {
        let root = naive_root(&self.leaves);
        self.sign(&format!("{ORIGIN}\n{}\n{}\n", self.leaves.len(), BASE64.encode(&root)))
    }

    pub fn sign(&self, body: &str) -> String {
        let id = sha256(&[ORIGIN.as_bytes(), b"\n\x01", self.key.verifying_key().as_bytes()]);
        let signature = [&id[..4], &self.key.sign(body.as_bytes()).to_bytes()].concat();
        format!("{body}\n— {ORIGIN} {}\n", BASE64.encode(&signature))
    }

    /// An export: all but the withheld table.
    pub fn finish(self) -> Parts {
        let mut parts = self.finish_backup();
        parts.rows.remove("credential");
        parts.about["kind"] = json!("export");
        parts.about["withheld"] = json!(["credential"]);
        parts
    }

    /// A backup: everything.
    pub fn finish_backup(mut self) -> Parts {
        for (table, rows) in &self.tables {
            let lines = rows.values().map(|row| Value::Object(row.clone()).to_string()).collect();
            self.parts.rows.insert(table.to_string(), lines);
        }
        self.parts
    }
}

pub fn vkey(key: &SigningKey) -> String {
    let data = [&[1], key.verifying_key().as_bytes().as_slice()].concat();
    let id = sha256(&[ORIGIN.as_bytes(), b"\n", &data]);
    format!("{ORIGIN}+{}+{}", HEXLOWER.encode(&id[..4]), BASE64.encode(&data))
}

pub fn row(id: &str, rest: Value) -> Row {
    let mut row = Row::new();
    row.insert("version".into(), json!(1));
    row.insert("id".into(), json!(id));
    row.extend(rest.as_object().cloned().unwrap_or_default());
    row
}

fn row_digest(salt: &[u8], table: &str, row: &Row) -> Hash {
    let mut text = [salt, table.as_bytes(), &[0]].concat();
    let mut names: Vec<&String> = row.keys().collect();
    names.sort();
    for name in names {
        let (tag, value) = match &row[name] {
            Value::Null => continue,
            Value::Number(number) => ("i", number.as_i64().expect("an integer").to_be_bytes().to_vec()),
            Value::String(value) => ("t", with_length(value.as_bytes())),
            value => ("b", with_length(&BASE64.decode(value["b64"].as_str().unwrap().as_bytes()).unwrap())),
        };
        text.extend([with_length(name.as_bytes()), tag.into(), value].concat());
    }
    sha256(&[&text])
}

fn with_length(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

/// A log of some acts that write, rewrite and delete rows, attachments, and a checkpoint over all of it.
pub fn sample(seed: u64) -> Writer {
    let mut dice = Dice(seed * 2 + 1);
    let mut writer = Writer::default();
    let length = 1 + dice.roll(24);
    for number in 0..length {
        let mut writes: Vec<(&'static str, String, Option<Row>)> = vec![];
        for _ in 0..dice.roll(5) {
            let (table, id) =
                (["plan", "section", "credential"][dice.roll(3)], format!("r{}", dice.roll(12)));
            let note =
                if dice.roll(4) == 0 { Value::Null } else { json!(format!("第{number}次\t填写😀")) };
            let rest = json!({"amount_fen": -(dice.roll(9999) as i64), "note": note,
                "seal": {"b64": BASE64.encode(&[dice.roll(256) as u8; 5])}});
            let value = (dice.roll(5) > 0).then(|| row(&id, rest));
            if writes.iter().all(|write| (write.0, &write.1) != (table, &id)) {
                writes.push((table, id, value));
            }
        }
        writer.act(["plan.sent", "plan.approved", "section.saved"][dice.roll(3)], &writes);
        if dice.roll(4) == 0 {
            writer.file(format!("附件{}", dice.roll(6)).as_bytes());
        }
        if dice.roll(5) == 0 {
            writer.checkpoint();
        }
    }
    writer.file(b"%PDF-1.4");
    writer.act("plan.sent", &[("plan", "last".into(), Some(row("last", json!({"name": "新安镇"}))))]);
    writer.checkpoint();
    writer
}
