//! The examples, built outside of the checkout against what is released: each in a directory of `target/examples`, with
//! its page in `dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::dist::Dist;
use crate::tools::{Toolbox, wasm_bindgen, wasm_target};
use crate::workspace::Workspace;
use crate::{process, say};

/// Where an example finds the package: beside it in the checkout, and from where it is built.
const PACKAGE: [&str; 2] = ["../../target/dist/", "../../dist/"];

/// What npm and the bundlers leave in a checkout.
const LEFT_OUT: [&str; 2] = ["node_modules", "dist"];

/// Builds all of them and returns the directory that holds them.
pub(crate) fn build(workspace: &Workspace, _released: &Dist) -> Result<PathBuf> {
    let place = workspace.target.join("examples");
    for name in ["html", "react", "vue", "svelte", "angular"] {
        say(format!("building the example {name}"));
        let sources = workspace.root.join("examples").join(name);
        build_with_npm(&sources, &place.join(name))?;
    }
    say("checking the npm package");
    build_with_npm(
        &workspace.root.join("tests/package"),
        &place.join("package"),
    )?;
    say("building the example yew");
    build_yew(workspace, &place.join("yew/dist"))?;
    Ok(place)
}

/// `npm ci` and `npm run build`.
fn build_with_npm(sources: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    copy(sources, place)?;
    for file in ["package.json", "package-lock.json"] {
        let path = place.join(file);
        let text = fs::read_to_string(&path)?;
        let [from, to] = PACKAGE;
        fs::write(path, text.replace(from, to))?;
    }
    let npm = |arguments: &[&str]| {
        process::output(process::command("npm").args(arguments).current_dir(place))
            .with_context(|| format!("in {}", place.display()))
    };
    npm(&[
        "ci",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--loglevel",
        "error",
    ])?;
    npm(&["run", "build", "--silent"])?;
    Ok(())
}

/// What `trunk build` does, without Trunk: compile, make the glue, put the page and its style sheets beside it.
fn build_yew(workspace: &Workspace, into: &Path) -> Result<()> {
    let compiler = wasm_target::provide()?;
    let bindgen = wasm_bindgen::provide(workspace, &Toolbox::open()?)?;
    let mut cargo = workspace.cargo();
    cargo
        .args(["build", "--package", "pairlink-example-yew"])
        .args(["--target", wasm_target::TARGET]);
    process::run(compiler.apply(&mut cargo))?;
    let module = workspace
        .target
        .join(wasm_target::TARGET)
        .join("debug/pairlink-example-yew.wasm");
    if into.exists() {
        fs::remove_dir_all(into)?;
    }
    fs::create_dir_all(into)?;
    process::output(
        process::command(bindgen)
            .args(["--target", "web", "--no-typescript", "--out-dir"])
            .arg(into)
            .arg(module),
    )?;
    let sources = workspace.root.join("examples/yew");
    for (from, name) in [
        (sources.join("boot.js"), "boot.js"),
        (sources.join("page.css"), "page.css"),
        (workspace.root.join("www/widget.css"), "widget.css"),
    ] {
        fs::copy(from, into.join(name))?;
    }
    let page = fs::read_to_string(sources.join("index.html"))?;
    fs::write(into.join("index.html"), without_trunk(&page))?;
    Ok(())
}

/// Trunk's own lines turned into plain ones: it copies style sheets and leaves their links, and removes the rest.
fn without_trunk(page: &str) -> String {
    page.lines()
        .filter_map(|line| {
            let Some((before, after)) = line.split_once("data-trunk rel=\"css\" href=\"") else {
                return (!line.contains("data-trunk")).then(|| line.to_owned());
            };
            let (path, after) = after.split_once('"')?;
            let name = path.rsplit('/').next()?;
            Some(format!("{before}rel=\"stylesheet\" href=\"{name}\"{after}"))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("reading {}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        let target = to.join(name);
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_for_trunk_becomes_a_plain_one() {
        let page = "<link data-trunk rel=\"css\" href=\"../../www/widget.css\" />\n\
                    <link data-trunk rel=\"rust\" href=\"Cargo.toml\" />\n\
                    <body></body>";
        assert_eq!(
            without_trunk(page),
            "<link rel=\"stylesheet\" href=\"widget.css\" />\n<body></body>"
        );
    }
}
