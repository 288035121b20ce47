//! `cargo xtask widget`: what pages load, from the crate and `www/` to hashed, compressed files in `target/widget`.

mod assets;
mod compile;
pub(crate) mod languages;
mod minify;
mod order;
mod panics;
mod shorten;
mod wasm;
pub(crate) mod yew;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use sha2::{Digest as _, Sha256};

use crate::tools::{Toolbox, esbuild, rust_src, wasm_bindgen, wasm_opt, wasm_target};
use crate::workspace::Workspace;
use crate::{process, say};
use assets::Sources;
use compile::Compilation;
pub(crate) use minify::Minifier;

/// What the output depends on besides its inputs: how it is made.
const RECIPE: [&str; 13] = [
    include_str!("widget/assets.rs"),
    include_str!("widget/compile.rs"),
    include_str!("widget/languages.rs"),
    include_str!("widget/minify.rs"),
    include_str!("widget/order.rs"),
    include_str!("widget/panics.rs"),
    include_str!("widget/panics/instructions.rs"),
    include_str!("widget/panics/linked.rs"),
    include_str!("widget/panics/names.rs"),
    include_str!("widget/shorten.rs"),
    include_str!("widget/wasm.rs"),
    include_str!("widget/yew.rs"),
    yew::PATCH,
];

/// What the loader calls in the glue.
const USED_EXPORTS: &str = "default, mount, stack";

/// Arguments of `cargo xtask widget`.
#[derive(Args)]
pub(crate) struct Options {
    /// Build quickly instead of small, with names and checks for debugging.
    #[arg(long)]
    dev: bool,
}

/// Which of the widgets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Build {
    /// Small, as stable Rust makes it: what a proxy that is built from its sources serves.
    Small,
    /// As small as it gets, by switches that are not in stable Rust: what is released.
    Dist,
    /// Quick to build, for development.
    Dev,
}

/// Writes `.br` and `.gz` beside a file, as small as they get.
pub(crate) fn compress_beside(path: &Path) -> Result<()> {
    assets::write_compressed(path, &fs::read(path)?, Build::Small)
}

/// Builds and says where.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let build = if options.dev {
        Build::Dev
    } else {
        Build::Small
    };
    let directory = build_widget(workspace, &Toolbox::open()?, build)?;
    say(format!("the widget is in {}", workspace.show(&directory)));
    Ok(())
}

/// Brings `target/widget` up to date and returns its path.
pub(crate) fn build_widget(
    workspace: &Workspace,
    toolbox: &Toolbox,
    build: Build,
) -> Result<PathBuf> {
    let compilation = Compilation {
        build,
        compiler: match build {
            Build::Small | Build::Dev => wasm_target::provide()?,
            Build::Dist => rust_src::provide()?,
        },
        bindgen: wasm_bindgen::provide(workspace, toolbox)?,
        optimizer: match build {
            Build::Small | Build::Dist => Some(wasm_opt::provide(toolbox)?),
            Build::Dev => None,
        },
    };
    let minifier = Minifier {
        esbuild: esbuild::provide(toolbox)?,
    };
    say(match build {
        Build::Small => "building the widget",
        Build::Dist => "building the widget as small as it gets",
        Build::Dev => "building the widget for development",
    });
    let module = compilation.compile(workspace)?;
    let _lock = lock(workspace)?;
    let directory = match build {
        Build::Small | Build::Dev => workspace.target.join("widget"),
        Build::Dist => workspace.target.join("dist/widget"),
    };
    if let Some(parent) = directory.parent() {
        fs::create_dir_all(parent)?;
    }
    let stamp = stamp(workspace, &compilation, &minifier, &module)?;
    let stamp_file = directory.join(".stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|built| built == stamp) {
        return Ok(directory);
    }
    let scratch = tempfile::Builder::new()
        .prefix("widget-")
        .tempdir_in(&workspace.target)?;
    let generated = compilation.generate(&module, &scratch.path().join("generated"))?;
    let mut sources = Sources {
        loader: minifier.bundle(&source(workspace, "widget.js"), build)?,
        style: read(&source(workspace, "widget.css"))?,
        glue: read(&generated.glue)?,
        wasm: fs::read(&generated.wasm)?,
        frame: minifier.bundle(&source(workspace, "frame.js"), build)?,
        embed: minifier.bundle(&source(workspace, "embed.js"), build)?,
    };
    if matches!(build, Build::Small | Build::Dist) {
        if let Some(shorter) = shorten::shorten(&sources.wasm, &sources.glue) {
            (sources.wasm, sources.glue) = shorter;
        }
        sources.style = minifier.shorten_style(&sources.style)?;
        fs::write(&generated.glue, &sources.glue)?;
        sources.glue = minifier.shorten_to(USED_EXPORTS, &generated.glue)?;
    }
    let finished = scratch.path().join("widget");
    assets::write(&sources, build, &finished)?;
    fs::write(finished.join(".stamp"), stamp)?;
    replace(&finished, &directory)?;
    Ok(directory)
}

/// What is written by hand, in `www/`.
const SOURCES: [&str; 4] = ["widget.js", "widget.css", "frame.js", "embed.js"];

fn source(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.root.join("www").join(name)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

/// A digest of all that the output depends on: the compiled module, the files of `www/`, the tools, and the recipe.
fn stamp(
    workspace: &Workspace,
    compilation: &Compilation,
    minifier: &Minifier,
    module: &Path,
) -> Result<String> {
    let mut digest = Sha256::new();
    let mut paths = vec![module.to_owned()];
    paths.extend(SOURCES.map(|name| source(workspace, name)));
    // The modules that the loader imports stand in a directory of its name.
    for entry in fs::read_dir(source(workspace, "widget"))? {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in &paths {
        digest.update(fs::read(path).with_context(|| format!("reading {}", path.display()))?);
        digest.update([0]);
    }
    for source in RECIPE {
        digest.update(source);
    }
    digest.update(languages::folder());
    digest.update(format!(
        "{:?} {} {:?} {minifier:?}",
        compilation.build,
        compilation.bindgen.display(),
        compilation.optimizer,
    ));
    Ok(assets::hexadecimal(&digest.finalize()))
}

/// Two builds at once would swap the directory under each other's feet.
fn lock(workspace: &Workspace) -> Result<File> {
    let file = File::create(workspace.target.join(".widget.lock"))?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => process::rest()?,
            Err(TryLockError::Error(error)) => return Err(error).context("locking target/widget"),
        }
    }
}

/// Puts a finished directory in the place of the former one. A server that reads it meanwhile sees one or the other.
fn replace(finished: &Path, place: &Path) -> Result<()> {
    if !place.exists() {
        return fs::rename(finished, place).context("putting the widget into its place");
    }
    // The former directory ends up in the scratch directory, which is removed.
    if exchange(finished, place) {
        return Ok(());
    }
    fs::rename(place, finished.with_extension("former"))?;
    fs::rename(finished, place).context("putting the widget into its place")
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    // Some file systems cannot: then two renames have to do.
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE).is_ok()
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn exchange(_one: &Path, _other: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_directory_whole() {
        let place = tempfile::tempdir().unwrap();
        let [first, second, widget] =
            ["first", "second", "widget"].map(|name| place.path().join(name));
        for (directory, file) in [(&first, "old.js"), (&second, "new.js")] {
            fs::create_dir(directory).unwrap();
            fs::write(directory.join(file), "").unwrap();
        }
        replace(&first, &widget).unwrap();
        assert!(widget.join("old.js").is_file());
        replace(&second, &widget).unwrap();
        assert!(widget.join("new.js").is_file());
        assert!(!widget.join("old.js").exists());
    }
}
