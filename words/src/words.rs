//! What the widget can say. Translators: `TRANSLATING.md` says how; the comments here say where each string appears.

use crate::part::{Part, words};

words! {
    /// Everything that the widget says, in one language.
    ///
    /// The first seven strings stand first because the scripts around the widget, which know no other, read them by their
    /// number.
    struct Words {
        /// Which way the language is written: `ltr` or `rtl`.
        direction: &'static str,
        /// In place of the widget: it did not load. One sentence.
        failed: &'static str,
        /// In place of the widget: whoever built the page made a mistake. One sentence.
        setup: &'static str,
        /// A button.
        retry: &'static str,
        /// A button under `failed`: opens a page that does the same without the widget.
        open_hosted: &'static str,
        /// The language's tag, as in [`crate::of`]: not translated, but written down.
        language: &'static str,
        /// Names the widget for screen readers: two or three words.
        region: &'static str,
        /// A link that opens a page of the provider with a QR code on it. It is never WhatsApp that scans the link.
        link: MethodWords,
        /// A QR code that WhatsApp on the phone scans.
        qr: MethodWords,
        /// Eight letters and digits that are typed into WhatsApp on the phone.
        code: MethodWords,
        /// A secret for a program of the host's. Its readers are engineers: "API token" may stay as it is.
        token: MethodWords,
        /// No method can be used from this page.
        no_method: Saying,
        /// A whole sentence, after `aside` of a method.
        aside_hint: &'static str,
        /// Names the choice between methods for screen readers.
        switch: &'static str,
        /// The page has just been opened.
        loading: Saying,
        /// A link, a code or a token is being made. "One of its kind" covers them all.
        issuing: Saying,
        /// The same, when the provider needs longer.
        issuing_long: Saying,
        /// In front of the time that has passed, such as `00:42`: "Waiting for" or "Waiting time:".
        waited: &'static str,
        /// A button: stops the making.
        cancel: &'static str,
        /// Under that button: an earlier one is alive, and is revoked as well.
        cancel_hint: &'static str,
        /// After that button. May end in an ellipsis.
        cancelling: Saying,
        /// When that is done.
        cancelled: Saying,
        /// The page was in the background, and asks whether what it showed is still valid.
        checking: Saying,
        /// Revoked by the reader, and not confirmed yet. May end in an ellipsis.
        revoking: Saying,
        /// The confirmation does not come.
        not_revoked: Saying,
        /// Its time is up.
        expired: Saying,
        /// It is certain that it works nowhere any more.
        revoked_upstream: Saying,
        /// It is not certain yet. `dead_by` may follow.
        revoked_pending: Saying,
        /// The provider cannot revoke; what somebody has opened already may go on working. `dead_by` may follow.
        revoked_local_only: Saying,
        /// Somebody else did it.
        revoked_elsewhere: Saying,
        /// A phone is linked.
        connected: Saying,
        /// A button: unlinks the phone.
        log_out: &'static str,
        /// The question after that button, as `title`; its consequence.
        parting: Saying,
        /// A button: does not log out after all.
        stay: &'static str,
        /// May end in an ellipsis.
        logging_out: Saying,
        /// What the state of the login means.
        sessions: Sessions,
        /// The fields for the number of the phone.
        number: NumberWords,
        /// The device has no network.
        offline: Saying,
        /// Beside a code that is still valid. One or two sentences.
        offline_notice: &'static str,
        /// A whole sentence; `{}` is a time of day, such as 14:30.
        dead_by: &'static str,
        /// The state in a word or two.
        chips: Chips,
        /// In front of a countdown such as `29:59`: "Expires in" or "Time left:".
        expires_in: &'static str,
        /// In place of the countdown, where another code follows by itself. No full stop.
        renews: &'static str,
        /// A whole sentence; `{}` is a time of day.
        ends_at: &'static str,
        /// What dots in place of a token stand for, read out by screen readers.
        masked: &'static str,
        /// A button: shows the token.
        reveal: &'static str,
        /// A button: hides it again.
        mask: &'static str,
        /// In place of a method's `copy` for two seconds.
        copied: &'static str,
        /// One or two sentences.
        copy_refused: &'static str,
        /// Names the field that holds the link, for screen readers.
        link_field: &'static str,
        /// In place of the picture. One or two sentences.
        too_long_to_draw: &'static str,
        /// A button that is a link.
        open: &'static str,
        /// Read out after `open`, in brackets.
        opens_in_new_tab: &'static str,
        /// A button: makes the link, code or token invalid.
        revoke: &'static str,
        /// A button, while the page asks whether the code is still valid.
        check: &'static str,
        /// In front of a number that support can search for: ends in a colon.
        reference: &'static str,
        /// A whole sentence, after what went wrong.
        not_replaced: &'static str,
        /// A whole sentence; `{}` is what the browser says for "in 5 seconds", ready for this language.
        retry_in: &'static str,
        /// The same.
        wait: &'static str,
        /// A whole sentence, read out by screen readers; `{}` is "30 seconds" or "1 minute". Where the grammar asks for
        /// it, "Time left: {}".
        left: &'static str,
        /// What went wrong.
        failures: Failures,
    }

    /// A headline and what it means for the reader, next step included.
    struct Saying {
        /// A few words, without a full stop.
        title: &'static str,
        /// One or two whole sentences.
        body: &'static str,
    }

    /// What is said about one way to connect.
    struct MethodWords {
        /// What it is called, where there is a choice: one or two words, at most 16 characters.
        name: &'static str,
        /// Before there is one.
        none: Saying,
        /// While it is shown.
        live: Saying,
        /// What to do with it, in order: one step a line, each a whole sentence. WhatsApp's menus by their official names.
        steps: &'static str,
        /// Under the picture. One or two sentences.
        caption: &'static str,
        /// What the picture is, for those who cannot see it. No full stop.
        picture: &'static str,
        /// The button that makes the first one.
        issue: &'static str,
        /// The button that makes another one, while one is shown.
        reissue: &'static str,
        /// The button that copies it.
        copy: &'static str,
        /// What revoking it does, and what it cannot. One or two sentences.
        revoke_hint: &'static str,
        /// It is alive while another way is in view: a whole sentence; `{}` is a time of day.
        aside: &'static str,
    }

    /// What the state of the login means for the reader.
    struct Sessions {
        /// The provider is starting the account.
        starting: Saying,
        /// The phone was unlinked.
        logged_out: Saying,
        /// WhatsApp on the phone asks for a passkey; the word as phones use it.
        passkey_required: Saying,
        /// WhatsApp has blocked the account.
        blocked: Saying,
        /// The last attempt failed, and nobody says why.
        failed: Saying,
        /// Only one number may be linked, and a phone with another one was. It is logged out, or is about to be.
        wrong_phone: Saying,
    }

    /// The fields for the number of the phone that gets a pairing code.
    struct NumberWords {
        /// The label of a list of countries.
        country: &'static str,
        /// The label of the field.
        number: &'static str,
        /// Nothing was typed. A whole sentence.
        missing: &'static str,
        /// It cannot be right. One or two sentences.
        faulty: &'static str,
    }

    /// The state in the corner of the widget: a word or two, at most 18 characters.
    ///
    /// As with every part of a language, one that lacks a string does not compile:
    ///
    /// ```compile_fail,E0063
    /// let chips = pairlink_words::Chips { loading: "…", none: "…", working: "…", live: "…" };
    /// ```
    struct Chips {
        /// The page has just been opened.
        loading: &'static str,
        /// No phone is linked, and nothing is shown.
        none: &'static str,
        /// Something is under way.
        working: &'static str,
        /// A link or code is valid.
        live: &'static str,
        /// It is about to end.
        expiring: &'static str,
        /// It has ended.
        expired: &'static str,
        /// It was revoked.
        revoked: &'static str,
        /// A phone is linked.
        connected: &'static str,
        /// The device has no network.
        offline: &'static str,
        /// Something went wrong.
        error: &'static str,
    }

    /// What went wrong, and what to do.
    struct Failures {
        /// No answer at all.
        unreachable: Saying,
        /// No answer in time.
        timed_out: Saying,
        /// An answer that makes no sense.
        unreadable: Saying,
        /// The visitor has to sign in to the host's page again.
        session_ended: Saying,
        /// This page may not do that.
        not_allowed: Saying,
        /// Only one number may be linked. A code was asked for another one, or a phone with another one is linked.
        wrong_number: Saying,
        /// Whoever runs the page has set it up wrongly, or the connection was deleted.
        not_set_up: Saying,
        /// Too many attempts.
        busy: Saying,
        /// The company that connects to WhatsApp for the host has a problem.
        provider_down: Saying,
        /// It refused.
        provider_refused: Saying,
        /// It does not accept the host's credentials any more.
        needs_credentials: Saying,
        /// A phone is linked already.
        already_connected: Saying,
        /// Somebody else acted at the same time.
        superseded: Saying,
        /// Our own fault.
        unavailable: Saying,
    }
}
