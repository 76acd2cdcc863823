//! Writes pixels as PNG, with a palette where that is smaller, or as WebP.

use super::RenderError;
use libdeflater::{CompressionLvl, Compressor, crc32};
use rustc_hash::FxHashMap;
use tiny_skia::Pixmap;

/// The most colours of a palette.
const COLOURS: usize = 256;
/// A channel of no colour, far from all of them.
const FAR: i32 = 10_000;
/// libdeflate's effort, of 12.
const EFFORT: i32 = 5;

/// PNG. Up to 256 colours are unchanged; of more, the rarest are drawn in the nearest of the others, unless `exact`.
pub fn encode_png(picture: &Pixmap, exact: bool) -> Result<Vec<u8>, RenderError> {
    let [width, height] = [picture.width(), picture.height()];
    let colours: Vec<[u8; 4]> = picture.pixels().iter().map(straight).collect();
    let indexed = indexed(&colours, exact);
    let mut data = Vec::new();
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    let palette = match &indexed {
        Some((palette, indices)) => {
            for row in indices.chunks(width as usize) {
                data.push(0);
                data.extend_from_slice(row);
            }
            header.extend_from_slice(&[8, 3, 0, 0, 0]);
            palette.as_slice()
        }
        None => {
            for row in colours.chunks(width as usize) {
                // Each byte less the one of the pixel to its left.
                data.push(1);
                let mut before = [0; 4];
                for pixel in row {
                    data.extend((0..4).map(|channel| pixel[channel].wrapping_sub(before[channel])));
                    before = *pixel;
                }
            }
            header.extend_from_slice(&[8, 6, 0, 0, 0]);
            &[]
        }
    };
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    if !palette.is_empty() {
        let plain: Vec<u8> = palette
            .iter()
            .flat_map(|colour| [colour[0], colour[1], colour[2]])
            .collect();
        chunk(&mut file, b"PLTE", &plain);
        if palette.iter().any(|colour| colour[3] < 255) {
            let alphas: Vec<u8> = palette.iter().map(|colour| colour[3]).collect();
            chunk(&mut file, b"tRNS", &alphas);
        }
    }
    chunk(&mut file, b"IDAT", &deflated(&data)?);
    chunk(&mut file, b"IEND", &[]);
    Ok(file)
}

fn straight(pixel: &tiny_skia::PremultipliedColorU8) -> [u8; 4] {
    let colour = pixel.demultiply();
    [colour.red(), colour.green(), colour.blue(), colour.alpha()]
}

fn deflated(data: &[u8]) -> Result<Vec<u8>, RenderError> {
    let mut compressor = Compressor::new(CompressionLvl::new(EFFORT).unwrap_or_default());
    let mut out = vec![0; compressor.zlib_compress_bound(data.len())];
    let length = compressor
        .zlib_compress(data, &mut out)
        .map_err(|error| RenderError::Write(format!("{error:?}")))?;
    out.truncate(length);
    Ok(out)
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend_from_slice(kind);
    file.extend_from_slice(data);
    let sum = crc32(&file[start..]);
    file.extend_from_slice(&sum.to_be_bytes());
}

/// The palette and each pixel's place in it; `None` where `exact` and there are too many colours.
fn indexed(colours: &[[u8; 4]], exact: bool) -> Option<(Vec<[u8; 4]>, Vec<u8>)> {
    // Runs of one colour are long: each is looked up once.
    let mut found: FxHashMap<[u8; 4], (u32, u32)> = FxHashMap::default();
    for run in colours.chunk_by(|a, b| a == b) {
        let next = found.len() as u32;
        found.entry(run[0]).or_insert((0, next)).0 += run.len() as u32;
    }
    if exact && found.len() > COLOURS {
        return None;
    }
    let mut by_count: Vec<([u8; 4], (u32, u32))> = found.iter().map(|(colour, seen)| (*colour, *seen)).collect();
    // The same picture has the same palette: by count, then by the colour itself.
    by_count.sort_unstable_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
    let palette: Vec<[u8; 4]> = by_count.iter().take(COLOURS).map(|(colour, _)| *colour).collect();
    let channels = Channels::of(&palette);
    let mut place: FxHashMap<[u8; 4], u8> = FxHashMap::default();
    for (nth, (colour, _)) in by_count.iter().enumerate() {
        let index = if nth < COLOURS { nth } else { channels.nearest(*colour) };
        place.insert(*colour, index as u8);
    }
    let mut indices = Vec::with_capacity(colours.len());
    for run in colours.chunk_by(|a, b| a == b) {
        indices.resize(indices.len() + run.len(), place[&run[0]]);
    }
    Some((palette, indices))
}

/// A full palette, channel by channel: distances to all its colours are computed at once.
struct Channels([[i32; COLOURS]; 4]);

impl Channels {
    fn of(palette: &[[u8; 4]]) -> Self {
        let channel =
            |which: usize| std::array::from_fn(|nth| palette.get(nth).map_or(FAR, |colour| i32::from(colour[which])));
        Self(std::array::from_fn(channel))
    }

    /// The place of the nearest colour.
    fn nearest(&self, colour: [u8; 4]) -> usize {
        let mut distances = [0_i32; COLOURS];
        for (channel, value) in self.0.iter().zip(colour.map(i32::from)) {
            for (distance, other) in distances.iter_mut().zip(channel) {
                *distance += (other - value) * (other - value);
            }
        }
        let nearest = distances.iter().enumerate().min_by_key(|(_, distance)| **distance);
        nearest.map_or(0, |(index, _)| index)
    }
}

/// WebP without loss.
pub fn encode_webp(picture: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let colours: Vec<u8> = picture.pixels().iter().flat_map(straight).collect();
    let mut file = Vec::new();
    image_webp::WebPEncoder::new(&mut file)
        .encode(
            &colours,
            picture.width(),
            picture.height(),
            image_webp::ColorType::Rgba8,
        )
        .map_err(|error| RenderError::Write(error.to_string()))?;
    Ok(file)
}
