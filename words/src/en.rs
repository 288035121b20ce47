//! English.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "The connection widget could not be loaded.",
    setup: "The connection widget is not set up on this page.",
    retry: "Try again",
    open_hosted: "Open in a new window",
    language: "en",
    region: "WhatsApp connection",
    link: MethodWords {
        name: "Link",
        none: Saying {
            title: "Connect WhatsApp",
            body: "Make a temporary link. It opens a page with WhatsApp's own QR code, ends by itself and can be revoked at any time.",
        },
        live: Saying {
            title: "Your link is ready",
            body: "It opens a page with WhatsApp's own QR code. Keep the link to yourself: whoever opens it can connect a phone.",
        },
        steps: "Open the link on a screen other than the phone that has WhatsApp.\n\
            On the phone, open WhatsApp and go to Linked devices, then Link a device.\n\
            Point the phone at the QR code on the page that opened.",
        caption: "To move the link to another screen, scan this with its camera.",
        picture: "QR code of the link, for the camera of another screen",
        issue: "Make a link",
        reissue: "New link",
        copy: "Copy link",
        revoke_hint: "This link stops working everywhere at once.",
        aside: "A link is still active, until {}.",
    },
    qr: MethodWords {
        name: "QR code",
        none: Saying {
            title: "Connect WhatsApp",
            body: "Show a QR code and scan it with the phone that has WhatsApp. Have the phone at hand first.",
        },
        live: Saying {
            title: "Scan with WhatsApp",
            body: "Have the phone ready: the code changes often.",
        },
        steps: "Open WhatsApp on the phone.\n\
            Go to Linked devices, then Link a device.\n\
            Point the phone at this code.",
        caption: "Scan in WhatsApp, under Linked devices.",
        picture: "QR code for WhatsApp on the phone",
        issue: "Show the code",
        reissue: "New code",
        copy: "Copy code",
        revoke_hint: "We stop showing it at once. It is dead within a minute.",
        aside: "A QR code is still active, until {}.",
    },
    code: MethodWords {
        name: "Pairing code",
        none: Saying {
            title: "Connect WhatsApp",
            body: "Get a code and type it into WhatsApp on the phone. Nothing needs to be scanned.",
        },
        live: Saying {
            title: "Type this code into WhatsApp",
            body: "It is for the phone whose number was given, and for nobody else.",
        },
        steps: "Open WhatsApp on the phone.\n\
            Go to Linked devices, then Link a device.\n\
            Choose Link with phone number instead.\n\
            Type this code.",
        caption: "Works once, for one phone.",
        picture: "Pairing code",
        issue: "Get a code",
        reissue: "Get a new code",
        copy: "Copy code",
        revoke_hint: "We stop showing it at once. Whoever has it can use it until it ends.",
        aside: "A pairing code is still active, until {}.",
    },
    token: MethodWords {
        name: "API token",
        none: Saying {
            title: "API token",
            body: "Make a short-lived API token for your backend.",
        },
        live: Saying {
            title: "Your API token is ready",
            body: "Copy it to where it is needed. Nobody has to read it for that.",
        },
        steps: "Copy the token.\n\
            Paste it where your program expects it.",
        caption: "Whoever has it can send in your name.",
        picture: "API token",
        issue: "Make a token",
        reissue: "New token",
        copy: "Copy token",
        revoke_hint: "We stop giving it out at once. Whoever has it can use it until it ends.",
        aside: "An API token is still active, until {}.",
    },
    no_method: Saying {
        title: "Nothing to offer here",
        body: "This account cannot be connected from this page. Please ask whoever runs it.",
    },
    aside_hint: "What you do here does not end it.",
    switch: "How to connect",
    loading: Saying {
        title: "Just a moment",
        body: "Looking up the state of the connection.",
    },
    issuing: Saying {
        title: "Making a new one",
        body: "The earlier one of its kind, if there was any, stops working. This takes a few seconds.",
    },
    issuing_long: Saying {
        title: "The provider needs a little longer",
        body: "This can take half a minute. It appears here by itself.",
    },
    waited: "Waiting for",
    cancel: "Cancel",
    cancel_hint: "Cancelling also revokes what was active before.",
    cancelling: Saying {
        title: "Cancelling\u{2026}",
        body: "Whatever still arrives is not shown.",
    },
    cancelled: Saying {
        title: "Cancelled",
        body: "Nothing was shown to anybody. Start again whenever you like.",
    },
    checking: Saying {
        title: "Checking",
        body: "This page was away for a while. The code is hidden until we know that it still works.",
    },
    revoking: Saying {
        title: "Revoking\u{2026}",
        body: "The code is hidden here. We are waiting for the confirmation that it is dead.",
    },
    not_revoked: Saying {
        title: "Not revoked yet",
        body: "The code is hidden here, but it may still work elsewhere. We keep trying while this page is open.",
    },
    expired: Saying {
        title: "This one has expired",
        body: "It opens nothing any more. Make a new one when you are ready.",
    },
    revoked_upstream: Saying {
        title: "Revoked",
        body: "It has stopped working everywhere. Nobody can use it any more.",
    },
    revoked_pending: Saying {
        title: "Revoked here",
        body: "Nobody gets it from us any more. WhatsApp's provider has not confirmed yet, and is asked again until it does.",
    },
    revoked_local_only: Saying {
        title: "Revoked here",
        body: "Nobody gets it from us any more. The provider cannot take back what somebody has already opened.",
    },
    revoked_elsewhere: Saying {
        title: "Revoked",
        body: "It was revoked on another page. If that was not meant, make a new one.",
    },
    connected: Saying {
        title: "WhatsApp is connected",
        body: "All done. You can close this page.",
    },
    log_out: "Log out",
    parting: Saying {
        title: "Log this phone out?",
        body: "Messages stop coming in and going out here. The phone keeps its chats, and can be connected again.",
    },
    stay: "Stay connected",
    logging_out: Saying {
        title: "Logging out\u{2026}",
        body: "Waiting for the provider to confirm it.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Getting ready",
            body: "The provider is starting the account. This page goes on by itself.",
        },
        logged_out: Saying {
            title: "The phone is logged out",
            body: "Nothing is linked any more. Connect it again, or another phone, whenever you like.",
        },
        passkey_required: Saying {
            title: "WhatsApp asks for a passkey",
            body: "Follow what the phone shows. If nothing happens there, start again.",
        },
        blocked: Saying {
            title: "WhatsApp has blocked this account",
            body: "Connecting will not work until WhatsApp lifts that. WhatsApp on the phone says why, and how to ask for a review.",
        },
        failed: Saying {
            title: "The last attempt failed",
            body: "Starting again usually helps; if it does not, please tell support.",
        },
        wrong_phone: Saying {
            title: "Another phone was linked",
            body: "Its number is not the one that is expected here, so it is logged out again. Please try with the right phone.",
        },
    },
    number: NumberWords {
        country: "Country",
        number: "Phone number of this WhatsApp",
        missing: "Please enter the number.",
        faulty: "This is no phone number of that country. Please check it.",
    },
    offline: Saying {
        title: "You are offline",
        body: "Check the network. This page goes on by itself once it is back.",
    },
    offline_notice: "No connection right now. What you see was valid when we last heard; it is hidden when its time is up.",
    dead_by: "Dead for certain by {}.",
    chips: Chips {
        loading: "Loading",
        none: "Not connected",
        working: "Working",
        live: "Active",
        expiring: "Ends soon",
        expired: "Expired",
        revoked: "Revoked",
        connected: "Connected",
        offline: "Offline",
        error: "Problem",
    },
    expires_in: "Expires in",
    renews: "A new code appears by itself",
    ends_at: "Ends at {}.",
    masked: "Hidden",
    reveal: "Reveal",
    mask: "Hide",
    copied: "Copied",
    copy_refused: "The browser does not allow copying. Select it and copy it by hand.",
    link_field: "The link",
    too_long_to_draw: "Too long for a QR code. Use the link.",
    open: "Open link",
    opens_in_new_tab: "(opens in a new tab)",
    revoke: "Revoke",
    check: "Check now",
    reference: "Reference for support:",
    not_replaced: "No new one was made; the earlier one still works.",
    retry_in: "Trying again {}.",
    wait: "You can try again {}.",
    left: "{} left.",
    failures: Failures {
        unreachable: Saying {
            title: "No answer",
            body: "The service cannot be reached. Check the network; we keep trying.",
        },
        timed_out: Saying {
            title: "This takes too long",
            body: "No answer in time. Please try again.",
        },
        unreadable: Saying {
            title: "Something does not fit",
            body: "The answer could not be understood. Try again; if it stays, please tell support.",
        },
        session_ended: Saying {
            title: "This page's session has ended",
            body: "Reload the page, or sign in again if it asks you to.",
        },
        not_allowed: Saying {
            title: "Not allowed here",
            body: "This page may not do that. Please ask whoever runs it.",
        },
        wrong_number: Saying {
            title: "Another number is expected here",
            body: "Only the phone with that number can be connected. Please check the number, or take the right phone.",
        },
        not_set_up: Saying {
            title: "This page is not set up",
            body: "It is not allowed to use this connection, or the connection is gone. Please tell support.",
        },
        busy: Saying {
            title: "Too many at once",
            body: "Please wait a little before the next try.",
        },
        provider_down: Saying {
            title: "WhatsApp's provider has a problem",
            body: "It cannot help right now. Please try again in a moment.",
        },
        provider_refused: Saying {
            title: "The provider refused",
            body: "It gave a reason of its own. Please tell support.",
        },
        needs_credentials: Saying {
            title: "The account needs attention",
            body: "The provider no longer accepts the stored access data. Please tell support: somebody must renew them.",
        },
        already_connected: Saying {
            title: "Connected already",
            body: "A phone is linked to this account. Log it out first if another one is to be linked.",
        },
        superseded: Saying {
            title: "It ended meanwhile",
            body: "Somebody replaced or revoked it. Please try again.",
        },
        unavailable: Saying {
            title: "Something went wrong on our side",
            body: "Please try again in a moment; if it stays, tell support.",
        },
    },
};
