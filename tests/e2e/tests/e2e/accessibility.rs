//! Everybody can use every picture of the element: in both themes, in every width, in each language, by the keyboard.

use pairlink_e2e::{Engine, Page, eventually};
use serde_json::json;

use crate::methods::{CODE, GET_CODE, LOG_OUT};
use crate::scenes::Scene;
use crate::{Stage, button};

const LANGUAGES: [&str; 2] = ["ar", "en"];
/// A small phone, which is also a desk at 400 %; a tablet; a desk.
const SIZES: [(u32, u32); 4] = [(320, 700), (768, 1000), (1280, 1000), TWICE_AS_LARGE];
/// What is left of the desk when the browser shows everything twice as large.
const TWICE_AS_LARGE: (u32, u32) = (640, 500);

/// What axe looks for hangs on markup and style, and one engine is enough for all of it. The others place and colour by
/// themselves: each state is looked at by axe on the phone and the desk, in one theme and language each, and placed in
/// every width and both languages.
fn themes(engine: Engine, (width, _): (u32, u32), language: &str) -> &'static [&'static str] {
    match engine {
        // In the same layout as the tablet.
        Engine::Chromium if width == TWICE_AS_LARGE.0 => &[],
        Engine::Chromium => &["light", "dark"],
        Engine::Firefox | Engine::WebKit if (width, language) == (320, "ar") => &["dark"],
        Engine::Firefox | Engine::WebKit if (width, language) == (1280, "en") => &["light"],
        Engine::Firefox | Engine::WebKit => &[],
    }
}

/// Looks at a scene in every way, and says in which something is wrong.
async fn is_open_to_everybody(scene: Scene) {
    let stage = scene.stage().await;
    let page = scene.reach(&stage).await;
    page.bring_axe().await;
    let mut barriers = Vec::new();
    for size in SIZES {
        page.resize(size).await;
        for language in LANGUAGES {
            page.speak(language).await;
            let themes = themes(stage.browser.engine(), size, language);
            for theme in themes {
                page.wear(theme).await;
                for barrier in page.barriers().await {
                    barriers.push(format!("{language}, {} px, {theme}: {barrier}", size.0));
                }
            }
            if themes.is_empty() {
                for barrier in page.misplaced().await {
                    barriers.push(format!("{language}, {} px: {barrier}", size.0));
                }
            }
        }
    }
    assert!(barriers.is_empty(), "{scene:?}:\n{}", barriers.join("\n"));
    if LANGUAGES.last() == Some(&"en") {
        let words = page.widget().words().await.to_lowercase();
        let expected = scene.words().to_lowercase();
        assert!(words.contains(&expected), "it was another picture: {words}");
    }
    page.vanish();
}

