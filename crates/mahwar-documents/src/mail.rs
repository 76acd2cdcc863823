//! Mail: one message (RFC 5322, MIME) or a folder of them (mbox).

use crate::{Extracted, Kind, Origin, Refusal, html::html_to_seen_text, limits::MAX_MAIL_DEPTH};
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders};

const KIND: &str = "mail";

/// True for a text that begins with the line between messages of a folder.
pub fn is_mbox(start: &str) -> bool {
    let mut lines = start.lines();
    let first = lines.next().unwrap_or_default();
    let is_separator = first
        .strip_prefix("From ")
        .is_some_and(|rest| rest.split_whitespace().count() >= 5);
    is_separator && lines.next().is_some_and(is_header)
}

/// True for a text that begins as a message does: several headers, one of which only messages have.
pub fn is_message(start: &str) -> bool {
    let mut names: Vec<String> = Vec::new();
    for line in start.lines().take(200) {
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        if !is_header(line) {
            return false;
        }
        names.push(line.split(':').next().unwrap_or_default().to_ascii_lowercase());
    }
    let has = |name: &str| names.iter().any(|own| own == name);
    names.len() >= 2
        && (has("message-id")
            || has("mime-version")
            || has("received")
            || has("return-path")
            || (has("from") && (has("date") || has("subject") || has("to"))))
}

fn is_header(line: &str) -> bool {
    let Some((name, _)) = line.split_once(':') else {
        return false;
    };
    (1..=60).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Reads one message.
///
/// # Errors
/// When it is no message, or holds no text.
pub fn read_message(bytes: &[u8]) -> Result<Extracted, Refusal> {
    // Parts are nested by their boundaries; the parser of mail takes stack for messages in messages.
    let nested = memchr::memmem::find_iter(bytes, b"message/rfc822").count();
    if nested > MAX_MAIL_DEPTH {
        return Err(Refusal::Unsafe {
            kind: KIND,
            cause: format!("it holds more than {MAX_MAIL_DEPTH} messages in it"),
        });
    }
    let message = MessageParser::default().parse(bytes).ok_or_else(|| Refusal::Broken {
        kind: KIND,
        cause: "it has no headers".to_owned(),
    })?;
    let mut found = Extracted::of_text(body(&message), Kind::Eml.media_type());
    found.set_title(message.subject().unwrap_or_default(), "Subject");
    if let Some(from) = message.from() {
        let (name, address) = first(from);
        found.set_author(&name, "From");
        found.set_publisher(&name, "From");
        found.note("from", &address, Origin::Declared, Some("From"));
    }
    if let Some(date) = message.date() {
        found.set_published(&date.to_rfc3339(), "Date");
    }
    if let Some(id) = message.message_id() {
        found.note("message_id", id, Origin::Declared, Some("Message-ID"));
    }
    if let HeaderValue::Text(list) = message.list_id() {
        found.note("list", list, Origin::Declared, Some("List-Id"));
    }
    for attachment in message.attachments() {
        let name = attachment.attachment_name().unwrap_or("without a name");
        found.note("attachment_not_read", name, Origin::Detected, None);
    }
    match found.text.trim().is_empty() {
        true => Err(Refusal::NoText { kind: KIND }),
        false => Ok(found),
    }
}

/// The text parts; where there are none, the text of the HTML.
fn body(message: &Message<'_>) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut has_plain = false;
    for part in message.text_bodies() {
        if let mail_parser::PartType::Text(text) = &part.body {
            has_plain = true;
            texts.push(unfolded(text, is_flowed(part)));
        }
    }
    if !has_plain || texts.iter().all(|text| text.trim().is_empty()) {
        texts = Vec::new();
        for part in message.html_bodies() {
            match &part.body {
                mail_parser::PartType::Html(html) => {
                    texts.extend(html_to_seen_text(html).ok().map(|read| read.text));
                }
                mail_parser::PartType::Text(text) => texts.push(unfolded(text, is_flowed(part))),
                _ => {}
            }
        }
    }
    texts.join("\n\n").replace("\r\n", "\n").trim().to_owned()
}

fn is_flowed(part: &mail_parser::MessagePart<'_>) -> bool {
    let format = part.content_type().and_then(|media| media.attribute("format"));
    format.is_some_and(|format| format.eq_ignore_ascii_case("flowed"))
}

/// A text whose soft line ends (RFC 3676) are spaces again.
fn unfolded(text: &str, is_flowed: bool) -> String {
    if !is_flowed {
        return text.to_owned();
    }
    let mut joined = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").split('\n') {
        joined.push_str(line);
        // The line before a signature is `-- `.
        if !line.ends_with(' ') || line == "-- " {
            joined.push('\n');
        }
    }
    joined
}

