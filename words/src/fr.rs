//! French. Addresses people as *vous*.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "La connexion à WhatsApp ne peut pas être affichée ici pour le moment.",
    setup: "La connexion à WhatsApp n’est pas configurée sur cette page.",
    retry: "Réessayer",
    open_hosted: "Ouvrir une autre fenêtre",
    language: "fr",
    region: "Connexion à WhatsApp",
    link: MethodWords {
        name: "Lien",
        none: Saying {
            title: "Connecter WhatsApp",
            body: "Créez un lien temporaire. Il ouvre une page avec le code QR de WhatsApp, expire de lui-même et peut être révoqué à tout moment.",
        },
        live: Saying {
            title: "Votre lien est prêt",
            body: "Il ouvre une page avec le code QR de WhatsApp. Gardez-le pour vous\u{a0}: toute personne qui l’ouvre peut connecter un téléphone.",
        },
        steps: "Ouvrez le lien sur un autre écran que celui du téléphone où se trouve WhatsApp.\n\
            Sur le téléphone, ouvrez WhatsApp et allez dans «\u{a0}Appareils connectés\u{a0}», puis «\u{a0}Connecter un appareil\u{a0}».\n\
            Dirigez le téléphone vers le code QR de la page ouverte.",
        caption: "Pour ouvrir le lien sur un autre écran, scannez ce code avec la caméra de cet appareil.",
        picture: "Code QR du lien, pour la caméra d’un autre appareil",
        issue: "Créer un lien",
        reissue: "Nouveau lien",
        copy: "Copier le lien",
        revoke_hint: "Ce lien cesse aussitôt de fonctionner, partout.",
        aside: "Un lien est encore actif, jusqu’à {}.",
    },
    qr: MethodWords {
        name: "Code QR",
        none: Saying {
            title: "Connecter WhatsApp",
            body: "Affichez un code QR et scannez-le avec le téléphone où se trouve WhatsApp. Gardez d’abord le téléphone à portée de main.",
        },
        live: Saying {
            title: "Scannez avec WhatsApp",
            body: "Tenez le téléphone prêt\u{a0}: le code change souvent.",
        },
        steps: "Ouvrez WhatsApp sur le téléphone.\n\
            Allez dans «\u{a0}Appareils connectés\u{a0}», puis «\u{a0}Connecter un appareil\u{a0}».\n\
            Dirigez le téléphone vers ce code.",
        caption: "À scanner dans WhatsApp, sous «\u{a0}Appareils connectés\u{a0}».",
        picture: "Code QR pour WhatsApp sur le téléphone",
        issue: "Afficher le code",
        reissue: "Nouveau code",
        copy: "Copier le code",
        revoke_hint: "Nous cessons aussitôt de l’afficher. Il n’est plus valable au bout d’une minute au plus.",
        aside: "Un code QR est encore actif, jusqu’à {}.",
    },
    code: MethodWords {
        name: "Code d’appairage",
        none: Saying {
            title: "Connecter WhatsApp",
            body: "Obtenez un code et saisissez-le dans WhatsApp sur le téléphone. Il n’y a rien à scanner.",
        },
        live: Saying {
            title: "Saisissez ce code dans WhatsApp",
            body: "Il est destiné au téléphone dont le numéro a été indiqué, et à personne d’autre.",
        },
        steps: "Ouvrez WhatsApp sur le téléphone.\n\
            Allez dans «\u{a0}Appareils connectés\u{a0}», puis «\u{a0}Connecter un appareil\u{a0}».\n\
            Choisissez «\u{a0}Connecter plutôt avec un numéro de téléphone\u{a0}».\n\
            Saisissez ce code.",
        caption: "Valable une seule fois, pour un seul téléphone.",
        picture: "Code d’appairage",
        issue: "Obtenir un code",
        reissue: "Obtenir un nouveau code",
        copy: "Copier le code",
        revoke_hint: "Nous cessons aussitôt de l’afficher. Toute personne qui l’a déjà peut l’utiliser jusqu’à son expiration.",
        aside: "Un code d’appairage est encore actif, jusqu’à {}.",
    },
    token: MethodWords {
        name: "Jeton d’API",
        none: Saying {
            title: "Jeton d’API",
            body: "Créez un jeton d’API de courte durée pour votre backend.",
        },
        live: Saying {
            title: "Votre jeton d’API est prêt",
            body: "Copiez-le là où il est nécessaire. Personne n’a besoin de le lire pour cela.",
        },
        steps: "Copiez le jeton.\n\
            Collez-le là où votre programme l’attend.",
        caption: "Toute personne qui l’a peut envoyer des messages en votre nom.",
        picture: "Jeton d’API",
        issue: "Créer un jeton",
        reissue: "Nouveau jeton",
        copy: "Copier le jeton",
        revoke_hint: "Nous cessons aussitôt de le fournir. Toute personne qui l’a déjà peut l’utiliser jusqu’à son expiration.",
        aside: "Un jeton d’API est encore actif, jusqu’à {}.",
    },
    no_method: Saying {
        title: "Rien n’est proposé ici",
        body: "Ce compte ne peut pas être connecté depuis cette page. Adressez-vous à la personne qui la gère.",
    },
    aside_hint: "Ce que vous faites ici n’y met pas fin.",
    switch: "Mode de connexion",
    loading: Saying {
        title: "Un instant",
        body: "Nous vérifions l’état de la connexion.",
    },
    issuing: Saying {
        title: "Création en cours",
        body: "S’il y en avait déjà un du même type, il cesse de fonctionner. Cela prend quelques secondes.",
    },
    issuing_long: Saying {
        title: "Le prestataire a besoin d’un peu plus de temps",
        body: "Cela peut prendre une demi-minute. Le résultat s’affichera ici de lui-même.",
    },
    waited: "Temps d’attente\u{a0}:",
    cancel: "Annuler",
    cancel_hint: "L’annulation révoque aussi ce qui était actif auparavant.",
    cancelling: Saying {
        title: "Annulation\u{2026}",
        body: "Ce qui arriverait encore ne sera pas affiché.",
    },
    cancelled: Saying {
        title: "Annulé",
        body: "Rien n’a été montré à personne. Vous pouvez recommencer quand vous voulez.",
    },
    checking: Saying {
        title: "Vérification",
        body: "Cette page est restée un moment en arrière-plan. Le code est masqué jusqu’à ce que nous sachions qu’il fonctionne encore.",
    },
    revoking: Saying {
        title: "Révocation\u{2026}",
        body: "Le code est masqué ici. Nous attendons la confirmation qu’il n’est plus valable.",
    },
    not_revoked: Saying {
        title: "Pas encore révoqué",
        body: "Le code est masqué ici, mais il fonctionne peut-être encore ailleurs. Nous continuons d’essayer tant que cette page est ouverte.",
    },
    expired: Saying {
        title: "Expiré",
        body: "Il n’ouvre plus rien. Créez-en un nouveau quand vous voulez.",
    },
    revoked_upstream: Saying {
        title: "Révoqué",
        body: "Il ne fonctionne plus nulle part. Plus personne ne peut l’utiliser.",
    },
    revoked_pending: Saying {
        title: "Révoqué ici",
        body: "Nous ne le fournissons plus à personne. Le prestataire WhatsApp n’a pas encore confirmé\u{a0}; nous l’interrogerons jusqu’à ce qu’il le fasse.",
    },
    revoked_local_only: Saying {
        title: "Révoqué ici",
        body: "Nous ne le fournissons plus à personne. Le prestataire ne peut pas invalider ce que quelqu’un a déjà ouvert.",
    },
    revoked_elsewhere: Saying {
        title: "Révoqué",
        body: "Il a été révoqué sur une autre page. Si ce n’était pas voulu, créez-en un nouveau.",
    },
    connected: Saying {
        title: "WhatsApp est connecté",
        body: "Tout est prêt. Vous pouvez fermer cette page.",
    },
    log_out: "Déconnecter",
    parting: Saying {
        title: "Déconnecter ce téléphone\u{a0}?",
        body: "Les messages n’arriveront plus et ne partiront plus ici. Le téléphone garde ses discussions et peut être reconnecté.",
    },
    stay: "Garder la connexion",
    logging_out: Saying {
        title: "Déconnexion\u{2026}",
        body: "Nous attendons la confirmation du prestataire.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Préparation",
            body: "Le prestataire démarre le compte. Cette page continue d’elle-même.",
        },
        logged_out: Saying {
            title: "Le téléphone est déconnecté",
            body: "Plus rien n’est connecté. Vous pouvez le reconnecter, ou en connecter un autre, quand vous voulez.",
        },
        passkey_required: Saying {
            title: "WhatsApp demande une clé d’accès (passkey)",
            body: "Suivez ce qu’affiche le téléphone. S’il ne s’y passe rien, recommencez.",
        },
        blocked: Saying {
            title: "WhatsApp a bloqué ce compte",
            body: "La connexion ne sera pas possible tant que WhatsApp n’aura pas levé le blocage. Sur le téléphone, WhatsApp indique pourquoi, et comment demander un réexamen.",
        },
        failed: Saying {
            title: "La dernière tentative a échoué",
            body: "Il suffit en général de recommencer\u{a0}; sinon, contactez le support.",
        },
        wrong_phone: Saying {
            title: "Un autre téléphone a été connecté",
            body: "Son numéro n’est pas celui qui est attendu ici\u{a0}: il est donc déconnecté. Réessayez avec le bon téléphone.",
        },
    },
    number: NumberWords {
        country: "Pays",
        number: "Numéro de téléphone de ce WhatsApp",
        missing: "Veuillez saisir le numéro.",
        faulty: "Ce n’est pas un numéro de téléphone de ce pays. Veuillez le vérifier.",
    },
    offline: Saying {
        title: "Vous êtes hors ligne",
        body: "Vérifiez le réseau. Cette page continuera d’elle-même dès son retour.",
    },
    offline_notice: "Pas de réseau pour le moment. Ce que vous voyez était valable selon les dernières informations\u{a0}; cela sera masqué une fois le délai écoulé.",
    dead_by: "À {} au plus tard, il est certain qu’il ne fonctionne plus.",
    chips: Chips {
        loading: "Chargement",
        none: "Non connecté",
        working: "En cours",
        live: "Actif",
        expiring: "Expire bientôt",
        expired: "Expiré",
        revoked: "Révoqué",
        connected: "Connecté",
        offline: "Hors ligne",
        error: "Problème",
    },
    expires_in: "Expire dans",
    renews: "Un nouveau code s’affiche de lui-même",
    ends_at: "Valable jusqu’à {}.",
    masked: "Masqué",
    reveal: "Afficher",
    mask: "Masquer",
    copied: "Copié",
    copy_refused: "Le navigateur ne permet pas de copier. Sélectionnez et copiez à la main.",
    link_field: "Le lien",
    too_long_to_draw: "Trop long pour un code QR. Utilisez le lien.",
    open: "Ouvrir le lien",
    opens_in_new_tab: "(s’ouvre dans un nouvel onglet)",
    revoke: "Révoquer",
    check: "Vérifier maintenant",
    reference: "Référence pour le support\u{a0}:",
    not_replaced: "Aucun nouveau n’a été créé\u{a0}; le précédent fonctionne encore.",
    retry_in: "Nouvel essai {}.",
    wait: "Vous pourrez réessayer {}.",
    left: "Temps restant\u{a0}: {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Pas de réponse",
            body: "Le service est injoignable. Vérifiez le réseau\u{a0}; nous continuons d’essayer.",
        },
        timed_out: Saying {
            title: "Cela prend trop de temps",
            body: "La réponse n’est pas arrivée à temps. Veuillez réessayer.",
        },
        unreadable: Saying {
            title: "Quelque chose ne va pas",
            body: "La réponse n’a pas pu être comprise. Réessayez\u{a0}; si cela persiste, contactez le support.",
        },
        session_ended: Saying {
            title: "La session de cette page est terminée",
            body: "Rechargez la page, ou identifiez-vous de nouveau si elle le demande.",
        },
        not_allowed: Saying {
            title: "Non autorisé ici",
            body: "Cette page n’en a pas le droit. Adressez-vous à la personne qui la gère.",
        },
        wrong_number: Saying {
            title: "Un autre numéro est attendu ici",
            body: "Seul le téléphone qui a ce numéro peut être connecté. Vérifiez le numéro, ou prenez le bon téléphone.",
        },
        not_set_up: Saying {
            title: "Cette page n’est pas configurée",
            body: "Elle n’est pas autorisée à utiliser cette connexion, ou la connexion n’existe plus. Veuillez contacter le support.",
        },
        busy: Saying {
            title: "Trop de tentatives à la fois",
            body: "Patientez un peu avant de réessayer.",
        },
        provider_down: Saying {
            title: "Le prestataire WhatsApp a un problème",
            body: "Il ne peut rien faire pour le moment. Veuillez réessayer dans un instant.",
        },
        provider_refused: Saying {
            title: "Le prestataire a refusé",
            body: "Il a donné une raison qui lui est propre. Veuillez contacter le support.",
        },
        needs_credentials: Saying {
            title: "Le compte demande une intervention",
            body: "Le prestataire n’accepte plus les données d’accès enregistrées. Veuillez contacter le support\u{a0}: quelqu’un doit les renouveler.",
        },
        already_connected: Saying {
            title: "Déjà connecté",
            body: "Un téléphone est connecté à ce compte. Déconnectez-le d’abord si vous voulez en connecter un autre.",
        },
        superseded: Saying {
            title: "Terminé entre-temps",
            body: "Quelqu’un l’a remplacé ou révoqué. Veuillez réessayer.",
        },
        unavailable: Saying {
            title: "Une erreur s’est produite de notre côté",
            body: "Veuillez réessayer dans un instant\u{a0}; si cela persiste, contactez le support.",
        },
    },
};
