//! Short names for what module and glue call each other. wasm-bindgen ends them in hashes, which no compressor can make
//! smaller, or writes types into them, and each stands in both files.

use std::collections::{HashMap, HashSet};

use super::wasm::{
    EXPORT_SECTION, IMPORT_SECTION, byte, header, number, put_number, put_section, put_sized,
    sections, text,
};

const HASH_DIGITS: usize = 16;
/// How wasm-bindgen begins the names that are between the two alone.
const INTERNAL: [&str; 4] = ["__wb", "__externref_", "wasm_bindgen_", "handle_"];
/// What the module calls the glue.
const GLUE: &str = "./pairlink_bg.js";
const SHORT_GLUE: &str = "a";

/// Both files with shorter names, or `None` if the module holds something that this does not understand.
pub(super) fn shorten(wasm: &[u8], glue: &str) -> Option<(Vec<u8>, String)> {
    let mut names = Names::default();
    for_each_name(wasm, |name| names.see(name))?;
    let short = names.shortened();
    let mut shorter = header(wasm)?;
    for (id, body) in sections(wasm)? {
        let rewritten = match id {
            IMPORT_SECTION => rewrite(body, import, &short)?,
            EXPORT_SECTION => rewrite(body, export, &short)?,
            _other => body.to_vec(),
        };
        put_section(&mut shorter, id, &rewritten)?;
    }
    let glue = replace_words(glue, &short);
    Some((shorter, glue.replace(GLUE, SHORT_GLUE)))
}

/// The names of one module, in the order in which they come.
#[derive(Default)]
struct Names {
    hashed: Vec<String>,
    others: HashSet<String>,
}

impl Names {
    fn see(&mut self, name: &str) {
        let is_internal = INTERNAL.iter().any(|beginning| name.starts_with(beginning));
        if !is_internal && !ends_in_hash(name) {
            self.others.insert(name.to_owned());
        } else if !self.hashed.iter().any(|seen| seen == name) {
            self.hashed.push(name.to_owned());
        }
    }

    fn shortened(self) -> HashMap<String, String> {
        let Self { hashed, others } = self;
        let free = (0..).map(short_name).filter(|name| !others.contains(name));
        hashed.into_iter().zip(free).collect()
    }
}

fn ends_in_hash(name: &str) -> bool {
    name.len() > HASH_DIGITS
        && name
            .bytes()
            .rev()
            .take(HASH_DIGITS)
            .all(|byte| byte.is_ascii_hexdigit())
}

/// a, b, … z, aa, ba, …: property names, for which JavaScript has no reserved words.
fn short_name(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.extend(('a'..='z').nth(number % 26));
        match (number / 26).checked_sub(1) {
            Some(rest) => number = rest,
            None => return name,
        }
    }
}

/// Replaces whole words only.
fn replace_words(text: &str, short: &HashMap<String, String>) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || "_$".contains(character);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_word) {
        let (between, from_word) = rest.split_at(start);
        let end = from_word
            .find(|character| !is_word(character))
            .unwrap_or(from_word.len());
        let (word, behind) = from_word.split_at(end);
        replaced.push_str(between);
        replaced.push_str(short.get(word).map_or(word, String::as_str));
        rest = behind;
    }
    replaced + rest
}

/// An import or export: the bytes before its name, the name, and the bytes after it.
type Entry<'a> = (Vec<u8>, &'a str, &'a [u8]);

fn for_each_name(wasm: &[u8], mut see: impl FnMut(&str)) -> Option<()> {
    for (id, body) in sections(wasm)? {
        let entry = match id {
            IMPORT_SECTION => import,
            EXPORT_SECTION => export,
            _other => continue,
        };
        let mut bytes = body;
        for _ in 0..number(&mut bytes)? {
            let (_, name, _) = entry(&mut bytes)?;
            see(name);
        }
    }
    Some(())
}