macro_rules! scenes {
    ($($(#[$note:meta])* $name:ident: $scene:ident,)*) => {$(
        $(#[$note])*
        #[tokio::test]
        async fn $name() {
            is_open_to_everybody(Scene::$scene).await;
        }
    )*};
}

scenes! {
    while_it_looks_up_the_state: Loading,
    before_a_link: NoLink,
    before_a_qr_code: NoQr,
    before_a_pairing_code: NoCode,
    with_a_wrong_number: WrongNumber,
    before_a_token: NoToken,
    while_it_issues: Issuing,
    while_it_issues_for_long: IssuingLong,
    with_a_link: Link,
    with_a_link_that_was_copied: Copied,
    with_a_qr_code: Qr,
    with_a_pairing_code: Code,
    with_a_token: Token,
    with_a_token_to_read: TokenRevealed,
    with_another_method_alive: Aside,
    near_the_end: Expiring,
    after_the_end: Expired,
    while_it_checks_what_is_true: Checking,
    while_it_revokes: Revoking,
    while_it_cannot_revoke: NotRevoked,
    after_revoking: RevokedUpstream,
    after_revoking_without_an_answer: RevokedPending,
    after_revoking_what_lives_on: RevokedLocally,
    after_somebody_else_revoked: RevokedElsewhere,
    while_the_account_starts: Starting,
    with_a_blocked_account: Blocked,
    after_a_failed_login: FailedLogin,
    when_a_passkey_is_asked_for: Passkey,
    after_another_phone_was_linked: WrongPhone,
    with_a_number_that_is_not_expected: OtherNumber,
    when_connected: Connected,
    when_asked_to_log_out: Parting,
    while_it_logs_out: LoggingOut,
    after_logging_out: LoggedOut,
    /// Only Chromium's driver can tell a page that the machine has no network.
    only_in_chromium_when_offline: Offline,
    when_cut_off: CutOff,
    without_an_answer: Unreachable,
    without_a_session: NoSession,
    when_the_provider_is_down: ProviderDown,
    after_too_many: TooMany,
    when_credentials_are_refused: Refused,
    when_nothing_was_replaced: NotReplaced,
    when_it_cannot_run: Fallback,
    when_it_is_not_set_up: NotSetUp,
}

/// Presses by the keyboard, and expects the focus to have a place afterwards, there and then and in the next picture.
async fn press(page: &Page, name: &str, then: &str) {
    page.widget().press_by_keyboard(name).await;
    page.keeps_focus(name).await;
    page.widget().says(&[then]).await;
    page.keeps_focus(then).await;
}

#[tokio::test]
async fn the_focus_is_never_lost_around_a_link() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    press(&page, button::ISSUE, "Your link is ready").await;
    press(&page, button::COPY, "Copied").await;
    press(&page, button::ISSUE, "Your link is ready").await;
    press(&page, button::REVOKE, "It has stopped working").await;
    stage.fail_mint().await;
    press(&page, button::ISSUE, "has a problem").await;
    press(&page, button::RETRY, "has a problem").await;
    page.close().await;
}

#[tokio::test]
async fn the_focus_is_never_lost_around_a_pairing_code_and_a_login() {
    let stage = Stage::set().await;
    let page = stage.channel("deliveries").await;
    page.widget().choose(CODE).await;
    page.widget().type_number("+44 1111111111").await;
    press(&page, GET_CODE, "Please check it").await;
    page.widget().type_number("+44 7400 123456").await;
    press(&page, GET_CODE, "Type this code").await;
    // What happens by itself takes the focus from nobody.
    stage.green_api_is("authorized").await;
    page.widget().says(&["is connected"]).await;
    page.keeps_focus("a phone that connects").await;
    press(&page, LOG_OUT, "Log this phone out?").await;
    press(&page, "stay connected", "is connected").await;
    press(&page, LOG_OUT, "Log this phone out?").await;
    press(&page, LOG_OUT, "The phone is logged out").await;
    page.close().await;
}

#[tokio::test]
async fn the_focus_is_never_lost_around_a_token() {
    let stage = Stage::set().await;
    let page = stage.channel("orders").await;
    press(&page, "make a token", "Your API token is ready").await;
    press(&page, "reveal", "Hide").await;
    press(&page, "hide", "Reveal").await;
    press(&page, "copy token", "Copied").await;
    press(&page, button::REVOKE, "Nobody gets it").await;
    page.close().await;
}

#[tokio::test]
async fn the_methods_are_chosen_by_arrow_keys() {
    let stage = Stage::set().await;
    let page = stage.channel("deliveries").await;
    page.widget().says(&["Show a QR code and scan it"]).await;
    page.widget().focus_the_choice().await;
    page.press_key(thirtyfour::Key::Right).await;
    page.widget().says(&["Get a code and type it"]).await;
    page.keeps_focus("an arrow key").await;
    page.press_key(thirtyfour::Key::Left).await;
    page.widget().says(&["Show a QR code and scan it"]).await;
    page.close().await;
}

/// Only Chromium's driver answers media queries otherwise.
#[tokio::test]
async fn only_in_chromium_calm_is_respected() {
    let stage = Stage::set().await;
    assert_eq!(stage.browser.engine(), Engine::Chromium);
    let page = Scene::Issuing.reach(&stage).await;
    let turn = "return getComputedStyle(document.querySelector('pair-link').shadowRoot
        .querySelector('.cover .icon')).animationDuration";
    assert_eq!(page.run(turn).await, "1s");
    page.prefer(&[("prefers-reduced-motion", "reduce")]).await;
    // It still shows that something is going on, as slowly as the hand of a clock.
    assert_eq!(page.run(turn).await, "6s");
    page.vanish();
}

/// What in the element has no edge, by its class.
const WITHOUT_EDGE: &str = "
return [...document.querySelector('pair-link').shadowRoot.querySelectorAll('button, .button, .tile, .field, .pairlink, .fallback')]
  .filter(part => parseFloat(getComputedStyle(part).borderTopWidth) < 1).map(part => part.className)";

/// Buttons whose words do not stand out from them, by contrast as WCAG counts it; and those whose colours the browser
/// would take for unreadable: it puts a box of its own behind their words.
const UNREADABLE: &str = "
const light = (colour) => {
  const [r, g, b] = colour.match(/[.\\d]+/g).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
};
return [...document.querySelector('pair-link').shadowRoot.querySelectorAll('.button, .fallback button')].filter((button) => {
  const {color, backgroundColor, forcedColorAdjust} = getComputedStyle(button);
  if (button.matches('[part~=primary]') && forcedColorAdjust !== 'none') return true;
  const [dark, bright] = [light(color), light(backgroundColor)].sort((one, other) => one - other);
  return bright / dark < 4.5;
}).map((button) => `${button.innerText} ${getComputedStyle(button).color} ${getComputedStyle(button).backgroundColor}`)";

