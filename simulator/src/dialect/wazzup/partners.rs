//! Partners and their customers' accounts, and who gets which token for what. No I/O, and the instant is always given.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use super::codes::{self, Code};
use super::tokens::{Kind, Permissions, Tokens};
use crate::ledger::Alive;
use crate::random;

/// How many digits an account's id has.
const ACCOUNT_DIGITS: usize = 8;

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
    tokens: Tokens,
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

/// What a partner may do in the name of which customer.
pub(super) struct Granted {
    account_id: String,
    permitted: Permissions,
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
        self.tokens.forget(|token| token.partner == email);
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

    /// Whether an account's customer lets the partner act, and how many access tokens of it work.
    pub(super) fn account_at(
        &self,
        account_id: &str,
        now: OffsetDateTime,
    ) -> Result<(bool, usize), Refused> {
        let account = self.accounts.get(account_id);
        let granted = account.ok_or(Refused::UnknownAccount)?.granted;
        let working = self.tokens.access_tokens(account_id, now).count();
        Ok((granted, if granted { working } else { 0 }))
    }

    pub(super) fn revoke_tokens(&mut self, account_id: &str) -> Result<(), Refused> {
        self.account(account_id)?;
        self.tokens
            .forget(|token| token.kind.account_id() == Some(account_id));
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
        let tokens = &mut self.tokens;
        Ok(tokens.give_out(Kind::Machine, email, permitted, now, ttl))
    }

    /// What a machine token may be exchanged for.
    pub(super) fn exchangeable(
        &self,
        email: &str,
        machine_token: &str,
        account_id: &str,
        scope: &str,
        now: OffsetDateTime,
    ) -> Result<Granted, Code> {
        let machine = self.tokens.get(machine_token);
        let machine = machine
            .filter(|token| matches!(token.kind, Kind::Machine) && token.is_in_time(now))
            .ok_or(codes::INVALID_PARTNER_TOKEN)?;
        if machine.partner != email {
            return Err(codes::REQUESTED_SUBJECT_MISMATCH);
        }
        let account = self.accounts.get(account_id);
        let account = account.filter(|account| account.owner == email);
        account
            .ok_or(codes::CLIENT_NOT_OF_PARTNER)?
            .while_granted()?;
        Ok(Granted {
            account_id: account_id.to_owned(),
            permitted: allowed(scope, &machine.permitted)?,
        })
    }

    pub(super) fn mint_access_token(
        &mut self,
        email: &str,
        granted: &Granted,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        let kind = Kind::Access {
            account_id: granted.account_id.clone(),
        };
        let permitted = granted.permitted.clone();
        self.tokens.give_out(kind, email, permitted, now, ttl)
    }

    pub(super) fn mint_refresh_token(
        &mut self,
        email: &str,
        granted: &Granted,
        now: OffsetDateTime,
        ttl: Duration,
    ) -> String {
        let kind = Kind::Refresh {
            account_id: granted.account_id.clone(),
            spent: false,
        };
        let permitted = granted.permitted.clone();
        self.tokens.give_out(kind, email, permitted, now, ttl)
    }

    /// Accepts a refresh token, which dies if it is to be rotated.
    pub(super) fn present_refresh_token(
        &mut self,
        email: &str,
        refresh_token: &str,
        client_id: Option<&str>,
        now: OffsetDateTime,
        rotates: bool,
    ) -> Result<Granted, Code> {
        let token = self.tokens.get_mut(refresh_token);
        let token = token.ok_or(codes::REFRESH_TOKEN_INVALID)?;
        let in_time = token.is_in_time(now);
        let Kind::Refresh { account_id, spent } = &mut token.kind else {
            return Err(codes::REFRESH_TOKEN_INVALID);
        };
        if *spent {
            self.reuses += 1;
        }
        if *spent || !in_time {
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
        Ok(Granted {
            account_id: account_id.clone(),
            permitted: token.permitted.clone(),
        })
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
        if !token.is_in_time(now) {
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
        self.tokens.alive(now, provider)
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
            .field("reuses", &self.reuses)
            .finish_non_exhaustive()
    }
}
