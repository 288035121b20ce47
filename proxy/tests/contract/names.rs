//! A provider's name stands in its adapter and its registration, nowhere else.

use std::path::{Path, PathBuf};

use pairlink_proxy::provider::{AddressPolicy, Registry, Upstream, UpstreamLimits};

use super::cases::LOGINS;

fn registered() -> Vec<&'static str> {
    // The second and later times it is there already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let upstream = Upstream::new(AddressPolicy::PublicOnly, UpstreamLimits::default()).unwrap();
    Registry::builtin(&upstream).names().collect()
}

/// Every source file below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The code of a file in small letters, without its comments and its tests.
fn code(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap().to_lowercase();
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_registered_provider_is_in_this_suite() {
    let known: Vec<_> = LOGINS.iter().map(|(provider, _login)| *provider).collect();
    assert_eq!(registered(), known);
}

#[test]
fn no_provider_is_named_outside_its_adapter_and_its_registration() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..");
    let mut looked_at = 0;
    for folder in ["proxy/src", "protocol/src", "src", "demo/src"] {
        for file in sources(&root.join(folder)) {
            let place = file.strip_prefix(&root).unwrap();
            let inside = place.starts_with("proxy/src/provider")
                || place == Path::new("proxy/src/provider.rs")
                // Tests in files of their own.
                || place.components().any(|part| part.as_os_str() == "tests")
                || place.ends_with("tests.rs");
            if inside {
                continue;
            }
            looked_at += 1;
            let code = code(&file);
            for name in registered() {
                for written in [
                    name.to_owned(),
                    name.replace('-', "_"),
                    name.replace('-', ""),
                ] {
                    assert!(!code.contains(&written), "{name} in {}", place.display());
                }
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} files");
}
