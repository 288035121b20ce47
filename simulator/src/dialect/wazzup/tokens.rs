//! Every token that was given out, until it is forgotten. No I/O, and the instant is always given.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use time::OffsetDateTime;

use crate::ledger::Alive;
use crate::random;
use crate::short_lived::ShortLived;

/// How many tokens are remembered before the dead ones are forgotten.
const REMEMBERED_TOKENS: usize = 65_536;

/// What somebody may do, as in `transport` and `crm`.
pub(super) type Permissions = BTreeSet<String>;

/// All tokens, by themselves. Dead ones stay for a while, so that expired is not the same as unknown.
#[derive(Default)]
pub(super) struct Tokens(BTreeMap<String, Token>);

/// Something that was given out, for a partner or for one of its accounts.
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) permitted: Permissions,
    /// The email of the partner.
    pub(super) partner: String,
    life: ShortLived,
}

pub(super) enum Kind {
    Machine,
    Access { account_id: String },
    Refresh { account_id: String, spent: bool },
}

impl Tokens {
    pub(super) fn give_out(
        &mut self,
        kind: Kind,
        partner: &str,
        permitted: Permissions,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        if self.0.len() >= REMEMBERED_TOKENS {
            self.0.retain(|_text, token| token.works_at(now));
        }
        let text = format!(
            "{}{}",
            kind.prefix(),
            random::text(random::ALPHANUMERIC, 80)
        );
        let token = Token {
            kind,
            permitted,
            partner: partner.to_owned(),
            life: ShortLived::new(text.clone(), now, ttl),
        };
        self.0.insert(text.clone(), token);
        text
    }

    pub(super) fn get(&self, text: &str) -> Option<&Token> {
        self.0.get(text)
    }

    pub(super) fn get_mut(&mut self, text: &str) -> Option<&mut Token> {
        self.0.get_mut(text)
    }

    pub(super) fn forget(&mut self, which: impl Fn(&Token) -> bool) {
        self.0.retain(|_text, token| !which(token));
    }

    /// Those that open an account now.
    pub(super) fn access_tokens(
        &self,
        account_id: &str,
        now: OffsetDateTime,
    ) -> impl Iterator<Item = &Token> {
        let live = self.0.values().filter(move |token| token.works_at(now));
        live.filter(move |token| match &token.kind {
            Kind::Access { account_id: opened } => opened == account_id,
            Kind::Machine | Kind::Refresh { .. } => false,
        })
    }

    pub(super) fn alive(
        &self,
        now: OffsetDateTime,
        provider: &'static str,
    ) -> impl Iterator<Item = Alive> {
        let live = self.0.values().filter(move |token| token.works_at(now));
        live.map(move |token| {
            let account = token.kind.account_id().unwrap_or(&token.partner);
            token.life.alive(provider, account, token.kind.name())
        })
    }
}

impl Token {
    /// Whether its time has not run out; a refresh token can be dead all the same.
    pub(super) fn is_in_time(&self, now: OffsetDateTime) -> bool {
        self.life.lives_at(now)
    }

    fn works_at(&self, now: OffsetDateTime) -> bool {
        let spent = match self.kind {
            Kind::Machine | Kind::Access { .. } => false,
            Kind::Refresh { spent, .. } => spent,
        };
        !spent && self.is_in_time(now)
    }
}

impl Kind {
    pub(super) fn account_id(&self) -> Option<&str> {
        match self {
            Self::Machine => None,
            Self::Access { account_id } | Self::Refresh { account_id, .. } => Some(account_id),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Machine => "machine_token",
            Self::Access { .. } => "access_token",
            Self::Refresh { .. } => "refresh_token",
        }
    }

    /// What tokens of a kind begin with in the documents' examples.
    fn prefix(&self) -> &'static str {
        match self {
            Self::Machine | Self::Access { .. } => "eyJhbGciOi",
            Self::Refresh { .. } => "def50200",
        }
    }
}
