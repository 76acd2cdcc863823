//! Mends the order of letters in ligatures.
//!
//! A ligature such as lam-alef is one drawn sign with two letters. Where a PDF says which (`/ActualText`, `ToUnicode`), poppler
//! lays the letters from left to right, takes that for the order in which they are drawn, and turns right-to-left words around: the
//! two come out in the wrong order (`األمن` for `الأمن`). Written in the order in which they are drawn, they come out right.
//! Streams are replaced in place, so that nothing else of the file moves.

use flate2::read::ZlibDecoder;
use libdeflater::{CompressionLvl, Compressor};
use std::{borrow::Cow, io::Read};

/// Bytes of one unpacked stream that is looked at.
const MAX_STREAM: u64 = 32 << 20;
/// Bytes of all unpacked streams of a file that are looked at.
const MAX_ALL: usize = 512 << 20;

/// The file with the letters of right-to-left ligatures in the order in which they are drawn.
pub fn repair(pdf: &[u8]) -> Cow<'_, [u8]> {
    let mut mended = Cow::Borrowed(pdf);
    let (mut at, mut unpacked) = (0, 0_usize);
    while let Some(start) = memchr::memmem::find(&pdf[at..], b"stream") {
        let keyword = at + start;
        at = keyword + 6;
        if pdf[..keyword].ends_with(b"end") {
            continue;
        }
        let start = match pdf.get(at..at + 2) {
            Some(b"\r\n") => at + 2,
            Some([b'\n' | b'\r', _]) => at + 1,
            _ => continue,
        };
        let Some(length) = memchr::memmem::find(&pdf[start..], b"endstream") else {
            break;
        };
        let end = start + length;
        at = end + 9;
        if let Some(bytes) = mend(&pdf[start..end], &mut unpacked) {
            mended.to_mut()[start..start + bytes.len()].copy_from_slice(&bytes);
        }
        if unpacked > MAX_ALL {
            break;
        }
    }
    mended
}

/// A stream with its ligatures mended, no longer than it was; none if there is nothing to mend.
fn mend(stream: &[u8], unpacked: &mut usize) -> Option<Vec<u8>> {
    let is_packed = stream.first().is_some_and(|byte| byte & 0x0f == 8);
    let mut plain = Vec::new();
    if is_packed {
        // The end of a stream may be padded or cut off; the part before it counts.
        let _ = ZlibDecoder::new(stream).take(MAX_STREAM).read_to_end(&mut plain);
        *unpacked += plain.len();
    } else {
        plain.extend_from_slice(stream);
    }
    let is_map = memchr::memmem::find(&plain, b"beginbf").is_some();
    let is_content = memchr::memmem::find(&plain, b"ActualText").is_some();
    let changed = match (is_map, is_content) {
        (true, _) => turn_around(&mut plain, |_| true),
        (false, true) => turn_around(&mut plain, |before| {
            let end = before.trim_ascii_end();
            end.ends_with(b"ActualText")
        }),
        _ => false,
    };
    if !changed {
        return None;
    }
    if !is_packed {
        return Some(plain);
    }
    let level = CompressionLvl::new(12).ok()?;
    let mut compressor = Compressor::new(level);
    let mut packed = vec![0; compressor.zlib_compress_bound(plain.len())];
    let length = compressor.zlib_compress(&plain, &mut packed).ok()?;
    packed.truncate(length);
    if packed.len() > stream.len() && is_map {
        // Only the lists of a map count.
        let from = memchr::memmem::find(&plain, b"begincodespacerange")?;
        let plain = [b"1 ", &plain[from..]].concat();
        packed = vec![0; compressor.zlib_compress_bound(plain.len())];
        let length = compressor.zlib_compress(&plain, &mut packed).ok()?;
        packed.truncate(length);
    }
    (packed.len() <= stream.len()).then_some(packed)
}

/// Turns the letters of every hexadecimal string around that holds several right-to-left letters and nothing else.
fn turn_around(plain: &mut [u8], counts: impl Fn(&[u8]) -> bool) -> bool {
    let (mut at, mut changed) = (0, false);
    while let Some(open) = memchr::memchr(b'<', &plain[at..]) {
        let open = at + open;
        at = open + 1;
        let Some(length) = memchr::memchr(b'>', &plain[at..]) else {
            break;
        };
        let close = at + length;
        let digits = &plain[at..close];
        if digits.len() < 8
            || !digits.len().is_multiple_of(4)
            || digits.len() > 4 * 64
            || !digits.iter().all(u8::is_ascii_hexdigit)
        {
            continue;
        }
        let mut units: Vec<[u8; 4]> = digits
            .chunks_exact(4)
            .map(|unit| [unit[0], unit[1], unit[2], unit[3]])
            .collect();
        let letters = match units.first() {
            Some(mark) if mark.eq_ignore_ascii_case(b"FEFF") => &mut units[1..],
            _ => &mut units[..],
        };
        if letters.len() < 2 || !letters.iter().all(is_right_to_left) || !counts(&plain[..open]) {
            continue;
        }
        letters.reverse();
        plain[at..close].copy_from_slice(&units.concat());
        changed = true;
        at = close + 1;
    }
    changed
}

/// True for a letter or a mark of Hebrew, Arabic, Syriac and their neighbours.
fn is_right_to_left(unit: &[u8; 4]) -> bool {
    let text = std::str::from_utf8(unit).unwrap_or_default();
    let code = u32::from_str_radix(text, 16).unwrap_or_default();
    matches!(code, 0x0590..=0x065f | 0x066a..=0x06ef | 0x06fa..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    fn pdf(stream: &[u8]) -> Vec<u8> {
        [b"%PDF-1.4\n1 0 obj << >> stream\n", stream, b"\nendstream endobj\n"].concat()
    }

    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(plain).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn ligatures_are_turned_around_and_the_file_keeps_its_length() {
        let content = b"/Span<</ActualText <FEFF06440623> >> BDC (x) Tj EMC /Span<</ActualText <FEFF00660069> >> BDC <06440623> Tj".repeat(40);
        for stream in [content.clone(), packed(&content)] {
            let file = pdf(&stream);
            let mended = repair(&file);
            assert_eq!(mended.len(), file.len());
            let start = b"%PDF-1.4\n1 0 obj << >> stream\n".len();
            let mut plain = Vec::new();
            if stream[0] == b'/' {
                plain.extend_from_slice(&mended[start..start + stream.len()]);
            } else {
                ZlibDecoder::new(&mended[start..]).read_to_end(&mut plain).unwrap();
            }
            let plain = String::from_utf8(plain).unwrap();
            assert!(
                plain.contains("<FEFF06230644>") && !plain.contains("<FEFF06440623>"),
                "{plain}"
            );
            assert!(
                plain.contains("<FEFF00660069>") && plain.contains("<06440623>"),
                "{plain}"
            );
        }
    }

    #[test]
    fn maps_to_unicode_are_mended_and_other_files_are_not_touched() {
        let map = b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0001> <06440627> endbfchar endcmap";
        let file = pdf(map);
        assert!(memchr::memmem::find(&repair(&file), b"<06270644>").is_some());
        for other in [
            &b""[..],
            b"stream",
            b"stream\n",
            b"%PDF-1.4 stream\nendstream",
            b"stream\nx\x9cendstream",
        ] {
            assert_eq!(repair(other), other);
        }
    }
}
