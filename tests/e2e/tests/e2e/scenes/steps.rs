//! How a page comes to a picture: by what visitors, phones and providers do.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most scenes need nothing special, and the match that names each is the list to add to"
)]

use std::time::Duration;

use pairlink_e2e::{Fault, Page, System, Trouble, Visit};
use serde_json::json;

use super::Scene;
use crate::methods::{CODE, GET_CODE, LINK, LOG_OUT, QR, SHOW_QR};
use crate::{MINT, Stage, button};

const MAKE_TOKEN: &str = "make a token";
const REVOKE_LINK: &str = "wawp.temp_link.revoke";

const GREEN_API: &str = "7103000001";
/// Neither the phone that scans at the simulator nor the one whose number is typed.
pub(crate) const EXPECTED: &str = "+44 7400 654321";

/// No timer of the element's code runs any more: what would pass by itself stays. One without a wait is no timer: the
/// renderer goes on in it when there was much to do.
const STAND_STILL: &str = "
const set = window.setTimeout;
window.setTimeout = (work, wait) => wait && /wasm/.test(new Error().stack) ? 0 : set(work, wait);
";
/// As a browser tells a page that it takes out of its back-forward cache.
const COME_BACK: &str = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))";

/// Longer than it takes to look at a picture in every way, and less than the minute that alarms.
const SHORT_LIFE: Duration = Duration::from_secs(58);

impl Scene {
    /// A system in which it can come to this.
    pub(crate) async fn stage(self) -> Stage {
        let life = match self {
            Self::Expiring => SHORT_LIFE,
            Self::Expired => Duration::from_secs(4),
            _whole_life => return Stage::set().await,
        };
        Stage::around(System::start_with_links_that_live(life).await)
    }

