//! The path and the query of a backend's request, which go below the provider's address and nowhere else.
//!
//! Servers differ in what they make of `..`, `%2f`, `\`, `;` and of escapes within escapes. So whatever any of them could
//! take for another path is refused here; what is left is sent as it came, and compared in its plainest form with what
//! Pairlink keeps to itself.

use url::Url;

/// An escape within an escape within … is nobody's honest address.
const MOST_ESCAPES: usize = 4;

/// Where below the provider's address a request goes. Made by [`ApiPath::parse`] alone.
#[derive(Clone)]
pub struct ApiPath {
    /// As they came. None is empty but perhaps the last.
    segments: Vec<String>,
    query: Option<String>,
}

/// A path that could lead elsewhere, or that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a path below an address")]
pub struct InvalidPath;

impl ApiPath {
    /// Reads what stands behind the provider's address: segments parted by `/`, as they came over the wire.
    pub fn parse(path: &str, query: Option<&str>) -> Result<Self, InvalidPath> {
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        let count = segments.len();
        for (at, segment) in segments.iter().enumerate() {
            let may_be_empty = at > 0 && at + 1 == count;
            if segment.is_empty() && !may_be_empty {
                return Err(InvalidPath);
            }
            check(segment)?;
        }
        if query.is_some_and(|query| !query.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(InvalidPath);
        }
        Ok(Self {
            segments,
            query: query.map(str::to_owned),
        })
    }

    /// Whether it is that path or one below it, in whatever disguise. `*` is any segment.
    pub(super) fn is_below(&self, path: &[&str]) -> bool {
        let mut segments = self.segments.iter().map(|segment| plain(segment));
        path.iter().all(|expected| {
            let segment = segments.next();
            segment.is_some_and(|segment| *expected == "*" || segment == *expected)
        })
    }

    /// Whether the query has a parameter of that name, or of one that some server takes for it.
    pub(super) fn has_parameter(&self, name: &str) -> bool {
        let query = self.query.as_deref().unwrap_or_default();
        query.split(['&', ';']).any(|pair| {
            let given = pair.split('=').next().unwrap_or_default();
            let Ok(given) = unescape_all(&given.replace('+', " ")) else {
                // Whatever that is, it is no honest name.
                return true;
            };
            // PHP reads `a b`, `a.b` and `a_b[]` as `a_b`.
            let given = given.split('[').next().unwrap_or_default().trim();
            given.to_lowercase().replace([' ', '.'], "_") == name
        })
    }

    /// The first segment and those behind it.
    pub(super) fn split_first(&self) -> Option<(&str, &[String])> {
        let (first, rest) = self.segments.split_first()?;
        Some((first, rest))
    }

    /// The address of these segments below the provider's, and the query behind it.
    pub(super) fn place(
        base: &Url,
        segments: &[&str],
        query: Option<&str>,
    ) -> Result<Url, InvalidPath> {
        let path = format!(
            "{}/{}",
            base.path().trim_end_matches('/'),
            segments.join("/")
        );
        let mut text = base.clone();
        text.set_path("");
        let mut text = String::from(text);
        text.truncate(text.trim_end_matches('/').len());
        text.push_str(&path);
        if let Some(query) = query {
            text.push('?');
            text.push_str(query);
        }
        let url = Url::parse(&text).map_err(|_cause| InvalidPath)?;
        // Whoever reads addresses as browsers do reads this one as it was checked.
        let same = url.origin() == base.origin()
            && url.path() == path
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none();
        if same { Ok(url) } else { Err(InvalidPath) }
    }

    /// The same, for a provider that adds nothing to it.
    pub(super) fn below(&self, base: &Url) -> Result<Url, InvalidPath> {
        Self::place(base, &self.segments(), self.query.as_deref())
    }

    pub(super) fn segments(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    pub(super) fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }
}

