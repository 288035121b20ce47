//! Heads: where the chain ends, signed, in the log and in a file of the operator's.
//!
//! No chain shows that its last rows were cut off. A head that was shipped before does: it is not in the database, and
//! nobody can sign another one who has not got the master key.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, BufRead, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::super::{Service, ServiceError};
use crate::domain::{AuditHead, ChainMac, Timestamp};
use crate::vault::HeadSigner;

/// Where heads are logged.
const TARGET: &str = "pairlink_proxy::audit::head";

/// A head as it is shipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// The last row's place.
    pub position: i64,
    /// Its mac.
    pub mac: String,
    /// How many rows there are up to it.
    pub count: i64,
    /// When it was signed.
    pub at: Timestamp,
    /// The key that signed.
    pub key: String,
    /// Ed25519, over all of that but the key's name.
    pub signature: String,
}

/// Heads that somebody kept, checked.
#[derive(Clone, Debug, Default)]
pub struct Heads {
    /// By place. Two of one place are the same, or one of them is forged.
    pub(super) macs: BTreeMap<i64, ChainMac>,
    /// The first line that holds a head which this store's key did not sign.
    pub(super) forged: Option<u64>,
    /// Two heads of one place.
    pub(super) contradicting: Option<i64>,
}

/// Why heads cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    /// Nothing there is a head.
    #[error("there is no head in it")]
    None,
    /// It cannot be read.
    #[error("it cannot be read")]
    Read(#[from] io::Error),
    /// The store's key cannot be used.
    #[error("the store's key cannot be used")]
    Service(#[from] ServiceError),
}

impl SignedHead {
    fn head(&self) -> Option<AuditHead> {
        Some(AuditHead {
            position: self.position,
            mac: ChainMac::from_text(&self.mac)?,
            count: self.count,
            at: self.at,
        })
    }

    fn signature(&self) -> Option<[u8; 64]> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.signature).ok()?;
        bytes.try_into().ok()
    }
}

impl Heads {
    /// How many places have one.
    pub fn len(&self) -> usize {
        self.macs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.macs.is_empty()
    }
}

impl Service {
    /// Who signs heads.
    pub fn head_signer(&self) -> Result<HeadSigner, ServiceError> {
        Ok(self.vault().head_signer()?)
    }

    /// Ships where the chain ends, if it has moved since that was last done, before that instant.
    pub(super) async fn ship_head(&self, not_since: Timestamp) {
        let at = self.now();
        let claimed = match self.store().claim_head(at, not_since).await {
            Ok(None) => return,
            Ok(Some(end)) => end,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "cannot read the audit's head"
                );
                return;
            }
        };
        let head = AuditHead {
            position: claimed.position,
            mac: claimed.mac,
            count: claimed.position,
            at,
        };
        if let Err(error) = self.ship(head).await {
            tracing::error!(error = &*error, "cannot ship the audit's head");
            // The next one may be shipped at once.
            if let Err(error) = self.store().release_head(head.position).await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "cannot note that no head was shipped"
                );
            }
        }
    }

    async fn ship(&self, head: AuditHead) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let signature = self.vault().sign_head(&head.canonical())?;
        let signed = SignedHead {
            position: head.position,
            mac: head.mac.to_text(),
            count: head.count,
            at: head.at,
            key: self.vault().head_signer()?.key,
            signature: URL_SAFE_NO_PAD.encode(signature),
        };
        tracing::info!(
            target: TARGET, position = signed.position, mac = signed.mac, count = signed.count, at = %signed.at,
            key = signed.key, signature = signed.signature, "head of the audit"
        );
        if let Some(file) = self.0.parts.audit_head_file.clone() {
            let line = serde_json::to_string(&signed)?;
            tokio::task::spawn_blocking(move || append(&file, &line)).await??;
        }
        Ok(())
    }

    /// Reads heads that somebody kept: a line each, as the file has them or the log in its form for machines. Other lines
    /// are passed over.
    pub fn read_heads(&self, lines: impl BufRead) -> Result<Heads, HeadError> {
        let mut heads = Heads::default();
        for (number, line) in (1..).zip(lines.lines()) {
            let Ok(signed) = serde_json::from_str::<SignedHead>(&line?) else {
                continue;
            };
            let genuine = match (signed.head(), signed.signature()) {
                (Some(head), Some(signature)) => self
                    .vault()
                    .signed_head(&head.canonical(), &signature)
                    .map_err(ServiceError::from)?
                    .then_some(head),
                (None, _) | (_, None) => None,
            };
            let Some(head) = genuine.filter(|head| head.count == head.position) else {
                heads.forged = heads.forged.or(Some(number));
                continue;
            };
            let known = heads.macs.entry(head.position).or_insert(head.mac);
            if *known != head.mac {
                heads.contradicting = heads.contradicting.or(Some(head.position));
            }
        }
        if heads.is_empty() && heads.forged.is_none() {
            return Err(HeadError::None);
        }
        Ok(heads)
    }
}

/// Appends a line to a file for its owner alone, and waits for the disk.
fn append(file: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    // At once, so that lines of several processes do not mix.
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}
