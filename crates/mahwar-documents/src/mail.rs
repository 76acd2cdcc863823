//! Mail: one message (RFC 5322, MIME) or a folder of them (mbox).

use crate::{Extracted, Kind, Origin, Refusal, html::html_to_seen_text, limits::MAX_MAIL_DEPTH};
use mail_parser::{Address, HeaderValue, Message, MessageParser, MimeHeaders};
use std::borrow::Cow;

mod source;

pub use source::{is_mbox, is_message};

const KIND: &str = "mail";

/// Reads one message.
///
/// # Errors
/// When it is no message, or holds no text.
pub fn read_message(bytes: &[u8], whole_page: bool) -> Result<Extracted, Refusal> {
    let bytes = source::message_in(bytes);
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
    if let Some(page) = saved_page(&message, whole_page) {
        return page;
    }
    let spaced = spaces_kept(&message, bytes);
    let message = match spaced
        .as_deref()
        .and_then(|bytes| MessageParser::default().parse(bytes))
    {
        Some(spaced) => spaced,
        None => message,
    };
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

/// A page that a browser saved (MHTML): its article, and where it came from. None for a letter.
fn saved_page(message: &Message<'_>, whole_page: bool) -> Option<Result<Extracted, Refusal>> {
    let header = |part: &mail_parser::MessagePart<'_>, name: &str| match part
        .headers
        .iter()
        .find(|header| header.name.as_str().eq_ignore_ascii_case(name))
        .map(|header| &header.value)
    {
        Some(HeaderValue::Text(value)) => Some(value.trim().to_owned()),
        Some(HeaderValue::TextList(values)) => values.first().map(|value| value.trim().to_owned()),
        _ => None,
    };
    let root = message.parts.first()?;
    let page = message
        .parts
        .iter()
        .find(|part| matches!(part.body, mail_parser::PartType::Html(_)))?;
    let address = header(root, "Snapshot-Content-Location").or_else(|| header(page, "Content-Location"));
    let is_saved = header(root, "Snapshot-Content-Location").is_some()
        || (message.to().is_none() && header(page, "Content-Location").is_some());
    let mail_parser::PartType::Html(html) = &page.body else {
        return None;
    };
    if !is_saved {
        return None;
    }
    let read = crate::read_page(html, address.as_deref(), whole_page).and_then(|page| {
        let mut found = Extracted::of_text(page.text, Kind::Eml.media_type());
        page.metadata.describe(&mut found);
        found.set_url(address.as_deref().unwrap_or_default(), "Content-Location");
        if found.title.is_none() {
            found.set_title(message.subject().unwrap_or_default(), "Subject");
        }
        if let Some(date) = message.date() {
            found.note("saved", &date.to_rfc3339(), Origin::Declared, Some("Date"));
        }
        let kept = if page.is_article { "article" } else { "whole page" };
        found.note("extraction", kept, Origin::Detected, None);
        match found.text.trim().is_empty() {
            true => Err(Refusal::NoText { kind: "saved page" }),
            false => Ok(found),
        }
    });
    Some(read)
}

/// A flowed text in quoted-printable with its spaces at the ends of lines written so that they stay: they join the lines. Some
/// programs do not write them so. None for other messages.
fn spaces_kept(message: &Message<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    let [part] = &message.parts[..] else { return None };
    if part.encoding != mail_parser::Encoding::QuotedPrintable || !is_flowed(part) {
        return None;
    }
    let body = usize::try_from(part.offset_body).ok()?;
    let mut kept = bytes.get(..body)?.to_vec();
    for line in bytes[body..].split_inclusive(|byte| *byte == b'\n') {
        let end = line.trim_ascii_end().len();
        let words = &line[..end];
        kept.extend_from_slice(words);
        match line.get(end) == Some(&b' ') && !words.is_empty() {
            true => kept.extend_from_slice(b"=20\n"),
            false => kept.extend_from_slice(&line[end..]),
        }
    }
    Some(kept)
}

/// The text of a part. A part that says it is in base64 and is not is read as it is written.
fn text_of<'m>(message: &'m Message<'_>, part: &'m mail_parser::MessagePart<'_>, decoded: &'m str) -> Cow<'m, str> {
    let written = || {
        let (start, end) = (
            usize::try_from(part.offset_body).ok()?,
            usize::try_from(part.offset_end).ok()?,
        );
        message.raw_message.get(start..end)
    };
    match written() {
        Some(written) if part.encoding == mail_parser::Encoding::Base64 && !is_base64(written) => {
            let charset = part.content_type().and_then(|media| media.attribute("charset"));
            let read = crate::encoding::decode(written, charset)
                .unwrap_or_else(|_| crate::encoding::decode_lossy(written, charset));
            Cow::Owned(read.text)
        }
        _ => Cow::Borrowed(decoded),
    }
}