fn rewrite(
    body: &[u8],
    entry: for<'a> fn(&mut &'a [u8]) -> Option<Entry<'a>>,
    short: &HashMap<String, String>,
) -> Option<Vec<u8>> {
    let mut bytes = body;
    let count = number(&mut bytes)?;
    let mut rewritten = Vec::with_capacity(body.len());
    put_number(&mut rewritten, count)?;
    for _ in 0..count {
        let (before, name, after) = entry(&mut bytes)?;
        let name = short.get(name).map_or(name, String::as_str);
        rewritten.extend(before);
        put_sized(&mut rewritten, name.as_bytes())?;
        rewritten.extend(after);
    }
    bytes.is_empty().then_some(rewritten)
}

/// Module, name, and what is imported: a function's type is all that wasm-bindgen asks for.
fn import<'a>(bytes: &mut &'a [u8]) -> Option<Entry<'a>> {
    let module = text(bytes)?;
    let name = text(bytes)?;
    let after = *bytes;
    if byte(bytes)? != 0 {
        return None;
    }
    number(bytes)?;
    let mut before = Vec::new();
    let module = if module == GLUE { SHORT_GLUE } else { module };
    put_sized(&mut before, module.as_bytes())?;
    Some((before, name, after.get(..after.len() - bytes.len())?))
}

fn export<'a>(bytes: &mut &'a [u8]) -> Option<Entry<'a>> {
    let name = text(bytes)?;
    let after = *bytes;
    byte(bytes)?;
    number(bytes)?;
    Some((Vec::new(), name, after.get(..after.len() - bytes.len())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORTED: &str = "__wbg_then_656f253a5dd7d8ea";
    const EXPORTED: &str = "closure_invoke__h0123456789abcdef";

    /// One imported function, which is exported again under two names, and a section that is none of our business.
    fn module(imported: &str, exported: &str) -> Vec<u8> {
        let name = |text: &str| {
            let mut bytes = Vec::new();
            put_sized(&mut bytes, text.as_bytes()).unwrap();
            bytes
        };
        let import = [vec![1], name("./glue.js"), name(imported), vec![0, 200, 1]].concat();
        let export = [vec![2], name("a"), vec![0, 0], name(exported), vec![0, 0]].concat();
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        for (id, body) in [
            (1, vec![7; 300]),
            (IMPORT_SECTION, import),
            (EXPORT_SECTION, export),
        ] {
            put_section(&mut wasm, id, &body).unwrap();
        }
        wasm
    }

    #[test]
    fn module_and_glue_agree_on_new_names() {
        let glue = format!("const imports = {{ {IMPORTED}: f }}; wasm.{EXPORTED}(); wasm.a();");
        let (wasm, glue) = shorten(&module(IMPORTED, EXPORTED), &glue).unwrap();
        // `a` is taken by an export that keeps its name.
        assert_eq!(wasm, module("b", "c"));
        assert_eq!(glue, "const imports = { b: f }; wasm.c(); wasm.a();");
    }

    #[test]
    fn only_whole_words_are_replaced() {
        let glue = format!("x{IMPORTED} {IMPORTED}_ '{IMPORTED}'");
        let (_, replaced) = shorten(&module(IMPORTED, EXPORTED), &glue).unwrap();
        assert_eq!(replaced, format!("x{IMPORTED} {IMPORTED}_ 'b'"));
    }

    #[test]
    fn names_of_our_own_stay() {
        let wasm = module("log", "mount");
        assert_eq!(
            shorten(&wasm, "mount()"),
            Some((wasm, "mount()".to_owned()))
        );
    }

    #[test]
    fn what_is_not_understood_is_refused_whole() {
        let mut imports_a_table = module(IMPORTED, EXPORTED);
        let kind = imports_a_table
            .windows(3)
            .position(|bytes| bytes == [0, 200, 1])
            .unwrap();
        imports_a_table[kind] = 1;
        for wasm in [
            imports_a_table,
            b"\0asm\x01\0\0\0\x02\x7f".to_vec(),
            b"\0asm".to_vec(),
        ] {
            assert_eq!(shorten(&wasm, ""), None);
        }
    }

    #[test]
    fn short_names_never_repeat() {
        let names: HashSet<_> = (0..2000).map(short_name).collect();
        assert_eq!(names.len(), 2000);
        assert_eq!([0, 25, 26].map(short_name), ["a", "z", "aa"]);
    }
}
