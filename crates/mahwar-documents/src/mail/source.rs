//! The raw source of mail: where a message begins in its bytes, and where the messages of a folder do.

/// Headers that only messages have.
const TELLING: [&str; 5] = ["message-id", "mime-version", "received", "return-path", "delivered-to"];
/// Lines at the start in which headers are looked for.
const MAX_LINES: usize = 200;

/// True for a text that begins with the line between messages of a folder. Some programs write no date in it; headers follow
/// then.
pub fn is_mbox(start: &str) -> bool {
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let is_separator = first.starts_with("From ");
    let has_date = first.split_whitespace().count() >= 6;
    is_separator
        && match has_date {
            true => rest.lines().next().is_some_and(is_header),
            false => first.split_whitespace().count() == 2 && is_message(rest),
        }
}

/// True for a text that begins as a message does: several headers, one of which only messages have. The length of the message
/// in bytes may come before it (EMLX).
pub fn is_message(start: &str) -> bool {
    let (first, rest) = start.split_once('\n').unwrap_or((start, ""));
    let is_length = !first.trim().is_empty() && first.trim().bytes().all(|byte| byte.is_ascii_digit());
    let mut names: Vec<String> = Vec::new();
    let mut others = 0;
    for line in (if is_length { rest } else { start }).lines().take(MAX_LINES) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        if is_header(line) {
            let name = line.split(':').next().unwrap_or_default();
            names.push(name.trim_end().to_ascii_lowercase());
        } else {
            others += 1;
        }
        if others > 0 && names.len() < 2 {
            return false;
        }
    }
    let has = |name: &str| names.iter().any(|own| own == name);
    let telling = TELLING.iter().filter(|name| has(name)).count();
    let of_letter = ["from", "to", "date", "subject"]
        .iter()
        .filter(|name| has(name))
        .count();
    // A program broke a line of the headers now and then.
    if others > 0 && (others * 4 > names.len() || telling + of_letter < 3) {
        return false;
    }
    names.len() >= 2 && (telling > 0 || of_letter >= 2 && (has("from") || has("subject")))
        || names.len() == 1 && has("subject") && first.contains("=?")
}

fn is_header(line: &str) -> bool {
    let Some((name, _)) = line.split_once(':') else {
        return false;
    };
    let name = name.trim_end();
    (1..=60).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The bytes of the message itself: without empty lines before it, the line of a folder, and the lines that EMLX adds.
pub fn message_in(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    let (first, rest) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    if first.starts_with(b"From ") {
        return rest;
    }
    let length = std::str::from_utf8(first)
        .ok()
        .and_then(|first| first.trim().parse::<usize>().ok());
    match length {
        // A property list follows the message.
        Some(length) => &rest[..length.min(rest.len())],
        None => bytes,
    }
}

/// Where the messages of a folder begin: at lines after an empty one that begin with `From `, with a date or before a header.
/// Other such lines are sentences of a message.
pub fn separators(bytes: &[u8]) -> Vec<usize> {
    let start = bytes.len() - bytes.trim_ascii_start().len();
    let mut starts: Vec<usize> = memchr::memmem::find_iter(bytes, b"\nFrom ")
        .map(|at| at + 1)
        .filter(|at| *at > start && (bytes[..at - 1].ends_with(b"\n") || bytes[..at - 1].ends_with(b"\r")))
        .filter(|at| {
            let mut lines = bytes[*at..].split(|byte| *byte == b'\n').map(String::from_utf8_lossy);
            let (first, next) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
            has_time(&first) || is_header(&next)
        })
        .collect();
    if bytes[start..].starts_with(b"From ") {
        starts.insert(0, start);
    }
    starts
}

/// True for a line that ends with a time and a year, as asctime writes them.
fn has_time(line: &str) -> bool {
    let is_time = |word: &str| {
        word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') && word.contains(':')
    };
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    line.split_whitespace().any(is_time) && line.split_whitespace().any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{read_mbox, read_message};

    const LETTER: &str = "From: a@example.org\nTo: b@example.org\nSubject: Road\n\nThe road to Daquq is open.\n\nFrom there on it is closed.\n";
    const WORDS: &str = "The road to Daquq is open.\n\nFrom there on it is closed.";

    #[test]
    fn a_letter_is_found_after_lines_that_programs_add() {
        let length = LETTER.len();
        for source in [
            format!("\n\n{LETTER}"),
            format!("From a@example.org\n{LETTER}"),
            format!("{length}\n{LETTER}<?xml version=\"1.0\"?><plist><dict/></plist>"),
            LETTER.replace("From: ", "From  : "),
            LETTER.replace(
                "To:",
                "Message-ID: <1>\nDate: Fri, 3 Dec 2021 08:00:00 +0300\nbroken> header\nTo:",
            ),
            LETTER.replace("From: a@example.org\n", ""),
        ] {
            assert!(
                is_message(source.trim_start()) || is_mbox(source.trim_start()),
                "{source}"
            );
            let read = read_message(source.as_bytes(), false).unwrap();
            assert_eq!(
                (read.text.as_str(), read.title.as_deref()),
                (WORDS, Some("Road")),
                "{source}"
            );
        }
        for prose in [
            "12\nKirkuk: two killed\nDaquq: none",
            "Subject: the road\n\nIt is open.",
            "From Kirkuk\nTo Daquq: open",
        ] {
            assert!(!is_message(prose) && !is_mbox(prose), "{prose}");
        }
    }

    #[test]
    fn a_folder_without_dates_is_divided_before_headers() {
        let folder = format!("From a@example.org\n{LETTER}\nFrom a@example.org\n{LETTER}");
        assert!(is_mbox(&folder));
        let mut texts = Vec::new();
        read_mbox(folder.as_bytes(), &mut |read| texts.push(read.unwrap().text));
        assert_eq!(texts, [WORDS, WORDS]);
    }
}
