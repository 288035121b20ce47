//! Chinese, in simplified characters.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "zh-Hans",
    direction: "ltr",
    title: "连接 WhatsApp",
    consent: Consent {
        title: "要连接您的 WhatsApp 吗？",
        who: "请求方",
        purpose: "为谁连接",
        through: "通过网站",
        grants: "允许的操作",
        granted: "{label} 将能够读取您所连接账号的 WhatsApp 消息，并从该账号发送消息。",
        until: "有效期",
        page_until: "此页面到期后失效，剩余时间：{time}。",
        grant_until: "您连接的账号会一直保持连接，直到您将其移除：请在 WhatsApp 的“已关联的设备”中操作。",
        caution: "请仅在这是您自己要求的、并且您知道是谁发给您的情况下继续。",
        go_on: "继续",
        refuse: "我没有要求这样做",
    },
    connect: Connect {
        number: "电话号码",
        number_hint: "装有 WhatsApp 的手机的号码，包括国家/地区代码，例如 +86 131 2345 6789。",
        number_faulty: "我们无法使用这个电话号码。请以 + 和国家/地区代码开头。",
        refresh: "立即刷新",
        refreshes: "此页面每 {seconds} 秒自动刷新一次；显示的时间以上次刷新时为准。",
        page_until: "此页面到期后失效，剩余时间：{time}。",
        not_me: "这不是我操作的",
        not_me_hint: "此链接及其显示过的所有内容将对所有人失效。",
    },
    no_phone: Notice {
        title: "此处无需连接",
        body: &[
            "{label} 无需关联手机即可使用：没有要扫描的码，也没有要输入的号码。",
            "您可以关闭此页面。如果您期待的是别的内容，请咨询发给您链接的人。",
        ],
    },
    closed: Notice {
        title: "已关闭",
        body: &[
            "此链接对任何人都已失效，它显示过的内容也已撤销。",
            "如果有人催促您打开它，请不要回复对方。请查看 WhatsApp 的“已关联的设备”，并断开所有您不认识的设备。",
        ],
    },
    ended: Notice {
        title: "此链接已失效",
        body: &["它已被更换或撤销，或者已到期。请向发送链接的人索取新链接。"],
    },
    too_many: Notice {
        title: "已在别处打开",
        body: &[
            "打开此链接的浏览器数量已达上限。请回到您最初打开它的地方，或向发送链接的人索取新链接。",
            "如果不是您打开的，请让对方撤销此链接。",
        ],
    },
    unknown: Notice {
        title: "此处没有内容",
        body: &["请检查链接是否复制完整，或向发送链接的人索取新链接。"],
    },
    foreign: Notice {
        title: "不能从其他页面操作",
        body: &[
            "请直接打开链接，并使用那里的按钮。如果您已经这样做了，此浏览器可能太旧：请换一个浏览器试试。",
        ],
    },
    failed: Notice {
        title: "我们这边出现了问题",
        body: &["没有更改任何您能看到的内容。请返回，稍后重试。"],
    },
    reference: "技术支持参考编号：{reference}",
    a_minute: "大约一分钟",
    minutes: "{minutes} 分钟",
};
