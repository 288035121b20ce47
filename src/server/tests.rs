//! What a browser gets that runs nothing: words, a way on, and nothing that only a script could press.

use pairlink_protocol::{
    Action, ConnectionView, Method, Pass, PassContent, PassView, ProblemCode, Sensitive,
    SessionState, Timestamp,
};

use super::*;

const NOW: Timestamp = Timestamp::from_unix_millis(1_781_895_300_000);

fn view(state: SessionState, content: Option<PassContent>) -> PassView {
    PassView {
        connection: ConnectionView {
            label: "Acme <support> line".to_owned(),
            provider: "wawp".to_owned(),
            state,
            methods: vec![Method::Link, Method::Qr, Method::Code],
            actions: vec![Action::Read, Action::Issue, Action::Revoke],
            wrong_phone: false,
        },
        pass: content.map(|content| Pass {
            id: "pas_1".to_owned(),
            issued_at: NOW.plus_millis(-10_000),
            expires_at: NOW.plus_millis(50_000),
            content,
        }),
        issuing: None,
        server_time: NOW,
    }
}

fn connect(view: PassView) -> Connect {
    Connect {
        view,
        ends_at: NOW.plus_millis(600_000),
        handheld: false,
        chosen: None,
        asks_anew: false,
        failed: None,
        key: "one".to_owned(),
    }
}

async fn drawn(connect: Connect) -> String {
    let frame = Frame {
        words: HostedWords::of([]),
        style: "main > p { margin: 0 }".into(),
        card_style: ".pairlink > .top { margin: 0 }".into(),
        script: "start(() => 1 < 2)".into(),
        with_element: true,
    };
    let page = render(Page::Connect(Box::new(connect)), frame).await;
    assert!(page.starts_with("<!doctype html><html lang=\"en\" dir=\"ltr\">"));
    let (_, card) = page.split_once("shadowrootmode=\"open\"").unwrap();
    let (card, _) = card.split_once("</template>").unwrap();
    for scripted in ["<button", "<form", "type=\"radio\"", "style="] {
        assert!(!card.contains(scripted), "{scripted} in {card}");
    }
    assert!(card.contains("<h2") && card.contains("role=\"status\""));
    assert!(page.contains("action=\"/connect/refuse\""), "the way out");
    page
}

#[tokio::test]
async fn every_state_of_the_login_is_drawn_and_only_a_phone_that_is_linked_needs_nothing() {
    for state in SessionState::ALL {
        let page = drawn(connect(view(state, None))).await;
        let offers = page.contains("action=\"/connect/pass\"");
        assert_eq!(
            offers,
            state != SessionState::Connected,
            "{}",
            state.as_str()
        );
        assert!(page.contains("Acme &lt;support&gt; line"));
    }
}

#[tokio::test]
async fn every_failure_has_words_and_a_next_step() {
    for code in ProblemCode::ALL {
        for method in [Method::Link, Method::Qr, Method::Code] {
            let number = (method == Method::Code).then(|| Sensitive::new("+441134960001"));
            let mut connect = connect(view(SessionState::Waiting, None));
            connect.failed = Some(FailedIssue {
                method,
                number,
                code: *code,
                request_id: "req_1".to_owned(),
                retry_after_seconds: None,
            });
            let page = drawn(connect).await;
            assert!(
                page.contains("action=\"/connect/pass\""),
                "{} {}",
                code.as_str(),
                method.as_str()
            );
        }
    }
}

#[tokio::test]
async fn what_failed_beside_a_living_pass_does_not_hide_it() {
    let link = PassContent::Link {
        url: Sensitive::new("https://provider.example/temp"),
    };
    let mut connect = connect(view(SessionState::Waiting, Some(link)));
    connect.failed = Some(FailedIssue {
        method: Method::Link,
        number: None,
        code: ProblemCode::UpstreamTimeout,
        request_id: "req_1".to_owned(),
        retry_after_seconds: Some(5),
    });
    let page = drawn(connect).await;
    assert!(page.contains("https://provider.example/temp") && page.contains("role=\"alert\""));
    assert!(page.contains("earlier one still works") && page.contains("req_1"));
}

#[tokio::test]
async fn a_living_code_is_spoken_of_while_another_way_is_in_view() {
    let code = PassContent::Code {
        code: Sensitive::new("ABCD1234"),
    };
    let live = view(SessionState::Waiting, Some(code));
    let page = drawn(connect(live.clone())).await;
    assert!(page.contains("<span>ABCD</span><span>1234</span>"));
    let page = drawn(Connect {
        chosen: Some(Method::Qr),
        ..connect(live)
    })
    .await;
    assert!(!page.contains("ABCD") && page.contains("Show the code"));
    // The server does not know where the visitor is.
    assert!(page.contains("18:55 UTC"), "{page}");
}

#[tokio::test]
async fn a_code_that_is_being_made_is_waited_for_and_no_number_is_made_up() {
    let mut pending = view(SessionState::Waiting, None);
    pending.issuing = Some(Method::Code);
    let page = drawn(connect(pending.clone())).await;
    assert!(page.contains("data-stage=\"issuing\"") && page.contains("content=\"3;url=/connect\""));
    assert!(!page.contains("phone_number") && !page.contains("role=\"timer\""));
    // Whoever chose another way is not kept from it.
    let page = drawn(Connect {
        chosen: Some(Method::Link),
        ..connect(pending)
    })
    .await;
    assert!(page.contains("data-stage=\"none\"") && page.contains("Make a link"));
}
