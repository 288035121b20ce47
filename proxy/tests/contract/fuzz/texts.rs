//! Texts that come from outside: tokens, origins, numbers, sealed values, paths, documents of the wire.

use std::mem::discriminant;

use pairlink_protocol::{
    CreateConnection, CreateEmbedToken, CreateShareLink, CreateWebhook, IssuePass, PassView,
    Problem, Timestamp, UpdateConnection,
};
use pairlink_proxy::domain::{Label, Origin, PhoneNumber, Tenant, TokenClass};
use pairlink_proxy::http::TrustedProxies;
use pairlink_proxy::provider::ApiPath;
use pairlink_proxy::secret::Secret;
use pairlink_proxy::vault::{MasterKey, Place, Sealed, Vault};
use serde::de::DeserializeOwned;

use super::engine::{Target, run};
use super::mutation::Mutation;

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Tries what is text.
async fn read(name: &str, seeds: Vec<Vec<u8>>, reads: impl Fn(&str) -> String) {
    let target = Target {
        name,
        seeds,
        mutation: Mutation::Text,
    };
    let attempt = async |input: &[u8]| match std::str::from_utf8(input) {
        Ok(text) => reads(text),
        Err(_no_text) => String::new(),
    };
    run(target, attempt).await;
}

#[tokio::test]
async fn tokens() {
    let classes = [
        TokenClass::ApiKey,
        TokenClass::Embed,
        TokenClass::ShareLink,
        TokenClass::Viewer,
        TokenClass::ProviderEvents,
    ];
    let made = classes.map(|class| class.random(&mut rand::rng()).expose().as_bytes().to_vec());
    read("tokens", made.to_vec(), |text| {
        let matching = classes.map(|class| class.matches(text));
        if matching.contains(&true) {
            assert!(text.is_ascii() && [53, 64].contains(&text.len()));
        }
        format!("{matching:?}")
    })
    .await;
}

#[tokio::test]
async fn origins() {
    let seeds = [
        "https://app.example",
        "http://localhost:3000",
        "http://[::1]:8400",
        "https://xn--bcher-kva.example:8443",
        "https://app.example.",
    ];
    read("origins", texts(&seeds), |text| match Origin::parse(text) {
        Ok(origin) => {
            assert_eq!(origin.as_str(), text);
            assert!(
                text.is_ascii() && !text.contains(['*', ' ', '@', '?', '#', '\\']),
                "{text}"
            );
            let (_scheme, host) = text.split_once("://").unwrap();
            assert!(!host.is_empty() && !host.contains('/'), "{text}");
            text.split(':').next().unwrap().to_owned()
        }
        Err(_invalid) => "none".to_owned(),
    })
    .await;
}

#[tokio::test]
async fn phones() {
    let seeds = [
        "+44 1134 960 001",
        "00441134960001",
        "+1 (415) 555-2671",
        "+٤٤ ١١٣٤",
    ];
    read("phones", texts(&seeds), |text| {
        match PhoneNumber::parse(text) {
            Ok(phone) => {
                let digits = phone.digits();
                assert!((7..=15).contains(&digits.len()), "{text}");
                assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{text}");
                assert_eq!(phone.as_integer().to_string(), digits);
                digits.len().to_string()
            }
            Err(_invalid) => "none".to_owned(),
        }
    })
    .await;
}

#[tokio::test]
async fn names() {
    read(
        "names",
        texts(&["acme", "Acme support line", "a.b-c_d"]),
        |text| {
            if let Ok(tenant) = Tenant::parse(text) {
                assert_eq!(tenant.as_str(), text);
            }
            if let Ok(label) = Label::parse(text) {
                assert!(!label.as_str().chars().any(char::is_control), "{text}");
            }
            format!(
                "{} {}",
                Tenant::parse(text).is_ok(),
                Label::parse(text).is_ok()
            )
        },
    )
    .await;
}

#[tokio::test]
async fn sealed_values() {
    let master = MasterKey::random(&mut rand::rng());
    let keys = Vault::new_keys(&master, &mut rand::rng()).unwrap();
    let vault = Vault::unlock(&master, &keys).unwrap();
    let place = Place {
        tenant: "acme",
        table: "share_links",
        row: "shl_1",
        column: "token",
    };
    let values = ["", "x", "a secret of some length that nobody has"];
    let sealed = values.map(|value| {
        let sealed = vault.seal(place, &Secret::new(value), &mut rand::rng());
        sealed.unwrap().0
    });
    let seeds: Vec<&str> = sealed.iter().map(String::as_str).collect();
    read("sealed values", texts(&seeds), |text| {
        let opened = vault.open(place, &Sealed(text.to_owned()));
        assert_eq!(
            opened.is_ok(),
            sealed.iter().any(|sealed| sealed == text),
            "{text}"
        );
        format!("{:?}", opened.err().map(|error| discriminant(&error)))
    })
    .await;
}

#[tokio::test]
async fn paths_at_a_provider() {
    let seeds = [
        "whatsapp/v1/messages?limit=10",
        "v2/session/info",
        "waInstance1101000001/getStateInstance/x",
        "a%20b/c%2Fd",
    ];
    read("paths", texts(&seeds), |text| {
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        ApiPath::parse(path, query).is_ok().to_string()
    })
    .await;
}

#[tokio::test]
async fn keys_and_networks() {
    let seeds = ["10.0.0.0/8, ::1", "192.0.2.1", &"0a".repeat(32)];
    read("keys and networks", texts(&seeds), |text| {
        let networks = text.parse::<TrustedProxies>().is_ok();
        let key = MasterKey::from_hex(text).is_ok();
        assert!(!key || text.trim().len() == 64, "{text}");
        format!("{networks} {key}")
    })
    .await;
}

/// Reads a document as one of the wire's types.
fn as_a<T: DeserializeOwned>(input: &[u8]) -> bool {
    serde_json::from_slice::<T>(input).is_ok()
}

#[tokio::test]
async fn documents_of_the_wire() {
    let fixtures = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .join("../protocol/fixtures");
    let mut seeds: Vec<Vec<u8>> = std::fs::read_dir(fixtures)
        .unwrap()
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    seeds.sort();
    let target = Target {
        name: "documents of the wire",
        seeds,
        mutation: Mutation::Json,
    };
    let attempt = async |input: &[u8]| {
        let problem = serde_json::from_slice::<Problem>(input);
        if let Ok(problem) = &problem {
            let again = serde_json::to_vec(problem).unwrap();
            assert_eq!(serde_json::from_slice::<Problem>(&again).unwrap(), *problem);
        }
        if let Ok(at) = serde_json::from_slice::<Timestamp>(input) {
            let again = serde_json::to_vec(&at).unwrap();
            assert_eq!(serde_json::from_slice::<Timestamp>(&again).unwrap(), at);
        }
        let read = [
            problem.is_ok(),
            as_a::<PassView>(input),
            as_a::<CreateConnection>(input),
            as_a::<UpdateConnection>(input),
            as_a::<CreateEmbedToken>(input),
            as_a::<CreateShareLink>(input),
            as_a::<CreateWebhook>(input),
            as_a::<IssuePass>(input),
        ];
        format!("{read:?}")
    };
    run(target, attempt).await;
}
