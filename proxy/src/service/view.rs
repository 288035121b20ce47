//! What a page or a backend sees of a connection.

use super::{Service, ServiceError};
use crate::domain::{Action, Connection, Content, Method, PassId, PassState, Timestamp};
use crate::secret::Secret;
use crate::store::PassRow;
use crate::vault::{Place, Sealed};

/// A pass that is alive, opened.
#[derive(Clone)]
pub struct LivePass {
    /// Its name.
    pub id: PassId,
    /// What it holds.
    pub content: Content,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// From when on it is dead.
    pub expires_at: Timestamp,
}

/// A connection and the pass that was issued last.
pub struct View {
    /// The connection.
    pub connection: Connection,
    /// What may be issued to this caller.
    pub methods: Vec<Method>,
    /// What this caller may do.
    pub actions: Vec<Action>,
    /// The newest live pass that this caller may see.
    pub pass: Option<LivePass>,
    /// The method of the pass that is being issued.
    pub issuing: Option<Method>,
    /// The clock when this was read.
    pub at: Timestamp,
}

impl Service {
    /// What a caller with these actions sees; changes nothing.
    pub async fn view(
        &self,
        connection: Connection,
        actions: &[Action],
    ) -> Result<View, ServiceError> {
        let methods = self.methods(&connection, actions)?;
        let at = self.now();
        let (mut pass, mut issuing) = (None, None);
        for row in self.store().present_passes(&connection.id, at).await? {
            if !methods.contains(&row.method) {
                continue;
            }
            if row.state == PassState::Minting {
                issuing = Some(row.method);
            } else if pass.is_none() {
                pass = self.open_pass(&connection, &row).await?;
            }
        }
        let follows = pass.is_none() && issuing.is_none() && methods.contains(&Method::Qr);
        if follows && self.is_turning(&connection.id).await? {
            issuing = Some(Method::Qr);
        }
        #[cfg(feature = "broken")]
        if crate::defect::is_chosen("cache-validity") {
            pass = crate::defect::cached(connection.id.as_str(), pass);
        }
        Ok(View {
            connection,
            methods,
            actions: actions.to_vec(),
            pass,
            issuing,
            at,
        })
    }

    /// The methods that a connection offers to a caller with these actions.
    pub fn methods(
        &self,
        connection: &Connection,
        actions: &[Action],
    ) -> Result<Vec<Method>, ServiceError> {
        let profile = self.provider_of(connection)?.profile();
        let may_see = |method: Method| match method {
            Method::Link | Method::Qr | Method::Code => true,
            Method::Token => actions.contains(&Action::Token),
        };
        Ok(profile
            .methods()
            .filter(|method| may_see(*method))
            .collect())
    }

    pub(super) async fn open_pass(
        &self,
        connection: &Connection,
        row: &PassRow,
    ) -> Result<Option<LivePass>, ServiceError> {
        let (PassState::Live, Some(sealed), Some(issued_at)) =
            (row.state, &row.content, row.issued_at)
        else {
            return Ok(None);
        };
        if row.expires_at <= self.now() || self.0.ground.denies(&connection.id) {
            return Ok(None);
        }
        let place = content_place(connection, &row.id);
        let secret = self.unseal(place, sealed).await?;
        let content = Content::new(row.method, secret);
        Ok(Some(LivePass {
            id: row.id.clone(),
            content,
            issued_at,
            expires_at: row.expires_at,
        }))
    }

    /// What a pass holds, whatever became of it; none if that was erased.
    pub(super) async fn content_of(
        &self,
        connection: &Connection,
        row: &PassRow,
    ) -> Result<Option<Secret>, ServiceError> {
        match &row.content {
            Some(sealed) => {
                let place = content_place(connection, &row.id);
                Ok(Some(self.unseal(place, sealed).await?))
            }
            None => Ok(None),
        }
    }

    pub(super) fn seal_content(
        &self,
        connection: &Connection,
        pass: &PassId,
        content: &Content,
    ) -> Result<Sealed, ServiceError> {
        let secret: &Secret = content.secret();
        Ok(self
            .vault()
            .seal(content_place(connection, pass), secret, &mut rand::rng())?)
    }
}

fn content_place<'a>(connection: &'a Connection, pass: &'a PassId) -> Place<'a> {
    Place {
        tenant: connection.tenant.as_str(),
        table: "passes",
        row: pass.as_str(),
        column: "content",
    }
}