/// Refuses a segment that could be more than one, or a way upwards, for anybody who reads it.
fn check(segment: &str) -> Result<(), InvalidPath> {
    let raw = segment
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'?' | b'#'));
    if !raw || !is_well_escaped(segment) {
        return Err(InvalidPath);
    }
    let mut text = segment.to_owned();
    for _layer in 0..=MOST_ESCAPES {
        let misleads = |letter: char| {
            matches!(
                letter,
                '/' | '\\' | '\u{2215}' | '\u{2044}' | '\u{ff01}'..='\u{ff5e}'
            ) || letter.is_control()
        };
        if is_no_name(&text) && !segment.is_empty() || text.chars().any(misleads) {
            return Err(InvalidPath);
        }
        let within = unescape(&text)?;
        if within == text {
            return Ok(());
        }
        text = within;
    }
    Err(InvalidPath)
}

/// Whether nothing but dots and blanks is left of it where parameters are cut off, as some servers do.
fn is_no_name(text: &str) -> bool {
    let name = text.split(';').next().unwrap_or_default();
    name.chars()
        .all(|letter| letter == '.' || letter.is_whitespace())
}

/// Whether every `%` begins an escape.
fn is_well_escaped(segment: &str) -> bool {
    segment.split('%').skip(1).all(|behind| {
        let digits = behind.as_bytes().get(..2).unwrap_or_default();
        digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
    })
}

/// Takes one layer of escapes off; what is none is left. A text that is not UTF-8 then is refused: some decoders read
/// dots and slashes in it.
fn unescape(text: &str) -> Result<String, InvalidPath> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escaped = (*first == b'%')
            .then(|| behind.split_at_checked(2))
            .flatten()
            .and_then(|(digits, after)| {
                let digits = str::from_utf8(digits).ok()?;
                let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
                plain
                    .then(|| u8::from_str_radix(digits, 16).ok())
                    .flatten()
                    .map(|byte| (byte, after))
            });
        let (byte, after) = escaped.unwrap_or((*first, behind));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_cause| InvalidPath)
}

fn unescape_all(text: &str) -> Result<String, InvalidPath> {
    let mut text = text.to_owned();
    for _layer in 0..=MOST_ESCAPES {
        let within = unescape(&text)?;
        if within == text {
            return Ok(text);
        }
        text = within;
    }
    Err(InvalidPath)
}

