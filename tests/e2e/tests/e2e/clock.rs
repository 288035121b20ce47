//! Time is the server's, whatever the visitor's clock says.

use std::time::Duration;

use pairlink_e2e::{Page, System, Visit, eventually};

use crate::{Stage, button};

/// The seconds that the element says are left.
async fn seconds_left(page: &Page) -> u32 {
    eventually("a countdown", async || {
        let words = page.widget().words().await;
        countdown(&words).ok_or(words)
    })
    .await
}

/// The first `minutes:seconds` in a text, in seconds.
fn countdown(words: &str) -> Option<u32> {
    words.split_whitespace().find_map(|word| {
        let (minutes, seconds) = word.split_once(':')?;
        Some(minutes.parse::<u32>().ok()? * 60 + seconds.parse::<u32>().ok()?)
    })
}

#[tokio::test]
async fn the_countdown_is_right_on_clocks_that_are_hours_off() {
    let stage = Stage::set().await;
    let (right, _link) = stage.dashboard_with_link().await;
    for clock_ahead_hours in [-7, 9] {
        let wrong = stage
            .visit_dashboard(Visit {
                clock_ahead_hours,
                ..Visit::default()
            })
            .await;
        let believed = wrong
            .run("return window.Date.now()")
            .await
            .as_i64()
            .unwrap();
        let true_time = right
            .run("return window.Date.now()")
            .await
            .as_i64()
            .unwrap();
        assert!(
            (believed - true_time).abs() > 6 * 3_600_000,
            "the clock is wrong, or this proves nothing"
        );

        // The wrong one first: the time between the two reads sets them apart in one direction. In the other it can be a
        // second, because each page knows the server's time to half of a round trip, and that may be a turn of the second.
        wrong.widget().scan().await;
        let shown = seconds_left(&wrong).await;
        let expected = seconds_left(&right).await;
        assert!(
            (expected - 1..=expected + 10).contains(&shown),
            "{shown} s are shown, {expected} s are left"
        );
        assert!((20 * 60..=30 * 60).contains(&expected), "{expected}");
        wrong.close().await;
    }
    right.close().await;
}

#[tokio::test]
async fn the_countdown_counts() {
    let stage = Stage::set().await;
    let page = stage.dashboard().await;
    page.widget().press(button::ISSUE).await;
    let first = seconds_left(&page).await;
    eventually("less time", async || {
        let now = seconds_left(&page).await;
        if now < first {
            Ok(())
        } else {
            Err(format!("{now} s"))
        }
    })
    .await;
    page.close().await;
}

#[tokio::test]
async fn a_link_that_ends_is_covered_on_every_page_whatever_its_clock() {
    let life = Duration::from_secs(15);
    let stage = Stage::around(System::start_with_links_that_live(life).await);
    let right = stage.dashboard().await;
    let ahead = Visit {
        clock_ahead_hours: 9,
        ..Visit::default()
    };
    let wrong = stage.visit_dashboard(ahead).await;
    right.widget().press(button::ISSUE).await;
    let link = right.widget().scan().await;
    assert_eq!(wrong.widget().scan().await, link);

    for page in [&right, &wrong] {
        page.widget().says(&["has expired"]).await;
        assert_eq!(page.widget().code_now().await, None);
        page.widget().button(button::ISSUE).await;
    }
    right.close().await;
    wrong.close().await;
}
