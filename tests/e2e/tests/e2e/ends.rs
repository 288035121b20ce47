//! Ends that are asked for.

use crate::Stage;

#[tokio::test]
async fn every_part_ends_cleanly_while_pages_are_open() {
    let mut stage = Stage::set().await;
    let (page, _link) = stage.dashboard_with_link().await;
    for (part, end) in stage.system.terminate().await {
        assert!(end.success(), "{part}: {end}");
    }
    page.vanish();
}
