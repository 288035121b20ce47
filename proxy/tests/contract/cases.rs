//! The providers and what they issue: all that the suite must know of each.

use std::collections::BTreeMap;

use pairlink_protocol::{Method, SessionState};
use pairlink_proxy::domain::{PassRequest, PhoneNumber};
use pairlink_proxy::provider::ProviderError;
use pairlink_simulator::{enablex, green_api, wawp, wazzup};

/// One thing that one provider issues.
pub(crate) struct Case {
    pub(crate) provider: &'static str,
    pub(crate) request: PassRequest,
    /// What the ledger calls it.
    pub(crate) kind: &'static str,
    /// The calls that it takes, in their order.
    pub(crate) calls: &'static [&'static str],
    /// The call that says what is alive, where there is one.
    pub(crate) current: Option<&'static str>,
    /// The call that takes it back, where there is one.
    pub(crate) revoke: Option<&'static str>,
    /// The provider's own refusals of the last call, and what is made of them. Where nothing is presented but the account
    /// what is said of a token is said of that.
    pub(crate) refusals: &'static [(&'static str, ProviderError)],
}

/// Everything that is issued by everyone.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case {
            provider: "enablex",
            request: PassRequest::Token,
            kind: "token",
            calls: &[enablex::TOKEN],
            current: None,
            revoke: None,
            refusals: ENABLEX,
        },
        Case {
            provider: "green-api",
            request: PassRequest::Qr,
            kind: "qr",
            calls: &[green_api::QR],
            current: None,
            revoke: None,
            refusals: GREEN_API_QR,
        },
        Case {
            provider: "green-api",
            request: PassRequest::Code(phone()),
            kind: "code",
            calls: &[green_api::AUTHORIZATION_CODE],
            current: None,
            revoke: None,
            refusals: GREEN_API_CODE,
        },
        Case {
            provider: "wawp",
            request: PassRequest::Link,
            kind: "link",
            calls: &[wawp::MINT],
            current: Some(wawp::READ),
            revoke: Some(wawp::REVOKE),
            refusals: WAWP,
        },
        Case {
            provider: "wawp",
            request: PassRequest::Qr,
            kind: "qr",
            calls: &[wawp::QR],
            current: None,
            revoke: None,
            refusals: WAWP,
        },
        Case {
            provider: "wawp",
            request: PassRequest::Code(phone()),
            kind: "code",
            calls: &[wawp::REQUEST_CODE],
            current: None,
            revoke: None,
            refusals: WAWP,
        },
        Case {
            provider: "wazzup",
            request: PassRequest::Token,
            kind: "access_token",
            calls: &[wazzup::MACHINE_TOKEN, wazzup::EXCHANGE],
            current: None,
            revoke: None,
            refusals: WAZZUP,
        },
    ]
}

/// What takes that call.
pub(crate) fn case_of(call: &str) -> Case {
    cases()
        .into_iter()
        .find(|case| case.calls.contains(&call))
        .unwrap()
}

const ENABLEX: &[(&str, ProviderError)] = &[("authentication_failed", ProviderError::Credentials)];

const WAZZUP: &[(&str, ProviderError)] = {
    const CREDENTIALS: ProviderError = ProviderError::Credentials;
    const REFUSED: ProviderError = ProviderError::Refused(400);
    const TOKEN: ProviderError = ProviderError::Token;
    &[
        ("VALIDATION_FAILED", REFUSED),
        ("OAUTH_INVALID_GRANT_TYPE", REFUSED),
        ("OAUTH_REDIRECT_URI_MISMATCH", REFUSED),
        ("OAUTH_AUTHORIZATION_CODE_INVALID", CREDENTIALS),
        ("OAUTH_CODE_CHALLENGE_METHOD_UNKNOWN", REFUSED),
        ("OAUTH_CODE_VERIFIER_INVALID", REFUSED),
        ("OAUTH_REQUESTED_SUBJECT_MISMATCH", CREDENTIALS),
        ("OAUTH_SUBJECT_TOKEN_TYPE_MISMATCH", REFUSED),
        ("OAUTH_CLIENT_ID_MISMATCH", CREDENTIALS),
        ("OAUTH_REFRESH_TOKEN_INVALID_OR_EXPIRED", TOKEN),
        ("OAUTH_AUTHORIZATION_HEADER_INVALID", CREDENTIALS),
        ("OAUTH_INVALID_PARTNER_TOKEN", TOKEN),
        ("OAUTH_TOKEN_INVALID_OR_EXPIRED", TOKEN),
        ("OAUTH_TOKEN_UNKNOWN_OR_REVOKED", TOKEN),
        ("OAUTH_PARTNER_NOT_FOUND", CREDENTIALS),
        ("OAUTH_PARTNER_INACTIVE", CREDENTIALS),
        ("OAUTH_CLIENT_NOT_BELONG_TO_PARTNER", CREDENTIALS),
        ("OAUTH_SCOPE_FORBIDDEN", CREDENTIALS),
        ("OAUTH_MISSING_GRANT", ProviderError::Refused(403)),
    ]
};

const WAWP: &[(&str, ProviderError)] = &[
    ("invalid_instance", ProviderError::Credentials),
    ("invalid_access_token", ProviderError::Credentials),
    ("server_not_found", ProviderError::Refused(404)),
    ("wawp_upstream_error", ProviderError::Status(502)),
];

