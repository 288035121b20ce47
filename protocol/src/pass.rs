//! Passes: issuing, reading, revoking.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ConnectionView, Method, Sensitive, Timestamp};

/// A short-lived thing with which a person or a backend reaches one connection.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FlatPass", into = "FlatPass")]
pub struct Pass {
    /// Names the pass in later answers and events: `pas_…`.
    pub id: String,
    /// When the provider issued it.
    pub issued_at: Timestamp,
    /// From this instant on it is dead: `now >= expires_at`.
    pub expires_at: Timestamp,
    /// What to show or use.
    pub content: PassContent,
}

/// What a pass shows or hands over, by method.
#[derive(Clone, PartialEq, Eq)]
pub enum PassContent {
    /// The address of a temporary page of the provider.
    Link {
        /// Absolute, `https` unless the operator allowed otherwise.
        url: Sensitive,
    },
    /// The text of a QR code for the phone; the page draws it.
    Qr {
        /// What the QR code encodes.
        payload: Sensitive,
    },
    /// A pairing code to type into the phone.
    Code {
        /// As the provider gave it, without separators.
        code: Sensitive,
    },
    /// A short-lived API token.
    Token {
        /// The token itself.
        token: Sensitive,
        /// How it is presented, such as `Bearer`.
        token_type: String,
    },
}

impl PassContent {
    /// The method that this content belongs to.
    pub const fn method(&self) -> Method {
        match self {
            Self::Link { .. } => Method::Link,
            Self::Qr { .. } => Method::Qr,
            Self::Code { .. } => Method::Code,
            Self::Token { .. } => Method::Token,
        }
    }
}

impl Pass {
    /// How the pass is used.
    pub const fn method(&self) -> Method {
        self.content.method()
    }
}

/// The pass as it stands on the wire: one flat object, with the fields of its method.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = Pass))]
struct FlatPass {
    id: String,
    method: Method,
    issued_at: Timestamp,
    expires_at: Timestamp,
    /// With method `link`: the address of a temporary page of the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<Sensitive>,
    /// With method `qr`: the text to encode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<Sensitive>,
    /// With method `code`: the pairing code, without separators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<Sensitive>,
    /// With method `token`: the API token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<Sensitive>,
    /// With method `token`: how it is presented, such as `Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token_type: Option<String>,
}

/// A pass that lacks the fields of its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidPass(Method);

impl fmt::Display for InvalidPass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a pass lacks the fields of its method ")?;
        formatter.write_str(self.0.as_str())
    }
}

impl std::error::Error for InvalidPass {}

impl TryFrom<FlatPass> for Pass {
    type Error = InvalidPass;

    fn try_from(flat: FlatPass) -> Result<Self, Self::Error> {
        let lacking = InvalidPass(flat.method);
        let content = match flat.method {
            Method::Link => PassContent::Link {
                url: flat.url.ok_or(lacking)?,
            },
            Method::Qr => PassContent::Qr {
                payload: flat.payload.ok_or(lacking)?,
            },
            Method::Code => PassContent::Code {
                code: flat.code.ok_or(lacking)?,
            },
            Method::Token => PassContent::Token {
                token: flat.token.ok_or(lacking)?,
                token_type: flat.token_type.ok_or(lacking)?,
            },
        };
        Ok(Self {
            id: flat.id,
            issued_at: flat.issued_at,
            expires_at: flat.expires_at,
            content,
        })
    }
}

impl From<Pass> for FlatPass {
    fn from(pass: Pass) -> Self {
        let mut flat = Self {
            id: pass.id,
            method: pass.content.method(),
            issued_at: pass.issued_at,
            expires_at: pass.expires_at,
            url: None,
            payload: None,
            code: None,
            token: None,
            token_type: None,
        };
        match pass.content {
            PassContent::Link { url } => flat.url = Some(url),
            PassContent::Qr { payload } => flat.payload = Some(payload),
            PassContent::Code { code } => flat.code = Some(code),
            PassContent::Token { token, token_type } => {
                flat.token = Some(token);
                flat.token_type = Some(token_type);
            }
        }
        flat
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Pass {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        FlatPass::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Pass {
    fn schemas(
        schemas: &mut Vec<(
            String,
            utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>,
        )>,
    ) {
        FlatPass::schemas(schemas);
    }
}

/// What a page sees: the connection, and the live pass if there is one. Also the data of every event.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassView {
    /// The connection that the embed token is for.
    pub connection: ConnectionView,
    /// The live pass issued last, or null.
    pub pass: Option<Pass>,
    /// The method of a pass that is being issued right now, or null. Null again and no new pass: it was not issued.
    #[serde(default)]
    pub issuing: Option<Method>,
    /// The server's clock when it answered; what the page counts down by.
    pub server_time: Timestamp,
}

/// What is asked for together with a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadPass {
    /// Whether the pass is wanted as a picture as well.
    pub drawing: bool,
}

/// A [`PassView`] whose pass is drawn, for pages that show it before their code is there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawnPassView {
    /// The connection that the embed token is for.
    pub connection: ConnectionView,
    /// The live pass issued last, or null.
    pub pass: Option<DrawnPass>,
    /// The method of a pass that is being issued right now, or null. Null again and no new pass: it was not issued.
    #[serde(default)]
    pub issuing: Option<Method>,
    /// The server's clock when it answered; what the page counts down by.
    pub server_time: Timestamp,
}

/// A pass, and its QR code as a picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DrawnPass {
    /// The pass.
    #[serde(flatten)]
    pub pass: Pass,
    /// With methods `link` and `qr`, where it was asked for and a camera could read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawing: Option<PassDrawing>,
}

/// A QR code as one path of SVG, dark on white.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PassDrawing {
    /// Width and height, the quiet zone of four modules on every side included: the view box is `0 0 modules modules`.
    pub modules: u32,
    /// The dark modules, as the `d` of the path. It says what the pass says, and is as secret.
    pub path: Sensitive,
}

/// Asks for a new pass. The earlier one of the same method is dead when the answer arrives.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuePass {
    /// One of the methods that the connection offers.
    pub method: Method,
    /// With method `code` only: the number of the phone, international, digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Sensitive>,
    /// Whether a live pass of the method will do, if there is one: it is given and stays alive. It is replaced if absent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reuse: bool,
}

/// A pass was issued.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedPass {
    /// The new pass.
    pub pass: Pass,
    /// Whether an earlier pass died by this.
    pub replaced: bool,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}

/// Instead of issuing one, a live pass was given, because the request allowed it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReusedPass {
    /// The pass that was there.
    pub pass: Pass,
    /// Always false: nothing died by this.
    pub replaced: bool,
    /// Always true.
    pub reused: bool,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}

/// The provider needs longer: the pass arrives by event, or with a later read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PendingPass {
    /// What is being issued.
    pub method: Method,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}

/// How far a revocation has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Revocation {
    /// The provider confirmed it: nothing is alive anywhere.
    Upstream,
    /// Pairlink gives it out no more; the provider has not confirmed yet and is asked again until it does.
    Pending,
    /// The provider cannot revoke: what was issued dies at `dead_by`.
    LocalOnly,
}

/// Every live pass of the connection was revoked. Asking again gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevokedPasses {
    /// Always true: from now on Pairlink gives out none of them.
    pub revoked: bool,
    /// How far the provider is.
    pub revocation: Revocation,
    /// When the last of them is dead at the provider too, whatever happens.
    pub dead_by: Timestamp,
    /// The server's clock when it answered.
    pub server_time: Timestamp,
}
