//! Makes a wrong input of a right one.

use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value, json};

/// What an input is taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutation {
    /// A document, most of the time; otherwise bytes.
    Json,
    /// Text and bytes.
    Text,
}

/// Pieces that break readers.
const PIECES: &[&str] = &[
    "",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "é",
    "٤",
    "💥",
    " ",
    "\r\n",
    "%00",
    "%2e%2e%2f",
    "..",
    "/",
    "//",
    "\\",
    "?",
    "#",
    "@",
    ":",
    "::1",
    "-1",
    "0",
    "1e309",
    "18446744073709551616",
    "9999-12-31T23:59:59Z",
    "null",
    "{}",
    "[[[[",
    "\"",
    "'",
    "<b>",
    "https://",
    "javascript:",
    "data:image/png;base64,",
    "plk_",
    "ple_",
    "+44",
    "xn--",
    "*",
];

const LONGEST: usize = 64 * 1024;

pub(super) fn mutated(
    first: &[u8],
    second: &[u8],
    mutation: Mutation,
    dice: &mut StdRng,
) -> Vec<u8> {
    let mut input = match mutation {
        Mutation::Json if dice.random_ratio(4, 5) => {
            document(first, dice).unwrap_or_else(|| first.to_vec())
        }
        Mutation::Json | Mutation::Text => first.to_vec(),
    };
    if mutation == Mutation::Text || dice.random_ratio(1, 4) {
        for _ in 0..dice.random_range(1..4) {
            change(&mut input, second, dice);
        }
    }
    input.truncate(LONGEST);
    input
}

/// Some place of an input, its end included.
fn place(input: &[u8], dice: &mut StdRng) -> usize {
    dice.random_range(0..=input.len())
}

fn change(input: &mut Vec<u8>, other: &[u8], dice: &mut StdRng) {
    let at = place(input, dice);
    match dice.random_range(0..7) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.random_range(0..8);
            }
        }
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = dice.random();
            }
        }
        2 => input.truncate(at),
        3 => {
            let end = (at + dice.random_range(1..16)).min(input.len());
            input.drain(at..end);
        }
        4 => {
            let piece = PIECES[dice.random_range(0..PIECES.len())];
            input.splice(at..at, piece.bytes());
        }
        5 => {
            // What stood once stands twice.
            let end = place(input, dice).max(at);
            let again = input[at..end].to_vec();
            input.splice(at..at, again);
        }
        _the_last => {
            input.truncate(at);
            let from = place(other, dice);
            input.extend_from_slice(&other[from..]);
        }
    }
}

/// The document with one or two of its values or names exchanged; none if it is no document.
fn document(input: &[u8], dice: &mut StdRng) -> Option<Vec<u8>> {
    let mut document: Value = serde_json::from_slice(input).ok()?;
    for _ in 0..dice.random_range(1..3) {
        let values = count(&document);
        let mut chosen = dice.random_range(0..values);
        exchange(&mut document, &mut chosen, dice);
    }
    serde_json::to_vec(&document).ok()
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Goes to the chosen value and changes it. Says whether it was below here.
fn exchange(value: &mut Value, chosen: &mut usize, dice: &mut StdRng) -> bool {
    if *chosen == 0 {
        *value = nasty(value, dice);
        return true;
    }
    *chosen -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| exchange(item, chosen, dice)),
        Value::Object(fields) => fields
            .values_mut()
            .any(|field| exchange(field, chosen, dice)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn nasty(value: &Value, dice: &mut StdRng) -> Value {
    let piece = PIECES[dice.random_range(0..PIECES.len())];
    match dice.random_range(0..14) {
        0 => Value::Null,
        1 => json!(dice.random::<bool>()),
        2 => json!(-dice.random_range(0..100_000_i64)),
        3 => json!(dice.random::<i64>()),
        4 => json!(dice.random::<u64>()),
        5 => json!(1e308),
        6 => json!(0.5),
        7 => json!(piece),
        8 => json!(piece.repeat(dice.random_range(1..400))),
        9 => json!([value]),
        10 => json!({ "data": value }),
        11 => match value {
            Value::String(text) => json!(format!("{text}{piece}")),
            Value::Array(items) => items.iter().chain(items).cloned().collect(),
            Value::Object(fields) => without_one(fields, dice),
            Value::Null | Value::Bool(_) | Value::Number(_) => json!(value.to_string()),
        },
        12 => json!({}),
        _the_last => json!([]),
    }
}

fn without_one(fields: &Map<String, Value>, dice: &mut StdRng) -> Value {
    let left_out = dice.random_range(0..fields.len().max(1));
    let fields = fields.iter().enumerate();
    fields
        .filter(|(at, _field)| *at != left_out)
        .map(|(_at, (name, value))| (name.clone(), value.clone()))
        .collect()
}
