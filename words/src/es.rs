//! Spanish. Addresses people as *usted*, in words that serve Spain and Latin America alike.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "La conexión con WhatsApp no se puede mostrar aquí en este momento.",
    setup: "La conexión con WhatsApp no está configurada en esta página.",
    retry: "Reintentar",
    open_hosted: "Abrir en ventana nueva",
    language: "es",
    region: "Conexión con WhatsApp",
    link: MethodWords {
        name: "Enlace",
        none: Saying {
            title: "Conectar WhatsApp",
            body: "Cree un enlace temporal. Abre una página con el código QR de WhatsApp, caduca por sí solo y se puede revocar en cualquier momento.",
        },
        live: Saying {
            title: "Su enlace está listo",
            body: "Abre una página con el código QR de WhatsApp. No lo comparta: quien lo abra puede conectar un teléfono.",
        },
        steps: "Abra el enlace en una pantalla que no sea la del teléfono con WhatsApp.\n\
            En el teléfono, abra WhatsApp y vaya a «Dispositivos vinculados» y luego a «Vincular un dispositivo».\n\
            Apunte con el teléfono al código QR de la página abierta.",
        caption: "Para abrir el enlace en otra pantalla, escanee este código con la cámara de ese dispositivo.",
        picture: "Código QR del enlace, para la cámara de otro dispositivo",
        issue: "Crear enlace",
        reissue: "Nuevo enlace",
        copy: "Copiar enlace",
        revoke_hint: "Este enlace deja de funcionar de inmediato, en todas partes.",
        aside: "Todavía hay un enlace activo. Válido hasta: {}.",
    },
    qr: MethodWords {
        name: "Código QR",
        none: Saying {
            title: "Conectar WhatsApp",
            body: "Muestre un código QR y escanéelo con el teléfono que tiene WhatsApp. Tenga primero el teléfono a mano.",
        },
        live: Saying {
            title: "Escanear con WhatsApp",
            body: "Tenga el teléfono preparado: el código cambia a menudo.",
        },
        steps: "Abra WhatsApp en el teléfono.\n\
            Vaya a «Dispositivos vinculados» y luego a «Vincular un dispositivo».\n\
            Apunte con el teléfono a este código.",
        caption: "Escanéelo en WhatsApp, en «Dispositivos vinculados».",
        picture: "Código QR para WhatsApp en el teléfono",
        issue: "Mostrar código",
        reissue: "Nuevo código",
        copy: "Copiar código",
        revoke_hint: "Dejamos de mostrarlo de inmediato. Pierde su validez en un minuto como máximo.",
        aside: "Todavía hay un código QR activo. Válido hasta: {}.",
    },
    code: MethodWords {
        name: "Código manual",
        none: Saying {
            title: "Conectar WhatsApp",
            body: "Obtenga un código y escríbalo en WhatsApp, en el teléfono. No hay que escanear nada.",
        },
        live: Saying {
            title: "Escriba este código en WhatsApp",
            body: "Es para el teléfono cuyo número se indicó y para nadie más.",
        },
        steps: "Abra WhatsApp en el teléfono.\n\
            Vaya a «Dispositivos vinculados» y luego a «Vincular un dispositivo».\n\
            Elija «Vincular con el número de teléfono».\n\
            Escriba este código.",
        caption: "Sirve una sola vez, para un solo teléfono.",
        picture: "Código manual de vinculación",
        issue: "Obtener código",
        reissue: "Obtener otro código",
        copy: "Copiar código",
        revoke_hint: "Dejamos de mostrarlo de inmediato. Quien ya lo tenga puede usarlo hasta que caduque.",
        aside: "Todavía hay un código manual activo. Válido hasta: {}.",
    },
    token: MethodWords {
        name: "Token de API",
        none: Saying {
            title: "Token de API",
            body: "Cree un token de API de corta duración para su backend.",
        },
        live: Saying {
            title: "Su token de API está listo",
            body: "Cópielo donde haga falta. Para eso nadie tiene que leerlo.",
        },
        steps: "Copie el token.\n\
            Péguelo donde su programa lo espera.",
        caption: "Quien lo tenga puede enviar mensajes en su nombre.",
        picture: "Token de API",
        issue: "Crear token",
        reissue: "Nuevo token",
        copy: "Copiar token",
        revoke_hint: "Dejamos de entregarlo de inmediato. Quien ya lo tenga puede usarlo hasta que caduque.",
        aside: "Todavía hay un token de API activo. Válido hasta: {}.",
    },
    no_method: Saying {
        title: "Aquí no hay nada disponible",
        body: "Esta cuenta no se puede conectar desde esta página. Consulte a quien administra la página.",
    },
    aside_hint: "Lo que haga aquí no lo desactiva.",
    switch: "Forma de conexión",
    loading: Saying {
        title: "Un momento",
        body: "Se está consultando el estado de la conexión.",
    },
    issuing: Saying {
        title: "Creando uno nuevo",
        body: "Si ya había uno del mismo tipo, deja de funcionar. Esto tarda unos segundos.",
    },
    issuing_long: Saying {
        title: "El proveedor necesita un poco más de tiempo",
        body: "Puede tardar medio minuto. El resultado aparecerá aquí por sí solo.",
    },
    waited: "Tiempo de espera:",
    cancel: "Cancelar",
    cancel_hint: "Al cancelar también se revoca lo que estaba activo antes.",
    cancelling: Saying {
        title: "Cancelando\u{2026}",
        body: "Lo que todavía llegue no se mostrará.",
    },
    cancelled: Saying {
        title: "Cancelado",
        body: "No se mostró nada a nadie. Puede volver a empezar cuando quiera.",
    },
    checking: Saying {
        title: "Verificando",
        body: "Esta página estuvo un rato en segundo plano. El código permanece oculto hasta que sepamos que todavía funciona.",
    },
    revoking: Saying {
        title: "Revocando\u{2026}",
        body: "Aquí el código está oculto. Esperamos la confirmación de que ya no es válido.",
    },
    not_revoked: Saying {
        title: "Aún no se ha revocado",
        body: "Aquí el código está oculto, pero es posible que siga funcionando en otros lugares. Seguimos intentándolo mientras esta página esté abierta.",
    },
    expired: Saying {
        title: "Ha caducado",
        body: "Ya no abre nada. Cree uno nuevo cuando quiera.",
    },
    revoked_upstream: Saying {
        title: "Revocado",
        body: "Ya no funciona en ningún lugar. Nadie puede usarlo.",
    },
    revoked_pending: Saying {
        title: "Revocado aquí",
        body: "Ya no se lo entregamos a nadie. El proveedor de WhatsApp todavía no lo ha confirmado; seguiremos preguntándole hasta que lo haga.",
    },
    revoked_local_only: Saying {
        title: "Revocado aquí",
        body: "Ya no se lo entregamos a nadie. El proveedor no puede invalidar lo que alguien ya ha abierto.",
    },
    revoked_elsewhere: Saying {
        title: "Revocado",
        body: "Se revocó en otra página. Si no era la intención, cree uno nuevo.",
    },
    connected: Saying {
        title: "WhatsApp está conectado",
        body: "Todo listo. Puede cerrar esta página.",
    },
    log_out: "Desvincular",
    parting: Saying {
        title: "¿Desvincular este teléfono?",
        body: "Aquí dejarán de llegar y de enviarse mensajes. El teléfono conserva sus chats y se puede volver a conectar.",
    },
    stay: "Mantener la conexión",
    logging_out: Saying {
        title: "Desvinculando\u{2026}",
        body: "Esperamos la confirmación del proveedor.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Preparando",
            body: "El proveedor está iniciando la cuenta. Esta página continuará por sí sola.",
        },
        logged_out: Saying {
            title: "El teléfono está desvinculado",
            body: "Ya no hay nada vinculado. Puede volver a conectar este teléfono, u otro, cuando quiera.",
        },
        passkey_required: Saying {
            title: "WhatsApp pide una llave de acceso (passkey)",
            body: "Siga las indicaciones del teléfono. Si allí no ocurre nada, empiece de nuevo.",
        },
        blocked: Saying {
            title: "WhatsApp ha bloqueado esta cuenta",
            body: "No será posible conectarla hasta que WhatsApp levante el bloqueo. WhatsApp indica en el teléfono el motivo y cómo solicitar una revisión.",
        },
        failed: Saying {
            title: "El último intento falló",
            body: "Empezar de nuevo suele ayudar; si no es así, avise a soporte.",
        },
        wrong_phone: Saying {
            title: "Se vinculó otro teléfono",
            body: "Su número no es el que se espera aquí, así que se desvincula de nuevo. Inténtelo con el teléfono correcto.",
        },
    },
    number: NumberWords {
        country: "País",
        number: "Número de teléfono de este WhatsApp",
        missing: "Escriba el número.",
        faulty: "No es un número de teléfono de ese país. Verifíquelo.",
    },
    offline: Saying {
        title: "Sin conexión a internet",
        body: "Verifique la red. Esta página continuará por sí sola cuando vuelva la conexión.",
    },
    offline_notice: "Ahora no hay conexión a internet. Lo que ve era válido según los últimos datos; se ocultará cuando se acabe su tiempo.",
    dead_by: "Hora a partir de la cual es seguro que ya no funciona: {}.",
    chips: Chips {
        loading: "Cargando",
        none: "No conectado",
        working: "En curso",
        live: "Activo",
        expiring: "Caduca pronto",
        expired: "Caducado",
        revoked: "Revocado",
        connected: "Conectado",
        offline: "Sin internet",
        error: "Problema",
    },
    expires_in: "Caduca en",
    renews: "Aparecerá otro código por sí solo",
    ends_at: "Válido hasta: {}.",
    masked: "Oculto",
    reveal: "Mostrar",
    mask: "Ocultar",
    copied: "Copiado",
    copy_refused: "El navegador no permite copiar. Selecciónelo y cópielo a mano.",
    link_field: "El enlace",
    too_long_to_draw: "Demasiado largo para un código QR. Use el enlace.",
    open: "Abrir enlace",
    opens_in_new_tab: "(se abre en una pestaña nueva)",
    revoke: "Revocar",
    check: "Verificar ahora",
    reference: "Referencia para soporte:",
    not_replaced: "No se creó uno nuevo; el anterior sigue funcionando.",
    retry_in: "Nuevo intento {}.",
    wait: "Podrá volver a intentarlo {}.",
    left: "Tiempo restante: {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Sin respuesta",
            body: "No se puede acceder al servicio. Verifique la red; seguimos intentándolo.",
        },
        timed_out: Saying {
            title: "Tarda demasiado",
            body: "La respuesta no llegó a tiempo. Inténtelo de nuevo.",
        },
        unreadable: Saying {
            title: "Algo no cuadra",
            body: "No se pudo entender la respuesta. Inténtelo de nuevo; si se repite, avise a soporte.",
        },
        session_ended: Saying {
            title: "La sesión de esta página ha terminado",
            body: "Vuelva a cargar la página o inicie sesión de nuevo si se le pide.",
        },
        not_allowed: Saying {
            title: "No permitido aquí",
            body: "Esta página no puede hacer eso. Consulte a quien la administra.",
        },
        wrong_number: Saying {
            title: "Aquí se espera otro número",
            body: "Solo se puede conectar el teléfono con ese número. Revise el número o use el teléfono correcto.",
        },
        not_set_up: Saying {
            title: "Esta página no está configurada",
            body: "La página no tiene permiso para usar esta conexión, o la conexión ya no existe. Avise a soporte.",
        },
        busy: Saying {
            title: "Demasiados intentos a la vez",
            body: "Espere un poco antes de volver a intentarlo.",
        },
        provider_down: Saying {
            title: "El proveedor de WhatsApp tiene un problema",
            body: "Ahora mismo no puede ayudar. Inténtelo de nuevo en un momento.",
        },
        provider_refused: Saying {
            title: "El proveedor lo ha rechazado",
            body: "Ha indicado un motivo propio. Avise a soporte.",
        },
        needs_credentials: Saying {
            title: "La cuenta requiere atención",
            body: "El proveedor ya no acepta los datos de acceso guardados. Avise a soporte: alguien debe renovarlos.",
        },
        already_connected: Saying {
            title: "Ya está conectado",
            body: "Hay un teléfono vinculado a esta cuenta. Desvincúlelo primero si quiere vincular otro.",
        },
        superseded: Saying {
            title: "Terminó mientras tanto",
            body: "Alguien lo sustituyó o lo revocó. Inténtelo de nuevo.",
        },
        unavailable: Saying {
            title: "Algo ha fallado por nuestra parte",
            body: "Inténtelo de nuevo en un momento; si se repite, avise a soporte.",
        },
    },
};
