//! Turkish.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "tr",
    direction: "ltr",
    title: "WhatsApp’ı bağlayın",
    consent: Consent {
        title: "WhatsApp’ınız bağlansın mı?",
        who: "Kim istiyor",
        purpose: "Kimin için",
        through: "Hangi site üzerinden",
        grants: "Neye izin verir",
        granted: "{label}, bağladığınız hesaptaki WhatsApp mesajlarını okuyabilecek ve bu hesaptan mesaj gönderebilecek.",
        until: "Ne zamana kadar",
        page_until: "Bu sayfa {time} sonra çalışmaz olur.",
        grant_until: "Bağladığınız hesap, siz kaldırana kadar bağlı kalır: WhatsApp’ta, “Bağlı cihazlar” bölümünde.",
        caution: "Yalnızca bunu siz istediyseniz ve size kimin gönderdiğini biliyorsanız devam edin.",
        go_on: "Devam et",
        refuse: "Bunu ben istemedim",
    },
    connect: Connect {
        number: "Telefon numarası",
        number_hint: "WhatsApp’ın yüklü olduğu telefonun numarası, ülke koduyla birlikte, örneğin +90 501 234 56 78.",
        number_faulty: "Bu, kullanabileceğimiz bir telefon numarası değil. + ve ülke koduyla başlayın.",
        refresh: "Şimdi yenile",
        refreshes: "Bu sayfa {seconds} saniyede bir kendiliğinden yenilenir; gösterilen süre son yenilemeye aittir.",
        page_until: "Bu sayfa {time} sonra çalışmaz olur.",
        not_me: "Bu ben değildim",
        not_me_hint: "Linki ve gösterdiği her şeyi herkes için sona erdirir.",
    },
    no_phone: Notice {
        title: "Burada bağlanacak bir şey yok",
        body: &[
            "{label}, bağlı bir telefon olmadan çalışır: Okutulacak bir kod veya yazılacak bir numara yoktur.",
            "Bu sayfayı kapatabilirsiniz. Başka bir şey bekliyorduysanız linki size gönderen kişiye danışın.",
        ],
    },
    closed: Notice {
        title: "Kapatıldı",
        body: &[
            "Link artık hiç kimse için çalışmıyor ve gösterdikleri geçersiz kılındı.",
            "Biri linki açmanız için ısrar ettiyse ona yanıt vermeyin. WhatsApp’ta “Bağlı cihazlar” bölümüne bakın ve tanımadığınız her cihazın bağlantısını kesin.",
        ],
    },
    ended: Notice {
        title: "Bu link sona erdi",
        body: &[
            "Yenisiyle değiştirildi veya geçersiz kılındı ya da süresi doldu. Gönderen kişiden yenisini isteyin.",
        ],
    },
    too_many: Notice {
        title: "Zaten başka yerde açıldı",
        body: &[
            "Bu link, izin verilen sayıda tarayıcıda zaten açıldı. İlk açtığınız yere dönün veya gönderen kişiden yenisini isteyin.",
            "Açan siz değilseniz gönderen kişiden linki geçersiz kılmasını isteyin.",
        ],
    },
    unknown: Notice {
        title: "Burada bir şey yok",
        body: &[
            "Linkin tamamının kopyalandığını kontrol edin veya gönderen kişiden yenisini isteyin.",
        ],
    },
    foreign: Notice {
        title: "Başka bir sayfadan yapılamaz",
        body: &[
            "Linkin kendisini açın ve oradaki düğmeleri kullanın. Böyle yaptıysanız bu tarayıcı fazla eski olabilir: Başka bir tarayıcı deneyin.",
        ],
    },
    failed: Notice {
        title: "Bizim tarafımızda bir sorun oluştu",
        body: &[
            "Görebileceğiniz hiçbir şey değiştirilmedi. Lütfen geri dönün ve birazdan yeniden deneyin.",
        ],
    },
    reference: "Destek için referans: {reference}",
    a_minute: "yaklaşık bir dakika",
    minutes: "{minutes} dakika",
};
