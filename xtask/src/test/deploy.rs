//! What is in `deploy/`, held against the rules of whoever runs it: compose, Kubernetes, systemd, containers, Prometheus.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::count::Count;
use super::suites::check;
use crate::tools::{Toolbox, linters, on_path};
use crate::workspace::Workspace;
use crate::{process, say};

/// Every file by its own linter.
pub(super) fn run(workspace: &Workspace) -> Result<Count> {
    let deploy = workspace.root.join("deploy");
    let toolbox = Toolbox::open()?;
    let mut counts = vec![
        check(
            process::command(linters::check_jsonschema(&toolbox)?)
                .args(["--builtin-schema", "vendor.compose-spec"])
                .arg(deploy.join("compose/compose.yaml")),
        )?,
        check(
            process::command(linters::hadolint(&toolbox)?)
                .args(["--failure-threshold", "info"])
                .arg(deploy.join("container/Containerfile")),
        )?,
        check(
            process::command(linters::promtool(&toolbox)?)
                .args(["check", "rules"])
                .arg(deploy.join("prometheus/alerts.yml")),
        )?,
    ];
    let validate = linters::kubernetes_validate(&toolbox)?;
    for manifest in manifests(&deploy.join("kubernetes"))? {
        let mut command = process::command(&validate);
        counts.push(check(command.arg("--strict").arg(manifest))?);
    }
    counts.push(unit(&deploy.join("systemd/pairlink.service"))?);
    Ok(counts.into_iter().sum())
}

/// What is applied, which is all but the list of it: that has a kind that only kustomize knows.
fn manifests(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let is_list = path.file_stem().is_some_and(|stem| stem == "kustomization");
        if path.extension().is_some_and(|ending| ending == "yaml") && !is_list {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// `systemd-analyze` wants the program to be there, so the unit is read with another that is.
fn unit(file: &Path) -> Result<Count> {
    if on_path("systemd-analyze").is_none() {
        say("the systemd unit is left out: there is no systemd here");
        return Ok(Count::default());
    }
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let here = std::env::current_exe()?;
    let directory = tempfile::tempdir()?;
    let copy = directory.path().join("pairlink.service");
    let program = here.to_string_lossy();
    fs::write(&copy, text.replace("/usr/local/bin/pairlink", &program))?;
    let analyze = |arguments: &[&str]| -> Command {
        let mut command = process::command("systemd-analyze");
        command.arg("--no-pager").args(arguments);
        command
    };
    // It exits well also when it ignores a line.
    let (status, complaints) = process::tee(analyze(&["verify", "--man=no"]).arg(&copy))?;
    let is_understood = if status.success() && complaints.trim().is_empty() {
        Count::SUCCESS
    } else {
        Count::FAILURE
    };
    // 20 of 100: what the unit may do beyond its task.
    let security = ["security", "--offline=true", "--threshold=20"];
    let is_confined = match process::output(analyze(&security).arg(&copy)) {
        Ok(_table) => Count::SUCCESS,
        Err(error) => {
            say(format!("the unit may do too much: {error:#}"));
            Count::FAILURE
        }
    };
    Ok([is_understood, is_confined].into_iter().sum())
}
