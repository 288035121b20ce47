//! What SECURITY.md promises is tested by what it names.

use std::path::{Path, PathBuf};

/// Where a test of that name would be: `tests/system/a/b.rs` for `a::b::name`.
fn file_of(root: &Path, modules: &[&str]) -> PathBuf {
    root.join(modules.join("/")).with_extension("rs")
}

#[test]
fn every_test_that_is_named_is_there() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let text = std::fs::read_to_string(here.join("../SECURITY.md")).unwrap();
    let mut named = 0;
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let Some(tests) = line.trim_end_matches(" |").split(" | ").nth(3) else {
            continue;
        };
        let pieces: Vec<&str> = tests.split('`').collect();
        for pair in pieces.chunks_exact(2) {
            let [before, name] = pair else { continue };
            let root = if before.trim_end().ends_with("e2e") {
                here.join("../tests/e2e/tests/e2e")
            } else {
                here.join("tests/system")
            };
            let parts: Vec<&str> = name.split("::").collect();
            let (function, modules) = parts.split_last().unwrap();
            let file = file_of(&root, modules);
            let source = std::fs::read_to_string(&file)
                .unwrap_or_else(|error| panic!("{name}: {}: {error}", file.display()));
            assert!(source.contains(&format!("fn {function}(")), "{name}");
            named += 1;
        }
    }
    assert!(named > 30, "{named}");
}
