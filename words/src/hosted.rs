//! What the hosted pages say around the element. The element never loads any of it.
//!
//! A language is one file and one line in [`LANGUAGES`]; a field that is missing does not compile. `{…}` in a text is put
//! in by the page, and stands where the language wants it.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod he;
mod hi;
mod id;
mod it;
mod pt_br;
mod ru;
mod tr;
mod zh_hans;

/// Every language, the one to fall back to first.
static LANGUAGES: [&HostedWords; 13] = [
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

/// Everything that the hosted pages say, in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct HostedWords {
    /// A language tag.
    pub language: &'static str,
    /// Which way it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// The title in the browser's tab.
    pub title: &'static str,
    /// Before anything is opened.
    pub consent: Consent,
    /// The page that shows the code.
    pub connect: Connect,
    /// An account that needs no phone; `{label}`.
    pub no_phone: Notice,
    /// The link was closed by whoever did not ask for it.
    pub closed: Notice,
    /// The link opens nothing any more.
    pub ended: Notice,
    /// The link is alive, and was opened in as many browsers as it may.
    pub too_many: Notice,
    /// There never was such a link.
    pub unknown: Notice,
    /// The request came from another site's page.
    pub foreign: Notice,
    /// It could not be done just now.
    pub failed: Notice,
    /// `{reference}` names the request.
    pub reference: &'static str,
    /// Less than two minutes.
    pub a_minute: &'static str,
    /// `{minutes}`, two or more.
    pub minutes: &'static str,
}

/// A page with nothing to press.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice {
    /// A few words.
    pub title: &'static str,
    /// What it means, and what to do: a paragraph each.
    pub body: &'static [&'static str],
}

/// Who asks, what it grants, until when.
#[derive(Debug, PartialEq, Eq)]
pub struct Consent {
    /// The headline, a question.
    pub title: &'static str,
    /// Before the name of who asks.
    pub who: &'static str,
    /// Before the name of the customer, where the host has given one.
    pub purpose: &'static str,
    /// Before the host of the page.
    pub through: &'static str,
    /// Before what it grants.
    pub grants: &'static str,
    /// What it grants; `{label}` is who asks.
    pub granted: &'static str,
    /// Before until when.
    pub until: &'static str,
    /// `{time}` is how long the page works.
    pub page_until: &'static str,
    /// How long the grant lasts.
    pub grant_until: &'static str,
    /// When to go on.
    pub caution: &'static str,
    /// Goes on.
    pub go_on: &'static str,
    /// Ends it for everybody.
    pub refuse: &'static str,
}

/// The page that shows the code.
#[derive(Debug, PartialEq, Eq)]
pub struct Connect {
    /// Names the field.
    pub number: &'static str,
    /// How to write it.
    pub number_hint: &'static str,
    /// It is not a number that can be called.
    pub number_faulty: &'static str,
    /// Reads the page again.
    pub refresh: &'static str,
    /// `{seconds}` until the page reads itself again.
    pub refreshes: &'static str,
    /// `{time}` is how long the page works.
    pub page_until: &'static str,
    /// Ends everything.
    pub not_me: &'static str,
    /// What that does.
    pub not_me_hint: &'static str,
}

impl HostedWords {
    /// The language for the tags that a visitor reads, the preferred one first; the fallback if none is there.
    pub fn of<'a>(tags: impl IntoIterator<Item = &'a str>) -> &'static Self {
        let [fallback, ..] = LANGUAGES;
        let known = |tag: &'a str| {
            let language = crate::find(tag)?.language;
            LANGUAGES
                .into_iter()
                .find(|words| words.language == language)
        };
        tags.into_iter().find_map(known).unwrap_or(fallback)
    }

    /// How long something takes, in whole minutes.
    pub fn duration(&self, millis: i64) -> String {
        match millis / 60_000 {
            ..=1 => self.a_minute.to_owned(),
            minutes => self.minutes.replace("{minutes}", &minutes.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_there_is_taken() {
        for tags in [&["en-GB"][..], &["xx", "EN"], &["xx"], &[], &["", "-"]] {
            assert_eq!(HostedWords::of(tags.iter().copied()).language, "en");
        }
    }

    #[test]
    fn every_language_of_the_element_is_here_too() {
        let all = crate::LANGUAGES
            .iter()
            .map(|words| (words.language, words.direction));
        let here = LANGUAGES
            .iter()
            .map(|words| (words.language, words.direction));
        assert!(all.eq(here));
        for (tag, language) in [
            ("pt", "pt-BR"),
            ("zh-CN", "zh-Hans"),
            ("iw", "he"),
            ("de-AT", "de"),
        ] {
            assert_eq!(HostedWords::of([tag]).language, language);
        }
    }

    #[test]
    fn what_is_put_in_has_its_place_in_every_language() {
        for words in LANGUAGES {
            let language = words.language;
            for (text, place) in [
                (words.consent.granted, "{label}"),
                (words.consent.page_until, "{time}"),
                (words.connect.refreshes, "{seconds}"),
                (words.connect.page_until, "{time}"),
                (words.no_phone.body.concat().as_str(), "{label}"),
                (words.reference, "{reference}"),
                (words.minutes, "{minutes}"),
            ] {
                assert_eq!(text.matches(place).count(), 1, "{language}: {text}");
            }
            let all = std::fmt::format(format_args!("{words:?}"));
            assert!(!all.contains("\"\""), "{language}: an empty string");
        }
    }

    #[test]
    fn minutes_are_counted_down_and_never_said_to_be_none() {
        for (millis, said) in [
            (-1, "about a minute"),
            (119_999, "about a minute"),
            (120_000, "2 minutes"),
            (1_799_999, "29 minutes"),
        ] {
            assert_eq!(en::WORDS.duration(millis), said);
        }
    }
}
