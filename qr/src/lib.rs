//! Text to one SVG path: the same picture from the proxy, which draws it for pages whose WebAssembly is not there yet,
//! and from the widget. Pure; knows nothing of what the text is for.

mod codewords;

use qrcode::canvas::Canvas;
use qrcode::{Color, EcLevel, Version};

use self::codewords::codewords;

/// Longer texts make codes that cameras read badly.
const LONGEST_TEXT_BYTES: usize = 1024;

/// The light modules that the standard asks for on every side.
pub const QUIET_ZONE: usize = 4;

/// A QR code as it stands in a page: squares of one unit, the quiet zone left free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width and height in units, quiet zone included.
    pub size: usize,
    /// The dark modules, as the `d` of one path.
    pub path: String,
}

/// A text that is too long for a QR code which people can scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Draws the text.
pub fn draw(text: &str) -> Result<Drawing, TooLong> {
    if text.len() > LONGEST_TEXT_BYTES {
        return Err(TooLong);
    }
    let (width, colors) = encode(text).ok_or(TooLong)?;
    let mut path = String::with_capacity(width * width * 4);
    for (row, modules) in colors.chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|left, right| left == right) {
            if run.first() == Some(&Color::Dark) {
                push_run(&mut path, column + QUIET_ZONE, row + QUIET_ZONE, run.len());
            }
            column += run.len();
        }
    }
    Ok(Drawing {
        size: width + 2 * QUIET_ZONE,
        path,
    })
}

/// The width and the modules, row by row, of the smallest code that holds the text. Medium correction: what it costs in
/// size it gives back on glaring screens. As plain bytes: links hardly gain by cleverer ways of packing.
fn encode(text: &str) -> Option<(usize, Vec<Color>)> {
    let codewords = codewords(text.as_bytes())?;
    let version = Version::Normal(codewords.version.into());
    let mut canvas = Canvas::new(version, EcLevel::M);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&codewords.data, &codewords.correction);
    let width = usize::try_from(version.width()).ok()?;
    Some((width, canvas.apply_best_mask().into_colors()))
}

/// Appends a bar of dark modules, one unit high.
fn push_run(path: &mut String, x: usize, y: usize, length: usize) {
    path.push('M');
    push_number(path, x);
    path.push(' ');
    push_number(path, y);
    path.push('h');
    push_number(path, length);
    path.push_str("v1H");
    push_number(path, x);
    path.push('z');
}

const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Appends a number without the formatting machinery, which would weigh more than the rest of this module.
pub fn push_number(text: &mut String, number: usize) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push_str(DIGITS.get(number % 10).copied().unwrap_or_default());
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const LINK: &str = "https://app.wawp.net/temp-qr/0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr";

    /// Paints the path with four pixels for a unit, reading it as a browser would, and decodes what is to be seen.
    fn scan(drawing: &Drawing) -> String {
        scan_below(drawing, |_x, _y| None)
    }

    /// The same with something laid over it: whether that is dark at a place, in thousandths across and down.
    fn scan_below(drawing: &Drawing, laid: impl Fn(usize, usize) -> Option<bool>) -> String {
        const SCALE: usize = 4;
        let mut dark = vec![false; drawing.size * drawing.size];
        for bar in drawing.path.split_terminator('z') {
            let (x, rest) = bar.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (length, back) = rest.split_once("v1H").unwrap();
            assert_eq!(back, x, "the bar closes where it began");
            let (x, y, length): (usize, usize, usize) = (
                x.parse().unwrap(),
                y.parse().unwrap(),
                length.parse().unwrap(),
            );
            for column in x..x + length {
                dark[y * drawing.size + column] = true;
            }
        }
        let side = drawing.size * SCALE;
        let share = |at: usize| (2 * at + 1) * 500 / side;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            let below = dark[y / SCALE * drawing.size + x / SCALE];
            if laid(share(x), share(y)).unwrap_or(below) {
                0
            } else {
                255
            }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0]
            .decode()
            .unwrap_or_else(|error| panic!("{} wide: {error}", drawing.size))
            .1
    }

    #[test]
    fn another_decoder_reads_the_same_text() {
        for text in [LINK, "2@example,example,example", "a", &"x".repeat(300)] {
            assert_eq!(scan(&draw(text).unwrap()), text);
        }
    }

    /// As much as the element's style sheet lets a host lay over the middle, and a glare beside it. No link is shorter.
    #[test]
    fn a_mark_in_the_middle_leaves_enough_to_read() {
        const MARK: usize = 160;
        const GLARE: usize = 80;
        let near = |x: usize, y: usize, middle: (usize, usize), side: usize| {
            2 * x.abs_diff(middle.0).max(y.abs_diff(middle.1)) < side
        };
        for length in [40, 60, 90, 170, 300, 520, 1024] {
            let letters = "abcdefghijklmnopqrstuvwxyz-0123456789".chars().cycle();
            let text: String = letters.step_by(7).take(length).collect();
            let drawing = draw(&text).unwrap();
            for dark in [true, false] {
                let read = scan_below(&drawing, |x, y| {
                    let glare = near(x, y, (500, 750), GLARE).then_some(false);
                    let mark = near(x, y, (500, 500), MARK).then_some(dark);
                    mark.or(glare)
                });
                assert_eq!(read, text, "{length}");
            }
        }
    }

    #[test]
    fn leaves_the_quiet_zone_free() {
        let drawing = draw(LINK).unwrap();
        for bar in drawing.path.split_terminator('z') {
            let (x, rest) = bar.strip_prefix('M').unwrap().split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            assert!(x >= QUIET_ZONE && x + length <= drawing.size - QUIET_ZONE);
            assert!(y >= QUIET_ZONE && y < drawing.size - QUIET_ZONE);
        }
    }

    #[test]
    fn refuses_what_nobody_could_scan() {
        assert!(draw(&"x".repeat(1024)).is_ok());
        assert_eq!(draw(&"x".repeat(1025)), Err(TooLong));
    }

    #[test]
    fn writes_numbers() {
        for number in [0, 7, 10, 99, 177, 1024] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
