//! The fault list: what goes wrong around a proxy, by number, and the test of each.
//!
//! A test's name says its number if it was written for the list. Where the design decides otherwise than the list, the
//! row says why.

mod ground;
#[cfg(all(unix, feature = "failpoints"))]
mod killed;
mod left_alone;
#[cfg(all(unix, feature = "failpoints"))]
mod struck;
mod wire;

use std::collections::BTreeSet;
use std::path::PathBuf;

/// One thing that goes wrong.
struct Row {
    number: u8,
    fault: &'static str,
    /// `file::test`, from the root of the repository.
    tests: &'static [&'static str],
    /// Where the design decides otherwise, and why; or what is not tested here.
    note: &'static str,
}

const fn row(number: u8, fault: &'static str, tests: &'static [&'static str]) -> Row {
    Row {
        number,
        fault,
        tests,
        note: "",
    }
}

impl Row {
    const fn but(self, note: &'static str) -> Self {
        Self { note, ..self }
    }
}

const LIST: &[Row] = &[
    row(1, "killed before the intent", &["proxy/tests/system/fault_list/killed.rs::f01_before_the_intent_nothing_exists"]),
    row(2, "killed after the intent", &["proxy/tests/system/fault_list/killed.rs::f02_after_the_intent_it_is_given_up_and_the_way_is_free"]),
    row(3, "killed while the provider mints, or after it has", &[
        "proxy/tests/system/fault_list/killed.rs::f03_after_the_providers_answer_the_link_is_taken_over",
        "proxy/tests/system/crash.rs::killed_while_minting_it_finds_the_link_at_the_next_start",
    ]).but("what is found to be ours is taken over, not deleted: whoever asked may ask again by the same key"),
    row(4, "the same, a code that nobody can ask for", &["proxy/tests/system/fault_list/killed.rs::f04_a_code_that_nobody_can_ask_for_is_left_to_its_end"])
        .but("another code may be asked for at once: three in a quarter of an hour is the bound, and the lost one was shown to nobody"),
    row(5, "the same, a token that nobody can take back", &["proxy/tests/system/fault_list/killed.rs::f05_a_token_that_nobody_has_ends_by_itself"])
        .but("no row for the lost token: its lease says that one may have been bought, and it ends within the hour"),
    row(6, "killed after the commit", &["proxy/tests/system/fault_list/killed.rs::f06_after_the_commit_the_same_key_gets_the_same_link"]),
    row(7, "killed before a revocation's commit", &["proxy/tests/system/fault_list/killed.rs::f07_before_the_revocations_commit_the_link_lives_and_can_be_revoked"]),
    row(8, "killed after a revocation's commit", &[
        "proxy/tests/system/fault_list/killed.rs::f08_after_the_revocations_commit_it_comes_to_its_end_by_itself",
        "proxy/tests/system/crash.rs::killed_while_revoking_it_revokes_at_the_next_start",
    ]),
    row(9, "revoked while minting", &["proxy/tests/system/races.rs::a_revocation_beats_the_minting_that_it_meets"])
        .but("the code is `revoked_during_issue`"),
    row(10, "many mint at once", &["proxy/tests/system/races.rs::many_who_ask_at_once_get_the_same_link"]),
    row(11, "the same request twice", &[
        "proxy/tests/system/repeating.rs::the_same_key_gets_the_same_answer",
        "proxy/tests/system/repeating.rs::a_key_is_for_one_request",
        "proxy/tests/system/races.rs::many_who_ask_with_the_same_key_ask_once",
    ]).but("while the first is on its way the second waits for it and gets its answer, not 409"),
    row(12, "the client leaves", &["proxy/tests/system/races.rs::what_was_minted_for_somebody_who_left_is_recorded"]),
    row(13, "the provider answers 5xx", &[
        "proxy/tests/system/faults/mint.rs::before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on",
        "proxy/tests/system/faults/mint.rs::after_its_effect_the_link_is_found_and_given_out",
    ]),
    row(14, "the provider answers 429", &[
        "proxy/tests/system/fault_list/left_alone.rs::f14_who_asks_to_wait_is_not_asked_before",
        "proxy/tests/system/fault_list/left_alone.rs::f14_who_fails_again_and_again_is_tried_by_one_call_after_a_while",
        "proxy/tests/system/fault_list/left_alone.rs::f14_what_takes_back_is_never_held_up",
    ]),
    row(15, "the provider takes half a minute", &["proxy/tests/system/races.rs::who_waits_too_long_is_told_to_wait_for_an_event"]),
    row(16, "the provider hangs", &["proxy/tests/system/faults/mint.rs::after_its_effect_and_with_no_way_to_ask_it_is_settled_later"])
        .but("the deadline is ten seconds, forty only for codes"),
    row(17, "answers that are none", &["proxy/tests/system/faults/mint.rs::before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on"])
        .but("not even a hash of the body is logged"),
    row(18, "the wrong content type", &["proxy/tests/system/faults/mint.rs::before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on"])
        .but("the type is not looked at: what is no JSON does not parse"),
    row(19, "an answer of a gibibyte, or that unpacks to one", &[
        "proxy/tests/system/fault_list/wire.rs::f19_an_answer_without_end_is_cut_off_compressed_or_not",
        "proxy/tests/system/crash.rs::answers_of_any_length_take_little_memory",
    ]).but("nothing is unpacked: no compressed answer is asked for"),
    row(20, "fields that are missing or refused", &["proxy/tests/system/faults/mint.rs::before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on"]),
    row(21, "absurd ends", &["proxy/tests/system/faults/mint.rs::before_its_effect_the_caller_is_told_and_the_earlier_link_lives_on"])
        .but("the adapters' own tests have the other forms"),
    row(22, "links that lead elsewhere", &["proxy/tests/system/faults/mint.rs::after_its_effect_the_link_is_found_and_given_out"])
        .but("read again instead of deleted: another may have answered in the provider's place"),
    row(23, "a token is refused", &["proxy/tests/system/lifetimes/attention.rs::two_refusals_are_enough"]),
    row(24, "a refresh whose answer is lost", &[
        "proxy/tests/system/lifetimes/chain.rs::a_refresh_whose_answer_is_lost_is_never_repeated",
        "proxy/tests/system/lifetimes/chain.rs::a_refresh_token_that_was_surely_not_sent_is_sent_later",
    ]),
    row(25, "two replicas refresh one token", &[
        "proxy/tests/system/lifetimes/processes.rs::two_processes_renew_once",
        "proxy/tests/system/lifetimes/processes.rs::who_was_paused_and_comes_late_changes_nothing",
    ]).but("SIGSTOP of a replica needs PostgreSQL: see the tests of replicas"),
    row(26, "a thousand tokens end in one second", &["proxy/tests/system/lifetimes/herd.rs::a_thousand_that_end_in_the_same_second_are_no_herd"]),
    row(27, "ninety days", &["proxy/tests/system/lifetimes/account.rs::ninety_days"]),
    row(28, "the database restarts", &[]).but("needs PostgreSQL: see the tests of replicas"),
    row(29, "the database is slow", &[
        "proxy/tests/system/fault_list/ground.rs::f29_a_store_that_does_not_answer_is_said_to_be_unavailable_and_a_revocation_counts_at_once",
        "proxy/tests/system/fault_list/ground.rs::f29_a_link_is_never_taken_for_good_when_nobody_can_look_it_up",
    ])
        .but("given up after five seconds, not two"),
    row(30, "a transaction is given up while it begins", &[]).but("needs PostgreSQL: see the tests of replicas"),
    row(31, "a second proxy on the file", &["proxy/tests/system/fault_list/ground.rs::f31_a_second_proxy_on_the_file_does_not_start_and_commands_work_beside_the_first"]),
    row(32, "the disk is full", &[
        "proxy/tests/system/fault_list/struck.rs::f32_on_a_full_disk_nothing_is_minted_and_a_revocation_counts_all_the_same",
        "proxy/tests/system/fault_list/struck.rs::f32_the_room_that_is_kept_is_enough_to_revoke",
        "proxy/src/store/sqlite/ground.rs::no_room_is_told_from_other_trouble",
    ]),
    row(33, "the power fails", &["proxy/src/store/sqlite/ground.rs::what_was_answered_survives_a_power_cut"])
        .but("the setting is tested, not the disk"),
    row(34, "a wrong key, a damaged row", &[
        "proxy/tests/system/fault_list/ground.rs::f34_a_wrong_key_is_named_and_a_damaged_row_is_its_own_connections_trouble",
        "proxy/tests/system/lifetimes/at_rest.rs::a_value_that_was_moved_does_not_open",
    ]).but("the key's file is named, not the key"),
    row(35, "the clock jumps", &["proxy/tests/system/fault_list/ground.rs::f35_a_clock_that_went_back_revives_nothing"])
        .but("within a process time is the monotonic clock's, so nothing can be tested"),
    row(36, "replicas' clocks differ", &[]).but("needs PostgreSQL: see the tests of replicas"),
    row(37, "names that do not resolve", &["proxy/tests/system/fault_list/wire.rs::f37_a_name_that_leads_nowhere_is_told_soon"]),
    row(38, "TLS that cannot be trusted", &["proxy/tests/system/fault_list/wire.rs::f38_a_provider_that_cannot_show_who_it_is_is_told_nothing"]),
    row(39, "notifications are lost", &[]).but("needs PostgreSQL: see the tests of replicas"),
    row(40, "a replica with many streams dies", &["proxy/tests/system/events.rs::a_page_that_comes_back_hears_what_it_missed"])
        .but("the number is measured, not tested"),
    row(41, "a page that does not read", &["proxy/tests/system/events.rs::who_missed_very_much_is_told_to_read_anew"]),
    row(42, "an embed token ends while a page listens", &[
        "proxy/tests/system/events.rs::a_stream_ends_with_its_token",
        "tests/browser/passes.rs::asks_for_a_new_token_once_when_one_is_refused",
    ]),
    row(43, "an embed token is revoked", &["proxy/tests/system/access.rs::a_revoked_key_takes_its_embed_tokens_and_their_streams_with_it"]),
    row(44, "a page is offline for a while", &[
        "tests/e2e/tests/e2e/network.rs::what_happened_while_a_page_was_offline_is_shown_when_it_is_back",
        "src/model/tests/showing.rs::offline_covers_nothing_that_is_valid_and_everything_that_is_not",
    ]),
    row(45, "a page sleeps", &["src/model/tests/showing.rs::after_sleep_covers_first_then_checks_then_shows"]),
    row(46, "wasm is missing, corrupt or forbidden", &[
        "tests/e2e/tests/e2e/loader.rs::whatever_is_missing_or_corrupt_there_are_words_and_the_page_is_unharmed",
        "tests/e2e/tests/e2e/loader.rs::where_wasm_is_forbidden_the_hosted_page_opens",
    ]),
    row(47, "the widget panics", &["tests/e2e/tests/e2e/crash.rs::an_element_that_breaks_says_so_harms_nothing_and_begins_anew"]),
    row(48, "revoked twice, or offline", &[
        "src/model/tests/revoking.rs::is_asked_for_once_while_under_way",
        "src/model/tests/revoking.rs::offline_it_stays_not_revoked_and_goes_on_when_online",
    ]),
    row(49, "asked to end with streams and mints", &[
        "proxy/tests/system/crash.rs::asked_to_end_it_closes_streams_and_ends_soon",
        "proxy/tests/system/crash.rs::asked_to_end_while_minting_it_first_comes_to_its_end",
    ]).but("ten thousand streams and a peer that goes on need PostgreSQL: see the tests of replicas"),
    row(50, "two versions on one database", &[]).but("needs PostgreSQL: see the tests of replicas"),
    row(51, "a rotation of keys is interrupted", &[
        "proxy/tests/system/rotation.rs::interrupted_anywhere_the_store_opens_and_the_next_run_comes_to_the_end",
        "proxy/tests/system/rotation/program.rs::killed_at_any_time_it_opens_and_goes_on",
    ]),
    row(52, "a handler panics", &["proxy/tests/system/fault_list/struck.rs::f52_a_panic_is_its_own_requests_end_and_nobody_elses"]),
    row(53, "yesterday's backup", &["proxy/tests/system/backup.rs::a_restored_store_gives_out_nothing_and_acts_on_nothing_until_it_may"]),
];

#[test]
fn every_number_has_a_test_that_there_is() {
    let here = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let root = here.parent().unwrap();
    let numbers: Vec<u8> = LIST.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=53).collect::<Vec<u8>>());
    let mut missing = BTreeSet::new();
    for row in LIST {
        assert!(!row.fault.is_empty());
        if row.tests.is_empty() && !row.note.contains("PostgreSQL") {
            missing.insert(format!("{} has no test", row.number));
        }
        for test in row.tests {
            let (file, name) = test.split_once("::").unwrap();
            let text = std::fs::read_to_string(root.join(file)).unwrap_or_default();
            if !text.contains(&format!("fn {name}(")) {
                missing.insert(format!("{}: {test}", row.number));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

/// What only builds for tests hold, and this one does not if it was made without the features.
#[cfg(not(any(feature = "failpoints", feature = "broken")))]
#[test]
fn an_ordinary_build_holds_no_failpoint_and_no_defect() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_pairlink")).unwrap();
    let holds = |name: &str| {
        program
            .windows(name.len())
            .any(|window| window == name.as_bytes())
    };
    assert!(holds("PAIRLINK"), "the search finds what is there");
    for name in ["FAILPOINTS", "mint.intended", "no-intent-row", "leak-log"] {
        assert!(!holds(name), "{name}");
    }
}
