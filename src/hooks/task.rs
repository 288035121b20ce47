//! A future that runs while its handle lives.

use std::future::Future;

use futures_util::future::{AbortHandle, Aborted, abortable};

/// A running future. Dropping it ends the future, and with it whatever the future holds.
pub(super) struct Task(AbortHandle);

impl Task {
    pub(super) fn spawn(future: impl Future<Output = ()> + 'static) -> Self {
        let (future, handle) = abortable(future);
        wasm_bindgen_futures::spawn_local(async move {
            // Ended or aborted: nothing is left to do either way.
            let (Ok(()) | Err(Aborted)) = future.await;
        });
        Self(handle)
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
