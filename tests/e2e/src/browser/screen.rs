//! A screen that nobody sees, for a browser that wants one.
//!
//! Each window has a screen of its own. What is below another window is not painted, and WebKitGTK's driver waits in
//! vain for a picture of it.

use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Larger than any window of the tests.
const SIZE: &str = "1600x1400x24";

/// Long enough for a busy machine.
const START_DEADLINE: Duration = Duration::from_secs(30);

/// A server of the X Window System that paints into memory.
pub(super) struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    /// Starts one under a number that it chooses itself.
    pub(super) async fn start() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", SIZE])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("Xvfb cannot be started: {error}"));
        let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
        let number = timeout(START_DEADLINE, said.next_line()).await;
        let number = number.expect("Xvfb says where it is").unwrap();
        let number = number.expect("Xvfb starts");
        Self {
            server,
            name: format!(":{number}"),
        }
    }

    /// What programs know it by: `:99`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Screen {
    /// Killed, it would leave its lock behind.
    fn drop(&mut self) {
        let id = self.server.id().and_then(|id| i32::try_from(id).ok());
        if let Some(process) = id.and_then(Pid::from_raw) {
            kill_process(process, Signal::TERM).ok();
        }
    }
}
