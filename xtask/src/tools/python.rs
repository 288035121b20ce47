//! Programs from the Python Package Index, each in an environment of its own.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{apt, on_path};
use crate::process;

/// What a program is run by.
pub(super) enum Launch<'a> {
    /// A module of that name.
    Module(&'a str),
    /// A file of that name among the environment's programs, which needs no Python.
    Program(&'a str),
}

/// Installs exactly this version, and puts a program of that name into `bin/`. It goes on working when the directory is
/// moved: environments of Python find themselves by where they are, and only the scripts in them do not.
pub(super) fn install(
    package: &str,
    version: &str,
    launch: &Launch<'_>,
    program: &str,
    into: &Path,
) -> Result<()> {
    let environment = into.join("environment");
    let make = || {
        let mut python = process::command("python3");
        process::output(python.args(["-m", "venv"]).arg(&environment))
    };
    // Debian's Python comes without the part that makes environments.
    if on_path("python3").is_none() || make().is_err() {
        apt::install(&["python3", "python3-venv"])?;
        make()?;
    }
    process::output(
        process::command(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .arg(format!("{package}=={version}")),
    )?;
    let bin = into.join("bin");
    fs::create_dir(&bin)?;
    let start = match launch {
        Launch::Module(module) => format!("python\" -m {module}"),
        Launch::Program(file) => format!("{file}\""),
    };
    let script = format!("#!/bin/sh\nexec \"$(dirname \"$0\")/../environment/bin/{start} \"$@\"\n");
    write_program(&bin.join(program), &script)
}

fn write_program(file: &Path, script: &str) -> Result<()> {
    fs::write(file, script).with_context(|| format!("writing {}", file.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
