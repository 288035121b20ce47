//! Processes of the system: started, listened to, killed when the test ends.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, fs};

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// Long enough for the first start of a debug build on a cold disk.
const START_DEADLINE: Duration = Duration::from_secs(30);

/// Long enough to finish what was begun.
const END_DEADLINE: Duration = Duration::from_secs(10);

/// Everything that a process wrote, as far as it was read.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<String>>);

impl Log {
    /// What was written so far.
    pub fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn add(&self, line: &str) {
        let mut text = self.0.lock().unwrap();
        text.push_str(line);
        text.push('\n');
    }
}

/// A process that serves until it is dropped.
pub struct Process {
    child: Child,
    name: &'static str,
    address: String,
    log: Log,
    readers: Vec<tokio::task::JoinHandle<()>>,
}

impl Process {
    /// Starts a server and waits for the line that says where it listens.
    pub async fn serve(name: &'static str, command: Command) -> Self {
        let address = |line: &str| line.strip_prefix("listening on ").map(str::to_owned);
        match Self::start(name, command, address).await {
            Ok(started) => started,
            Err(log) => panic!("{name} did not say where it listens:\n{}", log.text()),
        }
    }

    /// Starts a server and waits for the line on stdout in which `address` finds its address; what it wrote instead if
    /// there is none.
    pub async fn start(
        name: &'static str,
        mut command: Command,
        address: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Log> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        let log = Log::default();
        let (lines, mut said) = unbounded_channel();
        let readers = vec![
            read(child.stdout.take().unwrap(), log.clone(), Some(lines)),
            read(child.stderr.take().unwrap(), log.clone(), None),
        ];
        let found = timeout(START_DEADLINE, async {
            loop {
                let line = said.recv().await?;
                if let Some(found) = address(&line) {
                    return Some(found);
                }
            }
        })
        .await;
        let Ok(Some(address)) = found else {
            return Err(log);
        };
        Ok(Self {
            child,
            name,
            address,
            log,
            readers,
        })
    }

    /// Starts a server that says nothing, and is known to listen there before long.
    pub(crate) fn start_silent(name: &'static str, mut command: Command, address: String) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self {
            child,
            name,
            address,
            log: Log::default(),
            readers: Vec::new(),
        }
    }

    /// Whether it is there no more.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// The processes that it has started itself.
    pub(crate) fn children(&self) -> Vec<Pid> {
        let id = self.child.id().unwrap_or_default();
        let list = fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let list = list.unwrap_or_default();
        let ids = list.split_whitespace().filter_map(|id| id.parse().ok());
        ids.filter_map(Pid::from_raw).collect()
    }

    /// Where it listens: `http://127.0.0.1:…`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its name, for messages.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it has written.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// Ends it as the power going out would.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
        self.read_to_the_end().await;
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    pub async fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        let process = id.and_then(Pid::from_raw).expect("it runs");
        kill_process(process, Signal::TERM).unwrap();
        let ended = timeout(END_DEADLINE, self.child.wait()).await;
        let status = ended.expect("it ends when it is asked to").unwrap();
        self.read_to_the_end().await;
        status
    }

    async fn read_to_the_end(&mut self) {
        for reader in self.readers.drain(..) {
            reader.await.unwrap();
        }
    }
}

fn read(
    stream: impl AsyncRead + Unpin + Send + 'static,
    log: Log,
    lines: Option<UnboundedSender<String>>,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut stream = BufReader::new(stream).lines();
        while let Ok(Some(line)) = stream.next_line().await {
            log.add(&line);
            if let Some(lines) = &lines {
                // Nobody listens any more once the server has said where it is.
                lines.send(line).ok();
            }
        }
    })
}

/// Runs a command to its end with a text on stdin, and returns what it printed.
pub(crate) async fn run(mut command: Command, stdin: &str) -> String {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(stdin.as_bytes()).await.unwrap();
    drop(input);
    let output = child.wait_with_output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().last().unwrap_or_default();
    assert!(output.status.success(), "{command:?}: {last}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A program of this workspace: in `PAIRLINK_BIN_DIR`, or where cargo puts debug builds. No setting of the caller's
/// environment reaches it.
pub(crate) fn program(name: &str) -> Command {
    let folder = env::var_os("PAIRLINK_BIN_DIR")
        .map_or_else(|| target_folder().join("debug"), PathBuf::from);
    let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not built: run `cargo xtask test`, or `cargo build` first",
        path.display()
    );
    let mut command = Command::new(path);
    for (variable, _) in env::vars_os() {
        if variable.to_string_lossy().starts_with("PAIRLINK_") {
            command.env_remove(variable);
        }
    }
    command
}

/// The built widget: `PAIRLINK_WIDGET_DIR`, or where `cargo xtask widget` puts it.
pub(crate) fn widget_folder() -> PathBuf {
    let folder = env::var_os("PAIRLINK_WIDGET_DIR")
        .map_or_else(|| target_folder().join("widget"), PathBuf::from);
    assert!(
        folder.join("widget.js").exists(),
        "{} holds no widget.js: run `cargo xtask widget` first",
        folder.display()
    );
    folder
}

/// The root of the checkout.
pub(crate) fn workspace() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    fs::canonicalize(Path::new(&package).join("../..")).unwrap()
}

pub(crate) fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}