/// What is too faint for somebody who wishes for more contrast: edges and words that are not as dark as the text.
const FAINT: &str = "
const card = document.querySelector('pair-link').shadowRoot.querySelector('.pairlink, .fallback');
const {color} = getComputedStyle(card);
return [...card.querySelectorAll('.button:not([part~=primary], .revoke), .fallback button, .field, .name, .body, .small')]
  .filter(part => {
    const style = getComputedStyle(part);
    return (part.matches('button, .button, .field') ? style.borderTopColor : style.color) !== color;
  })
  .map(part => part.className)";

#[tokio::test]
async fn only_in_chromium_forced_colours_and_more_contrast_are_respected() {
    let stage = Stage::set().await;
    for scene in [Scene::Link, Scene::NoCode, Scene::Fallback] {
        let page = scene.reach(&stage).await;
        page.prefer(&[("forced-colors", "active")]).await;
        assert_eq!(
            page.run(WITHOUT_EDGE).await,
            json!([]),
            "{scene:?}: what has no edge cannot be seen"
        );
        assert_eq!(page.run(UNREADABLE).await, json!([]), "{scene:?}");
        if scene == Scene::Link {
            // Dark on white all the same: a camera has no preferences.
            page.widget().scan().await;
            let paper = "return getComputedStyle(document.querySelector('pair-link').shadowRoot.querySelector('.paper')).backgroundColor";
            assert_eq!(page.run(paper).await, "rgb(255, 255, 255)");
        }
        page.prefer(&[("prefers-contrast", "more")]).await;
        // The console has colours of its own, which stay.
        for colour in ["line", "quiet"] {
            let ours = format!(
                "document.querySelector('pair-link').style.setProperty('--pairlink-{colour}', 'initial')"
            );
            page.run(&ours).await;
        }
        for theme in ["light", "dark"] {
            page.wear(theme).await;
            assert_eq!(page.run(FAINT).await, json!([]), "{scene:?} {theme}");
        }
        page.vanish();
    }
}

/// Where parts of the element stand, counted from its edges in the direction of the text, and which way they run.
const PLACES: &str = "
const root = document.querySelector('pair-link').shadowRoot;
const find = (part) => root.querySelector(part);
const top = find('.top').getBoundingClientRect();
const style = (part) => getComputedStyle(find(part));
return {
  name: Math.round(top.right - find('.name').getBoundingClientRect().right),
  chip: Math.round(find('.chip').getBoundingClientRect().left - top.left),
  arrow: style('a.button .icon').scale,
  link: style('input.field').direction,
  clock: style('.clock span').direction,
}";

#[tokio::test]
async fn in_arabic_all_is_mirrored_but_addresses_and_times() {
    let stage = Stage::set().await;
    let page = Scene::Link.reach(&stage).await;
    page.speak("ar").await;
    let places = json!({"name": 0, "chip": 0, "arrow": "-1 1", "link": "ltr", "clock": "ltr"});
    assert_eq!(page.run(PLACES).await, places);
    page.speak("en").await;
    assert_eq!(page.run("return getComputedStyle(document.querySelector('pair-link').shadowRoot.querySelector('a.button .icon')).scale").await, "none");
    page.close().await;
}

#[tokio::test]
async fn the_country_stays_chosen_in_another_language() {
    let stage = Stage::set().await;
    let page = Scene::WrongNumber.reach(&stage).await;
    let chosen = "const {value, options, selectedOptions} = document.querySelector('pair-link').shadowRoot.querySelector('select');
        return [value, selectedOptions[0]?.innerText.replaceAll('\\u200e', ''), options.length > 200]";
    assert_eq!(
        page.run(chosen).await,
        json!(["GB", "United Kingdom (+44)", true])
    );
    page.speak("ar").await;
    assert_eq!(
        page.run(chosen).await,
        json!(["GB", "المملكة المتحدة (+44)", true])
    );
    page.close().await;
}

#[tokio::test]
async fn what_cannot_run_wears_the_theme_of_its_page() {
    let stage = Stage::set().await;
    let page = Scene::Fallback.reach(&stage).await;
    let surface = "return getComputedStyle(document.querySelector('pair-link').shadowRoot.querySelector('.fallback')).colorScheme";
    for theme in ["dark", "light"] {
        page.wear(theme).await;
        eventually(theme, async || match page.run(surface).await {
            worn if worn == theme => Ok(()),
            worn => Err(worn.to_string()),
        })
        .await;
    }
    page.vanish();
}
