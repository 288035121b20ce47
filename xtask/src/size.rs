//! `cargo xtask size`: the bytes that a page loads for the element, held against the budget.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;

use crate::say;
use crate::tools::Toolbox;
use crate::widget::{Build, build_widget};
use crate::workspace::Workspace;

/// Bytes of all files together, brotli at its best. A KB is 1000 bytes.
const BUDGET: u64 = 85_000;
/// The same for the build that is released.
const DIST_BUDGET: u64 = 64_000;

/// Scripts of pages that have the widget in a frame: the element itself never loads them.
const FOR_FRAMES: [&str; 2] = ["embed.js", "frame.js"];

/// Arguments of `cargo xtask size`.
#[derive(Args)]
pub(crate) struct Options {
    /// Write today's sizes down as what later ones are compared with.
    #[arg(long)]
    record: bool,
    /// Weigh the build that is released (`cargo xtask dist`).
    #[arg(long, conflicts_with = "record")]
    dist: bool,
}

/// One file that the page loads.
struct Weight {
    /// Its name without the hash, stable across builds.
    name: String,
    raw: u64,
    compressed: u64,
}

/// Prints the table, and fails where more is over budget than is recorded.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    if options.record {
        record(workspace, &built(workspace, Build::Small)?.0)?;
    }
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

/// Builds the widget, prints its sizes, and what is wrong with them. Over budget passes only as far as it is recorded: what
/// is owed stays in sight and cannot grow unseen.
pub(crate) fn is_within_budget(workspace: &Workspace, build: Build) -> Result<bool> {
    let (weights, for_frames) = built(workspace, build)?;
    let (budget, recorded) = match build {
        Build::Small | Build::Dev => (BUDGET, recorded(workspace)?),
        Build::Dist => (DIST_BUDGET, BTreeMap::new()),
    };
    println!("{}", table(&weights, budget));
    for weight in for_frames {
        println!("{} around a frame", line(&weight));
    }
    match judge(&weights, &recorded, budget) {
        Verdict::Within => Ok(true),
        Verdict::AsRecorded(reason) => {
            println!("{reason}; no more than what is recorded");
            Ok(true)
        }
        Verdict::Over(reason) => {
            println!("{reason}");
            Ok(false)
        }
    }
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

/// What becomes of a weight.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Within the budget.
    Within,
    /// Over it, and known to be: nothing has grown since that was written down.
    AsRecorded(String),
    /// Over it, and heavier than anybody has agreed to.
    Over(String),
}

/// Over budget, the file to blame is the one that grew most since the record, else the heaviest.
fn judge(weights: &[Weight], recorded: &BTreeMap<String, u64>, budget: u64) -> Verdict {
    let total = total(weights);
    if total <= budget {
        return Verdict::Within;
    }
    let over = format!(
        "{total} bytes are {} over the budget of {budget}",
        total - budget
    );
    if total <= recorded.values().sum() {
        return Verdict::AsRecorded(over);
    }
    let growth = |weight: &Weight| {
        let before = recorded.get(&weight.name).copied().unwrap_or(0);
        weight.compressed.saturating_sub(before)
    };
    let Some(offender) = weights
        .iter()
        .max_by_key(|weight| (growth(weight), weight.compressed))
    else {
        return Verdict::Over(over);
    };
    let since = match (recorded.get(&offender.name), growth(offender)) {
        (Some(_), 0) => "the heaviest file".to_owned(),
        (Some(before), grown) => format!("grown by {grown} bytes from {before}"),
        (None, _) => "not in xtask/size-baseline.json".to_owned(),
    };
    Verdict::Over(format!(
        "{over}: look at {} ({} bytes, {since})",
        offender.name, offender.compressed
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

fn baseline(workspace: &Workspace) -> PathBuf {
    workspace.root.join("xtask/size-baseline.json")
}

fn recorded(workspace: &Workspace) -> Result<BTreeMap<String, u64>> {
    let path = baseline(workspace);
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    serde_json::from_str(&fs::read_to_string(&path)?)
        .map_err(|error| anyhow!("{}: {error}", path.display()))
}

fn record(workspace: &Workspace, weights: &[Weight]) -> Result<()> {
    let sizes: BTreeMap<_, _> = weights
        .iter()
        .map(|weight| (&weight.name, weight.compressed))
        .collect();
    let path = baseline(workspace);
    fs::write(&path, serde_json::to_string_pretty(&sizes)? + "\n")?;
    say(format!("recorded in {}", workspace.show(&path)));
    Ok(())
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

    fn over(weights: &[Weight], recorded: &BTreeMap<String, u64>) -> String {
        match judge(weights, recorded, BUDGET) {
            Verdict::Over(reason) => reason,
            other @ (Verdict::Within | Verdict::AsRecorded(_)) => panic!("{other:?}"),
        }
    }

    #[test]
    fn exactly_the_budget_is_within_it() {
        let none = BTreeMap::new();
        let full = judge(&[weight("a", BUDGET)], &none, BUDGET);
        assert_eq!(full, Verdict::Within);
        over(&[weight("a", BUDGET), weight("b", 1)], &none);
    }

    #[test]
    fn what_is_over_may_stay_so_and_may_not_grow() {
        let recorded = BTreeMap::from([("a".to_owned(), BUDGET), ("b".to_owned(), 3)]);
        let known = judge(
            &[weight("a", BUDGET - 1), weight("b", 4)],
            &recorded,
            BUDGET,
        );
        assert!(matches!(known, Verdict::AsRecorded(reason) if reason.contains(" 3 over")));
        let reason = over(&[weight("a", BUDGET), weight("b", 4)], &recorded);
        assert!(reason.contains("look at b"), "{reason}");
    }

    #[test]
    fn blames_the_file_that_grew_not_the_heaviest() {
        let recorded = BTreeMap::from([("big".to_owned(), 80_000), ("grown".to_owned(), 2_000)]);
        let reason = over(&[weight("big", 80_010), weight("grown", 6_000)], &recorded);
        assert!(
            reason.contains("look at grown (6000 bytes, grown by 4000 bytes from 2000)"),
            "{reason}"
        );
        assert!(reason.starts_with("86010 bytes are 1010 over"), "{reason}");
    }

    #[test]
    fn without_a_record_the_heaviest_is_named() {
        let reason = over(
            &[weight("small", 9_000), weight("big", 80_000)],
            &BTreeMap::new(),
        );
        assert!(reason.contains("look at big"), "{reason}");
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
