//! The servers that a demo runs. None outlives it: however the demo ends, dropping this ends them all.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};

use super::ports::Server;
use crate::process;

const START: Duration = Duration::from_secs(30);

/// Running servers, in the order of their start.
pub(crate) struct Children {
    running: Vec<(&'static str, Child)>,
    logs: PathBuf,
}

impl Children {
    /// Nothing runs yet. Logs go into this directory.
    pub(crate) fn new(logs: PathBuf) -> Self {
        Self {
            running: Vec::new(),
            logs,
        }
    }

    /// Starts a server and waits until it says that it listens.
    pub(crate) fn start(&mut self, server: &Server, mut command: Command) -> Result<()> {
        let path = self.log_path(server.name);
        let log = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        command.stdout(Stdio::piped()).stderr(log.try_clone()?);
        let mut child = process::spawn(&mut command)?;
        let stdout = child.stdout.take();
        self.running.push((server.name, child));
        let listening = stdout.map(|stdout| announcement(stdout, log));
        let deadline = process::now() + START;
        while let Some(lines) = &listening
            && process::now() < deadline
        {
            self.check_running()?;
            match lines.recv_timeout(Duration::from_millis(20)) {
                Ok(()) => return Ok(()),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => process::rest()?,
            }
        }
        bail!(
            "the {} does not answer: see {}",
            server.name,
            path.display()
        );
    }

    /// Returns when a server has ended by itself, or the user ends the demo; both as errors.
    pub(crate) fn wait_for_an_end(&mut self) -> Result<()> {
        loop {
            self.check_running()?;
            process::rest()?;
        }
    }

    fn check_running(&mut self) -> Result<()> {
        process::check_interrupted()?;
        let mut ended = None;
        for (name, child) in &mut self.running {
            if let Some(status) = child.try_wait()? {
                ended = Some((*name, status));
            }
        }
        let Some((name, status)) = ended else {
            return Ok(());
        };
        let path = self.log_path(name);
        let log = fs::read_to_string(&path).unwrap_or_default();
        let reason = log.lines().rfind(|line| !line.trim().is_empty());
        Err(anyhow!(
            "the {name} ended ({}): {} (all of it in {})",
            process::described(status),
            reason.unwrap_or("it said nothing"),
            path.display(),
        ))
    }

    fn log_path(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        // The last one started uses the others: it goes first.
        let mut children: Vec<_> = self
            .running
            .iter_mut()
            .rev()
            .map(|(_, child)| child)
            .collect();
        process::end(&mut children);
    }
}

/// A program that ends with this task even when this task is killed: where util-linux is, the kernel sees to it.
pub(crate) fn bound_to_us(program: &Path) -> Command {
    let binder = Path::new("/usr/bin/setpriv");
    if cfg!(target_os = "linux") && binder.is_file() {
        let mut command = process::command(binder);
        command.args(["--pdeathsig", "TERM", "--"]).arg(program);
        command
    } else {
        process::command(program)
    }
}

/// Sends once when the server says that it listens; everything it says goes to the log.
fn announcement(stdout: ChildStdout, mut log: File) -> mpsc::Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.starts_with("listening on ") {
                // The receiver is gone when the demo is already ending.
                sender.send(()).ok();
            }
            writeln!(log, "{line}").ok();
        }
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::ports::Ports;
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = process::command("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_dies_at_once_is_named_with_its_last_words() {
        let logs = tempfile::tempdir().unwrap();
        let mut children = Children::new(logs.path().to_path_buf());
        let server = Ports::starting_at(1).proxy;
        let error = children
            .start(&server, shell("echo 'no database' >&2; exit 7"))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("the proxy ended (exit code 7): no database"),
            "{error}"
        );
    }

    #[test]
    fn an_end_of_one_is_the_end_of_all() {
        let logs = tempfile::tempdir().unwrap();
        let mut children = Children::new(logs.path().to_path_buf());
        let Ports {
            proxy, simulator, ..
        } = Ports::starting_at(1);
        let forever = "echo listening on nowhere; exec sleep 600";
        children.start(&simulator, shell(forever)).unwrap();
        children.start(&proxy, shell(forever)).unwrap();
        let survivor = nix::unistd::Pid::from_raw(children.running[0].1.id().try_into().unwrap());
        children.running[1].1.kill().unwrap();
        let error = children.wait_for_an_end().unwrap_err().to_string();
        assert!(error.starts_with("the proxy ended"), "{error}");
        drop(children);
        assert!(
            nix::sys::signal::kill(survivor, None).is_err(),
            "the simulator is still there"
        );
    }
}
