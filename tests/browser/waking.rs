//! The page stood still, in the back-forward cache or frozen: what it shows may be dead.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{LINK, NONE, Widget, come_back, hold, release, serve, server};

#[wasm_bindgen_test]
async fn covers_first_then_asks_then_shows() {
    for how in ["pageshow", "resume"] {
        server(LINK);
        let widget = Widget::mount();
        widget.until_stage("live").await;
        hold("GET");
        come_back(how);
        widget.until_stage("checking").await;
        assert!(widget.drawing().is_none(), "{how}");
        release("GET");
        widget.until_stage("live").await;
        assert!(widget.drawing().is_some(), "{how}");

        serve("GET", 200, NONE);
        come_back(how);
        widget.until_stage("revoked").await;
        widget.destroy().await;
    }
}
