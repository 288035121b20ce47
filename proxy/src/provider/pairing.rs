//! WhatsApp's own pairing codes and QR codes, which are the same whichever provider hands them over.

use crate::domain::Content;
use crate::secret::Secret;

/// Reads a pairing code: eight letters and digits, which some write as 4-4. Which ones there are is WhatsApp's business.
pub(super) fn read_code(text: &str) -> Option<Content> {
    let code = text.replace([' ', '-'], "");
    let plausible =
        (4..=16).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plausible.then(|| Content::Code(Secret::new(code)))
}

/// Reads the text of a QR code, as much as a QR code holds.
pub(super) fn read_qr(text: String) -> Option<Content> {
    let plausible = (1..=2953).contains(&text.len()) && !text.chars().any(char::is_control);
    plausible.then(|| Content::Qr(Secret::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_without_what_parts_them() {
        for text in ["ABCD-1234", "ABCD1234", "ABCD 1234"] {
            let code = read_code(text).unwrap();
            assert_eq!(code.secret().expose(), "ABCD1234");
        }
        for text in [
            "",
            "-",
            "ABC",
            "<b>ABCD</b>",
            "ÄBCD1234",
            "ABCD1234ABCD12345",
        ] {
            assert!(read_code(text).is_none(), "{text}");
        }
    }

    #[test]
    fn qr_codes_hold_one_line_of_text() {
        assert!(read_qr("2@abc,def".to_owned()).is_some());
        for text in ["", "a\nb", &"x".repeat(2954)] {
            assert!(read_qr(text.to_owned()).is_none());
        }
    }
}
