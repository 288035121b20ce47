//! What the process may use, and what it must not leave behind.

use std::num::NonZeroU32;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};

/// Files that are open besides connections: the store, calls to providers and webhooks.
const OTHER_FILES: u64 = 512;

/// Takes as many file descriptors as it may have, and sees to it that no core dump shows what it held in memory.
pub(crate) fn prepare(connections: NonZeroU32) {
    if let Err(error) = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    ) {
        tracing::warn!(%error, "core dumps cannot be switched off");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "the memory of this process stays readable for its user");
    }
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
