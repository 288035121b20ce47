//! The least HTTP/1.1 client that keeps its connection: it must cost less than what it measures.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result, anyhow, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Makes idempotency keys that nobody has used, in this process.
static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// A request to be sent many times.
#[derive(Clone)]
pub(crate) struct Request {
    authority: String,
    head: String,
    body: String,
    /// Whether each sending is an order of its own.
    has_key: bool,
}

impl Request {
    pub(crate) fn get(address: &str, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::new("GET", address, path, headers, String::new())
    }

    pub(crate) fn post(address: &str, path: &str, headers: &[(&str, &str)], body: String) -> Self {
        Self::new("POST", address, path, headers, body)
    }

    /// Gives each sending an `Idempotency-Key` of its own.
    pub(crate) fn with_key(self) -> Self {
        Self {
            has_key: true,
            ..self
        }
    }

    fn new(
        method: &str,
        address: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Self {
        let authority = address.trim_start_matches("http://").to_owned();
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {authority}\r\n");
        for (name, value) in headers {
            // Writing to a string cannot fail.
            write!(head, "{name}: {value}\r\n").ok();
        }
        if method != "GET" {
            write!(head, "content-length: {}\r\n", body.len()).ok();
        }
        Self {
            authority,
            head,
            body,
            has_key: false,
        }
    }
}

/// One kept connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(request: &Request) -> Result<Self> {
        let stream = TcpStream::connect(&request.authority).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(8192),
        })
    }

    /// Sends and reads the whole answer, which must be a success of known length.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<()> {
        let mut text = request.head.clone();
        if request.has_key {
            let key = NEXT_KEY.fetch_add(1, Ordering::Relaxed);
            write!(
                text,
                "idempotency-key: load-{}-{key}\r\n",
                std::process::id()
            )
            .ok();
        }
        text.push_str("\r\n");
        text.push_str(&request.body);
        self.stream.write_all(text.as_bytes()).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server hung up");
            }
            if let Some(length) = answer_length(&self.buffer)?
                && self.buffer.len() >= length
            {
                return Ok(());
            }
        }
    }
}

/// The length of head and body once the head is there; fails for anything but a success.
fn answer_length(answer: &[u8]) -> Result<Option<usize>> {
    let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(answer.get(..end).unwrap_or_default())?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if !status.starts_with('2') {
        bail!("answered {status}: {}", String::from_utf8_lossy(answer));
    }
    let length: usize = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .ok_or_else(|| anyhow!("an answer without content-length"))?
        .1
        .trim()
        .parse()
        .context("content-length")?;
    Ok(Some(end + 4 + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_when_an_answer_is_whole() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        assert_eq!(answer_length(&head.as_bytes()[..20]).unwrap(), None);
        assert_eq!(
            answer_length(head.as_bytes()).unwrap(),
            Some(head.len() + 5)
        );
    }

    #[test]
    fn a_refusal_is_an_error_and_not_a_fast_answer() {
        let answer = b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n";
        assert!(
            answer_length(answer)
                .unwrap_err()
                .to_string()
                .contains("429")
        );
    }
}
