//! Everything that Pairlink says to people, in every language that it speaks.
//!
//! A language is one file here and one line in [`LANGUAGES`]. [`Words`] has one field for each string, so that a
//! language that lacks one does not compile. Programs link all of them; a page with the element loads the one that it
//! needs as a list of strings.

pub mod hosted;
mod part;
mod words;

pub mod ar;
pub mod de;
pub mod en;
pub mod es;
pub mod fr;
pub mod he;
pub mod hi;
pub mod id;
pub mod it;
pub mod pt_br;
pub mod ru;
pub mod tr;
pub mod zh_hans;

#[cfg(test)]
mod tests;

use std::cell::Cell;

use part::Part as _;
pub use words::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Every language, the one to fall back to first.
pub static LANGUAGES: &[&Words] = &[
    &en::WORDS,
    &es::WORDS,
    &pt_br::WORDS,
    &fr::WORDS,
    &de::WORDS,
    &it::WORDS,
    &ru::WORDS,
    &id::WORDS,
    &hi::WORDS,
    &ar::WORDS,
    &he::WORDS,
    &tr::WORDS,
    &zh_hans::WORDS,
];

/// English, which everything falls back to.
pub const fn english() -> &'static Words {
    &en::WORDS
}

/// The language for a tag such as `de-AT`, `zh_CN` or `iw`; English if it is not there.
pub fn of(tag: &str) -> &'static Words {
    find(tag).unwrap_or(english())
}

/// The language for a tag, if it is there: for going through what somebody prefers.
///
/// Each language is there in one variant, which serves its others too: whoever reads Portuguese of Portugal is better
/// off with that of Brazil than with English. So it is with the traditional script of Chinese: Unicode's own matching of
/// languages takes the simplified one for it before any other language.
pub fn find(tag: &str) -> Option<&'static Words> {
    let primary = primary(tag);
    // Codes that were replaced long ago, and that Android and Java still send.
    let primary = [("iw", "he"), ("in", "id"), ("cmn", "zh")]
        .into_iter()
        .find_map(|(old, new)| primary.eq_ignore_ascii_case(old).then_some(new))
        .unwrap_or(primary);
    LANGUAGES
        .iter()
        .copied()
        .find(|words| self::primary(words.language).eq_ignore_ascii_case(primary))
}

/// The language of a tag, without country and script.
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// What stands between the strings of a language that is read from one text.
pub const SEPARATOR: &str = "\0";

/// What stands before the first character of that kind, and what after it. The character is one of ASCII.
// One small copy for all that is cut apart: a page loads this.
#[inline(never)]
pub fn cut<'a>(text: &'a str, at: &str) -> (&'a str, &'a str) {
    let end = text.bytes().position(|byte| at.as_bytes() == [byte]);
    let (before, rest) = text
        .split_at_checked(end.unwrap_or(text.len()))
        .unwrap_or((text, ""));
    (before, rest.get(1..).unwrap_or_default())
}

thread_local! {
    /// Languages that were read, the last one first: a page that mounts a thousand widgets keeps one copy of each.
    static READ: Cell<Option<&'static Read>> = const { Cell::new(None) };
}

struct Read {
    text: &'static str,
    words: Words,
    earlier: Option<&'static Self>,
}

impl Words {
    /// How many strings a language has.
    pub const LEN: usize = <Self as part::Part>::LEN;

    /// All strings, in their fixed order.
    pub fn list(&self) -> Vec<&'static str> {
        let mut list = Vec::with_capacity(Self::LEN);
        self.write(&mut list);
        list
    }

    /// What the strings of [`Self::list`] are called, in the same order: `qr.live.title`.
    pub fn names() -> Vec<String> {
        let mut names = Vec::with_capacity(Self::LEN);
        Self::name("", &mut names);
        names
    }

    /// The language whose [`Self::list`] was joined by [`SEPARATOR`]. Stays in memory, once for each language.
    ///
    /// Nothing if there are not as many strings as a language has.
    pub fn from_text(text: &str) -> Option<&'static Self> {
        let last = READ.get();
        let mut known = last;
        while let Some(read) = known {
            if read.text == text {
                return Some(&read.words);
            }
            known = read.earlier;
        }
        let separators = text.bytes().filter(|byte| SEPARATOR.as_bytes() == [*byte]);
        if separators.count() + 1 != Self::LEN {
            return None;
        }
        let text: &'static str = text.to_owned().leak();
        let read = Box::leak(Box::new(Read {
            text,
            words: Self::EMPTY,
            earlier: last,
        }));
        read.words.read(&mut { text });
        let read = &*read;
        READ.set(Some(read));
        Some(&read.words)
    }
}

/// Languages are compared by where they are: there is one copy of each.
impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Words {}
