//! Chromium and its driver, for tests and measurements.

use std::path::PathBuf;

use anyhow::{Result, anyhow};

use super::{apt, on_path, version_of};
use crate::say;

/// A browser and the driver that steers it.
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) chromium: PathBuf,
    /// Its WebDriver.
    pub(crate) driver: PathBuf,
}

/// Finds both (`CHROMIUM` and `CHROMEDRIVER` win), or installs Debian's.
pub(crate) fn provide() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    apt::install(&["chromium", "chromium-driver"])
        .map_err(|error| error.context("Chromium and chromedriver are needed"))?;
    find().ok_or_else(|| {
        anyhow!("Chromium and chromedriver are not on PATH after their installation")
    })
}

fn find() -> Option<Browser> {
    let named = |variable: &str| {
        std::env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_file())
    };
    let chromium = named("CHROMIUM").or_else(|| {
        [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ]
        .into_iter()
        .find_map(on_path)
    })?;
    let driver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    let major = |program: &PathBuf| {
        version_of(program).and_then(|version| version.split('.').next().map(str::to_owned))
    };
    if let (Some(of_browser), Some(of_driver)) = (major(&chromium), major(&driver))
        && of_browser != of_driver
    {
        say(format!(
            "chromedriver {of_driver} does not fit Chromium {of_browser}: set CHROMIUM and CHROMEDRIVER to a pair"
        ));
    }
    Some(Browser { chromium, driver })
}
