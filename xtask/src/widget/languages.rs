//! What the widget says, as files: one for each language, a list of strings as JSON. A page loads one of them.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use pairlink_words::LANGUAGES;

use super::{Build, assets};

/// The loader's placeholders: the folder of the languages, and their tags with spaces in between.
const FOLDER: &str = "__PAIRLINK_WORDS__";
const TAGS: &str = "__PAIRLINK_LANGUAGES__";

/// The name of the folder says what is in it, as the names of other files do.
pub(crate) fn folder() -> String {
    let all: Vec<String> = LANGUAGES
        .iter()
        .map(|words| words.list().join("\0"))
        .collect();
    format!("words-{}", assets::content_hash(all.join("\0").as_bytes()))
}

/// Writes every language into a folder of its own and says what that is called.
pub(super) fn write(assets: &Path, build: Build) -> Result<String> {
    let folder = folder();
    let directory = assets.join(&folder);
    fs::create_dir_all(&directory)?;
    for words in LANGUAGES {
        let strings = serde_json::to_vec(&words.list())?;
        let file = directory.join(format!("{}.json", words.language));
        assets::write_compressed(&file, &strings, build)?;
    }
    Ok(folder)
}

/// Tells the loader where the languages are and which there are.
pub(super) fn name_in(loader: &str, folder: &str) -> Result<String> {
    for placeholder in [FOLDER, TAGS] {
        if !loader.contains(placeholder) {
            bail!("the loader lacks the placeholder {placeholder}");
        }
    }
    let tags: Vec<_> = LANGUAGES.iter().map(|words| words.language).collect();
    Ok(loader
        .replace(FOLDER, &format!("./assets/{folder}/"))
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
            &folder,
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
            assert!(loader.contains(words.language));
            assert!(
                file.with_extension("json.br").is_file()
                    && file.with_extension("json.gz").is_file()
            );
        }
    }

    #[test]
    fn a_loader_that_knows_no_languages_is_refused() {
        let error = name_in("at('__PAIRLINK_WORDS__')", "words-0").unwrap_err();
        assert!(error.to_string().contains(TAGS), "{error}");
    }
}
