//! Yew as the element is built with it: the locked version with a patch applied, as a copy beside what cargo builds.
//!
//! Cargo is told of the copy by a path override, which is for just this: the lock file stays as it is, and whoever uses
//! the crate gets Yew as it was published. An override may not change what a crate depends on, and cargo says so.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};
use sha2::{Digest as _, Sha256};

use super::assets;
use crate::process;
use crate::tools::wasm_target::TARGET;
use crate::workspace::Workspace;

/// The version that the patch is made for.
pub(crate) const VERSION: &str = "0.23.0";
/// What is changed, and why.
pub(crate) const PATCH: &str = include_str!("../../patches/yew-0.23.0.patch");

/// What cargo is to be told (`--config`) so that it takes the patched copy, which is made if there is none yet.
pub(crate) fn instead(workspace: &Workspace) -> Result<String> {
    let copy = provide(workspace).context("patching Yew")?;
    Ok(format!("paths=[{}]", serde_json::json!(copy)))
}

/// The copy's path says what is in it, so that cargo never takes a former one for this one.
fn provide(workspace: &Workspace) -> Result<PathBuf> {
    let locked = workspace.locked_version("yew")?;
    if locked != VERSION {
        bail!(
            "Cargo.lock has Yew {locked}, and xtask/patches has a patch for {VERSION}: it says what it is for, and is to be made anew"
        );
    }
    let mut digest = assets::hexadecimal(&Sha256::digest(PATCH));
    digest.truncate(16);
    let copies = workspace.target.join("patched");
    let place = copies.join(format!("yew-{VERSION}-{digest}"));
    if place.is_dir() {
        return Ok(place);
    }
    fs::create_dir_all(&copies)?;
    let scratch = tempfile::Builder::new()
        .prefix("yew-")
        .tempdir_in(&workspace.target)?;
    let copy = scratch.path().join("copy");
    copy_directory(&published(workspace)?, &copy)?;
    apply(PATCH, &copy)?;
    match fs::rename(&copy, &place) {
        // Another build was faster.
        Err(_) if place.is_dir() => Ok(place),
        renamed => renamed
            .map(|()| place)
            .context("putting the copy into its place"),
    }
}

/// Where cargo keeps the source; it downloads it if need be.
fn published(workspace: &Workspace) -> Result<PathBuf> {
    let mut metadata = workspace.cargo();
    metadata.args(["metadata", "--format-version", "1", "--quiet"]);
    metadata.args(["--filter-platform", TARGET]);
    let metadata: serde_json::Value = serde_json::from_str(&process::output(&mut metadata)?)?;
    let field = |package: &serde_json::Value, key| package.get(key)?.as_str().map(str::to_owned);
    metadata
        .get("packages")
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter(|package| field(package, "name").as_deref() == Some("yew"))
        .find(|package| field(package, "version").as_deref() == Some(VERSION))
        .and_then(|package| {
            Some(
                Path::new(&field(package, "manifest_path")?)
                    .parent()?
                    .to_owned(),
            )
        })
        .ok_or_else(|| anyhow!("cargo metadata does not say where Yew {VERSION} is"))
}

/// Contents alone: where sources are kept from being written, the copy is not.
fn copy_directory(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_directory(&from, &to)?;
        } else {
            fs::write(to, fs::read(from)?)?;
        }
    }
    Ok(())
}

/// Changes files below a directory. Every line around a change has to be as the patch has it.
fn apply(patches: &str, directory: &Path) -> Result<()> {
    let mut files = 0;
    for one in PatchSet::parse(patches, ParseOptions::unidiff()) {
        let one = one?;
        let operation = one.operation().strip_prefix(1);
        let (FileOperation::Modify { modified: file, .. }, Some(changes)) =
            (&operation, one.patch().as_text())
        else {
            bail!("the patch does something else than to change files: {operation:?}");
        };
        let path = directory.join(file.as_ref());
        let before =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let after = diffy::apply(&before, changes)
            .with_context(|| format!("{file} is not what the patch is made for"))?;
        fs::write(&path, after)?;
        files += 1;
    }
    if files == 0 {
        bail!("there is nothing in the patch");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "one\ntwo\nthree\nfour\nfive\n";
    const PATCHES: &str = "\
Why.

- a list - and a line
--- a/src/number.rs
+++ b/src/number.rs
@@ -1,4 +1,4 @@
 one
 two
-three
+3
 four
";

    fn applied(source: &str, patches: &str) -> Result<String> {
        let directory = tempfile::tempdir()?;
        fs::create_dir(directory.path().join("src"))?;
        let file = directory.path().join("src/number.rs");
        fs::write(&file, source)?;
        apply(patches, directory.path())?;
        Ok(fs::read_to_string(&file)?)
    }

    #[test]
    fn a_patch_changes_its_lines() {
        assert_eq!(
            applied(SOURCE, PATCHES).unwrap(),
            "one\ntwo\n3\nfour\nfive\n"
        );
    }

    #[test]
    fn what_it_is_not_made_for_is_refused() {
        for line in ["one", "two", "three", "four"] {
            let source = SOURCE.replace(line, "other");
            let error = applied(&source, PATCHES).unwrap_err();
            assert_eq!(
                error.to_string(),
                "src/number.rs is not what the patch is made for"
            );
        }
    }

    #[test]
    fn a_patch_without_changes_is_refused() {
        assert!(applied(SOURCE, "Why.\n").is_err());
        let removes = PATCHES.replace("+++ b/src/number.rs", "+++ /dev/null");
        assert!(applied(SOURCE, &removes).is_err());
    }

    #[test]
    fn the_patch_is_for_the_locked_yew() {
        let workspace = Workspace::locate().unwrap();
        assert!(provide(&workspace).unwrap().join("src/lib.rs").is_file());
    }
}
