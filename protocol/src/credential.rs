//! Credentials: how long they live, who renews them, and how they are doing. Never their values.

use serde::{Deserialize, Serialize};

use crate::{ProblemCode, Timestamp};

/// Whether credentials end by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PolicyLifetime {
    /// They live until somebody replaces them.
    Never,
    /// They are dead so many days after they were made.
    Fixed,
}

/// The rules for the secrets that a person gave. The days are for `fixed` alone, and count from when the secrets were
/// made; `rotate` ≤ `remind` ≤ `renew` ≤ `expires`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CredentialPolicy {
    /// Whether they end.
    pub lifetime: PolicyLifetime,
    /// When they are dead, and used no more: 90 if absent, 3650 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_after_days: Option<u32>,
    /// When somebody is told that they must be replaced now: 80 of 90 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_after_days: Option<u32>,
    /// When somebody is reminded that they will end: 75 of 90 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_after_days: Option<u32>,
    /// When they are older than is good for them: 60 of 90 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotate_after_days: Option<u32>,
}

/// Declares an enum of stable names: written by name, and read so that a name of the future is `Other`.
macro_rules! names {
    ($($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
            /// A name that this reader is too old to know; never sent.
            #[serde(other, rename = "other")]
            Other,
        }

        impl $name {
            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other => "other",
                }
            }

            /// The one of that name, if it is one that can be sent.
            pub fn from_name(name: &str) -> Option<Self> {
                [$(Self::$variant),*].into_iter().find(|one| one.as_str() == name)
            }
        }

        // By hand: what derives it does not see through the macro to the names.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text),*]))
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )*};
}

names! {
    /// What a credential is.
    pub enum CredentialKind {
        /// What a person gave: the account at the provider.
        Account = "account",
        /// Bought with the account, for exchange alone.
        MachineToken = "machine_token",
        /// Renews API tokens.
        RefreshToken = "refresh_token",
        /// Opens the provider's API.
        ApiToken = "api_token",
    }

    /// How a credential is doing.
    pub enum CredentialState {
        /// It is good.
        Valid = "valid",
        /// It is good, and somebody should replace it: `reminders` says why.
        Due = "due",
        /// Its end has come. What Pairlink renews comes anew when it is next wanted.
        Expired = "expired",
        /// The provider does not accept it.
        Refused = "refused",
        /// There is none yet.
        Absent = "absent",
    }

    /// By what a credential ends.
    pub enum CredentialLifetime {
        /// By nothing.
        Never = "never",
        /// By its age: the connection's policy.
        Fixed = "fixed",
        /// As the provider said when it gave it out.
        FromResponse = "from_response",
    }

    /// Who or what brings the next one.
    pub enum RenewedBy {
        /// A person.
        Person = "person",
        /// Pairlink, with the account.
        Mint = "mint",
        /// Pairlink, with the machine token.
        Exchange = "exchange",
        /// Pairlink, with the refresh token where there is one, else as `exchange`.
        Refresh = "refresh",
    }

    /// Why somebody must look at a connection.
    pub enum AttentionReason {
        /// The provider accepts neither the account nor what it bought: replace the credentials.
        CredentialsRefused = "credentials_refused",
        /// The credentials are dead by their policy: replace them.
        CredentialsExpired = "credentials_expired",
        /// The provider has given no new API token since before the last one ended.
        RenewalFailing = "renewal_failing",
        /// Another phone than the expected one was linked. It is logged out.
        AccountMismatch = "account_mismatch",
    }

    /// Whether the phone that is linked is the expected one.
    pub enum AccountCheck {
        /// Nobody knows: none is linked, it was not looked at yet, or the provider does not tell.
        Unverified = "unverified",
        /// It is.
        Verified = "verified",
        /// Another one was linked last.
        Mismatch = "mismatch",
    }
}

/// Something that somebody must look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// Why.
    pub reason: AttentionReason,
    /// Since when.
    pub since: Timestamp,
}

/// What may be known of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CredentialHealth {
    /// What it is.
    pub kind: CredentialKind,
    /// How it is doing.
    pub state: CredentialState,
    /// By what it ends.
    pub lifetime: CredentialLifetime,
    /// Who or what brings the next one.
    pub renewed_by: RenewedBy,
    /// From when on its age counts, or null if there is none yet.
    pub issued_at: Option<Timestamp>,
    /// When it is dead, or null if it has no end or nobody was told.
    pub expires_at: Option<Timestamp>,
    /// When it is to be replaced: by Pairlink, or by a person who is then told; or null if nothing is planned.
    pub next_renewal_at: Option<Timestamp>,
    /// Of what is `due`: the reminders that count now, such as `credential.expiring`.
    pub reminders: Vec<String>,
    /// Why the last attempt to renew it failed, or null.
    pub last_error: Option<ProblemCode>,
}
