//! Files and bytes of any format: the format is found in the bytes. NDJSON is read as it comes, everything else whole.

use super::{Incoming, IngestError, Lines, read_feed};
use crate::{
    document::{DocumentError, MAX_BYTES},
    files::open_stream,
    formats::{self, Hints, Kind, MAX_FILE_BYTES, MAX_UNPACKED_BYTES, Refusal},
};
use serde_json::Value;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

/// Bytes at the start of a file from which its format is detected.
const HEAD: u64 = 64 * 1024;

/// Takes each text of a file, with the name of its part (`2`, `message 3`) where there are several.
type Each<'e> = &'e mut dyn FnMut(Option<String>, Result<Incoming, IngestError>);

/// Reads a file and hands over each text in it. `-` is standard input.
///
/// # Errors
/// When the file itself cannot be read; a text that is wrong is handed over as its error.
pub fn read_file(
    path: &Path,
    mut each: impl FnMut(Option<String>, Result<Incoming, IngestError>),
) -> Result<(), IngestError> {
    if path.as_os_str() == "-" {
        let read = read_stream(io::stdin().lock(), "-", None, &mut each);
        return read.map_err(|error| IngestError::Unreadable {
            path: "standard input".to_owned(),
            error,
        });
    }
    let shown = path.display().to_string();
    let unreadable = |error| IngestError::Unreadable {
        path: shown.clone(),
        error,
    };
    let file = open_stream(path).map_err(unreadable)?;
    let before = state(&file).map_err(unreadable)?;
    let again = file.try_clone().map_err(unreadable)?;
    // Texts are handed over when the file is known not to have changed; only lines are handed over as they are read.
    let mut changed = None;
    let mut texts = Vec::new();
    let mut is_stream = false;
    read_stream_with(
        file,
        &shown,
        before.map(|(length, _)| length),
        &mut |part, incoming, streamed| {
            is_stream |= streamed;
            match streamed {
                true => each(part, incoming),
                false => texts.push((part, incoming)),
            }
        },
    )
    .map_err(unreadable)?;
    if !is_stream && state(&again).map_err(unreadable)? != before {
        changed = Some(IngestError::Changed { path: shown.clone() });
    }
    match changed {
        Some(error) => each(None, Err(error)),
        None => texts.into_iter().for_each(|(part, incoming)| each(part, incoming)),
    }
    Ok(())
}

/// Length and time of the last change of a regular file; none for pipes.
fn state(file: &File) -> io::Result<Option<(u64, Option<std::time::SystemTime>)>> {
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then(|| (metadata.len(), metadata.modified().ok())))
}

fn read_stream(input: impl Read, name: &str, length: Option<u64>, each: Each<'_>) -> io::Result<()> {
    read_stream_with(input, name, length, &mut |part, incoming, _| each(part, incoming))
}

fn read_stream_with(
    mut input: impl Read,
    name: &str,
    length: Option<u64>,
    each: &mut dyn FnMut(Option<String>, Result<Incoming, IngestError>, bool),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if is_ndjson(&bytes, name) {
        return lines(io::Cursor::new(bytes).chain(input), &mut |number, incoming| {
            each(Some(number.to_string()), incoming, true);
        });
    }
    // The end of a package lists its parts, and the names in an old Office file may be anywhere.
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        let most = MAX_FILE_BYTES as u64 + 1;
        input.by_ref().take(most - bytes.len() as u64).read_to_end(&mut bytes)?;
    }
    let kind = match formats::detect(&bytes, Some(name), None) {
        Ok(kind) => kind,
        Err(refusal) => {
            each(None, Err(refusal.into()), false);
            return Ok(());
        }
    };
    let most = formats::most_bytes(kind);
    // The size is checked before anything is read; a pipe has none.
    let known = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    if known <= most {
        input
            .take((most - bytes.len().min(most)) as u64 + 1)
            .read_to_end(&mut bytes)?;
    }
    if known > most || bytes.len() > most {
        each(None, Err(too_large(kind, known.max(bytes.len()), most)), false);
        return Ok(());
    }
    let hints = Hints {
        name: Some(name),
        ..Hints::default()
    };
    if let Err(error) = read_bytes(&bytes, &hints, &mut |part, incoming| each(part, incoming, false)) {
        each(None, Err(error), false);
    }
    Ok(())
}

fn too_large(kind: Kind, bytes: usize, most: usize) -> IngestError {
    match kind {
        Kind::Text => DocumentError::TooLong(bytes).into(),
        kind => Refusal::TooLarge {
            kind: kind.name(),
            bytes,
            most,
        }
        .into(),
    }
}

/// True for lines of JSON objects: by the name of the file, or since the first line is a whole object and more follows.
fn is_ndjson(head: &[u8], name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let start = head.trim_ascii_start();
    match ending.as_deref() {
        Some("ndjson" | "jsonl") => true,
        // Standard input that begins with an object has an object a line.
        _ if name == "-" => start.starts_with(b"{") && !is_one_object(start),
        _ => start.starts_with(b"{") && matches!(formats::detect(head, Some(name), None), Ok(Kind::Ndjson)),
    }
}

/// True for an object that goes on over several lines.
fn is_one_object(start: &[u8]) -> bool {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let cut = start.len() as u64 >= HEAD - 4 && line.len() == start.len();
    !cut && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_err()
        && line.len() < start.len()
        && line.len() < 200
}

