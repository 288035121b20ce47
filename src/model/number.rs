//! The number of a phone as a person writes it: country and digits. Checked lightly; the proxy knows more.

use pairlink_protocol::Sensitive;

/// Every calling code, followed by the regions that share it, the main one first.
const CODES: &str = "\
1USAGAIASBBBMBSCADMDOGDGUJMKNKYLCMPMSPRSXTCTTVCVGVI7RUKZ20EG27ZA30GR31NL32BE33FR34ES36HU39ITVA40RO41CH43AT44GB\
GGIMJE45DK46SE47NOSJ48PL49DE51PE52MX53CU54AR55BR56CL57CO58VE60MY61AUCCCX62ID63PH64NZ65SG66TH81JP82KR84VN86CN90\
TR91IN92PK93AF94LK95MM98IR211SS212MAEH213DZ216TN218LY220GM221SN222MR223ML224GN225CI226BF227NE228TG229BJ230MU23\
1LR232SL233GH234NG235TD236CF237CM238CV239ST240GQ241GA242CG243CD244AO245GW246IO247AC248SC249SD250RW251ET252SO25\
3DJ254KE255TZ256UG257BI258MZ260ZM261MG262REYT263ZW264NA265MW266LS267BW268SZ269KM290SHTA291ER297AW298FO299GL350\
GI351PT352LU353IE354IS355AL356MT357CY358FIAX359BG370LT371LV372EE373MD374AM375BY376AD377MC378SM380UA381RS382ME3\
83XK385HR386SI387BA389MK420CZ421SK423LI500FK501BZ502GT503SV504HN505NI506CR507PA508PM509HT590GPBLMF591BO592GY59\
3EC594GF595PY596MQ597SR598UY599CWBQ670TL672NF673BN674NR675PG676TO677SB678VU679FJ680PW681WF682CK683NU685WS686KI\
687NC688TV689PF690TK691FM692MH850KP852HK853MO855KH856LA880BD886TW960MV961LB962JO963SY964IQ965KW966SA967YE968OM\
970PS971AE972IL973BH974QA975BT976MN977NP992TJ993TM994AZ995GE996KG998UZ";

/// Calling codes whose numbers keep a zero in front; everywhere else it is for calls within the country.
const KEEPS_ZERO: [&str; 6] = ["39", "378", "225", "229", "241", "242"];

/// A calling code and a region that uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Country {
    /// Two capital letters, as ISO 3166 has them.
    pub region: &'static str,
    /// Digits, without a plus.
    pub code: &'static str,
}

/// Every country that can be chosen, by calling code.
pub(crate) fn countries() -> impl Iterator<Item = Country> {
    let (mut rest, mut code) = (CODES, "");
    std::iter::from_fn(move || {
        let digits = leading_digits(rest);
        if digits > 0 {
            (code, rest) = rest.split_at_checked(digits)?;
        }
        let (region, after) = rest.split_at_checked(2)?;
        rest = after;
        Some(Country { region, code })
    })
}

/// The country of that region.
pub(crate) fn country(region: &str) -> Option<Country> {
    countries().find(|country| country.region == region)
}

/// The main country of a number that begins with its calling code.
fn country_of(digits: &str) -> Option<Country> {
    countries().find(|country| digits.starts_with(country.code))
}

/// What stands in the fields for the number.
#[derive(Default)]
#[cfg_attr(test, derive(Clone, PartialEq, Eq))]
pub(crate) struct Number {
    country: Option<Country>,
    typed: Option<Sensitive>,
    /// Whether it was found wanting, here or by the proxy; until it is changed.
    pub faulty: bool,
}

impl Number {
    /// An empty number of that country.
    pub(super) fn of(country: Option<Country>) -> Self {
        Self {
            country,
            typed: None,
            faulty: false,
        }
    }

    /// The country chosen, or recognised.
    pub(crate) const fn country(&self) -> Option<Country> {
        self.country
    }

    /// The digits as they were typed.
    pub(crate) fn typed(&self) -> &str {
        self.typed.as_ref().map_or("", Sensitive::expose)
    }

    /// Whether anything stands in the field.
    pub(crate) const fn is_typed(&self) -> bool {
        self.typed.is_some()
    }

    pub(super) fn type_in(&mut self, text: String) {
        self.faulty = false;
        if let Some(country) = international_part(&text).and_then(|rest| country_of(&digits(rest)))
            // Others that share the calling code stay chosen.
            && self.country.is_none_or(|chosen| chosen.code != country.code)
        {
            self.country = Some(country);
        }
        self.typed = Some(Sensitive::new(text));
    }

    pub(super) fn choose(&mut self, region: &str) {
        self.faulty = false;
        // The calling code that stands in the field would contradict the choice.
        if let Some(rest) = international_part(self.typed()) {
            let digits = digits(rest);
            let known = self.country.map_or("", |country| country.code);
            let national = digits.strip_prefix(known).unwrap_or(&digits);
            self.typed = Some(Sensitive::new(national));
        }
        self.country = country(region);
    }

