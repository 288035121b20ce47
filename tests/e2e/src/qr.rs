//! Reads QR codes from screenshots, as a phone would from the screen.

use std::io::Cursor;

use png::{ColorType, Decoder};

/// The texts of all QR codes in a PNG image.
pub fn decode_qrs(png: &[u8]) -> Vec<String> {
    let mut reader = Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let image = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (
        usize::try_from(image.width).unwrap(),
        usize::try_from(image.height).unwrap(),
    );
    let channels = match image.color_type {
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        other @ (ColorType::Grayscale | ColorType::Indexed | ColorType::GrayscaleAlpha) => {
            panic!("a screenshot in {other:?}")
        }
    };
    let brightness = |x: usize, y: usize| {
        let start = (y * width + x) * channels;
        let pixel = pixels.get(start..start + 3).unwrap();
        let sum: u32 = pixel.iter().map(|&channel| u32::from(channel)).sum();
        u8::try_from(sum / 3).unwrap()
    };
    rqrr::PreparedImage::prepare_from_greyscale(width, height, brightness)
        .detect_grids()
        .iter()
        .filter_map(|grid| grid.decode().ok())
        .map(|(_meta, text)| text)
        .collect()
}

/// The text of the one QR code in a PNG image, if there is exactly one.
pub fn decode_qr(png: &[u8]) -> Option<String> {
    let mut texts = decode_qrs(png);
    texts.pop().filter(|_text| texts.is_empty())
}
