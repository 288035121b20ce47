//! What a host may set: parsed once, at the edge. Unknown keys are refused with their name.
//!
//! Values arrive as plain data, so that all of this is tested without a browser.

use std::fmt;

use pairlink_protocol::{Method, Sensitive};
use pairlink_words::Words;
use yew::AttrValue;

/// The theme of the widget. The QR code is dark on white in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the visitor's system prefers.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The name in options and in the style sheet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A value of an option as the host gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A text; of a list, its items with [`pairlink_words::SEPARATOR`] in between.
    Text(String),
    /// A function.
    Function,
    /// Nothing: the same as leaving the key out.
    Nothing,
    /// Something that no option takes.
    Other,
}

/// Where the host says that embed tokens come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenOption {
    /// An address of its backend.
    Endpoint(AttrValue),
    /// Its `fetchToken`.
    Function,
}

/// The options of a host, checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Options {
    /// The address of the proxy, with no slash at its end.
    pub base: AttrValue,
    /// Where embed tokens come from.
    pub token: TokenOption,
    /// The methods wanted, the preferred one first; empty for all.
    pub methods: Vec<Method>,
    /// The number of the phone: digits only.
    pub phone_number: Option<Sensitive>,
    /// What the widget says.
    pub words: &'static Words,
    /// How it writes times and names of countries, as a language tag.
    pub locale: Option<AttrValue>,
    /// The theme wanted.
    pub theme: Theme,
}

/// Options that cannot be used. Names the key, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidOptions {
    /// There is no option of that name.
    Unknown(String),
    /// The value of that option cannot be used.
    Invalid(&'static str),
    /// Neither `tokenEndpoint` nor `fetchToken` is there.
    NoTokenSource,
}

impl InvalidOptions {
    /// Says which key is at fault.
    pub fn message(&self) -> String {
        match self {
            Self::Unknown(key) => ["there is no option ", key].concat(),
            Self::Invalid(key) => ["the value of this option cannot be used: ", key].concat(),
            Self::NoTokenSource => "one of tokenEndpoint and fetchToken is needed".to_owned(),
        }
    }
}

impl fmt::Display for InvalidOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message())
    }
}

impl std::error::Error for InvalidOptions {}

/// The options that are texts.
const TEXTS: [&str; 7] = [
    "base",
    "tokenEndpoint",
    "methods",
    "phoneNumber",
    "words",
    "locale",
    "theme",
];
/// The options that are functions; `onEvent` is taken by whoever can call it.
const FUNCTIONS: [&str; 2] = ["fetchToken", "onEvent"];

impl Options {
    /// Checks what the host gave.
    pub fn parse(given: &[(String, Given)]) -> Result<Self, InvalidOptions> {
        check(given)?;
        let text = |name| text(given, name);
        let invalid = InvalidOptions::Invalid;
        Ok(Self {
            base: text("base").and_then(base).ok_or(invalid("base"))?,
            // The function comes first: a page that sets it means it.
            token: if fetches(given) {
                TokenOption::Function
            } else if let Some(address) = text("tokenEndpoint") {
                TokenOption::Endpoint(AttrValue::Rc(address.into()))
            } else {
                return Err(InvalidOptions::NoTokenSource);
            },
            methods: methods(text("methods").unwrap_or_default()).ok_or(invalid("methods"))?,
            phone_number: match text("phoneNumber") {
                Some(number) => Some(phone_number(number).ok_or(invalid("phoneNumber"))?),
                None => None,
            },
            words: text("words")
                .and_then(Words::from_text)
                .ok_or(invalid("words"))?,
            // A wrong look is no reason to show nothing: these two fall back.
            locale: text("locale")
                .filter(|tag| is_language_tag(tag))
                .map(|tag| AttrValue::Rc(tag.into())),
            theme: theme(text("theme")),
        })
    }
}

/// Whether every option is known, and of its kind.
fn check(given: &[(String, Given)]) -> Result<(), InvalidOptions> {
    for (key, value) in given {
        let named = |names: &[&'static str]| names.iter().copied().find(|name| name == key);
        let (name, fits) = if let Some(name) = named(&TEXTS) {
            (name, matches!(value, Given::Text(text) if !text.is_empty()))
        } else if let Some(name) = named(&FUNCTIONS) {
            (name, matches!(value, Given::Function))
        } else {
            return Err(InvalidOptions::Unknown(key.clone()));
        };
        if !fits && !matches!(value, Given::Nothing) {
            return Err(InvalidOptions::Invalid(name));
        }
    }
    Ok(())
}

/// The text of that option, if there is one.
fn text<'a>(given: &'a [(String, Given)], name: &str) -> Option<&'a str> {
    given.iter().rev().find_map(|(key, value)| match value {
        Given::Text(text) if key == name => Some(text.as_str()),
        Given::Text(_) | Given::Function | Given::Nothing | Given::Other => None,
    })
}

