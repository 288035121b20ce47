//! How the system keeps a connection.

use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::TcpStream;

/// After how much silence the system asks whether the peer is still there, and how often until it takes it for gone.
const SILENCE: Duration = Duration::from_mins(1);
const ASK_AGAIN: Duration = Duration::from_secs(15);
const ATTEMPTS: u32 = 4;

/// Sees to it that a peer that is gone without a word is noticed.
pub(super) fn prepare(stream: &TcpStream, unacknowledged: Duration) {
    if let Err(error) = set(stream, unacknowledged) {
        tracing::debug!(%error, "an option of a socket cannot be set");
    }
}

fn set(stream: &TcpStream, unacknowledged: Duration) -> io::Result<()> {
    // Events are short, and somebody waits for them.
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let keepalive = TcpKeepalive::new().with_time(SILENCE);
    let keepalive = keepalive.with_interval(ASK_AGAIN).with_retries(ATTEMPTS);
    socket.set_tcp_keepalive(&keepalive)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(unacknowledged))?;
    Ok(())
}
