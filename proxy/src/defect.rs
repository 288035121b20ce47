//! Faults of our own, on purpose: a build with the feature `broken` has one of them if `BROKEN` names it, to show that
//! the tests find it. Release builds cannot have the feature.
//!
//! A rule that is broken stands beside the rule, as `if defect!("…")`; a secret that is leaked, beside the secret.

#[cfg(all(feature = "broken", not(debug_assertions)))]
compile_error!("the feature `broken` is for tests: no release build may have it");

/// Whether this build is to have the defect of that name; false without the feature.
macro_rules! defect {
    ($name:literal) => {{
        #[cfg(feature = "broken")]
        {
            $crate::defect::is_chosen($name)
        }
        #[cfg(not(feature = "broken"))]
        {
            false
        }
    }};
}

/// Whether that defect was asked for.
#[cfg(feature = "broken")]
pub(crate) fn is_chosen(name: &str) -> bool {
    static CHOSEN: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let chosen = CHOSEN.get_or_init(|| std::env::var("BROKEN").ok());
    chosen.as_deref() == Some(name)
}

/// What was seen of a connection within the last second, whatever has become of it since.
#[cfg(feature = "broken")]
#[expect(
    clippy::disallowed_methods,
    reason = "a defect needs no injected clock"
)]
pub(crate) fn cached(
    connection: &str,
    seen: Option<crate::service::LivePass>,
) -> Option<crate::service::LivePass> {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};
    use std::time::{Duration, Instant};

    type Cache = HashMap<String, (Instant, Option<crate::service::LivePass>)>;
    static CACHE: Mutex<Option<Cache>> = Mutex::new(None);
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    let cache = cache.get_or_insert_default();
    let fresh = |at: &Instant| at.elapsed() < Duration::from_secs(1);
    match cache.get(connection) {
        Some((at, pass)) if fresh(at) => return pass.clone(),
        Some(_) | None => {}
    }
    cache.insert(connection.to_owned(), (Instant::now(), seen.clone()));
    seen
}
