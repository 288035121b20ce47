//! Where the master key comes from.

use std::path::Path;

use super::{KeyCommand, KeyFile, KeyFileError, MasterKey};

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file.
    File(KeyFile),
    /// A program that says it.
    Command(KeyCommand),
}

impl KeySource {
    /// Where that is.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(file) => file.path(),
            Self::Command(command) => command.path(),
        }
    }

    /// The master key; and while it is being replaced, the one before.
    pub fn read(&self) -> Result<(MasterKey, Option<MasterKey>), KeyFileError> {
        match self {
            Self::File(file) => file.read(),
            Self::Command(command) => command.read().map_err(|source| KeyFileError::Command {
                command: command.path().to_owned(),
                source,
            }),
        }
    }
}
