//! What the tests do again and again.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pairlink_simulator::{Clock, Options, Simulator, wawp};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use time::OffsetDateTime;

pub(crate) const LINK: &str = "/v2/session/temp-link";
pub(crate) const INFO: &str = "/v2/session/info";

/// `2026-06-19T18:55:00.000Z`, half an hour before the instant in the documented example.
pub(crate) fn start_of_time() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_781_895_300).unwrap()
}

/// A simulator whose clock stands still, and a client for it.
pub(crate) struct Playing {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
}

pub(crate) async fn play() -> Playing {
    let simulator = Simulator::start_with(Options {
        clock: Clock::manual(start_of_time()),
        ..Options::default()
    });
    Playing {
        simulator: simulator.await.unwrap(),
        client: client(),
    }
}

/// A client that neither follows redirects nor asks a proxy.
pub(crate) fn client() -> Client {
    // The second and later times it is there already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let redirects = reqwest::redirect::Policy::none();
    let client = Client::builder().no_proxy().redirect(redirects);
    client.build().unwrap()
}

impl Playing {
    pub(crate) fn at(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.simulator.base_url());
        self.client.request(method, url)
    }

    /// A request with the demo instance's credentials.
    pub(crate) fn demo(&self, method: Method, path: &str) -> RequestBuilder {
        let credentials = (wawp::DEMO_INSTANCE_ID, wawp::DEMO_ACCESS_TOKEN);
        self.authorized(method, path, credentials)
    }

    pub(crate) fn authorized(
        &self,
        method: Method,
        path: &str,
        (instance_id, access_token): (&str, &str),
    ) -> RequestBuilder {
        let query = format!("instance_id={instance_id}&access_token={access_token}");
        self.at(method, &format!("{path}?{query}"))
    }

    pub(crate) async fn mint(&self) -> String {
        let answer = self.demo(Method::POST, LINK).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        json(answer).await["link"].as_str().unwrap().to_owned()
    }

    /// The link that `GET` tells, or null.
    pub(crate) async fn current_link(&self) -> Value {
        let answer = self.demo(Method::GET, LINK).send().await.unwrap();
        json(answer).await["link"].clone()
    }

    /// The session's state that the API tells.
    pub(crate) async fn status(&self) -> String {
        let answer = self.demo(Method::GET, INFO).send().await.unwrap();
        json(answer).await["status"].as_str().unwrap().to_owned()
    }

    /// The links that are alive.
    pub(crate) fn alive(&self) -> Vec<String> {
        let alive = self.simulator.ledger().into_iter();
        alive.map(|alive| alive.secret).collect()
    }

    pub(crate) fn pass_time(&self, millis: u64) {
        self.simulator.advance(Duration::from_millis(millis));
    }
}

pub(crate) async fn json(answer: Response) -> Value {
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

/// What stands in the QR code of a PNG, read by other code than that which drew it.
pub(crate) fn decode_qr(png_base64: &str) -> String {
    let png = STANDARD.decode(png_base64).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    grids[0].decode().unwrap().1
}

/// Expects a payload of WhatsApp's form.
pub(crate) fn assert_whatsapp_payload(payload: &str) {
    let parts: Vec<_> = payload.strip_prefix("2@").unwrap().split(',').collect();
    assert_eq!(parts.len(), 4, "{payload}");
    for key in &parts[1..] {
        assert_eq!(STANDARD.decode(key).unwrap().len(), 32);
    }
}
