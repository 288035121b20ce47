//! The npm package: the files of `npm/`, the loader as a module that defines nothing by itself, and the built engine.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use pairlink_words::LANGUAGES;
use serde_json::Value;

use crate::tools::{Toolbox, esbuild, node};
use crate::widget::{Build, Minifier, languages};
use crate::workspace::Workspace;
use crate::{process, say};

/// Files of ours that the package carries as they are.
const WRITTEN: [&str; 8] = [
    "README.md",
    "custom-elements.json",
    "define.d.ts",
    "define.js",
    "index.d.ts",
    "index.js",
    "react.d.ts",
    "react.js",
];
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// What the loader calls the engine's files, and their kind.
const ENGINE: [(&str, &str); 3] = [
    ("__PAIRLINK_GLUE__", "js"),
    ("__PAIRLINK_WASM__", "wasm"),
    ("__PAIRLINK_CSS__", "css"),
];
/// What browsers hold these files against. Bundlers give them out in their own way, so the package names no hashes.
const HASHES: [&str; 3] = [
    "__PAIRLINK_GLUE_HASH__",
    "__PAIRLINK_WASM_HASH__",
    "__PAIRLINK_CSS_HASH__",
];
/// The languages that there are.
const TAGS: &str = "__PAIRLINK_LANGUAGES__";

/// How the loader finds the proxy that it came from. What comes from a package has to be told: an address that the
/// engine refuses stands for none.
const HOME: &str = "var HOME = ";
const NO_HOME: &str =
    "var HOME = \"\"; // No proxy served this file: `base` says which one to talk to.";
/// How the loader finds the file of a language. Bundlers follow addresses that stand whole in their place.
const WORDS: &str = "var wordsAddress = ";

/// Where there is no document, the module can still be loaded: the class is there, and cannot be used.
const ON_A_SERVER: &str = "// What a browser has, and a server can do without.\n\
    const { HTMLElement = class {}, MutationObserver = class { observe() {} }, addEventListener = () => {}, document } = globalThis;\n\n";

/// Writes the package into `target/dist/npm` and its tarball beside it.
pub(super) fn pack(workspace: &Workspace, widget: &Path) -> Result<PathBuf> {
    node::check().context("the npm package")?;
    let dist = workspace.target.join("dist");
    let scratch = tempfile::Builder::new().prefix("npm-").tempdir_in(&dist)?;
    write(workspace, widget, scratch.path())?;
    say("packing the npm package");
    let packed = process::output(
        process::command("npm")
            .args(["pack", "--json", "--ignore-scripts", "--loglevel", "error"])
            .arg("--pack-destination")
            .arg(&dist)
            .current_dir(scratch.path()),
    )?;
    let name = file_name(&packed).with_context(|| format!("npm pack said {packed}"))?;
    let tarball = dist.join("pairlink.tgz");
    fs::rename(dist.join(name), &tarball)?;
    let directory = dist.join("npm");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::rename(scratch.path(), &directory)?;
    // The directory has moved away: there is nothing left to remove.
    drop(scratch.keep());
    Ok(tarball)
}

/// What `npm pack --json` calls the tarball; npm 12 has an object by package where there was a list.
fn file_name(said: &str) -> Option<String> {
    let said: Value = serde_json::from_str(said).ok()?;
    let package = said.get(0).or_else(|| said.get("pairlink"))?;
    Some(package.get("filename")?.as_str()?.to_owned())
}

fn write(workspace: &Workspace, widget: &Path, into: &Path) -> Result<()> {
    let root = &workspace.root;
    let copy = |from: PathBuf, name: &str| {
        fs::copy(&from, into.join(name)).with_context(|| format!("copying {}", from.display()))
    };
    for name in WRITTEN {
        copy(root.join("npm").join(name), name)?;
    }
    for name in LICENCES {
        copy(root.join(name), name)?;
    }
    copy(root.join("www/widget.d.ts"), "element.d.ts")?;
    let minifier = Minifier {
        esbuild: esbuild::provide(&Toolbox::open()?)?,
    };
    let loader = minifier.bundle(&root.join("www/widget/element.js"), Build::Dev)?;
    fs::write(into.join("element.js"), element(&loader)?)?;
    copy_engine(&widget.join("assets"), &into.join("assets"))?;
    let manifest = fs::read_to_string(root.join("npm/package.json"))?;
    let manifest = with_version(&manifest, env!("CARGO_PKG_VERSION"))?;
    fs::write(into.join("package.json"), manifest)?;
    Ok(())
}

/// The loader as a module of the package.
fn element(loader: &str) -> Result<String> {
    let mut languages = String::new();
    for words in LANGUAGES {
        let tag = words.language;
        // Writing to a string cannot fail.
        writeln!(
            languages,
            "  {tag:?}: new URL(\"./assets/words/{tag}.json\", import.meta.url),"
        )
        .ok();
    }
    let words = format!("var WORDS = {{\n{languages}}};\n{WORDS}(language) => WORDS[language];");
    let mut lines: Vec<&str> = loader.lines().collect();
    for (begins, becomes) in [(HOME, NO_HOME), (WORDS, &words)] {
        let line = lines.iter_mut().find(|line| line.starts_with(begins));
        *line.ok_or_else(|| anyhow!("the loader has no line that begins with {begins:?}"))? =
            becomes;
    }
    let mut module = lines.join("\n") + "\n";
    for (placeholder, extension) in ENGINE {
        module = module.replace(placeholder, &format!("./assets/pairlink.{extension}"));
    }
    for hash in HASHES {
        module = module.replace(hash, "");
    }
    let tags: Vec<_> = LANGUAGES.iter().map(|words| words.language).collect();
    module = module.replace(TAGS, &tags.join(" "));
    if let Some(at) = module.find("__PAIRLINK_") {
        let name: String = module.chars().skip(at).take(32).collect();
        bail!("the loader loads something that the package does not carry: {name}");
    }
    Ok(format!("{ON_A_SERVER}{module}"))
}

/// Each file under its plain name: bundlers give names with a hash themselves, and compress.
fn copy_engine(assets: &Path, into: &Path) -> Result<()> {
    fs::create_dir(into)?;
    let files: Vec<PathBuf> = fs::read_dir(assets)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    for (_, extension) in ENGINE {
        let [file] = files
            .iter()
            .filter(|file| {
                let name = file.file_name().and_then(|name| name.to_str());
                // Beside it are the scripts of frames.
                name.is_some_and(|name| name.starts_with("pairlink-"))
                    && file.extension().is_some_and(|found| found == extension)
            })
            .collect::<Vec<_>>()[..]
        else {
            bail!("{} holds not exactly one .{extension}", assets.display());
        };
        fs::copy(file, into.join(format!("pairlink.{extension}")))?;
    }
    let words = into.join("words");
    fs::create_dir(&words)?;
    for language in LANGUAGES {
        let name = format!("{}.json", language.language);
        let from = assets.join(languages::folder()).join(&name);
        fs::copy(&from, words.join(&name))
            .with_context(|| format!("copying {}", from.display()))?;
    }
    Ok(())
}

fn with_version(manifest: &str, version: &str) -> Result<String> {
    let blank = "\"version\": \"0.0.0\"";
    if !manifest.contains(blank) {
        bail!("npm/package.json has no {blank} to fill in");
    }
    Ok(manifest.replace(blank, &format!("\"version\": \"{version}\"")))
}
