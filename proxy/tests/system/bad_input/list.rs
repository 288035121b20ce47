//! The list of bad input that the project holds itself to, number by number: which test sends it, or why the answer is
//! another one.

use std::path::PathBuf;

use self::Answered::{AsListed, Otherwise};

/// How a case is answered, and which test shows it: its file, from the root of the repository, and its name.
enum Answered {
    /// As the list says.
    AsListed(&'static str, &'static str),
    /// Differently, for a reason.
    Otherwise(&'static str, &'static str, &'static str),
}

const BODIES: &str = "proxy/tests/system/bad_input/bodies.rs";
const HEADERS: &str = "proxy/tests/system/bad_input/headers.rs";
const PATHS: &str = "proxy/tests/system/bad_input/paths.rs";
const LINKS: &str = "proxy/tests/system/bad_input/links.rs";
const CONNECTIONS: &str = "proxy/tests/system/doors/connections.rs";
const LIMITS: &str = "proxy/tests/system/doors/limits.rs";
const STREAMS: &str = "proxy/tests/system/doors/streams.rs";
const ACCESS: &str = "proxy/tests/system/access.rs";
const HOSTED: &str = "proxy/tests/system/hosted.rs";
const REPEATING: &str = "proxy/tests/system/repeating.rs";
const FROM_PROVIDERS: &str = "proxy/tests/system/logins/provider_events.rs";
const OPTIONS: &str = "src/options.rs";

const NO_BACK: &str =
    "there are no addresses to return to: a page that opened a link stays on the proxy";

#[rustfmt::skip]
const LIST: &[(&[u8], &str, Answered)] = &[
    (&[1, 2, 3, 4], "no body, cut off, trailing comma, byte order mark", AsListed(BODIES, "what_is_not_json_is_refused")),
    (&[5, 6, 7, 8], "media types", AsListed(BODIES, "what_does_not_say_that_it_is_json_is_refused")),
    (&[9], "17 KiB", AsListed(BODIES, "what_is_too_long_is_refused")),
    (&[10], "chunks without end", AsListed(CONNECTIONS, "a_body_that_does_not_come_to_its_end_is_refused")),
    (&[11], "a length that is not true", AsListed(HEADERS, "a_body_that_is_shorter_than_promised_changes_nothing")),
    (&[12, 13, 14], "depth, ten thousand names, a name twice", AsListed(BODIES, "what_nobody_could_mean_is_refused")),
    (&[15, 16, 17], "unknown field, wrong type, null", AsListed(BODIES, "a_connection_needs_what_it_needs")),
    (&[18, 20], "U+0000, invisible characters", AsListed(BODIES, "a_connection_needs_what_it_needs")),
    (&[19], "half of a character", Otherwise("an escape of half a character is no JSON that every reader takes: 400", BODIES, "what_is_not_json_is_refused")),
    (&[21], "other methods", AsListed(HEADERS, "a_path_takes_its_methods_and_says_which")),
    (&[22], "overridden methods", AsListed(HEADERS, "no_header_makes_one_method_another")),
    (&[23], "HTTP/1.0 with a body", Otherwise("some reverse proxies speak it to what is behind them; with a length it is as clear as HTTP/1.1", HEADERS, "old_http_with_a_length_is_understood_and_without_one_has_no_body")),
    (&[24, 25, 26], "paths in disguise", AsListed(PATHS, "an_address_that_is_none_is_not_found")),
    (&[27, 28, 29], "authorization twice, of another kind, empty, long", AsListed(ACCESS, "without_a_token_that_fits_nobody_gets_in")),
    (&[30, 31, 32], "tokens in queries, cookies and bodies", AsListed(LIMITS, "a_token_in_an_address_is_refused_and_said_without_it")),
    (&[33, 34, 35], "tokens of another class", AsListed(ACCESS, "without_a_token_that_fits_nobody_gets_in")),
    (&[36, 38], "lifetimes", AsListed(BODIES, "a_share_link_lives_as_long_as_is_allowed")),
    (&[37], "a number beyond all numbers", Otherwise("readers do not agree on what it is, so it is no JSON: 400", BODIES, "a_share_link_lives_as_long_as_is_allowed")),
    (&[39, 40, 41], "connections of others, and none", AsListed(ACCESS, "another_tenants_key_finds_nothing_and_changes_nothing")),
    (&[42, 43], "the form of a key", AsListed(REPEATING, "a_key_has_a_form")),
    (&[44], "a key with another body", AsListed(REPEATING, "a_key_is_for_one_request")),
    (&[45], "an account that is connected", AsListed("proxy/tests/system/events.rs", "a_phone_that_connects_is_told_and_leaves_no_link_behind")),
    (&[46], "an expected phone that is none", AsListed(BODIES, "a_connection_needs_what_it_needs")),
    (&[47], "an address to return to", Otherwise(NO_BACK, BODIES, "a_share_link_lives_as_long_as_is_allowed")),
    (&[48, 49], "numbers as people write them", AsListed("proxy/src/http/convert.rs", "a_phone_number_is_wanted_with_a_code_and_refused_with_anything_else")),
    (&[50, 51, 52, 53], "numbers that are none", AsListed(BODIES, "a_code_is_for_a_number_that_is_one")),
    (&[54], "another phone than the expected one", AsListed("proxy/tests/system/logins/phones.rs", "a_code_for_another_phone_is_refused_before_anybody_is_asked")),
    (&[55], "a fourth code", AsListed("proxy/tests/system/logins/code_limits.rs", "a_phone_is_sent_three_codes_in_a_quarter_of_an_hour_whoever_asks")),
    (&[56, 57], "what the token does not allow", AsListed(ACCESS, "a_page_does_what_its_token_allows_and_nothing_else")),
    (&[58, 59, 60, 61], "origins", AsListed(BODIES, "an_embed_token_is_for_something_somewhere_and_not_for_ever")),
    (&[62, 63, 64, 65, 66], "addresses to return to", Otherwise(NO_BACK, BODIES, "a_share_link_lives_as_long_as_is_allowed")),
    (&[67, 68], "actions and lifetimes of embed tokens", AsListed(BODIES, "an_embed_token_is_for_something_somewhere_and_not_for_ever")),
    (&[69, 70, 71, 72], "addresses that are nearly a share link", AsListed(HOSTED, "an_address_that_is_none_leads_nowhere")),
    (&[73], "a query behind a share link", AsListed(LINKS, "what_messengers_add_to_an_address_does_no_harm")),
    (&[74, 75, 76], "share links that ended", AsListed(HOSTED, "only_a_few_browsers_can_open_one_link")),
    (&[77], "conditions, ranges and pictures", AsListed(LINKS, "a_page_is_given_whole_whatever_is_asked_for")),
    (&[78, 79, 80, 81], "forms of other sites", Otherwise("what the browser says of the site, or else the origin, is looked at; a number used once would say nothing more, and breaks the button Back", HOSTED, "another_sites_form_does_nothing")),
    (&[82], "a fourth browser", Otherwise("410: for that browser the link is over, and waiting does not help", HOSTED, "only_a_few_browsers_can_open_one_link")),
    (&[83], "revoking by reading", Otherwise("refused as a query that nobody knows, which changes nothing either", HEADERS, "no_header_makes_one_method_another")),
    (&[84], "revoking twice", AsListed("proxy/tests/system/passes.rs", "a_backend_issues_reads_and_revokes")),
    (&[85], "revoking what is others'", AsListed(ACCESS, "another_tenants_key_finds_nothing_and_changes_nothing")),
    (&[86], "last events that were none", AsListed(HEADERS, "a_last_event_that_was_none_begins_anew")),
    (&[87], "a last event of others", AsListed("proxy/tests/system/events.rs", "another_connections_events_are_not_told")),
    (&[88], "a sixth stream", AsListed(STREAMS, "a_token_holds_five_and_what_it_lets_go_is_free")),
    (&[89], "streams of another kind", AsListed("proxy/tests/system/events.rs", "only_who_takes_events_gets_them")),
    (&[90], "a wrong signature", Otherwise("providers do not sign; the address is the secret, and 404 says nothing of it", FROM_PROVIDERS, "whatever_is_wrong_with_an_address_is_not_told")),
    (&[91, 92], "old and repeated events", Otherwise("an event is a reason to ask the provider, nothing more", FROM_PROVIDERS, "a_flood_is_one_question")),
    (&[93], "unknown events, or of others", Otherwise("200, because providers hold back what follows a refusal; it leads to nothing", FROM_PROVIDERS, "what_is_no_hint_is_taken_in_and_leads_to_nothing")),
    (&[94, 95, 96, 97, 98], "addresses within", AsListed("proxy/tests/system/faults/mint.rs", "where_private_addresses_are_forbidden_none_is_called")),
    (&[99, 100, 101], "secrets that cannot be some", AsListed(BODIES, "a_connection_needs_what_it_needs")),
    (&[102, 103, 104, 105], "addresses of the proxy", AsListed(OPTIONS, "refuses_bases_that_are_not_a_proxys_address")),
    (&[106, 107, 108], "the token as an attribute", AsListed("tests/e2e/tests/examples/element.rs", "a_page_that_sets_nonsense_is_told_so_and_stays_whole")),
    (&[109], "a locale that is none", AsListed(OPTIONS, "a_wrong_look_falls_back")),
    (&[110], "a theme that is none", AsListed(OPTIONS, "a_wrong_look_falls_back")),
    (&[111], "an id of a connection with a slash", Otherwise("the element names no connection: its token does", OPTIONS, "names_the_unknown_key")),
    (&[112], "two elements", AsListed("tests/e2e/tests/e2e/loader.rs", "elements_of_one_page_share_all_that_can_be_shared")),
    (&[113], "an element that goes", AsListed("tests/browser/lifecycle.rs", "destroyed_in_the_middle_of_a_request")),
    (&[114], "an attribute that keeps changing", AsListed("tests/browser/lifecycle.rs", "takes_a_new_look_without_beginning_anew")),
    (&[115, 116, 117], "functions that give no token", AsListed("tests/e2e/tests/e2e/loader.rs", "a_function_that_gives_no_token_is_a_failure_that_is_said")),
    (&[118, 119], "states and answers that nobody knows", AsListed("tests/browser/passes.rs", "rubbish_is_an_error_and_not_a_crash")),
    (&[120], "lifetimes beyond all measure", AsListed("src/model/tests/clocks.rs", "absurd_lifetimes_are_survived")),
];

#[test]
fn every_number_is_answered_for_once_by_a_test_that_is_there() {
    let mut numbers: Vec<u8> = LIST
        .iter()
        .flat_map(|(numbers, _what, _answered)| numbers.iter().copied())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=120).collect::<Vec<u8>>());
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("..");
    for (numbers, what, answered) in LIST {
        let (file, test) = match answered {
            AsListed(file, test) => (file, test),
            Otherwise(reason, file, test) => {
                assert!(!reason.is_empty());
                (file, test)
            }
        };
        let source = std::fs::read_to_string(root.join(file)).unwrap();
        let is_there = source.contains(&format!("fn {test}("));
        assert!(is_there, "{numbers:?} {what}: no {test} in {file}");
    }
}
