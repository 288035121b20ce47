//! What each state of the login looks like, and the way out of a login.

use super::*;

const LINK: [Method; 1] = [Method::Link];

fn in_state(session: SessionState) -> State {
    let view = offering(&LINK, session, None);
    after([Event::ReadAnswered(request(1), Ok(view))])
}

#[tokio::test]
async fn every_state_has_words_and_a_next_step() {
    for session in SessionState::ALL {
        let (title, step) = match session {
            SessionState::Starting => ("Getting ready", "Make a link"),
            SessionState::Waiting | SessionState::Unknown => ("Connect WhatsApp", "Make a link"),
            SessionState::Connected => ("WhatsApp is connected", "Log out"),
            SessionState::LoggedOut => ("The phone is logged out", "Make a link"),
            SessionState::PasskeyRequired => ("WhatsApp asks for a passkey", "Make a link"),
            SessionState::Blocked => ("WhatsApp has blocked this account", "Make a link"),
            SessionState::Failed => ("The last attempt failed", "Make a link"),
        };
        let html = render(&in_state(session), NOW).await;
        let headline = ["part=\"title\">", title, "</h2>"].concat();
        assert!(html.contains(&headline), "{title}");
        assert!(
            html.contains(&[step, "</button>"].concat()),
            "{title}: {step}"
        );
        let busy = html.contains("data-busy");
        assert_eq!(busy, session == SessionState::Starting, "{title}");
        let urged = html.contains("button primary");
        let hopeless = matches!(session, SessionState::Blocked | SessionState::Connected);
        assert_eq!(urged, !hopeless, "{title}");
    }
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_beside_a_code_too() {
    for (session, said) in [
        (
            SessionState::PasskeyRequired,
            "WhatsApp asks for a passkey</b>",
        ),
        (
            SessionState::Blocked,
            "WhatsApp has blocked this account</b>",
        ),
        (SessionState::Failed, "The last attempt failed</b>"),
    ] {
        let html = render(&after([read(session, link())]), NOW).await;
        assert!(html.contains(URL) && html.contains(said), "{said}");
    }
    let html = render(&after([read(SessionState::Starting, link())]), NOW).await;
    assert!(!html.contains("role=\"note\""));
}

#[tokio::test]
async fn logging_out_is_confirmed_first() {
    let state = in_state(SessionState::Connected);
    let (state, _) = step(state, Event::PartingAsked(true), NOW);
    let html = render(&state, NOW).await;
    for wanted in [
        "Log this phone out?",
        "The phone keeps its chats, and can be connected again.",
        "Log out</button>",
        "Stay connected</button>",
    ] {
        assert!(html.contains(wanted), "{wanted}");
    }
    let (kept, _) = step(state.clone(), Event::PartingAsked(false), NOW);
    assert!(render(&kept, NOW).await.contains("WhatsApp is connected"));

    let (leaving, effects) = step(state, Event::LogOutAsked, NOW);
    let html = render(&leaving, NOW).await;
    assert!(html.contains("Logging out…") && !html.contains("<button"));
    let request = asked(effects);
    for state in [SessionState::LoggedOut, SessionState::Waiting] {
        let done = Event::LogOutAnswered(request, Ok(state));
        let html = render(&step(leaving.clone(), done, NOW).0, NOW).await;
        assert!(html.contains("The phone is logged out") && html.contains("Make a link"));
    }
    let failed = Event::LogOutAnswered(request, Err(Failure::Unreachable));
    let html = render(&step(leaving, failed, NOW).0, NOW).await;
    assert!(html.contains("WhatsApp is connected") && html.contains("Log out</button>"));
    assert!(html.contains("role=\"alert\"") && html.contains("<b>No answer</b>"));
}

#[tokio::test]
async fn a_page_that_may_not_log_out_does_not_offer_it() {
    let html = render(&after([read(SessionState::Connected, None)]), NOW).await;
    assert!(!html.contains("Log out"));
}

#[tokio::test]
async fn a_phone_that_is_linked_already_can_be_logged_out() {
    let (state, effects) = step(
        in_state(SessionState::Unknown),
        Event::IssueAsked(key()),
        NOW,
    );
    let failure = Failure::Problem {
        code: ProblemCode::AlreadyConnected,
        request_id: "req_9".to_owned(),
        retry_after_seconds: None,
    };
    let answer = Event::IssueAnswered(asked(effects), Err(failure));
    let html = render(&step(state, answer, NOW).0, NOW).await;
    assert!(html.contains("Connected already") && html.contains("Log out</button>"));
}

#[tokio::test]
async fn another_phone_than_the_expected_one_is_said_in_every_place() {
    let wrong = |session, content| {
        let mut view = view(session, content);
        view.connection.wrong_phone = true;
        view
    };
    let said = "Another phone was linked";
    let read = |view| Event::ReadAnswered(request(1), Ok(view));
    for session in SessionState::ALL {
        let html = render(&after([read(wrong(session, None))]), NOW).await;
        let weightier = matches!(
            session,
            SessionState::Starting
                | SessionState::PasskeyRequired
                | SessionState::Blocked
                | SessionState::Connected
        );
        assert_eq!(html.contains(said), !weightier, "{session:?}");
        assert!(html.matches(said).count() <= 1, "{session:?}");
    }
    // Beside the next code, so that the same is not scanned again.
    let html = render(&after([read(wrong(SessionState::Waiting, link()))]), NOW).await;
    assert!(html.contains(URL) && html.contains(&[said, "</b>"].concat()));
    // What was shown was revoked with it: nobody did that on another page.
    let page = Page {
        visible: true,
        online: true,
        ..Page::default()
    };
    let shown = read(view(SessionState::Waiting, link()));
    let (state, effects) = step(State::start(Settings::default(), page).0, shown, NOW);
    let stream = effects.into_iter().find_map(|effect| match effect {
        Effect::OpenStream(stream) => Some(stream),
        _ => None,
    });
    let view = wrong(SessionState::Waiting, None);
    let revoked = Event::StreamDelivered(stream.unwrap(), EventKind::Revoked, view);
    let html = render(&step(state, revoked, NOW).0, NOW).await;
    assert!(html.contains(&[said, "</h2>"].concat()) && html.contains("Make a link"));
    assert!(!html.contains("on another page"));
    assert_eq!(html.matches(said).count(), 1);
}

#[tokio::test]
async fn a_code_for_another_number_than_the_expected_one_says_so() {
    let (state, effects) = step(
        in_state(SessionState::Waiting),
        Event::IssueAsked(key()),
        NOW,
    );
    let failure = Failure::Problem {
        code: ProblemCode::PhoneNotAllowed,
        request_id: "req_9".to_owned(),
        retry_after_seconds: None,
    };
    let answer = Event::IssueAnswered(asked(effects), Err(failure));
    let html = render(&step(state, answer, NOW).0, NOW).await;
    assert!(
        html.contains("Another number is expected here") && html.contains("Try again</button>")
    );
    assert!(!html.contains("Not allowed here"));
}
