//! Each method as it is offered, made, shown and ended.

use super::*;

const EVERYTHING: [Method; 3] = [Method::Link, Method::Qr, Method::Code];

fn offered(content: Option<PassContent>) -> State {
    let view = offering(&EVERYTHING, SessionState::Waiting, content);
    after([Event::ReadAnswered(request(1), Ok(view))])
}

fn happen(state: State, events: impl IntoIterator<Item = Event>) -> State {
    events
        .into_iter()
        .fold(state, |state, event| step(state, event, NOW).0)
}

fn code() -> Option<PassContent> {
    Some(PassContent::Code {
        code: Sensitive::new("GAPI2015"),
    })
}

fn token() -> Option<PassContent> {
    Some(PassContent::Token {
        token: Sensitive::new("token-canary"),
        token_type: "Bearer".to_owned(),
    })
}

fn qr() -> Option<PassContent> {
    Some(PassContent::Qr {
        payload: Sensitive::new("2@payload-canary"),
    })
}

#[tokio::test]
async fn the_choice_is_there_where_there_is_one() {
    let html = render(&offered(None), NOW).await;
    assert!(html.contains("role=\"radiogroup\"") && html.contains("aria-label=\"How to connect\""));
    assert_eq!(html.matches("type=\"radio\"").count(), 3);
    assert_eq!(html.matches("checked").count(), 1);
    for name in ["Link</span>", "QR code</span>", "Pairing code</span>"] {
        assert!(html.contains(name), "{name}");
    }
    assert!(!html.contains("disabled"));
    let busy = happen(offered(None), [Event::IssueAsked(key())]);
    assert_eq!(render(&busy, NOW).await.matches("disabled=").count(), 3);

    let html = render(&after([read(SessionState::Waiting, None)]), NOW).await;
    assert!(!html.contains("radio"));
}

#[tokio::test]
async fn each_method_has_a_page_of_its_own() {
    for (method, button) in [
        (Method::Link, "Make a link</button>"),
        (Method::Qr, "Show the code</button>"),
        (Method::Code, "Get a code</button>"),
    ] {
        let html = render(&happen(offered(None), [Event::MethodChosen(method)]), NOW).await;
        assert!(html.contains(button), "{button}");
        assert_eq!(html.matches("button primary").count(), 1);
    }
}

#[tokio::test]
async fn what_is_alive_out_of_view_is_spoken_of_and_not_shown() {
    let state = happen(offered(link()), [Event::MethodChosen(Method::Qr)]);
    let html = render(&state, NOW).await;
    assert!(!html.contains(URL) && !html.contains("viewBox=\"0 0 4"));
    assert!(
        html.contains("A link is still active, until 12:34. What you do here does not end it.")
    );
}

#[tokio::test]
async fn the_number_is_asked_for_with_its_country() {
    let state = happen(offered(None), [Event::MethodChosen(Method::Code)]);
    let html = render(&state, NOW).await;
    for wanted in [
        "Country<select",
        "United Kingdom (+44)</option>",
        "Phone number of this WhatsApp<input",
        "type=\"tel\"",
        "inputmode=\"tel\"",
        "autocomplete=\"tel\"",
        "dir=\"ltr\"",
        "type=\"submit\"",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(!html.contains("aria-invalid") && !html.contains("role=\"alert\""));
}

#[tokio::test]
async fn a_number_that_cannot_be_one_is_said_at_the_field() {
    let state = happen(
        offered(None),
        [
            Event::MethodChosen(Method::Code),
            Event::NumberTyped("+44 12".to_owned()),
            Event::IssueAsked(key()),
        ],
    );
    let html = render(&state, NOW).await;
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("value=\"+44 12\""));
    let said = ">This is no phone number of that country. Please check it.<";
    assert!(html.contains(said) && html.contains("role=\"alert\""));
}

#[tokio::test]
async fn a_number_that_is_missing_is_asked_for_even_beside_a_code_that_is_alive() {
    let live = after([read(SessionState::Waiting, code())]);
    assert!(!render(&live, NOW).await.contains("type=\"tel\""));
    let html = render(&happen(live, [Event::IssueAsked(key())]), NOW).await;
    assert!(html.contains("GAPI") && html.contains("type=\"tel\""));
    assert!(html.contains("Please enter the number.") && html.contains("Get a new code</button>"));
}

#[tokio::test]
async fn after_a_failure_the_number_can_be_corrected() {
    let typed = [
        Event::MethodChosen(Method::Code),
        Event::NumberTyped("020 7946 0000".to_owned()),
    ];
    let state = happen(offered(None), typed);
    let (state, effects) = step(state, Event::IssueAsked(key()), NOW);
    let failure = Event::IssueAnswered(asked(effects), Err(Failure::TimedOut));
    let html = render(&step(state, failure, NOW).0, NOW).await;
    assert!(html.contains("This takes too long") && html.contains("value=\"020 7946 0000\""));
    assert!(html.contains("type=\"submit\"") && html.contains(">Try again</button>"));
}

