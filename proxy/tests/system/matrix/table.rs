//! What is expected of every route.

use super::scene::Principal;

/// How a route is guarded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// Not at all: it says nothing about anybody.
    Open,
    /// By API keys that reach the tenant of what the path names. To others it is not there.
    Backend,
    /// By API keys; each sees its own.
    List,
    /// By API keys that reach the tenant that the body names.
    Named,
    /// By API keys for every tenant.
    Operator,
    /// By embed tokens with that action; each is about its own connection.
    Page(&'static str),
    /// By what the path holds. Here it is none that opens anything.
    Address,
    /// By the cookie of a browser that opened a share link. Not part of the API document.
    Person,
}

#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) guard: Guard,
    pub(super) body: &'static str,
    /// What whoever may is answered.
    pub(super) ok: u16,
    /// What a person without the cookie is.
    pub(super) no_cookie: u16,
    /// Whether it takes away what the rows are about.
    pub(super) destroys: bool,
}

impl Row {
    /// The status that this caller is answered with.
    pub(super) fn expected(&self, principal: Principal) -> u16 {
        let is_own_key = matches!(principal, Principal::AllKey | Principal::OwnKey);
        let is_other_key = principal == Principal::OtherKey;
        match self.guard {
            Guard::Open | Guard::Address => self.ok,
            Guard::Backend | Guard::List | Guard::Named if is_own_key => self.ok,
            Guard::Operator if principal == Principal::AllKey => self.ok,
            Guard::Operator if is_own_key || is_other_key => 403,
            Guard::Backend if is_other_key => 404,
            Guard::List if is_other_key => self.ok,
            Guard::Named if is_other_key => 403,
            Guard::Backend | Guard::List | Guard::Named | Guard::Operator => 401,
            Guard::Page(action) => match principal.actions() {
                Some(actions) if actions.contains(&action) => self.ok,
                Some(_others) => 403,
                None => 401,
            },
            Guard::Person if principal == Principal::Viewer => self.ok,
            Guard::Person => self.no_cookie,
        }
    }
}

const fn row(method: &'static str, path: &'static str, guard: Guard, ok: u16) -> Row {
    Row {
        method,
        path,
        guard,
        body: "",
        ok,
        no_cookie: 410,
        destroys: false,
    }
}

const fn with(body: &'static str, row: Row) -> Row {
    Row { body, ..row }
}

const fn destroying(row: Row) -> Row {
    Row {
        destroys: true,
        ..row
    }
}

const fn without_cookie(no_cookie: u16, row: Row) -> Row {
    Row { no_cookie, ..row }
}

const ONE: &str = "/v1/connections/{id}";
const PASS: &str = "/v1/connections/{id}/pass";
const SHARE_LINK: &str = "/v1/connections/{id}/share-link";
const UPSTREAM: &str = "/v1/connections/{id}/upstream/{path}";
const EVENTS: &str = "/v1/connections/{id}/provider-events";
const DELIVERIES: &str = "/v1/webhooks/{id}/deliveries";
const SUSPENSION: &str = "/v1/tenants/{tenant}/suspension";
const LINK: &str = r#"{"method": "link"}"#;
const TOKEN: &str = r#"{"actions": ["read"], "origins": ["https://app.example"]}"#;
/// `{provider}` is the simulator's address.
const CONNECTION: &str = r#"{"provider": "wawp", "tenant": "acme", "base_url": "{provider}",
    "credentials": {"instance_id": "Instance0001", "access_token": "0123456789abcdef0123456789abcdef01234567"}}"#;
/// For what does not happen here, so that nothing is posted meanwhile.
const WEBHOOK: &str = r#"{"url": "https://backend.example/hook", "tenant": "acme", "events": ["credential.rotation_due"]}"#;

/// Every route. What lets the proxy look at a login while a page is open comes last.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    row("GET", "/healthz", Guard::Open, 200),
    row("GET", "/readyz", Guard::Open, 200),
    row("GET", "/openapi.json", Guard::Open, 200),
    row("GET", "/v1/connections", Guard::List, 200),
    with(CONNECTION, row("POST", "/v1/connections", Guard::Named, 201)),
    row("GET", ONE, Guard::Backend, 200),
    with(r#"{"label": "Changed"}"#, row("PATCH", ONE, Guard::Backend, 200)),
    destroying(row("DELETE", ONE, Guard::Backend, 204)),
    row("GET", "/v1/connections/{id}/health", Guard::Backend, 200),
    with(TOKEN, row("POST", "/v1/connections/{id}/embed-tokens", Guard::Backend, 201)),
    // The provider of these connections has no such tokens; whoever reaches them is told so.
    row("POST", "/v1/connections/{id}/api-token", Guard::Backend, 422),
    row("GET", PASS, Guard::Backend, 200),
    with(LINK, row("POST", PASS, Guard::Backend, 201)),
    row("DELETE", PASS, Guard::Backend, 200),
    row("GET", SHARE_LINK, Guard::Backend, 200),
    row("POST", SHARE_LINK, Guard::Backend, 201),
    row("DELETE", SHARE_LINK, Guard::Backend, 200),
    row("POST", EVENTS, Guard::Backend, 201),
    row("POST", "/v1/connections/{id}/provider-events/{secret}", Guard::Address, 404),
    row("DELETE", "/v1/connections/{id}/session", Guard::Backend, 200),
    row("GET", UPSTREAM, Guard::Backend, 200),
    row("HEAD", UPSTREAM, Guard::Backend, 200),
    // What the simulated provider says to methods that it does not take there.
    row("OPTIONS", UPSTREAM, Guard::Backend, 405),
    row("POST", UPSTREAM, Guard::Backend, 200),
    row("PUT", UPSTREAM, Guard::Backend, 405),
    row("PATCH", UPSTREAM, Guard::Backend, 405),
    row("DELETE", UPSTREAM, Guard::Backend, 405),
    row("GET", "/v1/webhooks", Guard::List, 200),
    with(WEBHOOK, row("POST", "/v1/webhooks", Guard::Named, 201)),
    row("GET", DELIVERIES, Guard::Backend, 200),
    // There is no such delivery, for nobody.
    with("", row("POST", "/v1/webhooks/{id}/deliveries/{delivery}/retry", Guard::Backend, 404)),
    destroying(row("DELETE", "/v1/webhooks/{id}", Guard::Backend, 204)),
    row("GET", "/v1/audit", Guard::List, 200),
    row("GET", SUSPENSION, Guard::Backend, 200),
    row("PUT", SUSPENSION, Guard::Operator, 200),
    row("DELETE", SUSPENSION, Guard::Operator, 200),
    row("GET", "/v1/pass", Guard::Page("read"), 200),
    with(LINK, row("POST", "/v1/pass", Guard::Page("issue"), 201)),
    row("DELETE", "/v1/pass", Guard::Page("revoke"), 200),
    row("POST", "/v1/share-link", Guard::Page("issue"), 201),
    row("DELETE", "/v1/session", Guard::Page("logout"), 200),
    without_cookie(401, row("POST", "/connect/token", Guard::Person, 200)),
    with("method=link", row("POST", "/connect/pass", Guard::Person, 303)),
    destroying(row("POST", "/connect/refuse", Guard::Person, 200)),
    // The cookie opens no other link.
    without_cookie(404, row("GET", "/l/none", Guard::Person, 404)),
    without_cookie(404, row("POST", "/l/none", Guard::Person, 404)),
    without_cookie(303, row("POST", "/connect", Guard::Person, 303)),
    row("GET", "/v1/events", Guard::Page("read"), 200),
    row("GET", "/connect", Guard::Person, 200),
];
