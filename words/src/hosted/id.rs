//! Indonesian.

use super::{Connect, Consent, HostedWords, Notice};

pub(super) static WORDS: HostedWords = HostedWords {
    language: "id",
    direction: "ltr",
    title: "Hubungkan WhatsApp",
    consent: Consent {
        title: "Hubungkan WhatsApp Anda?",
        who: "Yang meminta",
        purpose: "Untuk",
        through: "Melalui",
        grants: "Yang diizinkan",
        granted: "{label} akan dapat membaca dan mengirim pesan WhatsApp dari akun yang Anda hubungkan.",
        until: "Sampai kapan",
        page_until: "Halaman ini berhenti berfungsi dalam {time}.",
        grant_until: "Yang Anda hubungkan tetap terhubung sampai Anda menghapusnya: di WhatsApp, pada menu “Perangkat tertaut”.",
        caution: "Lanjutkan hanya jika Anda memang meminta ini dan tahu siapa yang mengirimkannya kepada Anda.",
        go_on: "Lanjutkan",
        refuse: "Saya tidak meminta ini",
    },
    connect: Connect {
        number: "Nomor telepon",
        number_hint: "Nomor ponsel yang ada WhatsApp-nya, dengan kode negara, misalnya +62 812-3456-7890.",
        number_faulty: "Ini bukan nomor telepon yang dapat kami gunakan. Awali dengan + dan kode negara.",
        refresh: "Muat ulang sekarang",
        refreshes: "Halaman ini dimuat ulang dengan sendirinya setiap {seconds} detik; waktu yang ditampilkan adalah menurut pemuatan terakhir.",
        page_until: "Halaman ini berhenti berfungsi dalam {time}.",
        not_me: "Ini bukan saya",
        not_me_hint: "Mengakhiri tautan dan semua yang pernah ditampilkannya, bagi semua orang.",
    },
    no_phone: Notice {
        title: "Tidak ada yang perlu dihubungkan di sini",
        body: &[
            "{label} berfungsi tanpa ponsel tertaut: tidak ada kode yang perlu dipindai dan tidak ada nomor yang perlu diketik.",
            "Anda dapat menutup halaman ini. Jika Anda mengharapkan hal lain, silakan tanyakan kepada pengirim tautan.",
        ],
    },
    closed: Notice {
        title: "Ditutup",
        body: &[
            "Tautan ini tidak berfungsi lagi bagi siapa pun, dan yang pernah ditampilkannya sudah dicabut.",
            "Jika seseorang mendesak Anda untuk membukanya, jangan balas orang itu. Periksa di WhatsApp, pada menu “Perangkat tertaut”, dan putuskan setiap perangkat yang tidak Anda kenal.",
        ],
    },
    ended: Notice {
        title: "Tautan ini sudah berakhir",
        body: &[
            "Tautan ini telah diganti atau dicabut, atau waktunya sudah habis. Mintalah yang baru kepada pengirimnya.",
        ],
    },
    too_many: Notice {
        title: "Sudah dibuka di tempat lain",
        body: &[
            "Tautan ini sudah dibuka di browser sebanyak jumlah yang diizinkan. Kembalilah ke tempat Anda pertama kali membukanya, atau mintalah yang baru kepada pengirimnya.",
            "Jika itu bukan Anda, mintalah pengirimnya untuk mencabut tautan ini.",
        ],
    },
    unknown: Notice {
        title: "Tidak ada apa-apa di sini",
        body: &[
            "Periksa apakah tautan disalin seluruhnya, atau mintalah yang baru kepada pengirimnya.",
        ],
    },
    foreign: Notice {
        title: "Tidak bisa dari halaman lain",
        body: &[
            "Buka tautannya langsung dan gunakan tombol di sana. Jika Anda sudah melakukannya, mungkin browser ini terlalu usang: coba browser lain.",
        ],
    },
    failed: Notice {
        title: "Ada masalah di pihak kami",
        body: &[
            "Tidak ada yang diubah sejauh yang dapat Anda lihat. Silakan kembali dan coba lagi sebentar lagi.",
        ],
    },
    reference: "Nomor referensi untuk dukungan: {reference}",
    a_minute: "sekitar satu menit",
    minutes: "{minutes} menit",
};
