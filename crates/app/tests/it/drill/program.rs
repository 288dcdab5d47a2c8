//! The executable in a process of its own, and people who talk to it over the wire.

use super::Stage;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A program that serves until it is killed.
pub struct Program {
    child: Child,
    port: u16,
}

/// A person at the other end of the wire, by his cookie.
#[derive(Clone)]
pub struct Person {
    cookie: String,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub text: String,
}

/// Longer than any honest answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Program {
    pub fn start(stage: &Stage) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_zhenxing"))
            .args(["demo", "--port", "0", "--today", &stage.today.to_string(), "--data"])
            .arg(&stage.folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its words are heard");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it is");
        let port = line.trim().trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        Program { child, port: port.unwrap_or_else(|| panic!("no address in `{line}`")) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub fn kill(mut self) {
        self.end();
    }

    /// A size of `/proc/…/status`: `VmRSS` now, `VmHWM` at its highest.
    pub fn resident_kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("a size in KiB")
    }

    fn end(&mut self) {
        self.child.kill().expect("it is ours to kill");
        self.child.wait().expect("it has ended");
    }

    /// Signs in by a card of the demo.
    pub fn sign_in(&self, card: &str) -> Person {
        let nobody = Person { cookie: String::new() };
        let reply = nobody.post(self.port, "/demo/sign-in", &[("card", card)]).expect("an answer");
        assert_eq!(reply.status, 303, "{}", reply.text);
        Person { cookie: reply.header("set-cookie").split(';').next().unwrap_or_default().to_owned() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

impl Person {
    pub fn get(&self, port: u16, path: &str) -> io::Result<Reply> {
        self.exchange(port, &format!("GET {path} HTTP/1.1\r\n"), b"")
    }

    pub fn post(&self, port: u16, path: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
        let body = serde_urlencoded::to_string(fields).expect("fields are texts");
        self.send(port, path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    pub fn send(&self, port: u16, path: &str, media_type: &str, body: &[u8]) -> io::Result<Reply> {
        self.exchange(port, &start_of(path, media_type, body.len()), body)
    }

    /// Begins to send, and gives the line back open.
    pub fn begin(
        &self,
        port: u16,
        path: &str,
        media_type: &str,
        length: usize,
        body: &[u8],
    ) -> io::Result<TcpStream> {
        let mut stream = self.connect(port, &start_of(path, media_type, length))?;
        stream.write_all(body)?;
        Ok(stream)
    }

    /// A form with one file.
    pub fn upload(
        &self,
        port: u16,
        path: &str,
        fields: &[(&str, &str)],
        name: &str,
        file: (&str, &[u8]),
    ) -> io::Result<Reply> {
        let body = parts(fields, name, file);
        self.send(port, path, &format!("multipart/form-data; boundary={LINE}"), &body)
    }

    fn connect(&self, port: u16, start: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "{start}Host: localhost:{port}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\r\n",
            self.cookie
        );
        stream.write_all(head.as_bytes())?;
        Ok(stream)
    }

    fn exchange(&self, port: u16, start: &str, body: &[u8]) -> io::Result<Reply> {
        let mut stream = self.connect(port, start)?;
        // A server may answer before it has read everything; then what it said counts.
        let sent = stream.write_all(body);
        let mut bytes = Vec::new();
        let read = stream.read_to_end(&mut bytes);
        match Reply::of(&bytes) {
            Some(reply) => Ok(reply),
            None => Err(sent.err().or(read.err()).unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into())),
        }
    }
}

fn start_of(path: &str, media_type: &str, length: usize) -> String {
    format!("POST {path} HTTP/1.1\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n")
}

const LINE: &str = "zhenxing-boundary";

/// The body of a form with one file.
pub fn parts(fields: &[(&str, &str)], name: &str, (file, content): (&str, &[u8])) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, text) in fields {
        let part = format!("--{LINE}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--{LINE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{LINE}--\r\n").as_bytes());
    body
}

impl Reply {
    /// Whole, or nothing: a line that was cut says nothing.
    fn of(bytes: &[u8]) -> Option<Reply> {
        let text = String::from_utf8_lossy(bytes);
        let (head, text) = text.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Reply { status, head: head.to_owned(), text: text.to_owned() })
    }

    /// The content that the page says its form is about.
    pub fn seen(&self) -> io::Result<String> {
        let rest = self.text.split_once("name=\"content_hash\" value=\"").map(|(_, rest)| rest);
        let hash = rest.and_then(|rest| rest.split_once('"')).map(|(hash, _)| hash.to_owned());
        hash.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}
