//! Apps and their tokens. No I/O, and the instant is always given.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use crate::ledger::Alive;
use crate::random;
use crate::short_lived::ShortLived;

/// How long a token lives.
const TOKEN_TTL: Duration = Duration::from_hours(1);

/// Why the simulated provider does not do what a test asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such app.
    #[error("no such app")]
    UnknownApp,
    /// An id and a key have at least one character.
    #[error("app_id or app_key is empty")]
    EmptyCredential,
}

/// All apps, by id.
#[derive(Debug, Default)]
pub(super) struct Apps(BTreeMap<String, App>);

pub(super) struct App {
    pub(super) active: bool,
    /// All that were given out and have not yet expired; there is no limit to them.
    pub(super) tokens: Vec<ShortLived>,
    key: String,
}

impl Apps {
    pub(super) fn add(&mut self, id: &str, key: &str) -> Result<(), Refused> {
        if id.is_empty() || key.is_empty() {
            return Err(Refused::EmptyCredential);
        }
        self.start_afresh(id, key);
        Ok(())
    }

    pub(super) fn start_afresh(&mut self, id: &str, key: &str) {
        let app = App {
            active: true,
            tokens: Vec::new(),
            key: key.to_owned(),
        };
        self.0.insert(id.to_owned(), app);
    }

    pub(super) fn get(&mut self, id: &str) -> Result<&mut App, Refused> {
        self.0.get_mut(id).ok_or(Refused::UnknownApp)
    }

    /// The app that an id and a key open.
    pub(super) fn opened_by(&mut self, id: &str, key: &str) -> Option<&mut App> {
        let app = self.0.get_mut(id)?;
        (app.active && app.key == key).then_some(app)
    }

    /// Whether some app's token works.
    pub(super) fn knows_token(&self, token: &str, now: OffsetDateTime) -> bool {
        self.live_tokens(now)
            .any(|(_id, live)| live.secret == token)
    }

    pub(super) fn alive(
        &self,
        now: OffsetDateTime,
        provider: &'static str,
    ) -> impl Iterator<Item = Alive> {
        self.live_tokens(now)
            .map(move |(id, token)| token.alive(provider, id, "token"))
    }

    fn live_tokens(&self, now: OffsetDateTime) -> impl Iterator<Item = (&str, &ShortLived)> {
        self.0
            .iter()
            .flat_map(move |(id, app)| app.live_tokens(now).map(move |token| (id.as_str(), token)))
    }
}

impl App {
    /// Those that work; of a deactivated account none does.
    pub(super) fn live_tokens(&self, now: OffsetDateTime) -> impl Iterator<Item = &ShortLived> {
        let tokens = self.tokens.iter().filter(|_token| self.active);
        tokens.filter(move |token| token.lives_at(now))
    }

    /// Makes a token beside the earlier ones.
    pub(super) fn mint(&mut self, now: OffsetDateTime) -> ShortLived {
        self.tokens.retain(|token| token.lives_at(now));
        let token = ShortLived::new(random::text(random::ALPHANUMERIC, 64), now, TOKEN_TTL);
        self.tokens.push(token.clone());
        token
    }
}

impl fmt::Debug for App {
    /// Leaves out the key and the tokens.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("App")
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}
