//! The tools that cargo does not bring: found where they are, else installed once, in the quickest way that works.
//! Owns the place they live in; what a tool is for is the business of the tasks.

mod apt;
pub(crate) mod axe;
pub(crate) mod browser;
pub(crate) mod cyclonedx;
mod debian;
pub(crate) mod esbuild;
pub(crate) mod firefox;
pub(crate) mod linters;
pub(crate) mod node;
pub(crate) mod postgres;
mod prebuilt;
mod python;
pub(crate) mod rust_src;
pub(crate) mod rustup;
pub(crate) mod schemathesis;
pub(crate) mod wasm_bindgen;
pub(crate) mod wasm_opt;
pub(crate) mod wasm_pack;
pub(crate) mod wasm_target;
pub(crate) mod webkit;

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};

use crate::process::{self, Interrupted};
use crate::{say, workspace};

/// The directory that all checkouts share: `<name>-<version>/bin/<program>`.
pub(crate) struct Toolbox {
    place: PathBuf,
}

/// A tool at one version.
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
    /// The program that proves the tool to be there.
    program: &'a str,
    /// Tried in this order.
    ways: &'a [Way<'a>],
}

/// One way to install a tool.
struct Way<'a> {
    /// Where from and how long, as the reader sees it: "with npm (seconds)".
    words: &'a str,
    /// Fills a directory whose `bin/` holds the programs afterwards.
    install: &'a dyn Fn(&Path) -> Result<()>,
}

impl Toolbox {
    /// `PAIRLINK_TOOLS_DIR`, else the user's cache directory.
    pub(crate) fn open() -> Result<Self> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let home = || set("HOME").or_else(|| set("USERPROFILE"));
        let place = set("PAIRLINK_TOOLS_DIR")
            .map(PathBuf::from)
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| Path::new(&cache).join("pairlink/tools")))
            .or_else(|| home().map(|home| Path::new(&home).join(".cache/pairlink/tools")))
            .ok_or_else(|| {
                anyhow!("no place for tools: set PAIRLINK_TOOLS_DIR to a directory of your own")
            })?;
        let place = std::path::absolute(place)?;
        fs::create_dir_all(&place).with_context(|| {
            format!(
                "cannot use {} for tools: set PAIRLINK_TOOLS_DIR",
                place.display()
            )
        })?;
        Ok(Self { place })
    }

    fn home(&self, tool: &Tool<'_>) -> PathBuf {
        self.place.join(format!("{}-{}", tool.name, tool.version))
    }

    /// The program's path, if the tool is installed here.
    fn installed(&self, tool: &Tool<'_>) -> Option<PathBuf> {
        let program = self.home(tool).join("bin").join(executable(tool.program));
        program.is_file().then_some(program)
    }

    /// The program's path; installs the tool if it is not here yet, and never twice, however many ask at once.
    fn provide(&self, tool: &Tool<'_>) -> Result<PathBuf> {
        if let Some(program) = self.installed(tool) {
            return Ok(program);
        }
        let _lock = self.lock(tool)?;
        if let Some(program) = self.installed(tool) {
            return Ok(program);
        }
        let mut reasons = Vec::new();
        for way in tool.ways {
            say(format!(
                "installing {} {} {}",
                tool.name, tool.version, way.words
            ));
            match self.install(tool, way) {
                Ok(program) => return Ok(program),
                Err(error) if error.is::<Interrupted>() => return Err(error),
                Err(error) => {
                    say(format!("  not that way: {error:#}"));
                    reasons.push(format!("{}: {error:#}", way.words));
                }
            }
        }
        bail!(
            "cannot install {} {}: {}",
            tool.name,
            tool.version,
            reasons.join("; ")
        );
    }

    /// Installs beside the final place and renames: an interrupted installation leaves nothing that looks whole.
    fn install(&self, tool: &Tool<'_>, way: &Way<'_>) -> Result<PathBuf> {
        let scratch = tempfile::Builder::new()
            .prefix(&format!(".installing-{}-", tool.name))
            .tempdir_in(&self.place)?;
        (way.install)(scratch.path())?;
        let program = scratch.path().join("bin").join(executable(tool.program));
        let answer = |argument| process::output(process::command(&program).arg(argument));
        // What is made for cargo to call knows its version only behind its own name.
        answer("--version").or_else(|_no_version| answer("--help"))?;
        fs::rename(scratch.path(), self.home(tool))?;
        // The directory has moved away: there is nothing left to remove.
        drop(scratch.keep());
        self.installed(tool)
            .ok_or_else(|| anyhow!("{} is missing after its installation", tool.program))
    }

    fn lock(&self, tool: &Tool<'_>) -> Result<File> {
        let path = self
            .place
            .join(format!(".{}-{}.lock", tool.name, tool.version));
        let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        let mut said = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if said => process::rest()?,
                Err(TryLockError::WouldBlock) => {
                    said = true;
                    say(format!(
                        "waiting: somebody else is installing {}",
                        tool.name
                    ));
                }
                Err(TryLockError::Error(error)) => return Err(error).context("locking"),
            }
        }
    }
}

