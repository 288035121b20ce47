//! Indonesian. Addresses people as "Anda".

use crate::{Chips, Failures, MethodWords, NumberWords, Saying, Sessions, Words};

/// Everything in this language.
pub static WORDS: Words = Words {
    direction: "ltr",
    failed: "Bagian untuk menghubungkan WhatsApp tidak dapat dimuat.",
    setup: "Bagian untuk menghubungkan WhatsApp belum disiapkan di halaman ini.",
    retry: "Coba lagi",
    open_hosted: "Buka di jendela baru",
    language: "id",
    region: "Koneksi WhatsApp",
    link: MethodWords {
        name: "Tautan",
        none: Saying {
            title: "Hubungkan WhatsApp",
            body: "Buat tautan sementara. Tautan ini membuka halaman berisi kode QR dari WhatsApp, berakhir dengan sendirinya, dan dapat dicabut kapan saja.",
        },
        live: Saying {
            title: "Tautan Anda sudah siap",
            body: "Tautan ini membuka halaman berisi kode QR dari WhatsApp. Jangan bagikan tautan ini: siapa pun yang membukanya dapat menghubungkan ponsel.",
        },
        steps: "Buka tautan di layar lain, bukan di ponsel yang ada WhatsApp-nya.\n\
            Di ponsel, buka WhatsApp, masuk ke “Perangkat tertaut”, lalu “Tautkan perangkat”.\n\
            Arahkan ponsel ke kode QR di halaman yang terbuka.",
        caption: "Untuk membuka tautan di perangkat lain, pindai ini dengan kamera perangkat itu.",
        picture: "Kode QR tautan, untuk kamera perangkat lain",
        issue: "Buat tautan",
        reissue: "Tautan baru",
        copy: "Salin tautan",
        revoke_hint: "Tautan ini langsung tidak berfungsi lagi di mana pun.",
        aside: "Masih ada tautan yang aktif, sampai pukul {}.",
    },
    qr: MethodWords {
        name: "Kode QR",
        none: Saying {
            title: "Hubungkan WhatsApp",
            body: "Tampilkan kode QR, lalu pindai dengan ponsel yang ada WhatsApp-nya. Siapkan ponsel terlebih dahulu.",
        },
        live: Saying {
            title: "Pindai dengan WhatsApp",
            body: "Siapkan ponsel: kode ini sering berganti.",
        },
        steps: "Buka WhatsApp di ponsel.\n\
            Masuk ke “Perangkat tertaut”, lalu “Tautkan perangkat”.\n\
            Arahkan ponsel ke kode ini.",
        caption: "Pindai di WhatsApp, pada menu “Perangkat tertaut”.",
        picture: "Kode QR untuk WhatsApp di ponsel",
        issue: "Tampilkan kode",
        reissue: "Kode baru",
        copy: "Salin kode",
        revoke_hint: "Kode langsung tidak kami tampilkan lagi. Dalam satu menit, kode tidak berlaku lagi.",
        aside: "Masih ada kode QR yang aktif, sampai pukul {}.",
    },
    code: MethodWords {
        name: "Kode pairing",
        none: Saying {
            title: "Hubungkan WhatsApp",
            body: "Dapatkan kode, lalu ketik kode itu di WhatsApp pada ponsel. Tidak ada yang perlu dipindai.",
        },
        live: Saying {
            title: "Ketik kode ini di WhatsApp",
            body: "Kode ini untuk ponsel dengan nomor yang diberikan, bukan untuk orang lain.",
        },
        steps: "Buka WhatsApp di ponsel.\n\
            Masuk ke “Perangkat tertaut”, lalu “Tautkan perangkat”.\n\
            Pilih “Tautkan dengan nomor telepon saja”.\n\
            Ketik kode ini.",
        caption: "Berlaku sekali, untuk satu ponsel.",
        picture: "Kode pairing",
        issue: "Dapatkan kode",
        reissue: "Dapatkan kode baru",
        copy: "Salin kode",
        revoke_hint: "Kode langsung tidak kami tampilkan lagi. Siapa pun yang memilikinya dapat memakainya sampai kode berakhir.",
        aside: "Masih ada kode pairing yang aktif, sampai pukul {}.",
    },
    token: MethodWords {
        name: "Token API",
        none: Saying {
            title: "Token API",
            body: "Buat token API berjangka pendek untuk backend Anda.",
        },
        live: Saying {
            title: "Token API Anda sudah siap",
            body: "Salin ke tempat yang memerlukannya. Untuk itu tidak perlu ada yang membacanya.",
        },
        steps: "Salin token.\n\
            Tempel di tempat yang diminta program Anda.",
        caption: "Siapa pun yang memilikinya dapat mengirim atas nama Anda.",
        picture: "Token API",
        issue: "Buat token",
        reissue: "Token baru",
        copy: "Salin token",
        revoke_hint: "Token langsung tidak kami berikan lagi. Siapa pun yang memilikinya dapat memakainya sampai token berakhir.",
        aside: "Masih ada token API yang aktif, sampai pukul {}.",
    },
    no_method: Saying {
        title: "Tidak ada pilihan di sini",
        body: "Akun ini tidak dapat dihubungkan dari sini. Silakan tanyakan kepada pengelola halaman ini.",
    },
    aside_hint: "Yang Anda lakukan di sini tidak mengakhirinya.",
    switch: "Cara menghubungkan",
    loading: Saying {
        title: "Mohon tunggu sebentar",
        body: "Status koneksi sedang diperiksa.",
    },
    issuing: Saying {
        title: "Membuat yang baru",
        body: "Jika sebelumnya sudah ada yang sejenis, yang lama tidak berfungsi lagi. Ini memerlukan beberapa detik.",
    },
    issuing_long: Saying {
        title: "Penyedia perlu sedikit waktu lagi",
        body: "Ini bisa memakan waktu setengah menit. Hasilnya akan muncul di sini dengan sendirinya.",
    },
    waited: "Menunggu selama",
    cancel: "Batalkan",
    cancel_hint: "Pembatalan juga mencabut yang aktif sebelumnya.",
    cancelling: Saying {
        title: "Membatalkan\u{2026}",
        body: "Apa pun yang masih datang tidak akan ditampilkan.",
    },
    cancelled: Saying {
        title: "Dibatalkan",
        body: "Tidak ada yang ditampilkan kepada siapa pun. Anda dapat memulai lagi kapan saja.",
    },
    checking: Saying {
        title: "Sedang diperiksa",
        body: "Halaman ini sempat berada di latar belakang. Kode disembunyikan sampai kami tahu bahwa kode masih berlaku.",
    },
    revoking: Saying {
        title: "Mencabut\u{2026}",
        body: "Kode disembunyikan di sini. Kami menunggu konfirmasi bahwa kode sudah tidak berlaku.",
    },
    not_revoked: Saying {
        title: "Belum dicabut",
        body: "Kode disembunyikan di sini, tetapi mungkin masih berlaku di tempat lain. Kami terus mencoba selama halaman ini terbuka.",
    },
    expired: Saying {
        title: "Sudah kedaluwarsa",
        body: "Yang ini tidak membuka apa pun lagi. Buat yang baru saat Anda siap.",
    },
    revoked_upstream: Saying {
        title: "Dicabut",
        body: "Yang ini sudah tidak berfungsi di mana pun. Tidak ada lagi yang dapat memakainya.",
    },
    revoked_pending: Saying {
        title: "Dicabut di sini",
        body: "Tidak ada lagi yang mendapatkannya dari kami. Penyedia WhatsApp belum mengonfirmasi dan akan ditanyai lagi sampai memberi konfirmasi.",
    },
    revoked_local_only: Saying {
        title: "Dicabut di sini",
        body: "Tidak ada lagi yang mendapatkannya dari kami. Yang sudah dibuka seseorang tidak dapat ditarik kembali oleh penyedia.",
    },
    revoked_elsewhere: Saying {
        title: "Dicabut",
        body: "Pencabutan dilakukan di halaman lain. Jika itu tidak disengaja, buat yang baru.",
    },
    connected: Saying {
        title: "WhatsApp sudah terhubung",
        body: "Semua selesai. Anda dapat menutup halaman ini.",
    },
    log_out: "Putuskan ponsel",
    parting: Saying {
        title: "Putuskan ponsel ini?",
        body: "Pesan tidak lagi masuk dan keluar di sini. Chat tetap ada di ponsel, dan ponsel dapat dihubungkan lagi.",
    },
    stay: "Tetap terhubung",
    logging_out: Saying {
        title: "Memutuskan ponsel\u{2026}",
        body: "Menunggu konfirmasi dari penyedia.",
    },
    sessions: Sessions {
        starting: Saying {
            title: "Sedang disiapkan",
            body: "Penyedia sedang memulai akun. Halaman ini berlanjut dengan sendirinya.",
        },
        logged_out: Saying {
            title: "Ponsel sudah diputuskan",
            body: "Tidak ada lagi yang tertaut. Anda dapat menghubungkan ponsel ini lagi, atau ponsel lain, kapan saja.",
        },
        passkey_required: Saying {
            title: "WhatsApp meminta kunci sandi (passkey)",
            body: "Ikuti petunjuk di ponsel. Jika tidak terjadi apa-apa di sana, mulai lagi.",
        },
        blocked: Saying {
            title: "WhatsApp telah memblokir akun ini",
            body: "Akun tidak dapat dihubungkan sampai WhatsApp membuka blokirnya. Alasannya dan cara meminta peninjauan dapat dilihat di WhatsApp pada ponsel.",
        },
        failed: Saying {
            title: "Upaya terakhir gagal",
            body: "Memulai lagi biasanya membantu; jika tidak, silakan hubungi tim dukungan.",
        },
        wrong_phone: Saying {
            title: "Ponsel lain telah ditautkan",
            body: "Nomornya bukan yang diharapkan di sini, jadi ponsel itu diputuskan lagi. Silakan coba dengan ponsel yang benar.",
        },
    },
    number: NumberWords {
        country: "Negara",
        number: "Nomor telepon WhatsApp ini",
        missing: "Silakan masukkan nomornya.",
        faulty: "Ini bukan nomor telepon negara tersebut. Silakan periksa kembali.",
    },
    offline: Saying {
        title: "Anda sedang offline",
        body: "Periksa jaringan. Halaman ini berlanjut dengan sendirinya setelah jaringan kembali.",
    },
    offline_notice: "Saat ini tidak ada koneksi. Yang Anda lihat masih berlaku menurut kabar terakhir; ini akan disembunyikan jika waktunya habis.",
    dead_by: "Paling lambat pukul {} pasti sudah tidak berlaku.",
    chips: Chips {
        loading: "Memuat",
        none: "Tidak terhubung",
        working: "Diproses",
        live: "Aktif",
        expiring: "Segera berakhir",
        expired: "Kedaluwarsa",
        revoked: "Dicabut",
        connected: "Terhubung",
        offline: "Offline",
        error: "Masalah",
    },
    expires_in: "Berakhir dalam",
    renews: "Kode baru muncul dengan sendirinya",
    ends_at: "Berakhir pukul {}.",
    masked: "Disembunyikan",
    reveal: "Tampilkan",
    mask: "Sembunyikan",
    copied: "Disalin",
    copy_refused: "Browser tidak mengizinkan penyalinan. Silakan pilih dan salin secara manual.",
    link_field: "Tautan",
    too_long_to_draw: "Terlalu panjang untuk kode QR. Gunakan tautannya.",
    open: "Buka tautan",
    opens_in_new_tab: "(terbuka di tab baru)",
    revoke: "Cabut",
    check: "Periksa sekarang",
    reference: "Nomor referensi untuk dukungan:",
    not_replaced: "Yang baru tidak dibuat; yang sebelumnya masih berfungsi.",
    retry_in: "Mencoba lagi {}.",
    wait: "Anda dapat mencoba lagi {}.",
    left: "Tersisa {}.",
    failures: Failures {
        unreachable: Saying {
            title: "Tidak ada jawaban",
            body: "Layanan tidak dapat dijangkau. Periksa jaringan; kami terus mencoba.",
        },
        timed_out: Saying {
            title: "Ini terlalu lama",
            body: "Jawaban tidak datang tepat waktu. Silakan coba lagi.",
        },
        unreadable: Saying {
            title: "Ada yang tidak sesuai",
            body: "Jawabannya tidak dapat dipahami. Coba lagi; jika tetap begini, silakan hubungi tim dukungan.",
        },
        session_ended: Saying {
            title: "Sesi halaman ini sudah berakhir",
            body: "Muat ulang halaman, atau masuk lagi jika diminta.",
        },
        not_allowed: Saying {
            title: "Tidak diizinkan di sini",
            body: "Halaman ini tidak boleh melakukannya. Silakan tanyakan kepada pengelolanya.",
        },
        wrong_number: Saying {
            title: "Nomor lain diharapkan di sini",
            body: "Hanya ponsel dengan nomor itu yang dapat dihubungkan. Periksa nomornya, atau gunakan ponsel yang benar.",
        },
        not_set_up: Saying {
            title: "Halaman ini belum disiapkan",
            body: "Halaman ini tidak boleh memakai koneksi ini, atau koneksinya sudah tidak ada. Silakan hubungi tim dukungan.",
        },
        busy: Saying {
            title: "Terlalu banyak sekaligus",
            body: "Silakan tunggu sebentar sebelum mencoba lagi.",
        },
        provider_down: Saying {
            title: "Penyedia WhatsApp sedang bermasalah",
            body: "Penyedia belum dapat membantu saat ini. Silakan coba lagi sebentar lagi.",
        },
        provider_refused: Saying {
            title: "Penyedia menolak",
            body: "Penyedia memberikan alasannya sendiri. Silakan hubungi tim dukungan.",
        },
        needs_credentials: Saying {
            title: "Akun perlu ditangani",
            body: "Penyedia tidak lagi menerima data akses yang tersimpan. Silakan hubungi tim dukungan: data itu harus diperbarui.",
        },
        already_connected: Saying {
            title: "Sudah terhubung",
            body: "Ada ponsel yang tertaut ke akun ini. Putuskan ponsel itu dahulu jika ingin menautkan yang lain.",
        },
        superseded: Saying {
            title: "Sementara itu sudah berakhir",
            body: "Seseorang telah mengganti atau mencabutnya. Silakan coba lagi.",
        },
        unavailable: Saying {
            title: "Ada masalah di pihak kami",
            body: "Silakan coba lagi sebentar lagi; jika tetap begini, hubungi tim dukungan.",
        },
    },
};