    fn channel(self) -> &'static str {
        match self {
            Self::NoQr
            | Self::NoCode
            | Self::WrongNumber
            | Self::IssuingLong
            | Self::Qr
            | Self::Code
            | Self::RevokedLocally
            | Self::Starting
            | Self::Blocked
            | Self::WrongPhone
            | Self::OtherNumber
            | Self::Connected
            | Self::Parting
            | Self::LoggingOut
            | Self::LoggedOut => "deliveries",
            Self::NoToken | Self::Token | Self::TokenRevealed => "orders",
            _counter => "counter",
        }
    }

    fn visit(self) -> Visit {
        let trouble = match self {
            Self::Loading | Self::Offline => Trouble::Held("GET /v1/pass"),
            Self::Issuing => Trouble::Held("POST /v1/pass"),
            Self::Revoking => Trouble::Held("DELETE /v1/pass"),
            Self::NotRevoked => Trouble::Lost("DELETE /v1/pass"),
            Self::LoggingOut => Trouble::Held("DELETE /v1/session"),
            Self::Unreachable => Trouble::Lost("GET /v1/pass"),
            Self::NoSession => Trouble::Lost("pairlink-token"),
            Self::Passkey => {
                Trouble::Told("\"state\":\"failed\"", "\"state\":\"passkey_required\"")
            }
            Self::Fallback => Trouble::Lost(".wasm"),
            _none => Trouble::None,
        };
        Visit {
            trouble,
            ..Visit::default()
        }
    }

    /// Opens a page and lets it come to this.
    pub(crate) async fn reach(self, stage: &Stage) -> Page {
        self.prepare(stage).await;
        let address = stage.system.channel(self.channel());
        let page = stage.browser.visit(&address, self.visit()).await;
        self.act(stage, &page).await;
        page.widget().says(&[self.words()]).await;
        page
    }

    /// What providers are told before.
    async fn prepare(self, stage: &Stage) {
        let simulator = stage.system.simulator();
        let fail = |call, status, retry_after| Fault {
            call,
            kind: "status",
            status: Some(status),
            retry_after,
            times: 0,
        };
        match self {
            Self::Starting => stage.green_api_is("starting").await,
            Self::Blocked => stage.green_api_is("blocked").await,
            Self::FailedLogin | Self::Passkey => {
                let failed = json!({"instance_id": "E2E000000001", "status": "FAILED"});
                simulator.steer("wawp/session", &failed).await;
            }
            Self::Connected | Self::Parting | Self::LoggingOut | Self::LoggedOut => {
                stage.green_api_is("authorized").await;
            }
            Self::WrongPhone | Self::OtherNumber => {
                stage.system.expect_phone("deliveries", EXPECTED).await;
            }
            Self::RevokedPending => simulator.fail(fail(REVOKE_LINK, 500, None)).await,
            Self::ProviderDown => simulator.fail(fail(MINT, 500, None)).await,
            Self::Refused => simulator.fail(fail(MINT, 401, None)).await,
            Self::TooMany => simulator.fail(fail(MINT, 429, Some(50))).await,
            Self::IssuingLong => simulator.hold_after("green_api.authorization_code").await,
            _nothing => {}
        }
    }

    /// What the visitor does.
    #[expect(clippy::too_many_lines, reason = "a few lines for each scene")]
    async fn act(self, stage: &Stage, page: &Page) {
        let widget = page.widget();
        match self {
            Self::NoLink
            | Self::Loading
            | Self::NoToken
            | Self::Starting
            | Self::Blocked
            | Self::FailedLogin
            | Self::Passkey
            | Self::Connected
            | Self::Unreachable
            | Self::NoSession
            | Self::Fallback => {}
            Self::Issuing
            | Self::Link
            | Self::Expiring
            | Self::Expired
            | Self::ProviderDown
            | Self::TooMany
            | Self::Refused => widget.press(button::ISSUE).await,
            Self::NoQr => widget.choose(QR).await,
            Self::NoCode => widget.choose(CODE).await,
            Self::WrongNumber => {
                widget.choose(CODE).await;
                widget.type_number("+44 1111111111").await;
                widget.press(GET_CODE).await;
            }
            Self::IssuingLong | Self::Code | Self::OtherNumber => {
                widget.choose(CODE).await;
                widget.type_number("+44 7400 123456").await;
                widget.press(GET_CODE).await;
            }
            Self::Qr => {
                widget.choose(QR).await;
                widget.press(SHOW_QR).await;
            }
            Self::WrongPhone => {
                widget.choose(QR).await;
                widget.press(SHOW_QR).await;
                widget.scan().await;
                let phone = json!({"id_instance": GREEN_API});
                stage
                    .system
                    .simulator()
                    .steer("green_api/scan", &phone)
                    .await;
            }
            Self::Copied => {
                widget.press(button::ISSUE).await;
                widget.button(button::COPY).await;
                page.run(STAND_STILL).await;
                widget.press(button::COPY).await;
            }
            Self::Checking => {
                widget.press(button::ISSUE).await;
                widget.scan().await;
                page.trouble(Trouble::Held("GET /v1/"));
                page.run(COME_BACK).await;
            }
            Self::RevokedLocally => {
                widget.choose(QR).await;
                widget.press(SHOW_QR).await;
                widget.press(button::REVOKE).await;
            }
            Self::Aside => {
                widget.choose(QR).await;
                widget.press(SHOW_QR).await;
                widget.scan().await;
                widget.choose(LINK).await;
            }
            Self::Token => widget.press(MAKE_TOKEN).await,
            Self::TokenRevealed => {
                widget.press(MAKE_TOKEN).await;
                widget.press("reveal").await;
                widget.button("hide").await;
            }
            Self::Revoking | Self::NotRevoked | Self::RevokedUpstream | Self::RevokedPending => {
                widget.press(button::ISSUE).await;
                widget.press(button::REVOKE).await;
            }
            Self::RevokedElsewhere => {
                widget.press(button::ISSUE).await;
                widget.scan().await;
                let other = stage.dashboard().await;
                other.widget().press(button::REVOKE).await;
                other.widget().says(&["Revoked"]).await;
                other.close().await;
            }
            Self::Parting => widget.press(LOG_OUT).await,
            Self::LoggingOut | Self::LoggedOut => {
                widget.press(LOG_OUT).await;
                widget.says(&["Log this phone out?"]).await;
                widget.press(LOG_OUT).await;
            }
            Self::Offline => {
                widget.says(&["Looking up the state"]).await;
                learn_languages(page).await;
                page.set_offline(true).await;
            }
            Self::CutOff => {
                widget.press(button::ISSUE).await;
                widget.scan().await;
                learn_languages(page).await;
                page.lose_servers(true);
            }
            Self::NotReplaced => {
                widget.press(button::ISSUE).await;
                let first = widget.scan().await;
                stage.fail_mint().await;
                widget.press(button::ISSUE).await;
                widget.says(&[self.words()]).await;
                assert_eq!(widget.scan().await, first);
            }
            Self::NotSetUp => {
                page.run("document.querySelector('pair-link').replaceWith(document.createElement('pair-link'))")
                    .await;
            }
        }
    }
}

/// What a page has spoken once it can speak without a network.
async fn learn_languages(page: &Page) {
    for language in ["ar", "en"] {
        page.speak(language).await;
    }
}

impl Stage {
    pub(crate) async fn green_api_is(&self, state: &str) {
        let state = json!({"id_instance": GREEN_API, "state": state});
        self.system
            .simulator()
            .steer("green_api/state", &state)
            .await;
    }

    pub(crate) async fn fail_mint(&self) {
        let fault = Fault {
            call: MINT,
            kind: "status",
            status: Some(500),
            retry_after: None,
            times: 0,
        };
        self.system.simulator().fail(fault).await;
    }
}