fn fetches(given: &[(String, Given)]) -> bool {
    given
        .iter()
        .any(|(key, value)| key == "fetchToken" && matches!(value, Given::Function))
}

// What follows reads bytes, not characters: everything admitted is ASCII, and a page loads none of the tables that
// characters need.

/// A list of names, or a text with commas or spaces in between.
fn methods(names: &str) -> Option<Vec<Method>> {
    let mut methods = Vec::new();
    for name in names
        .as_bytes()
        .split(|byte| matches!(byte, b',' | b' ' | b'\0'))
    {
        if !name.is_empty() {
            let mut known = Method::ALL.iter().copied();
            methods.push(known.find(|method| method.as_str().as_bytes() == name)?);
        }
    }
    Some(methods)
}

/// `https`, or `http` on this machine; a host, and perhaps a path; nothing else.
fn base(text: &str) -> Option<AttrValue> {
    let mut text = text;
    while let Some(shorter) = text.strip_suffix('/') {
        text = shorter;
    }
    let (secure, rest) = match text.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("http://")?),
    };
    let rest = rest.as_bytes();
    let foreign = |byte: u8| {
        matches!(
            byte,
            b'@' | b'?' | b'#' | b'\\' | b'"' | b'\'' | b'<' | b'>' | b'%'
        )
    };
    let plain = |byte: &u8| byte.is_ascii_graphic() && !foreign(*byte);
    if !rest.iter().all(plain) {
        return None;
    }
    let authority = rest.split(|byte| *byte == b'/').next()?;
    let mut host = authority;
    while let [shorter @ .., b'0'..=b'9'] = host {
        host = shorter;
    }
    let host = match host {
        [host @ .., b':'] => host,
        _ => authority,
    };
    let local =
        matches!(host, b"localhost" | b"127.0.0.1" | b"[::1]") || host.ends_with(b".localhost");
    if authority.is_empty() {
        return None;
    }
    (secure || local).then(|| AttrValue::Rc(text.into()))
}

/// International: 7 to 15 digits, no zero first, written as people write numbers.
fn phone_number(text: &str) -> Option<Sensitive> {
    let text = text
        .strip_prefix('+')
        .or_else(|| text.strip_prefix("00"))
        .unwrap_or(text);
    let mut digits = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => digits.push(char::from(byte)),
            b' ' | b'-' | b'(' | b')' | b'.' => {}
            _ => return None,
        }
    }
    ((7..=15).contains(&digits.len()) && !digits.starts_with('0')).then(|| Sensitive::new(digits))
}

