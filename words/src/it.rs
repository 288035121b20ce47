//! Italian. Addresses people as *tu*, as WhatsApp and most pages of businesses do.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "Al momento il collegamento a WhatsApp non può essere mostrato qui.",
    setup: "Il collegamento a WhatsApp non è configurato su questa pagina.",
    retry: "Riprova",
    open_hosted: "Apri in nuova finestra",
    language: "it",
    region: "Collegamento a WhatsApp",
    link: MethodWords {
        name: "Link",
        none: Saying {
            title: "Collega WhatsApp",
            body: "Crea un link temporaneo. Apre una pagina con il codice QR di WhatsApp, scade da solo e può essere revocato in qualsiasi momento.",
        },
        live: Saying {
            title: "Il tuo link è pronto",
            body: "Apre una pagina con il codice QR di WhatsApp. Non condividerlo: chi lo apre può collegare un telefono.",
        },
        steps: "Apri il link su uno schermo diverso da quello del telefono con WhatsApp.\n\
            Sul telefono, apri WhatsApp e vai in «Dispositivi collegati», poi in «Collega un dispositivo».\n\
            Inquadra con il telefono il codice QR della pagina aperta.",
        caption: "Per aprire il link su un altro schermo, scansiona questo codice con la fotocamera di quel dispositivo.",
        picture: "Codice QR del link, per la fotocamera di un altro dispositivo",
        issue: "Crea link",
        reissue: "Nuovo link",
        copy: "Copia link",
        revoke_hint: "Questo link smette subito di funzionare, ovunque.",
        aside: "Un link è ancora attivo, fino alle {}.",
    },
    qr: MethodWords {
        name: "Codice QR",
        none: Saying {
            title: "Collega WhatsApp",
            body: "Mostra un codice QR e scansionalo con il telefono su cui è installato WhatsApp. Tieni prima il telefono a portata di mano.",
        },
        live: Saying {
            title: "Scansiona con WhatsApp",
            body: "Tieni pronto il telefono: il codice cambia spesso.",
        },
        steps: "Apri WhatsApp sul telefono.\n\
            Vai in «Dispositivi collegati», poi in «Collega un dispositivo».\n\
            Inquadra questo codice con il telefono.",
        caption: "Scansionalo in WhatsApp, in «Dispositivi collegati».",
        picture: "Codice QR per WhatsApp sul telefono",
        issue: "Mostra codice",
        reissue: "Nuovo codice",
        copy: "Copia codice",
        revoke_hint: "Smettiamo subito di mostrarlo. Entro un minuto non è più valido.",
        aside: "Un codice QR è ancora attivo, fino alle {}.",
    },
    code: MethodWords {
        name: "Codice manuale",
        none: Saying {
            title: "Collega WhatsApp",
            body: "Richiedi un codice e inseriscilo in WhatsApp sul telefono. Non c’è nulla da scansionare.",
        },
        live: Saying {
            title: "Inserisci questo codice in WhatsApp",
            body: "È per il telefono di cui è stato indicato il numero e per nessun altro.",
        },
        steps: "Apri WhatsApp sul telefono.\n\
            Vai in «Dispositivi collegati», poi in «Collega un dispositivo».\n\
            Scegli «In alternativa, collega con il numero di telefono».\n\
            Inserisci questo codice.",
        caption: "Vale una sola volta, per un solo telefono.",
        picture: "Codice manuale di collegamento",
        issue: "Richiedi codice",
        reissue: "Richiedi nuovo codice",
        copy: "Copia codice",
        revoke_hint: "Smettiamo subito di mostrarlo. Chi lo ha già può usarlo fino alla scadenza.",
        aside: "Un codice manuale è ancora attivo, fino alle {}.",
    },
    token: MethodWords {
        name: "Token API",
        none: Saying {
            title: "Token API",
            body: "Crea un token API di breve durata per il tuo backend.",
        },
        live: Saying {
            title: "Il tuo token API è pronto",
            body: "Copialo dove serve. Per farlo non occorre che qualcuno lo legga.",
        },
        steps: "Copia il token.\n\
            Incollalo dove il tuo programma lo richiede.",
        caption: "Chi lo ha può inviare messaggi a tuo nome.",
        picture: "Token API",
        issue: "Crea token",
        reissue: "Nuovo token",
        copy: "Copia token",
        revoke_hint: "Smettiamo subito di fornirlo. Chi lo ha già può usarlo fino alla scadenza.",
        aside: "Un token API è ancora attivo, fino alle {}.",
    },
    no_method: Saying {
        title: "Qui non c’è nulla di disponibile",
        body: "Questo account non può essere collegato da questa pagina. Rivolgiti a chi la gestisce.",
    },
    aside_hint: "Quello che fai qui non lo disattiva.",
    switch: "Modalità di collegamento",
    loading: Saying {
        title: "Un momento",
        body: "Stiamo verificando lo stato del collegamento.",
    },
    issuing: Saying {
        title: "Creazione in corso",
        body: "Se ne esisteva già uno dello stesso tipo, smette di funzionare. Ci vogliono alcuni secondi.",
    },
    issuing_long: Saying {
        title: "Il fornitore ha bisogno di un po’ più di tempo",
        body: "Può volerci mezzo minuto. Il risultato apparirà qui da solo.",
    },
    waited: "Tempo di attesa:",
    cancel: "Annulla",
    cancel_hint: "Se annulli, viene revocato anche ciò che era attivo prima.",
    cancelling: Saying {
        title: "Annullamento\u{2026}",
        body: "Ciò che arriva ancora non verrà mostrato.",
    },
    cancelled: Saying {
        title: "Annullato",
        body: "Non è stato mostrato nulla a nessuno. Puoi ricominciare quando vuoi.",
    },
    checking: Saying {
        title: "Verifica in corso",
        body: "Questa pagina è rimasta per un po’ in secondo piano. Il codice resta nascosto finché non sappiamo che funziona ancora.",
    },
    revoking: Saying {
        title: "Revoca in corso\u{2026}",
        body: "Qui il codice è nascosto. Attendiamo la conferma che non è più valido.",
    },
    not_revoked: Saying {
        title: "Non ancora revocato",
        body: "Qui il codice è nascosto, ma altrove potrebbe funzionare ancora. Continuiamo a provare finché questa pagina è aperta.",
    },
    expired: Saying {
        title: "Scaduto",
        body: "Non apre più nulla. Creane uno nuovo quando vuoi.",
    },
    revoked_upstream: Saying {
        title: "Revocato",
        body: "Non funziona più da nessuna parte. Nessuno può più usarlo.",
    },
    revoked_pending: Saying {
        title: "Revocato qui",
        body: "Non lo forniamo più a nessuno. Il fornitore di WhatsApp non ha ancora confermato; continuiamo a chiederglielo finché non lo fa.",
    },
    revoked_local_only: Saying {
        title: "Revocato qui",
        body: "Non lo forniamo più a nessuno. Il fornitore non può invalidare ciò che qualcuno ha già aperto.",
    },
    revoked_elsewhere: Saying {
        title: "Revocato",
        body: "È stato revocato su un’altra pagina. Se non era voluto, creane uno nuovo.",
    },
    connected: Saying {
        title: "WhatsApp è collegato",
        body: "Tutto fatto. Puoi chiudere questa pagina.",
    },
    log_out: "Scollega",
    parting: Saying {
        title: "Scollegare questo telefono?",
        body: "Qui non arriveranno e non partiranno più messaggi. Il telefono conserva le sue chat e può essere collegato di nuovo.",
    },
    stay: "Mantieni collegato",
    logging_out: Saying {
        title: "Scollegamento\u{2026}",
        body: "Attendiamo la conferma del fornitore.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Preparazione in corso",
            body: "Il fornitore sta avviando l’account. Questa pagina prosegue da sola.",
        },
        logged_out: Saying {
            title: "Il telefono è scollegato",
            body: "Non c’è più nulla di collegato. Puoi collegarlo di nuovo, o collegarne un altro, quando vuoi.",
        },
        passkey_required: Saying {
            title: "WhatsApp richiede una passkey",
            body: "Segui le indicazioni sul telefono. Se lì non succede nulla, ricomincia.",
        },
        blocked: Saying {
            title: "WhatsApp ha bloccato questo account",
            body: "Non sarà possibile collegarlo finché WhatsApp non rimuove il blocco. Sul telefono, WhatsApp indica il motivo e come richiedere una revisione.",
        },
        failed: Saying {
            title: "L’ultimo tentativo non è riuscito",
            body: "Di solito basta ricominciare; altrimenti contatta l’assistenza.",
        },
        wrong_phone: Saying {
            title: "È stato collegato un altro telefono",
            body: "Il suo numero non è quello previsto qui, quindi viene scollegato. Riprova con il telefono giusto.",
        },
    },
    number: NumberWords {
        country: "Paese",
        number: "Numero di telefono di questo WhatsApp",
        missing: "Inserisci il numero.",
        faulty: "Non è un numero di telefono di quel Paese. Controllalo.",
    },
    offline: Saying {
        title: "Sei offline",
        body: "Controlla la rete. Questa pagina proseguirà da sola quando la connessione torna.",
    },
    offline_notice: "Al momento non c’è connessione. Quello che vedi era valido secondo le ultime informazioni; verrà nascosto allo scadere del tempo.",
    dead_by: "Entro le {} smette di funzionare con certezza.",
    chips: Chips {
        loading: "Caricamento",
        none: "Non collegato",
        working: "In corso",
        live: "Attivo",
        expiring: "Sta per scadere",
        expired: "Scaduto",
        revoked: "Revocato",
        connected: "Collegato",
        offline: "Offline",
        error: "Problema",
    },
    expires_in: "Scade tra",
    renews: "Un nuovo codice appare da solo",
    ends_at: "Scade alle {}.",
    masked: "Nascosto",
    reveal: "Mostra",
    mask: "Nascondi",
    copied: "Copiato",
    copy_refused: "Il browser non consente di copiare. Selezionalo e copialo a mano.",
    link_field: "Il link",
    too_long_to_draw: "Troppo lungo per un codice QR. Usa il link.",
    open: "Apri link",
    opens_in_new_tab: "(si apre in una nuova scheda)",
    revoke: "Revoca",
    check: "Verifica ora",
    reference: "Riferimento per l’assistenza:",
    not_replaced: "Non ne è stato creato uno nuovo; quello precedente funziona ancora.",
    retry_in: "Nuovo tentativo {}.",
    wait: "Potrai riprovare {}.",
    left: "Tempo rimanente: {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Nessuna risposta",
            body: "Il servizio non è raggiungibile. Controlla la rete; continuiamo a provare.",
        },
        timed_out: Saying {
            title: "Ci vuole troppo tempo",
            body: "La risposta non è arrivata in tempo. Riprova.",
        },
        unreadable: Saying {
            title: "Qualcosa non torna",
            body: "Non è stato possibile interpretare la risposta. Riprova; se si ripete, contatta l’assistenza.",
        },
        session_ended: Saying {
            title: "La sessione di questa pagina è terminata",
            body: "Ricarica la pagina o accedi di nuovo, se te lo chiede.",
        },
        not_allowed: Saying {
            title: "Non consentito qui",
            body: "Questa pagina non può farlo. Rivolgiti a chi la gestisce.",
        },
        wrong_number: Saying {
            title: "Qui è previsto un altro numero",
            body: "Si può collegare solo il telefono con quel numero. Controlla il numero, o usa il telefono giusto.",
        },
        not_set_up: Saying {
            title: "Questa pagina non è configurata",
            body: "Non è autorizzata a usare questo collegamento, oppure il collegamento non esiste più. Contatta l’assistenza.",
        },
        busy: Saying {
            title: "Troppi tentativi insieme",
            body: "Attendi un po’ prima di riprovare.",
        },
        provider_down: Saying {
            title: "Il fornitore di WhatsApp ha un problema",
            body: "Al momento non può essere d’aiuto. Riprova tra poco.",
        },
        provider_refused: Saying {
            title: "Il fornitore ha rifiutato",
            body: "Ha indicato una propria motivazione. Contatta l’assistenza.",
        },
        needs_credentials: Saying {
            title: "L’account richiede un intervento",
            body: "Il fornitore non accetta più i dati di accesso salvati. Contatta l’assistenza: qualcuno deve rinnovarli.",
        },
        already_connected: Saying {
            title: "Già collegato",
            body: "A questo account è collegato un telefono. Scollegalo prima, se vuoi collegarne un altro.",
        },
        superseded: Saying {
            title: "Terminato nel frattempo",
            body: "Qualcuno lo ha sostituito o revocato. Riprova.",
        },
        unavailable: Saying {
            title: "Qualcosa non ha funzionato da parte nostra",
            body: "Riprova tra poco; se si ripete, contatta l’assistenza.",
        },
    },
};
