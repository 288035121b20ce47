//! Partners, their customers' accounts, and every token that was given out: what may follow what. No I/O, and the instant
//! is always given.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use super::codes::{self, Code};
use crate::ledger::Alive;
use crate::random;
use crate::short_lived::ShortLived;

/// How many tokens are remembered before the dead ones are forgotten.
const REMEMBERED_TOKENS: usize = 65_536;

/// How many digits an account's id has.
const ACCOUNT_DIGITS: usize = 8;

/// What somebody may do, as in `transport` and `crm`.
pub(super) type Permissions = BTreeSet<String>;

/// Why the simulated provider does not do what a test asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such partner.
    #[error("no such partner")]
    UnknownPartner,
    /// There is no such account.
    #[error("no such account")]
    UnknownAccount,
    /// Account ids have a form.
    #[error("account_id is not 8 digits, the first not 0")]
    NotAccountId,
    /// `Basic` parts them at the first colon.
    #[error("email or password is empty, or email has a colon")]
    NotCredentials,
}

#[derive(Default)]
pub(super) struct Partners {
    by_email: BTreeMap<String, Partner>,
    accounts: BTreeMap<String, Account>,
    /// By the token itself. Dead ones stay for a while, so that expired is not the same as unknown.
    tokens: BTreeMap<String, Token>,
    reuses: u64,
}

pub(super) struct Partner {
    pub(super) active: bool,
    pub(super) permitted: Permissions,
    pub(super) client_id: Option<String>,
    password: String,
}

/// An end customer's account.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) granted: bool,
    /// The email of the partner who created it.
    owner: String,
}

/// Something that was given out, for a partner or for one of its accounts.
struct Token {
    kind: Kind,
    life: ShortLived,
    permitted: Permissions,
    /// The email of the partner.
    partner: String,
}

enum Kind {
    Machine,
    Access { account_id: String },
    Refresh { account_id: String, spent: bool },
}

impl Partners {
    pub(super) fn add_partner(
        &mut self,
        email: &str,
        password: &str,
        client_id: Option<&str>,
    ) -> Result<(), Refused> {
        if email.is_empty() || email.contains(':') || password.is_empty() {
            return Err(Refused::NotCredentials);
        }
        self.start_afresh(email, password, client_id);
        Ok(())
    }

    pub(super) fn start_afresh(&mut self, email: &str, password: &str, client_id: Option<&str>) {
        self.accounts.retain(|_id, account| account.owner != email);
        self.tokens.retain(|_text, token| token.partner != email);
        let partner = Partner {
            active: true,
            permitted: permissions("transport,crm"),
            client_id: client_id.map(str::to_owned),
            password: password.to_owned(),
        };
        self.by_email.insert(email.to_owned(), partner);
    }

    pub(super) fn partner(&mut self, email: &str) -> Result<&mut Partner, Refused> {
        self.by_email.get_mut(email).ok_or(Refused::UnknownPartner)
    }

    pub(super) fn add_account(&mut self, email: &str, account_id: &str) -> Result<(), Refused> {
        self.partner(email)?;
        let digits = account_id.bytes().all(|byte| byte.is_ascii_digit());
        if account_id.len() != ACCOUNT_DIGITS || !digits || account_id.starts_with('0') {
            return Err(Refused::NotAccountId);
        }
        self.own(email, account_id);
        Ok(())
    }

    pub(super) fn own(&mut self, email: &str, account_id: &str) {
        let account = Account {
            granted: true,
            owner: email.to_owned(),
        };
        self.accounts.insert(account_id.to_owned(), account);
    }

    /// Creates an account with an id that nobody has.
    pub(super) fn create_account(&mut self, email: &str) -> String {
        loop {
            let rest = random::text(b"0123456789", ACCOUNT_DIGITS - 1);
            let id = random::text(b"123456789", 1) + &rest;
            if !self.accounts.contains_key(&id) {
                self.own(email, &id);
                return id;
            }
        }
    }

    pub(super) fn account(&mut self, account_id: &str) -> Result<&mut Account, Refused> {
        let account = self.accounts.get_mut(account_id);
        account.ok_or(Refused::UnknownAccount)
    }

    pub(super) fn revoke_tokens(&mut self, account_id: &str) -> Result<(), Refused> {
        self.account(account_id)?;
        self.tokens
            .retain(|_text, token| token.kind.account_id() != Some(account_id));
        Ok(())
    }

    pub(super) fn reuses(&self) -> u64 {
        self.reuses
    }

    /// Whether these credentials are an active partner's.
    pub(super) fn authenticate(&self, email: &str, password: &str) -> Result<&Partner, Code> {
        let partner = self.by_email.get(email).ok_or(codes::PARTNER_NOT_FOUND)?;
        if partner.password != password {
            return Err(codes::AUTHORIZATION_HEADER_INVALID);
        }
        partner.while_active()
    }

