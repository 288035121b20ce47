//! Parts of the toolchain that a minimal installation lacks.

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;
use crate::{process, say};

/// Sees to it that `cargo <subcommand>` works, by adding rustup's component if it does not.
pub(crate) fn provide(workspace: &Workspace, subcommand: &str, component: &str) -> Result<()> {
    let works = || process::output(workspace.cargo().args([subcommand, "--version"]));
    if works().is_ok() {
        return Ok(());
    }
    say(format!("adding {component} (seconds, once)"));
    process::output(process::command("rustup").args(["component", "add", component]))
        .and_then(|_said| works())
        .with_context(|| format!("{component} is missing: `rustup component add {component}`"))?;
    Ok(())
}
