//! What stands in a QR code for WhatsApp, and the picture of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::{Color, EcLevel, QrCode};

use crate::random;

/// How many pixels a module is wide.
const SCALE: usize = 6;

/// The white border that a reader needs, in modules.
const QUIET_ZONE: usize = 4;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DrawError {
    #[error("the text does not fit into a QR code")]
    TooLong(#[from] qrcode::types::QrError),
    #[error("the picture cannot be packed")]
    Packing(#[from] png::EncodingError),
}

/// A payload of the form that WhatsApp shows: a reference and three keys of 32 bytes.
pub(crate) fn payload() -> String {
    let reference = STANDARD.encode(random::text(random::ALPHANUMERIC, 72));
    let key = || STANDARD.encode(random::text(random::ALPHANUMERIC, 32));
    format!("2@{reference},{},{},{}", key(), key(), key())
}

/// The text as a QR code: a black and white PNG, in base64.
pub(crate) fn png_base64(text: &str) -> Result<String, DrawError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    let modules = code.width();
    let width = (modules + 2 * QUIET_ZONE) * SCALE;
    // The module under a pixel: none in the quiet zone.
    let module = |pixel: usize| (pixel / SCALE).checked_sub(QUIET_ZONE);
    let white = |x: usize, y: usize| match (module(x), module(y)) {
        (Some(x), Some(y)) if x < modules && y < modules => code[(x, y)] == Color::Light,
        _ => true,
    };
    let pixels = (0..width).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels: Vec<u8> = pixels
        .map(|(x, y)| if white(x, y) { 0xff } else { 0x00 })
        .collect();

    let mut packed = Vec::new();
    let side = u32::try_from(width).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut packed, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(STANDARD.encode(packed))
}
