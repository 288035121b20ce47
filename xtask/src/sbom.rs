//! `cargo xtask sbom`: what the proxy and the element are made of, as `CycloneDX` lists it, into `target/sbom`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::tools::{Toolbox, cyclonedx, wasm_target};
use crate::widget::yew;
use crate::workspace::Workspace;
use crate::{process, say};

/// The name, without its ending, under which the tool leaves a list beside each manifest of the workspace.
const LEFT: &str = "pairlink-list-of-materials";

/// What is released: its manifest, what it runs on if that is not this machine, and what its list is called.
const RELEASED: [(&str, Option<&str>, &str); 2] = [
    ("proxy", None, "proxy.cdx.json"),
    ("", Some(wasm_target::TARGET), "element.cdx.json"),
];

/// Writes a list for each thing that is released.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let tool = cyclonedx::provide(&Toolbox::open()?)?;
    let place = workspace.target.join("sbom");
    fs::create_dir_all(&place)?;
    for (crate_directory, target, name) in RELEASED {
        let directory = workspace.root.join(crate_directory);
        let mut list = process::command(&tool);
        list.arg("cyclonedx")
            .arg("--manifest-path")
            .arg(directory.join("Cargo.toml"))
            .args([
                "--format",
                "json",
                "--spec-version",
                "1.5",
                "--no-build-deps",
            ])
            .args(["--override-filename", LEFT]);
        if let Some(target) = target {
            list.args(["--target", target]);
        }
        let listed = process::output(&mut list);
        let made = directory.join(format!("{LEFT}.json"));
        let kept = listed.and_then(|_said| {
            fs::copy(&made, place.join(name)).with_context(|| format!("reading {}", made.display()))
        });
        clear(&workspace.root)?;
        kept?;
        if target.is_some() {
            tell_of_the_patch(&place.join(name))?;
        }
        say(format!("{} is there", workspace.show(&place.join(name))));
    }
    Ok(())
}

/// The element's Yew is not quite the one that was published, and its list says so.
fn tell_of_the_patch(list: &Path) -> Result<()> {
    let mut told: Value = serde_json::from_str(&fs::read_to_string(list)?)?;
    if !add_patch(&mut told) {
        bail!("{} does not have Yew in it", list.display());
    }
    fs::write(list, serde_json::to_string_pretty(&told)? + "\n")?;
    Ok(())
}

fn add_patch(list: &mut Value) -> bool {
    let components = list.get_mut("components").and_then(Value::as_array_mut);
    let found = components.into_iter().flatten().find(|component| {
        let is = |key, value| component.get(key).and_then(Value::as_str) == Some(value);
        is("name", "yew") && is("version", yew::VERSION)
    });
    let Some(component) = found.and_then(Value::as_object_mut) else {
        return false;
    };
    let diff = json!({"text": {"contentType": "text/x-diff", "content": yew::PATCH}});
    let patches = json!({"patches": [{"type": "unofficial", "diff": diff}]});
    component.insert("pedigree".to_owned(), patches);
    true
}

/// Removes the lists from the checkout: there is one beside each manifest, whatever was asked for.
fn clear(root: &Path) -> Result<()> {
    let mut directories: Vec<PathBuf> = vec![root.to_path_buf()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let name = entry.file_name();
            if entry.file_type()?.is_dir() {
                if !["target", "node_modules", ".git"]
                    .iter()
                    .any(|skip| name == *skip)
                {
                    directories.push(entry.path());
                }
            } else if name == format!("{LEFT}.json").as_str() {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patch_is_told_of_yew_alone() {
        let component = |name: &str, version: &str| json!({"name": name, "version": version});
        let mut list = json!({"components": [component("other", yew::VERSION), component("yew", yew::VERSION)]});
        assert!(add_patch(&mut list));
        let patch = "/pedigree/patches/0/diff/text/content";
        assert_eq!(list["components"][0].pointer(patch), None);
        assert_eq!(
            list["components"][1].pointer(patch),
            Some(&json!(yew::PATCH))
        );
        let mut without = json!({"components": [component("yew", "0.0.0")]});
        assert!(!add_patch(&mut without));
    }
}