/// True if the first line of a body is one of base64. Lists of mail add lines of text at its end.
fn is_base64(body: &[u8]) -> bool {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    first
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// The text parts; where there are none, the text of the HTML.
fn body(message: &Message<'_>) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut has_plain = false;
    for part in message.text_bodies() {
        if let mail_parser::PartType::Text(text) = &part.body {
            has_plain = true;
            texts.push(unfolded(&text_of(message, part, text), is_flowed(part)));
        }
    }
    if !has_plain || texts.iter().all(|text| text.trim().is_empty()) {
        texts = Vec::new();
        for part in message.html_bodies() {
            match &part.body {
                mail_parser::PartType::Html(html) => {
                    texts.extend(
                        html_to_seen_text(&text_of(message, part, html))
                            .ok()
                            .map(|read| read.text),
                    );
                }
                mail_parser::PartType::Text(text) => {
                    texts.push(unfolded(&text_of(message, part, text), is_flowed(part)));
                }
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
    let starts = source::separators(bytes);
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(bytes.len());
        let message = &bytes[*start..end];
        let head = memchr::memchr(b'\n', message).map_or(message.len(), |line| line + 1);
        // Lines of a text that begin with the separator are quoted.
        let body = unquoted(&message[head..]);
        let part = format!("message {}", at + 1);
        each(read_message(&body, false).map(|mut read| {
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
        let read = read_message(MAIL.as_bytes(), false).unwrap();
        assert_eq!(read.text, "هجوم في داقوق.");
        assert_eq!(read.publisher.as_deref(), Some("علي"));
        assert_eq!(read.published.as_deref(), Some("2021-12-03T05:00:00Z"));
        assert!(read.title.is_some());
    }

    #[test]
    fn a_saved_page_is_reduced_to_its_article() {
        let words = "Three Peshmerga fighters were killed and five wounded in an attack near Kifri on Sunday, the ministry said.";
        let page = format!(
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://news.example/kifri.html\r\nSubject: Attack\r\n\
             Date: Sun, 5 Dec 2021 09:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/html\r\nContent-Location: https://news.example/kifri.html\r\n\r\n\
             <html><body><nav><a href=/>Baghdad</a></nav><article><p>{words}</p><p>{words}</p></article></body></html>\r\n--b--\r\n"
        );
        let read = read_message(page.as_bytes(), false).unwrap();
        assert!(
            read.text.contains("Kifri") && !read.text.contains("Baghdad"),
            "{}",
            read.text
        );
        assert_eq!(read.url.as_deref(), Some("https://news.example/kifri.html"));
        assert_eq!(read.published, None);
    }

    #[test]
    fn soft_ends_of_flowed_lines_are_joined_in_quoted_printable() {
        let mail = "Subject: f\nFrom: b@c\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; format=flowed\n\
             Content-Transfer-Encoding: quoted-printable\n\nIn the district of \nDaquq and in Wadi=20\nHajar.\n\nEnd\n";
        let read = read_message(mail.as_bytes(), false).unwrap();
        assert_eq!(read.text, "In the district of Daquq and in Wadi Hajar.\n\nEnd");
    }

    /// Report: the words of a part with a wrong transfer encoding were decoded to nonsense.
    #[test]
    fn a_part_that_is_not_in_base64_is_read_as_it_is_written() {
        let mail = "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n";
        let plain = format!("{mail}Attack near Daquq\nهجوم في كركوك\n");
        assert_eq!(
            read_message(plain.as_bytes(), false).unwrap().text,
            "Attack near Daquq\nهجوم في كركوك"
        );
        let packed = format!("{mail}QXR0YWNrIG5lYXIgRGFxdXE=\n");
        assert_eq!(
            read_message(packed.as_bytes(), false).unwrap().text,
            "Attack near Daquq"
        );
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
