//! A way to the server's socket that can be closed, and on which an answer can get lost.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

const SOCKET: &str = ".s.PGSQL.5432";
/// As a client sends it: a simple query.
const COMMIT: &[u8] = b"COMMIT\0";
/// No commit is waited for.
const NONE: i64 = i64::MIN;

pub(super) struct Way {
    /// Where a client gets to the server by this.
    pub(super) address: String,
    is_open: Arc<watch::Sender<bool>>,
    /// So many commits are answered before one is not.
    commits_left: Arc<AtomicI64>,
    _directory: TempDir,
}

impl Way {
    pub(super) fn open(address: &str) -> Self {
        let mut address: url::Url = address.parse().unwrap();
        let server = address.query_pairs().find(|(key, _place)| key == "host");
        let server = server.expect("the server is reached by a socket").1;
        let server = PathBuf::from(server.into_owned()).join(SOCKET);
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().to_str().unwrap();
        address.query_pairs_mut().clear().append_pair("host", place);
        let listener = UnixListener::bind(directory.path().join(SOCKET)).unwrap();
        let way = Self {
            address: address.into(),
            is_open: Arc::new(watch::Sender::new(true)),
            commits_left: Arc::new(AtomicI64::new(NONE)),
            _directory: directory,
        };
        let (is_open, commits_left) = (Arc::clone(&way.is_open), Arc::clone(&way.commits_left));
        tokio::spawn(async move {
            loop {
                let (client, _from) = listener.accept().await.unwrap();
                if *is_open.borrow() {
                    let server = UnixStream::connect(&server).await.unwrap();
                    let (until, commits) = (is_open.subscribe(), Arc::clone(&commits_left));
                    tokio::spawn(carry(client, server, until, commits));
                }
            }
        });
        way
    }

    /// Cuts whoever is connected, and lets nobody in.
    pub(super) fn close(&self) {
        self.is_open.send_replace(false);
    }

    pub(super) fn reopen(&self) {
        self.is_open.send_replace(true);
    }

    /// After so many more commits one is carried to the server, and its answer is not.
    pub(super) fn lose_answer_to_commit(&self, after: i64) {
        self.commits_left.store(after, Ordering::SeqCst);
    }

    pub(super) fn has_lost(&self) -> bool {
        self.commits_left.load(Ordering::SeqCst) == NONE
    }
}

async fn carry(
    client: UnixStream,
    server: UnixStream,
    mut is_open: watch::Receiver<bool>,
    commits_left: Arc<AtomicI64>,
) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        _closed = is_open.wait_for(|is_open| !is_open) => {}
        () = carry_back(from_server, to_client) => {}
        () = carry_there(from_client, to_server, &commits_left) => {}
    }
}

async fn carry_back(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    drop(tokio::io::copy(&mut from, &mut to).await);
}

/// Ends when the client does, or where an answer is to be lost.
async fn carry_there(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, commits_left: &AtomicI64) {
    while let Some(said) = read(&mut from).await {
        let is_commit = said.windows(COMMIT.len()).any(|window| window == COMMIT);
        if is_commit
            && commits_left.load(Ordering::SeqCst) != NONE
            && commits_left.fetch_sub(1, Ordering::SeqCst) == 0
        {
            commits_left.store(NONE, Ordering::SeqCst);
            drop(to.write_all(&said).await);
            return;
        }
        if to.write_all(&said).await.is_err() {
            return;
        }
    }
}

async fn read(from: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut said = vec![0; 64 * 1024];
    let length = from
        .read(&mut said)
        .await
        .ok()
        .filter(|length| *length > 0)?;
    said.truncate(length);
    Some(said)
}
