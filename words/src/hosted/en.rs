//! English.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "en",
    direction: "ltr",
    title: "Connect WhatsApp",
    consent: Consent {
        title: "Connect your WhatsApp?",
        who: "Who asks",
        purpose: "For",
        through: "Through",
        grants: "What it allows",
        granted: "{label} will be able to read and send WhatsApp messages from the account that you connect.",
        until: "Until when",
        page_until: "This page stops working in {time}.",
        grant_until: "What you connect stays connected until you remove it: in WhatsApp, under Linked devices.",
        caution: "Only continue if you asked for this and know who sent it to you.",
        go_on: "Continue",
        refuse: "I did not ask for this",
    },
    connect: Connect {
        number: "Phone number",
        number_hint: "Of the phone that has WhatsApp, with its country code, such as +44 7400 123456.",
        number_faulty: "This is not a phone number that we can use. Begin with + and the country code.",
        refresh: "Refresh now",
        refreshes: "This page refreshes itself every {seconds} seconds, and with it whatever it shows.",
        page_until: "This page stops working in {time}.",
        not_me: "This wasn't me",
        not_me_hint: "Ends the link and everything that it has shown, for everybody.",
    },
    no_phone: Notice {
        title: "Nothing to connect here",
        body: &[
            "{label} works without a linked phone: there is no code to scan and no number to type.",
            "You can close this page. If you expected something else, ask whoever sent you the link.",
        ],
    },
    closed: Notice {
        title: "Closed",
        body: &[
            "The link no longer works, for anybody, and what it has shown is revoked.",
            "If somebody urged you to open it, do not answer them. Look in WhatsApp under Linked devices, and log out every device that you do not know.",
        ],
    },
    ended: Notice {
        title: "This link has ended",
        body: &[
            "It was replaced or revoked, or its time is over. Ask whoever sent it for a new one.",
        ],
    },
    too_many: Notice {
        title: "Opened elsewhere already",
        body: &[
            "This link was opened in as many browsers as it may be. Go back to where you opened it first, or ask whoever sent it for a new one.",
            "If that was not you, ask them to revoke it.",
        ],
    },
    unknown: Notice {
        title: "Nothing here",
        body: &["Check that the whole link was copied, or ask whoever sent it for a new one."],
    },
    foreign: Notice {
        title: "Not from another page",
        body: &[
            "Open the link itself and use the buttons there. If you did, this browser may be too old: try another one.",
        ],
    },
    failed: Notice {
        title: "That did not work",
        body: &["Please go back and try again in a moment."],
    },
    reference: "Reference for support: {reference}",
    a_minute: "about a minute",
    minutes: "{minutes} minutes",
};
