//! German. Addresses people formally, as pages of businesses do.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "Die Verbindung zu WhatsApp kann hier gerade nicht angezeigt werden.",
    setup: "Die Verbindung zu WhatsApp ist auf dieser Seite nicht eingerichtet.",
    retry: "Erneut versuchen",
    open_hosted: "In neuem Fenster öffnen",
    language: "de",
    region: "WhatsApp-Verbindung",
    link: MethodWords {
        name: "Link",
        none: Saying {
            title: "WhatsApp verbinden",
            body: "Erstellen Sie einen befristeten Link. Er öffnet eine Seite mit dem QR-Code von WhatsApp, läuft von selbst ab und lässt sich jederzeit widerrufen.",
        },
        live: Saying {
            title: "Ihr Link ist bereit",
            body: "Er öffnet eine Seite mit dem QR-Code von WhatsApp. Geben Sie ihn nicht weiter: Wer ihn öffnet, kann ein Telefon verbinden.",
        },
        steps: "Öffnen Sie den Link auf einem anderen Bildschirm als dem des Telefons mit WhatsApp.\n\
            Öffnen Sie auf dem Telefon WhatsApp und gehen Sie zu „Verknüpfte Geräte“, dann „Gerät hinzufügen“.\n\
            Richten Sie das Telefon auf den QR-Code der geöffneten Seite.",
        caption: "Um den Link auf einem anderen Bildschirm zu öffnen, scannen Sie dies mit dessen Kamera.",
        picture: "QR-Code des Links, für die Kamera eines anderen Geräts",
        issue: "Link erstellen",
        reissue: "Neuer Link",
        copy: "Link kopieren",
        revoke_hint: "Der Link funktioniert dann sofort nirgends mehr.",
        aside: "Ein Link ist noch aktiv, bis {}.",
    },
    qr: MethodWords {
        name: "QR\u{2011}Code",
        none: Saying {
            title: "WhatsApp verbinden",
            body: "Lassen Sie einen QR-Code anzeigen und scannen Sie ihn mit dem Telefon, auf dem WhatsApp ist. Legen Sie das Telefon vorher bereit.",
        },
        live: Saying {
            title: "Mit WhatsApp scannen",
            body: "Halten Sie das Telefon bereit: Der Code wechselt oft.",
        },
        steps: "Öffnen Sie WhatsApp auf dem Telefon.\n\
            Gehen Sie zu „Verknüpfte Geräte“, dann „Gerät hinzufügen“.\n\
            Richten Sie das Telefon auf diesen Code.",
        caption: "In WhatsApp unter „Verknüpfte Geräte“ scannen.",
        picture: "QR-Code für WhatsApp auf dem Telefon",
        issue: "Code anzeigen",
        reissue: "Neuer Code",
        copy: "Code kopieren",
        revoke_hint: "Er wird sofort nicht mehr angezeigt und ist innerhalb einer Minute ungültig.",
        aside: "Ein QR-Code ist noch aktiv, bis {}.",
    },
    code: MethodWords {
        name: "Kopplungscode",
        none: Saying {
            title: "WhatsApp verbinden",
            body: "Sie erhalten einen Code und tippen ihn auf dem Telefon in WhatsApp ein. Gescannt wird dabei nichts.",
        },
        live: Saying {
            title: "Diesen Code in WhatsApp eingeben",
            body: "Er gilt für das Telefon mit der angegebenen Nummer und für niemanden sonst.",
        },
        steps: "Öffnen Sie WhatsApp auf dem Telefon.\n\
            Gehen Sie zu „Verknüpfte Geräte“, dann „Gerät hinzufügen“.\n\
            Wählen Sie „Stattdessen mit Telefonnummer verknüpfen“.\n\
            Geben Sie diesen Code ein.",
        caption: "Gilt einmal, für ein Telefon.",
        picture: "Kopplungscode",
        issue: "Code anfordern",
        reissue: "Neuer Code",
        copy: "Code kopieren",
        revoke_hint: "Er wird sofort nicht mehr angezeigt. Wer ihn schon hat, kann ihn bis zum Ablauf benutzen.",
        aside: "Ein Kopplungscode ist noch aktiv, bis {}.",
    },
    token: MethodWords {
        name: "API-Token",
        none: Saying {
            title: "API-Token",
            body: "Erstellen Sie ein kurzlebiges API-Token für Ihr Backend.",
        },
        live: Saying {
            title: "Ihr API-Token ist bereit",
            body: "Kopieren Sie es dorthin, wo es gebraucht wird. Dafür muss es niemand lesen.",
        },
        steps: "Kopieren Sie das Token.\n\
            Fügen Sie es dort ein, wo Ihr Programm es erwartet.",
        caption: "Wer es hat, kann in Ihrem Namen senden.",
        picture: "API-Token",
        issue: "Token erstellen",
        reissue: "Neues Token",
        copy: "Token kopieren",
        revoke_hint: "Es wird sofort nicht mehr herausgegeben. Wer es schon hat, kann es bis zum Ablauf benutzen.",
        aside: "Ein API-Token ist noch aktiv, bis {}.",
    },
    no_method: Saying {
        title: "Hier gibt es nichts zu tun",
        body: "Dieses Konto lässt sich von dieser Seite aus nicht verbinden. Bitte fragen Sie deren Betreiber.",
    },
    aside_hint: "Was Sie hier tun, beendet das nicht.",
    switch: "Art der Verbindung",
    loading: Saying {
        title: "Einen Moment",
        body: "Der Stand der Verbindung wird abgefragt.",
    },
    issuing: Saying {
        title: "Wird erstellt",
        body: "Was es davon schon gab, wird ungültig. Das dauert ein paar Sekunden.",
    },
    issuing_long: Saying {
        title: "Der Anbieter braucht etwas länger",
        body: "Das kann eine halbe Minute dauern. Das Ergebnis erscheint hier von selbst.",
    },
    waited: "Wartezeit:",
    cancel: "Abbrechen",
    cancel_hint: "Dabei wird auch widerrufen, was vorher aktiv war.",
    cancelling: Saying {
        title: "Wird abgebrochen\u{2026}",
        body: "Was jetzt noch eintrifft, wird nicht angezeigt.",
    },
    cancelled: Saying {
        title: "Abgebrochen",
        body: "Niemandem wurde etwas angezeigt. Sie können jederzeit neu beginnen.",
    },
    checking: Saying {
        title: "Wird geprüft",
        body: "Diese Seite war eine Weile im Hintergrund. Der Code bleibt verborgen, bis feststeht, dass er noch gilt.",
    },
    revoking: Saying {
        title: "Wird widerrufen\u{2026}",
        body: "Hier ist der Code verborgen. Wir warten auf die Bestätigung, dass er ungültig ist.",
    },
    not_revoked: Saying {
        title: "Noch nicht widerrufen",
        body: "Hier ist der Code verborgen, anderswo gilt er vielleicht noch. Wir versuchen es weiter, solange diese Seite offen ist.",
    },
    expired: Saying {
        title: "Abgelaufen",
        body: "Damit lässt sich nichts mehr öffnen. Wenn Sie bereit sind, fangen Sie neu an.",
    },
    revoked_upstream: Saying {
        title: "Widerrufen",
        body: "Es funktioniert nirgends mehr. Niemand kann es noch benutzen.",
    },
    revoked_pending: Saying {
        title: "Hier widerrufen",
        body: "Von uns bekommt es niemand mehr. Der Anbieter hat es noch nicht bestätigt und wird so lange gefragt, bis er es tut.",
    },
    revoked_local_only: Saying {
        title: "Hier widerrufen",
        body: "Von uns bekommt es niemand mehr. Was jemand schon geöffnet hat, kann der Anbieter nicht zurückholen.",
    },
    revoked_elsewhere: Saying {
        title: "Widerrufen",
        body: "Das geschah auf einer anderen Seite. War es nicht gewollt, fangen Sie neu an.",
    },
    connected: Saying {
        title: "WhatsApp ist verbunden",
        body: "Alles erledigt. Sie können diese Seite schließen.",
    },
    log_out: "Abmelden",
    parting: Saying {
        title: "Dieses Telefon abmelden?",
        body: "Hier kommen dann keine Nachrichten mehr an und gehen keine mehr hinaus. Das Telefon behält seine Chats und lässt sich wieder verbinden.",
    },
    stay: "Verbunden bleiben",
    logging_out: Saying {
        title: "Wird abgemeldet\u{2026}",
        body: "Wir warten auf die Bestätigung des Anbieters.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Wird vorbereitet",
            body: "Der Anbieter startet das Konto. Hier geht es von selbst weiter.",
        },
        logged_out: Saying {
            title: "Das Telefon ist abgemeldet",
            body: "Es ist nichts mehr verknüpft. Verbinden Sie dieses oder ein anderes Telefon, wann immer Sie möchten.",
        },
        passkey_required: Saying {
            title: "WhatsApp verlangt einen Passkey",
            body: "Folgen Sie der Anzeige auf dem Telefon. Geschieht dort nichts, fangen Sie neu an.",
        },
        blocked: Saying {
            title: "WhatsApp hat dieses Konto gesperrt",
            body: "Verbinden ist erst möglich, wenn WhatsApp die Sperre aufhebt. Warum es gesperrt ist und wie Sie eine Überprüfung beantragen, steht in WhatsApp auf dem Telefon.",
        },
        failed: Saying {
            title: "Der letzte Versuch ist gescheitert",
            body: "Meist hilft es, neu anzufangen; wenn nicht, wenden Sie sich bitte an den Support.",
        },
        wrong_phone: Saying {
            title: "Ein anderes Telefon wurde verknüpft",
            body: "Seine Nummer ist nicht die, die hier erwartet wird; darum wird es wieder abgemeldet. Bitte versuchen Sie es mit dem richtigen Telefon.",
        },
    },
    number: NumberWords {
        country: "Land",
        number: "Telefonnummer dieses WhatsApp",
        missing: "Bitte geben Sie die Nummer ein.",
        faulty: "Das ist keine Telefonnummer dieses Landes. Bitte prüfen Sie sie.",
    },
    offline: Saying {
        title: "Sie sind offline",
        body: "Prüfen Sie die Netzverbindung. Sobald sie wieder da ist, geht es hier von selbst weiter.",
    },
    offline_notice: "Gerade keine Verbindung. Was Sie sehen, galt nach letztem Stand; es wird verborgen, wenn seine Zeit um ist.",
    dead_by: "Spätestens um {} ist es sicher ungültig.",
    chips: Chips {
        loading: "Wird geladen",
        none: "Nicht verbunden",
        working: "In Arbeit",
        live: "Aktiv",
        expiring: "Endet bald",
        expired: "Abgelaufen",
        revoked: "Widerrufen",
        connected: "Verbunden",
        offline: "Offline",
        error: "Problem",
    },
    expires_in: "Läuft ab in",
    renews: "Ein neuer Code erscheint von selbst",
    ends_at: "Endet um {}.",
    masked: "Verborgen",
    reveal: "Anzeigen",
    mask: "Verbergen",
    copied: "Kopiert",
    copy_refused: "Der Browser erlaubt das Kopieren nicht. Bitte markieren und kopieren Sie es von Hand.",
    link_field: "Der Link",
    too_long_to_draw: "Zu lang für einen QR-Code. Bitte benutzen Sie den Link.",
    open: "Link öffnen",
    opens_in_new_tab: "(öffnet einen neuen Tab)",
    revoke: "Widerrufen",
    check: "Jetzt prüfen",
    reference: "Kennung für den Support:",
    not_replaced: "Es wurde nichts Neues erstellt; das bisherige gilt weiter.",
    retry_in: "Neuer Versuch {}.",
    wait: "Sie können es {} erneut versuchen.",
    left: "Noch {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Keine Antwort",
            body: "Der Dienst ist nicht erreichbar. Prüfen Sie die Netzverbindung; wir versuchen es weiter.",
        },
        timed_out: Saying {
            title: "Das dauert zu lange",
            body: "Die Antwort kam nicht rechtzeitig. Bitte versuchen Sie es erneut.",
        },
        unreadable: Saying {
            title: "Etwas passt nicht zusammen",
            body: "Die Antwort war nicht zu verstehen. Versuchen Sie es erneut; bleibt es dabei, wenden Sie sich bitte an den Support.",
        },
        session_ended: Saying {
            title: "Ihre Sitzung ist beendet",
            body: "Laden Sie die Seite neu, oder melden Sie sich wieder an, wenn sie danach fragt.",
        },
        not_allowed: Saying {
            title: "Hier nicht erlaubt",
            body: "Diese Seite darf das nicht. Bitte fragen Sie deren Betreiber.",
        },
        wrong_number: Saying {
            title: "Hier wird eine andere Nummer erwartet",
            body: "Nur das Telefon mit dieser Nummer kann verbunden werden. Bitte prüfen Sie die Nummer, oder nehmen Sie das richtige Telefon.",
        },
        not_set_up: Saying {
            title: "Diese Seite ist nicht eingerichtet",
            body: "Sie darf diese Verbindung nicht benutzen, oder es gibt sie nicht mehr. Bitte wenden Sie sich an den Support.",
        },
        busy: Saying {
            title: "Zu viele Versuche auf einmal",
            body: "Bitte warten Sie ein wenig, bevor Sie es erneut versuchen.",
        },
        provider_down: Saying {
            title: "Störung beim WhatsApp-Anbieter",
            body: "Er kann gerade nicht helfen. Bitte versuchen Sie es gleich noch einmal.",
        },
        provider_refused: Saying {
            title: "Der Anbieter hat abgelehnt",
            body: "Er nennt dafür einen eigenen Grund. Bitte wenden Sie sich an den Support.",
        },
        needs_credentials: Saying {
            title: "Das Konto braucht Betreuung",
            body: "Der Anbieter nimmt die hinterlegten Zugangsdaten nicht mehr an. Bitte wenden Sie sich an den Support: Jemand muss sie erneuern.",
        },
        already_connected: Saying {
            title: "Schon verbunden",
            body: "Mit diesem Konto ist ein Telefon verknüpft. Melden Sie es zuerst ab, wenn ein anderes verknüpft werden soll.",
        },
        superseded: Saying {
            title: "Inzwischen beendet",
            body: "Jemand hat es ersetzt oder widerrufen. Bitte versuchen Sie es erneut.",
        },
        unavailable: Saying {
            title: "Bei uns ist etwas schiefgegangen",
            body: "Bitte versuchen Sie es gleich noch einmal; bleibt es dabei, wenden Sie sich an den Support.",
        },
    },
};
