//! Every visible string, per language. A language is one file beside `en.rs` and one line in [`LANGUAGES`].
//!
//! [`Words`] has one field for each string, so that a language that lacks one does not compile.

mod en;

use pairlink_protocol::{Method, ProblemCode, Revocation, SessionState};

use crate::model::{Death, Failure, Stage};
use crate::qr::push_number;

/// Every language, the one to fall back to first.
static LANGUAGES: [&Words; 1] = [&en::WORDS];

/// A headline and what it means for the reader, next step included.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Saying {
    /// A few words.
    pub title: &'static str,
    /// One or two sentences.
    pub body: &'static str,
}

/// Phrases with a number in them, which each language counts in its own way.
#[derive(Debug)]
pub(crate) struct Counted {
    /// "Trying again in 5 seconds."
    pub retry_in: fn(u32) -> String,
    /// "You can try again in 5 seconds."
    pub wait: fn(u32) -> String,
    /// "30 seconds left": read out at 60, 30 and 10 seconds.
    pub left: fn(u32) -> String,
}

/// What is said about a pass of one method.
#[derive(Debug)]
pub(crate) struct MethodWords {
    /// What it is called, where there is a choice.
    pub name: &'static str,
    /// Before there is one.
    pub none: Saying,
    /// While it lives.
    pub live: Saying,
    /// What to do with it, in order.
    pub steps: &'static [&'static str],
    /// Under the code.
    pub caption: &'static str,
    /// What the picture is, for those who cannot see it.
    pub picture: &'static str,
    /// The button that makes one.
    pub issue: &'static str,
    /// The button that makes another one.
    pub reissue: &'static str,
    /// The button that copies it.
    pub copy: &'static str,
    /// What revoking it does, and what it cannot.
    pub revoke_hint: &'static str,
    /// It is alive while another method is in view; before a time of day.
    pub aside: &'static str,
}

/// Everything that the widget can say, in one language.
#[derive(Debug)]
pub(crate) struct Words {
    /// The primary language subtag.
    pub language: &'static str,
    /// Which way it is written: `ltr` or `rtl`.
    pub direction: &'static str,
    /// Names the widget for screen readers.
    pub region: &'static str,
    /// Passes by method.
    pub link: MethodWords,
    /// As above.
    pub qr: MethodWords,
    /// As above.
    pub code: MethodWords,
    /// As above.
    pub token: MethodWords,
    /// No method can be used from this page.
    pub no_method: Saying,
    /// After what is said of a pass of another method.
    pub aside_hint: &'static str,
    /// Names the choice between methods for screen readers.
    pub switch: &'static str,
    pub loading: Saying,
    pub issuing: Saying,
    /// When the provider needs longer.
    pub issuing_long: Saying,
    /// Before the time that has passed.
    pub waited: &'static str,
    pub cancel: &'static str,
    /// A pass is alive that cancelling would revoke.
    pub cancel_hint: &'static str,
    pub cancelling: Saying,
    pub cancelled: Saying,
    pub checking: Saying,
    pub revoking: Saying,
    pub not_revoked: Saying,
    pub expired: Saying,
    pub revoked_upstream: Saying,
    /// Followed by the time at which it is dead whatever happens.
    pub revoked_pending: Saying,
    /// Followed by that time too.
    pub revoked_local_only: Saying,
    pub revoked_elsewhere: Saying,
    pub connected: Saying,
    pub log_out: &'static str,
    /// Asked before it is done.
    pub parting: Saying,
    pub stay: &'static str,
    pub logging_out: Saying,
    pub sessions: Sessions,
    pub number: NumberWords,
    pub offline: Saying,
    /// Beside a code that is still valid.
    pub offline_notice: &'static str,
    /// Before a time of day.
    pub dead_by: &'static str,
    /// A few words each, for the chip in the corner.
    pub chips: Chips,
    /// Before the countdown.
    pub expires_in: &'static str,
    /// In place of the countdown, where another one follows.
    pub renews: &'static str,
    /// Before a time of day.
    pub ends_at: &'static str,
    /// What the dots stand for.
    pub masked: &'static str,
    pub reveal: &'static str,
    pub mask: &'static str,
    pub copied: &'static str,
    pub copy_refused: &'static str,
    pub link_field: &'static str,
    pub too_long_to_draw: &'static str,
    pub open: &'static str,
    pub opens_in_new_tab: &'static str,
    pub revoke: &'static str,
    pub retry: &'static str,
    pub check: &'static str,
    /// Before a request id.
    pub reference: &'static str,
    /// Before why the earlier pass is still there.
    pub not_replaced: &'static str,
    pub counted: Counted,
    pub failures: Failures,
}