fn first(address: &Address<'_>) -> (String, String) {
    let Some(first) = address.first() else {
        return Default::default();
    };
    let mailbox = first.address.as_deref().unwrap_or_default().to_owned();
    let name = first.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    (name.map_or_else(|| mailbox.clone(), str::to_owned), mailbox)
}

/// Reads a folder: each message, with its number.
pub fn read_mbox(bytes: &[u8], each: &mut dyn FnMut(Result<Extracted, Refusal>)) {
    let mut starts: Vec<usize> = memchr::memmem::find_iter(bytes, b"\nFrom ")
        .map(|at| at + 1)
        .filter(|at| *at == 1 || bytes[..at - 1].ends_with(b"\n") || bytes[..at - 1].ends_with(b"\r"))
        .collect();
    if bytes.starts_with(b"From ") {
        starts.insert(0, 0);
    }
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(bytes.len());
        let message = &bytes[*start..end];
        let head = memchr::memchr(b'\n', message).map_or(message.len(), |line| line + 1);
        // Lines of a text that begin with the separator are quoted.
        let body = unquoted(&message[head..]);
        let part = format!("message {}", at + 1);
        each(read_message(&body).map(|mut read| {
            read.part = Some(part);
            read
        }));
    }
}

fn unquoted(message: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(message.len());
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let quotes = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = quotes > 0 && line[quotes..].starts_with(b"From ");
        plain.extend_from_slice(&line[usize::from(is_quoted)..]);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "From: =?utf-8?B?2LnZhNmK?= <ali@example.org>\r\nTo: desk@example.org\r\nSubject: =?windows-1256?B?5cyj5g==?=\r\nDate: Fri, 3 Dec 2021 08:00:00 +0300\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=windows-1256\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E5=CC=E6=E3 =DD=ED =CF=C7=DE=E6=DE.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--\r\n";

    #[test]
    fn a_message_is_read_in_its_encodings() {
        assert!(is_message(MAIL));
        let read = read_message(MAIL.as_bytes()).unwrap();
        assert_eq!(read.text, "هجوم في داقوق.");
        assert_eq!(read.publisher.as_deref(), Some("علي"));
        assert_eq!(read.published.as_deref(), Some("2021-12-03T05:00:00Z"));
        assert!(read.title.is_some());
    }

    #[test]
    fn a_folder_gives_each_message() {
        let one =
            "From a@b Fri Dec  3 08:00:00 2021\nFrom: a@example.org\nSubject: One\n\nAttack in Kirkuk\n>From Daquq\n\n";
        let folder = format!("{one}{}", one.replace("One", "Two"));
        assert!(is_mbox(&folder));
        let mut texts = Vec::new();
        read_mbox(folder.as_bytes(), &mut |read| texts.push(read.unwrap()));
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[1].text, "Attack in Kirkuk\nFrom Daquq");
        assert_eq!(
            (texts[1].title.as_deref(), texts[1].part.as_deref()),
            (Some("Two"), Some("message 2"))
        );
    }

    #[test]
    fn prose_is_no_message() {
        for text in [
            "Kirkuk: two killed\nDaquq: none\n\nMore",
            "From the start, Kirkuk",
            "Note: see below",
            "",
        ] {
            assert!(!is_message(text) && !is_mbox(text), "{text}");
        }
    }
}
