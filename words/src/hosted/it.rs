//! Italian.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "it",
    direction: "ltr",
    title: "Collega WhatsApp",
    consent: Consent {
        title: "Collegare il tuo WhatsApp?",
        who: "Chi lo chiede",
        purpose: "Per",
        through: "Tramite",
        grants: "Che cosa consente",
        granted: "{label} potrà leggere e inviare messaggi WhatsApp dall’account che colleghi.",
        until: "Fino a quando",
        page_until: "Questa pagina smette di funzionare tra {time}.",
        grant_until: "Ciò che colleghi resta collegato finché non lo rimuovi: in WhatsApp, in «Dispositivi collegati».",
        caution: "Continua solo se l’hai chiesto tu e sai chi te l’ha inviato.",
        go_on: "Continua",
        refuse: "Non l’ho chiesto io",
    },
    connect: Connect {
        number: "Numero di telefono",
        number_hint: "Quello del telefono su cui è installato WhatsApp, con il prefisso internazionale, ad esempio +39 312 345 6789.",
        number_faulty: "Non è un numero di telefono che possiamo usare. Inizia con + e il prefisso internazionale.",
        refresh: "Aggiorna ora",
        refreshes: "Questa pagina si aggiorna da sola ogni {seconds} secondi; il tempo mostrato è quello dell’ultimo aggiornamento.",
        page_until: "Questa pagina smette di funzionare tra {time}.",
        not_me: "Non ero io",
        not_me_hint: "Mette fine al link e a tutto ciò che ha mostrato, per tutti.",
    },
    no_phone: Notice {
        title: "Qui non c’è nulla da collegare",
        body: &[
            "{label} funziona senza un telefono collegato: non c’è un codice da scansionare né un numero da inserire.",
            "Puoi chiudere questa pagina. Se ti aspettavi altro, rivolgiti a chi ti ha inviato il link.",
        ],
    },
    closed: Notice {
        title: "Chiuso",
        body: &[
            "Il link non funziona più, per nessuno, e ciò che ha mostrato è revocato.",
            "Se qualcuno ha insistito perché lo aprissi, non rispondere a quella persona. Controlla in WhatsApp, in «Dispositivi collegati», e scollega tutti i dispositivi che non conosci.",
        ],
    },
    ended: Notice {
        title: "Questo link non è più valido",
        body: &[
            "È stato sostituito o revocato, oppure il suo tempo è scaduto. Chiedine uno nuovo a chi lo ha inviato.",
        ],
    },
    too_many: Notice {
        title: "Già aperto altrove",
        body: &[
            "Questo link è già stato aperto nel numero massimo di browser consentito. Torna dove lo hai aperto la prima volta o chiedine uno nuovo a chi lo ha inviato.",
            "Se non eri tu, chiedi a chi lo ha inviato di revocarlo.",
        ],
    },
    unknown: Notice {
        title: "Qui non c’è nulla",
        body: &[
            "Controlla che il link sia stato copiato per intero o chiedine uno nuovo a chi lo ha inviato.",
        ],
    },
    foreign: Notice {
        title: "Non da un’altra pagina",
        body: &[
            "Apri direttamente il link e usa i pulsanti che trovi lì. Se lo hai fatto, forse questo browser è troppo vecchio: provane un altro.",
        ],
    },
    failed: Notice {
        title: "Qualcosa non ha funzionato da parte nostra",
        body: &[
            "Non è stato modificato nulla che tu potessi vedere. Torna indietro e riprova tra poco.",
        ],
    },
    reference: "Riferimento per l’assistenza: {reference}",
    a_minute: "circa un minuto",
    minutes: "{minutes} min",
};
