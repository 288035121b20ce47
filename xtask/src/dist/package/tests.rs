//! The package against the sources that it describes: manifest, types, loader and Rust name the same things.

use std::collections::BTreeSet;

use super::*;

const LOADER: &str = include_str!("../../../../www/widget/element.js");
const TYPES: &str = include_str!("../../../../www/widget.d.ts");
const REACT: &str = include_str!("../../../../npm/react.d.ts");
const MANIFEST: &str = include_str!("../../../../npm/custom-elements.json");
const STYLE: &str = include_str!("../../../../www/widget.css");
const EMBED: &str = include_str!("../../../../src/embed.rs");
const OPTIONS: &str = include_str!("../../../../src/options.rs");

type Names = BTreeSet<String>;

/// What stands between each `before` and the next `after`.
fn between(text: &str, before: &str, after: &str) -> Names {
    let mut names = Names::new();
    let mut rest = text;
    while let Some((_, from)) = rest.split_once(before)
        && let Some((name, behind)) = from.split_once(after)
    {
        names.insert(name.to_owned());
        rest = behind;
    }
    names
}

fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap();
    rest.split_once(to).unwrap().0
}

/// Names of one list of the manifest's element.
fn manifest(list: &str) -> Names {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let element = &manifest["modules"][0]["declarations"][0];
    let entries = element[list].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["name"].as_str().unwrap().to_owned())
        .collect()
}

fn kebab(camel: &str) -> String {
    camel
        .chars()
        .flat_map(|character| {
            let dash = character.is_ascii_uppercase().then_some('-');
            dash.into_iter().chain([character.to_ascii_lowercase()])
        })
        .collect()
}

#[test]
fn attributes_are_the_options_that_are_texts() {
    let options = between(part(OPTIONS, "const TEXTS", "];"), "\"", "\",");
    let mut options: Names = options.iter().map(|name| kebab(name)).collect();
    // The loader brings them.
    assert!(options.remove("words"));
    assert_eq!(manifest("attributes"), options);
    let loader = part(LOADER, "const ATTRIBUTES = {", "};");
    let read: Names = loader
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.trim().trim_matches('"').to_owned())
        .collect();
    assert_eq!(read, options);
    let documented = between(part(TYPES, "* Attributes: ", " * Slot:"), "`", "`");
    assert!(options.is_subset(&documented), "{documented:?}");
    let react = part(REACT, "PairLinkElement> & {", "fetchToken");
    for name in &options {
        assert!(react.contains(name), "react.d.ts lacks {name}");
    }
}

#[test]
fn events_are_what_the_widget_announces() {
    let announced = between(part(EMBED, "fn event(", "\n}"), "=> (\"", "\"");
    let inner = part(EMBED, "fn event(", "\n}");
    let announced: Names = announced
        .into_iter()
        .chain(between(inner, "=> (\n            \"", "\""))
        .map(|name| format!("pairlink:{name}"))
        .collect();
    assert_eq!(manifest("events"), announced);
    assert_eq!(
        between(TYPES, "\"pairlink:", "\":")
            .iter()
            .map(|name| format!("pairlink:{name}"))
            .collect::<Names>(),
        announced
    );
}

#[test]
fn methods_are_the_handles() {
    let handle = part(EMBED, "impl Handle {", "\n}\n");
    let mut methods = between(handle, "pub fn ", "(");
    // The loader calls it when an attribute changes.
    assert!(methods.remove("update"));
    let mut members = manifest("members");
    assert!(members.remove("fetchToken"));
    assert_eq!(members, methods);
    let typed = part(TYPES, "interface PairLinkElement", "addEventListener");
    let class = part(LOADER, "class PairLinkElement", "\n}\n");
    for method in &methods {
        assert!(typed.contains(&format!("  {method}(): void;")), "{method}");
        assert!(class.contains(&format!("\n  {method}() {{")), "{method}");
    }
}

#[test]
fn variables_are_the_style_sheets() {
    for name in manifest("cssProperties") {
        assert!(STYLE.contains(&name), "{name} is nowhere in widget.css");
    }
}

/// As the bundler writes it, in little.
const BUNDLE: &str = "var GLUE = file(new URL(\"__PAIRLINK_GLUE__\", import.meta.url), \"__PAIRLINK_GLUE_HASH__\");\n\
    var WASM = file(new URL(\"__PAIRLINK_WASM__\", import.meta.url), \"__PAIRLINK_WASM_HASH__\");\n\
    var HOME = new URL(\".\", import.meta.url).href;\n\
    var LANGUAGES = \"__PAIRLINK_LANGUAGES__\".split(\" \");\n\
    var wordsAddress = (language) => new URL(`__PAIRLINK_WORDS__${language}.json`, import.meta.url);\n";

#[test]
fn the_loader_becomes_a_module_of_the_package() {
    let module = element(BUNDLE).unwrap();
    assert!(!module.contains("__PAIRLINK_"), "{module}");
    for part in [
        "file(new URL(\"./assets/pairlink.wasm\", import.meta.url), \"\")",
        "\"pt-BR\": new URL(\"./assets/words/pt-BR.json\", import.meta.url),",
        "\"en es pt-BR ",
        NO_HOME,
    ] {
        assert!(module.contains(part), "{part}: {module}");
    }
}

#[test]
fn a_loader_that_is_built_otherwise_is_refused() {
    let error = |loader: &str| element(loader).unwrap_err().to_string();
    assert!(error(&BUNDLE.replace(HOME, "let HOME = ")).contains("HOME"));
    assert!(error(&BUNDLE.replace(WORDS, "var other = ")).contains("wordsAddress"));
    let other = BUNDLE.replace("__PAIRLINK_GLUE__", "__PAIRLINK_FONT__");
    assert!(error(&other).contains("__PAIRLINK_FONT__"));
}

#[test]
fn the_tarballs_name_is_read_from_either_answer_of_npm() {
    for said in [
        r#"[{"filename": "pairlink-1.0.0.tgz"}]"#,
        r#"{"pairlink": {"filename": "pairlink-1.0.0.tgz"}}"#,
    ] {
        assert_eq!(file_name(said).unwrap(), "pairlink-1.0.0.tgz");
    }
    assert_eq!(file_name("[]"), None);
}
