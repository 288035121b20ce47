//! Counts what the store holds, for operators.

use super::{Service, ServiceError};
use crate::metrics;

impl Service {
    /// Brings the metrics that tell of the store up to date.
    pub async fn tally(&self) -> Result<(), ServiceError> {
        metrics::observing(self.observing_since().await?.is_some());
        metrics::tallied(&self.store().tally(self.now()).await?);
        Ok(())
    }
}
