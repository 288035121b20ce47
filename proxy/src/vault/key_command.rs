//! A program that says the master key: how a key management service is asked for it.
//!
//! It is started without arguments and without a shell, with the environment of the proxy, and prints the key in 64
//! hexadecimal digits. While the master key is being replaced it prints the one before on a second line.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

use super::MasterKey;

/// How long the program may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Two keys, two ends of lines, and some room for white space.
const LONGEST_ANSWER: u64 = 256;

/// A program that says the master key.
#[derive(Clone, Debug)]
pub struct KeyCommand(PathBuf);

/// Why it does not say it. What it printed is in none of these.
#[derive(Debug, thiserror::Error)]
pub enum KeyCommandError {
    /// It cannot be started, or read from.
    #[error("it cannot be started")]
    Start(#[source] io::Error),
    /// It said that it failed.
    #[error("it ended with {0}; what it says of that is on the standard error")]
    Failed(ExitStatus),
    /// It did not come to its end.
    #[error("it did not end within {} seconds", PATIENCE.as_secs())]
    TooSlow,
    /// It printed something else.
    #[error(
        "it did not print a key: 64 hexadecimal digits, and on a second line the key before, if there is one"
    )]
    Malformed,
}

impl KeyCommand {
    /// The program at that path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Asks for the master key; and while it is being replaced, the one before.
    pub fn read(&self) -> Result<(MasterKey, Option<MasterKey>), KeyCommandError> {
        let mut child = Command::new(&self.0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(KeyCommandError::Start)?;
        let said = listen(&mut child);
        // Whatever it is still about is of no use any more.
        drop(child.kill());
        let status = child.wait().map_err(KeyCommandError::Start)?;
        let said = said?;
        // One that had already ended well was not killed.
        if !status.success() {
            return Err(KeyCommandError::Failed(status));
        }
        keys(&said).ok_or(KeyCommandError::Malformed)
    }
}

/// Reads until the program closes its output, so long as it may take.
fn listen(child: &mut Child) -> Result<Zeroizing<String>, KeyCommandError> {
    let Some(output) = child.stdout.take() else {
        return Err(KeyCommandError::Malformed);
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::spawn(move || {
        let mut said = Zeroizing::new(String::new());
        let read = output
            .take(LONGEST_ANSWER)
            .read_to_string(&mut said)
            .map(|_length| said);
        // Nobody may wait for it any more.
        drop(sender.send(read));
    });
    let said = receiver
        .recv_timeout(PATIENCE)
        .map_err(|_elapsed| KeyCommandError::TooSlow)?
        .map_err(|_not_text| KeyCommandError::Malformed)?;
    // It has said everything, and is about to end: without this it would be killed on its way out.
    for _attempt in 0..100 {
        match child.try_wait().map_err(KeyCommandError::Start)? {
            Some(_status) => return Ok(said),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
    Err(KeyCommandError::TooSlow)
}

fn keys(said: &str) -> Option<(MasterKey, Option<MasterKey>)> {
    let mut lines = said.lines().map(MasterKey::from_hex);
    let master = lines.next()?.ok()?;
    let former = lines.next().transpose().ok()?;
    lines.next().is_none().then_some((master, former))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// What a program makes of being asked that does this.
    fn asked(script: &str) -> Result<(MasterKey, Option<MasterKey>), KeyCommandError> {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ask");
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
        KeyCommand::new(file).read()
    }

    #[test]
    fn says_one_key_or_two() {
        let (one, two) = ("ab".repeat(32), "cd".repeat(32));
        let (master, former) = asked(&format!("echo {one}")).unwrap();
        assert_eq!(master.to_hex().expose(), one);
        assert!(former.is_none());
        let (master, former) = asked(&format!("echo {one}; echo {two}")).unwrap();
        assert_eq!(master.to_hex().expose(), one);
        assert_eq!(former.unwrap().to_hex().expose(), two);
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let key = "ab".repeat(32);
        for script in [
            "true".to_owned(),
            "echo secret-that-is-no-key".to_owned(),
            format!("echo {key}; echo secret-that-is-no-key"),
            format!("echo {key}; echo {key}; echo {key}"),
            "printf '\\377'".to_owned(),
            "head -c 100000 /dev/zero".to_owned(),
        ] {
            let error = asked(&script).err().unwrap();
            assert!(
                matches!(
                    error,
                    KeyCommandError::Malformed | KeyCommandError::Failed(_)
                ),
                "{script}: {error}"
            );
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }

    #[test]
    fn one_that_fails_or_is_not_there_is_an_error() {
        let error = asked(&format!("echo {}; exit 3", "ab".repeat(32)))
            .err()
            .unwrap();
        assert!(matches!(error, KeyCommandError::Failed(_)), "{error}");
        let error = KeyCommand::new("/nowhere/ask").read().err().unwrap();
        assert!(matches!(error, KeyCommandError::Start(_)), "{error}");
    }
}
