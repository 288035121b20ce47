//! Tries inputs until the time is over.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::mutation::{Mutation, mutated};

/// Inputs that led to something new are kept, but not without end.
const MOST_KEPT: usize = 500;

/// One that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(20);

/// What is tried, on what.
pub(super) struct Target<'a> {
    pub(super) name: &'a str,
    pub(super) seeds: Vec<Vec<u8>>,
    /// How its inputs are changed.
    pub(super) mutation: Mutation,
}

/// An input that did harm.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) input: Vec<u8>,
    pub(super) after: u64,
}

/// How long a target is tried, and from which dice.
fn budget() -> (Duration, u64) {
    let read = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let seconds = read("PAIRLINK_FUZZ_SECONDS").unwrap_or(2);
    let seed = read("PAIRLINK_FUZZ_SEED").unwrap_or_else(rand::random);
    (Duration::from_secs(seconds), seed)
}

/// Tries inputs; each is answered with the kind of its outcome. Fails with the first that did harm.
pub(super) async fn run(target: Target<'_>, attempt: impl AsyncFnMut(&[u8]) -> String) {
    let name = target.name.to_owned();
    let (time, dice) = budget();
    match search(target, time, dice, attempt).await {
        Ok((tried, kinds)) => println!("{name}: {tried} inputs, {kinds} kinds of outcome"),
        Err(found) => {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/fuzz");
            std::fs::create_dir_all(&directory).unwrap();
            let file = directory.join(format!("{name}-{dice:016x}"));
            std::fs::write(&file, &found.input).unwrap();
            panic!(
                "{name}: input number {} does harm, kept in {} (PAIRLINK_FUZZ_SEED={dice}): {:?}",
                found.after,
                file.display(),
                String::from_utf8_lossy(&found.input)
            );
        }
    }
}

/// How many inputs were tried without harm, and to how many kinds of outcome they led; or the first that did harm.
#[expect(
    clippy::disallowed_methods,
    reason = "the time that a search may take is real"
)]
pub(super) async fn search(
    target: Target<'_>,
    time: Duration,
    dice: u64,
    mut attempt: impl AsyncFnMut(&[u8]) -> String,
) -> Result<(u64, usize), Found> {
    let mut dice = StdRng::seed_from_u64(dice);
    let mut corpus = target.seeds.clone();
    let mut kinds = HashSet::new();
    let begun = Instant::now();
    let mut tried = 0;
    loop {
        let seed = target.seeds.get(usize::try_from(tried).unwrap());
        let input = match seed {
            Some(seed) => seed.clone(),
            None if begun.elapsed() >= time => return Ok((tried, kinds.len())),
            None => {
                let (first, second) = (
                    &corpus[dice.random_range(0..corpus.len())],
                    &corpus[dice.random_range(0..corpus.len())],
                );
                mutated(first, second, target.mutation, &mut dice)
            }
        };
        tried += 1;
        let answered = AssertUnwindSafe(attempt(&input)).catch_unwind();
        let Ok(Ok(kind)) = tokio::time::timeout(LONGEST, answered).await else {
            let after = tried;
            return Err(Found { input, after });
        };
        if kinds.insert(kind) && corpus.len() < MOST_KEPT {
            corpus.push(input);
        }
    }
}

/// Harm that is there on purpose is found: what reads numbers breaks at one that is negative, deep in a document.
#[tokio::test]
async fn planted_harm_is_found() {
    let target = Target {
        name: "planted",
        seeds: vec![br#"{"data": {"token": "x", "times": [{"expires_in": 3600}]}}"#.to_vec()],
        mutation: Mutation::Json,
    };
    let read = async |input: &[u8]| {
        let Ok(document) = serde_json::from_slice::<serde_json::Value>(input) else {
            return "no JSON".to_owned();
        };
        let Some(seconds) = document.pointer("/data/times/0/expires_in") else {
            return "nothing".to_owned();
        };
        let Some(seconds) = seconds.as_i64() else {
            return "no number".to_owned();
        };
        u32::try_from(seconds).map_or_else(|_| panic!("planted"), |_| "a number".to_owned())
    };
    let found = search(target, Duration::from_secs(20), rand::random(), read).await;
    let found = found.unwrap_err();
    let text = String::from_utf8(found.input).unwrap();
    assert!(text.contains("expires_in"), "{text}");
}

/// The same dice make the same inputs.
#[tokio::test]
async fn what_was_tried_can_be_tried_again() {
    let tried = async |dice| {
        let mut inputs = Vec::new();
        let target = Target {
            name: "again",
            seeds: vec![b"one".to_vec(), b"two".to_vec()],
            mutation: Mutation::Text,
        };
        let keep = async |input: &[u8]| {
            if inputs.len() < 100 {
                inputs.push(input.to_vec());
            }
            String::new()
        };
        search(target, Duration::from_millis(100), dice, keep)
            .await
            .unwrap();
        inputs
    };
    assert_eq!(tried(1).await, tried(1).await);
    assert_ne!(tried(1).await, tried(2).await);
}
