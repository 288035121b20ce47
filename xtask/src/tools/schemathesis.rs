//! Schemathesis, which makes requests of an API document and holds the answers against it. In a Python of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{Tool, Toolbox, Way, apt, on_path};
use crate::process;

const VERSION: &str = "4.32.5";

/// It and all that it needs, each at one version.
const PACKAGES: &str = include_str!("schemathesis.txt");

/// By the Python beside it, wherever that is moved to.
const START: &str = "#!/bin/sh\nexec \"$(dirname \"$0\")/python\" -m schemathesis.cli \"$@\"\n";

/// The program's path; installed from the Python Package Index if it is not here yet.
pub(crate) fn provide() -> Result<PathBuf> {
    Toolbox::open()?.provide(&Tool {
        name: "schemathesis",
        version: VERSION,
        program: "schemathesis-here",
        ways: &[Way {
            words: "with pip (a minute)",
            install: &install,
        }],
    })
}

fn install(into: &Path) -> Result<()> {
    let Some(python) = on_path("python3") else {
        bail!("needs Python 3.10 or newer (https://python.org)");
    };
    let venv = || process::output(process::command(&python).args(["-m", "venv"]).arg(into));
    if venv().is_err() {
        // Debian has it in a package of its own.
        apt::install(&["python3-venv"])?;
        venv()?;
    }
    let list = into.join("packages.txt");
    fs::write(&list, PACKAGES)?;
    process::output(
        process::command(into.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--only-binary", ":all:"])
            .arg("--requirement")
            .arg(&list),
    )
    .context("the Python Package Index")?;
    let program = into.join("bin/schemathesis-here");
    fs::write(&program, START)?;
    executable_by_all(&program)
}

#[cfg(unix)]
fn executable_by_all(program: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(
        program,
        fs::Permissions::from_mode(0o755),
    )?)
}

#[cfg(not(unix))]
fn executable_by_all(_program: &Path) -> Result<()> {
    bail!("not on this system")
}