fn is_language_tag(text: &str) -> bool {
    (2..=35).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn theme(name: Option<&str>) -> Theme {
    match name {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        Some(_) | None => Theme::Auto,
    }
}

#[cfg(test)]
mod tests {
    use pairlink_words::{SEPARATOR, english, of};

    use super::*;

    fn words(words: &Words) -> String {
        words.list().join(SEPARATOR)
    }

    fn parse(given: &[(&str, &str)]) -> Result<Options, InvalidOptions> {
        Options::parse(
            &[
                ("base", "https://pairlink.example"),
                ("tokenEndpoint", "/token"),
                ("words", &words(english())),
            ]
            .iter()
            .chain(given)
            .map(|(key, text)| ((*key).to_owned(), Given::Text((*text).to_owned())))
            .collect::<Vec<_>>(),
        )
    }

    fn error(given: &[(&str, &str)]) -> InvalidOptions {
        parse(given).err().unwrap()
    }

    #[test]
    fn reads_everything() {
        let options = parse(&[
            ("base", "https://pairlink.example/sub/"),
            ("methods", "code, link"),
            ("phoneNumber", "+44 (1234) 567-890"),
            ("locale", "en-GB"),
            ("theme", "dark"),
        ])
        .ok()
        .unwrap();
        assert_eq!(options.base, "https://pairlink.example/sub");
        assert_eq!(options.token, TokenOption::Endpoint("/token".into()));
        assert_eq!(options.methods, [Method::Code, Method::Link]);
        assert_eq!(options.phone_number.unwrap().expose(), "441234567890");
        assert_eq!(options.locale, Some("en-GB".into()));
        assert_eq!(options.theme, Theme::Dark);
    }

    #[test]
    fn names_the_unknown_key() {
        assert_eq!(
            error(&[("token", "ple_secret")]),
            InvalidOptions::Unknown("token".to_owned())
        );
        assert!(
            !error(&[("token", "ple_secret")])
                .to_string()
                .contains("ple_secret")
        );
        assert_eq!(
            error(&[("tokenendpoint", "/x")]).to_string(),
            "there is no option tokenendpoint"
        );
    }

    #[test]
    fn needs_a_base_and_a_source_of_tokens() {
        let parse = |pairs: Vec<(&str, Given)>| {
            Options::parse(
                &pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect::<Vec<_>>(),
            )
            .err()
        };
        let base = || ("base", Given::Text("https://a.example".to_owned()));
        let words = || ("words", Given::Text(words(english())));
        assert_eq!(parse(vec![base()]), Some(InvalidOptions::NoTokenSource));
        let fetch = || ("fetchToken", Given::Function);
        assert_eq!(parse(vec![base(), fetch(), words()]), None);
        assert_eq!(
            parse(vec![base(), fetch()]),
            Some(InvalidOptions::Invalid("words"))
        );
        assert_eq!(
            parse(vec![
                base(),
                ("fetchToken", Given::Text("ple_x".to_owned()))
            ]),
            Some(InvalidOptions::Invalid("fetchToken"))
        );
        assert_eq!(
            parse(vec![
                ("fetchToken", Given::Function),
                ("base", Given::Nothing)
            ]),
            Some(InvalidOptions::Invalid("base"))
        );
        assert_eq!(
            parse(vec![base(), ("methods", Given::Other)]),
            Some(InvalidOptions::Invalid("methods"))
        );
    }

    #[test]
    fn takes_words_that_are_complete_and_no_others() {
        let german = words(of("de"));
        let parsed = parse(&[("words", &german)]).ok().unwrap();
        assert_eq!(parsed.words.language, "de");
        let (_, short) = german.split_once(SEPARATOR).unwrap();
        for wrong in [short, "ltr", ""] {
            assert_eq!(error(&[("words", wrong)]), InvalidOptions::Invalid("words"));
        }
    }

    #[test]
    fn refuses_bases_that_are_not_a_proxys_address() {
        for base in [
            "",
            "/",
            "pairlink.example",
            "//pairlink.example",
            "javascript:alert(1)",
            "javascript://pairlink.example",
            "data:text/html,x",
            "ftp://pairlink.example",
            "http://pairlink.example",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "https://",
            "https:///path",
            "https://user:secret@pairlink.example",
            "https://pairlink.example?x=1",
            "https://pairlink.example#x",
            "https://pairlink.example/\\evil",
            "https://pair link.example",
            "https://pairlink.example\n",
        ] {
            assert_eq!(
                error(&[("base", base)]),
                InvalidOptions::Invalid("base"),
                "{base:?}"
            );
        }
        for base in [
            "https://pairlink.example:8443",
            "http://localhost:8401",
            "http://127.0.0.1:8401",
            "http://[::1]:8401",
            "http://app.localhost",
        ] {
            assert_eq!(parse(&[("base", base)]).ok().unwrap().base, base);
        }
    }

    #[test]
    fn refuses_numbers_that_are_no_phones() {
        for number in [
            "123456",
            "1234567890123456",
            "0123456789",
            "٠١٢٣٤٥٦٧٨٩",
            "44x1234567",
            "-1",
        ] {
            assert_eq!(
                error(&[("phoneNumber", number)]),
                InvalidOptions::Invalid("phoneNumber"),
                "{number}"
            );
        }
        for number in ["+441234567890", "00441234567890", "44 1234 567 890"] {
            let parsed = parse(&[("phoneNumber", number)])
                .ok()
                .unwrap()
                .phone_number
                .unwrap();
            assert_eq!(parsed.expose(), "441234567890");
        }
    }

    #[test]
    fn a_wrong_look_falls_back() {
        let options = parse(&[("locale", "<img src=x>"), ("theme", "red;}*{")])
            .ok()
            .unwrap();
        assert_eq!((options.locale, options.theme), (None, Theme::Auto));
        assert_eq!(
            error(&[("methods", "link,fax")]),
            InvalidOptions::Invalid("methods")
        );
    }
}
