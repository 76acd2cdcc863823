//! Text in any encoding: declared, marked by a byte order mark, or detected.

use crate::{Origin, Refusal};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

mod soup;

/// A text with the encoding that it was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// Name of the encoding, such as `windows-1256`.
    pub encoding: &'static str,
    /// Origin of the encoding: declared or detected.
    pub origin: Origin,
}

/// Bytes that are looked at to detect an encoding.
const SAMPLE: usize = 256 * 1024;

/// Decodes a text. The encoding is that of a byte order mark, else valid UTF-8, else the declared one, else detected by
/// its letters.
///
/// # Errors
/// When the label is not known, or when no encoding fits.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, Refusal> {
    let decoded = decode_unjudged(bytes, declared)?;
    check_words(&decoded.text, decoded.encoding, decoded.origin)?;
    Ok(decoded)
}

/// Decodes as [`decode`] does, without a look at the words. For pages: scripts and attributes hold words of no language, so
/// that only the text that is read of a page is judged, with [`check_words`].
///
/// # Errors
/// When the label is not known, or when no encoding fits.
pub fn decode_unjudged(bytes: &[u8], declared: Option<&str>) -> Result<Decoded, Refusal> {
    let (body, encoding, origin) = match choose(bytes, declared)? {
        Some(chosen) => chosen,
        None => return Err(Refusal::Encoding(valid_up_to(bytes))),
    };
    let (text, had_errors) = encoding.decode_without_bom_handling(body);
    if had_errors || (encoding != UTF_8 && !is_plausible(&text)) {
        return Err(Refusal::Encoding(valid_up_to(bytes)));
    }
    Ok(Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        origin,
    })
}

/// Checks that a text consists of words of some language, after it was decoded from an encoding.
///
/// # Errors
/// When too many of its words are none.
pub fn check_words(text: &str, encoding: &'static str, origin: Origin) -> Result<(), Refusal> {
    let percent = match origin {
        Origin::Detected if encoding != UTF_8.name() => 10,
        _ => 50,
    };
    match soup::is_soup(text, percent) {
        true => Err(Refusal::Soup(encoding)),
        false => Ok(()),
    }
}

/// Decodes a text whose wrong bytes cost themselves only (U+FFFD): for feeds and pages.
pub fn decode_lossy(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let known = declared.filter(|label| Encoding::for_label(label.as_bytes()).is_some());
    if let Some(text) = by_pieces(bytes) {
        return Decoded {
            text,
            encoding: UTF_8.name(),
            origin: Origin::Detected,
        };
    }
    let (body, encoding, origin) = match choose(bytes, known) {
        Ok(Some(chosen)) => chosen,
        _ => (bytes, UTF_8, Origin::Detected),
    };
    Decoded {
        text: encoding.decode_without_bom_handling(body).0.into_owned(),
        encoding: encoding.name(),
        origin,
    }
}

/// UTF-8 with pieces between tags in an older encoding: a program put articles of several sources together. None for other
/// bytes.
fn by_pieces(bytes: &[u8]) -> Option<String> {
    if std::str::from_utf8(bytes).is_ok() || Encoding::for_bom(bytes).is_some() || utf16(bytes).is_some() {
        return None;
    }
    let pieces = || bytes.split_inclusive(|byte| matches!(byte, b'<' | b'\n'));
    let has_letters = |piece: &[u8]| {
        std::str::from_utf8(piece).is_ok_and(|text| text.chars().filter(|letter| !letter.is_ascii()).count() >= 3)
    };
    if !pieces().any(has_letters) {
        return None;
    }
    let mut text = String::with_capacity(bytes.len());
    for piece in pieces() {
        match std::str::from_utf8(piece) {
            Ok(valid) => text.push_str(valid),
            Err(_) => {
                let older = detected(piece).map(|encoding| encoding.decode_without_bom_handling(piece).0);
                match older.filter(|older| !is_damaged_utf8(piece) && !soup::is_soup(older, 10)) {
                    Some(older) => text.push_str(&older),
                    None => text.push_str(&String::from_utf8_lossy(piece)),
                }
            }
        }
    }
    Some(text)
}

/// The bytes of JSON as UTF-8 without a byte order mark: it may come in UTF-16.
pub fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(plain) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return Cow::Borrowed(plain);
    }
    let marked = Encoding::for_bom(bytes).map(|(encoding, length)| (encoding, &bytes[length..]));
    match marked.or_else(|| utf16(bytes).map(|encoding| (encoding, bytes))) {
        Some((encoding, body)) => Cow::Owned(encoding.decode_without_bom_handling(body).0.into_owned().into_bytes()),
        None => Cow::Borrowed(bytes),
    }
}

fn valid_up_to(bytes: &[u8]) -> usize {
    std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len)
}

type Choice<'b> = (&'b [u8], &'static Encoding, Origin);

