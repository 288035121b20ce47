//! Firefox and its driver, for the widget's tests.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Tool, Toolbox, Way, apt, cargo_install, on_path, prebuilt};

const VERSION: &str = "0.37.1";

/// The path of `geckodriver` (`GECKODRIVER` wins), which finds Firefox by itself.
pub(crate) fn provide(toolbox: &Toolbox) -> Result<PathBuf> {
    if ["firefox", "firefox-esr"]
        .into_iter()
        .all(|name| on_path(name).is_none())
    {
        apt::install(&["firefox-esr"]).map_err(|error| error.context("Firefox is needed"))?;
    }
    let set = std::env::var_os("GECKODRIVER").map(PathBuf::from);
    if let Some(driver) = set
        .filter(|path| path.is_file())
        .or_else(|| on_path("geckodriver"))
    {
        return Ok(driver);
    }
    let from_release = |into: &Path| {
        let url = format!(
            "https://github.com/mozilla/geckodriver/releases/download/v{VERSION}/geckodriver-v{VERSION}-{}.tar.gz",
            platform()?
        );
        prebuilt::fetch(&url, &["geckodriver"], into)
    };
    let from_source = |into: &Path| cargo_install("geckodriver", VERSION, true, into);
    toolbox.provide(&Tool {
        name: "geckodriver",
        version: VERSION,
        program: "geckodriver",
        ways: &[
            Way {
                words: "from its release (seconds, once)",
                install: &from_release,
            },
            Way {
                words: "from source (about 4 minutes, once)",
                install: &from_source,
            },
        ],
    })
}

/// This machine, as the names of geckodriver's archives spell it.
fn platform() -> Result<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("linux64"),
        ("linux", "aarch64") => Ok("linux-aarch64"),
        ("macos", "x86_64") => Ok("macos"),
        ("macos", "aarch64") => Ok("macos-aarch64"),
        (system, processor) => bail!("nothing prebuilt for {system} on {processor}"),
    }
}
