//! Turkish. Addresses people as *siz*. A link is a *link* here, because *bağlantı* is the connection.

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "WhatsApp bağlantısı şu anda burada gösterilemiyor.",
    setup: "WhatsApp bağlantısı bu sayfada ayarlanmamış.",
    retry: "Yeniden dene",
    open_hosted: "Yeni pencerede aç",
    language: "tr",
    region: "WhatsApp bağlantısı",
    link: MethodWords {
        name: "Link",
        none: Saying {
            title: "WhatsApp’ı bağlayın",
            body: "Geçici bir link oluşturun. Link, WhatsApp’ın kendi QR kodunun bulunduğu bir sayfa açar, süresi kendiliğinden dolar ve istediğiniz zaman geçersiz kılınabilir.",
        },
        live: Saying {
            title: "Linkiniz hazır",
            body: "WhatsApp’ın kendi QR kodunun bulunduğu bir sayfa açar. Linki kimseyle paylaşmayın: Açan herkes bir telefon bağlayabilir.",
        },
        steps: "Linki, WhatsApp’ın yüklü olduğu telefonun ekranında değil, başka bir ekranda açın.\n\
            Telefonda WhatsApp’ı açın, önce “Bağlı cihazlar”, ardından “Cihaz bağla” seçeneğine dokunun.\n\
            Telefonu, açılan sayfadaki QR koda doğru tutun.",
        caption: "Linki başka bir ekranda açmak için bu kodu o cihazın kamerasıyla okutun.",
        picture: "Linkin QR kodu, başka bir cihazın kamerası için",
        issue: "Link oluştur",
        reissue: "Yeni link",
        copy: "Linki kopyala",
        revoke_hint: "Bu link her yerde hemen çalışmaz olur.",
        aside: "Bir link hâlâ etkin. Bitiş saati: {}.",
    },
    qr: MethodWords {
        name: "QR kod",
        none: Saying {
            title: "WhatsApp’ı bağlayın",
            body: "Bir QR kod görüntüleyin ve WhatsApp’ın yüklü olduğu telefonla okutun. Önce telefonu yanınıza alın.",
        },
        live: Saying {
            title: "WhatsApp ile okutun",
            body: "Telefonu hazır tutun: Kod sık sık değişir.",
        },
        steps: "Telefonda WhatsApp’ı açın.\n\
            Önce “Bağlı cihazlar”, ardından “Cihaz bağla” seçeneğine dokunun.\n\
            Telefonu bu koda doğru tutun.",
        caption: "WhatsApp’ta, “Bağlı cihazlar” bölümünde okutun.",
        picture: "Telefondaki WhatsApp için QR kod",
        issue: "Kodu göster",
        reissue: "Yeni kod",
        copy: "Kodu kopyala",
        revoke_hint: "Göstermeyi hemen bırakırız. Kod en geç bir dakika içinde geçersiz olur.",
        aside: "Bir QR kod hâlâ etkin. Bitiş saati: {}.",
    },
    code: MethodWords {
        name: "Eşleştirme kodu",
        none: Saying {
            title: "WhatsApp’ı bağlayın",
            body: "Bir kod alın ve telefondaki WhatsApp’a yazın. Hiçbir şey okutmanız gerekmez.",
        },
        live: Saying {
            title: "Bu kodu WhatsApp’a yazın",
            body: "Kod yalnızca numarası verilen telefon içindir, başka kimse için değil.",
        },
        steps: "Telefonda WhatsApp’ı açın.\n\
            Önce “Bağlı cihazlar”, ardından “Cihaz bağla” seçeneğine dokunun.\n\
            “Telefon numarası kullanarak bağlayın” seçeneğine dokunun.\n\
            Bu kodu yazın.",
        caption: "Bir kez ve tek bir telefon için geçerlidir.",
        picture: "Eşleştirme kodu",
        issue: "Kod al",
        reissue: "Yeni kod al",
        copy: "Kodu kopyala",
        revoke_hint: "Göstermeyi hemen bırakırız. Kodu önceden almış olan kişi, süresi dolana kadar kullanabilir.",
        aside: "Bir eşleştirme kodu hâlâ etkin. Bitiş saati: {}.",
    },
    token: MethodWords {
        name: "API token’ı",
        none: Saying {
            title: "API token’ı",
            body: "Backend’iniz için kısa ömürlü bir API token’ı oluşturun.",
        },
        live: Saying {
            title: "API token’ınız hazır",
            body: "Gereken yere kopyalayın. Bunun için kimsenin okuması gerekmez.",
        },
        steps: "Token’ı kopyalayın.\n\
            Programınızın beklediği yere yapıştırın.",
        caption: "Token’ı elinde bulunduran kişi sizin adınıza mesaj gönderebilir.",
        picture: "API token’ı",
        issue: "Token oluştur",
        reissue: "Yeni token",
        copy: "Token’ı kopyala",
        revoke_hint: "Vermeyi hemen bırakırız. Token’ı önceden almış olan kişi, süresi dolana kadar kullanabilir.",
        aside: "Bir API token’ı hâlâ etkin. Bitiş saati: {}.",
    },
    no_method: Saying {
        title: "Burada sunulan bir seçenek yok",
        body: "Bu hesap bu sayfadan bağlanamaz. Lütfen sayfayı yöneten kişiye danışın.",
    },
    aside_hint: "Burada yaptıklarınız onu sona erdirmez.",
    switch: "Bağlanma yöntemi",
    loading: Saying {
        title: "Bir dakika",
        body: "Bağlantının durumu sorgulanıyor.",
    },
    issuing: Saying {
        title: "Yenisi oluşturuluyor",
        body: "Aynı türden daha önce oluşturulmuş olan varsa artık çalışmaz. Bu birkaç saniye sürer.",
    },
    issuing_long: Saying {
        title: "Sağlayıcının biraz daha zamana ihtiyacı var",
        body: "Bu yarım dakika sürebilir. Sonuç burada kendiliğinden görünür.",
    },
    waited: "Bekleme süresi:",
    cancel: "İptal",
    cancel_hint: "İptal ederseniz daha önce etkin olan da geçersiz kılınır.",
    cancelling: Saying {
        title: "İptal ediliyor\u{2026}",
        body: "Bundan sonra gelenler gösterilmez.",
    },
    cancelled: Saying {
        title: "İptal edildi",
        body: "Hiç kimseye bir şey gösterilmedi. İstediğiniz zaman yeniden başlayabilirsiniz.",
    },
    checking: Saying {
        title: "Kontrol ediliyor",
        body: "Bu sayfa bir süre arka planda kaldı. Hâlâ çalıştığını öğrenene kadar kodu gizli tutuyoruz.",
    },
    revoking: Saying {
        title: "Geçersiz kılınıyor\u{2026}",
        body: "Kod burada gizlendi. Artık geçerli olmadığının onayını bekliyoruz.",
    },
    not_revoked: Saying {
        title: "Henüz geçersiz kılınmadı",
        body: "Kod burada gizlendi, ancak başka yerlerde hâlâ çalışıyor olabilir. Bu sayfa açık olduğu sürece denemeye devam ediyoruz.",
    },
    expired: Saying {
        title: "Süresi doldu",
        body: "Artık hiçbir şey açmaz. Dilediğiniz zaman yenisini oluşturun.",
    },
    revoked_upstream: Saying {
        title: "Geçersiz kılındı",
        body: "Artık hiçbir yerde çalışmıyor. Bundan sonra kimse kullanamaz.",
    },
    revoked_pending: Saying {
        title: "Burada geçersiz kılındı",
        body: "Artık kimse onu bizden alamaz. WhatsApp sağlayıcısı henüz onaylamadı; onaylayana kadar yeniden soruyoruz.",
    },
    revoked_local_only: Saying {
        title: "Burada geçersiz kılındı",
        body: "Artık kimse onu bizden alamaz. Sağlayıcı, birinin zaten açmış olduğu şeyi geri alamaz.",
    },
    revoked_elsewhere: Saying {
        title: "Geçersiz kılındı",
        body: "Başka bir sayfada geçersiz kılındı. İstenen bu değildiyse yenisini oluşturun.",
    },
    connected: Saying {
        title: "WhatsApp bağlandı",
        body: "Her şey tamam. Bu sayfayı kapatabilirsiniz.",
    },
    log_out: "Bağlantıyı kes",
    parting: Saying {
        title: "Bu telefonun bağlantısı kesilsin mi?",
        body: "Artık buraya mesaj gelmez ve buradan mesaj gitmez. Telefondaki sohbetler kalır ve telefon yeniden bağlanabilir.",
    },
    stay: "Bağlı kal",
    logging_out: Saying {
        title: "Bağlantı kesiliyor\u{2026}",
        body: "Sağlayıcının onayı bekleniyor.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Hazırlanıyor",
            body: "Sağlayıcı hesabı başlatıyor. Bu sayfa kendiliğinden devam eder.",
        },
        logged_out: Saying {
            title: "Telefonun bağlantısı kesildi",
            body: "Artık bağlı bir telefon yok. İstediğiniz zaman bu telefonu yeniden veya başka bir telefonu bağlayabilirsiniz.",
        },
        passkey_required: Saying {
            title: "WhatsApp geçiş anahtarı istiyor",
            body: "Telefonda gösterilenleri izleyin. Orada bir şey olmazsa yeniden başlayın.",
        },
        blocked: Saying {
            title: "WhatsApp bu hesabı engelledi",
            body: "WhatsApp engeli kaldırmadan bağlanmak mümkün olmaz. Engelin nedeni ve incelemenin nasıl isteneceği telefondaki WhatsApp’ta yazar.",
        },
        failed: Saying {
            title: "Son deneme başarısız oldu",
            body: "Yeniden başlamak genellikle işe yarar; yaramazsa lütfen destek ekibine bildirin.",
        },
        wrong_phone: Saying {
            title: "Başka bir telefon bağlandı",
            body: "Numarası burada beklenen numara olmadığı için bağlantısı yeniden kesilir. Lütfen doğru telefonla deneyin.",
        },
    },
    number: NumberWords {
        country: "Ülke",
        number: "Bu WhatsApp’ın telefon numarası",
        missing: "Lütfen numarayı girin.",
        faulty: "Bu, o ülkenin telefon numarası değil. Lütfen kontrol edin.",
    },
    offline: Saying {
        title: "Çevrimdışısınız",
        body: "Ağı kontrol edin. Bağlantı geri geldiğinde bu sayfa kendiliğinden devam eder.",
    },
    offline_notice: "Şu anda internet bağlantısı yok. Gördüğünüz, son bilgilere göre geçerliydi; süresi dolunca gizlenir.",
    dead_by: "En geç saat {} itibarıyla kesin olarak geçersizdir.",
    chips: Chips {
        loading: "Yükleniyor",
        none: "Bağlı değil",
        working: "İşleniyor",
        live: "Etkin",
        expiring: "Süresi doluyor",
        expired: "Süresi doldu",
        revoked: "Geçersiz kılındı",
        connected: "Bağlı",
        offline: "Çevrimdışı",
        error: "Sorun var",
    },
    expires_in: "Kalan süre:",
    renews: "Yeni kod kendiliğinden görünür",
    ends_at: "Bitiş saati: {}.",
    masked: "Gizli",
    reveal: "Göster",
    mask: "Gizle",
    copied: "Kopyalandı",
    copy_refused: "Tarayıcı kopyalamaya izin vermiyor. Lütfen seçip elle kopyalayın.",
    link_field: "Link",
    too_long_to_draw: "QR kod için fazla uzun. Lütfen linki kullanın.",
    open: "Linki aç",
    opens_in_new_tab: "(yeni sekmede açılır)",
    revoke: "Geçersiz kıl",
    check: "Şimdi kontrol et",
    reference: "Destek için referans:",
    not_replaced: "Yenisi oluşturulmadı; önceki hâlâ çalışıyor.",
    retry_in: "{} yeniden denenecek.",
    wait: "{} yeniden deneyebilirsiniz.",
    left: "Kalan süre: {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Yanıt yok",
            body: "Hizmete ulaşılamıyor. Ağı kontrol edin; denemeye devam ediyoruz.",
        },
        timed_out: Saying {
            title: "Çok uzun sürdü",
            body: "Yanıt zamanında gelmedi. Lütfen yeniden deneyin.",
        },
        unreadable: Saying {
            title: "Bir uyumsuzluk var",
            body: "Yanıt anlaşılamadı. Yeniden deneyin; sorun sürerse lütfen destek ekibine bildirin.",
        },
        session_ended: Saying {
            title: "Bu sayfadaki oturum sona erdi",
            body: "Sayfayı yenileyin veya istenirse yeniden giriş yapın.",
        },
        not_allowed: Saying {
            title: "Burada izin verilmiyor",
            body: "Bu sayfanın buna izni yok. Lütfen sayfayı yöneten kişiye danışın.",
        },
        wrong_number: Saying {
            title: "Burada başka bir numara bekleniyor",
            body: "Yalnızca o numaralı telefon bağlanabilir. Lütfen numarayı kontrol edin veya doğru telefonu kullanın.",
        },
        not_set_up: Saying {
            title: "Bu sayfa ayarlanmamış",
            body: "Bu bağlantıyı kullanma izni yok veya bağlantı artık mevcut değil. Lütfen destek ekibine bildirin.",
        },
        busy: Saying {
            title: "Aynı anda çok fazla deneme",
            body: "Yeniden denemeden önce lütfen biraz bekleyin.",
        },
        provider_down: Saying {
            title: "WhatsApp sağlayıcısında bir sorun var",
            body: "Şu anda yardımcı olamıyor. Lütfen birazdan yeniden deneyin.",
        },
        provider_refused: Saying {
            title: "Sağlayıcı reddetti",
            body: "Kendi gerekçesini bildirdi. Lütfen destek ekibine haber verin.",
        },
        needs_credentials: Saying {
            title: "Hesapla ilgilenilmesi gerekiyor",
            body: "Sağlayıcı, kayıtlı erişim bilgilerini artık kabul etmiyor. Lütfen destek ekibine bildirin: Bilgilerin yenilenmesi gerekiyor.",
        },
        already_connected: Saying {
            title: "Zaten bağlı",
            body: "Bu hesaba bir telefon bağlı. Başka bir telefon bağlanacaksa önce onun bağlantısını kesin.",
        },
        superseded: Saying {
            title: "Bu arada sona erdi",
            body: "Biri yenisiyle değiştirdi veya geçersiz kıldı. Lütfen yeniden deneyin.",
        },
        unavailable: Saying {
            title: "Bizim tarafımızda bir sorun oluştu",
            body: "Lütfen birazdan yeniden deneyin; sorun sürerse destek ekibine bildirin.",
        },
    },
};
