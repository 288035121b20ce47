//! Spanish.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "es",
    direction: "ltr",
    title: "Conectar WhatsApp",
    consent: Consent {
        title: "¿Conectar su WhatsApp?",
        who: "Quién lo pide",
        purpose: "Para",
        through: "A través de",
        grants: "Qué permite",
        granted: "{label} podrá leer y enviar mensajes de WhatsApp desde la cuenta que usted conecte.",
        until: "Hasta cuándo",
        page_until: "Esta página dejará de funcionar dentro de {time}.",
        grant_until: "Lo que conecte seguirá conectado hasta que usted lo elimine: en WhatsApp, en «Dispositivos vinculados».",
        caution: "Continúe solo si usted pidió esto y sabe quién se lo envió.",
        go_on: "Continuar",
        refuse: "Yo no pedí esto",
    },
    connect: Connect {
        number: "Número de teléfono",
        number_hint: "El del teléfono que tiene WhatsApp, con el código de país, por ejemplo, +34 612 34 56 78.",
        number_faulty: "Este no es un número de teléfono que podamos usar. Empiece con + y el código de país.",
        refresh: "Actualizar ahora",
        refreshes: "Esta página se actualiza por sí sola cada {seconds} segundos; el tiempo que se muestra corresponde a la última actualización.",
        page_until: "Esta página dejará de funcionar dentro de {time}.",
        not_me: "No fui yo",
        not_me_hint: "Pone fin al enlace y a todo lo que ha mostrado, para todos.",
    },
    no_phone: Notice {
        title: "Aquí no hay nada que conectar",
        body: &[
            "{label} funciona sin un teléfono vinculado: no hay ningún código que escanear ni ningún número que escribir.",
            "Puede cerrar esta página. Si esperaba otra cosa, consulte a quien le envió el enlace.",
        ],
    },
    closed: Notice {
        title: "Cerrado",
        body: &[
            "El enlace ya no funciona, para nadie, y lo que ha mostrado está revocado.",
            "Si alguien insistió en que lo abriera, no le responda. Mire en WhatsApp, en «Dispositivos vinculados», y desvincule todos los dispositivos que no conozca.",
        ],
    },
    ended: Notice {
        title: "Este enlace ya no es válido",
        body: &["Se sustituyó o se revocó, o se acabó su tiempo. Pida uno nuevo a quien lo envió."],
    },
    too_many: Notice {
        title: "Ya se abrió en otro lugar",
        body: &[
            "Este enlace ya se abrió en tantos navegadores como se permite. Vuelva a donde lo abrió primero o pida uno nuevo a quien lo envió.",
            "Si no fue usted, pida a esa persona que lo revoque.",
        ],
    },
    unknown: Notice {
        title: "Aquí no hay nada",
        body: &[
            "Verifique que se haya copiado el enlace completo o pida uno nuevo a quien lo envió.",
        ],
    },
    foreign: Notice {
        title: "No desde otra página",
        body: &[
            "Abra directamente el enlace y use los botones que hay allí. Si ya lo hizo así, es posible que este navegador sea demasiado antiguo: pruebe con otro.",
        ],
    },
    failed: Notice {
        title: "Algo ha fallado por nuestra parte",
        body: &[
            "No se cambió nada que usted pudiera ver. Vuelva atrás e inténtelo de nuevo en un momento.",
        ],
    },
    reference: "Referencia para soporte: {reference}",
    a_minute: "aproximadamente un minuto",
    minutes: "{minutes} min",
};
