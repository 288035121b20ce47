//! Everything that Pairlink says to people, in every language that it speaks.
//!
//! A language is one file here and one line in [`LANGUAGES`]. [`Words`] has one field for each string, so that a
//! language that lacks one does not compile. Programs link all of them; a page with the element loads the one that it
//! needs as a list of strings.

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

use std::sync::{Mutex, PoisonError};

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
pub const SEPARATOR: char = '\0';

/// Languages that were read, with what they were read from: a page that mounts a thousand widgets keeps one copy.
static READ: Mutex<Vec<(&str, &Words)>> = Mutex::new(Vec::new());

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
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, words)) = read.iter().find(|(source, _)| *source == text) {
            return Some(words);
        }
        if text.split(SEPARATOR).count() != Self::LEN {
            return None;
        }
        let text: &'static str = text.to_owned().leak();
        let words = Box::leak(Box::new(Self::EMPTY));
        words.read(&mut text.split(SEPARATOR));
        read.push((text, words));
        Some(words)
    }
}

/// Languages are compared by where they are: there is one copy of each.
impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Words {}
