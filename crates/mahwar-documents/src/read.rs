//! The one way in: bytes of any format become texts.

use crate::{
    Decoded, Extracted, Kind, Origin, Refusal, chat, detect, encoding,
    limits::{MAX_FILE_BYTES, MAX_RATIO, MAX_TEXT_BYTES, MAX_TEXTS, MAX_UNPACKED_BYTES},
    mail, office, pdf, rows, sheet,
};
use flate2::read::MultiGzDecoder;
use std::io::{Cursor, Read};

/// Optional hints about bytes before they are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'h> {
    /// Name of the file: it decides only between plain text and a table.
    pub name: Option<&'h str>,
    /// Media type from the sender.
    pub media_type: Option<&'h str>,
    /// Encoding from the sender (`charset`).
    pub charset: Option<&'h str>,
    /// Address that it came from.
    pub address: Option<&'h str>,
    /// Keep the whole of a page: menus, comments, footers too.
    pub whole_page: bool,
}

/// Reads bytes of any format but JSON and feeds, which describe their texts in ways of their own; returns their kind.
///
/// # Errors
/// When the format is not read, or the whole cannot be; a text in it that is wrong is handed over as its refusal.
pub fn read(
    bytes: &[u8],
    hints: &Hints<'_>,
    each: &mut dyn FnMut(Result<Extracted, Refusal>),
) -> Result<Kind, Refusal> {
    let kind = detect(bytes, hints.name, hints.media_type)?;
    if kind == Kind::Gzip {
        let plain = unzip(bytes)?;
        let name = hints.name.map(|name| name.trim_end_matches(".gz"));
        let inner = detect(&plain, name, None)?;
        if matches!(inner, Kind::Gzip) {
            return Err(Refusal::Unsafe {
                kind: "gzip file",
                cause: "there is an archive in it; archives in archives are never opened".to_owned(),
            });
        }
        read_kind(inner, &plain, &Hints { name, ..*hints }, each)?;
        return Ok(inner);
    }
    read_kind(kind, bytes, hints, each)?;
    Ok(kind)
}

/// Reads bytes of a known kind.
///
/// # Errors
/// As [`read`].
pub fn read_kind(
    kind: Kind,
    bytes: &[u8],
    hints: &Hints<'_>,
    each: &mut dyn FnMut(Result<Extracted, Refusal>),
) -> Result<(), Refusal> {
    check_size(kind, bytes.len())?;
    let mut count = 0_usize;
    let mut counted = |read: Result<Extracted, Refusal>| {
        count += 1;
        if count <= MAX_TEXTS {
            each(read);
        }
    };
    match kind {
        Kind::Text => counted(Ok(text(bytes, hints)?)),
        Kind::Html => counted(Ok(html(bytes, hints)?)),
        Kind::Pdf => counted(Ok(pdf::read_pdf(bytes)?)),
        Kind::Docx => counted(Ok(office::read_docx(bytes)?)),
        Kind::Odt => counted(Ok(office::read_odt(bytes)?)),
        Kind::Rtf => counted(Ok(office::read_rtf(bytes)?)),
        Kind::Eml => counted(Ok(mail::read_message(bytes, hints.whole_page)?)),
        Kind::Mbox => mail::read_mbox(bytes, &mut counted),
        Kind::Telegram => chat::read_telegram(bytes, &mut counted)?,
        Kind::WhatsApp => chat::read_whatsapp(&encoding::decode(bytes, hints.charset)?.text, &mut counted)?,
        Kind::Xlsx | Kind::Ods => sheet::read_sheets(kind, bytes, &mut counted)?,
        Kind::Csv => {
            let source = Box::new(Cursor::new(bytes.to_vec()));
            sheet::read_rows(rows::open_table(kind, source, false)?, &mut counted)?;
        }
        Kind::Parquet => {
            return Err(Refusal::Unsupported {
                kind: "a Parquet file",
                advice: "mahwar table reads it; to ingest its texts save it as CSV or NDJSON",
            });
        }
        Kind::Json | Kind::Ndjson | Kind::Feed | Kind::Gzip => {
            return Err(Refusal::Unsupported {
                kind: kind.name(),
                advice: "it is read one level above this one",
            });
        }
    }
    match count > MAX_TEXTS {
        true => Err(Refusal::Unsafe {
            kind: kind.name(),
            cause: format!("it holds more than {MAX_TEXTS} texts; what comes after them is not read"),
        }),
        false => Ok(()),
    }
}

