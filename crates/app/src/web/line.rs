//! A visitor's line. A head that cannot be read is answered by hyper itself, before any of our layers; such
//! an answer is put into our words and headers here.

use super::headers::lines;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

pub(super) struct Line {
    pub stream: TcpStream,
    pub secure: bool,
}

impl Line {
    fn stream(self: Pin<&mut Self>) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.get_mut().stream)
    }
}

/// Hyper's own answers have no body; every answer of ours names this.
const OURS: &str = "content-security-policy";

/// The same answer with a word for its reader, where it is one that hyper gave.
fn in_our_words(written: &[u8], secure: bool) -> Option<String> {
    let status = written.strip_prefix(b"HTTP/1.")?.get(2..5)?;
    let says = match status {
        b"400" => "请求的格式无法识别，请用浏览器打开本系统的网址。\n",
        b"414" => "网址过长，请从本系统的页面重新进入。\n",
        b"431" => "请求的头部过长，请清除浏览器中本网站的 Cookie 后重试。\n",
        _ => return None,
    };
    let head = std::str::from_utf8(written).ok()?.strip_suffix("\r\n\r\n")?;
    if head.contains(OURS) || head.contains("\r\n\r\n") {
        return None;
    }
    let said = format!("content-length: {}\r\ncontent-type: text/plain; charset=utf-8", says.len());
    Some(format!("{}\r\n{}\r\n{says}", head.replacen("content-length: 0", &said, 1), lines(secure)))
}

impl AsyncRead for Line {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream().poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(answer) = in_our_words(bytes, self.secure) else {
            return self.stream().poll_write(context, bytes);
        };
        // It is the last on its line, and short: a line that does not take it whole is cut.
        match ready!(self.stream().poll_write(context, answer.as_bytes()))? {
            length if length == answer.len() => Poll::Ready(Ok(bytes.len())),
            _ => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match pieces {
            [only] => self.poll_write(context, only),
            _ => self.stream().poll_write_vectored(context, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }
}
