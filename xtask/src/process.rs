//! Other programs: starting them, waiting for them, ending them. Every child gets a process group of its own,
//! so that one interrupt reaches this task first, and this task ends the whole group.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

/// How long a child may take to end itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(20);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The user (or the system) asked this task to end.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// From here on SIGINT, SIGTERM and SIGHUP only raise a flag, which every wait in this module looks at.
pub(crate) fn catch_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)).context("catching interrupts")
}

/// Fails with [`Interrupted`] once the task was asked to end.
pub(crate) fn check_interrupted() -> Result<()> {
    if INTERRUPTED.load(Ordering::Relaxed) {
        bail!(Interrupted);
    }
    Ok(())
}

/// A short rest between two looks at something that cannot be waited for.
pub(crate) fn rest() -> Result<()> {
    check_interrupted()?;
    thread::sleep(POLL);
    Ok(())
}

/// The time, for deadlines and durations on the terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "a task at a terminal runs on the real clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A program in its own process group, without the variables that `cargo run` set about xtask's own package:
/// build scripts that watch them would run again at every change between xtask and plain cargo.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
            "CARGO_PRIMARY_",
        ]
        .iter()
        .any(|prefix| text.starts_with(prefix))
        {
            command.env_remove(&name);
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs to the end, output going to the terminal; fails unless it succeeds.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let mut child = spawn(command)?;
    let status = wait(&mut child)?;
    if status.success() {
        return Ok(());
    }
    Err(anyhow!(
        "`{}` failed ({})",
        shown(command),
        described(status)
    ))
}

/// Runs silently and returns what it wrote to stdout; a failure carries the last line of stderr.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    output_with_input(command, b"")
}

/// As [`output`], with something to read on stdin: the way to hand over what must not stand in the arguments.
pub(crate) fn output_with_input(command: &mut Command, input: &[u8]) -> Result<String> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = spawn(command)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that does not read its input says why by its exit code.
        stdin.write_all(input).ok();
    }
    let stdout = child
        .stdout
        .take()
        .map(|pipe| thread::spawn(|| collect(pipe)));
    let stderr = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(|| collect(pipe)));
    let status = wait(&mut child)?;
    let joined = |reader: Option<thread::JoinHandle<String>>| {
        reader
            .and_then(|reader| reader.join().ok())
            .unwrap_or_default()
    };
    let (stdout, stderr) = (joined(stdout), joined(stderr));
    if status.success() {
        return Ok(stdout);
    }
    let reason = stderr.lines().rfind(|line| !line.trim().is_empty());
    Err(anyhow!(
        "`{}` failed ({}): {}",
        shown(command),
        described(status),
        reason.unwrap_or("it said nothing")
    ))
}

/// Runs with the output both on the terminal and in the answer.
pub(crate) fn tee(command: &mut Command) -> Result<(ExitStatus, String)> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if std::io::stderr().is_terminal() {
        // Cargo sees a pipe; its reader still sees a terminal.
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = spawn(command)?;
    let stdout = child
        .stdout
        .take()
        .map(|pipe| thread::spawn(|| pass_on(pipe, std::io::stdout())));
    let stderr = child
        .stderr
        .take()
        .map(|pipe| thread::spawn(|| pass_on(pipe, std::io::stderr())));
    let status = wait(&mut child)?;
    let text = [stdout, stderr]
        .into_iter()
        .flatten()
        .filter_map(|reader| reader.join().ok())
        .collect();
    Ok((status, text))
}

/// Starts a program; the error names it.
pub(crate) fn spawn(command: &mut Command) -> Result<Child> {
    check_interrupted()?;
    command
        .spawn()
        .with_context(|| format!("cannot start {}", command.get_program().display()))
}

/// Waits for the end of a child, and ends it when this task is interrupted.
pub(crate) fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            // An interrupt ends the child as well: report that, not the child's complaint.
            check_interrupted()?;
            return Ok(status);
        }
        if let Err(interrupted) = rest() {
            end(&mut [child]);
            return Err(interrupted);
        }
    }
}

/// Asks all to end, waits together for all, then kills what is left.
pub(crate) fn end(children: &mut [&mut Child]) {
    for child in children.iter_mut() {
        ask_to_end(child);
    }
    let deadline = now() + GRACE;
    for child in children {
        while matches!(child.try_wait(), Ok(None)) && now() < deadline {
            thread::sleep(POLL);
        }
        kill(child);
    }
}

#[cfg(unix)]
fn ask_to_end(child: &mut Child) {
    signal_group(child, nix::sys::signal::Signal::SIGTERM);
}

#[cfg(not(unix))]
fn ask_to_end(child: &mut Child) {
    kill(child);
}

/// Kills what is left of the child's group; the child itself may already be gone.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    signal_group(child, nix::sys::signal::Signal::SIGKILL);
    // Both fail only when the child has ended, which is what is wanted.
    child.kill().ok();
    child.wait().ok();
}

#[cfg(unix)]
fn signal_group(child: &Child, signal: nix::sys::signal::Signal) {
    if let Ok(id) = i32::try_from(child.id()) {
        // Fails only when nobody of the group is left.
        nix::sys::signal::killpg(nix::unistd::Pid::from_raw(id), signal).ok();
    }
}

/// A command as one would type it, as far as it fits a line.
fn shown(command: &Command) -> String {
    const WIDTH: usize = 60;
    let program = std::path::Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy(),
    ];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    let line = words.join(" ");
    match line.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}

/// An exit status in a few words.
pub(crate) fn described(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("exit code {code}"),
        None => status.to_string(),
    }
}

fn collect(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What came before the pipe broke is still worth showing.
    pipe.read_to_end(&mut bytes).ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn pass_on(pipe: impl Read, mut terminal: impl Write) -> String {
    let mut text = String::new();
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while matches!(pipe.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        terminal.write_all(&line).ok();
        text.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    text
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_the_last_line_that_the_program_wrote() {
        let mut command = command("sh");
        command.args(["-c", "echo first >&2; echo 'no such thing' >&2; exit 3"]);
        let error = output(&mut command).unwrap_err().to_string();
        assert!(error.contains("exit code 3"), "{error}");
        assert!(error.ends_with("no such thing"), "{error}");
    }

    #[test]
    fn input_reaches_the_program_and_output_comes_back() {
        let text = output_with_input(&mut command("cat"), b"over stdin").unwrap();
        assert_eq!(text, "over stdin");
    }

    #[test]
    fn ending_a_child_ends_its_own_children_too() {
        let mut command = command("sh");
        command
            .args(["-c", "sleep 600 & echo $!; wait"])
            .stdout(Stdio::piped());
        let mut child = spawn(&mut command).unwrap();
        let mut grandchild = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut grandchild)
            .unwrap();
        end(&mut [&mut child]);
        assert!(child.try_wait().unwrap().is_some());
        let id = nix::unistd::Pid::from_raw(grandchild.trim().parse().unwrap());
        let gone = || nix::sys::signal::kill(id, None).is_err() || is_zombie(id);
        let deadline = now() + GRACE;
        while !gone() && now() < deadline {
            thread::yield_now();
        }
        assert!(gone(), "the grandchild is still there");
    }

    /// An orphan waits for init to collect it; in some containers nobody does.
    fn is_zombie(id: nix::unistd::Pid) -> bool {
        std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| stat.contains(") Z "))
    }
}