fn choose<'b>(bytes: &'b [u8], declared: Option<&str>) -> Result<Option<Choice<'b>>, Refusal> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok(Some((&bytes[length..], encoding, Origin::Declared)));
    }
    let declared = match declared.map(str::trim).filter(|label| !label.is_empty()) {
        None => None,
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| Refusal::UnknownEncoding(label.chars().take(40).collect()))?,
        ),
    };
    if let Some(encoding) = utf16(bytes) {
        return Ok(Some((bytes, encoding, Origin::Detected)));
    }
    if std::str::from_utf8(bytes).is_ok() {
        let origin = if declared == Some(UTF_8) {
            Origin::Declared
        } else {
            Origin::Detected
        };
        return Ok(Some((bytes, UTF_8, origin)));
    }
    if is_damaged_utf8(bytes) {
        return Ok(Some((bytes, UTF_8, Origin::Detected)));
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8)
        && !encoding.decode_without_bom_handling(bytes).1
    {
        return Ok(Some(match older_than_declared(bytes, encoding) {
            Some(detected) => (bytes, detected, Origin::Detected),
            None => (bytes, encoding, Origin::Declared),
        }));
    }
    Ok(detected(bytes).map(|encoding| (bytes, encoding, Origin::Detected)))
}

/// The encoding of bytes that are declared to be Latin by habit: their words are none in Latin letters, and are words in the
/// detected encoding.
fn older_than_declared(bytes: &[u8], declared: &'static Encoding) -> Option<&'static Encoding> {
    let is_soup = |encoding: &'static Encoding, percent: usize| {
        let sample = &bytes[..bytes.len().min(SAMPLE)];
        soup::is_soup(&encoding.decode_without_bom_handling(sample).0, percent)
    };
    if declared != WINDOWS_1252 || !is_soup(declared, 50) {
        return None;
    }
    detected(bytes).filter(|detected| *detected != declared && !is_soup(detected, 10))
}

/// UTF-16 without a byte order mark: the high bytes of nearly all letters are the same few.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let pairs = sample.len() / 2;
    let high = |at: usize| {
        let bytes = sample.iter().skip(at).step_by(2);
        bytes
            .filter(|byte| matches!(byte, 0x00 | 0x06 | 0x20 | 0xfb | 0xfe))
            .count()
    };
    let zeros = memchr::memchr_iter(0, sample).count();
    // Spaces and digits have a zero; a text in one byte a letter has none.
    if zeros * 40 < pairs {
        return None;
    }
    let (first, second) = (high(0), high(1));
    if first * 10 >= pairs * 9 && second * 2 < pairs.max(1) + first / 2 {
        Some(UTF_16BE)
    } else if second * 10 >= pairs * 9 && first * 2 < pairs.max(1) + second / 2 {
        Some(UTF_16LE)
    } else {
        None
    }
}

/// True for UTF-8 with a few wrong bytes in it: letters of several bytes are many times as many as wrong bytes.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut rest = &bytes[..bytes.len().min(SAMPLE)];
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                good += text.chars().filter(|letter| !letter.is_ascii()).count();
                break;
            }
            Err(error) => {
                let (valid, after) = rest.split_at(error.valid_up_to());
                let text = std::str::from_utf8(valid).unwrap_or_default();
                good += text.chars().filter(|letter| !letter.is_ascii()).count();
                bad += 1;
                rest = after
                    .get(error.error_len().unwrap_or(after.len())..)
                    .unwrap_or_default();
                if rest.is_empty() {
                    break;
                }
            }
        }
    }
    good > bad * 10
}

fn detected(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(Some(b"iq"), Utf8Detection::Deny);
    let (text, had_errors) = guess.decode_without_bom_handling(sample);
    (!had_errors && is_plausible(&text) && tells_enough(&text)).then_some(guess)
}

/// True if there are enough letters beyond ASCII to detect an encoding; marks such as quotes and dashes suffice alone.
fn tells_enough(text: &str) -> bool {
    let others = text.chars().filter(|letter| !letter.is_ascii());
    let (all, letters, marks) = others.fold((0_usize, 0_usize, 0_usize), |(all, letters, marks), letter| {
        let is_mark = matches!(
            letter,
            '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '•' | '\u{a0}' | '«' | '»' | '،' | '؛' | '؟'
        );
        (
            all + 1,
            letters + usize::from(letter.is_alphabetic()),
            marks + usize::from(is_mark),
        )
    });
    all > 0 && (marks == all || (all >= 3 && (letters + marks) * 10 >= all * 8))
}

/// True for a text without controls that no text has.
fn is_plausible(text: &str) -> bool {
    !text
        .chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}' | '\u{85}'))
}

/// The encoding that a page declares in its first KiB, by `meta charset` or `http-equiv`.
pub fn declared_in_html(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let mut rest = head.as_str();
    while let Some(at) = rest.find("<meta") {
        rest = &rest[at + 5..];
        let tag = &rest[..rest.find('>').unwrap_or(rest.len())];
        if let Some(at) = tag.find("charset") {
            let value = tag[at + 7..].trim_start();
            if let Some(value) = value.strip_prefix('=') {
                let value = value.trim_start().trim_start_matches(['"', '\'']);
                let end = value.find(['"', '\'', ' ', ';', '/']).unwrap_or(value.len());
                return Some(value[..end].trim().to_owned()).filter(|label| !label.is_empty());
            }
        }
    }
    declared_in_xml(bytes)
}

