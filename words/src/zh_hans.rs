//! Chinese, in simplified characters. Addresses people as "您" or not at all.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "连接组件未能加载。",
    setup: "此页面尚未设置连接组件。",
    retry: "重试",
    open_hosted: "在新窗口中打开",
    language: "zh-Hans",
    region: "WhatsApp 连接",
    link: MethodWords {
        name: "链接",
        none: Saying {
            title: "连接 WhatsApp",
            body: "生成一个临时链接。它会打开带有 WhatsApp 二维码的页面，到期自动失效，也可以随时撤销。",
        },
        live: Saying {
            title: "您的链接已就绪",
            body: "它会打开带有 WhatsApp 二维码的页面。请勿把链接给别人：谁打开它，谁就能连接手机。",
        },
        steps: "在另一块屏幕上打开链接，不要在装有 WhatsApp 的手机上打开。\n\
            在手机上打开 WhatsApp，进入“已关联的设备”，再点“关联设备”。\n\
            将手机对准所打开页面上的二维码。",
        caption: "要在另一台设备上打开链接，请用那台设备的摄像头扫描此码。",
        picture: "链接的二维码，供另一台设备的摄像头扫描",
        issue: "生成链接",
        reissue: "新链接",
        copy: "复制链接",
        revoke_hint: "此链接会立即在所有地方失效。",
        aside: "还有一个链接有效，到 {} 为止。",
    },
    qr: MethodWords {
        name: "二维码",
        none: Saying {
            title: "连接 WhatsApp",
            body: "显示二维码，然后用装有 WhatsApp 的手机扫描。请先准备好手机。",
        },
        live: Saying {
            title: "用 WhatsApp 扫描",
            body: "请准备好手机：二维码会经常更换。",
        },
        steps: "在手机上打开 WhatsApp。\n\
            进入“已关联的设备”，再点“关联设备”。\n\
            将手机对准此二维码。",
        caption: "请在 WhatsApp 的“已关联的设备”中扫描。",
        picture: "供手机上的 WhatsApp 扫描的二维码",
        issue: "显示二维码",
        reissue: "新二维码",
        copy: "复制二维码",
        revoke_hint: "我们会立即停止显示。二维码将在一分钟内失效。",
        aside: "还有一个二维码有效，到 {} 为止。",
    },
    code: MethodWords {
        name: "配对码",
        none: Saying {
            title: "连接 WhatsApp",
            body: "获取配对码，然后在手机上的 WhatsApp 中输入。无需扫描。",
        },
        live: Saying {
            title: "在 WhatsApp 中输入此配对码",
            body: "它只供所提供号码的手机使用，不供任何其他人使用。",
        },
        steps: "在手机上打开 WhatsApp。\n\
            进入“已关联的设备”，再点“关联设备”。\n\
            选择“改用电话号码关联”。\n\
            输入此配对码。",
        caption: "只能使用一次，只限一部手机。",
        picture: "配对码",
        issue: "获取配对码",
        reissue: "获取新配对码",
        copy: "复制配对码",
        revoke_hint: "我们会立即停止显示。已拿到配对码的人，在到期之前仍可使用。",
        aside: "还有一个配对码有效，到 {} 为止。",
    },
    token: MethodWords {
        name: "API 令牌",
        none: Saying {
            title: "API 令牌",
            body: "为您的后端生成一个短期 API 令牌。",
        },
        live: Saying {
            title: "您的 API 令牌已就绪",
            body: "请将它复制到需要的地方。这样做不需要任何人查看它。",
        },
        steps: "复制令牌。\n\
            将它粘贴到您的程序需要的位置。",
        caption: "谁持有它，谁就能以您的名义发送。",
        picture: "API 令牌",
        issue: "生成令牌",
        reissue: "新令牌",
        copy: "复制令牌",
        revoke_hint: "我们会立即停止提供。已拿到令牌的人，在到期之前仍可使用。",
        aside: "还有一个 API 令牌有效，到 {} 为止。",
    },
    no_method: Saying {
        title: "此处没有可用的方式",
        body: "无法从此页面连接该账号。请咨询此页面的运营者。",
    },
    aside_hint: "您在这里的操作不会使它失效。",
    switch: "连接方式",
    loading: Saying {
        title: "请稍候",
        body: "正在查询连接状态。",
    },
    issuing: Saying {
        title: "正在生成",
        body: "如果之前已有同类的，它将失效。这需要几秒钟。",
    },
    issuing_long: Saying {
        title: "服务商还需要一点时间",
        body: "可能需要半分钟。完成后会自动显示在这里。",
    },
    waited: "已等待",
    cancel: "取消",
    cancel_hint: "取消时，之前有效的也会被撤销。",
    cancelling: Saying {
        title: "正在取消\u{2026}",
        body: "之后即使收到内容，也不会显示。",
    },
    cancelled: Saying {
        title: "已取消",
        body: "没有向任何人显示任何内容。您可以随时重新开始。",
    },
    checking: Saying {
        title: "正在检查",
        body: "此页面曾在后台停留了一段时间。在确认仍然有效之前，内容会保持隐藏。",
    },
    revoking: Saying {
        title: "正在撤销\u{2026}",
        body: "内容已在此处隐藏。我们正在等待确认它已失效。",
    },
    not_revoked: Saying {
        title: "尚未撤销",
        body: "内容已在此处隐藏，但在别处可能仍然有效。只要此页面还打开着，我们就会继续尝试。",
    },
    expired: Saying {
        title: "已过期",
        body: "它已无法打开任何内容。准备好后，请重新生成。",
    },
    revoked_upstream: Saying {
        title: "已撤销",
        body: "它在所有地方都已失效。任何人都无法再使用它。",
    },
    revoked_pending: Saying {
        title: "已在此处撤销",
        body: "我们不再向任何人提供它。WhatsApp 服务商尚未确认，我们会反复询问，直到对方确认。",
    },
    revoked_local_only: Saying {
        title: "已在此处撤销",
        body: "我们不再向任何人提供它。但如果有人已经打开，服务商无法收回。",
    },
    revoked_elsewhere: Saying {
        title: "已撤销",
        body: "它是在另一个页面上被撤销的。如果这不是您的本意，请重新生成。",
    },
    connected: Saying {
        title: "WhatsApp 已连接",
        body: "全部完成。您可以关闭此页面。",
    },
    log_out: "断开手机",
    parting: Saying {
        title: "要断开这部手机吗？",
        body: "此处将不再收发消息。手机上的聊天会保留，之后可以重新连接。",
    },
    stay: "保持连接",
    logging_out: Saying {
        title: "正在断开手机\u{2026}",
        body: "正在等待服务商确认。",
    },
    sessions: Sessions {
        starting: Saying {
            title: "正在准备",
            body: "服务商正在启动账号。此页面会自动继续。",
        },
        logged_out: Saying {
            title: "手机已断开",
            body: "现在没有关联任何手机。您可以随时重新连接它，或连接另一部手机。",
        },
        passkey_required: Saying {
            title: "WhatsApp 要求使用通行密钥",
            body: "请按手机上的提示操作。如果手机上没有反应，请重新开始。",
        },
        blocked: Saying {
            title: "WhatsApp 已封禁此账号",
            body: "在 WhatsApp 解除封禁之前，无法连接。封禁的原因和申请复核的方法，请查看手机上的 WhatsApp。",
        },
        failed: Saying {
            title: "上次尝试失败",
            body: "重新开始通常可以解决；如果不行，请联系技术支持。",
        },
        wrong_phone: Saying {
            title: "关联了另一部手机",
            body: "它的号码不是此处所要求的号码，因此会被断开。请用正确的手机重试。",
        },
    },
    number: NumberWords {
        country: "国家/地区",
        number: "此 WhatsApp 的电话号码",
        missing: "请输入号码。",
        faulty: "这不是该国家/地区的电话号码。请检查。",
    },
    offline: Saying {
        title: "您已离线",
        body: "请检查网络。网络恢复后，此页面会自动继续。",
    },
    offline_notice: "目前没有网络连接。根据我们最后得到的信息，您看到的内容当时有效；到期后会被隐藏。",
    dead_by: "最迟到 {} 一定会失效。",
    chips: Chips {
        loading: "加载中",
        none: "未连接",
        working: "处理中",
        live: "有效",
        expiring: "即将到期",
        expired: "已过期",
        revoked: "已撤销",
        connected: "已连接",
        offline: "离线",
        error: "出现问题",
    },
    expires_in: "剩余时间",
    renews: "新的二维码会自动出现",
    ends_at: "将于 {} 到期。",
    masked: "已隐藏",
    reveal: "显示",
    mask: "隐藏",
    copied: "已复制",
    copy_refused: "浏览器不允许复制。请选中后手动复制。",
    link_field: "链接",
    too_long_to_draw: "内容太长，无法显示为二维码。请使用链接。",
    open: "打开链接",
    opens_in_new_tab: "（在新标签页中打开）",
    revoke: "撤销",
    check: "立即检查",
    reference: "技术支持参考编号：",
    not_replaced: "没有生成新的；之前的仍然有效。",
    retry_in: "{}自动重试。",
    wait: "{}可以重试。",
    left: "还剩{}。",
    failures: Failures {
        unreachable: Saying {
            title: "没有响应",
            body: "无法连接到服务。请检查网络；我们会继续尝试。",
        },
        timed_out: Saying {
            title: "用时过长",
            body: "未能及时收到响应。请重试。",
        },
        unreadable: Saying {
            title: "有些地方不相符",
            body: "无法识别收到的响应。请重试；如果问题仍然存在，请联系技术支持。",
        },
        session_ended: Saying {
            title: "此页面的会话已结束",
            body: "请重新加载页面，或按页面要求重新登录。",
        },
        not_allowed: Saying {
            title: "此处不允许",
            body: "此页面无权执行该操作。请咨询此页面的运营者。",
        },
        wrong_number: Saying {
            title: "此处需要另一个号码",
            body: "只能连接使用该号码的手机。请检查号码，或换用正确的手机。",
        },
        not_set_up: Saying {
            title: "此页面尚未设置",
            body: "它无权使用此连接，或者此连接已不存在。请联系技术支持。",
        },
        busy: Saying {
            title: "尝试次数过多",
            body: "请稍等片刻再重试。",
        },
        provider_down: Saying {
            title: "WhatsApp 服务商出现问题",
            body: "服务商目前无法提供服务。请稍后重试。",
        },
        provider_refused: Saying {
            title: "服务商拒绝了请求",
            body: "服务商给出了自己的理由。请联系技术支持。",
        },
        needs_credentials: Saying {
            title: "账号需要处理",
            body: "服务商不再接受已保存的访问凭据。请联系技术支持：需要有人更新凭据。",
        },
        already_connected: Saying {
            title: "已经连接",
            body: "已有一部手机关联到此账号。如需关联另一部，请先断开这部手机。",
        },
        superseded: Saying {
            title: "在此期间已失效",
            body: "有人更换或撤销了它。请重试。",
        },
        unavailable: Saying {
            title: "我们这边出现了问题",
            body: "请稍后重试；如果问题仍然存在，请联系技术支持。",
        },
    },
};
