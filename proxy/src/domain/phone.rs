//! Phone numbers: read once, where they come in. What a number is for, this does not know.

use zeroize::Zeroizing;

use crate::secret::Secret;

/// Longer than any way to write a number.
const LONGEST_TEXT: usize = 40;

/// A phone number in the international form of E.164, its digits alone. Personal data: no `Debug`, no `Display`.
#[derive(Clone)]
pub struct PhoneNumber(Secret);

/// A text that is no phone number, or one without its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an international phone number")]
pub struct InvalidPhoneNumber;

impl PhoneNumber {
    /// Reads an international number as people write it: after `+`, after `00`, or its digits alone; with spaces, dots,
    /// dashes, slashes and parentheses. It must be one that its country gives out.
    pub fn parse(text: &str) -> Result<Self, InvalidPhoneNumber> {
        let text = text.trim();
        // The library reads letters and extensions too; here they are mistakes.
        let plain = text.chars().enumerate().all(|(at, character)| {
            character.is_ascii_digit()
                || (at == 0 && character == '+')
                || matches!(
                    character,
                    ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '/' | '(' | ')'
                )
        });
        // Between digits a dash says nothing; before them it would be a sign.
        if !plain || text.starts_with('-') || text.len() > LONGEST_TEXT {
            return Err(InvalidPhoneNumber);
        }
        let digits = Zeroizing::new(text.replace(|letter: char| !letter.is_ascii_digit(), ""));
        let international = if text.starts_with('+') {
            digits.as_str()
        } else {
            digits.strip_prefix("00").unwrap_or(&digits)
        };
        if international.starts_with('0') {
            return Err(InvalidPhoneNumber);
        }
        let number = phonenumber::parse(None, Zeroizing::new(format!("+{international}")).as_str())
            .map_err(|_cause| InvalidPhoneNumber)?;
        if !phonenumber::is_valid(&number) {
            return Err(InvalidPhoneNumber);
        }
        let digits = Zeroizing::new(format!("{}{}", number.code().value(), number.national()));
        // Some countries' own rules let by more than E.164 has room for.
        if !(7..=15).contains(&digits.len()) {
            return Err(InvalidPhoneNumber);
        }
        Ok(Self(Secret::new(digits.as_str())))
    }

    /// The digits, the country's first: 7 to 15, no leading 0.
    pub fn digits(&self) -> &str {
        self.0.expose()
    }

    /// Whether WhatsApp knows the number with these digits as the same account.
    pub fn is_account(&self, digits: &str) -> bool {
        account_form(self.digits()) == account_form(digits)
    }

    /// The digits read as one integer, as some providers want it.
    pub fn as_integer(&self) -> u64 {
        self.digits()
            .bytes()
            .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    }
}

/// The number of the phone that is linked, as a provider tells it. Personal data: no `Debug`, no `Display`.
#[derive(Clone)]
pub struct LinkedPhone(Secret);

impl LinkedPhone {
    /// Reads its digits. Not every number that has an account is one that its country gives out today.
    pub fn parse(digits: &str) -> Result<Self, InvalidPhoneNumber> {
        let fits = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if fits {
            Ok(Self(Secret::new(digits)))
        } else {
            Err(InvalidPhoneNumber)
        }
    }

    /// Whether it is the account of the number with these digits.
    pub fn is_account(&self, digits: &str) -> bool {
        account_form(self.0.expose()) == account_form(digits)
    }
}

/// A number as WhatsApp has it, in the shorter of two ways. Three countries put a digit before mobile numbers that
/// accounts have or have not got: the ninth of Brazil, the 1 of Mexico, the 9 of Argentina.
fn account_form(digits: &str) -> Zeroizing<String> {
    let without = |country: &str, at: usize, digit: char, length: usize| {
        let has = digits.len() == length
            && digits.starts_with(country)
            && digits.chars().nth(at) == Some(digit);
        has.then(|| {
            let kept = digits.chars().enumerate().filter(|(place, _)| *place != at);
            Zeroizing::new(kept.map(|(_, digit)| digit).collect())
        })
    };
    without("55", 4, '9', 13)
        .or_else(|| without("52", 2, '1', 13))
        .or_else(|| without("54", 2, '9', 13))
        .unwrap_or_else(|| Zeroizing::new(digits.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Option<String> {
        let number = PhoneNumber::parse(text).ok()?;
        assert_eq!(number.as_integer().to_string(), number.digits(), "{text}");
        Some(number.digits().to_owned())
    }

    #[test]
    fn what_is_longer_than_numbers_can_be_is_refused() {
        assert_eq!(digits("+4969606004096001"), None);
    }

    #[test]
    fn reads_every_way_to_write_one_number() {
        for text in [
            "+441234567890",
            "441234567890",
            "00441234567890",
            "+44 1234 567890",
            " 0044 1234-567-890 ",
            "+44 (0)1234 567890",
            "+44.1234.567.890",
            "+44\u{a0}1234\u{202f}567890",
        ] {
            assert_eq!(digits(text).as_deref(), Some("441234567890"), "{text}");
        }
    }

    #[test]
    fn reads_numbers_of_many_countries() {
        for text in [
            "79123456780",
            "12132132130",
            "4915112345678",
            "5511987654321",
            "919876543210",
            "390612345678",
            "6581234567",
            "2348031234567",
        ] {
            assert_eq!(digits(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn one_account_may_have_two_numbers_and_two_accounts_never_one() {
        let linked = |digits| LinkedPhone::parse(digits).ok();
        for (linked_digits, expected) in [
            ("441234567890", "441234567890"),
            ("551187654321", "5511987654321"),
            ("5511987654321", "551187654321"),
            ("5215512345678", "525512345678"),
            ("5491123456789", "541123456789"),
        ] {
            assert!(
                linked(linked_digits).unwrap().is_account(expected),
                "{expected}"
            );
        }
        for (linked_digits, expected) in [
            ("441234567891", "441234567890"),
            ("5511887654321", "551187654321"),
            ("551197654321", "5511987654321"),
            ("449", "441234567890"),
        ] {
            let same = linked(linked_digits).is_some_and(|linked| linked.is_account(expected));
            assert!(!same, "{linked_digits} {expected}");
        }
        for digits in [
            "",
            "0123456789",
            "+441234567890",
            "44 1234",
            "1234567890123456",
        ] {
            assert!(linked(digits).is_none(), "{digits}");
        }
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            " ",
            "+",
            "00",
            "+0044 1234 567890",
            "01234 567890",
            "12345",
            "+1 800 FLOWERS",
            "+44 1234 567890 ext. 5",
            "+44 1234 567890;ext=5",
            "++441234567890",
            "44+1234567890",
            "+999 1234567890",
            "+44 1234 5678901234567890",
            "٤٤١٢٣٤٥٦٧٨٩٠",
            "+44 1234\n567890",
            "tel:+441234567890",
            "-441234567890",
            &"4".repeat(200),
        ] {
            assert_eq!(digits(text), None, "{text}");
        }
    }
}
