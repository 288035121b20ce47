//! What the squares of a QR code say: the text as bytes, filled up, and the bytes from which a camera repairs it.
//!
//! The encoder's crate can do this as well, from tables for every kind and level of code; they weigh more than all the
//! rest of it. One kind at one level takes one short table, and the tests hold every outcome against the crate's.

/// The codewords of one code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Codewords {
    /// Which of the standard's sizes holds them.
    pub version: u8,
    pub data: Vec<u8>,
    pub correction: Vec<u8>,
}

/// How a version at level M is divided, by ISO/IEC 18004.
struct Layout {
    data: u16,
    /// Bytes of correction for each block.
    correction: u8,
    blocks: u8,
}

/// From version 1 on, as far as codes are drawn.
#[rustfmt::skip]
const LAYOUTS: [Layout; 26] = {
    const fn layout(data: u16, correction: u8, blocks: u8) -> Layout {
        Layout { data, correction, blocks }
    }
    [
        layout(16, 10, 1), layout(28, 16, 1), layout(44, 26, 1), layout(64, 18, 2), layout(86, 24, 2),
        layout(108, 16, 4), layout(124, 18, 4), layout(154, 22, 4), layout(182, 22, 5), layout(216, 26, 5),
        layout(254, 30, 5), layout(290, 22, 8), layout(334, 22, 9), layout(365, 24, 9), layout(415, 24, 10),
        layout(453, 28, 10), layout(507, 28, 11), layout(563, 26, 13), layout(627, 26, 14), layout(669, 26, 16),
        layout(714, 26, 17), layout(782, 28, 17), layout(860, 28, 18), layout(914, 28, 20), layout(1000, 28, 21),
        layout(1062, 28, 23),
    ]
};

/// Up to this version one byte says how long the text is, from then on two.
const LAST_WITH_SHORT_LENGTH: u8 = 9;
/// Says that bytes follow. Half a byte: all that comes after it is shifted by as much.
const BYTES_FOLLOW: u8 = 0b0100;
/// What is left is filled with these in turns.
const FILLINGS: [u8; 2] = [0xec, 0x11];

/// The smallest version at level M that holds the text, and what it says then; nothing if none does.
pub(super) fn codewords(text: &[u8]) -> Option<Codewords> {
    let [high, low] = u16::try_from(text.len()).ok()?.to_be_bytes();
    let (version, layout) = (1..).zip(&LAYOUTS).find(|(version, layout)| {
        let around = if *version > LAST_WITH_SHORT_LENGTH {
            3
        } else {
            2
        };
        text.len() + around <= usize::from(layout.data)
    })?;
    let mut data = Vec::with_capacity(layout.data.into());
    let mut before = BYTES_FOLLOW;
    let mut push = |byte: u8| {
        data.push(before << 4 | byte >> 4);
        before = byte;
    };
    if version > LAST_WITH_SHORT_LENGTH {
        push(high);
    }
    push(low);
    for byte in text {
        push(*byte);
    }
    // Half a byte of zeros ends the text.
    push(0);
    let [mut filling, mut next] = FILLINGS;
    while data.len() < layout.data.into() {
        data.push(filling);
        std::mem::swap(&mut filling, &mut next);
    }

    let blocks = usize::from(layout.blocks);
    let (short, long_blocks) = (data.len() / blocks, data.len() % blocks);
    let divisor = divisor(layout.correction);
    let (mut dealt, mut corrections) = (Vec::new(), Vec::new());
    let mut rest = data.as_slice();
    for block in 0..blocks {
        // The long ones come last.
        let length = short + usize::from(block >= blocks - long_blocks);
        let taken;
        (taken, rest) = rest.split_at_checked(length)?;
        dealt.push(taken.to_vec());
        corrections.push(remainder(taken, &divisor));
    }
    Some(Codewords {
        version,
        data: interleaved(&dealt),
        correction: interleaved(&corrections),
    })
}

/// The first byte of each block, then the second of each, and so on: a scratch harms every block a little.
fn interleaved(blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut all = Vec::new();
    // The last block is never shorter than the others.
    for at in 0..blocks.last().map_or(0, Vec::len) {
        for block in blocks {
            if let Some(byte) = block.get(at) {
                all.push(*byte);
            }
        }
    }
    all
}

/// Reed's and Solomon's polynomial of this degree, from the second highest coefficient on; the highest is one.
fn divisor(degree: u8) -> Vec<u8> {
    let mut divisor = vec![0; degree.into()];
    if let Some(lowest) = divisor.last_mut() {
        *lowest = 1;
    }
    let mut root = 1;
    for _ in 0..degree {
        let mut lower = 0;
        for coefficient in divisor.iter_mut().rev() {
            let shifted = *coefficient;
            *coefficient = product(*coefficient, root) ^ lower;
            lower = shifted;
        }
        root = product(root, 2);
    }
    divisor
}

/// What is left of the block, taken for a polynomial, when it is divided.
fn remainder(block: &[u8], divisor: &[u8]) -> Vec<u8> {
    let mut remainder = vec![0; divisor.len()];
    for byte in block {
        let factor = byte ^ remainder.first().copied().unwrap_or(0);
        let mut lower = 0;
        for (coefficient, by) in remainder.iter_mut().zip(divisor).rev() {
            let shifted = *coefficient;
            *coefficient = lower ^ product(*by, factor);
            lower = shifted;
        }
    }
    remainder
}

/// The product in the field of 256 elements that QR codes calculate in.
fn product(left: u8, right: u8) -> u8 {
    /// x⁸ = x⁴ + x³ + x² + 1
    const FOLDED: u8 = 0x1d;
    let mut product = 0;
    for bit in (0..8).rev() {
        let doubled = (product << 1) ^ ((product >> 7) * FOLDED);
        product = doubled ^ ((right >> bit & 1) * left);
    }
    product
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use qrcode::bits::Bits;
    use qrcode::ec::construct_codewords;
    use qrcode::{EcLevel, Version};

    use super::*;

    /// The same by the crate, with the smallest version that it finds room in.
    fn by_the_crate(text: &[u8]) -> Codewords {
        (1_u8..=40)
            .find_map(|version| {
                let size = Version::Normal(version.into());
                let mut bits = Bits::new(size);
                bits.push_byte_data(text).ok()?;
                bits.push_terminator(EcLevel::M).ok()?;
                let (data, correction) =
                    construct_codewords(&bits.into_bytes(), size, EcLevel::M).unwrap();
                Some(Codewords {
                    version,
                    data,
                    correction,
                })
            })
            .unwrap()
    }

    #[test]
    fn says_what_the_crate_says() {
        let text: Vec<u8> = (0..1059_u32).map(|at| (at * at % 251) as u8).collect();
        // On both sides of where a version is full.
        let around = |full: &Layout| usize::from(full.data) - 4..=usize::from(full.data);
        for length in (0..10).chain(LAYOUTS.iter().flat_map(around)) {
            if let Some(text) = text.get(..length) {
                let expected = by_the_crate(text);
                assert_eq!(codewords(text), Some(expected), "{length} bytes");
            }
        }
    }

    #[test]
    fn is_nothing_beyond_the_largest_version() {
        assert_eq!(codewords(&[b'x'; 1060]), None);
        assert_eq!(codewords(&vec![b'x'; 70_000]), None);
    }
}
