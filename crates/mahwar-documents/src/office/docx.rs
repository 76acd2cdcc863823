//! DOCX (Office Open XML, ISO/IEC 29500): text, tables, notes; without deleted text and codes of fields.

use super::{Package, Paragraphs};
use crate::{
    Extracted, Kind, Origin, Refusal,
    xml::{Step, walk},
};

const KIND: &str = "DOCX document";

/// Reads a DOCX document.
///
/// # Errors
/// When it has macros, is broken, or unpacks to more than is accepted.
pub fn read_docx(bytes: &[u8]) -> Result<Extracted, Refusal> {
    let mut package = Package::open(KIND, bytes)?;
    let main = main_part(&mut package)?;
    if package
        .names()
        .any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin"))
    {
        return Err(Refusal::Unsafe {
            kind: KIND,
            cause: "it holds macros; save it without them (DOCX instead of DOCM)".to_owned(),
        });
    }
    let Some(body) = package.read(&main)? else {
        return Err(Refusal::Broken {
            kind: KIND,
            cause: format!("it has no {main}"),
        });
    };
    let mut found = Extracted::of_text(text(&body)?, Kind::Docx.media_type());
    for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(notes) = package.read(notes)? {
            let notes = text(&notes)?;
            if !notes.is_empty() {
                found.text.push_str("\n\n");
                found.text.push_str(&notes);
            }
        }
    }
    if let Some(core) = package.read("docProps/core.xml")? {
        properties(&core, &mut found)?;
    }
    match found.text.trim().is_empty() {
        true => Err(Refusal::NoText { kind: KIND }),
        false => Ok(found),
    }
}

/// The part that is the document, as the relations of the package name it.
fn main_part(package: &mut Package<'_>) -> Result<String, Refusal> {
    let mut main = "word/document.xml".to_owned();
    if let Some(relations) = package.read("_rels/.rels")? {
        walk(KIND, &relations, |step| {
            if let Step::Open("Relationship", attributes) = step
                && attributes
                    .get("Type")
                    .is_some_and(|kind| kind.ends_with("/officeDocument"))
                && let Some(target) = attributes.get("Target")
            {
                main = target.trim_start_matches('/').to_owned();
            }
            Ok(())
        })?;
    }
    Ok(main)
}

fn text(xml: &[u8]) -> Result<String, Refusal> {
    let mut out = Paragraphs::default();
    let (mut in_text, mut hidden, mut cells, mut rows) = (false, 0_usize, 0_usize, 0_usize);
    walk(KIND, xml, |step| {
        match step {
            // The second form of a drawing, and text that was deleted or moved away.
            Step::Open("Fallback" | "del" | "moveFrom" | "delText" | "instrText", _) => hidden += 1,
            Step::Close("Fallback" | "del" | "moveFrom" | "delText" | "instrText") => hidden = hidden.saturating_sub(1),
            _ if hidden > 0 => {}
            Step::Open("t", _) => in_text = true,
            Step::Close("t") => in_text = false,
            Step::Text(text) if in_text => out.push(text),
            Step::Open("tab" | "ptab", _) => out.push("\t"),
            Step::Open("br" | "cr", attributes) => match attributes.get("type") {
                Some("page" | "column") => out.end(),
                _ => out.push("\n"),
            },
            Step::Open("noBreakHyphen", _) => out.push("-"),
            Step::Open("tr", _) => rows += 1,
            Step::Close("tr") => {
                rows = rows.saturating_sub(1);
                out.end_with("\n");
            }
            Step::Open("tc", _) => cells += 1,
            Step::Close("tc") => {
                cells = cells.saturating_sub(1);
                out.push("\t");
            }
            Step::Close("tbl") => out.end(),
            // Paragraphs of a cell stay in its row.
            Step::Close("p") if cells > 0 && (out.line.is_empty() || out.line.ends_with(['\t', ' '])) => {}
            Step::Close("p") if cells > 0 => out.push(" "),
            Step::Close("p") => out.end(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(out.finish())
}

fn properties(xml: &[u8], found: &mut Extracted) -> Result<(), Refusal> {
    let mut value = String::new();
    walk(KIND, xml, |step| {
        match step {
            Step::Open(..) => value.clear(),
            Step::Text(text) => value.push_str(text),
            Step::Close(name) => {
                match name {
                    "title" => found.set_title(&value, "DOCX"),
                    "creator" => found.set_author(&value, "DOCX"),
                    "language" => found.set_language(&value, "DOCX"),
                    "created" | "modified" | "subject" | "keywords" | "description" | "category" => {
                        found.note(name, &value, Origin::Declared, Some("DOCX"));
                    }
                    _ => {}
                }
                value.clear();
            }
        }
        Ok(())
    })
}