/// Bytes that a file of a kind may have.
pub fn most_bytes(kind: Kind) -> usize {
    match kind {
        Kind::Text => MAX_TEXT_BYTES,
        Kind::Html => crate::html::MAX_HTML_BYTES * 2,
        Kind::Pdf => crate::limits::MAX_PDF_BYTES,
        kind if kind.has_many() => MAX_FILE_BYTES,
        _ => MAX_TEXT_BYTES,
    }
}

fn check_size(kind: Kind, bytes: usize) -> Result<(), Refusal> {
    let most = most_bytes(kind);
    match bytes > most {
        true => Err(Refusal::TooLarge {
            kind: kind.name(),
            bytes,
            most,
        }),
        false => Ok(()),
    }
}

/// Unpacks gzip within limits.
pub fn unzip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let most = (bytes.len().saturating_mul(MAX_RATIO) + (1 << 20)).min(MAX_UNPACKED_BYTES);
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most as u64 + 1).read_to_end(&mut plain);
    if plain.len() > most {
        return Err(Refusal::Unsafe {
            kind: "gzip file",
            cause: format!("it unpacks to more than {MAX_RATIO} times its size or {MAX_UNPACKED_BYTES} bytes"),
        });
    }
    read.map_err(|error| Refusal::Broken {
        kind: "gzip file",
        cause: error.to_string(),
    })?;
    Ok(plain)
}

fn note_encoding(found: &mut Extracted, decoded: &Decoded) {
    if decoded.encoding != "UTF-8" {
        found.note("encoding", decoded.encoding, decoded.origin, None);
    }
}

fn text(bytes: &[u8], hints: &Hints<'_>) -> Result<Extracted, Refusal> {
    let decoded = encoding::decode(bytes, hints.charset)?;
    let mut found = Extracted::of_text(String::new(), Kind::Text.media_type());
    note_encoding(&mut found, &decoded);
    found.text = decoded.text;
    Ok(found)
}

fn html(bytes: &[u8], hints: &Hints<'_>) -> Result<Extracted, Refusal> {
    let declared = hints
        .charset
        .map(str::to_owned)
        .or_else(|| encoding::declared_in_html(bytes));
    let decoded = match encoding::decode_unjudged(bytes, declared.as_deref()) {
        // Pages have a wrong byte now and then, and labels that nobody knows.
        Err(Refusal::Encoding(_) | Refusal::UnknownEncoding(_)) => encoding::decode_lossy(bytes, declared.as_deref()),
        other => other?,
    };
    // A NUL is no character of a page (HTML standard).
    let page = crate::read_page(&decoded.text.replace('\0', ""), hints.address, hints.whole_page)?;
    encoding::check_words(&page.text, decoded.encoding, decoded.origin)?;
    let mut found = Extracted::of_text(page.text, Kind::Html.media_type());
    note_encoding(&mut found, &decoded);
    page.metadata.describe(&mut found);
    if let Some(language) = page.metadata.language {
        found.language = language
            .parse::<crate::language::Language>()
            .ok()
            .map(|language| language.tag().to_owned());
    }
    let kept = if page.is_article { "article" } else { "whole page" };
    found.note("extraction", kept, Origin::Detected, None);
    match found.text.trim().is_empty() {
        true => Err(Refusal::NoText {
            kind: Kind::Html.name(),
        }),
        false => Ok(found),
    }
}
