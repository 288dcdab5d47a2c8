//! Hostile inputs, one after another and at once: each is refused in a sentence, and the program
//! stays as small as it was.

use super::Stage;
use super::program::{Person, Program, Reply, parts};
use crate::world::{Engine, World};
use std::io::{self, Read, Write};
use std::net::TcpStream;

const MIB: usize = 1024 * 1024;

/// More than the program holds before the first hostile input.
const MOST_GROWTH_KIB: u64 = 64 * 1024;

/// The demo at rest.
const MOST_AT_REST_KIB: u64 = 100 * 1024;

const FORM: &str = "application/x-www-form-urlencoded";

/// One hostile input: where it goes, what it says it is, and itself.
struct Attack {
    name: &'static str,
    path: String,
    media_type: String,
    body: Vec<u8>,
    /// What the program may answer; all are refusals.
    status: &'static [u16],
}

#[tokio::test]
async fn hostile_inputs_are_refused_in_a_sentence_and_cost_no_memory() {
    let stage = Stage::set(&World::new(Engine::Sqlite).await).await;
    let program = Program::start(&stage);
    let clerk = program.sign_in(stage.card("chaxiang_clerk"));
    let attacks = attacks(&stage.declaration("示例茶香镇").await);
    clerk.get(program.port(), "/desk").expect("an answer");
    let rest = program.resident_kib("VmRSS");
    assert!(rest < MOST_AT_REST_KIB, "{rest} KiB at rest");
    for attack in &attacks {
        for _ in 0..3 {
            attack.is_refused(attack.launch(&clerk, program.port()));
        }
    }
    at_once(&attacks, &clerk, program.port());
    let waiting = stalled(&attacks[0], &clerk, program.port());
    assert_eq!(clerk.get(program.port(), "/desk").expect("an answer").status, 200, "it serves others");
    drop(waiting);
    long_heads(program.port());
    let peak = program.resident_kib("VmHWM");
    let growth = peak.saturating_sub(rest);
    println!("{rest} KiB at rest, {growth} KiB more at the peak");
    assert!(growth <= MOST_GROWTH_KIB, "the peak is {growth} KiB above the {rest} KiB of before");
    assert_eq!(clerk.get(program.port(), "/desk").expect("an answer").status, 200, "it serves on");
}

/// One of each kind at the same time.
fn at_once(attacks: &[Attack], clerk: &Person, port: u16) {
    std::thread::scope(|scope| {
        for attack in attacks {
            scope.spawn(move || attack.is_refused(attack.launch(clerk, port)));
        }
    });
}

/// Eight who begin to send and do not go on.
fn stalled(attack: &Attack, clerk: &Person, port: u16) -> Vec<TcpStream> {
    let begin = |_| {
        let (length, start) = (attack.body.len(), &attack.body[..2 * MIB]);
        clerk.begin(port, &attack.path, &attack.media_type, length, start).expect("begun")
    };
    (0..8).map(begin).collect()
}

/// Heads that are longer than any browser's, whole and never ending.
fn long_heads(port: u16) {
    for head in [format!("GET /{} HTTP/1.1\r\n", "x".repeat(MIB)), "GET / HTTP/1.1\r\n".to_owned()] {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("connected");
        let rest = format!("Cookie: {}\r\n", "y".repeat(MIB));
        // The program hangs up before it has heard it all.
        let _cut = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(rest.as_bytes()));
        let mut answer = Vec::new();
        let _cut = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
}

impl Attack {
    fn launch(&self, clerk: &Person, port: u16) -> io::Result<Reply> {
        clerk.send(port, &self.path, &self.media_type, &self.body)
    }

    /// Refused, with words a person can read.
    fn is_refused(&self, reply: io::Result<Reply>) {
        let reply = reply.unwrap_or_else(|error| panic!("{}: no answer: {error}", self.name));
        assert!(self.status.contains(&reply.status), "{}: {} {}", self.name, reply.status, reply.head);
        let says = reply.text.contains("请") && reply.text.contains("<h1");
        assert!(says, "{}: {} without a sentence: {}", self.name, reply.status, reply.text);
    }
}

fn attacks(declaration: &str) -> Vec<Attack> {
    let files = format!("/submissions/{declaration}/files");
    let section = format!("/submissions/{declaration}/sections/identity");
    let file = |name: &'static str, item: &str, file: &str, content: &[u8]| {
        let body = parts(&[("item", item)], &format!("file-{item}"), (file, content));
        let media_type = "multipart/form-data; boundary=zhenxing-boundary".to_owned();
        Attack { name, path: files.clone(), media_type, body, status: &[422] }
    };
    let form = |name: &'static str, media_type: &str, body: Vec<u8>| Attack {
        name,
        path: section.clone(),
        media_type: media_type.to_owned(),
        body,
        status: &[413, 422],
    };
    let fields = |count: usize| (0..count).map(|at| format!("field{at}=1")).collect::<Vec<_>>().join("&");
    vec![
        file("one byte too many", "1304", "规划.pdf", &pdf(20 * MIB + 1)),
        file("a program", "1304", "规划.pdf", b"MZ\x90\x00\x03\x00\x00\x00 a program"),
        file("a large program", "1304", "规划.pdf", &[b"MZ".as_slice(), &vec![7; 19 * MIB]].concat()),
        file("a bomb", "1304", "规划.docx", include_bytes!("../forms/bomb.docx")),
        file("entities", "1304", "规划.docx", include_bytes!("../forms/entities.docx")),
        form("an unknown field", FORM, b"version=1&115=x&is_admin=1".to_vec()),
        form("a thousand fields", FORM, fields(1000).into_bytes()),
        form("brackets", FORM, vec![b'['; 10 * MIB]),
        form("brackets as JSON", "application/json", vec![b'['; 10 * MIB]),
        form("a long text", FORM, [b"version=1&115=".as_slice(), &vec![b'x'; 10 * MIB]].concat()),
        thousand_parts(&files),
    ]
}

/// A form of a thousand small files.
fn thousand_parts(path: &str) -> Attack {
    let item = "--zhenxing-boundary\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\n1304\r\n";
    let mut body = item.as_bytes().to_vec();
    for at in 0..1000 {
        let part = format!(
            "--zhenxing-boundary\r\nContent-Disposition: form-data; name=\"f{at}\"; filename=\"{at}.pdf\"\r\n\r\n%PDF\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--zhenxing-boundary--\r\n");
    let media_type = "multipart/form-data; boundary=zhenxing-boundary".to_owned();
    Attack { name: "a thousand parts", path: path.to_owned(), media_type, body, status: &[413, 422] }
}

/// A PDF of a size.
fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n".to_vec();
    let tail = b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    bytes.resize(size - tail.len(), b'\n');
    bytes.extend_from_slice(tail);
    bytes
}
