//! The fault list: what goes wrong around a proxy, by number, and the test of each.

mod ground;
#[cfg(all(unix, feature = "failpoints"))]
mod killed;
mod left_alone;
#[cfg(all(unix, feature = "failpoints"))]
mod struck;
mod wire;