/// `cargo install` of exactly one version into a directory. Not `--locked` unless asked: a mirror that lags behind may
/// miss a locked version.
fn cargo_install(package: &str, version: &str, locked: bool, into: &Path) -> Result<()> {
    let mut command = workspace::cargo();
    command
        .args(["install", package, "--version", version, "--root"])
        .arg(into)
        // Outside of the checkout: its cargo settings and its target directory are not for tools.
        .current_dir(into)
        .env_remove("CARGO_TARGET_DIR")
        // Or cargo advises to put this passing directory on PATH.
        .env("PATH", path_with([into.join("bin").as_path()])?);
    if locked {
        command.arg("--locked");
    }
    process::run(&mut command)
}

/// `npm install` of exactly one version into a directory. A global installation below a prefix has just the layout that
/// the toolbox wants.
fn npm_install(package: &str, version: &str, into: &Path) -> Result<()> {
    if on_path("npm").is_none() {
        bail!("npm is not installed");
    }
    let mut command = process::command("npm");
    command
        .args([
            "install",
            "--global",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(into)
        .arg(format!("{package}@{version}"));
    process::output(&mut command).map(drop)
}

/// A program on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let name = executable(program);
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(&name))
        .find(|candidate| is_executable(candidate))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

fn executable(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

/// What `program --version` says about its version: its first word that begins with a digit.
fn version_of(program: impl AsRef<OsStr>) -> Option<String> {
    let said = process::output(process::command(program).arg("--version")).ok()?;
    let version = said
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    Some(version.to_owned())
}

/// PATH with these directories in front.
pub(crate) fn path_with<'a>(directories: impl IntoIterator<Item = &'a Path>) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = directories
        .into_iter()
        .map(Path::to_path_buf)
        .chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn toolbox() -> (tempfile::TempDir, Toolbox) {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().to_path_buf();
        (directory, Toolbox { place })
    }

    #[cfg(unix)]
    fn write_program(into: &Path) -> Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        let bin = into.join("bin");
        fs::create_dir(&bin)?;
        fs::write(bin.join("thing"), "#!/bin/sh\necho thing 1.2.3\n")?;
        fs::set_permissions(bin.join("thing"), fs::Permissions::from_mode(0o755))?;
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn takes_the_first_way_that_works_and_never_installs_twice() {
        let (_directory, toolbox) = toolbox();
        let installations = AtomicUsize::new(0);
        let ways = [
            Way {
                words: "from nowhere",
                install: &|_| bail!("unreachable"),
            },
            Way {
                words: "without its program",
                install: &|_| Ok(()),
            },
            Way {
                words: "for real",
                install: &|into| {
                    installations.fetch_add(1, Ordering::Relaxed);
                    write_program(into)
                },
            },
        ];
        let tool = Tool {
            name: "thing",
            version: "1.2.3",
            program: "thing",
            ways: &ways,
        };
        let first = toolbox.provide(&tool).unwrap();
        assert_eq!(first, toolbox.provide(&tool).unwrap());
        assert_eq!(version_of(&first).as_deref(), Some("1.2.3"));
        assert_eq!(installations.load(Ordering::Relaxed), 1);
        let left: Vec<_> = fs::read_dir(&toolbox.place)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter(|name| name.starts_with(".installing"))
            .collect();
        assert_eq!(left, [""; 0], "scratch directories stayed behind");
    }

    #[test]
    fn says_every_reason_when_no_way_works() {
        let (_directory, toolbox) = toolbox();
        let ways = [
            Way {
                words: "by air",
                install: &|_| bail!("fog"),
            },
            Way {
                words: "by sea",
                install: &|_| bail!("storm"),
            },
        ];
        let tool = Tool {
            name: "thing",
            version: "1",
            program: "thing",
            ways: &ways,
        };
        let error = toolbox.provide(&tool).unwrap_err().to_string();
        assert_eq!(error, "cannot install thing 1: by air: fog; by sea: storm");
        assert_eq!(toolbox.installed(&tool), None);
    }
}
