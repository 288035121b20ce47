//! Verifies the chain from its beginning, and says of the first row that is not as it was sealed what happened to it.
//!
//! Going along it, each mac is made anew from the row and the mac made before, never from what stands there. What
//! happened to a row is found out by trying: a mac can be made anew, but not for another row, place or predecessor.

use super::super::{Service, ServiceError};
use super::Heads;
use crate::domain::{ChainEnd, ChainMac, SealedEntry, Tampering, Timestamp};
use crate::store::ChainPlace;

/// How many rows are held at a time.
const PAGE: u32 = 1000;
/// For how long a row may be without a place.
const UNSEALED_MILLIS: i64 = 10_000;
const BEGINNING: ChainPlace = (i64::MIN, i64::MIN);

/// A chain that is as it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its end; as many rows have a place.
    pub end: ChainEnd,
    /// Rows that were written a moment ago and have no place yet.
    pub fresh: u64,
    /// Heads that it was compared with.
    pub heads: usize,
}

/// The first thing that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What happened.
    pub tampering: Tampering,
    /// The place in the chain; of a chain that was cut, the last that is left.
    pub position: Option<i64>,
    /// Of missing rows, the last; of a chain that was cut or replaced, the place of the head that shows it.
    pub until: Option<i64>,
    /// The row that stands there, by its sequence.
    pub sequence: Option<i64>,
    /// What that row is about.
    pub object: Option<String>,
    /// The line of a head that was forged.
    pub line: Option<u64>,
}

impl Finding {
    fn at(tampering: Tampering, row: &SealedEntry) -> Self {
        Self {
            position: Some(row.seal.position),
            sequence: Some(row.entry.sequence),
            object: Some(row.entry.object.clone()),
            ..Self::of(tampering)
        }
    }

    fn of(tampering: Tampering) -> Self {
        Self {
            tampering,
            position: None,
            until: None,
            sequence: None,
            object: None,
            line: None,
        }
    }
}

impl Service {
    /// Verifies the chain from its beginning, and compares it with heads. Changes nothing.
    pub async fn verify_audit(
        &self,
        heads: &Heads,
    ) -> Result<Result<Verified, Finding>, ServiceError> {
        if let Some(line) = heads.forged {
            return Ok(Err(Finding {
                line: Some(line),
                ..Finding::of(Tampering::ForgedHead)
            }));
        }
        // Before the rows are read: others go on sealing meanwhile.
        let known = self.store().chain_end().await?;
        let end = match self.walk(heads).await? {
            Ok(end) => end,
            Err(finding) => return Ok(Err(finding)),
        };
        let cut = |until| Finding {
            position: Some(end.position),
            until: Some(until),
            ..Finding::of(Tampering::TailCut)
        };
        let beyond = heads.macs.keys().next_back().copied().unwrap_or(0);
        let longest = beyond.max(known.position);
        if longest > end.position {
            return Ok(Err(cut(longest)));
        }
        let fresh = match self.unsealed(self.now()).await? {
            Ok(fresh) => fresh,
            Err(finding) => return Ok(Err(finding)),
        };
        Ok(Ok(Verified {
            end,
            fresh,
            heads: heads.len(),
        }))
    }

    /// Goes along the chain to its end, or to the first row that does not fit.
    async fn walk(&self, heads: &Heads) -> Result<Result<ChainEnd, Finding>, ServiceError> {
        let mut end = ChainEnd {
            position: 0,
            mac: ChainMac::START,
        };
        let mut after = BEGINNING;
        loop {
            let page = self.store().audit_chain(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(Ok(end));
            };
            after = place(last);
            for row in &page {
                let fits = row.seal.position == end.position + 1
                    && row.seal.mac.is_some()
                    && self.mac_at(row, row.seal.position, end.mac) == row.seal.mac;
                let Some(mac) = row.seal.mac.filter(|_mac| fits) else {
                    return Ok(Err(self.diagnose(row, end).await?));
                };
                end = ChainEnd {
                    position: row.seal.position,
                    mac,
                };
                let shipped = heads.macs.get(&end.position);
                let contradicted = heads.contradicting == Some(end.position);
                if contradicted || shipped.is_some_and(|shipped| *shipped != mac) {
                    return Ok(Err(replaced(heads, end.position)));
                }
            }
        }
    }

    /// The mac that the row has in that place after that one.
    fn mac_at(&self, row: &SealedEntry, position: i64, previous: ChainMac) -> Option<ChainMac> {
        let canonical = row.entry.canonical(position, &row.seal.key);
        self.vault().audit_mac(&row.seal.key, &canonical, previous)
    }

