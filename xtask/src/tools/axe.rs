//! axe-core, the checker of accessibility: for the end-to-end tests alone, and never shipped.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::{on_path, prebuilt};
use crate::process;
use crate::say;
use crate::workspace::Workspace;

/// The path of `axe.min.js`, at the version of the lock file beside the tests.
pub(crate) fn provide(workspace: &Workspace) -> Result<PathBuf> {
    let sources = workspace.root.join("tests/e2e/axe");
    let place = workspace.target.join("axe");
    let lock = fs::read(sources.join("package-lock.json")).context("reading the lock of axe")?;
    let stamp = place.join("installed.json");
    let script = place.join("axe.min.js");
    if script.is_file() && fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(script);
    }
    say("installing axe-core (seconds, once)");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    let found = if on_path("npm").is_some() {
        for file in ["package.json", "package-lock.json"] {
            fs::copy(sources.join(file), place.join(file))?;
        }
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        process::output(process::command("npm").args(install).current_dir(&place))?;
        place.join("node_modules/axe-core/axe.min.js")
    } else {
        let version = version(&lock)?;
        let url = format!("https://registry.npmjs.org/axe-core/-/axe-core-{version}.tgz");
        prebuilt::fetch(&url, &["axe.min.js"], &place)?;
        place.join("bin/axe.min.js")
    };
    fs::copy(found, &script).context("axe-core holds no axe.min.js")?;
    fs::write(stamp, lock)?;
    Ok(script)
}

fn version(lock: &[u8]) -> Result<String> {
    let lock: serde_json::Value = serde_json::from_slice(lock)?;
    let version = lock.pointer("/packages/node_modules~1axe-core/version");
    match version.and_then(serde_json::Value::as_str) {
        Some(version) => Ok(version.to_owned()),
        None => bail!("the lock of axe names no version"),
    }
}
