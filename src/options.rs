//! What a host may set: parsed once, at the edge. Unknown keys are refused with their name.
//!
//! Values arrive as plain data, so that all of this is tested without a browser.

use std::fmt;

use pairlink_protocol::{Method, Sensitive};
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
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
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
    /// The language wanted, as a language tag.
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

impl fmt::Display for InvalidOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(key) => {
                formatter.write_str("there is no option ")?;
                formatter.write_str(key)
            }
            Self::Invalid(key) => {
                formatter.write_str("the value of this option cannot be used: ")?;
                formatter.write_str(key)
            }
            Self::NoTokenSource => {
                formatter.write_str("one of tokenEndpoint and fetchToken is needed")
            }
        }
    }
}

impl std::error::Error for InvalidOptions {}

impl Options {
    /// Checks what the host gave.
    pub fn parse(given: impl IntoIterator<Item = (String, Given)>) -> Result<Self, InvalidOptions> {
        let (mut base, mut endpoint, mut fetches) = (None, None, false);
        let (mut names, mut number, mut language, mut look) = (Vec::new(), None, None, None);
        for (key, value) in given {
            match key.as_str() {
                "base" => base = text("base", value)?,
                "tokenEndpoint" => endpoint = text("tokenEndpoint", value)?,
                "fetchToken" => fetches = function("fetchToken", value)?,
                // Taken by whoever can call it.
                "onEvent" => drop(function("onEvent", value)?),
                "methods" => names = texts("methods", value)?,
                "phoneNumber" => number = text("phoneNumber", value)?,
                "locale" => language = text("locale", value)?,
                "theme" => look = text("theme", value)?,
                _ => return Err(InvalidOptions::Unknown(key)),
            }
        }
        Ok(Self {
            base: base
                .as_deref()
                .and_then(self::base)
                .ok_or(InvalidOptions::Invalid("base"))?,
            // The function comes first: a page that sets it means it.
            token: match endpoint {
                _ if fetches => TokenOption::Function,
                Some(address) => TokenOption::Endpoint(address.into()),
                None => return Err(InvalidOptions::NoTokenSource),
            },
            methods: names
                .iter()
                .map(|name| name.parse())
                .collect::<Result<_, _>>()
                .map_err(|_unknown| InvalidOptions::Invalid("methods"))?,
            phone_number: number
                .map(|number| phone_number(&number).ok_or(InvalidOptions::Invalid("phoneNumber")))
                .transpose()?,
            // A wrong look is no reason to show nothing: these two fall back.
            locale: language
                .filter(|tag| is_language_tag(tag))
                .map(AttrValue::from),
            theme: theme(look.as_deref()),
        })
    }
}

fn text(key: &'static str, value: Given) -> Result<Option<String>, InvalidOptions> {
    match value {
        Given::Text(text) if !text.is_empty() => Ok(Some(text)),
        Given::Nothing => Ok(None),
        Given::Text(_) | Given::Texts(_) | Given::Function | Given::Other => {
            Err(InvalidOptions::Invalid(key))
        }
    }
}

fn texts(key: &'static str, value: Given) -> Result<Vec<String>, InvalidOptions> {
    if let Given::Texts(texts) = value {
        return Ok(texts);
    }
    let names = text(key, value)?.unwrap_or_default();
    Ok(names
        .split([',', ' '])
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect())
}

fn function(key: &'static str, value: Given) -> Result<bool, InvalidOptions> {
    match value {
        Given::Function => Ok(true),
        Given::Nothing => Ok(false),
        Given::Text(_) | Given::Texts(_) | Given::Other => Err(InvalidOptions::Invalid(key)),
    }
}

/// `https`, or `http` on this machine; a host, and perhaps a path; nothing else.
fn base(text: &str) -> Option<AttrValue> {
    let (secure, rest) = match text.strip_prefix("https://") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("http://")?),
    };
    let rest = rest.trim_end_matches('/');
    let authority = rest.split('/').next()?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"@?#\\\"'<>%".contains(&byte);
    if authority.is_empty() || !rest.bytes().all(plain) {
        return None;
    }
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
    (secure || local).then(|| AttrValue::from(text.trim_end_matches('/').to_owned()))
}

/// International: 7 to 15 digits, no zero first, written as people write numbers.
fn phone_number(text: &str) -> Option<Sensitive> {
    let text = text.trim();
    let text = text
        .strip_prefix('+')
        .or_else(|| text.strip_prefix("00"))
        .unwrap_or(text);
    let mut digits = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            ' ' | '-' | '(' | ')' | '.' => {}
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
    use super::*;

    fn parse(given: &[(&str, &str)]) -> Result<Options, InvalidOptions> {
        Options::parse(
            [
                ("base", "https://pairlink.example"),
                ("tokenEndpoint", "/token"),
            ]
            .iter()
            .chain(given)
            .map(|(key, text)| ((*key).to_owned(), Given::Text((*text).to_owned()))),
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
                pairs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value)),
            )
            .err()
        };
        let base = || ("base", Given::Text("https://a.example".to_owned()));
        assert_eq!(parse(vec![base()]), Some(InvalidOptions::NoTokenSource));
        assert_eq!(parse(vec![base(), ("fetchToken", Given::Function)]), None);
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
