//! Reads the QR code in a picture: where a provider gives pictures only, pages get the text and draw it themselves.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use png::{ColorType, Decoder, Limits, Transformations};
use rqrr::PreparedImage;

use super::ProviderError;

/// No QR code for a phone needs more pixels on a side.
const MOST_PIXELS: u32 = 1200;
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// The text of the one QR code in a PNG in base64, as a data URL or bare.
///
/// Runs where it holds up nobody else; what came from outside cannot take the caller down with it.
pub(super) async fn read(base64: String) -> Result<String, ProviderError> {
    tokio::task::spawn_blocking(move || decode(&base64))
        .await
        .ok()
        .flatten()
        .ok_or(ProviderError::Malformed)
}

fn decode(base64: &str) -> Option<String> {
    let base64 = base64
        .strip_prefix("data:image/png;base64,")
        .unwrap_or(base64);
    let grey = grey_pixels(&STANDARD.decode(base64.trim()).ok()?)?;
    let mut picture = PreparedImage::prepare_from_greyscale(grey.width, grey.height, |x, y| {
        let at = y * grey.width + x;
        grey.pixels.get(at).copied().unwrap_or(u8::MAX)
    });
    let codes = picture.detect_grids();
    let [code] = codes.as_slice() else {
        return None;
    };
    let (_form, text) = code.decode().ok()?;
    (!text.is_empty()).then_some(text)
}

struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

fn grey_pixels(png: &[u8]) -> Option<Grey> {
    let limits = Limits { bytes: MOST_BYTES };
    let mut decoder = Decoder::new_with_limits(Cursor::new(png), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return None;
    }
    let mut samples = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut samples).ok()?;
    // What is transparent shows the white of the page.
    let over_white = |grey: u8, opacity: u8| {
        let clear = u16::from(u8::MAX - opacity);
        let seen = (u16::from(grey) * u16::from(opacity)) / u16::from(u8::MAX) + clear;
        u8::try_from(seen).unwrap_or(u8::MAX)
    };
    // A QR code is dark and light: the middle of the three channels' range tells them apart as well as any luma.
    let of_rgb = |red: u8, green: u8, blue: u8| {
        u8::try_from((u16::from(red) + u16::from(green) + u16::from(blue)) / 3).unwrap_or(u8::MAX)
    };
    let pixel = |sample: &[u8]| match sample {
        [grey] => *grey,
        [grey, opacity] => over_white(*grey, *opacity),
        [red, green, blue] => of_rgb(*red, *green, *blue),
        [red, green, blue, opacity] => over_white(of_rgb(*red, *green, *blue), *opacity),
        _other => u8::MAX,
    };
    let channels = match frame.color_type {
        // An indexed picture was expanded.
        ColorType::Grayscale | ColorType::Indexed => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
    };
    Some(Grey {
        width: usize::try_from(width).ok()?,
        height: usize::try_from(height).ok()?,
        pixels: samples.chunks_exact(channels).map(pixel).collect(),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const PAYLOAD: &str = "2@abcDEF/+=,k1k1k1k1,k2k2k2k2,k3k3k3k3=";

    /// A PNG of the text's QR code, in base64.
    pub(in super::super) fn png_of(text: &str, colour: ColorType) -> String {
        let code = qrcode::QrCode::new(text).unwrap();
        let (scale, quiet) = (4, 4);
        let side = (code.width() + 2 * quiet) * scale;
        let dark = |x: usize, y: usize| {
            let within = |at: usize| {
                (at / scale)
                    .checked_sub(quiet)
                    .filter(|at| *at < code.width())
            };
            matches!((within(x), within(y)), (Some(x), Some(y)) if code[(x, y)] == qrcode::Color::Dark)
        };
        let samples: Vec<u8> = (0..side * side)
            .flat_map(|at| match (colour, dark(at % side, at / side)) {
                (ColorType::Rgba, true) => vec![0, 0, 0, 255],
                // Clear: only what lies below makes it light.
                (ColorType::Rgba, false) => vec![0, 0, 0, 0],
                (ColorType::Rgb, true) => vec![18, 52, 40],
                (ColorType::Rgb, false) => vec![255, 255, 255],
                (_grey, dark) => vec![if dark { 0 } else { 255 }],
            })
            .collect();
        png_from(&samples, u32::try_from(side).unwrap(), colour)
    }

    fn png_from(samples: &[u8], side: u32, colour: ColorType) -> String {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, side, side);
        encoder.set_color(colour);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(samples).unwrap();
        writer.finish().unwrap();
        STANDARD.encode(png)
    }

    #[test]
    fn reads_pictures_of_every_kind() {
        for colour in [ColorType::Grayscale, ColorType::Rgb, ColorType::Rgba] {
            let picture = png_of(PAYLOAD, colour);
            assert_eq!(decode(&picture).as_deref(), Some(PAYLOAD), "{colour:?}");
            let url = format!("data:image/png;base64,{picture}");
            assert_eq!(decode(&url).as_deref(), Some(PAYLOAD), "{colour:?}");
        }
    }

    #[test]
    fn refuses_what_shows_no_code() {
        let picture = png_of(PAYLOAD, ColorType::Grayscale);
        let blank = png_from(&[255; 100 * 100], 100, ColorType::Grayscale);
        let vast = png_from(&vec![255; 1300 * 1300], 1300, ColorType::Grayscale);
        for text in [
            "",
            "not base64",
            "iVBORw0KGgo=",
            &picture[..picture.len() / 2],
            &blank,
            &vast,
        ] {
            assert_eq!(decode(text), None);
        }
    }
}
