//! The widget in a real browser, through its public door: mounted, looked at, pressed, destroyed.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says by them that it failed"
)]

mod early;
mod languages;
mod leaving;
mod lifecycle;
mod methods;
mod page;
mod passes;
mod sharing;
mod waking;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
