//! Writes pixels as JPEG, for older clients of WMS that ask for no other format.

use super::RenderError;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use tiny_skia::Pixmap;

/// Quality of 100. Colours are not sampled down, since lines and letters would get coloured edges.
const QUALITY: u8 = 88;

/// JPEG of an opaque picture; transparent pixels are mixed with black, so that a ground has to be laid under them before.
///
/// # Errors
/// A side of more than 65,535 pixels.
pub fn encode_jpeg(picture: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let size = |side: u32| u16::try_from(side).ok();
    let (Some(width), Some(height)) = (size(picture.width()), size(picture.height())) else {
        return Err(RenderError::Size {
            width: picture.width(),
            height: picture.height(),
        });
    };
    // Premultiplied channels are those of the pixel on black.
    let pixels = picture.pixels().iter();
    let colours: Vec<u8> = pixels
        .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
        .collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder
        .encode(&colours, width, height, ColorType::Rgb)
        .map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(file)
}