    pub(super) fn mint_machine_token(
        &mut self,
        email: &str,
        scope: &str,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> Result<String, Code> {
        let partner = self.by_email.get(email).ok_or(codes::PARTNER_NOT_FOUND)?;
        let permitted = allowed(scope, &partner.permitted)?;
        Ok(self.give_out(Kind::Machine, permitted, email, now, ttl))
    }

    /// What a machine token may be exchanged for: the permissions of the new tokens.
    pub(super) fn exchangeable(
        &self,
        email: &str,
        machine_token: &str,
        account_id: &str,
        scope: &str,
        now: OffsetDateTime,
    ) -> Result<Permissions, Code> {
        let machine = self.tokens.get(machine_token);
        let machine = machine
            .filter(|token| matches!(token.kind, Kind::Machine) && token.life.lives_at(now))
            .ok_or(codes::INVALID_PARTNER_TOKEN)?;
        if machine.partner != email {
            return Err(codes::REQUESTED_SUBJECT_MISMATCH);
        }
        let account = self.accounts.get(account_id);
        let account = account.filter(|account| account.owner == email);
        account
            .ok_or(codes::CLIENT_NOT_OF_PARTNER)?
            .while_granted()?;
        allowed(scope, &machine.permitted)
    }

    pub(super) fn mint_access_token(
        &mut self,
        email: &str,
        account_id: &str,
        permitted: Permissions,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        let account_id = account_id.to_owned();
        self.give_out(Kind::Access { account_id }, permitted, email, now, ttl)
    }

    pub(super) fn mint_refresh_token(
        &mut self,
        email: &str,
        account_id: &str,
        permitted: Permissions,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        let kind = Kind::Refresh {
            account_id: account_id.to_owned(),
            spent: false,
        };
        self.give_out(kind, permitted, email, now, ttl)
    }

    /// Accepts a refresh token, which dies if it is to be rotated; returns its account and permissions.
    pub(super) fn present_refresh_token(
        &mut self,
        email: &str,
        refresh_token: &str,
        client_id: Option<&str>,
        now: OffsetDateTime,
        rotates: bool,
    ) -> Result<(String, Permissions), Code> {
        let token = self.tokens.get_mut(refresh_token);
        let token = token.ok_or(codes::REFRESH_TOKEN_INVALID)?;
        let Kind::Refresh { account_id, spent } = &mut token.kind else {
            return Err(codes::REFRESH_TOKEN_INVALID);
        };
        if *spent {
            self.reuses += 1;
            return Err(codes::REFRESH_TOKEN_INVALID);
        }
        if !token.life.lives_at(now) {
            return Err(codes::REFRESH_TOKEN_INVALID);
        }
        let partner = self.by_email.get(email).ok_or(codes::PARTNER_NOT_FOUND)?;
        let expected = partner.client_id.as_deref();
        if token.partner != email || expected.is_some() && expected != client_id {
            return Err(codes::CLIENT_ID_MISMATCH);
        }
        let account = self.accounts.get(account_id);
        account.ok_or(codes::MISSING_GRANT)?.while_granted()?;
        *spent = rotates;
        Ok((account_id.clone(), token.permitted.clone()))
    }

    /// What the bearer of an access token may do.
    pub(super) fn permitted_by(
        &self,
        access_token: &str,
        now: OffsetDateTime,
    ) -> Result<&Permissions, Code> {
        let token = self.tokens.get(access_token).ok_or(codes::TOKEN_UNKNOWN)?;
        let Kind::Access { account_id } = &token.kind else {
            return Err(codes::TOKEN_INVALID);
        };
        if !token.life.lives_at(now) {
            return Err(codes::TOKEN_INVALID);
        }
        let partner = self.by_email.get(&token.partner);
        partner.ok_or(codes::PARTNER_NOT_FOUND)?.while_active()?;
        let account = self.accounts.get(account_id);
        account.ok_or(codes::MISSING_GRANT)?.while_granted()?;
        Ok(&token.permitted)
    }

    pub(super) fn alive(
        &self,
        now: OffsetDateTime,
        provider: &'static str,
    ) -> impl Iterator<Item = Alive> {
        let live = self.tokens.values().filter(move |token| token.works(now));
        live.map(move |token| {
            let account = token.kind.account_id().unwrap_or(&token.partner);
            token.life.alive(provider, account, token.kind.name())
        })
    }

    fn give_out(
        &mut self,
        kind: Kind,
        permitted: Permissions,
        partner: &str,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        if self.tokens.len() >= REMEMBERED_TOKENS {
            self.tokens.retain(|_text, token| token.works(now));
        }
        let text = format!(
            "{}{}",
            kind.prefix(),
            random::text(random::ALPHANUMERIC, 80)
        );
        let token = Token {
            kind,
            life: ShortLived::new(text.clone(), now, ttl),
            permitted,
            partner: partner.to_owned(),
        };
        self.tokens.insert(text.clone(), token);
        text
    }
}

impl Partner {
    fn while_active(&self) -> Result<&Self, Code> {
        self.active.then_some(self).ok_or(codes::PARTNER_INACTIVE)
    }
}

impl Account {
    fn while_granted(&self) -> Result<(), Code> {
        self.granted.then_some(()).ok_or(codes::MISSING_GRANT)
    }
}

impl Token {
    fn works(&self, now: OffsetDateTime) -> bool {
        let spent = match self.kind {
            Kind::Machine | Kind::Access { .. } => false,
            Kind::Refresh { spent, .. } => spent,
        };
        !spent && self.life.lives_at(now)
    }
}

impl Kind {
    fn account_id(&self) -> Option<&str> {
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

/// The permissions that a scope names, which are parted by commas.
pub(super) fn permissions(scope: &str) -> Permissions {
    let names = scope.split(',').map(str::trim);
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The permissions that a scope names, if there is one and all are permitted.
fn allowed(scope: &str, permitted: &Permissions) -> Result<Permissions, Code> {
    let asked = permissions(scope);
    if asked.is_empty() {
        return Err(codes::VALIDATION_FAILED);
    }
    let all = asked.is_subset(permitted);
    all.then_some(asked).ok_or(codes::SCOPE_FORBIDDEN)
}

impl fmt::Debug for Partners {
    /// Leaves out everything but numbers.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Partners")
            .field("partners", &self.by_email.len())
            .field("accounts", &self.accounts.len())
            .field("tokens", &self.tokens.len())
            .field("reuses", &self.reuses)
            .finish_non_exhaustive()
    }
}
