//! How hosts' backends are told: what a message says, how it is signed (Standard Webhooks 1.0), and how it is posted.
//!
//! Knows the domain and the wire; when and how often something is posted is decided by `service`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use pairlink_protocol::{SessionState, WebhookData, WebhookMessage};
use rand::{CryptoRng, RngExt as _};
use reqwest::{Client, StatusCode, header};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::domain::{DeliveryId, DeliveryOutcome, Notice, NoticeKind, Timestamp};
use crate::outbound::{self, AddressPolicy, ClientUnavailable};
use crate::secret::Secret;

/// What stands before the base64 of a secret.
const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;
/// How much of a receiver's answer is read, so that the connection can be used again; nothing of it is looked at.
const ANSWER_BYTES: usize = 4 * 1024;

/// Bounds of one attempt.
#[derive(Clone, Copy, Debug)]
pub struct CourierLimits {
    /// For the connection to be made.
    pub connect: Duration,
    /// For the whole attempt.
    pub deadline: Duration,
}

impl Default for CourierLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            deadline: Duration::from_secs(10),
        }
    }
}

/// A message on its way.
pub struct Letter<'a> {
    /// Its name, the same at every attempt.
    pub id: &'a DeliveryId,
    /// What it says.
    pub body: String,
    /// Where to.
    pub url: Secret,
    /// What it is signed with.
    pub secret: Secret,
    /// When it is sent.
    pub at: Timestamp,
}

/// Posts messages.
#[derive(Clone)]
pub struct Courier {
    client: Client,
    policy: AddressPolicy,
}

/// A message that cannot be written.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the message cannot be written")]
pub struct Unwritable;

/// Makes a secret to sign with.
pub fn new_secret(rng: &mut impl CryptoRng) -> Secret {
    let key: Zeroizing<[u8; SECRET_BYTES]> = Zeroizing::new(rng.random());
    let text = Zeroizing::new(STANDARD.encode(key.as_slice()));
    Secret::new([SECRET_PREFIX, text.as_str()].concat())
}

/// What a receiver is told of a notice.
pub fn body(notice: &Notice) -> Result<String, Unwritable> {
    let (state, reason) = match notice.kind {
        NoticeKind::State => (notice.detail.as_deref().and_then(session), None),
        NoticeKind::CredentialRotationDue
        | NoticeKind::CredentialExpiring
        | NoticeKind::CredentialRenewalDue
        | NoticeKind::CredentialExpired
        | NoticeKind::NeedsAttention
        | NoticeKind::Recovered => (None, notice.detail.clone()),
    };
    let message = WebhookMessage {
        kind: notice.kind.as_str().to_owned(),
        timestamp: notice.at,
        data: WebhookData {
            connection: notice.connection.as_str().to_owned(),
            tenant: notice.tenant.as_str().to_owned(),
            provider: notice.provider.clone(),
            label: notice.label.as_str().to_owned(),
            state,
            reason,
        },
    };
    serde_json::to_string(&message).map_err(|_cause| Unwritable)
}

fn session(name: &str) -> Option<SessionState> {
    SessionState::ALL
        .into_iter()
        .find(|state| state.as_str() == name)
}

impl Courier {
    /// Makes one that posts to what the policy admits.
    pub fn new(policy: AddressPolicy, limits: CourierLimits) -> Result<Self, ClientUnavailable> {
        Ok(Self {
            client: outbound::client(policy, limits.connect, limits.deadline)?,
            policy,
        })
    }

    /// Attempts to deliver, once. May have been delivered also when this says otherwise: receivers tell the same
    /// message by its name.
    pub async fn deliver(&self, letter: Letter<'_>) -> DeliveryOutcome {
        // Checked again: the operator may have forbidden private addresses since the webhook was registered.
        let Ok(url) = self.policy.parse_endpoint(letter.url.expose()) else {
            return DeliveryOutcome::AddressNotAllowed;
        };
        let seconds = letter.at.unix_millis().div_euclid(1000).to_string();
        let Some(signature) = sign(&letter.secret, letter.id.as_str(), &seconds, &letter.body)
        else {
            return DeliveryOutcome::Unreachable;
        };
        let request = self
            .client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", letter.id.as_str())
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signature)
            .body(letter.body);
        #[cfg(feature = "broken")]
        let request = if crate::defect::is_chosen("leak-webhook") {
            request.header("webhook-key", letter.secret.expose())
        } else {
            request
        };
        let sent = request.send().await;
        match sent {
            Ok(mut response) => {
                let status = response.status();
                let mut left = ANSWER_BYTES;
                while let Ok(Some(chunk)) = response.chunk().await {
                    let Some(rest) = left.checked_sub(chunk.len()) else {
                        break;
                    };
                    left = rest;
                }
                outcome(status)
            }
            Err(error) if error.is_connect() => DeliveryOutcome::Unreachable,
            Err(error) if error.is_timeout() => DeliveryOutcome::Timeout,
            Err(_broken) => DeliveryOutcome::Broken,
        }
    }
}

fn outcome(status: StatusCode) -> DeliveryOutcome {
    match status {
        StatusCode::GONE => DeliveryOutcome::Gone,
        success if success.is_success() => DeliveryOutcome::Delivered,
        other => DeliveryOutcome::Status(other.as_u16()),
    }
}

/// The signature of a message; none if the secret is not one of ours.
fn sign(secret: &Secret, id: &str, seconds: &str, body: &str) -> Option<String> {
    let text = secret.expose().strip_prefix(SECRET_PREFIX)?;
    let key = Zeroizing::new(STANDARD.decode(text).ok()?);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    for part in [id, ".", seconds, ".", body] {
        mac.update(part.as_bytes());
    }
    Some(["v1,", &STANDARD.encode(mac.finalize().into_bytes())].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_signed_as_the_standard_says() {
        // The example of the Standard Webhooks libraries.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = sign(
            &secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
    }

    #[test]
    fn a_new_secret_holds_as_many_bytes_as_the_hash() {
        let (one, two) = (new_secret(&mut rand::rng()), new_secret(&mut rand::rng()));
        let bytes = STANDARD.decode(one.expose().strip_prefix("whsec_").unwrap());
        assert_eq!(bytes.unwrap().len(), 32);
        assert!(one.expose() != two.expose());
        assert!(sign(&one, "a", "1", "b") != sign(&two, "a", "1", "b"));
    }
}