/// Reads bytes of any format and hands over each text in them, with the name of its part where there are several.
///
/// # Errors
/// When the format is not read, or the whole cannot be; a text in it that is wrong is handed over as its error.
pub fn read_bytes(bytes: &[u8], hints: &Hints<'_>, each: Each<'_>) -> Result<Kind, IngestError> {
    let kind = formats::detect(bytes, hints.name, hints.media_type)?;
    if kind != Kind::Gzip {
        return read_kind(kind, bytes, hints, each);
    }
    let plain = formats::unzip(bytes)?;
    let name = hints.name.map(|name| name.trim_end_matches(".gz"));
    match formats::detect(&plain, name, None)? {
        Kind::Gzip => Err(Refusal::Unsafe {
            kind: "gzip file",
            cause: "there is an archive in it; archives in archives are never opened".to_owned(),
        }
        .into()),
        inner => read_kind(inner, &plain, &Hints { name, ..*hints }, each),
    }
}

fn read_kind(kind: Kind, bytes: &[u8], hints: &Hints<'_>, each: Each<'_>) -> Result<Kind, IngestError> {
    match kind {
        Kind::Json => json(bytes, hints, each)?,
        Kind::Ndjson => {
            let read = lines(bytes, &mut |number, incoming| each(Some(number.to_string()), incoming));
            debug_assert!(read.is_ok(), "memory can be read");
        }
        Kind::Feed => feed(bytes, hints, each)?,
        Kind::Html => each(None, page(bytes, hints)),
        kind => formats::read_kind(kind, bytes, hints, &mut |read| {
            let original = (!kind.has_many()).then_some(bytes);
            let part = read.as_ref().ok().and_then(|read| read.part.clone());
            each(
                part,
                read.map(|read| Incoming::of_extracted(read, original))
                    .map_err(IngestError::from),
            );
        })?,
    }
    Ok(kind)
}

/// The entries of a feed.
fn feed(bytes: &[u8], hints: &Hints<'_>, each: Each<'_>) -> Result<(), IngestError> {
    for entry in read_feed(bytes, hints.address)?.entries {
        each(Some(entry.id), Ok(entry.incoming));
    }
    Ok(())
}

/// True for an object with the version of a JSON feed and its items.
pub fn is_json_feed(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        version: Option<String>,
        #[serde(default)]
        items: Option<Vec<serde::de::IgnoredAny>>,
    }
    let is_named = memchr::memmem::find(bytes, b"jsonfeed.org/version/").is_some()
        || memchr::memmem::find(bytes, b"jsonfeed.org\\/version\\/").is_some();
    is_named
        && serde_json::from_slice::<Head>(bytes).is_ok_and(|head| {
            head.items.is_some()
                && head
                    .version
                    .is_some_and(|version| version.contains("jsonfeed.org/version/"))
        })
}

/// A page, decoded; it is reduced to its text when it is taken, with the facts that are known by then.
fn page(bytes: &[u8], hints: &Hints<'_>) -> Result<Incoming, IngestError> {
    let declared = hints
        .charset
        .map(str::to_owned)
        .or_else(|| formats::declared_in_html(bytes));
    let decoded = match formats::decode_unjudged(bytes, declared.as_deref()) {
        Ok(decoded) => decoded,
        // A wrong byte costs itself only; a page of wrong bytes is in another encoding.
        Err(refusal) => {
            let decoded = formats::decode_lossy(bytes, declared.as_deref());
            let letters = decoded.text.chars().filter(|letter| !letter.is_ascii());
            let (all, wrong) = letters.fold((0_usize, 0_usize), |(all, wrong), letter| {
                (all + 1, wrong + usize::from(letter == '\u{fffd}'))
            });
            if wrong * 4 > all && wrong > 20 {
                return Err(refusal.into());
            }
            decoded
        }
    };
    let mut incoming = Incoming::of_html(decoded.text);
    incoming.encoding = Some((decoded.encoding, decoded.origin));
    if decoded.encoding != "UTF-8" {
        incoming.facts.push(formats::Fact {
            name: "encoding".to_owned(),
            value: decoded.encoding.to_owned(),
            origin: decoded.origin,
            by: None,
        });
    }
    incoming.whole_page = hints.whole_page;
    Ok(incoming)
}

/// One object, or a list of objects.
fn json(bytes: &[u8], hints: &Hints<'_>, each: Each<'_>) -> Result<(), IngestError> {
    let plain = formats::utf8(bytes);
    let bytes: &[u8] = &plain;
    if is_json_feed(bytes) {
        return feed(bytes, hints, each);
    }
    if !bytes.trim_ascii_start().starts_with(b"[") {
        each(None, Incoming::of_json(bytes));
        return Ok(());
    }
    let list: Vec<Value> =
        serde_json::from_slice(bytes).map_err(|error| IngestError::Json(super::json_error(&error)))?;
    for (value, number) in list.into_iter().zip(1..) {
        each(Some(format!("entry {number}")), Incoming::of_value(value));
    }
    Ok(())
}

fn lines(mut input: impl Read, each: &mut dyn FnMut(usize, Result<Incoming, IngestError>)) -> io::Result<()> {
    let mut lines = Lines::default();
    let mut piece = vec![0; 64 * 1024];
    let mut give = |number: usize, line: Result<&[u8], IngestError>| each(number, line.and_then(Incoming::of_json));
    loop {
        match input.read(&mut piece)? {
            0 => break,
            length => lines.push(&piece[..length], &mut give),
        }
    }
    lines.end(give);
    Ok(())
}

const _: () = assert!(MAX_BYTES <= MAX_FILE_BYTES && MAX_BYTES <= MAX_UNPACKED_BYTES);
