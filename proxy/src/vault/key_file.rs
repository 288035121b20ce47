//! The file that holds the master key, and how it is replaced.
//!
//! Whoever reads it meanwhile finds every key that the store may need, and whoever was interrupted goes on where it was:
//!
//! ```text
//!   pairlink.key                                        the key
//!   pairlink.key  pairlink.key.new                      a new one is made; nothing uses it yet
//!   pairlink.key  pairlink.key.new  pairlink.key.old    from here on there is no way back
//!   pairlink.key  pairlink.key.old                      the new one is the key; the store may be under either
//!   pairlink.key                                        the store is under the new one
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{KeyCommandError, MasterKey, VaultError};

/// The file that holds the master key.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is none.
    #[error("there is no {0}")]
    Missing(PathBuf),
    /// Everybody on this machine could read it.
    #[error("{0} can be read by others: chmod 600 it")]
    Exposed(PathBuf),
    /// It holds something else.
    #[error("{0} does not hold a key: 64 hexadecimal digits")]
    Malformed(PathBuf),
    /// It cannot be read or written.
    #[error("cannot use {file}")]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else replaces it.
    #[error("{0} is being replaced by another process")]
    Busy(PathBuf),
    /// The program that says the key does not.
    #[error("{command} does not say the master key")]
    Command {
        /// Which.
        command: PathBuf,
        /// Why.
        #[source]
        source: KeyCommandError,
    },
    /// What it holds opens nothing here.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// The master key is being replaced; as long as this lives, by nobody else.
pub struct Replacing {
    file: KeyFile,
    /// The key from now on.
    pub master: MasterKey,
    /// The one before.
    pub former: MasterKey,
    /// Whether this goes on with what somebody has begun.
    pub resumed: bool,
    _lock: File,
}

impl KeyFile {
    /// The file at that path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The master key; and while it is being replaced, the one before.
    pub fn read(&self) -> Result<(MasterKey, Option<MasterKey>), KeyFileError> {
        // The former one first: if it is gone by then, the other is read when the store is under that alone.
        let former = match read(&self.beside("old")) {
            Ok(key) => Some(key),
            Err(KeyFileError::Missing(_)) => None,
            Err(error) => return Err(error),
        };
        Ok((read(&self.0)?, former))
    }

    /// The master key; makes one if there is none. Whether it was made.
    pub fn read_or_make(&self, new: &MasterKey) -> Result<bool, KeyFileError> {
        match self.read() {
            Ok(_key) => Ok(false),
            Err(KeyFileError::Missing(_)) => match self.make(new) {
                Ok(()) => Ok(true),
                // Another process was quicker.
                Err(KeyFileError::File { source, .. })
                    if source.kind() == io::ErrorKind::AlreadyExists =>
                {
                    self.read().map(|_key| false)
                }
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Makes the file whole, so that nobody reads half a key.
    fn make(&self, key: &MasterKey) -> Result<(), KeyFileError> {
        let draft = self.beside(&format!("draft-{}", std::process::id()));
        remove(&draft)?;
        write(&draft, key)?;
        let made = link(&draft, &self.0);
        remove(&draft)?;
        made?;
        self.sync_directory()
    }

    /// Whether somebody has begun to replace it and not come to the end.
    pub fn is_being_replaced(&self) -> bool {
        self.beside("old").exists()
    }

    /// Puts a new key in the place of the one before, which is kept beside it until [`Replacing::finish`]; goes on with
    /// what was interrupted, if anything was.
    pub fn replace(&self, new: &MasterKey) -> Result<Replacing, KeyFileError> {
        let lock = self.lock()?;
        let (old, next) = (self.beside("old"), self.beside("new"));
        let resumed = old.exists();
        if !resumed {
            // What was half made by somebody who was interrupted was never used.
            remove(&next)?;
            write(&next, new)?;
            link(&self.0, &old)?;
            self.sync_directory()?;
        }
        if next.exists() {
            fs::rename(&next, &self.0).map_err(|source| failed(&next, source))?;
            self.sync_directory()?;
        }
        Ok(Replacing {
            master: read(&self.0)?,
            former: read(&old)?,
            file: self.clone(),
            resumed,
            _lock: lock,
        })
    }

    /// Makes sure that nobody else replaces it. The directory is what is locked: it stays while files change.
    fn lock(&self) -> Result<File, KeyFileError> {
        let directory = self.directory();
        let lock = File::open(directory).map_err(|source| failed(directory, source))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(fs::TryLockError::WouldBlock) => Err(KeyFileError::Busy(self.0.clone())),
            Err(fs::TryLockError::Error(source)) => Err(failed(directory, source)),
        }
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.0.clone().into_os_string();
        name.push(".");
        name.push(ending);
        PathBuf::from(name)
    }

    fn directory(&self) -> &Path {
        match self.0.parent() {
            Some(parent) if parent != Path::new("") => parent,
            Some(_) | None => Path::new("."),
        }
    }

    fn sync_directory(&self) -> Result<(), KeyFileError> {
        let directory = self.directory();
        File::open(directory)
            .and_then(|opened| opened.sync_all())
            .map_err(|source| failed(directory, source))
    }
}

impl Replacing {
    /// Everything is under the new key: the former one goes, or is kept under its own name for the backups that need
    /// it. Returns where it is kept.
    pub fn finish(self, keep_former: bool) -> Result<Option<PathBuf>, KeyFileError> {
        let old = self.file.beside("old");
        let kept = if keep_former {
            let kept = self.file.beside(&self.former.id()?);
            fs::rename(&old, &kept).map_err(|source| failed(&old, source))?;
            Some(kept)
        } else {
            remove(&old)?;
            None
        };
        self.file.sync_directory()?;
        Ok(kept)
    }
}

fn failed(file: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::File {
        file: file.to_owned(),
        source,
    }
}

fn read(file: &Path) -> Result<MasterKey, KeyFileError> {
    let text = match fs::read_to_string(file) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(KeyFileError::Missing(file.to_owned()));
        }
        Err(source) => return Err(failed(file, source)),
    };
    require_private(file)?;
    MasterKey::from_hex(&text).map_err(|_cause| KeyFileError::Malformed(file.to_owned()))
}

/// Writes a key into a file that is not there yet, down to the disk.
fn write(file: &Path, key: &MasterKey) -> Result<(), KeyFileError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .and_then(|mut opened| {
            opened.write_all(key.to_hex().expose().as_bytes())?;
            opened.write_all(b"\n")?;
            opened.sync_all()
        })
        .map_err(|source| failed(file, source))
}

/// Gives a file a second name, which nobody has.
fn link(file: &Path, name: &Path) -> Result<(), KeyFileError> {
    match fs::hard_link(file, name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(KeyFileError::Missing(file.to_owned()))
        }
        linked => linked.map_err(|source| failed(name, source)),
    }
}

fn remove(file: &Path) -> Result<(), KeyFileError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(file, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Refuses a key that others on this machine can read.
fn require_private(file: &Path) -> Result<(), KeyFileError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(file).map_err(|source| failed(file, source))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(KeyFileError::Exposed(file.to_owned()));
        }
    }
    Ok(())
}
