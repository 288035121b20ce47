//! Open pages: one connection each that is only read.

use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::in_time;
use super::pages::{ORIGIN, Pages};
use super::replicas::Replica;
use crate::load::system::{client, tell};
use crate::now;
use crate::samples::Samples;

/// How many pages open their streams at the same time.
const AT_ONCE: usize = 64;
/// What a page is told when everything of its connection was revoked.
const REVOKED: &[u8] = b"event: revoked";

/// All of them.
pub(super) struct Streams {
    tasks: JoinSet<()>,
    told: mpsc::UnboundedReceiver<(usize, Instant)>,
    open: usize,
}

impl Streams {
    /// Opens so many, and waits until each has been told something.
    pub(super) async fn open(replica: &Replica, pages: &Pages, count: usize) -> Result<Self> {
        let (sender, told) = mpsc::unbounded_channel();
        let mut streams = Self {
            tasks: JoinSet::new(),
            told,
            open: count,
        };
        for first in (0..count).step_by(AT_ONCE) {
            let mut opening = JoinSet::new();
            for page in first..count.min(first + AT_ONCE) {
                let (connection, token) = pages.token_of(page).context("too few tokens")?;
                let (authority, token) = (replica.authority().to_owned(), token.to_owned());
                opening.spawn(async move { (connection, connect(&authority, &token).await) });
            }
            while let Some(opened) = opening.join_next().await {
                let (connection, stream) = opened?;
                let (stream, sender) = (stream?, sender.clone());
                streams.tasks.spawn(listen(stream, connection, sender));
            }
        }
        Ok(streams)
    }

    /// Issues a pass of one connection after another and revokes it, and waits until every page has heard. How long each
    /// page waited for that from the moment in which the request was sent.
    pub(super) async fn revoke_one_by_one(
        &mut self,
        replica: &Replica,
        pages: &Pages,
        count: usize,
    ) -> Result<Samples> {
        let http = client()?;
        let mut samples = Samples::default();
        for round in 0..count {
            let at = round % pages.connections.len().max(1);
            let connection = pages.connections.get(at).context("no connection")?;
            let address = format!("{}/v1/connections/{}/pass", replica.url, connection.id);
            let issue = http.post(&address).bearer_auth(&pages.api_key);
            tell(issue, &json!({"method": "link"})).await?;
            let listeners = (0..self.open)
                .filter(|page| page % pages.connections.len() == at)
                .count();
            let sent = now();
            let revoking = http.delete(&address).bearer_auth(&pages.api_key).send();
            let answering = tokio::spawn(revoking);
            for _listener in 0..listeners {
                let told = in_time("a revocation", self.told.recv()).await?;
                let (whose, when) = told.context("no page is open")?;
                if whose != at {
                    bail!("a page heard of a revocation that was not its own");
                }
                samples.add(when.duration_since(sent));
            }
            answering.await??.error_for_status()?;
        }
        Ok(samples)
    }

    /// How many have come to their end, waited for a while.
    pub(super) async fn ended(mut self) -> usize {
        let mut ended = 0;
        while let Ok(Some(_task)) = in_time("an end", self.tasks.join_next()).await {
            ended += 1;
        }
        ended
    }
}

/// Asks for the events, and waits for the first.
async fn connect(authority: &str, token: &str) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(authority).await?;
    let request = format!(
        "GET /v1/events HTTP/1.1\r\nhost: {authority}\r\norigin: {ORIGIN}\r\nauthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut said = Vec::new();
    while !contains(&said, b"event: resync") {
        if stream.read_buf(&mut said).await? == 0 {
            bail!("refused: {}", String::from_utf8_lossy(&said));
        }
    }
    Ok(stream)
}

/// Says when the page was told of a revocation, until the stream ends.
async fn listen(
    mut stream: TcpStream,
    connection: usize,
    told: mpsc::UnboundedSender<(usize, Instant)>,
) {
    let mut said = Vec::new();
    while matches!(stream.read_buf(&mut said).await, Ok(read) if read > 0) {
        let heard = now();
        if contains(&said, REVOKED) {
            said.clear();
            if told.send((connection, heard)).is_err() {
                return;
            }
        }
        // What may be the beginning of the words that are looked for stays.
        let keep = said.len().min(REVOKED.len());
        said.drain(..said.len() - keep);
    }
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}