const GREEN_API_QR: &[(&str, ProviderError)] = &[
    ("qr_error", ProviderError::NotReady { retry_after: 2 }),
    ("starting", ProviderError::Refused(400)),
    ("unauthorized", ProviderError::Credentials),
    ("forbidden", ProviderError::Credentials),
    (
        "too_many_requests",
        ProviderError::RateLimited { retry_after: None },
    ),
    ("quota_exceeded", ProviderError::Refused(466)),
    ("client_closed_request", ProviderError::Refused(499)),
    ("bad_gateway", ProviderError::Status(502)),
];

const GREEN_API_CODE: &[(&str, ProviderError)] = &[
    ("status_false", ProviderError::NotReady { retry_after: 5 }),
    ("bad_request", ProviderError::Refused(400)),
    ("unauthorized", ProviderError::Credentials),
    ("quota_exceeded", ProviderError::Refused(466)),
];

/// What is to be known of a provider's logins.
pub(crate) struct Login {
    /// The call that tells of it.
    pub(crate) call: &'static str,
    /// The call that ends it.
    pub(crate) log_out: &'static str,
    /// What it is before a phone is linked, and after one was.
    pub(crate) state: SessionState,
}

/// The login of every provider, where there is one.
pub(crate) const LOGINS: &[(&str, Option<Login>)] = &[
    ("enablex", None),
    (
        "green-api",
        Some(Login {
            call: green_api::STATE,
            log_out: green_api::LOGOUT,
            state: SessionState::Waiting,
        }),
    ),
    (
        "wawp",
        Some(Login {
            call: wawp::INFO,
            log_out: wawp::LOGOUT,
            state: SessionState::Waiting,
        }),
    ),
    ("wazzup", None),
];

/// One request of a backend that each provider lets in, and what that provider says when it does not.
pub(crate) struct Errand {
    pub(crate) provider: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) body: &'static str,
    /// The call that it is.
    pub(crate) call: &'static str,
    /// What of the answer says that it was done.
    pub(crate) done: &'static str,
    /// The provider's refusals of a token; none where there is no token to refuse.
    pub(crate) token_refusals: &'static [&'static str],
    /// A refusal that is no token's fault, and the status that goes with it.
    pub(crate) other_refusal: (&'static str, u16),
}

/// What is passed on in the name of each provider's account.
pub(crate) const ERRANDS: &[Errand] = &[
    Errand {
        provider: "enablex",
        method: "POST",
        path: "whatsapp/v1/messages",
        body: r#"{"to": "441134960000", "text": "hello"}"#,
        call: enablex::MESSAGES,
        done: "/message_id",
        token_refusals: &["authentication_failed"],
        other_refusal: ("", 503),
    },
    Errand {
        provider: "green-api",
        method: "POST",
        path: "sendMessage",
        body: r#"{"chatId": "441134960000@c.us", "message": "hello"}"#,
        call: green_api::SEND_MESSAGE,
        done: "/idMessage",
        token_refusals: &[],
        other_refusal: ("unauthorized", 401),
    },
    Errand {
        provider: "wawp",
        method: "POST",
        path: "v2/send/text",
        body: r#"{"chatId": "441134960000@c.us", "message": "hello"}"#,
        call: wawp::SEND_TEXT,
        done: "/id",
        token_refusals: &[],
        other_refusal: ("invalid_access_token", 401),
    },
    Errand {
        provider: "wazzup",
        method: "POST",
        path: "v2/messages",
        body: r#"{"channel_id": "bf65cc76-8e64-4fe3-bdef-e309946bcec9", "chat_type": "whatsapp",
                  "chat_id": "441134960000", "text": "hello"}"#,
        call: wazzup::MESSAGES,
        done: "/data/message_id",
        token_refusals: &[
            "OAUTH_TOKEN_INVALID_OR_EXPIRED",
            "OAUTH_TOKEN_UNKNOWN_OR_REVOKED",
        ],
        other_refusal: ("OAUTH_SCOPE_FORBIDDEN", 403),
    },
];

/// The providers with a login.
pub(crate) fn logins() -> impl Iterator<Item = (&'static str, &'static Login)> {
    let logins = LOGINS.iter();
    logins.filter_map(|(provider, login)| Some((*provider, login.as_ref()?)))
}

pub(crate) fn phone() -> PhoneNumber {
    PhoneNumber::parse("+44 1134 960 000").unwrap()
}

/// A request for each method.
pub(crate) fn request(method: Method) -> PassRequest {
    let phone = (method == Method::Code).then(phone);
    PassRequest::new(method, phone).unwrap()
}

/// The credentials of the account that exists from the start.
pub(crate) fn credentials(provider: &str) -> BTreeMap<String, String> {
    let pairs: &[(&str, &str)] = match provider {
        "enablex" => &[
            ("app_id", enablex::DEMO_APP_ID),
            ("app_key", enablex::DEMO_APP_KEY),
        ],
        "green-api" => &[
            ("id_instance", green_api::DEMO_ID_INSTANCE),
            ("api_token_instance", green_api::DEMO_API_TOKEN_INSTANCE),
        ],
        "wawp" => &[
            ("instance_id", wawp::DEMO_INSTANCE_ID),
            ("access_token", wawp::DEMO_ACCESS_TOKEN),
        ],
        "wazzup" => &[
            ("email", wazzup::DEMO_EMAIL),
            ("password", wazzup::DEMO_PASSWORD),
            ("account_id", "1234-5678"),
            ("scope", "transport,crm"),
            ("client_id", wazzup::DEMO_CLIENT_ID),
        ],
        other => panic!("no account at {other}"),
    };
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}
