//! German.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "de",
    direction: "ltr",
    title: "WhatsApp verbinden",
    consent: Consent {
        title: "Ihr WhatsApp verbinden?",
        who: "Anfrage von",
        purpose: "Für",
        through: "Über",
        grants: "Was das erlaubt",
        granted: "{label} kann dann über das Konto, das Sie verbinden, WhatsApp-Nachrichten lesen und senden.",
        until: "Wie lange",
        page_until: "Diese Seite funktioniert noch {time}.",
        grant_until: "Was Sie verbinden, bleibt verbunden, bis Sie es entfernen: in WhatsApp unter „Verknüpfte Geräte“.",
        caution: "Fahren Sie nur fort, wenn Sie das angefordert haben und wissen, wer es Ihnen geschickt hat.",
        go_on: "Fortfahren",
        refuse: "Das habe ich nicht angefordert",
    },
    connect: Connect {
        number: "Telefonnummer",
        number_hint: "Die des Telefons, auf dem WhatsApp ist, mit Ländervorwahl, zum Beispiel +49 1512 3456789.",
        number_faulty: "Diese Telefonnummer können wir nicht verwenden. Beginnen Sie mit + und der Ländervorwahl.",
        refresh: "Jetzt aktualisieren",
        refreshes: "Diese Seite aktualisiert sich alle {seconds} Sekunden von selbst; die angezeigte Zeit hat den Stand der letzten Aktualisierung.",
        page_until: "Diese Seite funktioniert noch {time}.",
        not_me: "Das war ich nicht",
        not_me_hint: "Beendet den Link und alles, was er gezeigt hat, für alle.",
    },
    no_phone: Notice {
        title: "Hier gibt es nichts zu verbinden",
        body: &[
            "{label} funktioniert ohne verknüpftes Telefon: Es gibt keinen Code zu scannen und keine Nummer einzugeben.",
            "Sie können diese Seite schließen. Wenn Sie etwas anderes erwartet haben, fragen Sie die Person, die Ihnen den Link geschickt hat.",
        ],
    },
    closed: Notice {
        title: "Geschlossen",
        body: &[
            "Der Link funktioniert für niemanden mehr, und was er gezeigt hat, ist widerrufen.",
            "Wenn jemand Sie gedrängt hat, ihn zu öffnen, antworten Sie dieser Person nicht. Sehen Sie in WhatsApp unter „Verknüpfte Geräte“ nach, und melden Sie jedes Gerät ab, das Sie nicht kennen.",
        ],
    },
    ended: Notice {
        title: "Dieser Link gilt nicht mehr",
        body: &[
            "Er wurde ersetzt oder widerrufen, oder seine Zeit ist um. Bitten Sie die Person, die ihn geschickt hat, um einen neuen.",
        ],
    },
    too_many: Notice {
        title: "Schon anderswo geöffnet",
        body: &[
            "Dieser Link wurde schon in der erlaubten Zahl von Browsern geöffnet. Gehen Sie dorthin zurück, wo Sie ihn zuerst geöffnet haben, oder bitten Sie die Person, die ihn geschickt hat, um einen neuen.",
            "Wenn Sie das nicht waren, bitten Sie diese Person, ihn zu widerrufen.",
        ],
    },
    unknown: Notice {
        title: "Hier ist nichts",
        body: &[
            "Prüfen Sie, ob der ganze Link kopiert wurde, oder bitten Sie die Person, die ihn geschickt hat, um einen neuen.",
        ],
    },
    foreign: Notice {
        title: "Nicht von einer anderen Seite aus",
        body: &[
            "Öffnen Sie direkt den Link und benutzen Sie die Schaltflächen dort. Wenn Sie das getan haben, ist dieser Browser vielleicht zu alt: Versuchen Sie es mit einem anderen.",
        ],
    },
    failed: Notice {
        title: "Bei uns ist etwas schiefgegangen",
        body: &[
            "Es wurde nichts geändert, was Sie sehen könnten. Bitte gehen Sie zurück und versuchen Sie es gleich noch einmal.",
        ],
    },
    reference: "Kennung für den Support: {reference}",
    a_minute: "etwa eine Minute",
    minutes: "{minutes} min",
};
