//! Debian's packages, where they may be installed.

use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::on_path;
use crate::{process, say};

/// `apt-get install`, where that is possible without asking anybody for a password.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!(
        "`sudo apt-get install --no-install-recommends {}`",
        packages.join(" ")
    );
    if on_path("apt-get").is_none() {
        bail!(
            "this is no Debian or Ubuntu: install {} by hand",
            packages.join(" and ")
        );
    }
    let prefix: &[&str] = if process::output(process::command("id").arg("-u"))?.trim() == "0" {
        &[]
    } else if process::output(process::command("sudo").args(["-n", "true"])).is_ok() {
        &["sudo", "-n"]
    } else {
        bail!("not allowed to install packages here: {by_hand}");
    };
    let apt = |arguments: &[&str]| -> Command {
        let mut words = prefix.iter().chain(&["apt-get"]).copied();
        let mut command = process::command(words.next().unwrap_or("apt-get"));
        command
            .args(words)
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    say(format!(
        "installing {} with apt-get (a minute)",
        packages.join(" and ")
    ));
    let install = [&["install", "--yes", "--no-install-recommends"], packages].concat();
    // The lists are often fresh enough, and fetching them is the slow part.
    if process::output(&mut apt(&install)).is_err() {
        process::output(&mut apt(&["update"])).with_context(|| format!("try {by_hand}"))?;
        process::output(&mut apt(&install)).with_context(|| format!("try {by_hand}"))?;
    }
    Ok(())
}
