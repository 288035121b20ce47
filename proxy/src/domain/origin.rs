//! Origins of pages (RFC 6454), in the one form that browsers send.

use std::fmt;

use url::{Host, Url};

/// The origin of a page, such as `https://app.example`. `http` is for loopback only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// A text that is no origin for which a token can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an https origin, nor an http origin of this machine")]
pub struct InvalidOrigin;

impl Origin {
    /// Reads an origin exactly as a browser would send it: no path, no trailing slash, no upper case, no default port.
    pub fn parse(text: &str) -> Result<Self, InvalidOrigin> {
        let url = Url::parse(text).map_err(|_cause| InvalidOrigin)?;
        let admitted = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _other => false,
        };
        // Only what serialises back to itself is one: this refuses paths, users, upper case and lookalikes at once.
        // A wildcard is a host to the parser, and a promise to whoever writes it.
        if admitted && !text.contains('*') && url.origin().ascii_serialization() == text {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidOrigin)
        }
    }

    /// The origin of an absolute address.
    pub fn of(url: &Url) -> Self {
        Self(url.origin().ascii_serialization())
    }

    /// As browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether an address is of this very machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_browsers_send() {
        for text in [
            "https://app.example",
            "https://app.example:8443",
            "http://localhost:3000",
            "http://127.0.0.1:8400",
            "http://[::1]:8400",
            "https://xn--bcher-kva.example",
        ] {
            assert_eq!(
                Origin::parse(text).map(|origin| origin.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "*",
            "null",
            "app.example",
            "//app.example",
            "https://",
            "http://app.example",
            "https://app.example/",
            "https://app.example/path",
            "https://app.example:443",
            "https://APP.example",
            "https://user@app.example",
            "https://bücher.example",
            "https://app.example?x",
            "https://app.example#x",
            "https://*.example",
            "javascript:alert(1)",
            "file:///etc",
            "ws://localhost",
            "http://127.1:80",
            "https://app.example.",
        ] {
            let parsed = Origin::parse(text);
            // A trailing dot is a different origin, which browsers do send.
            assert_eq!(parsed.is_ok(), text == "https://app.example.", "{text}");
        }
    }
}