    /// Whether the row was sealed in that place after that one.
    fn fits(&self, row: &SealedEntry, position: i64, previous: ChainMac) -> bool {
        row.seal.mac.is_some() && self.mac_at(row, position, previous) == row.seal.mac
    }

    /// What happened to a row that does not fit where the chain has come to.
    async fn diagnose(&self, row: &SealedEntry, end: ChainEnd) -> Result<Finding, ServiceError> {
        let here = end.position + 1;
        let elsewhere = self.look_elsewhere(row, end).await?;
        if row.seal.position > here {
            return Ok(match elsewhere.of_this_place {
                Some(moved) => Finding::at(Tampering::OutOfOrder, &moved),
                None => Finding {
                    position: Some(here),
                    until: Some(row.seal.position - 1),
                    ..Finding::of(Tampering::Missing)
                },
            });
        }
        if elsewhere.sealed_elsewhere {
            return Ok(Finding::at(Tampering::OutOfOrder, row));
        }
        if row.seal.position < here || elsewhere.of_this_place.is_some() {
            return Ok(Finding::at(Tampering::Inserted, row));
        }
        let known = self.store().chain_end().await?;
        let next = self.store().audit_chain(place(row), 1).await?;
        if let (Some(next), Some(mac)) = (next.first(), row.seal.mac) {
            // Places were counted anew after rows were taken out.
            let gone = (1..=known.position - here)
                .find(|gone| self.fits(next, next.seal.position + gone, mac));
            if let Some(gone) = gone {
                return Ok(Finding {
                    until: Some(here + gone - 1),
                    ..Finding::at(Tampering::Missing, row)
                });
            }
        }
        Ok(if row.seal.position > known.position {
            Finding::at(Tampering::Inserted, row)
        } else {
            Finding::at(Tampering::Edited, row)
        })
    }

    /// Looks through the whole chain for where the row belongs, and for the row that belongs in its place.
    async fn look_elsewhere(
        &self,
        row: &SealedEntry,
        end: ChainEnd,
    ) -> Result<Elsewhere, ServiceError> {
        let here = end.position + 1;
        let mut found = Elsewhere::default();
        let mut after = BEGINNING;
        let mut previous = ChainMac::START;
        loop {
            let page = self.store().audit_chain(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(found);
            };
            after = place(last);
            for other in &page {
                let Some(mac) = other.seal.mac else { continue };
                let is_other = other.entry.sequence != row.entry.sequence;
                let position = other.seal.position;
                // The row with its mac comes after this one; or its words stand under another's mac, and belong here.
                found.sealed_elsewhere |= is_other
                    && (self.fits(row, position + 1, mac) && position + 1 != here
                        || self.fits(row, position, mac) && position != here
                        || self.mac_at(row, position, previous) == Some(mac));
                if is_other && found.of_this_place.is_none() && self.fits(other, here, end.mac) {
                    found.of_this_place = Some(other.clone());
                }
                previous = mac;
            }
        }
    }

    /// How many rows have no place yet; the first of them, if it has been so for too long.
    async fn unsealed(&self, now: Timestamp) -> Result<Result<u64, Finding>, ServiceError> {
        let (mut count, mut after) = (0, i64::MIN);
        loop {
            let page = self.store().unsealed_audit(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(Ok(count));
            };
            after = last.sequence;
            count += page.len() as u64;
            let forgotten = page
                .into_iter()
                .find(|row| row.at <= now.plus_millis(-UNSEALED_MILLIS));
            if let Some(row) = forgotten {
                return Ok(Err(Finding {
                    sequence: Some(row.sequence),
                    object: Some(row.object),
                    ..Finding::of(Tampering::Unsealed)
                }));
            }
        }
    }
}

/// What was found of a row in the rest of the chain.
#[derive(Default)]
struct Elsewhere {
    /// Whether it was sealed in another place.
    sealed_elsewhere: bool,
    /// The row that was sealed in its place.
    of_this_place: Option<SealedEntry>,
}

fn place(row: &SealedEntry) -> ChainPlace {
    (row.seal.position, row.entry.sequence)
}

/// The chain is another one by that head; up to the one before it was the same.
fn replaced(heads: &Heads, at: i64) -> Finding {
    let before = heads.macs.range(..at).next_back();
    Finding {
        position: Some(before.map_or(0, |(position, _mac)| *position)),
        until: Some(at),
        ..Finding::of(Tampering::Replaced)
    }
}
