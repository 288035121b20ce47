#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names of strings, not of files"
)]

use super::*;

/// Every language with each of its strings and what that is called.
fn strings() -> impl Iterator<Item = (&'static Words, String, &'static str)> {
    LANGUAGES.iter().flat_map(|words| {
        Words::names()
            .into_iter()
            .zip(words.list())
            .map(|(name, text)| (*words, name, text))
    })
}

#[test]
fn finds_the_language_for_every_way_to_write_its_tag() {
    for (tags, language) in [
        (
            &[
                "en",
                "EN-gb",
                "en_US.UTF-8",
                "xx",
                "",
                "e",
                "-",
                "x-private",
                "zz-en",
            ][..],
            "en",
        ),
        (&["de", "DE", "de-AT", "de-Latn-CH-1996", "de_CH"], "de"),
        (&["pt", "pt-BR", "pt-PT", "PT_br"], "pt-BR"),
        (&["he", "he-IL", "iw", "iw_IL"], "he"),
        (&["id", "in", "in-ID"], "id"),
        (
            &[
                "zh",
                "zh-CN",
                "zh-SG",
                "zh-Hans",
                "zh-hans-my",
                "zh-TW",
                "zh-Hant-HK",
                "cmn-Hans",
            ],
            "zh-Hans",
        ),
        (&["ar-EG", "ar-u-nu-latn"], "ar"),
        (&["hi-IN", "hi_IN"], "hi"),
    ] {
        for tag in tags {
            assert_eq!(of(tag).language, language, "{tag}");
        }
    }
    assert!(find("xx").is_none() && find("english").is_none());
}

#[test]
fn every_language_is_there_once_and_written_one_way() {
    for (index, words) in LANGUAGES.iter().enumerate() {
        let first = LANGUAGES
            .iter()
            .position(|other| primary(other.language) == primary(words.language));
        assert_eq!(first, Some(index), "{}", words.language);
        let rtl = matches!(words.language, "ar" | "he");
        assert_eq!(
            words.direction,
            if rtl { "rtl" } else { "ltr" },
            "{}",
            words.language
        );
    }
    assert_eq!(LANGUAGES.first(), Some(&english()));
}

#[test]
fn the_loaders_strings_stand_first() {
    let first: Vec<_> = Words::names().into_iter().take(6).collect();
    assert_eq!(
        first,
        [
            "direction",
            "failed",
            "setup",
            "retry",
            "open_hosted",
            "language"
        ]
    );
}

#[test]
fn a_language_becomes_a_list_and_a_list_a_language() {
    for words in LANGUAGES {
        let list = words.list();
        assert_eq!((list.len(), Words::names().len()), (Words::LEN, Words::LEN));
        let read = Words::from_text(&list.join("\0")).unwrap();
        assert_eq!(read.list(), list);
        assert_eq!(
            (
                read.language,
                read.qr.live.title,
                read.failures.unavailable.body
            ),
            (
                words.language,
                words.qr.live.title,
                words.failures.unavailable.body
            )
        );
    }
}

#[test]
fn reads_a_language_once() {
    let text = english().list().join("\0");
    let read = Words::from_text(&text);
    assert!(read.is_some());
    assert_eq!(read, Words::from_text(&text.clone()));
    let other = text.replace("Try again", "Once more");
    assert_ne!(read, Words::from_text(&other));
}

#[test]
fn refuses_a_list_that_is_too_short_or_too_long() {
    let list = english().list();
    assert!(Words::from_text(&list[1..].join("\0")).is_none());
    assert!(Words::from_text(&[list, vec!["more"]].concat().join("\0")).is_none());
    assert!(Words::from_text("").is_none());
}

#[test]
fn says_something_everywhere_and_nothing_odd() {
    for (words, name, text) in strings() {
        let place = format!("{} {name}: {text:?}", words.language);
        assert!(!text.is_empty() && text == text.trim(), "{place}");
        assert!(!text.contains(SEPARATOR) && !text.contains("  "), "{place}");
        assert!(
            !text.contains("..."),
            "an ellipsis is one character: {place}"
        );
        assert!(text.lines().all(|line| line == line.trim()), "{place}");
        let lines = name.ends_with(".steps");
        assert_eq!(text.contains('\n'), lines, "{place}");
    }
}

