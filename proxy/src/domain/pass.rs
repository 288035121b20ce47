//! Passes: what they hold, and their life.
//!
//! ```text
//!             issue                completed
//!   (nothing) ─────▶ minting ─────────────────▶ live ──▶ expired     its end came
//!                      │  │                      │ └───▶ replaced    a newer one was issued
//!                      │  └────────▶ failed      ▼
//!                      │  the provider made none
//!                      └─────────────────────▶ revoking ─┬▶ revoked    the provider confirmed
//!                                 revoke                 └▶ withdrawn  the provider cannot take it back
//! ```
//!
//! `minting` is the intent, written before the provider is called. A row stays in it while nobody knows whether the
//! provider did it: it is settled by asking the provider, never by guessing. `revoking` gives nothing out any more,
//! and stays until nothing is alive at the provider. `withdrawn` is the honest end where nobody can do more: given out
//! no more, alive at the provider until its end. An intent that no provider can be asked about ends there too, and so
//! does a token that another one follows: tokens live side by side.

use super::{Method, PhoneNumber};
use crate::secret::Secret;

/// Where a pass is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassState {
    /// The provider was asked, or is about to be.
    Minting,
    /// Given out.
    Live,
    /// Given out no more; perhaps alive at the provider.
    Revoking,
    /// Dead, by revocation.
    Revoked,
    /// Given out no more; alive at the provider until its end.
    Withdrawn,
    /// Dead, because a newer one was issued.
    Replaced,
    /// Dead, because its end came.
    Expired,
    /// Never lived.
    Failed,
}

impl PassState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Minting,
        Self::Live,
        Self::Revoking,
        Self::Revoked,
        Self::Withdrawn,
        Self::Replaced,
        Self::Expired,
        Self::Failed,
    ];

    /// The name in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minting => "minting",
            Self::Live => "live",
            Self::Revoking => "revoking",
            Self::Revoked => "revoked",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Whether issuing one kills the one before: WhatsApp knows one link, QR code or pairing code of an account at a time,
/// while API tokens live side by side.
pub const fn is_exclusive(method: Method) -> bool {
    match method {
        Method::Link | Method::Qr | Method::Code => true,
        Method::Token => false,
    }
}

/// What is asked for: a method, with what it needs.
#[derive(Clone)]
pub enum PassRequest {
    /// The address of a temporary page of the provider.
    Link,
    /// A QR code.
    Qr,
    /// A pairing code for that phone.
    Code(PhoneNumber),
    /// A short-lived API token.
    Token,
}

/// A pairing code was asked for without a phone number, or something else with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a phone number is wanted for a pairing code, and for nothing else")]
pub struct MismatchedPhoneNumber;

impl PassRequest {
    /// Puts a request together. Ignoring a number would pretend to bind the pass to a phone, so it is refused.
    pub fn new(method: Method, phone: Option<PhoneNumber>) -> Result<Self, MismatchedPhoneNumber> {
        match (method, phone) {
            (Method::Link, None) => Ok(Self::Link),
            (Method::Qr, None) => Ok(Self::Qr),
            (Method::Code, Some(phone)) => Ok(Self::Code(phone)),
            (Method::Token, None) => Ok(Self::Token),
            (Method::Code, None) | (Method::Link | Method::Qr | Method::Token, Some(_)) => {
                Err(MismatchedPhoneNumber)
            }
        }
    }

    /// How the pass will be used.
    pub const fn method(&self) -> Method {
        match self {
            Self::Link => Method::Link,
            Self::Qr => Method::Qr,
            Self::Code(_) => Method::Code,
            Self::Token => Method::Token,
        }
    }

    /// The whole request as one text: two are the same if their texts are. Holds the phone number.
    pub fn text(&self) -> Secret {
        let method = self.method().as_str();
        match self {
            Self::Link | Self::Qr | Self::Token => Secret::new(method),
            Self::Code(phone) => Secret::new(format!("{method} {}", phone.digits())),
        }
    }
}

/// What a pass holds, by method.
#[derive(Clone)]
pub enum Content {
    /// The address of a temporary page of the provider.
    Link(Secret),
    /// The text of a QR code.
    Qr(Secret),
    /// A pairing code.
    Code(Secret),
    /// A short-lived API token, presented as `Bearer`.
    Token(Secret),
}

impl Content {
    /// Puts together what [`Content::method`] and [`Content::secret`] took apart.
    pub fn new(method: Method, secret: Secret) -> Self {
        match method {
            Method::Link => Self::Link(secret),
            Method::Qr => Self::Qr(secret),
            Method::Code => Self::Code(secret),
            Method::Token => Self::Token(secret),
        }
    }

    /// How it is used.
    pub const fn method(&self) -> Method {
        match self {
            Self::Link(_) => Method::Link,
            Self::Qr(_) => Method::Qr,
            Self::Code(_) => Method::Code,
            Self::Token(_) => Method::Token,
        }
    }

    /// What must not be seen by others.
    pub const fn secret(&self) -> &Secret {
        match self {
            Self::Link(secret) | Self::Qr(secret) | Self::Code(secret) | Self::Token(secret) => {
                secret
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_belongs_to_a_pairing_code_and_to_nothing_else() {
        for method in Method::ALL {
            for phone in [None, PhoneNumber::parse("+44 1234 567890").ok()] {
                let with_phone = phone.is_some();
                match PassRequest::new(method, phone) {
                    Ok(request) => {
                        assert_eq!(with_phone, method == Method::Code);
                        assert_eq!(request.method(), method);
                    }
                    Err(MismatchedPhoneNumber) => assert_ne!(with_phone, method == Method::Code),
                }
            }
        }
    }

    #[test]
    fn requests_are_told_apart_by_their_texts() {
        let code = |text| PassRequest::Code(PhoneNumber::parse(text).unwrap());
        let texts = [
            PassRequest::Link,
            PassRequest::Qr,
            PassRequest::Token,
            code("+44 1234 567890"),
            code("+44 1234 567891"),
        ]
        .map(|request| request.text().expose().to_owned());
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(texts.iter().position(|other| other == text), Some(at));
        }
        assert_eq!(code("0044 1234-567890").text().expose(), texts[3]);
    }
}
