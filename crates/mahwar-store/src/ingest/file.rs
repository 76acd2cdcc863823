//! Files by their extension: `.txt`, `.html`, `.json`, `.ndjson`; beside a text may stand a description as for seeds.

use super::{Incoming, IngestError, Lines};
use crate::{
    document::{DocumentError, MAX_BYTES},
    files::open_stream,
};
use std::{
    io::{self, Read},
    path::Path,
};

/// Reads a file and hands over each text in it, with the number of its line where it has several.
///
/// `-` is standard input: NDJSON when its first character is `{`, plain text otherwise.
///
/// # Errors
/// When the file itself cannot be read; a text that is wrong is handed over as its error.
pub fn read_file(
    path: &Path,
    mut each: impl FnMut(Option<usize>, Result<Incoming, IngestError>),
) -> Result<(), IngestError> {
    let shown = || path.display().to_string();
    let unreadable = |error| IngestError::Unreadable { path: shown(), error };
    if path.as_os_str() == "-" {
        return standard_input(each).map_err(|error| IngestError::Unreadable {
            path: "standard input".to_owned(),
            error,
        });
    }
    let kind = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("txt");
    match kind.to_ascii_lowercase().as_str() {
        "ndjson" | "jsonl" => {
            let file = open_stream(path).map_err(unreadable)?;
            lines(file, each).map_err(unreadable)
        }
        "json" => {
            let bytes = whole(path, MAX_BYTES * 6).map_err(unreadable)?;
            each(None, bytes.and_then(|bytes| Incoming::of_json(&bytes)));
            Ok(())
        }
        "html" | "htm" | "xhtml" => {
            let text = whole(path, MAX_BYTES).map_err(unreadable)?.and_then(utf8);
            each(None, text.map(Incoming::of_html));
            Ok(())
        }
        "txt" | "text" | "md" => {
            let text = whole(path, MAX_BYTES).map_err(unreadable)?.and_then(utf8);
            each(None, text.map(Incoming::of_text));
            Ok(())
        }
        _ => Err(IngestError::UnknownKind { path: shown() }),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, IngestError> {
    String::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8(error.utf8_error().valid_up_to()).into())
}

/// The whole file, or that it is too long, told by its size before it is read.
fn whole(path: &Path, longest: usize) -> io::Result<Result<Vec<u8>, IngestError>> {
    let file = open_stream(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    // One byte more than is accepted, so that the length can tell.
    file.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    Ok(match bytes.len() <= longest {
        true => Ok(bytes),
        // A pipe has no length of its own.
        false => Err(DocumentError::TooLong(bytes.len().max(usize::try_from(length).unwrap_or(usize::MAX))).into()),
    })
}

fn standard_input(mut each: impl FnMut(Option<usize>, Result<Incoming, IngestError>)) -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut first = [0];
    if input.read(&mut first)? == 0 {
        each(None, Err(DocumentError::Empty.into()));
        return Ok(());
    }
    let input = io::Cursor::new(first).chain(input);
    if first[0] == b'{' {
        return lines(input, each);
    }
    let mut bytes = Vec::new();
    input.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    each(None, utf8(bytes).map(Incoming::of_text));
    Ok(())
}

fn lines(mut input: impl Read, mut each: impl FnMut(Option<usize>, Result<Incoming, IngestError>)) -> io::Result<()> {
    let mut lines = Lines::default();
    let mut piece = vec![0; 64 * 1024];
    let mut give =
        |number: usize, line: Result<&[u8], IngestError>| each(Some(number), line.and_then(Incoming::of_json));
    loop {
        match input.read(&mut piece)? {
            0 => break,
            length => lines.push(&piece[..length], &mut give),
        }
    }
    lines.end(give);
    Ok(())
}
