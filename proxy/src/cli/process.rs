//! What the process may use.

use std::num::NonZeroU32;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are open besides connections: the store, calls to providers and webhooks.
const OTHER_FILES: u64 = 512;

/// Takes as many file descriptors as it may have.
pub(crate) fn prepare(connections: NonZeroU32) {
    let files = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: files.maximum,
        ..files
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let wanted = u64::from(connections.get()) + OTHER_FILES;
    if files < wanted {
        tracing::warn!(
            files,
            wanted,
            "fewer files may be open than limit_connections asks for: raise the one (LimitNOFILE, ulimit -n) or lower the other"
        );
    }
}
