//! Whose connection is whose, and what its owner's pages may do: a table of the host's database, in small.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pairlink_protocol::Action;
use serde::Deserialize;

/// The one customer of this product who ever signs in.
const SIGNED_IN: &str = "juniper-bakery";

/// A workspace's connection to Pairlink.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Who it belongs to.
    pub workspace: String,
    /// What our own addresses call it, unique within the workspace.
    pub name: String,
    /// What Pairlink calls it: `con_…`. Pages neither learn nor choose it.
    pub connection: String,
    /// What the workspace's team may do with it in a page.
    pub actions: Vec<Action>,
}

/// Every channel of every workspace.
pub(crate) struct Channels(BTreeMap<(String, String), Channel>);

impl Channels {
    pub(crate) fn new(channels: Vec<Channel>) -> Self {
        let keyed = channels.into_iter().map(|channel| {
            let key = (channel.workspace.clone(), channel.name.clone());
            (key, channel)
        });
        Self(keyed.collect())
    }

    /// The visitor's own channel of that name. One that is somebody else's does not exist for them.
    pub(crate) fn owned_by(&self, visitor: &Visitor, name: &str) -> Option<&Channel> {
        self.0.get(&(visitor.workspace.clone(), name.to_owned()))
    }

    /// All that are the visitor's own.
    pub(crate) fn all_owned_by(&self, visitor: &Visitor) -> impl Iterator<Item = &Channel> {
        let all = self.0.values();
        all.filter(move |channel| channel.workspace == visitor.workspace)
    }
}

/// Who is signed in, as every endpoint learns it.
///
/// # Security
///
/// A real host reads its session cookie here, and turns away whoever has none. What a request says in its path or body
/// is a wish, never the answer to whose it is.
pub(crate) struct Visitor {
    workspace: String,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self {
            workspace: SIGNED_IN.to_owned(),
        })
    }
}