/// A segment as the most forgiving server reads it: nothing escaped, no parameters, no case.
fn plain(segment: &str) -> String {
    let text = unescape_all(segment).unwrap_or_default();
    let name = text.split([';', '?', '#']).next().unwrap_or_default();
    name.trim_matches(|letter: char| letter.is_whitespace() || letter == '.')
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        "https://api.example/base/".parse().unwrap()
    }

    fn sent(path: &str, query: Option<&str>) -> Result<String, InvalidPath> {
        let url = ApiPath::parse(path, query)?.below(&base())?;
        Ok(url.as_str().to_owned())
    }

    #[test]
    fn what_is_harmless_is_sent_as_it_came() {
        for (path, query) in [
            ("v1/messages", None),
            ("v1/messages/", None),
            ("v1/messages", Some("a=1&b=%2F..%2F&c=x/y?z")),
            ("v1/a%20b/%C3%A9", None),
            ("v1/100%25", None),
            ("v1/~me@example.com:1,2;v=1", Some("")),
            ("v1/...x/x..", None),
            ("a", Some("url=https://other.example/%5C")),
        ] {
            let mut expected = format!("https://api.example/base/{path}");
            if let Some(query) = query {
                expected = format!("{expected}?{query}");
            }
            assert_eq!(sent(path, query), Ok(expected));
        }
    }

    #[test]
    fn what_could_lead_elsewhere_is_refused() {
        for path in [
            "",
            "/",
            "/v1",
            "//other.example/v1",
            "v1//messages",
            "v1/messages//",
            ".",
            "..",
            "../v1",
            "v1/../../v2",
            "v1/..",
            "v1/./x",
            "v1/.../x",
            "v1/%2e%2e/x",
            "v1/%2E./x",
            "v1/.%2e/x",
            "v1/%252e%252e/x",
            "v1/%25252e%25252e/x",
            "v1/..;/x",
            "v1/..;a=b/x",
            "v1/%2e%2e;x",
            "v1/..%20/x",
            "v1/;/x",
            "v1/%20/x",
            "v1%2fx",
            "v1/a%2Fb",
            "v1/a%252Fb",
            "v1/a%5cb",
            "v1/a%255cb",
            "v1/a\\b",
            "\\\\other.example\\x",
            "v1/%00",
            "v1/%0d%0aHost:x",
            "v1/%7f",
            "v1/%2500",
            "v1/%c0%ae%c0%ae/x",
            "v1/%c0%af",
            "v1/%ff",
            "v1/%ef%bc%8f",
            "v1/%ef%bc%8e%ef%bc%8e",
            "v1/%e2%88%95",
            "v1/%",
            "v1/%2",
            "v1/%zz",
            "v1/%u002e",
            "v1/a b",
            "v1/a\tb",
            "v1/é",
            "v1/x?y",
            "v1/x#y",
            "v1/\"x\"",
            "v1/<x>",
            "v1/%2525252525252525",
        ] {
            assert_eq!(sent(path, None), Err(InvalidPath), "{path}");
        }
        for query in ["a b", "é", "a\r\nb", "a\u{0}"] {
            assert_eq!(sent("v1", Some(query)), Err(InvalidPath), "{query:?}");
        }
    }

    #[test]
    fn nothing_changes_the_host() {
        for path in ["@other.example/x", ":80/x", "https:/x", "https:x", "x@y"] {
            if let Ok(address) = sent(path, None) {
                assert!(
                    address.starts_with("https://api.example/base/"),
                    "{address}"
                );
            }
        }
    }

    #[test]
    fn a_disguise_does_not_hide_a_path() {
        for path in [
            "v2/oauth/token",
            "v2/oauth",
            "v2/oauth/",
            "V2/OAuth/token",
            "v2/%6fauth/token",
            "v2/o%61uth",
            "v2/%256fauth/token",
            "v2/oauth;x=y/token",
            "v2/oauth%3b/token",
            "v2/oauth%3Fx/token",
            "v2/oauth%23",
            "v2/oauth%20/token",
            "v2/oauth./token",
            "v2/%20oauth",
        ] {
            let parsed = ApiPath::parse(path, None).unwrap();
            assert!(parsed.is_below(&["v2", "oauth"]), "{path}");
            assert!(parsed.is_below(&["*", "oauth"]), "{path}");
        }
        for path in ["v2", "v2/oauths", "oauth/v2", "v2/x/oauth"] {
            let parsed = ApiPath::parse(path, None).unwrap();
            assert!(!parsed.is_below(&["*", "oauth"]), "{path}");
        }
    }

    #[test]
    fn a_parameter_is_found_under_every_name_that_is_taken_for_its() {
        let has = |query| {
            let path = ApiPath::parse("v2", Some(query)).unwrap();
            path.has_parameter("access_token")
        };
        for query in [
            "access_token=x",
            "a=b&access_token=x",
            "a=b;access_token=x",
            "access_token",
            "Access_Token=x",
            "access%5ftoken=x",
            "%61ccess_token=x",
            "access%255Ftoken=x",
            "access_token[]=x",
            "access_token%5B%5D=x",
            "access.token=x",
            "access+token=x",
            "+access_token=x",
            "access%FFtoken=x",
        ] {
            assert!(has(query), "{query}");
        }
        for query in [
            "",
            "token=x",
            "a=access_token",
            "access_tokens=x",
            "my_access_token=x",
        ] {
            assert!(!has(query), "{query}");
        }
    }
}