/// What the state of the login means for the reader, where there is no pass that says more.
#[derive(Debug)]
pub(crate) struct Sessions {
    pub starting: Saying,
    pub logged_out: Saying,
    pub passkey_required: Saying,
    pub blocked: Saying,
    pub failed: Saying,
}

/// The fields for the number of the phone.
#[derive(Debug)]
pub(crate) struct NumberWords {
    pub country: &'static str,
    pub number: &'static str,
    pub missing: &'static str,
    pub faulty: &'static str,
}

/// The state in a word or two.
#[derive(Debug)]
pub(crate) struct Chips {
    pub loading: &'static str,
    pub none: &'static str,
    pub working: &'static str,
    pub live: &'static str,
    pub expiring: &'static str,
    pub expired: &'static str,
    pub revoked: &'static str,
    pub connected: &'static str,
    pub offline: &'static str,
    pub error: &'static str,
}

/// What went wrong, and what to do.
#[derive(Debug)]
pub(crate) struct Failures {
    pub unreachable: Saying,
    pub timed_out: Saying,
    pub unreadable: Saying,
    pub session_ended: Saying,
    pub not_allowed: Saying,
    pub not_set_up: Saying,
    pub busy: Saying,
    pub provider_down: Saying,
    pub provider_refused: Saying,
    pub needs_credentials: Saying,
    pub already_connected: Saying,
    pub superseded: Saying,
    pub unavailable: Saying,
}

/// The language for a language tag such as `pt-BR`; the first one if it is not there.
pub(crate) fn words(locale: Option<&str>) -> &'static Words {
    let [fallback, ..] = LANGUAGES;
    let Some(locale) = locale else {
        return fallback;
    };
    let primary = locale.split('-').next().unwrap_or_default();
    LANGUAGES
        .into_iter()
        .find(|words| words.language.eq_ignore_ascii_case(primary))
        .unwrap_or(fallback)
}

impl Words {
    /// What is said about passes of that method.
    pub(crate) const fn method(&self, method: Method) -> &MethodWords {
        match method {
            Method::Link => &self.link,
            Method::Qr => &self.qr,
            Method::Code => &self.code,
            Method::Token => &self.token,
        }
    }

    /// What is said about a revoked pass.
    pub(crate) const fn death(&self, death: &Death) -> &Saying {
        match death {
            Death::Here { revocation, .. } => match revocation {
                Revocation::Upstream => &self.revoked_upstream,
                Revocation::Pending => &self.revoked_pending,
                Revocation::LocalOnly => &self.revoked_local_only,
            },
            Death::Unborn => &self.cancelled,
            Death::Elsewhere => &self.revoked_elsewhere,
        }
    }

