//! Names of our records: a prefix that says of what, and 20 random letters and digits.

use std::fmt;

use rand::CryptoRng;
use rand::distr::{Alphanumeric, SampleString as _};

/// Declares one kind of name.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Makes a new name.
            pub fn random(rng: &mut impl CryptoRng) -> Self {
                let mut text = String::from($prefix);
                Alphanumeric.append_string(rng, &mut text, 20);
                Self(text)
            }

            /// Takes a name that came from outside: it may name nothing.
            pub fn from_text(text: impl Into<String>) -> Self {
                let text = text.into();
                // No name of ours has one in it, and PostgreSQL takes no text that has. It still names nothing.
                Self(if text.contains('\0') { text.replace('\0', "\u{1}") } else { text })
            }

            /// The name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// Names a connection.
    ConnectionId = "con_";
    /// Names a pass.
    PassId = "pas_";
    /// Names an API key; not the key.
    ApiKeyId = "key_";
    /// Names an embed token; not the token.
    EmbedTokenId = "emb_";
    /// Names a share link; not the link.
    ShareLinkId = "shl_";
    /// Names a request, in answers and in the log.
    RequestId = "req_";
    /// Names a webhook.
    WebhookId = "whk_";
    /// Names a message to a webhook's receiver.
    DeliveryId = "msg_";
}
