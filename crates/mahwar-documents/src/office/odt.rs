//! ODT (OpenDocument, ISO/IEC 26300).

use super::{Package, Paragraphs};
use crate::{
    Extracted, Kind, Origin, Refusal,
    xml::{Step, walk},
};

const KIND: &str = "ODT document";

/// Reads an ODT document.
///
/// # Errors
/// When it is encrypted or broken, or unpacks to more than is accepted.
pub fn read_odt(bytes: &[u8]) -> Result<Extracted, Refusal> {
    let mut package = Package::open(KIND, bytes)?;
    if let Some(manifest) = package.read("META-INF/manifest.xml")?
        && memchr::memmem::find(&manifest, b"encryption-data").is_some()
    {
        return Err(Refusal::Encrypted { kind: KIND });
    }
    if package
        .names()
        .any(|name| name.starts_with("Basic/") || name.starts_with("Scripts/"))
    {
        return Err(Refusal::Unsafe {
            kind: KIND,
            cause: "it holds macros; save it without them".to_owned(),
        });
    }
    let Some(body) = package.read("content.xml")? else {
        return Err(Refusal::Broken {
            kind: KIND,
            cause: "it has no content.xml".to_owned(),
        });
    };
    let mut found = Extracted::of_text(text(&body)?, Kind::Odt.media_type());
    if let Some(meta) = package.read("meta.xml")? {
        properties(&meta, &mut found)?;
    }
    match found.text.trim().is_empty() {
        true => Err(Refusal::NoText { kind: KIND }),
        false => Ok(found),
    }
}

fn text(xml: &[u8]) -> Result<String, Refusal> {
    let mut out = Paragraphs::default();
    let (mut paragraphs, mut hidden, mut cells) = (0_usize, 0_usize, 0_usize);
    // Notes follow the paragraph that they are in; those of tables follow the table.
    let mut notes: Vec<String> = Vec::new();
    let mut around: Option<(String, usize, usize)> = None;
    walk(KIND, xml, |step| {
        match step {
            // Tracked changes hold deleted text; annotations are remarks of editors.
            Step::Open(
                "tracked-changes" | "annotation" | "sequence-decls" | "automatic-styles" | "font-face-decls",
                _,
            ) => {
                hidden += 1;
            }
            Step::Close(
                "tracked-changes" | "annotation" | "sequence-decls" | "automatic-styles" | "font-face-decls",
            ) => {
                hidden = hidden.saturating_sub(1);
            }
            _ if hidden > 0 => {}
            Step::Open("note-citation", _) if around.is_none() => {
                around = Some((std::mem::take(&mut out.line), paragraphs, cells));
            }
            Step::Close("note-citation") => out.line.clear(),
            Step::Open("note-body", _) => (paragraphs, cells) = (0, 1),
            Step::Close("note") => {
                if let Some((line, own_paragraphs, own_cells)) = around.take() {
                    notes.push(std::mem::replace(&mut out.line, line));
                    (paragraphs, cells) = (own_paragraphs, own_cells);
                }
            }
            Step::Open("p" | "h", _) => paragraphs += 1,
            Step::Close("p" | "h") => {
                paragraphs = paragraphs.saturating_sub(1);
                match cells {
                    0 => {
                        out.end();
                        end_notes(&mut notes, &mut out);
                    }
                    _ if !out.line.is_empty() && !out.line.ends_with(['\t', ' ']) => out.push(" "),
                    _ => {}
                }
            }
            Step::Open("s", attributes) => {
                let count = attributes
                    .get("c")
                    .and_then(|count| count.parse::<usize>().ok())
                    .unwrap_or(1);
                out.push(&" ".repeat(count.min(100)));
            }
            Step::Open("tab", _) => out.push("\t"),
            Step::Open("line-break", _) => out.push("\n"),
            Step::Open("table-cell", _) => cells += 1,
            Step::Close("table-cell") => {
                cells = cells.saturating_sub(1);
                out.push("\t");
            }
            Step::Close("table-row") => out.end_with("\n"),
            Step::Close("table") => {
                out.end();
                end_notes(&mut notes, &mut out);
            }
            Step::Text(text) if paragraphs > 0 => {
                // White space of the file is one space; spaces that count are elements.
                let mut last_is_space = out.line.ends_with(char::is_whitespace);
                for letter in text.chars() {
                    if letter.is_ascii_whitespace() {
                        if !last_is_space {
                            out.push(" ");
                        }
                        last_is_space = true;
                    } else {
                        out.line.push(letter);
                        last_is_space = false;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(out.finish())
}

/// Writes each note as a paragraph of its own.
fn end_notes(notes: &mut Vec<String>, out: &mut Paragraphs) {
    for note in notes.drain(..) {
        out.push(note.trim());
        out.end();
    }
}

fn properties(xml: &[u8], found: &mut Extracted) -> Result<(), Refusal> {
    let mut value = String::new();
    walk(KIND, xml, |step| {
        match step {
            Step::Open(..) => value.clear(),
            Step::Text(text) => value.push_str(text),
            Step::Close(name) => {
                match name {
                    "title" => found.set_title(&value, "ODT"),
                    "initial-creator" => found.set_author(&value, "ODT"),
                    "creator" => found.set_author(&value, "ODT"),
                    "language" => found.set_language(&value, "ODT"),
                    "creation-date" | "date" | "subject" | "keyword" | "description" => {
                        found.note(name, &value, Origin::Declared, Some("ODT"));
                    }
                    _ => {}
                }
                value.clear();
            }
        }
        Ok(())
    })
}
