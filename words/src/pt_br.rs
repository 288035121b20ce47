//! Portuguese of Brazil. Addresses people as *você*.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "Não é possível mostrar a conexão com o WhatsApp aqui neste momento.",
    setup: "A conexão com o WhatsApp não está configurada nesta página.",
    retry: "Tentar de novo",
    open_hosted: "Abrir em nova janela",
    language: "pt-BR",
    region: "Conexão com o WhatsApp",
    link: MethodWords {
        name: "Link",
        none: Saying {
            title: "Conectar o WhatsApp",
            body: "Crie um link temporário. Ele abre uma página com o QR code do WhatsApp, expira sozinho e pode ser revogado a qualquer momento.",
        },
        live: Saying {
            title: "Seu link está pronto",
            body: "Ele abre uma página com o QR code do WhatsApp. Não compartilhe o link: quem o abrir pode conectar um celular.",
        },
        steps: "Abra o link em uma tela que não seja a do celular com o WhatsApp.\n\
            No celular, abra o WhatsApp e vá em “Dispositivos conectados” e depois em “Conectar dispositivo”.\n\
            Aponte o celular para o QR code da página aberta.",
        caption: "Para abrir o link em outra tela, escaneie este código com a câmera desse aparelho.",
        picture: "QR code do link, para a câmera de outro aparelho",
        issue: "Criar link",
        reissue: "Novo link",
        copy: "Copiar link",
        revoke_hint: "Este link deixa de funcionar imediatamente, em todos os lugares.",
        aside: "Ainda há um link ativo, até {}.",
    },
    qr: MethodWords {
        name: "QR code",
        none: Saying {
            title: "Conectar o WhatsApp",
            body: "Mostre um QR code e escaneie-o com o celular que tem o WhatsApp. Antes, deixe o celular à mão.",
        },
        live: Saying {
            title: "Escaneie com o WhatsApp",
            body: "Deixe o celular preparado: o código muda com frequência.",
        },
        steps: "Abra o WhatsApp no celular.\n\
            Vá em “Dispositivos conectados” e depois em “Conectar dispositivo”.\n\
            Aponte o celular para este código.",
        caption: "Escaneie no WhatsApp, em “Dispositivos conectados”.",
        picture: "QR code para o WhatsApp no celular",
        issue: "Mostrar código",
        reissue: "Novo código",
        copy: "Copiar código",
        revoke_hint: "Paramos de mostrá-lo imediatamente. Ele perde a validade em até um minuto.",
        aside: "Ainda há um QR code ativo, até {}.",
    },
    code: MethodWords {
        name: "Código manual",
        none: Saying {
            title: "Conectar o WhatsApp",
            body: "Receba um código e digite-o no WhatsApp, no celular. Não é preciso escanear nada.",
        },
        live: Saying {
            title: "Digite este código no WhatsApp",
            body: "Ele é para o celular do número informado e para mais ninguém.",
        },
        steps: "Abra o WhatsApp no celular.\n\
            Vá em “Dispositivos conectados” e depois em “Conectar dispositivo”.\n\
            Escolha “Conectar com número de telefone”.\n\
            Digite este código.",
        caption: "Vale uma única vez, para um único celular.",
        picture: "Código manual de conexão",
        issue: "Gerar código",
        reissue: "Gerar novo código",
        copy: "Copiar código",
        revoke_hint: "Paramos de mostrá-lo imediatamente. Quem já o tiver pode usá-lo até que expire.",
        aside: "Ainda há um código manual ativo, até {}.",
    },
    token: MethodWords {
        name: "Token de API",
        none: Saying {
            title: "Token de API",
            body: "Crie um token de API de curta duração para o seu backend.",
        },
        live: Saying {
            title: "Seu token de API está pronto",
            body: "Copie-o para onde for necessário. Para isso, ninguém precisa lê-lo.",
        },
        steps: "Copie o token.\n\
            Cole-o onde o seu programa o espera.",
        caption: "Quem o tiver pode enviar mensagens em seu nome.",
        picture: "Token de API",
        issue: "Criar token",
        reissue: "Novo token",
        copy: "Copiar token",
        revoke_hint: "Paramos de fornecê-lo imediatamente. Quem já o tiver pode usá-lo até que expire.",
        aside: "Ainda há um token de API ativo, até {}.",
    },
    no_method: Saying {
        title: "Nada disponível aqui",
        body: "Esta conta não pode ser conectada por esta página. Fale com quem administra a página.",
    },
    aside_hint: "O que você faz aqui não o desativa.",
    switch: "Forma de conexão",
    loading: Saying {
        title: "Um momento",
        body: "O estado da conexão está sendo consultado.",
    },
    issuing: Saying {
        title: "Criando um novo",
        body: "Se já havia um do mesmo tipo, ele deixa de funcionar. Isso leva alguns segundos.",
    },
    issuing_long: Saying {
        title: "O provedor precisa de um pouco mais de tempo",
        body: "Isso pode levar meio minuto. O resultado aparece aqui sozinho.",
    },
    waited: "Tempo de espera:",
    cancel: "Cancelar",
    cancel_hint: "Ao cancelar, o que estava ativo antes também é revogado.",
    cancelling: Saying {
        title: "Cancelando\u{2026}",
        body: "O que ainda chegar não será mostrado.",
    },
    cancelled: Saying {
        title: "Cancelado",
        body: "Nada foi mostrado a ninguém. Você pode recomeçar quando quiser.",
    },
    checking: Saying {
        title: "Verificando",
        body: "Esta página ficou um tempo em segundo plano. O código fica oculto até sabermos que ele ainda funciona.",
    },
    revoking: Saying {
        title: "Revogando\u{2026}",
        body: "Aqui o código está oculto. Aguardamos a confirmação de que ele não vale mais.",
    },
    not_revoked: Saying {
        title: "Ainda não revogado",
        body: "Aqui o código está oculto, mas ele talvez ainda funcione em outros lugares. Continuamos tentando enquanto esta página estiver aberta.",
    },
    expired: Saying {
        title: "Expirou",
        body: "Não abre mais nada. Crie um novo quando quiser.",
    },
    revoked_upstream: Saying {
        title: "Revogado",
        body: "Não funciona mais em lugar nenhum. Ninguém mais pode usá-lo.",
    },
    revoked_pending: Saying {
        title: "Revogado aqui",
        body: "Não o fornecemos mais a ninguém. O provedor do WhatsApp ainda não confirmou; vamos perguntar de novo até que confirme.",
    },
    revoked_local_only: Saying {
        title: "Revogado aqui",
        body: "Não o fornecemos mais a ninguém. O provedor não consegue invalidar o que alguém já abriu.",
    },
    revoked_elsewhere: Saying {
        title: "Revogado",
        body: "Foi revogado em outra página. Se não era essa a intenção, crie um novo.",
    },
    connected: Saying {
        title: "O WhatsApp está conectado",
        body: "Tudo pronto. Você pode fechar esta página.",
    },
    log_out: "Desconectar",
    parting: Saying {
        title: "Desconectar este celular?",
        body: "As mensagens deixam de chegar e de sair por aqui. O celular mantém as conversas e pode ser conectado de novo.",
    },
    stay: "Manter a conexão",
    logging_out: Saying {
        title: "Desconectando\u{2026}",
        body: "Aguardamos a confirmação do provedor.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Preparando",
            body: "O provedor está iniciando a conta. Esta página continua sozinha.",
        },
        logged_out: Saying {
            title: "O celular está desconectado",
            body: "Não há mais nada conectado. Conecte este celular de novo, ou outro, quando quiser.",
        },
        passkey_required: Saying {
            title: "O WhatsApp pede uma chave de acesso (passkey)",
            body: "Siga o que o celular mostrar. Se nada acontecer nele, comece de novo.",
        },
        blocked: Saying {
            title: "O WhatsApp bloqueou esta conta",
            body: "Não será possível conectar até que o WhatsApp retire o bloqueio. No celular, o WhatsApp informa o motivo e como pedir uma análise.",
        },
        failed: Saying {
            title: "A última tentativa falhou",
            body: "Começar de novo costuma resolver; se não resolver, avise o suporte.",
        },
        wrong_phone: Saying {
            title: "Outro celular foi conectado",
            body: "O número dele não é o esperado aqui, por isso ele é desconectado. Tente de novo com o celular certo.",
        },
    },
    number: NumberWords {
        country: "País",
        number: "Número de telefone deste WhatsApp",
        missing: "Digite o número.",
        faulty: "Este não é um número de telefone desse país. Confira o número.",
    },
    offline: Saying {
        title: "Você está offline",
        body: "Verifique a rede. Esta página continua sozinha assim que a conexão voltar.",
    },
    offline_notice: "Sem internet no momento. O que você vê era válido na última atualização; será ocultado quando o tempo acabar.",
    dead_by: "Até {}, no máximo, deixa de funcionar com certeza.",
    chips: Chips {
        loading: "Carregando",
        none: "Não conectado",
        working: "Em andamento",
        live: "Ativo",
        expiring: "Expira em breve",
        expired: "Expirado",
        revoked: "Revogado",
        connected: "Conectado",
        offline: "Offline",
        error: "Problema",
    },
    expires_in: "Expira em",
    renews: "Um novo código aparece sozinho",
    ends_at: "Válido até {}.",
    masked: "Oculto",
    reveal: "Mostrar",
    mask: "Ocultar",
    copied: "Copiado",
    copy_refused: "O navegador não permite copiar. Selecione e copie manualmente.",
    link_field: "O link",
    too_long_to_draw: "Longo demais para um QR code. Use o link.",
    open: "Abrir link",
    opens_in_new_tab: "(abre em uma nova aba)",
    revoke: "Revogar",
    check: "Verificar agora",
    reference: "Referência para o suporte:",
    not_replaced: "Nenhum novo foi criado; o anterior continua funcionando.",
    retry_in: "Nova tentativa {}.",
    wait: "Você pode tentar de novo {}.",
    left: "Tempo restante: {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Sem resposta",
            body: "Não é possível acessar o serviço. Verifique a rede; continuamos tentando.",
        },
        timed_out: Saying {
            title: "Está demorando demais",
            body: "A resposta não chegou a tempo. Tente de novo.",
        },
        unreadable: Saying {
            title: "Algo não está certo",
            body: "Não foi possível entender a resposta. Tente de novo; se persistir, avise o suporte.",
        },
        session_ended: Saying {
            title: "A sessão desta página terminou",
            body: "Recarregue a página ou entre de novo se ela pedir.",
        },
        not_allowed: Saying {
            title: "Não permitido aqui",
            body: "Esta página não pode fazer isso. Fale com quem a administra.",
        },
        wrong_number: Saying {
            title: "Aqui se espera outro número",
            body: "Só o celular com esse número pode ser conectado. Confira o número ou use o celular certo.",
        },
        not_set_up: Saying {
            title: "Esta página não está configurada",
            body: "Ela não tem permissão para usar esta conexão, ou a conexão não existe mais. Avise o suporte.",
        },
        busy: Saying {
            title: "Muitas tentativas ao mesmo tempo",
            body: "Espere um pouco antes de tentar de novo.",
        },
        provider_down: Saying {
            title: "O provedor do WhatsApp está com um problema",
            body: "Ele não pode ajudar agora. Tente de novo daqui a pouco.",
        },
        provider_refused: Saying {
            title: "O provedor recusou",
            body: "Ele informou um motivo próprio. Avise o suporte.",
        },
        needs_credentials: Saying {
            title: "A conta precisa de atenção",
            body: "O provedor não aceita mais os dados de acesso salvos. Avise o suporte: alguém precisa renová-los.",
        },
        already_connected: Saying {
            title: "Já está conectado",
            body: "Há um celular conectado a esta conta. Desconecte-o primeiro se quiser conectar outro.",
        },
        superseded: Saying {
            title: "Terminou nesse meio-tempo",
            body: "Alguém o substituiu ou revogou. Tente de novo.",
        },
        unavailable: Saying {
            title: "Algo deu errado do nosso lado",
            body: "Tente de novo daqui a pouco; se persistir, avise o suporte.",
        },
    },
};
