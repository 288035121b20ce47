//! French.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "fr",
    direction: "ltr",
    title: "Connecter WhatsApp",
    consent: Consent {
        title: "Connecter votre WhatsApp\u{a0}?",
        who: "Qui le demande",
        purpose: "Pour",
        through: "Via",
        grants: "Ce que cela permet",
        granted: "{label} pourra lire et envoyer des messages WhatsApp depuis le compte que vous connectez.",
        until: "Jusqu’à quand",
        page_until: "Cette page cessera de fonctionner dans {time}.",
        grant_until: "Ce que vous connectez reste connecté jusqu’à ce que vous le retiriez\u{a0}: dans WhatsApp, sous «\u{a0}Appareils connectés\u{a0}».",
        caution: "Continuez seulement si vous avez demandé cela et si vous savez qui vous l’a envoyé.",
        go_on: "Continuer",
        refuse: "Je n’ai pas demandé cela",
    },
    connect: Connect {
        number: "Numéro de téléphone",
        number_hint: "Celui du téléphone où se trouve WhatsApp, avec l’indicatif du pays, par exemple +33 6 12 34 56 78.",
        number_faulty: "Ce n’est pas un numéro de téléphone que nous puissions utiliser. Commencez par + et l’indicatif du pays.",
        refresh: "Actualiser maintenant",
        refreshes: "Cette page s’actualise d’elle-même toutes les {seconds} secondes\u{a0}; le temps affiché est celui de la dernière actualisation.",
        page_until: "Cette page cessera de fonctionner dans {time}.",
        not_me: "Ce n’était pas moi",
        not_me_hint: "Met fin au lien et à tout ce qu’il a affiché, pour tout le monde.",
    },
    no_phone: Notice {
        title: "Rien à connecter ici",
        body: &[
            "{label} fonctionne sans téléphone connecté\u{a0}: il n’y a ni code à scanner ni numéro à saisir.",
            "Vous pouvez fermer cette page. Si vous attendiez autre chose, adressez-vous à la personne qui vous a envoyé le lien.",
        ],
    },
    closed: Notice {
        title: "Fermé",
        body: &[
            "Le lien ne fonctionne plus, pour personne, et ce qu’il a affiché est révoqué.",
            "Si quelqu’un a insisté pour que vous l’ouvriez, ne lui répondez pas. Regardez dans WhatsApp, sous «\u{a0}Appareils connectés\u{a0}», et déconnectez tous les appareils que vous ne connaissez pas.",
        ],
    },
    ended: Notice {
        title: "Ce lien n’est plus valable",
        body: &[
            "Il a été remplacé ou révoqué, ou son délai est écoulé. Demandez-en un nouveau à la personne qui l’a envoyé.",
        ],
    },
    too_many: Notice {
        title: "Déjà ouvert ailleurs",
        body: &[
            "Ce lien a déjà été ouvert dans le nombre de navigateurs autorisé. Revenez là où vous l’avez ouvert en premier, ou demandez-en un nouveau à la personne qui l’a envoyé.",
            "Si ce n’était pas vous, demandez à cette personne de le révoquer.",
        ],
    },
    unknown: Notice {
        title: "Rien ici",
        body: &[
            "Vérifiez que le lien a été copié en entier, ou demandez-en un nouveau à la personne qui l’a envoyé.",
        ],
    },
    foreign: Notice {
        title: "Pas depuis une autre page",
        body: &[
            "Ouvrez le lien lui-même et utilisez les boutons qui s’y trouvent. Si c’est ce que vous avez fait, ce navigateur est peut-être trop ancien\u{a0}: essayez-en un autre.",
        ],
    },
    failed: Notice {
        title: "Une erreur s’est produite de notre côté",
        body: &[
            "Rien de ce que vous pouviez voir n’a été modifié. Veuillez revenir en arrière et réessayer dans un instant.",
        ],
    },
    reference: "Référence pour le support\u{a0}: {reference}",
    a_minute: "environ une minute",
    minutes: "{minutes} min",
};
