//! Letters of scanned pages, recognized by `tesseract` where the operator asked for it.

use super::process::{Limits, folder_of, program, run_program};
use crate::{
    Refusal,
    limits::{MAX_SCANNED_PAGES, MAX_TEXT_BYTES, PAGE_MEMORY, PAGE_PICTURE, PAGE_TIME},
};
use std::{path::Path, sync::OnceLock};

/// The languages of the models, such as `ara+eng`, for the whole process.
static LANGUAGES: OnceLock<String> = OnceLock::new();

/// Dots per inch at which pages are drawn: small print is read, and a page stays below ten megabytes.
const RESOLUTION: &str = "200";

const LIMITS: Limits = Limits {
    time: PAGE_TIME,
    memory: PAGE_MEMORY,
    output: MAX_TEXT_BYTES,
    files: PAGE_PICTURE,
};

/// From now on scanned PDFs are read by `tesseract` with these models (`ara`, `ara+eng`). There is no common model of Sorani:
/// an operator may install one and name it.
///
/// # Errors
/// When `tesseract` or `pdftoppm` is not installed, or a model is not.
pub fn recognize_scans(languages: &str) -> Result<(), Refusal> {
    let tesseract = program("tesseract").ok_or(Refusal::NoProgram {
        program: "tesseract",
        package: "tesseract-ocr with tesseract-ocr-ara (Debian, Ubuntu), or tesseract with its languages (Homebrew, Fedora, Alpine)",
    })?;
    program("pdftoppm").ok_or(Refusal::NoPdftotext)?;
    let installed = run_program(&tesseract, &["--list-langs"], Path::new("/"), LIMITS)?;
    let installed: Vec<&str> = installed.lines().skip(1).map(str::trim).collect();
    let missing = languages.split('+').find(|language| !installed.contains(language));
    if let Some(missing) = missing {
        return Err(Refusal::Table(format!(
            "tesseract has no model {missing:?}; installed: {}",
            installed.join(", ")
        )));
    }
    // A second call changes nothing: one process reads all its scans in one way.
    let _ = LANGUAGES.set(languages.to_owned());
    Ok(())
}

/// The models that were asked for.
pub fn languages() -> Option<&'static str> {
    LANGUAGES.get().map(String::as_str)
}

/// The text of each page of a scanned PDF.
///
/// # Errors
/// When it has too many pages, or a page takes too long.
pub fn read(pdf: &[u8], pages: usize, languages: &str) -> Result<Vec<String>, Refusal> {
    if pages > MAX_SCANNED_PAGES {
        return Err(Refusal::Unsafe {
            kind: "PDF",
            cause: format!("it has {pages} scanned pages; the letters of at most {MAX_SCANNED_PAGES} are recognized"),
        });
    }
    let tool = |name, package| program(name).ok_or(Refusal::NoProgram { program: name, package });
    let tesseract = tool("tesseract", "tesseract-ocr")?;
    let pdftoppm = tool("pdftoppm", "poppler-utils")?;
    let folder = folder_of(pdf)?;
    (1..=pages)
        .map(|page| {
            let number = page.to_string();
            let draw = [
                "-r",
                RESOLUTION,
                "-gray",
                "-png",
                "-singlefile",
                "-f",
                &number,
                "-l",
                &number,
                "document.pdf",
                "page",
            ];
            run_program(&pdftoppm, &draw, folder.path(), LIMITS)?;
            let text = run_program(
                &tesseract,
                &["page.png", "stdout", "-l", languages],
                folder.path(),
                LIMITS,
            )?;
            Ok(text.replace('\u{c}', "").trim().to_owned())
        })
        .collect()
}
