//! From built files to what a server serves: hashed names, filled-in placeholders, compressed siblings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

use super::{Build, languages};

/// What the loader calls a file's address and its hash, and the manifest the file; in the order glue, module, style
/// sheet.
const ROLES: [[&str; 3]; 3] = [
    ["__PAIRLINK_GLUE__", "__PAIRLINK_GLUE_HASH__", "glue"],
    ["__PAIRLINK_WASM__", "__PAIRLINK_WASM_HASH__", "wasm"],
    ["__PAIRLINK_CSS__", "__PAIRLINK_CSS_HASH__", "css"],
];
/// Names the files for servers that write them into pages of their own.
const MANIFEST: &str = "manifest.json";

/// What goes in.
pub(super) struct Sources {
    pub(super) loader: String,
    pub(super) style: String,
    pub(super) glue: String,
    pub(super) wasm: Vec<u8>,
    /// The script of the page in a frame.
    pub(super) frame: String,
    /// The script of pages that have the widget in a frame.
    pub(super) embed: String,
}

/// Writes `widget.js`, `embed.js`, `assets/` and the manifest into a new directory.
pub(super) fn write(sources: &Sources, build: Build, into: &Path) -> Result<()> {
    let assets = into.join("assets");
    fs::create_dir_all(&assets).with_context(|| format!("creating {}", assets.display()))?;
    let mut loader = sources.loader.clone();
    let (glue, style) = (sources.glue.as_bytes(), sources.style.as_bytes());
    let files: [(&[u8], &str); 3] = [(glue, "js"), (&sources.wasm, "wasm"), (style, "css")];
    let mut manifest = BTreeMap::new();
    for ([address, hash, role], (content, extension)) in ROLES.into_iter().zip(files) {
        for placeholder in [address, hash] {
            if !loader.contains(placeholder) {
                bail!("the loader lacks the placeholder {placeholder}");
            }
        }
        let name = format!("pairlink-{}.{extension}", content_hash(content));
        write_compressed(&assets.join(&name), content, build)?;
        loader = loader
            .replace(address, &format!("./assets/{name}"))
            .replace(hash, &integrity(content));
        manifest.insert(role, format!("assets/{name}"));
    }
    let words = languages::write(&assets, build)?;
    let from_the_root = format!("./assets/{words}");
    loader = languages::name_in(&loader, &from_the_root)?;
    let embed = languages::name_in(&sources.embed, &from_the_root)?;
    let frame = languages::name_in(&sources.frame, &format!("./{words}"))?;
    manifest.insert("words", format!("assets/{words}/"));
    let frame = frame.as_bytes();
    let name = format!("frame-{}.js", content_hash(frame));
    write_compressed(&assets.join(&name), frame, build)?;
    manifest.insert("frame", format!("assets/{name}"));
    let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
    fs::write(into.join(MANIFEST), manifest)?;
    write_compressed(&into.join("embed.js"), embed.as_bytes(), build)?;
    write_compressed(&into.join("widget.js"), loader.as_bytes(), build)
}

/// What browsers hold a file against before they use it.
fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(content)))
}

/// The first 64 bits of SHA-256: enough to tell versions of one file apart for ever.
pub(super) fn content_hash(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    hexadecimal(digest.get(..8).unwrap_or(&digest))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").ok();
    }
    text
}

pub(super) fn write_compressed(path: &Path, content: &[u8], build: Build) -> Result<()> {
    let beside = |extension: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(extension);
        name
    };
    fs::write(path, content)?;
    fs::write(beside(".br"), brotli(content, build)?)?;
    fs::write(beside(".gz"), gzip(content, build)?)?;
    Ok(())
}

