//! Prints the texts of files, a line of JSON for each text: `cargo run --example extract -- FILE…`

use mahwar_documents::{Hints, read};
use std::{env, fs, io::Write};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for name in env::args().skip(1) {
        let bytes = fs::read(&name)?;
        let hints = Hints {
            name: Some(&name),
            ..Hints::default()
        };
        let mut lines = Vec::new();
        let mut each = |found: Result<mahwar_documents::Extracted, mahwar_documents::Refusal>| {
            lines.push(match found {
                Ok(found) => serde_json::json!({
                    "file": name, "part": found.part, "title": found.title, "published": found.published,
                    "publisher": found.publisher, "author": found.author, "url": found.url, "text": found.text,
                    "facts": found.facts, "pages": found.pages,
                }),
                Err(refusal) => serde_json::json!({"file": name, "refused": refusal.to_string()}),
            });
        };
        if let Err(refusal) = read(&bytes, &hints, &mut each) {
            lines.push(serde_json::json!({"file": name, "refused": refusal.to_string()}));
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
