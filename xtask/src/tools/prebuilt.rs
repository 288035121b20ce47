//! Release archives from GitHub. A machine may well not reach it, so the first connection may take only moments.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};

use super::executable;
use crate::process;

/// Downloads a `.tar.gz` and moves the named programs from wherever they are in it to `into/bin`.
pub(super) fn fetch(url: &str, programs: &[&str], into: &Path) -> Result<()> {
    let archive = into.join("archive.tar.gz");
    process::output(
        process::command("curl")
            .args([
                "--fail",
                "--silent",
                "--show-error",
                "--location",
                "--retry",
                "2",
            ])
            .args(["--connect-timeout", "5", "--max-time", "300", "--output"])
            .arg(&archive)
            .arg(url),
    )?;
    let unpacked = into.join("unpacked");
    fs::create_dir(&unpacked)?;
    process::output(
        process::command("tar")
            .arg("-xzf")
            .arg(&archive)
            .arg("-C")
            .arg(&unpacked),
    )?;
    let bin = into.join("bin");
    fs::create_dir(&bin)?;
    for program in programs {
        let name = executable(program);
        let found =
            find(&unpacked, &name)?.ok_or_else(|| anyhow!("the archive holds no {name}"))?;
        fs::rename(found, bin.join(name))?;
    }
    fs::remove_file(archive)?;
    fs::remove_dir_all(unpacked)?;
    Ok(())
}

/// Rust's name for this machine, as release archives of Rust programs spell it.
pub(super) fn rust_triple() -> Result<&'static str> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok("x86_64-unknown-linux-musl"),
        ("linux", "aarch64") => Ok("aarch64-unknown-linux-musl"),
        ("macos", "x86_64") => Ok("x86_64-apple-darwin"),
        ("macos", "aarch64") => Ok("aarch64-apple-darwin"),
        (system, processor) => bail!("nothing prebuilt for {system} on {processor}"),
    }
}

fn find(directory: &Path, name: &str) -> Result<Option<std::path::PathBuf>> {
    for entry in
        fs::read_dir(directory).with_context(|| format!("reading {}", directory.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = find(&path, name)? {
                return Ok(Some(found));
            }
        } else if path.file_name().is_some_and(|file| file == name) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn takes_the_programs_out_of_an_archive_and_leaves_nothing_else() {
        let from = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("thing-1.0")).unwrap();
        fs::write(from.path().join("thing-1.0/thing"), "program").unwrap();
        fs::write(from.path().join("thing-1.0/README"), "words").unwrap();
        let archive = from.path().join("thing.tar.gz");
        process::output(
            process::command("tar")
                .arg("-czf")
                .arg(&archive)
                .arg("-C")
                .arg(from.path())
                .arg("thing-1.0"),
        )
        .unwrap();
        let into = tempfile::tempdir().unwrap();
        let url = format!("file://{}", archive.display());
        fetch(&url, &["thing"], into.path()).unwrap();
        let all: Vec<_> = fs::read_dir(into.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(all, ["bin"]);
        assert_eq!(
            fs::read_to_string(into.path().join("bin/thing")).unwrap(),
            "program"
        );
        let again = tempfile::tempdir().unwrap();
        assert!(
            fetch(&url, &["other"], again.path())
                .unwrap_err()
                .to_string()
                .contains("no other")
        );
    }
}
