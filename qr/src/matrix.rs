//! Where the squares of a QR code stand, and which of the eight masks makes them easiest to read, by ISO/IEC 18004.
//!
//! The encoder's crate can do this as well, for every kind of code; the tests hold every outcome against it.

/// The squares of a code, row by row, without a quiet zone.
#[derive(Clone)]
pub(super) struct Matrix {
    pub width: usize,
    pub dark: Vec<bool>,
    /// Whether a square is there for the camera, and says nothing of the text.
    fixed: Vec<bool>,
}

/// Draws the codewords of a code of that version, under the best mask.
pub(super) fn matrix(version: u8, codewords: &[u8]) -> Matrix {
    let version = usize::from(version);
    let width = 17 + 4 * version;
    let mut matrix = Matrix {
        width,
        dark: vec![false; width * width],
        fixed: vec![false; width * width],
    };
    matrix.orient(version);
    matrix.describe(0);
    matrix.fill(codewords);
    let mut best = (u32::MAX, matrix.clone());
    for mask in 0..8 {
        let mut masked = matrix.clone();
        masked.mask(mask);
        masked.describe(mask);
        let penalty = masked.penalty();
        if penalty < best.0 {
            best = (penalty, masked);
        }
    }
    best.1
}

impl Matrix {
    fn at(&self, x: usize, y: usize) -> Option<usize> {
        (x < self.width && y < self.width).then(|| y * self.width + x)
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        self.at(x, y).and_then(|at| self.dark.get(at).copied()) == Some(true)
    }

    fn set(&mut self, x: usize, y: usize, dark: bool) {
        if let Some(at) = self.at(x, y)
            && let (Some(square), Some(fixed)) = (self.dark.get_mut(at), self.fixed.get_mut(at))
        {
            *square = dark;
            *fixed = true;
        }
    }

    /// Squares within squares around a point, dark but for these.
    fn rings(&mut self, x: usize, y: usize, reach: usize, light: [usize; 2]) {
        for row in 0..=2 * reach {
            for column in 0..=2 * reach {
                let distance = row.abs_diff(reach).max(column.abs_diff(reach));
                // What lies outside is no place.
                self.set(
                    (x + column).wrapping_sub(reach),
                    (y + row).wrapping_sub(reach),
                    !light.contains(&distance),
                );
            }
        }
    }

    /// What tells a camera where the code is, how it lies, and how large it is.
    fn orient(&mut self, version: usize) {
        let end = self.width - 1;
        for place in 0..self.width {
            self.set(6, place, place % 2 == 0);
            self.set(place, 6, place % 2 == 0);
        }
        for (x, y) in [(3, 3), (end - 3, 3), (3, end - 3)] {
            self.rings(x, y, 4, [2, 4]);
        }
        let steps = version / 7 + 1;
        let step = (version * 8 + steps * 3 + 8) / (steps * 4) * 2;
        let place = |number: usize| match number {
            0 => 6,
            _ => end - 6 - (steps - number) * step,
        };
        for row in 0..=steps {
            for column in 0..=steps {
                let in_a_corner = [(0, 0), (0, steps), (steps, 0)].contains(&(row, column));
                if version > 1 && !in_a_corner {
                    self.rings(place(column), place(row), 2, [1, 1]);
                }
            }
        }
        if version > 6 {
            let bits = with_remainder(version, 12, 0x1f25);
            for bit in 0..18 {
                let (near, far) = (bit / 3, end - 10 + bit % 3);
                self.set(near, far, bits >> bit & 1 == 1);
                self.set(far, near, bits >> bit & 1 == 1);
            }
        }
    }

    /// Says twice which mask there is, and that the correction is medium, whose sign is 0.
    fn describe(&mut self, mask: usize) {
        let bits = with_remainder(mask, 10, 0x537) ^ 0x5412;
        let end = self.width - 1;
        for bit in 0..15 {
            let dark = bits >> bit & 1 == 1;
            // Around the corner, past the line of the beat.
            match bit {
                0..6 => self.set(8, bit, dark),
                6 | 7 => self.set(8, bit + 1, dark),
                8 => self.set(7, 8, dark),
                _ => self.set(14 - bit, 8, dark),
            }
            match bit {
                0..8 => self.set(end - bit, 8, dark),
                _ => self.set(8, end - 14 + bit, dark),
            }
        }
        self.set(8, end - 7, true);
    }

