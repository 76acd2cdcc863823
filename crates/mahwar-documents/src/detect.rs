//! The format of bytes, found in the bytes.

use crate::{Refusal, chat, encoding, mail, sheet};

mod markup;

pub use markup::ATOM;

use markup::{is_source_code, markup, other_text};

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Text,
    Html,
    /// RSS or Atom.
    Feed,
    Pdf,
    Docx,
    Odt,
    Rtf,
    Eml,
    Mbox,
    Telegram,
    WhatsApp,
    /// One object, or a list of objects.
    Json,
    Ndjson,
    Csv,
    Xlsx,
    Ods,
    Parquet,
    Gzip,
}

impl Kind {
    /// Its name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "HTML page",
            Self::Feed => "feed",
            Self::Pdf => "PDF",
            Self::Docx => "DOCX document",
            Self::Odt => "ODT document",
            Self::Rtf => "RTF document",
            Self::Eml => "mail",
            Self::Mbox => "mail folder",
            Self::Telegram => "Telegram export",
            Self::WhatsApp => "WhatsApp export",
            Self::Json => "JSON",
            Self::Ndjson => "NDJSON",
            Self::Csv => "CSV table",
            Self::Xlsx => "XLSX workbook",
            Self::Ods => "ODS workbook",
            Self::Parquet => "Parquet file",
            Self::Gzip => "gzip file",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text | Self::WhatsApp => "text/plain",
            Self::Html => "text/html",
            Self::Feed => "application/xml",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Rtf => "application/rtf",
            Self::Eml => "message/rfc822",
            Self::Mbox => "application/mbox",
            Self::Telegram | Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Gzip => "application/gzip",
        }
    }

    /// True for a format that holds several texts.
    pub fn has_many(self) -> bool {
        matches!(
            self,
            Self::Feed
                | Self::Mbox
                | Self::Telegram
                | Self::WhatsApp
                | Self::Json
                | Self::Ndjson
                | Self::Csv
                | Self::Xlsx
                | Self::Ods
        )
    }
}

/// Signatures of formats that are not read, with what to do.
const OTHERS: [(&[u8], &str, &str); 19] = [
    (b"\x89PNG\r\n", "a picture (PNG)", PICTURE),
    (b"\xff\xd8\xff", "a picture (JPEG)", PICTURE),
    (b"GIF8", "a picture (GIF)", PICTURE),
    (b"II*\0", "a picture (TIFF)", PICTURE),
    (b"MM\0*", "a picture (TIFF)", PICTURE),
    (b"7z\xbc\xaf\x27\x1c", "an archive (7z)", ARCHIVE),
    (b"Rar!\x1a\x07", "an archive (RAR)", ARCHIVE),
    (b"BZh", "a compressed file (bzip2)", ARCHIVE),
    (b"\xfd7zXZ\0", "a compressed file (xz)", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", "a compressed file (Zstandard)", ARCHIVE),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "export its texts as CSV or NDJSON",
    ),
    (b"\x7fELF", "a program", "give a document"),
    (b"MZ", "a program", "give a document"),
    (b"OggS", "a sound", "give its transcript"),
    (b"ID3", "a sound", "give its transcript"),
    (b"fLaC", "a sound", "give its transcript"),
    (b"\x1aE\xdf\xa3", "a film (Matroska)", "give its transcript"),
    (b"%!PS", "PostScript", "convert it to PDF (ps2pdf)"),
    (b"{\\pwi", "an old note (PWI)", "save it as RTF or DOCX"),
];
const PICTURE: &str = "recognise its text first (tesseract) and give the text";
const ARCHIVE: &str = "unpack it and give the files in it";

/// Finds the format. `name` and `media_type` decide only between formats that are text: tables and plain text.
///
/// # Errors
/// For a format that is not read.
pub fn detect(bytes: &[u8], name: Option<&str>, media_type: Option<&str>) -> Result<Kind, Refusal> {
    if let Some(kind) = binary(bytes)? {
        return Ok(kind);
    }
    let head = &bytes[..bytes.len().min(64 * 1024)];
    let decoded = encoding::decode_lossy(head, encoding::declared_in_html(head).as_deref());
    let text = decoded.text.as_str();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if let Some(kind) = markup(start).or_else(|| braces(bytes, start)) {
        return Ok(kind);
    }
    if let Some((kind, advice)) = other_text(start, bytes) {
        return Err(Refusal::Unsupported { kind, advice });
    }
    if mail::is_mbox(start) {
        return Ok(Kind::Mbox);
    }
    if mail::is_message(start) {
        return Ok(Kind::Eml);
    }
    if chat::is_whatsapp(start) {
        return Ok(Kind::WhatsApp);
    }
    let extension = name
        .and_then(|name| name.rsplit_once('.'))
        .map(|(_, end)| end.to_ascii_lowercase());
    let is_table = matches!(extension.as_deref(), Some("csv" | "tsv" | "tab"))
        || media_type.is_some_and(|media| media.contains("csv") || media.contains("tab-separated"));
    let is_text = matches!(extension.as_deref(), Some("txt" | "text" | "md"));
    if is_table || (!is_text && sheet::looks_like_a_table(text)) {
        return Ok(Kind::Csv);
    }
    if is_source_code(start) {
        return Err(Refusal::Unsupported {
            kind: "the source of a program or of a style sheet",
            advice: "give the text that it is about",
        });
    }
    Ok(Kind::Text)
}