    /// The stage in a word or two.
    pub(crate) const fn chip(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Loading => self.chips.loading,
            Stage::None => self.chips.none,
            Stage::Issuing | Stage::Checking | Stage::Revoking | Stage::LoggingOut => {
                self.chips.working
            }
            Stage::Live => self.chips.live,
            Stage::Expiring => self.chips.expiring,
            Stage::Expired => self.chips.expired,
            Stage::Revoked => self.chips.revoked,
            Stage::Connected => self.chips.connected,
            Stage::Offline => self.chips.offline,
            Stage::Error => self.chips.error,
        }
    }

    /// What went wrong, and what to do.
    pub(crate) const fn failure(&self, failure: &Failure) -> &Saying {
        let words = &self.failures;
        match failure {
            Failure::Unreachable => &words.unreachable,
            Failure::TimedOut => &words.timed_out,
            Failure::Unreadable => &words.unreadable,
            Failure::NoToken => &words.session_ended,
            Failure::Problem { code, .. } => match code {
                ProblemCode::Unauthenticated | ProblemCode::TokenExpired => &words.session_ended,
                ProblemCode::ActionNotAllowed => &words.not_allowed,
                ProblemCode::OriginNotAllowed
                | ProblemCode::NotFound
                | ProblemCode::MethodNotOffered
                | ProblemCode::HostNotAllowed => &words.not_set_up,
                ProblemCode::InvalidJson
                | ProblemCode::InvalidRequest
                | ProblemCode::InvalidField
                | ProblemCode::MethodNotAllowed
                | ProblemCode::NotAcceptable
                | ProblemCode::TooLarge
                | ProblemCode::UnsupportedMediaType
                | ProblemCode::TooManyWebhooks
                | ProblemCode::WebhookDisabled
                | ProblemCode::UpstreamMalformed => &words.unreadable,
                ProblemCode::TooManyRequests | ProblemCode::UpstreamRateLimited => &words.busy,
                ProblemCode::UpstreamError | ProblemCode::UpstreamUnreachable => {
                    &words.provider_down
                }
                ProblemCode::UpstreamTimeout => &words.timed_out,
                ProblemCode::ProviderRefused => &words.provider_refused,
                ProblemCode::NeedsCredentials => &words.needs_credentials,
                ProblemCode::AlreadyConnected => &words.already_connected,
                ProblemCode::RevokedDuringIssue
                | ProblemCode::PassEnded
                | ProblemCode::IdempotencyKeyReused => &words.superseded,
                ProblemCode::Internal
                | ProblemCode::StoreUnavailable
                | ProblemCode::Observing
                | ProblemCode::Other => &words.unavailable,
            },
        }
    }

    /// What the state of the login means for the reader, where he must know.
    pub(crate) const fn session(&self, state: SessionState) -> Option<&Saying> {
        match state {
            SessionState::Starting => Some(&self.sessions.starting),
            SessionState::LoggedOut => Some(&self.sessions.logged_out),
            SessionState::PasskeyRequired => Some(&self.sessions.passkey_required),
            SessionState::Blocked => Some(&self.sessions.blocked),
            SessionState::Failed => Some(&self.sessions.failed),
            SessionState::Waiting | SessionState::Connected | SessionState::Unknown => None,
        }
    }
}

/// `29:59`, or `1:02:03` where there are hours.
pub(crate) fn countdown(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = String::new();
    if hours > 0 {
        push_number(&mut text, hours as usize);
        text.push(':');
    }
    for (number, end) in [(minutes, ":"), (seconds, "")] {
        if number < 10 {
            text.push('0');
        }
        push_number(&mut text, number as usize);
        text.push_str(end);
    }
    text
}

/// Puts a number between two texts.
fn around(before: &str, number: u32, after: &str) -> String {
    let mut text = before.to_owned();
    push_number(&mut text, number as usize);
    text.push_str(after);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_english() {
        for locale in [
            None,
            Some("en"),
            Some("EN-gb"),
            Some("xx"),
            Some(""),
            Some("e"),
        ] {
            assert_eq!(words(locale).language, "en");
        }
    }

    #[test]
    fn counts_down() {
        for (seconds, text) in [
            (0, "00:00"),
            (9, "00:09"),
            (61, "01:01"),
            (1800, "30:00"),
            (3600, "1:00:00"),
            (36_125, "10:02:05"),
        ] {
            assert_eq!(countdown(seconds), text);
        }
    }

    #[test]
    fn every_language_says_something_everywhere() {
        for words in LANGUAGES {
            let english = words.language == "en";
            let all = std::fmt::format(format_args!("{words:?}"));
            assert!(!all.contains("\"\""), "{}: an empty string", words.language);
            for method in Method::ALL {
                assert!(!words.method(method).steps.is_empty());
            }
            for code in ProblemCode::ALL.iter().copied().chain([ProblemCode::Other]) {
                let failure = Failure::Problem {
                    code,
                    request_id: String::new(),
                    retry_after_seconds: None,
                };
                let saying = words.failure(&failure);
                assert!(
                    !saying.title.is_empty() && saying.body.ends_with('.'),
                    "{}",
                    code.as_str()
                );
            }
            assert!((words.counted.retry_in)(5).contains('5'));
            if english {
                assert_eq!((words.counted.retry_in)(1), "Trying again in 1 second.");
            }
        }
    }

    #[test]
    fn a_link_is_never_to_be_scanned_with_whatsapp() {
        let link = &words(None).link;
        let all = std::fmt::format(format_args!("{link:?}")).to_lowercase();
        for wrong in [
            "scan with whatsapp",
            "scan this code with whatsapp",
            "scan it with whatsapp",
        ] {
            assert!(!all.contains(wrong), "{wrong}");
        }
        assert!(link.caption.contains("camera"));
    }
}