    /// The whole number, digits only, if it can be one: 7 to 15 of them.
    pub(super) fn whole(&self) -> Option<Sensitive> {
        let typed = self.typed();
        let foreign = |byte| !matches!(byte, b'0'..=b'9' | b' ' | b'+' | b'-' | b'(' | b')' | b'.');
        if typed.bytes().any(foreign) {
            return None;
        }
        let whole = if let Some(rest) = international_part(typed) {
            digits(rest)
        } else {
            let code = self.country?.code;
            let national = digits(typed);
            // Far too short ones would otherwise pass with the help of their calling code.
            if national.len() < 4 {
                return None;
            }
            [code, without_trunk_prefix(code, &national)].concat()
        };
        ((7..=15).contains(&whole.len()) && !whole.starts_with('0')).then(|| Sensitive::new(whole))
    }
}

/// What follows a plus or two zeros.
fn international_part(text: &str) -> Option<&str> {
    let text = text.trim_ascii_start();
    text.strip_prefix('+').or_else(|| text.strip_prefix("00"))
}

/// The digits alone.
fn digits(text: &str) -> String {
    let mut digits = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            digits.push(char::from(byte));
        }
    }
    digits
}

/// Takes away what is dialled only within the country.
fn without_trunk_prefix<'a>(code: &str, national: &'a str) -> &'a str {
    match (code, national.len()) {
        ("1", 11) => national.strip_prefix('1'),
        ("7", 11) => national.strip_prefix('8'),
        ("36", _) => national.strip_prefix("06"),
        _ if KEEPS_ZERO.contains(&code) => None,
        _ => {
            let mut rest = national;
            while let Some(shorter) = rest.strip_prefix('0') {
                rest = shorter;
            }
            Some(rest)
        }
    }
    .unwrap_or(national)
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(region: &str, typed: &str) -> Number {
        let mut number = Number::of(country(region));
        number.type_in(typed.to_owned());
        number
    }

    #[test]
    fn knows_every_country_once() {
        let all: Vec<_> = countries().collect();
        let mut regions: Vec<_> = all.iter().map(|country| country.region).collect();
        regions.sort_unstable();
        regions.dedup();
        assert_eq!((all.len(), regions.len()), (245, 245));
        for country in all {
            assert!((1..=3).contains(&country.code.len()), "{country:?}");
            assert!(country.region.bytes().all(|byte| byte.is_ascii_uppercase()));
        }
        for (region, code) in [
            ("US", "1"),
            ("VI", "1"),
            ("GB", "44"),
            ("IE", "353"),
            ("UZ", "998"),
        ] {
            assert_eq!(country(region).unwrap().code, code);
        }
        assert_eq!(country("XX"), None);
    }

    #[test]
    fn no_calling_code_begins_with_another() {
        for one in countries() {
            for other in countries() {
                assert!(one.code == other.code || !other.code.starts_with(one.code));
            }
        }
    }

    #[test]
    fn reads_what_people_write() {
        for (region, typed, whole) in [
            ("GB", "+44 20 7946 0000", "442079460000"),
            ("GB", "0044 20 7946 0000", "442079460000"),
            ("GB", "020 7946-0000", "442079460000"),
            ("GB", "(7400) 123.456", "447400123456"),
            ("DE", " +44 20 7946 0000", "442079460000"),
            ("US", "1 212 555 0100", "12125550100"),
            ("US", "212 555 0100", "12125550100"),
            ("RU", "8 912 345 67 89", "79123456789"),
            ("HU", "06 20 123 4567", "36201234567"),
            ("IT", "06 1234 5678", "390612345678"),
            ("CI", "07 12 34 56 78", "2250712345678"),
            ("", "+998 90 123 45 67", "998901234567"),
        ] {
            let read = number(region, typed).whole();
            assert!(read.is_some_and(|read| read.expose() == whole), "{typed}");
        }
    }

    #[test]
    fn refuses_what_no_phone_has() {
        for (region, typed) in [
            ("GB", ""),
            ("GB", "+"),
            ("GB", "123"),
            ("GB", "+44123"),
            ("GB", "call me"),
            ("GB", "٠١٢٣٤٥٦٧٨٩"),
            ("GB", "12345678901234"),
            ("GB", "+0 12345678"),
            ("", "20 7946 0000"),
        ] {
            assert!(number(region, typed).whole().is_none(), "{typed}");
        }
    }

    #[test]
    fn the_country_follows_what_is_typed() {
        let region = |number: &Number| number.country().map(|country| country.region);
        assert_eq!(region(&number("GB", "+49 30")), Some("DE"));
        assert_eq!(region(&number("GB", "0049 30")), Some("DE"));
        assert_eq!(
            region(&number("CA", "+1 416")),
            Some("CA"),
            "it shares the code"
        );
        assert_eq!(region(&number("GB", "+")), Some("GB"));
        assert_eq!(region(&number("GB", "+999")), Some("GB"));
    }

    #[test]
    fn choosing_a_country_takes_the_other_code_away() {
        let mut number = number("GB", "+49 30 123456");
        number.choose("FR");
        assert_eq!(number.typed(), "30123456");
        assert!(
            number
                .whole()
                .is_some_and(|whole| whole.expose() == "3330123456")
        );
    }

    #[test]
    fn a_fault_is_forgiven_with_the_next_change() {
        for change in [
            |number: &mut Number| number.type_in("1".to_owned()),
            |number: &mut Number| number.choose("FR"),
        ] {
            let mut number = number("GB", "");
            number.faulty = true;
            change(&mut number);
            assert!(!number.faulty);
        }
    }
}