/// The format of bytes that begin with a signature.
fn binary(bytes: &[u8]) -> Result<Option<Kind>, Refusal> {
    let head = &bytes[..bytes.len().min(1024)];
    let is_line = |at: usize| at == 0 || matches!(head[at - 1], b'\n' | b'\r' | 0);
    if memchr::memmem::find(head, b"%PDF-").is_some_and(|at| {
        is_line(at) || head[..at].iter().all(|byte| !byte.is_ascii_alphabetic()) || has_end_of_pdf(bytes)
    }) {
        return Ok(Some(Kind::Pdf));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return crate::office::kind_of_package(bytes).map(Some);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(compound_file(bytes));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Ok(Some(Kind::Rtf));
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return Ok(Some(Kind::Gzip));
    }
    if bytes.starts_with(b"PAR1") {
        return Ok(Some(Kind::Parquet));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(Refusal::Unsupported {
            kind: "a film (MP4)",
            advice: "give its transcript",
        });
    }
    if bytes.starts_with(b"RIFF") && matches!(bytes.get(8..12), Some(b"WAVE" | b"AVI " | b"WEBP")) {
        return Err(Refusal::Unsupported {
            kind: "a sound, film or picture (RIFF)",
            advice: "give its text",
        });
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Err(Refusal::Unsupported {
            kind: "an archive (tar)",
            advice: ARCHIVE,
        });
    }
    let other = OTHERS.iter().find(|(signature, _, _)| bytes.starts_with(signature));
    // Two letters are also the beginning of words.
    let other = other.filter(|(signature, _, _)| signature.len() > 3 || head.iter().any(|byte| *byte < 9));
    match other {
        Some((_, kind, advice)) => Err(Refusal::Unsupported { kind, advice }),
        None => Ok(None),
    }
}

/// Files of old Microsoft programs, and encrypted files of new ones, distinguished by the names of their streams.
fn compound_file(bytes: &[u8]) -> Refusal {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    if has("EncryptedPackage") {
        return Refusal::Encrypted {
            kind: "Office document",
        };
    }
    let (kind, advice) = if has("WordDocument") {
        ("a document of Word 97-2003 (DOC)", "save it as DOCX, ODT or PDF")
    } else if has("Workbook") || has("Book") {
        ("a workbook of Excel 97-2003 (XLS)", "save it as XLSX, ODS or CSV")
    } else if has("__properties_version1.0") {
        ("a message of Outlook (MSG)", "save it as EML")
    } else if has("PowerPoint Document") {
        ("a presentation (PPT)", "save it as PDF")
    } else {
        (
            "a compound file of an old Office program",
            "save it as DOCX, ODT or PDF",
        )
    };
    Refusal::Unsupported { kind, advice }
}

/// True for bytes that end as a PDF does.
fn has_end_of_pdf(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(1024)..];
    memchr::memmem::find(end, b"%%EOF").is_some()
}

/// Formats that begin with a brace or a bracket.
fn braces(bytes: &[u8], start: &str) -> Option<Kind> {
    let first = start.chars().next().filter(|first| matches!(first, '{' | '['))?;
    if first == '{' {
        let line = start.lines().next().unwrap_or_default();
        let is_object = |line: &str| serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(line).is_ok();
        let has_more = start
            .lines()
            .nth(1)
            .is_some_and(|line| line.trim_start().starts_with('{'));
        if is_object(line) && has_more {
            return Some(Kind::Ndjson);
        }
    }
    if chat::is_telegram(start) {
        return Some(Kind::Telegram);
    }
    // A text may begin with a bracket.
    let looks_like_json = start[1..].trim_start().starts_with(['"', '{', '}', ']', '[']);
    let is_whole = || {
        serde_json::from_slice::<serde::de::IgnoredAny>(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).is_ok()
    };
    // Brackets in brackets are no words.
    let is_nested = start
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .take(12)
        .filter(|sign| matches!(sign, '[' | '{'))
        .count()
        >= 12;
    (looks_like_json && (is_nested || first == '{' || is_whole() || start[1..].trim_start().starts_with('{')))
        .then_some(Kind::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_text_that_are_not_read_are_named() {
        for (text, named) in [
            (
                "<?xml version='1.0'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document/></kml>",
                "KML",
            ),
            (
                "<svg xmlns='http://www.w3.org/2000/svg'><text>Hawija</text></svg>",
                "SVG",
            ),
            (
                "<?xml version='1.0'?><office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>",
                "OpenDocument",
            ),
            (
                "<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?><w:wordDocument xmlns:w='x'>",
                "Word 2003",
            ),
            ("<report><place>Kirkuk</place></report>", "XML"),
            ("BEGIN:VCARD\r\nVERSION:3.0\r\nADR:;;Kirkuk\r\nEND:VCARD", "VCF"),
            ("body{color:red} .kirkuk{margin:0}", "style sheet"),
            (
                "/* Kirkuk */\nbody {\n  color: red;\n}\n.a {\n  margin: 0;\n}\n",
                "style sheet",
            ),
            ("var a=\"Kirkuk\"; function f(){ return a }", "program"),
        ] {
            let refusal = detect(text.as_bytes(), None, None).unwrap_err().to_string();
            assert!(
                refusal.contains(named) && refusal.contains("not read"),
                "{text}: {refusal}"
            );
        }
        for (text, kind) in [
            ("<Kirkuk> attack: two killed, police said.", Kind::Text),
            ("Attack {in Kirkuk}; two killed (police).", Kind::Text),
            ("[1] Kirkuk: quiet", Kind::Text),
            ("<em>Attack</em> in Kirkuk", Kind::Html),
        ] {
            assert_eq!(detect(text.as_bytes(), None, None), Ok(kind), "{text}");
        }
        assert_eq!(detect("[".repeat(100_000).as_bytes(), None, None), Ok(Kind::Json));
    }

    #[test]
    fn a_pdf_may_have_a_line_before_it() {
        assert_eq!(detect(b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n", None, None), Ok(Kind::Pdf));
        assert_eq!(detect(b"A PDF begins with %PDF-1.4", None, None), Ok(Kind::Text));
    }
}
