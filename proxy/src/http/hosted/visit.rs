//! Who comes: which language they read, on what, with which cookie, from which page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use pairlink::server::HostedWords;
use pairlink_protocol::ProblemCode;

use super::assets::Assets;
use super::cookie;
use crate::domain::{Origin, RequestId};
use crate::http::problem::Failure;
use crate::secret::Secret;
use crate::service::{Service, ServiceError, Viewer};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_CH_UA_MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// More languages than anybody reads.
const MOST_LANGUAGES: usize = 20;

/// A request for one of the pages.
pub(super) struct Visit {
    pub(super) service: Service,
    pub(super) assets: Arc<Assets>,
    pub(super) request: RequestId,
    pub(super) words: &'static HostedWords,
    /// Whether it comes from a phone.
    pub(super) handheld: bool,
    pub(super) cookie: Option<Secret>,
    /// Whether a page of ours sends it.
    own: Result<(), Failure>,
}

impl FromRequestParts<Service> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Infallible> {
        let headers = &parts.headers;
        let request = parts.extensions.get::<RequestId>().cloned();
        let assets = parts.extensions.get::<Arc<Assets>>().cloned();
        Ok(Self {
            service: service.clone(),
            assets: assets.unwrap_or_default(),
            request: request.unwrap_or_else(|| RequestId::random(&mut rand::rng())),
            words: words(headers),
            handheld: is_handheld(headers),
            cookie: cookie::read(service, headers).map(Secret::new),
            own: require_own_page(service, headers),
        })
    }
}

impl Visit {
    /// The browser's way in, if it has opened a link that is alive.
    pub(super) async fn viewer(&self) -> Result<Option<Viewer>, ServiceError> {
        match &self.cookie {
            Some(cookie) => self.service.viewer(cookie.expose()).await,
            None => Ok(None),
        }
    }

    pub(super) fn require_own_page(&self) -> Result<(), Failure> {
        self.own.clone()
    }
}

/// Refuses what another site's page sends (OWASP: fetch metadata, with the origin for browsers without it).
pub(super) fn require_own_page(service: &Service, headers: &HeaderMap) -> Result<(), Failure> {
    let own = match (headers.get(SEC_FETCH_SITE), headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == Origin::of(service.public_url()).as_str(),
        (None, None) => false,
    };
    if own {
        Ok(())
    } else {
        Err(Failure::new(ProblemCode::OriginNotAllowed))
    }
}

/// What the browser says, or what it is known by where it says nothing.
fn is_handheld(headers: &HeaderMap) -> bool {
    if let Some(mobile) = headers.get(SEC_CH_UA_MOBILE) {
        return mobile == "?1";
    }
    let agent = headers.get(header::USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| ["Mobi", "iPhone"].iter().any(|sign| agent.contains(sign)))
}

/// The language of the page: the one that the browser wants most of those that are there.
fn words(headers: &HeaderMap) -> &'static HostedWords {
    let wanted = headers.get(header::ACCEPT_LANGUAGE);
    let wanted = wanted.and_then(|wanted| wanted.to_str().ok());
    HostedWords::of(languages(wanted.unwrap_or_default()))
}

/// The tags of `Accept-Language` (RFC 9110), the preferred one first.
fn languages(wanted: &str) -> Vec<&str> {
    let mut weighed: Vec<(u32, &str)> = wanted
        .split(',')
        .take(MOST_LANGUAGES)
        .filter_map(|range| {
            let (tag, weight) = match range.split_once(';') {
                Some((tag, parameter)) => (tag, thousandths(parameter)?),
                None => (range, 1000),
            };
            (weight > 0).then(|| (weight, tag.trim()))
        })
        .collect();
    weighed.sort_by_key(|(weight, _tag)| std::cmp::Reverse(*weight));
    weighed.into_iter().map(|(_weight, tag)| tag).collect()
}

/// `q=0.8` is 800.
fn thousandths(parameter: &str) -> Option<u32> {
    let weight = parameter.trim().strip_prefix("q=")?;
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let fraction = format!("{fraction:0<3}");
    let whole: u32 = whole.parse().ok()?;
    let fraction: u32 = fraction.get(..3)?.parse().ok()?;
    Some((whole * 1000).saturating_add(fraction).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_weighed_as_the_browser_means_them() {
        for (wanted, tags) in [
            ("", &[""][..]),
            ("de", &["de"]),
            ("de-AT, en;q=0.5, fr;q=0.9", &["de-AT", "fr", "en"]),
            ("en;q=0, es ; q=0.30,pt-BR;q=0.301", &["pt-BR", "es"]),
            ("x;q=nonsense, ar;q=1.0", &["ar"]),
            ("a;q=9999999999, b;q=0.12345", &["b"]),
        ] {
            assert_eq!(languages(wanted), tags, "{wanted}");
        }
        assert_eq!(languages(&"en,".repeat(10_000)).len(), MOST_LANGUAGES);
    }

    #[test]
    fn a_phone_is_known_by_what_it_says_first() {
        let told = |pairs: &[(HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(name, value.parse().unwrap());
            }
            is_handheld(&headers)
        };
        let agent = |text| (header::USER_AGENT, text);
        let android =
            agent("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36");
        let iphone = agent(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
        );
        let desktop =
            agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        assert!(told(&[desktop.clone(), (SEC_CH_UA_MOBILE, "?1")]));
        assert!(!told(&[android.clone(), (SEC_CH_UA_MOBILE, "?0")]));
        assert!(told(&[android]) && told(&[iphone]));
        assert!(!told(&[desktop]) && !told(&[]));
    }
}
