//! Node.js with npm, which packs the npm package and builds the examples. A machine has it or has not: what a person
//! does with it is theirs.

use anyhow::{Result, bail};

use super::on_path;
use crate::process;

/// What the examples' bundler runs on.
const OLDEST: [u32; 2] = [20, 19];

/// Says what is missing, if something is.
pub(crate) fn check() -> Result<()> {
    let [major, minor] = OLDEST;
    let wanted = format!("Node.js {major}.{minor} or newer, with npm (https://nodejs.org)");
    if on_path("npm").is_none() {
        bail!("needs {wanted}");
    }
    match node_version() {
        Some(version) if version >= OLDEST => Ok(()),
        Some(_) | None => bail!("needs {wanted}"),
    }
}

fn node_version() -> Option<[u32; 2]> {
    // It says "v20.19.1".
    let said = process::output(process::command("node").arg("--version")).ok()?;
    parsed(&said)
}

fn parsed(said: &str) -> Option<[u32; 2]> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.');
    Some([numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_node_says() {
        assert_eq!(parsed("v20.19.1\n"), Some([20, 19]));
        assert!(parsed("v9.11.2").unwrap() < OLDEST);
        assert!(parsed("v22.0.0").unwrap() > OLDEST);
        assert_eq!(parsed("nothing"), None);
    }
}