    /// Writes the codewords: two columns at a time, from the right, up and down in turns.
    fn fill(&mut self, codewords: &[u8]) {
        let mut bit = 0;
        let pairs = (self.width - 1) / 2;
        for pair in 0..pairs {
            // The column of the beat is left out.
            let beyond = usize::from(pair >= pairs - 3);
            let right = self.width - 1 - 2 * pair - beyond;
            for row in 0..self.width {
                let y = if pair % 2 == 0 {
                    self.width - 1 - row
                } else {
                    row
                };
                for x in [right, right - 1] {
                    let Some(at) = self.at(x, y) else { continue };
                    if self.fixed.get(at) == Some(&false)
                        && let Some(square) = self.dark.get_mut(at)
                    {
                        let word = codewords.get(bit / 8).copied().unwrap_or_default();
                        *square = word >> (7 - bit % 8) & 1 == 1;
                        bit += 1;
                    }
                }
            }
        }
    }

    /// Turns over what says something, in a pattern.
    fn mask(&mut self, mask: usize) {
        let squares = self.dark.iter_mut().zip(&self.fixed);
        for (at, (square, fixed)) in squares.enumerate() {
            let (x, y) = (at % self.width, at / self.width);
            let turned = match mask {
                0 => (x + y) % 2,
                1 => y % 2,
                2 => x % 3,
                3 => (x + y) % 3,
                4 => (x / 3 + y / 2) % 2,
                5 => x * y % 2 + x * y % 3,
                6 => (x * y % 2 + x * y % 3) % 2,
                _ => ((x + y) % 2 + x * y % 3) % 2,
            };
            *square ^= turned == 0 && !fixed;
        }
    }

    /// How hard it is to read.
    fn penalty(&self) -> u32 {
        let mut penalty = 0;
        for line in 0..self.width {
            for across in [false, true] {
                let (mut seen, mut run, mut last) = (0_u32, 0, None);
                // Beyond the edge it is light, for as far as that is looked at.
                for place in 0..self.width + 4 {
                    let dark = if across {
                        self.is_dark(place, line)
                    } else {
                        self.is_dark(line, place)
                    };
                    let within = (place < self.width).then_some(dark);
                    if within == last {
                        run += 1;
                    } else {
                        // Many alike in a row.
                        if run > 4 && last.is_some() {
                            penalty += run - 2;
                        }
                        (run, last) = (1, within);
                    }
                    // What looks like the squares in the corners, with room before or behind.
                    seen = (seen << 1 | u32::from(dark)) & 0x7fff;
                    let has_room = seen.trailing_zeros() >= 4 || seen >> 11 == 0;
                    if has_room && seen >> 4 & 0x7f == 0b101_1101 {
                        penalty += 40;
                    }
                }
            }
        }
        // Four alike in a square.
        for y in 1..self.width {
            for x in 1..self.width {
                let dark = self.is_dark(x, y);
                let others = [(x - 1, y), (x, y - 1), (x - 1, y - 1)];
                if others.iter().all(|(x, y)| self.is_dark(*x, *y) == dark) {
                    penalty += 3;
                }
            }
        }
        // More of one than of the other.
        let dark = self.dark.iter().filter(|dark| **dark).count();
        let balance = (dark * 200 / self.dark.len()).abs_diff(100);
        penalty + u32::try_from(balance).unwrap_or_default()
    }
}

/// A number, and behind it so many bits by which a camera sees whether it read it right.
fn with_remainder(number: usize, bits: usize, divisor: usize) -> usize {
    let mut rest = number;
    for _ in 0..bits {
        rest = (rest << 1) ^ ((rest >> (bits - 1)) * divisor);
    }
    number << bits | rest
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use qrcode::canvas::Canvas;
    use qrcode::{Color, EcLevel, Version};

    use super::*;
    use crate::codewords::codewords;

    #[test]
    fn every_version_is_what_the_crate_draws() {
        let mut versions = std::collections::BTreeSet::new();
        for length in (0..=1024).step_by(7).chain([1024]) {
            let text: Vec<u8> = (0..length).map(|at| b" -Zaz~0"[at * at % 7]).collect();
            let words = codewords(&text).unwrap();
            if !versions.insert(words.version) {
                continue;
            }
            let version = Version::Normal(words.version.into());
            let mut canvas = Canvas::new(version, EcLevel::M);
            canvas.draw_all_functional_patterns();
            canvas.draw_data(&words.data, &words.correction);
            let colors = canvas.apply_best_mask().into_colors();
            let expected: Vec<bool> = colors.iter().map(|color| *color == Color::Dark).collect();
            let drawn = matrix(words.version, &[words.data, words.correction].concat());
            assert_eq!(drawn.width, usize::try_from(version.width()).unwrap());
            assert!(drawn.dark == expected, "{length} bytes");
        }
        assert_eq!(versions, (1..=26).collect());
    }
}
