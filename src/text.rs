//! Which words belong to what is known. The words themselves are in the crate `pairlink-words`.

use pairlink_protocol::{ConnectionView, Method, ProblemCode, Revocation, SessionState};
use pairlink_words::{MethodWords, Saying, Words, cut};

use crate::model::{Death, Failure, Stage};
use crate::qr::push_number;

/// What a language says about the model's states.
pub(crate) trait Speak {
    /// What is said about passes of that method.
    fn method(&self, method: Method) -> &MethodWords;

    /// What is said about a revoked pass.
    fn death(&self, death: &Death) -> &Saying;

    /// The stage in a word or two.
    fn chip(&self, stage: Stage) -> &'static str;

    /// What went wrong, and what to do.
    fn failure(&self, failure: &Failure) -> &Saying;

    /// What the state of the login means for the reader, where he must know.
    fn session(&self, connection: &ConnectionView) -> Option<&Saying>;
}

impl Speak for Words {
    fn method(&self, method: Method) -> &MethodWords {
        match method {
            Method::Link => &self.link,
            Method::Qr => &self.qr,
            Method::Code => &self.code,
            Method::Token => &self.token,
        }
    }

    fn death(&self, death: &Death) -> &Saying {
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

    fn chip(&self, stage: Stage) -> &'static str {
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

    fn failure(&self, failure: &Failure) -> &Saying {
        let words = &self.failures;
        match failure {
            Failure::Unreachable => &words.unreachable,
            Failure::TimedOut => &words.timed_out,
            Failure::Unreadable => &words.unreadable,
            Failure::NoToken => &words.session_ended,
            Failure::Problem { code, .. } => match code {
                ProblemCode::Unauthenticated | ProblemCode::TokenExpired => &words.session_ended,
                ProblemCode::ActionNotAllowed | ProblemCode::TenantSuspended => &words.not_allowed,
                ProblemCode::PhoneNotAllowed => &words.wrong_number,
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
                | ProblemCode::TooComplex
                | ProblemCode::UnsupportedMediaType
                | ProblemCode::TooManyWebhooks
                | ProblemCode::WebhookDisabled
                | ProblemCode::UpstreamMalformed => &words.unreadable,
                ProblemCode::RateLimited
                | ProblemCode::TooManyRequests
                | ProblemCode::UpstreamRateLimited => &words.busy,
                ProblemCode::UpstreamError | ProblemCode::UpstreamUnreachable => {
                    &words.provider_down
                }
                ProblemCode::RequestTimeout | ProblemCode::UpstreamTimeout => &words.timed_out,
                ProblemCode::ProviderRefused => &words.provider_refused,
                ProblemCode::NeedsCredentials => &words.needs_credentials,
                ProblemCode::AlreadyConnected => &words.already_connected,
                ProblemCode::RevokedDuringIssue
                | ProblemCode::PassEnded
                | ProblemCode::IdempotencyKeyReused => &words.superseded,
                ProblemCode::Internal
                | ProblemCode::StoreUnavailable
                | ProblemCode::StoreFull
                | ProblemCode::RevokeNotDurable
                | ProblemCode::ClockSuspect
                | ProblemCode::Observing
                | ProblemCode::Other => &words.unavailable,
            },
        }
    }

    fn session(&self, connection: &ConnectionView) -> Option<&Saying> {
        let said = &self.sessions;
        match connection.state {
            SessionState::Starting => Some(&said.starting),
            SessionState::PasskeyRequired => Some(&said.passkey_required),
            SessionState::Blocked => Some(&said.blocked),
            SessionState::Waiting
            | SessionState::LoggedOut
            | SessionState::Failed
            | SessionState::Unknown
                if connection.wrong_phone =>
            {
                Some(&said.wrong_phone)
            }
            SessionState::LoggedOut => Some(&said.logged_out),
            SessionState::Failed => Some(&said.failed),
            SessionState::Connected | SessionState::Waiting | SessionState::Unknown => None,
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

/// A text with its value in the place of `{}`. A language that lacks the place, which its tests forbid, says it behind.
pub(crate) fn filled(template: &str, value: &str) -> String {
    let (before, rest) = cut(template, "{");
    let (_, after) = cut(rest, "}");
    [before, value, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn fills_in_values() {
        assert_eq!(filled("until {}.", "12:34"), "until 12:34.");
        assert_eq!(filled("{} left", "1 minute"), "1 minute left");
        assert_eq!(filled("at ", "12:34"), "at 12:34");
    }

    #[test]
    fn every_language_has_an_answer_to_every_problem() {
        for words in pairlink_words::LANGUAGES {
            for code in ProblemCode::ALL.iter().copied().chain([ProblemCode::Other]) {
                let failure = Failure::Problem {
                    code,
                    request_id: String::new(),
                    retry_after_seconds: None,
                };
                let Saying { title, body } = words.failure(&failure);
                let place = [words.language, " ", code.as_str()].concat();
                assert!(!title.is_empty() && !body.is_empty(), "{place}");
            }
        }
    }
}
