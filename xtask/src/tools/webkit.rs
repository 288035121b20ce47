//! WebKitGTK and its driver, for the widget's tests: the engine of Safari, as far as Linux has it.

use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};

use super::{apt, on_path};

const PACKAGES: [&str; 3] = ["webkit2gtk-driver", "xvfb", "xauth"];

/// The driver, and the program that gives it a screen: WebKitGTK opens a real window.
pub(crate) struct WebKit {
    /// `WebKitWebDriver`.
    pub(crate) driver: PathBuf,
    /// `xvfb-run`.
    pub(crate) screen: PathBuf,
}

/// Finds both, or installs Debian's.
pub(crate) fn provide() -> Result<WebKit> {
    if !cfg!(target_os = "linux") {
        bail!("WebKitGTK is for Linux");
    }
    if let Some(webkit) = find() {
        return Ok(webkit);
    }
    apt::install(&PACKAGES).map_err(|error| error.context("WebKitGTK is needed"))?;
    find().ok_or_else(|| anyhow!("WebKitWebDriver is not on PATH after its installation"))
}

fn find() -> Option<WebKit> {
    Some(WebKit {
        driver: on_path("WebKitWebDriver")?,
        screen: on_path("xvfb-run")?,
    })
}
