//! Each call, made once and made again.

use std::time::Duration;

use pairlink_protocol::{Method, SessionState};
use pairlink_proxy::domain::is_exclusive;
use pairlink_proxy::provider::{Current, ProviderError};

use super::cases::{LOGINS, cases, logins, request};
use super::desk::{Desk, instant};

#[tokio::test]
async fn what_is_issued_is_what_works_and_for_as_long() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        let issued = desk.issue(&case).await.unwrap();
        let method = case.request.method();
        assert_eq!(issued.content.method(), method);
        let alive = desk.alive(&case);
        assert_eq!(alive.len(), 1, "{} {method}", case.provider);
        assert!(
            issued.content.secret().expose() == alive[0].secret,
            "{} {method}: something else is alive",
            case.provider
        );
        // Never said to live longer than it does, and not much shorter.
        let early = instant(alive[0].expires_at).millis_since(issued.expires_at);
        assert!(
            (0..=10_000).contains(&early),
            "{} {method}: {early}",
            case.provider
        );
        let left = issued.expires_at.millis_since(desk.now());
        assert!((1..=desk.offer(method).longest_millis()).contains(&left));
        for call in case.calls {
            assert_eq!(desk.calls(call), 1, "{call}");
        }
    }
}

#[tokio::test]
async fn whoever_asks_again_gets_what_works_then() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        let earlier = desk.issue(&case).await.unwrap();
        // A provider's QR code is the same until its end.
        desk.simulator.advance(Duration::from_mins(1));
        let issued = desk.issue(&case).await.unwrap();
        let secret = issued.content.secret().expose();
        assert!(
            secret != earlier.content.secret().expose(),
            "{}",
            case.provider
        );
        let alive = desk.alive(&case);
        assert!(
            alive.iter().any(|alive| alive.secret == secret),
            "{}",
            case.provider
        );
        let expected = if is_exclusive(case.request.method()) {
            1
        } else {
            2
        };
        assert_eq!(alive.len(), expected, "{}", case.provider);
        for call in case.calls {
            assert_eq!(desk.calls(call), 2, "{call}");
        }
    }
}

