//! `cargo xtask deny`: licences, sources, bans and, where their database can be reached, advisories.

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{process, say};

/// Runs cargo-deny if it is there.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    if process::output(workspace.cargo().args(["deny", "--version"])).is_err() {
        bail!("cargo-deny is not installed: `cargo install cargo-deny --locked`, then again");
    }
    process::run(workspace.cargo().args([
        "deny",
        "--workspace",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))?;
    if process::output(workspace.cargo().args(["deny", "fetch", "db"])).is_err() {
        say("the advisory database cannot be reached: advisories not checked");
        return Ok(());
    }
    process::run(
        workspace
            .cargo()
            .args(["deny", "--workspace", "check", "advisories"]),
    )
}