/// The encoding that an XML declaration names.
pub fn declared_in_xml(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).into_owned();
    let start = head.trim_start_matches('\u{feff}').trim_start();
    let declaration = start.strip_prefix("<?xml")?;
    let declaration = &declaration[..declaration.find("?>")?];
    let value = declaration[declaration.find("encoding")? + 8..]
        .trim_start()
        .strip_prefix('=')?;
    let value = value.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'']).unwrap_or(value.len());
    Some(value[..end].trim().to_owned()).filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARABIC: &str = "قتل شخصان وأصيب ثلاثة في هجوم على نقطة تفتيش قرب قضاء الحويجة في محافظة كركوك، بحسب الشرطة.";

    fn encoded(label: &str) -> Vec<u8> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        encoding.encode(ARABIC).0.into_owned()
    }

    fn utf16(big: bool, mark: bool) -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(ARABIC.encode_utf16());
        units
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    }

    #[test]
    fn arabic_is_read_in_every_encoding_with_and_without_a_label() {
        for label in ["utf-8", "windows-1256", "iso-8859-6"] {
            let bytes = encoded(label);
            assert_eq!(decode(&bytes, None).unwrap().text, ARABIC, "{label} detected");
            let declared = decode(&bytes, Some(label)).unwrap();
            assert_eq!(
                (declared.text.as_str(), declared.origin),
                (ARABIC, Origin::Declared),
                "{label}"
            );
        }
        for (big, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            assert_eq!(decode(&utf16(big, mark), None).unwrap().text, ARABIC, "{big} {mark}");
        }
    }

    #[test]
    fn texts_in_encodings_that_nobody_knows_are_refused() {
        // The letters of DOS and of the Macintosh, and UTF-8 that was read as Latin.
        let twice: String = ARABIC.bytes().map(char::from).collect();
        assert!(matches!(decode(twice.as_bytes(), None), Err(Refusal::Soup(_))));
        let lost = "???? ???????? ?????? ?? ?????? ??????? ????? ????? ????? ??";
        assert!(matches!(decode(lost.as_bytes(), None), Err(Refusal::Soup(_))));
        let dos = "يçںé çں\u{200d}êêçںê ¦ںëçïë \u{200c}ë ںéçيں¢ ںéڑêëï، ڑلéç¢ مêéï، ¢ه¢ï¬ هï ëں¥ï";
        assert!(matches!(decode(dos.as_bytes(), None), Err(Refusal::Soup(_))));
    }

    #[test]
    fn a_page_of_several_encodings_is_read_piece_by_piece() {
        let bytes = [
            b"<p>".as_slice(),
            ARABIC.as_bytes(),
            b"</p><p>",
            &encoded("windows-1256"),
            b"</p>",
        ]
        .concat();
        assert_eq!(
            decode_lossy(&bytes, Some("utf-8")).text,
            format!("<p>{ARABIC}</p><p>{ARABIC}</p>")
        );
    }

    #[test]
    fn a_mark_of_utf8_is_no_part_of_the_text() {
        let decoded = decode("\u{feff}Kirkuk".as_bytes(), None).unwrap();
        assert_eq!(decoded.text, "Kirkuk");
    }

    #[test]
    fn a_page_that_says_1256_and_is_utf8_is_utf8() {
        let decoded = decode(ARABIC.as_bytes(), Some("windows-1256")).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding), (ARABIC, "UTF-8"));
    }

    #[test]
    fn damaged_utf8_and_unknown_labels_are_refused() {
        let mut bytes = ARABIC.as_bytes().to_vec();
        bytes.insert(4, 0xff);
        assert_eq!(decode(&bytes, None).unwrap_err(), Refusal::Encoding(4));
        assert!(decode_lossy(&bytes, None).text.contains("الحويجة"));
        assert!(matches!(
            decode(b"a", Some("klingon")),
            Err(Refusal::UnknownEncoding(_))
        ));
        assert!(decode(b"\x00\x01\x02\xff\xfe\x80\x81", None).is_err());
    }

    #[test]
    fn labels_of_pages_and_xml_are_found() {
        for (page, label) in [
            ("<html><head><meta charset=windows-1256>", Some("windows-1256")),
            (
                "<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=ISO-8859-6'>",
                Some("iso-8859-6"),
            ),
            (
                "<?xml version='1.0' encoding='windows-1256'?><a/>",
                Some("windows-1256"),
            ),
            ("<p>charset=x", None),
        ] {
            assert_eq!(declared_in_html(page.as_bytes()).as_deref(), label, "{page}");
        }
    }
}