#[tokio::test]
async fn what_is_not_offered_is_not_asked_for() {
    for (provider, login) in LOGINS {
        let desk = Desk::open(provider).await;
        let profile = desk.adapter.profile();
        for method in Method::ALL {
            if profile.offer(method).is_some() {
                continue;
            }
            let issued = desk
                .adapter
                .issue(&desk.account, &request(method), desk.now())
                .await;
            assert_eq!(
                issued.err(),
                Some(ProviderError::NotOffered),
                "{provider} {method}"
            );
        }
        if profile.offers.iter().all(|offer| !offer.revocable) {
            let revoked = desk.adapter.revoke(&desk.account).await;
            assert_eq!(revoked, Err(ProviderError::NotOffered), "{provider}");
        }
        if login.is_none() {
            let session = desk.adapter.session(&desk.account).await;
            assert_eq!(session, Err(ProviderError::NotOffered), "{provider}");
            let ended = desk.adapter.log_out(&desk.account).await;
            assert_eq!(ended, Err(ProviderError::NotOffered), "{provider}");
            assert!(!profile.logs_out, "{provider}");
        }
        for case in cases().iter().filter(|case| case.provider == *provider) {
            for call in case.calls {
                assert_eq!(desk.calls(call), 0, "{call}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_offered_is_in_this_suite() {
    for (provider, _login) in LOGINS {
        let desk = Desk::open(provider).await;
        for method in desk.adapter.profile().methods() {
            let mut cases = cases().into_iter();
            assert!(
                cases.any(|case| case.provider == *provider && case.request.method() == method),
                "{provider} {method}"
            );
        }
    }
}

#[tokio::test]
async fn asking_what_is_alive_changes_nothing() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        let method = case.request.method();
        let current = async || {
            let asked = desk.adapter.current(&desk.account, method, desk.now());
            asked.await.unwrap()
        };
        let nothing_yet = current().await;
        assert_eq!(
            matches!(nothing_yet, Current::Nothing),
            case.current.is_some()
        );
        let issued = desk.issue(&case).await.unwrap();
        for _time in 0..2 {
            match (current().await, case.current) {
                (Current::Alive(found), Some(_call)) => {
                    let same = found.content.secret().expose() == issued.content.secret().expose();
                    assert!(same && found.expires_at == issued.expires_at);
                }
                (Current::Untold, None) => {}
                (Current::Alive(_) | Current::Nothing | Current::Untold, _call) => {
                    panic!("{} {method} misjudges what is alive", case.provider)
                }
            }
            assert_eq!(desk.alive(&case).len(), 1);
        }
        if let Some(call) = case.current {
            assert_eq!(desk.calls(call), 3, "{call}");
        }
    }
}

#[tokio::test]
async fn what_was_taken_back_is_dead_and_taking_it_back_twice_is_once() {
    for case in cases() {
        let Some(call) = case.revoke else {
            continue;
        };
        let desk = Desk::open(case.provider).await;
        desk.adapter.revoke(&desk.account).await.unwrap();
        desk.issue(&case).await.unwrap();
        for _time in 0..2 {
            desk.adapter.revoke(&desk.account).await.unwrap();
            assert_eq!(desk.alive(&case).len(), 0, "{}", case.provider);
        }
        assert_eq!(desk.calls(call), 3);
    }
}

#[tokio::test]
async fn a_login_is_told_of() {
    for (provider, login) in logins() {
        let desk = Desk::open(provider).await;
        for _time in 0..2 {
            let session = desk.adapter.session(&desk.account).await;
            assert_eq!(session, Ok(login.state), "{provider}");
        }
        desk.link();
        let session = desk.adapter.session(&desk.account).await;
        assert_eq!(session, Ok(SessionState::Connected), "{provider}");
        assert_eq!(desk.calls(login.call), 3);
    }
}

#[tokio::test]
async fn a_login_is_ended_and_ending_none_is_success() {
    for (provider, login) in logins() {
        let desk = Desk::open(provider).await;
        assert!(desk.adapter.profile().logs_out, "{provider}");
        desk.link();
        for time in 1..=2 {
            let ended = desk.adapter.log_out(&desk.account).await;
            assert_eq!(ended, Ok(()), "{provider}");
            assert!(!desk.is_linked(), "{provider}");
            assert_eq!(desk.calls(login.log_out), time);
        }
    }
}

#[tokio::test]
async fn credentials_that_open_nothing_are_told_from_everything_else() {
    for case in cases() {
        let desk = Desk::open(case.provider).await;
        let field = desk.adapter.profile().credentials[1].name;
        let account = desk.account_with(field, "0123456789abcdef");
        let issued = desk.issue_as(&account, &case);
        assert_eq!(
            issued.await.err(),
            Some(ProviderError::Credentials),
            "{}",
            case.provider
        );
        assert_eq!(desk.alive(&case).len(), 0);
    }
}

#[tokio::test]
async fn the_documents_say_what_the_adapters_say() {
    let table = include_str!("../../../docs/providers.md");
    for (provider, _login) in LOGINS {
        let desk = Desk::open(provider).await;
        let begins: Vec<_> = desk
            .adapter
            .profile()
            .methods()
            .map(|method| format!("| `{provider}` | `{method}` |"))
            .collect();
        let rows: Vec<_> = table
            .lines()
            .filter(|row| row.matches('|').count() == 6 && row.contains(&format!("`{provider}`")))
            .collect();
        assert_eq!(rows.len(), begins.len(), "{provider}");
        for (row, begin) in rows.iter().zip(&begins) {
            assert!(row.starts_with(begin.as_str()), "{row}");
        }
        for (row, offer) in rows.iter().zip(desk.adapter.profile().offers) {
            let seconds = offer.longest_ttl.as_secs();
            let told = match seconds {
                0..=150 => format!("{seconds} s"),
                151..=3600 => format!("{} min", seconds / 60),
                3601.. => format!("{} h", seconds / 3600),
            };
            assert!(row.contains(&told), "{row}: {told}");
            let revoking = if offer.revocable {
                "upstream"
            } else {
                "local_only"
            };
            assert!(row.contains(revoking), "{row}");
        }
    }
}
