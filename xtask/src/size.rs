//! `cargo xtask size`: the bytes that a page loads for the element, held against the budget.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use crate::tools::Toolbox;
use crate::widget::{Build, build_widget};
use crate::workspace::Workspace;

/// Bytes of all files together, brotli at its best, of either build. A KB is 1000 bytes.
const BUDGET: u64 = 64_000;

/// Scripts of pages that have the widget in a frame: the element itself never loads them.
const FOR_FRAMES: [&str; 2] = ["embed.js", "frame.js"];

/// Arguments of `cargo xtask size`.
#[derive(Args)]
pub(crate) struct Options {
    /// Weigh the build that is released (`cargo xtask dist`).
    #[arg(long)]
    dist: bool,
}

/// One file that the page loads.
struct Weight {
    /// Its name without the hash, stable across builds.
    name: String,
    raw: u64,
    compressed: u64,
}

/// Prints the table, and fails over budget.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let build = if options.dist {
        Build::Dist
    } else {
        Build::Small
    };
    Ok(if is_within_budget(workspace, build)? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Builds the widget, prints its sizes, and what is wrong with them.
pub(crate) fn is_within_budget(workspace: &Workspace, build: Build) -> Result<bool> {
    let (weights, for_frames) = built(workspace, build)?;
    println!("{}", table(&weights, BUDGET));
    for weight in for_frames {
        println!("{} around a frame", line(&weight));
    }
    let excess = excess(&weights, BUDGET);
    if let Some(reason) = &excess {
        println!("{reason}");
    }
    Ok(excess.is_none())
}

/// What the element loads, and what only frames do.
fn built(workspace: &Workspace, build: Build) -> Result<(Vec<Weight>, Vec<Weight>)> {
    let weights = weigh(&build_widget(workspace, &Toolbox::open()?, build)?)?;
    Ok(weights
        .into_iter()
        .partition(|weight| !FOR_FRAMES.contains(&weight.name.as_str())))
}

/// Everything in the widget's directory that a page loads: of the languages one, here the heaviest.
fn weigh(directory: &Path) -> Result<Vec<Weight>> {
    let assets = directory.join("assets");
    let mut weights = weigh_files(directory)?;
    weights.extend(weigh_files(&assets)?);
    for path in entries(&assets)? {
        if path.is_dir() {
            let languages = weigh_files(&path)?;
            weights.extend(
                languages
                    .into_iter()
                    .max_by_key(|language| language.compressed),
            );
        }
    }
    weights.sort_by_key(|weight| std::cmp::Reverse(weight.compressed));
    Ok(weights)
}

/// The files of a folder that have a compressed sibling.
fn weigh_files(folder: &Path) -> Result<Vec<Weight>> {
    let mut weights = Vec::new();
    for path in entries(folder)? {
        let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let compressed = path.with_file_name(format!("{file}.br"));
        if !compressed.is_file() {
            continue;
        }
        weights.push(Weight {
            name: without_hash(file),
            raw: path.metadata()?.len(),
            compressed: compressed.metadata()?.len(),
        });
    }
    Ok(weights)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// `pairlink-0123456789abcdef.wasm` is `pairlink.wasm`.
fn without_hash(file: &str) -> String {
    match file
        .rsplit_once('.')
        .map(|(stem, extension)| (stem.rsplit_once('-'), extension))
    {
        Some((Some((stem, hash)), extension))
            if hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
        {
            format!("{stem}.{extension}")
        }
        Some((Some(_) | None, _)) | None => file.to_owned(),
    }
}

fn total(weights: &[Weight]) -> u64 {
    weights.iter().map(|weight| weight.compressed).sum()
}

/// By how much it is over the budget, if it is, and which file to look at first.
fn excess(weights: &[Weight], budget: u64) -> Option<String> {
    let total = total(weights);
    let over = total.checked_sub(budget).filter(|over| *over > 0)?;
    let heaviest = weights.iter().max_by_key(|weight| weight.compressed)?;
    Some(format!(
        "{total} bytes are {over} over the budget of {budget}: look at {} ({} bytes)",
        heaviest.name, heaviest.compressed
    ))
}

fn table(weights: &[Weight], budget: u64) -> String {
    let mut text = format!("  {:<16}{:>10}{:>10}\n", "loaded file", "raw", "brotli");
    for weight in weights {
        // Writing to a string cannot fail.
        writeln!(text, "{}", line(weight)).ok();
    }
    let raw: u64 = weights.iter().map(|weight| weight.raw).sum();
    let total = total(weights);
    write!(text, "  {:<16}{raw:>10}{total:>10}  of {budget}", "all").ok();
    text
}

fn line(weight: &Weight) -> String {
    format!(
        "  {:<16}{:>10}{:>10}",
        weight.name, weight.raw, weight.compressed
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(name: &str, compressed: u64) -> Weight {
        Weight {
            name: name.to_owned(),
            raw: compressed * 3,
            compressed,
        }
    }

    #[test]
    fn exactly_the_budget_is_within_it() {
        assert_eq!(excess(&[weight("a", BUDGET)], BUDGET), None);
        let over = excess(&[weight("a", BUDGET), weight("b", 1)], BUDGET).unwrap();
        assert!(over.starts_with("64001 bytes are 1 over"), "{over}");
    }

    #[test]
    fn over_budget_the_heaviest_is_named() {
        let over = excess(&[weight("small", 9_000), weight("big", 80_000)], BUDGET).unwrap();
        assert!(over.ends_with("look at big (80000 bytes)"), "{over}");
    }

    #[test]
    fn one_language_counts_the_heaviest() {
        let directory = tempfile::tempdir().unwrap();
        let words = directory.path().join("assets/words-0123456789abcdef");
        fs::create_dir_all(&words).unwrap();
        for (file, size) in [("en.json", 10), ("hi.json", 30), ("de.json", 20)] {
            fs::write(words.join(file), "[]").unwrap();
            fs::write(words.join(format!("{file}.br")), vec![0; size]).unwrap();
        }
        fs::write(directory.path().join("widget.js"), "").unwrap();
        fs::write(directory.path().join("widget.js.br"), [0; 5]).unwrap();
        let weights = weigh(directory.path()).unwrap();
        let names: Vec<_> = weights.iter().map(|weight| weight.name.as_str()).collect();
        assert_eq!((names, total(&weights)), (vec!["hi.json", "widget.js"], 35));
    }

    #[test]
    fn names_lose_their_hash_and_nothing_else() {
        for (file, name) in [
            ("pairlink-0123456789abcdef.wasm", "pairlink.wasm"),
            ("widget.js", "widget.js"),
            ("some-thing.js", "some-thing.js"),
        ] {
            assert_eq!(without_hash(file), name);
        }
    }
}