fn brotli(content: &[u8], build: Build) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: match build {
            Build::Small | Build::Dist => 11,
            Build::Dev => 2,
        },
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8], build: Build) -> Result<Vec<u8>> {
    let level = match build {
        Build::Small | Build::Dist => flate2::Compression::best(),
        Build::Dev => flate2::Compression::fast(),
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn sources() -> Sources {
        Sources {
            loader: "load('__PAIRLINK_GLUE__', '__PAIRLINK_WASM__', '__PAIRLINK_CSS__')\n\
                 check('__PAIRLINK_GLUE_HASH__', '__PAIRLINK_WASM_HASH__', '__PAIRLINK_CSS_HASH__')\n\
                 say(\"__PAIRLINK_WORDS__\", \"__PAIRLINK_LANGUAGES__\")\n"
                .to_owned(),
            style: ":host { color: red }\n".repeat(20),
            glue: "export default 1;\n".to_owned(),
            wasm: vec![0, 97, 115, 109],
            frame: "wait(\"__PAIRLINK_WORDS__\", \"__PAIRLINK_LANGUAGES__\")\n".to_owned(),
            embed: "define(\"__PAIRLINK_WORDS__\", \"__PAIRLINK_LANGUAGES__\")\n".to_owned(),
        }
    }

    #[test]
    fn the_loader_names_files_that_exist_and_each_unpacks_to_itself() {
        let directory = tempfile::tempdir().unwrap();
        write(&sources(), Build::Small, directory.path()).unwrap();
        let loader = fs::read_to_string(directory.path().join("widget.js")).unwrap();
        let named: Vec<_> = loader.split('\'').skip(1).step_by(2).collect();
        let extensions = [".js", ".wasm", ".css"];
        let (named, hashes) = named.split_at(extensions.len());
        // The one in the middle was worked out by another program.
        assert_eq!(
            hashes,
            [
                &*integrity(sources().glue.as_bytes()),
                "sha256-zV1JNaSMBnLLBkB7tEO8AIev+UfGuGS6yIaYLHOzAn8=",
                &*integrity(sources().style.as_bytes()),
            ]
        );
        for (name, extension) in named.iter().zip(extensions) {
            let hash = name
                .strip_prefix("./assets/pairlink-")
                .and_then(|rest| rest.strip_suffix(extension))
                .unwrap();
            assert_eq!(hash.len(), 16);
            let plain = fs::read(directory.path().join(name)).unwrap();
            assert_eq!(content_hash(&plain), hash);
            let mut unpacked = Vec::new();
            brotli::BrotliDecompress(
                &mut &*fs::read(directory.path().join(format!("{name}.br"))).unwrap(),
                &mut unpacked,
            )
            .unwrap();
            assert_eq!(unpacked, plain);
            let gzipped = fs::read(directory.path().join(format!("{name}.gz"))).unwrap();
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&*gzipped)
                .read_to_end(&mut unpacked)
                .unwrap();
            assert_eq!(unpacked, plain);
        }
    }

    #[test]
    fn the_manifest_names_every_file_and_the_loader_its_own() {
        let directory = tempfile::tempdir().unwrap();
        write(&sources(), Build::Small, directory.path()).unwrap();
        let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
        let manifest: BTreeMap<String, String> = serde_json::from_str(&read(MANIFEST)).unwrap();
        let roles: Vec<_> = manifest.keys().collect();
        assert_eq!(roles, ["css", "frame", "glue", "wasm", "words"]);
        for (role, name) in &manifest {
            let is_named = read("widget.js").contains(&format!("'./{name}'"));
            assert_eq!(
                is_named,
                !["frame", "words"].contains(&role.as_str()),
                "{name}"
            );
            assert!(directory.path().join(name).exists(), "{name}");
        }
        for name in ["embed.js", "embed.js.br", "embed.js.gz"] {
            assert!(directory.path().join(name).is_file(), "{name}");
        }
    }

    #[test]
    fn a_changed_file_gets_another_name() {
        assert_ne!(content_hash(b"one"), content_hash(b"two"));
    }

    #[test]
    fn a_loader_without_its_placeholders_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let sources = Sources {
            loader: "load()".to_owned(),
            ..sources()
        };
        let error = write(&sources, Build::Small, directory.path()).unwrap_err();
        assert!(error.to_string().contains("__PAIRLINK_GLUE__"), "{error}");
    }
}
