//! The program in a process of its own, and people who keep their line open as browsers do.

use anyhow::{Context, Result, ensure};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

pub struct Server {
    child: Child,
    port: u16,
    /// From the start to the first page.
    pub started_s: f64,
}

pub struct Person {
    line: RefCell<BufReader<TcpStream>>,
    port: u16,
    cookie: String,
    encoding: &'static str,
}

impl Server {
    pub fn start(program: &Path, folder: &Path, today: &str) -> Result<Server> {
        let clock = Instant::now();
        let mut child = Command::new(program)
            .args(["demo", "--port", "0", "--today", today, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("its words")?).read_line(&mut line)?;
        let port = line.trim().trim_end_matches('/').rsplit(':').next().unwrap_or_default().parse()?;
        let mut server = Server { child, port, started_s: 0.0 };
        Person::new(port, String::new(), "")?.get("/sign-in")?;
        server.started_s = clock.elapsed().as_secs_f64();
        Ok(server)
    }

    pub fn sign_in(&self, card: &str) -> Result<Person> {
        let head =
            Person::new(self.port, String::new(), "")?.send(&post("/demo/sign-in", &[("card", card)]))?.0;
        let (_, cookie) = head.split_once("set-cookie: ").context("a cookie")?;
        Person::new(self.port, cookie.split(';').next().unwrap_or_default().to_owned(), "")
    }

    /// User and system time of the process, from `/proc`: ticks of 10 ms.
    pub fn cpu_ms(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, rest) = stat.rsplit_once(") ").context("a line of stat")?;
        let ticks: Vec<f64> = rest.split(' ').skip(11).take(2).filter_map(|tick| tick.parse().ok()).collect();
        Ok(ticks.iter().sum::<f64>() * 10.0)
    }

    pub fn mb(&self, name: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with(name)).context("a size")?;
        let kib: f64 = line.split_whitespace().nth(1).context("a size")?.parse()?;
        Ok(kib * 1024.0 / 1_000_000.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Person {
    fn new(port: u16, cookie: String, encoding: &'static str) -> Result<Person> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Person { line: RefCell::new(BufReader::new(stream)), port, cookie, encoding })
    }

    /// The same person with a browser that unpacks.
    pub fn packed(&self) -> Person {
        Person::new(self.port, self.cookie.clone(), "Accept-Encoding: gzip\r\n").expect("the server answers")
    }

    pub fn get(&self, path: &str) -> Result<String> {
        let (head, body) = self.send(&(format!("GET {path} HTTP/1.1\r\n"), String::new()))?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
        Ok(body)
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<String> {
        let (head, body) = self.send(&post(path, fields))?;
        ensure!(head.starts_with("HTTP/1.1 200"), "{path}: {head} {body}");
        Ok(body)
    }

    fn send(&self, (start, body): &(String, String)) -> Result<(String, String)> {
        let mut line = self.line.borrow_mut();
        let (port, cookie, encoding) = (self.port, &self.cookie, self.encoding);
        let request = format!(
            "{start}Host: localhost:{port}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n{encoding}\r\n{body}"
        );
        line.get_mut().write_all(request.as_bytes())?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            ensure!(line.read_line(&mut head)? > 0, "the line was cut");
        }
        let length = head.to_ascii_lowercase();
        let body = match length.split_once("content-length: ") {
            Some((_, rest)) => exactly(&mut line, rest.lines().next().unwrap_or_default().parse()?)?,
            None => pieces(&mut line)?,
        };
        Ok((head, String::from_utf8_lossy(&body).into_owned()))
    }
}

fn post(path: &str, fields: &[(&str, &str)]) -> (String, String) {
    let body = serde_urlencoded::to_string(fields).expect("fields are texts");
    let length = body.len();
    let media = "application/x-www-form-urlencoded";
    (format!("POST {path} HTTP/1.1\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n"), body)
}

fn exactly(line: &mut BufReader<TcpStream>, length: usize) -> Result<Vec<u8>> {
    let mut body = vec![0; length];
    line.read_exact(&mut body)?;
    Ok(body)
}

/// A chunked body.
fn pieces(line: &mut BufReader<TcpStream>) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        line.read_line(&mut size)?;
        let size = usize::from_str_radix(size.trim(), 16)?;
        let piece = exactly(line, size + 2)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&piece[..size]);
    }
}