#[tokio::test]
async fn a_pairing_code_is_grouped_for_eyes_spelled_for_ears_and_whole_for_the_clipboard() {
    let html = render(&after([read(SessionState::Waiting, code())]), NOW).await;
    assert!(html.contains("<span>GAPI</span><span>2015</span>"));
    assert!(html.contains("aria-label=\"G A P I 2 0 1 5 \""));
    assert!(html.contains("Choose Link with phone number instead."));
    assert!(html.contains("Copy code") && html.contains("Get a new code"));
    assert!(html.contains("Whoever has it can use it until it ends."));
    assert!(html.contains("role=\"timer\" dir=\"ltr\">29:00"));
}

#[tokio::test]
async fn a_qr_code_does_not_alarm_with_seconds_that_run_out() {
    let state = after([read(SessionState::Waiting, qr())]);
    for left in [20_000, 5_000, 1] {
        let html = render(&state, NOW.plus_millis(1_740_000 - left)).await;
        assert!(html.contains("A new code appears by itself") && html.contains("role=\"img\""));
        assert!(!html.contains("role=\"timer\"") && !html.contains("seconds left"));
        assert!(html.contains("data-stage=\"live\""));
    }
    let html = render(&state, NOW.plus_millis(1_740_000)).await;
    assert!(html.contains("A new code appears by itself"), "it waits");
    assert!(html.contains("data-busy") && !html.contains("role=\"img\""));
}

#[tokio::test]
async fn an_api_token_is_masked_until_somebody_wants_to_read_it() {
    let state = after([read(SessionState::Connected, token())]);
    let html = render(&state, NOW).await;
    assert!(html.contains("Copy token") && !html.contains("token-canary"));
    assert!(html.contains("aria-label=\"Hidden\"") && html.contains(">••••••••••••••••<"));
    assert!(html.contains("Reveal</button>") && html.contains("Ends at 12:34."));

    let revealed = happen(state, [Event::RevealAsked]);
    let html = render(&revealed, NOW).await;
    assert!(html.contains("token-canary") && html.contains("Hide</button>"));
    assert!(html.contains("role=\"textbox\"") && html.contains("aria-label=\"API token\""));
    for event in [Event::RevealAsked, Event::Hidden, Event::Slept] {
        let masked = happen(revealed.clone(), [event]);
        assert!(!render(&masked, NOW).await.contains("token-canary"));
    }
}

#[tokio::test]
async fn what_takes_long_says_so_and_can_be_cancelled() {
    let (state, effects) = step(offered(None), Event::IssueAsked(key()), NOW);
    let html = render(&state, NOW).await;
    assert!(!html.contains("Cancel") && html.contains("data-busy"));
    let later = Event::IssueAnswered(asked(effects), Ok(Issued::Later(NOW)));
    let state = step(state, later, NOW).0;
    let html = render(&state, NOW.plus_millis(12_000)).await;
    for wanted in [
        "This can take half a minute.",
        "Waiting for",
        "00:12",
        "Cancel</button>",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    assert!(!html.contains("Cancelling also revokes"));

    let (state, effects) = step(state, Event::RevokeAsked, NOW);
    assert!(render(&state, NOW).await.contains("Cancelling…"));
    let revoked = RevokedPasses {
        revoked: true,
        revocation: Revocation::LocalOnly,
        dead_by: NOW.plus_millis(150_000),
        server_time: NOW,
    };
    let answer = Event::RevokeAnswered(asked(effects), Ok(revoked));
    let html = render(&step(state, answer, NOW).0, NOW).await;
    assert!(
        html.contains("Nothing was shown to anybody.") && html.contains("Make a link</button>")
    );
    assert!(!html.contains("12:34"));
}

#[tokio::test]
async fn cancelling_says_what_else_it_revokes() {
    let (state, effects) = step(offered(link()), Event::IssueAsked(key()), NOW);
    let later = Event::IssueAnswered(asked(effects), Ok(Issued::Later(NOW)));
    let html = render(&step(state, later, NOW).0, NOW).await;
    assert!(html.contains("Cancelling also revokes what was active before."));
}

#[tokio::test]
async fn a_page_that_may_only_read_has_no_buttons_that_fail() {
    for (content, wanted) in [(None, "Nothing to offer here"), (link(), "Copy link")] {
        let mut view = view(SessionState::Waiting, content);
        view.connection.actions = vec![Action::Read];
        let html = render(&after([Event::ReadAnswered(request(1), Ok(view))]), NOW).await;
        assert!(html.contains(wanted), "{wanted}");
        assert!(!html.contains("New link") && !html.contains("Make a link"));
        assert!(!html.contains("Revoke"));
    }
}
