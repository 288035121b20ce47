//! The audit: who did what when, in one chain that shows when somebody changes it afterwards.
//!
//! Each row's mac is made over the row, its place and the mac before, with a key that is not in the database. What is
//! made by a key is in `vault`; here is what it is made over.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Timestamp;

/// The form of what macs and signatures are made over. Another form is another number.
const CHAIN_VERSION: u8 = 1;
const HEAD_VERSION: u8 = 2;

/// A row of the audit, as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// In which order rows were written.
    pub sequence: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Whose it is about; none if it is about all.
    pub tenant: Option<String>,
    /// In whose name it was done.
    pub actor_kind: String,
    /// The name of the key, token or link; empty for Pairlink and the operator.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// To what: a name of ours.
    pub object: String,
    /// What came of it.
    pub outcome: String,
    /// In which request.
    pub request: Option<String>,
}

/// A row's place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSeal {
    /// 1, 2, 3 …, without gaps.
    pub position: i64,
    /// The data key that it was sealed by.
    pub key: String,
    /// Over the row, its place and the mac before; none if what stands there is no mac.
    pub mac: Option<ChainMac>,
}

/// A row with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedEntry {
    /// The row.
    pub entry: AuditEntry,
    /// Its place.
    pub seal: AuditSeal,
}

/// What one row hands on to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChainMac(pub [u8; 32]);

impl ChainMac {
    /// What stands before the first row.
    pub const START: Self = Self([0; 32]);

    /// As it stands in the store.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what stands in the store; none if it is no mac.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

/// Where the chain ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainEnd {
    /// The last row's place; 0 if nothing is sealed.
    pub position: i64,
    /// Its mac.
    pub mac: ChainMac,
}

/// The end of the chain at some moment, as it is shipped out of reach of whoever can write to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The last row's place.
    pub position: i64,
    /// Its mac.
    pub mac: ChainMac,
    /// How many rows there are up to it.
    pub count: i64,
    /// When it was signed.
    pub at: Timestamp,
}

impl AuditEntry {
    /// What the mac of this row is made over, but for the mac before.
    pub fn canonical(&self, position: i64, key: &str) -> Vec<u8> {
        let mut canonical = Canonical::begin(CHAIN_VERSION);
        canonical.number(position);
        canonical.text(Some(key));
        canonical.number(self.sequence);
        canonical.number(self.at.unix_millis());
        canonical.text(self.tenant.as_deref());
        canonical.text(Some(&self.actor_kind));
        canonical.text(Some(&self.actor));
        canonical.text(Some(&self.action));
        canonical.text(Some(&self.object));
        canonical.text(Some(&self.outcome));
        canonical.text(self.request.as_deref());
        canonical.0
    }
}

impl AuditHead {
    /// What its signature is made over.
    pub fn canonical(&self) -> Vec<u8> {
        let mut canonical = Canonical::begin(HEAD_VERSION);
        canonical.number(self.position);
        canonical.bytes(&self.mac.0);
        canonical.number(self.count);
        canonical.number(self.at.unix_millis());
        canonical.0
    }
}

/// Fields one after another, so that no two lists of fields give the same bytes.
struct Canonical(Vec<u8>);

impl Canonical {
    fn begin(version: u8) -> Self {
        Self(vec![version])
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_be_bytes());
    }

    /// None is not the same as empty.
    fn text(&mut self, text: Option<&str>) {
        match text {
            None => self.0.push(0),
            Some(text) => self.bytes(text.as_bytes()),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.push(1);
        self.0.extend((bytes.len() as u64).to_be_bytes());
        self.0.extend(bytes);
    }
}

/// How somebody changed the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tampering {
    /// The row, or its mac, is not what was sealed.
    Edited,
    /// The row was never sealed in this place.
    Inserted,
    /// One or more rows are not there any more.
    Missing,
    /// The row was sealed in another place.
    OutOfOrder,
    /// The chain ended further on.
    TailCut,
    /// The chain is whole, and another one than the one whose head was shipped.
    Replaced,
    /// The row was written a while ago, and nobody sealed it.
    Unsealed,
    /// The head was not signed by this store's key.
    ForgedHead,
}

impl Tampering {
    /// The name for scripts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Edited => "edited",
            Self::Inserted => "inserted",
            Self::Missing => "missing",
            Self::OutOfOrder => "out_of_order",
            Self::TailCut => "tail_cut",
            Self::Replaced => "replaced",
            Self::Unsealed => "unsealed",
            Self::ForgedHead => "forged_head",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> AuditEntry {
        AuditEntry {
            sequence: 7,
            at: Timestamp::from_unix_millis(1_781_895_600_000),
            tenant: Some("acme".to_owned()),
            actor_kind: "api_key".to_owned(),
            actor: "key_1".to_owned(),
            action: "pass.issue".to_owned(),
            object: "con_1".to_owned(),
            outcome: "done".to_owned(),
            request: None,
        }
    }

    #[test]
    fn no_two_rows_have_one_form() {
        let form = entry().canonical(1, "dek_1");
        let changed = |change: fn(&mut AuditEntry)| {
            let mut entry = entry();
            change(&mut entry);
            entry.canonical(1, "dek_1")
        };
        for other in [
            changed(|entry| entry.sequence = 8),
            changed(|entry| entry.at = entry.at.plus_millis(1)),
            changed(|entry| entry.tenant = None),
            changed(|entry| entry.tenant = Some(String::new())),
            changed(|entry| entry.request = Some(String::new())),
            changed(|entry| entry.actor_kind = "api_keyk".to_owned()),
            // What leaves one field and enters the next.
            changed(|entry| {
                entry.actor_kind = "api_keyk".to_owned();
                entry.actor = "ey_1".to_owned();
            }),
            changed(|entry| entry.outcome = "failed".to_owned()),
            entry().canonical(2, "dek_1"),
            entry().canonical(1, "dek_2"),
        ] {
            assert_ne!(form, other);
        }
        let without = changed(|entry| entry.tenant = None);
        let empty = changed(|entry| entry.tenant = Some(String::new()));
        assert_ne!(without, empty, "none is not empty");
    }

    #[test]
    fn macs_are_read_as_they_are_written() {
        let mac = ChainMac([7; 32]);
        assert_eq!(ChainMac::from_text(&mac.to_text()), Some(mac));
        for text in ["", "AAAA", "not base64!", &"A".repeat(44)] {
            assert_eq!(ChainMac::from_text(text), None, "{text}");
        }
    }
}
