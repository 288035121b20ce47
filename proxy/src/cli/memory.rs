//! Keeps what is in memory, keys among it, where it is.

use anyhow::{Context as _, Result};

/// Nothing of this process's memory gets into a file when it crashes, and no other process of the same user reads it.
pub(crate) fn keep_private() -> Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        setrlimit(Resource::Core, none).context("cannot forbid core dumps")?;
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        // Where the system hands core dumps to a program, the limit alone does not hold it back.
        set_dumpable_behavior(DumpableBehavior::NotDumpable).context("cannot forbid core dumps")?;
    }
    Ok(())
}