#[test]
fn what_has_a_place_for_a_value_has_it_once() {
    for (words, name, text) in strings() {
        let is_template = matches!(
            name.as_str(),
            "dead_by" | "ends_at" | "retry_in" | "wait" | "left"
        ) || name.ends_with(".aside");
        let place = format!("{} {name}: {text:?}", words.language);
        assert_eq!(
            text.matches("{}").count(),
            usize::from(is_template),
            "{place}"
        );
        assert_eq!(
            text.matches(['{', '}']).count(),
            usize::from(is_template) * 2,
            "{place}"
        );
    }
}

#[test]
fn sentences_end_and_headlines_do_not() {
    for (words, name, text) in strings() {
        let place = format!("{} {name}: {text:?}", words.language);
        let ends = text.ends_with(['.', '。', '।', '؟', '?']);
        if name.ends_with(".body") || name.ends_with(".aside") || name.ends_with("_hint") {
            assert!(ends, "{place}");
        } else if name.ends_with(".title") && name != "parting.title" {
            assert!(!ends, "{place}");
        }
    }
    for words in LANGUAGES {
        assert!(words.reference.ends_with([':', '：']), "{}", words.language);
        assert!(
            words.parting.title.ends_with(['?', '؟', '？']),
            "{}",
            words.language
        );
    }
}

#[test]
fn what_stands_in_little_room_is_short() {
    for (words, name, text) in strings() {
        let room = match name.as_str() {
            name if name.starts_with("chips.") => 18,
            "link.name" | "qr.name" | "code.name" | "token.name" => 16,
            "retry" | "cancel" | "log_out" | "stay" | "reveal" | "mask" | "copied" | "open"
            | "revoke" | "check" => 24,
            name if [".issue", ".reissue", ".copy"]
                .iter()
                .any(|end| name.ends_with(end)) =>
            {
                26
            }
            name if name.ends_with(".title") => 48,
            _other => 260,
        };
        assert!(
            text.chars().count() <= room,
            "{} {name}: {text:?} is longer than {room}",
            words.language
        );
    }
}

/// What people call these things is the same in many languages, and some words are.
#[test]
fn no_language_is_english_in_disguise() {
    let english = english().list();
    for words in LANGUAGES.iter().filter(|words| words.language != "en") {
        let same = words
            .list()
            .iter()
            .zip(&english)
            .filter(|(text, english)| text == english)
            .count();
        assert!(same <= 12, "{}: {same} strings are English", words.language);
        for (name, (text, english)) in Words::names().iter().zip(words.list().iter().zip(&english))
        {
            let long = english.split(' ').count() > 3;
            assert!(
                !long || text != english,
                "{} {name} is English",
                words.language
            );
        }
    }
}

#[test]
fn whatsapp_is_called_whatsapp() {
    for words in LANGUAGES {
        for text in [
            words.qr.live.title,
            words.code.live.title,
            words.connected.title,
            words.link.steps,
        ] {
            assert!(text.contains("WhatsApp"), "{}: {text:?}", words.language);
        }
        let steps = [&words.link, &words.qr, &words.code, &words.token]
            .map(|method| method.steps.lines().count());
        assert_eq!(steps, [3, 3, 4, 2], "{}", words.language);
    }
}

#[test]
fn a_link_is_never_to_be_scanned_with_whatsapp() {
    for (words, name, text) in strings() {
        let alone =
            ["link.caption", "link.picture", "link.issue", "link.copy"].contains(&name.as_str());
        assert!(
            !alone || !text.contains("WhatsApp"),
            "{} {name}: {text:?}",
            words.language
        );
    }
    let link = &english().link;
    let all = format!("{link:?}").to_lowercase();
    for wrong in [
        "scan with whatsapp",
        "scan this code with whatsapp",
        "scan it with whatsapp",
    ] {
        assert!(!all.contains(wrong), "{wrong}");
    }
    assert!(link.caption.contains("camera"));
}

#[test]
fn cuts_where_the_character_stands() {
    for (text, parts) in [
        ("a|b|c", ("a", "b|c")),
        ("|b", ("", "b")),
        ("é|ß", ("é", "ß")),
        ("ab", ("ab", "")),
        ("", ("", "")),
    ] {
        assert_eq!(cut(text, "|"), parts);
    }
}
