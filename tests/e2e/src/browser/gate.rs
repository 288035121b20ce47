//! A way for bytes that can be shut, as a cable can be pulled.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Passes connections on to an address of this machine. Dropped, it ends them all.
pub(super) struct Gate {
    address: String,
    shut: watch::Sender<bool>,
    porter: JoinHandle<()>,
}

impl Gate {
    /// Opens one on a free port.
    pub(super) async fn open() -> (Self, watch::Sender<Option<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (shut, is_shut) = watch::channel(false);
        let (target, targets) = watch::channel(None);
        let porter = tokio::spawn(async move {
            while let Ok((stream, _peer)) = listener.accept().await {
                tokio::spawn(pass(stream, targets.clone(), is_shut.clone()));
            }
        });
        let gate = Self {
            address,
            shut,
            porter,
        };
        (gate, target)
    }

    /// Where it is: `http://127.0.0.1:…`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Breaks every connection and lets no new one in, or opens again.
    pub(super) fn shut(&self, shut: bool) {
        self.shut.send_replace(shut);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.porter.abort();
    }
}

async fn pass(
    mut stream: TcpStream,
    mut target: watch::Receiver<Option<String>>,
    mut shut: watch::Receiver<bool>,
) {
    let passing = async {
        let target = target.wait_for(Option::is_some).await.ok()?.clone()?;
        let mut onward = TcpStream::connect(target).await.ok()?;
        copy_bidirectional(&mut stream, &mut onward).await.ok()
    };
    // Both ends may also just go.
    tokio::select! {
        _ = passing => {}
        _ = shut.wait_for(|shut| *shut) => {}
    }
}
