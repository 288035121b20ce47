//! Errors on the wire (RFC 9457).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The media type of a problem.
pub const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

/// An error on the wire, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// `urn:pairlink:problem:{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    /// One plain sentence, the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to branch on; stable.
    pub code: ProblemCode,
    /// Names this request in the operator's log.
    pub request_id: String,
    /// Seconds after which trying again may help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The field at fault; its value is never repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// Declares the codes once: name on the wire, HTTP status, title.
macro_rules! problem_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// What went wrong; stable names, to branch on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemCode {
            $($(#[$doc])* $variant,)*
            /// A code that this reader is too old to know; never sent.
            Other,
        }

        impl ProblemCode {
            /// Every code that can be sent.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other => "other",
                }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$variant => $status,)*
                    Self::Other => 500,
                }
            }

            /// One plain sentence.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => $title,)*
                    Self::Other => "An error of another kind.",
                }
            }
        }
    };
}

problem_codes! {
    /// The body is not JSON.
    InvalidJson = "invalid_json", 400, "The body is not valid JSON.";
    /// The request cannot be understood; `field` names the part.
    InvalidRequest = "invalid_request", 400, "The request cannot be understood.";
    /// No token, or one that opens nothing.
    Unauthenticated = "unauthenticated", 401, "The request carries no valid token.";
    /// The embed token has ended: get a new one.
    TokenExpired = "token_expired", 401, "The embed token has expired.";
    /// The token does not allow this.
    ActionNotAllowed = "action_not_allowed", 403, "The token does not allow this action.";
    /// The token is for pages of other origins.
    OriginNotAllowed = "origin_not_allowed", 403, "The token cannot be used from this origin.";
    /// An operator suspended the tenant: nothing is given out for it.
    TenantSuspended = "tenant_suspended", 403, "The tenant is suspended.";
    /// The connection is for another number.
    PhoneNotAllowed = "phone_not_allowed", 403, "The connection is for another phone number.";
    /// Nothing here, or nothing that this token reaches.
    NotFound = "not_found", 404, "There is nothing here.";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "The path does not take this method.";
    /// The answer cannot be given in an accepted type.
    NotAcceptable = "not_acceptable", 406, "The answer is not available in an accepted media type.";
    /// The request did not arrive whole in time.
    RequestTimeout = "request_timeout", 408, "The request did not arrive in time.";
    /// A phone is linked already.
    AlreadyConnected = "already_connected", 409, "The account is connected already.";
    /// The pass was revoked while it was being issued.
    RevokedDuringIssue = "revoked_during_issue", 409, "The pass was revoked while it was being issued.";
    /// The `Idempotency-Key` belongs to a pass that has ended.
    PassEnded = "pass_ended", 409, "The pass that this key issued has ended.";
    /// The provider refused for a reason of its own.
    ProviderRefused = "provider_refused", 409, "The provider refused.";
    /// As many webhooks as there may be are there already.
    TooManyWebhooks = "too_many_webhooks", 409, "There are as many webhooks as there may be.";
    /// The receiver said that it is gone: register it anew.
    WebhookDisabled = "webhook_disabled", 409, "The webhook is disabled because its receiver is gone.";
    /// The body is too long.
    TooLarge = "too_large", 413, "The body is too large.";
    /// The body must be JSON.
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be application/json.";
    /// A field is missing, unknown or out of range; `field` names it.
    InvalidField = "invalid_field", 422, "A field is missing, unknown or out of range.";
    /// The body is nested deeper, or has more fields, than any that is understood.
    TooComplex = "too_complex", 422, "The body is nested too deep or has too many fields.";
    /// The connection does not offer this method.
    MethodNotOffered = "method_not_offered", 422, "The connection does not offer this method.";
    /// The address is not one that Pairlink may call.
    HostNotAllowed = "host_not_allowed", 422, "The address is not allowed.";
    /// The `Idempotency-Key` came with another body before.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "The key was used before for another request.";
    /// The caller asks more often, or holds more open, than it may.
    RateLimited = "rate_limited", 429, "The limit of requests is reached.";
    /// Too many requests.
    TooManyRequests = "too_many_requests", 429, "Too many requests.";
    /// A fault of Pairlink.
    Internal = "internal", 500, "Something went wrong here.";
    /// The provider does not accept the stored credentials: somebody must replace them.
    NeedsCredentials = "needs_credentials", 502, "The provider does not accept the stored credentials.";
    /// The provider answered with an error.
    UpstreamError = "upstream_error", 502, "The provider answered with an error.";
    /// The provider answered something that cannot be read.
    UpstreamMalformed = "upstream_malformed", 502, "The provider's answer cannot be read.";
    /// The provider cannot be reached.
    UpstreamUnreachable = "upstream_unreachable", 502, "The provider cannot be reached.";
    /// The provider wants fewer requests.
    UpstreamRateLimited = "upstream_rate_limited", 503, "The provider asks to wait.";
    /// The store cannot be reached.
    StoreUnavailable = "store_unavailable", 503, "The service is not available right now.";
    /// There is no room to write down what would be issued.
    StoreFull = "store_full", 503, "There is no room to write anything down.";
    /// Given out no more, and taken back where that is possible; but a restart would forget it: ask again.
    RevokeNotDurable = "revoke_not_durable", 503, "It is revoked for now, but that could not be written down.";
    /// The clock went back: nobody knows what has expired.
    ClockSuspect = "clock_suspect", 503, "The clock of the service is wrong, so nothing is issued.";
    /// The store came out of a backup and only reads, until an operator says otherwise.
    Observing = "observing", 503, "The service was restored from a backup and only reads for now.";
    /// The provider did not answer in time.
    UpstreamTimeout = "upstream_timeout", 504, "The provider did not answer in time.";
}

impl ProblemCode {
    /// The code of that name; [`ProblemCode::Other`] if there is none.
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .unwrap_or(Self::Other)
    }
}

impl Serialize for ProblemCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from_name(&String::deserialize(deserializer)?))
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for ProblemCode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(Self::ALL.iter().map(|code| code.as_str())))
            .description(Some("What to branch on; stable."))
            .into()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for ProblemCode {}

impl Problem {
    /// The problem of that code.
    pub fn new(code: ProblemCode, request_id: impl Into<String>) -> Self {
        Self {
            kind: ["urn:pairlink:problem:", code.as_str()].concat(),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            request_id: request_id.into(),
            retry_after: None,
            field: None,
        }
    }
}
