//! What the widget says, as files: for each language a list of strings as JSON, and the first of them as a module. A page
//! loads one of them.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use pairlink_words::LANGUAGES;

use super::{Build, assets};

/// The placeholders of a script: the folder of the languages, and their tags with spaces in between.
const FOLDER: &str = "__PAIRLINK_WORDS__";
const TAGS: &str = "__PAIRLINK_LANGUAGES__";
/// How many strings scripts say themselves; the others are the widget's.
const FIRST: usize = 7;

/// The name of the folder says what is in it, as the names of other files do.
pub(crate) fn folder() -> String {
    let mut all: Vec<String> = LANGUAGES
        .iter()
        .map(|words| words.list().join("\0"))
        .collect();
    all.push(FIRST.to_string());
    format!("words-{}", assets::content_hash(all.join("\0").as_bytes()))
}

/// Writes every language into a folder of its own and says what that is called.
pub(super) fn write(assets: &Path, build: Build) -> Result<String> {
    let folder = folder();
    let directory = assets.join(&folder);
    fs::create_dir_all(&directory)?;
    for words in LANGUAGES {
        let list = words.list();
        let strings = serde_json::to_vec(&list)?;
        let file = directory.join(format!("{}.json", words.language));
        assets::write_compressed(&file, &strings, build)?;
        let first: Vec<_> = list.into_iter().take(FIRST).collect();
        let module = format!("export default {};\n", serde_json::to_string(&first)?);
        let file = file.with_extension("js");
        assets::write_compressed(&file, module.as_bytes(), build)?;
    }
    Ok(folder)
}

/// Tells a script where the languages are, as seen from its own place, and which there are.
pub(super) fn name_in(script: &str, folder: &str) -> Result<String> {
    for placeholder in [FOLDER, TAGS] {
        if !script.contains(placeholder) {
            bail!("the script lacks the placeholder {placeholder}");
        }
    }
    let tags: Vec<_> = LANGUAGES.iter().map(|words| words.language).collect();
    Ok(script
        .replace(FOLDER, &format!("{folder}/"))
        .replace(TAGS, &tags.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_a_file_that_the_loader_finds() {
        let directory = tempfile::tempdir().unwrap();
        let folder = write(directory.path(), Build::Dev).unwrap();
        let loader = name_in(
            "at('__PAIRLINK_WORDS__', '__PAIRLINK_LANGUAGES__')",
            &format!("./assets/{folder}"),
        )
        .unwrap();
        assert!(
            loader.starts_with(&format!("at('./assets/{folder}/', 'en ")),
            "{loader}"
        );
        for words in LANGUAGES {
            let file = directory
                .path()
                .join(&folder)
                .join(format!("{}.json", words.language));
            let list: Vec<String> =
                serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            assert_eq!(list, words.list());
            let module = fs::read_to_string(file.with_extension("js")).unwrap();
            let first = module
                .strip_prefix("export default ")
                .and_then(|rest| rest.strip_suffix(";\n"))
                .unwrap();
            let first: Vec<String> = serde_json::from_str(first).unwrap();
            assert_eq!(first, list[..FIRST]);
            assert_eq!(first.last().unwrap(), words.region);
            assert!(loader.contains(words.language));
            assert!(
                file.with_extension("json.br").is_file()
                    && file.with_extension("json.gz").is_file()
            );
        }
    }

    #[test]
    fn a_script_that_knows_no_languages_is_refused() {
        let error = name_in("at('__PAIRLINK_WORDS__')", "words-0").unwrap_err();
        assert!(error.to_string().contains(TAGS), "{error}");
    }
}
