//! PDF: words with their places by poppler's `pdftotext`, reading order by this program.
//!
//! Poppler has the lowest rate of wrong letters of the extractors that were compared, and it runs as a process of its own with
//! limits on time, memory and output: a hostile file costs nothing else. It puts the letters of a run in the order in which they
//! are drawn, which turns the letters of Arabic ligatures around; [`repair`] mends the file before it is read.

mod layout;
mod marks;
mod ocr;
mod process;
mod repair;
mod words;

pub use ocr::recognize_scans;
pub use process::pdftotext_is_installed;

use crate::{
    Extracted, Origin, PageOffset, Refusal,
    limits::{MAX_PDF_BYTES, MAX_TEXT_BYTES},
};

/// Reads a PDF.
///
/// # Errors
/// When it does not open without a password, is broken, scanned, or too large; when `pdftotext` is not installed.
pub fn read_pdf(bytes: &[u8]) -> Result<Extracted, Refusal> {
    if bytes.len() > MAX_PDF_BYTES {
        return Err(Refusal::TooLarge {
            kind: "PDF",
            bytes: bytes.len(),
            most: MAX_PDF_BYTES,
        });
    }
    // Bytes before the mark are passed over, as readers of PDFs do.
    let start = memchr::memmem::find(&bytes[..bytes.len().min(MAX_JUNK)], b"%PDF-").unwrap_or(0);
    let bytes = &bytes[start..];
    let document = match is_encrypted(bytes) {
        false => words::parse(&process::run(&repair::repair(bytes))?),
        true => {
            // Its streams can be mended when they are plain. Its metadata is lost then.
            let metadata = words::parse(&process::run_first_page(bytes)?).metadata;
            let plain = process::decrypt(bytes)?;
            words::Document {
                metadata,
                ..words::parse(&process::run(&repair::repair(&plain))?)
            }
        }
    };
    if document.pages.is_empty() {
        return Err(Refusal::Broken {
            kind: "PDF",
            cause: "it has no pages".to_owned(),
        });
    }
    let mut pages = layout::pages(&document);
    let mut found = Extracted {
        media_type: "application/pdf",
        ..Extracted::default()
    };
    let is_blank = |pages: &[String]| pages.iter().all(|page| page.trim().is_empty());
    let scanned = Refusal::Scanned {
        pages: document.pages.len(),
    };
    if is_blank(&pages) {
        let Some(languages) = ocr::languages() else {
            return Err(scanned);
        };
        pages = ocr::read(bytes, document.pages.len(), languages)?;
        if is_blank(&pages) {
            return Err(Refusal::NoText { kind: "scanned PDF" });
        }
        found.note(
            "recognized_by",
            &format!("tesseract {languages}"),
            Origin::Detected,
            None,
        );
    }
    let mut codepoints = 0;
    for (page, number) in pages.iter().zip(1..) {
        if !found.text.is_empty() && !page.is_empty() {
            // A sentence may go on over the end of a page.
            let goes_on = !layout::ends_a_sentence(&found.text)
                && page
                    .chars()
                    .next()
                    .is_some_and(|letter| letter.is_alphabetic() && !letter.is_uppercase());
            let between = if goes_on { " " } else { "\n\n" };
            found.text.push_str(between);
            codepoints += between.len();
        }
        found.pages.push(PageOffset {
            page: number,
            byte: found.text.len(),
            codepoint: codepoints,
        });
        found.text.push_str(page);
        codepoints += page.chars().count();
        if found.text.len() > MAX_TEXT_BYTES {
            return Err(Refusal::TooLarge {
                kind: "text of the PDF",
                bytes: found.text.len(),
                most: MAX_TEXT_BYTES,
            });
        }
    }
    found.note("pages", &document.pages.len().to_string(), Origin::Detected, None);
    for (name, value) in &document.metadata {
        match name.as_str() {
            "title" if !is_name_of_a_file(value) => found.set_title(value, "PDF"),
            "Author" => found.set_author(value, "PDF"),
            // When the file was made, which is not when the report was published.
            "CreationDate" => found.note("created", value, Origin::Declared, Some("PDF")),
            "title" => {}
            other => found.note(other, value, Origin::Declared, Some("PDF")),
        }
    }
    Ok(found)
}

/// Bytes before the mark of a PDF.
const MAX_JUNK: usize = 1024;

/// True for a PDF whose trailer names an encryption: it may open without a password and still have one for changes.
fn is_encrypted(pdf: &[u8]) -> bool {
    let mut names = memchr::memmem::find_iter(pdf, b"/Encrypt");
    names.any(|at| pdf.get(at + 8).is_none_or(|next| !next.is_ascii_alphanumeric()))
}

/// True for titles that programs invent: `report.docx`, `Microsoft Word - report`, an address.
fn is_name_of_a_file(title: &str) -> bool {
    let title = title.trim();
    let ending = title.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_ending = ending.is_some_and(|ending| {
        matches!(
            &*ending,
            "doc" | "docx" | "odt" | "rtf" | "html" | "htm" | "txt" | "pdf" | "tex" | "indd" | "dvi" | "php" | "aspx"
        )
    });
    let lower = title.to_ascii_lowercase();
    is_ending
        || lower.starts_with("microsoft word - ")
        || lower.starts_with("about:")
        || lower.contains("://")
        || matches!(&*lower, "untitled" | "document" | "print" | "")
}
