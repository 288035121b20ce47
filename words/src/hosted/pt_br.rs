//! Portuguese of Brazil.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "pt-BR",
    direction: "ltr",
    title: "Conectar o WhatsApp",
    consent: Consent {
        title: "Conectar seu WhatsApp?",
        who: "Quem pede",
        purpose: "Para",
        through: "Por meio de",
        grants: "O que isso permite",
        granted: "{label} poderá ler e enviar mensagens de WhatsApp pela conta que você conectar.",
        until: "Até quando",
        page_until: "Esta página deixa de funcionar em {time}.",
        grant_until: "O que você conectar continua conectado até que você o remova: no WhatsApp, em “Dispositivos conectados”.",
        caution: "Continue somente se você pediu isso e sabe quem o enviou a você.",
        go_on: "Continuar",
        refuse: "Eu não pedi isso",
    },
    connect: Connect {
        number: "Número de telefone",
        number_hint: "O do celular que tem o WhatsApp, com o código do país, por exemplo, +55 11 96123-4567.",
        number_faulty: "Este não é um número de telefone que possamos usar. Comece com + e o código do país.",
        refresh: "Atualizar agora",
        refreshes: "Esta página se atualiza sozinha a cada {seconds} segundos; o tempo mostrado é o da última atualização.",
        page_until: "Esta página deixa de funcionar em {time}.",
        not_me: "Não fui eu",
        not_me_hint: "Encerra o link e tudo o que ele mostrou, para todos.",
    },
    no_phone: Notice {
        title: "Nada para conectar aqui",
        body: &[
            "{label} funciona sem um celular conectado: não há código para escanear nem número para digitar.",
            "Você pode fechar esta página. Se esperava outra coisa, fale com quem enviou o link a você.",
        ],
    },
    closed: Notice {
        title: "Encerrado",
        body: &[
            "O link não funciona mais, para ninguém, e o que ele mostrou está revogado.",
            "Se alguém insistiu para que você o abrisse, não responda a essa pessoa. Olhe no WhatsApp, em “Dispositivos conectados”, e desconecte todos os dispositivos que você não conhece.",
        ],
    },
    ended: Notice {
        title: "Este link não é mais válido",
        body: &[
            "Ele foi substituído ou revogado, ou o tempo dele acabou. Peça um novo a quem o enviou.",
        ],
    },
    too_many: Notice {
        title: "Já aberto em outro lugar",
        body: &[
            "Este link já foi aberto no número de navegadores permitido. Volte para onde você o abriu primeiro ou peça um novo a quem o enviou.",
            "Se não foi você, peça a essa pessoa que o revogue.",
        ],
    },
    unknown: Notice {
        title: "Nada aqui",
        body: &["Confira se o link foi copiado por inteiro ou peça um novo a quem o enviou."],
    },
    foreign: Notice {
        title: "Não a partir de outra página",
        body: &[
            "Abra o próprio link e use os botões de lá. Se você já fez isso, este navegador talvez seja antigo demais: tente com outro.",
        ],
    },
    failed: Notice {
        title: "Algo deu errado do nosso lado",
        body: &["Não foi alterado nada que você pudesse ver. Volte e tente de novo daqui a pouco."],
    },
    reference: "Referência para o suporte: {reference}",
    a_minute: "cerca de um minuto",
    minutes: "{minutes} min",
};
