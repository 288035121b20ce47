//! How many pairing codes one phone is sent: WhatsApp shows each on the phone, so whoever may ask for codes could
//! otherwise flood somebody else's.

use super::{Service, ServiceError};
use crate::domain::{PassId, PassRequest, Timestamp};
use crate::store::CodeLimit;

/// The most codes for one number, whichever tenants, connections and processes ask for them, …
const MOST_CODES: u32 = 3;
/// … within this time.
const WINDOW_MILLIS: i64 = 15 * 60 * 1000;

impl Service {
    /// What stands in the way of a request for a pairing code; nothing does of others.
    pub(super) fn code_limit(
        &self,
        request: &PassRequest,
        at: Timestamp,
    ) -> Result<Option<CodeLimit>, ServiceError> {
        match request {
            PassRequest::Code(phone) => Ok(Some(CodeLimit {
                phone: self.vault().hash_named("phone", phone.digits())?,
                since: at.plus_millis(-WINDOW_MILLIS),
                most: MOST_CODES,
            })),
            PassRequest::Link | PassRequest::Qr | PassRequest::Token => Ok(None),
        }
    }

    /// Gives back what was counted for an attempt that never reached the provider.
    pub(super) async fn uncount_code(&self, pass: &PassId) -> Result<(), ServiceError> {
        Ok(self.store().forget_code_request(pass).await?)
    }

    /// Forgets the numbers that are counted no more.
    pub(super) async fn forget_codes(&self) -> Result<(), ServiceError> {
        let then = self.now().plus_millis(-WINDOW_MILLIS);
        self.store().forget_code_requests(then).await?;
        Ok(())
    }
}

/// When the next code may be asked for, if the oldest that counts is this one.
pub(super) fn again_after(oldest: Timestamp, now: Timestamp) -> u32 {
    let left = oldest.plus_millis(WINDOW_MILLIS).millis_since(now).max(0);
    u32::try_from((left + 999) / 1000)
        .unwrap_or(u32::MAX)
        .max(1)
}
