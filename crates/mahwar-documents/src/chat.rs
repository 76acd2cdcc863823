//! Chats: exports of Telegram (`result.json`) and WhatsApp (`_chat.txt`). Each message is a text of its own.

use crate::{Extracted, Kind, Origin, Refusal};
use jiff::civil::{Date, Time};
use serde::Deserialize;
use serde_json::Value;

/// True for the beginning of a Telegram export.
pub fn is_telegram(start: &str) -> bool {
    let head: String = start.chars().take(4000).collect();
    let has = |name: &str| head.contains(&format!("\"{name}\""));
    (has("messages")
        && has("type")
        && (has("name") || has("id"))
        && has("date_unixtime") | has("from_id") | has("actor_id") | has("text_entities"))
        || (has("chats") && has("list") && has("messages"))
        || (has("messages")
            && has("type")
            && [
                "public_channel",
                "private_channel",
                "personal_chat",
                "private_group",
                "private_supergroup",
                "public_supergroup",
                "saved_messages",
                "bot_chat",
            ]
            .iter()
            .any(|kind| has(kind)))
}

#[derive(Deserialize)]
struct Export {
    #[serde(default)]
    chats: Option<Chats>,
    #[serde(flatten)]
    chat: Chat,
}

#[derive(Deserialize)]
struct Chats {
    #[serde(default)]
    list: Vec<Chat>,
}

#[derive(Deserialize)]
struct Chat {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    id: Value,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    date_unixtime: Value,
    #[serde(default)]
    edited: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    forwarded_from: Option<String>,
    #[serde(default)]
    text: Value,
}

/// Reads a Telegram export. Messages of the service and pictures without words are no texts.
///
/// # Errors
/// When it is no JSON of that kind.
pub fn read_telegram(bytes: &[u8], each: &mut dyn FnMut(Result<Extracted, Refusal>)) -> Result<(), Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let export: Export = serde_json::from_slice(bytes).map_err(|error| Refusal::Broken {
        kind: Kind::Telegram.name(),
        cause: error.to_string(),
    })?;
    let chats = export.chats.map(|chats| chats.list).unwrap_or_default();
    for chat in std::iter::once(export.chat).chain(chats) {
        for message in &chat.messages {
            if message.kind.as_deref().is_some_and(|kind| kind != "message") {
                continue;
            }
            let text = words(&message.text);
            if !text.trim().is_empty() {
                each(Ok(telegram(&chat, message, text)));
            }
        }
    }
    Ok(())
}

fn telegram(chat: &Chat, message: &Message, text: String) -> Extracted {
    let mut found = Extracted::of_text(text, Kind::Telegram.media_type());
    found.part = Some(format!("message {}", message.id));
    let seconds = match &message.date_unixtime {
        Value::String(seconds) => Some(seconds.clone()),
        Value::Number(seconds) => Some(seconds.to_string()),
        _ => None,
    };
    // The date beside it is in the clock of the computer that made the export.
    match (seconds, &message.date) {
        (Some(seconds), _) => found.set_published(&seconds, "date_unixtime"),
        (None, Some(date)) => found.set_published(date.split('T').next().unwrap_or(date), "date"),
        _ => {}
    }
    // The author of a forwarded message is its first sender.
    let said_by = message.forwarded_from.as_ref().or(message.from.as_ref());
    let channel = chat
        .name
        .as_ref()
        .filter(|_| chat.kind.as_deref().is_none_or(|kind| kind.contains("channel")));
    if let Some(publisher) = said_by.or(channel).or(chat.name.as_ref()) {
        found.set_publisher(publisher, "from");
    }
    if let Some(author) = &message.author {
        found.set_author(author, "author");
    }
    for (name, value) in [
        ("chat", &chat.name),
        ("forwarded_from", &message.forwarded_from),
        ("edited", &message.edited),
    ] {
        found.note(
            name,
            value.as_deref().unwrap_or_default(),
            Origin::Declared,
            Some("Telegram"),
        );
    }
    found
}

/// A text of Telegram: a string, or a list of strings and of parts with a form (bold, links).
fn words(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part.as_str().or_else(|| part.get("text").and_then(Value::as_str)))
            .collect(),
        _ => String::new(),
    }
}

/// The head of a WhatsApp message: its date, its time, and the rest of the line.
struct Head<'l> {
    date: [i16; 3],
    time: Option<Time>,
    rest: &'l str,
}

/// Reads `[03/12/2021, 10:15:22] ` or `03/12/2021, 10:15 - `.
fn head(line: &str) -> Option<Head<'_>> {
    let line = line.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}', '\u{202a}', '\u{202b}']);
    let (stamp, rest) = match line.strip_prefix('[') {
        Some(line) => line.split_once("] ").or_else(|| line.split_once(']'))?,
        None => line.split_once(" - ")?,
    };
    if stamp.len() > 60 {
        return None;
    }
    let plain: String = stamp
        .chars()
        .filter(|letter| !matches!(letter, '\u{200e}' | '\u{200f}'))
        .map(|letter| match letter {
            '٠'..='٩' => char::from(b'0' + (letter as u32 - '٠' as u32) as u8),
            '۰'..='۹' => char::from(b'0' + (letter as u32 - '۰' as u32) as u8),
            '\u{a0}' | '\u{202f}' => ' ',
            '،' => ',',
            other => other,
        })
        .collect();
    let (day, time) = plain.split_once([',', ' '])?;
    let parts: Vec<i16> = day
        .split(['/', '.', '-'])
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    let time = clock(time.trim())?;
    Some(Head {
        date: parts.try_into().ok()?,
        time,
        rest,
    })
}

/// A time of day with `AM`, `م` or without; the outer none if it is no time.
fn clock(text: &str) -> Option<Option<Time>> {
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || letter == ':' || letter == '.'))
        .unwrap_or(text.len());
    let parts: Vec<i8> = text[..end]
        .split([':', '.'])
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let (mut hour, minute) = (*parts.first()?, *parts.get(1)?);
    let half = text[end..].trim().to_lowercase().replace('.', "");
    match half.as_str() {
        "" => {}
        "pm" | "م" | "مساء" | "پ ن" | "دن" => hour = hour % 12 + 12,
        "am" | "ص" | "صباحا" | "پن" => hour %= 12,
        _ => return None,
    }
    Some(Time::new(hour, minute, parts.get(2).copied().unwrap_or(0), 0).ok())
}

/// True for the beginning of a WhatsApp export: most of its first lines are heads of messages.
pub fn is_whatsapp(start: &str) -> bool {
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    if head(first).is_none() {
        return false;
    }
    let with_sender = |line: &str| head(line).is_some_and(|head| head.rest.contains(": "));
    with_sender(first) || lines.take(20).any(with_sender)
}

/// Reads a WhatsApp export. Notices without a sender and messages that are only an attachment are no texts.
///
/// # Errors
/// When no line is the head of a message.
pub fn read_whatsapp(text: &str, each: &mut dyn FnMut(Result<Extracted, Refusal>)) -> Result<(), Refusal> {
    let mut messages: Vec<(Head<'_>, String)> = Vec::new();
    for line in text.lines() {
        match head(line) {
            Some(head) => {
                let rest = head.rest.to_owned();
                messages.push((head, rest));
            }
            None => {
                if let Some((_, text)) = messages.last_mut() {
                    text.push('\n');
                    text.push_str(line);
                }
            }
        }
    }
    if messages.is_empty() {
        return Err(Refusal::Broken {
            kind: Kind::WhatsApp.name(),
            cause: "no line is the head of a message".to_owned(),
        });
    }
    let order = order_of_dates(messages.iter().map(|(head, _)| head.date));
    for ((head, message), number) in messages.iter().zip(1..) {
        let Some((sender, words)) = message.split_once(": ") else {
            continue;
        };
        // A sender is on the line of the head; a notice that has a colon later has none.
        if sender.contains('\n') || sender.chars().count() > 100 {
            continue;
        }
        let words = words.trim_matches(['\u{200e}', '\u{200f}', ' ', '\n']);
        if words.is_empty() || is_attachment(words) {
            continue;
        }
        let mut found = Extracted::of_text(words.to_owned(), Kind::WhatsApp.media_type());
        found.part = Some(format!("message {number}"));
        found.set_publisher(sender.trim_matches(['\u{200e}', '\u{200f}', '~', ' ']), "sender");
        if let Some(date) = order.date(head.date) {
            // The clock is that of the telephone; its zone is not said.
            found.published = Some(date.to_string());
            found.note("published", &date.to_string(), Origin::Declared, Some("WhatsApp"));
            if let Some(time) = head.time {
                found.note("local_time", &time.to_string(), Origin::Declared, Some("WhatsApp"));
            }
            if !order.is_certain {
                found.note(
                    "date_order",
                    "day before month, which the export does not tell",
                    Origin::Detected,
                    None,
                );
            }
        }
        each(Ok(found));
    }
    Ok(())
}

/// True for the placeholder of an omitted attachment: `<Media omitted>`, `‎image omitted`, `<attached: …>`.
fn is_attachment(words: &str) -> bool {
    let one_line = !words.contains('\n');
    one_line
        && ((words.starts_with('<') && words.ends_with('>'))
            || words.ends_with(" omitted")
            || words.starts_with("<attached:"))
}

#[derive(Clone, Copy)]
struct DateOrder {
    is_month_first: bool,
    is_year_first: bool,
    is_certain: bool,
}

impl DateOrder {
    fn date(self, [first, second, third]: [i16; 3]) -> Option<Date> {
        let (day, month, year) = match (self.is_year_first, self.is_month_first) {
            (true, _) => (third, second, first),
            (false, true) => (second, first, third),
            (false, false) => (first, second, third),
        };
        let year = if year < 100 { year + 2000 } else { year };
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    }
}

/// Finds the position of the day: by a number above 12, else by the order of messages in time, else the day comes
/// first.
fn order_of_dates(dates: impl Iterator<Item = [i16; 3]> + Clone) -> DateOrder {
    let any = |test: fn([i16; 3]) -> bool| dates.clone().any(test);
    let order = |is_month_first, is_certain| DateOrder {
        is_month_first,
        is_year_first: false,
        is_certain,
    };
    if any(|date| date[0] > 31) {
        return DateOrder {
            is_year_first: true,
            ..order(false, true)
        };
    }
    match (any(|date| date[0] > 12), any(|date| date[1] > 12)) {
        (true, _) => order(false, true),
        (false, true) => order(true, true),
        (false, false) => {
            let backwards = |order: DateOrder| {
                let dates: Vec<Date> = dates.clone().filter_map(|date| order.date(date)).collect();
                dates.windows(2).filter(|pair| pair[1] < pair[0]).count()
            };
            let (day_first, month_first) = (backwards(order(false, false)), backwards(order(true, false)));
            order(month_first < day_first, month_first != day_first)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telegram(json: &str) -> Vec<Extracted> {
        let mut texts = Vec::new();
        read_telegram(json.as_bytes(), &mut |read| texts.push(read.unwrap())).unwrap();
        texts
    }

    #[test]
    fn messages_of_telegram_have_their_date_and_sender() {
        let json = r#"{"name":"Kirkuk News","type":"public_channel","id":1,"messages":[
            {"id":1,"type":"service","date":"2021-12-03T08:00:00","text":"","text_entities":[]},
            {"id":2,"type":"message","date":"2021-12-03T11:00:00","date_unixtime":"1638518400","from":"Kirkuk News","from_id":"channel1",
             "text":["انفجار في ",{"type":"bold","text":"داقوق"},"."]},
            {"id":3,"type":"message","date":"2021-12-03T11:00:00","photo":"x.jpg","text":""}]}"#;
        assert!(is_telegram(json));
        let texts = telegram(json);
        assert_eq!(texts.len(), 1);
        assert_eq!(texts[0].text, "انفجار في داقوق.");
        assert_eq!(texts[0].published.as_deref(), Some("2021-12-03T08:00:00Z"));
        assert_eq!(texts[0].publisher.as_deref(), Some("Kirkuk News"));
        let all = format!("{{\"about\":\"x\",\"chats\":{{\"about\":\"y\",\"list\":[{json}]}}}}");
        assert!(is_telegram(&all));
        assert_eq!(telegram(&all).len(), 1);
    }

    fn whatsapp(text: &str) -> Vec<Extracted> {
        assert!(is_whatsapp(text), "{text}");
        let mut texts = Vec::new();
        read_whatsapp(text, &mut |read| texts.push(read.unwrap())).unwrap();
        texts
    }

    #[test]
    fn messages_of_whatsapp_have_their_date_and_sender_which_is_no_text() {
        let ios = "[03/12/2021, 10:15:22] Group: \u{200e}Messages and calls are end-to-end encrypted.\n[03/12/2021, 10:16:00] Mosul Boy: Attack in Daquq\nTwo wounded\n\u{200e}[03/12/2021, 10:17:00] Ali: \u{200e}image omitted\n[13/12/2021, 10:18:00] Ali: Calm now";
        let texts = whatsapp(ios);
        let read: Vec<_> = texts
            .iter()
            .map(|text| (text.publisher.as_deref().unwrap(), text.text.as_str()))
            .collect();
        assert!(
            read.contains(&("Mosul Boy", "Attack in Daquq\nTwo wounded")),
            "{read:?}"
        );
        assert!(read.iter().all(|(_, text)| !text.contains("omitted")));
        assert_eq!(texts.last().unwrap().published.as_deref(), Some("2021-12-13"));
        let android = "12/3/21, 9:05 PM - Messages are end-to-end encrypted. No one can read: them\n12/13/21, 9:06 PM - Sara: Clashes near Jalawla\n12/14/21, 9:07 PM - Sara: <Media omitted>";
        let texts = whatsapp(android);
        assert_eq!(texts.last().unwrap().text, "Clashes near Jalawla");
        assert_eq!(texts.last().unwrap().published.as_deref(), Some("2021-12-13"));
        let arabic = "٣/١٢/٢٠٢١، ٩:٠٥ م - علي: هجوم في داقوق\n١٤/١٢/٢٠٢١، ٩:٠٥ ص - علي: هدوء";
        assert_eq!(whatsapp(arabic)[0].published.as_deref(), Some("2021-12-03"));
    }

    #[test]
    fn the_order_of_the_messages_tells_the_order_of_dates() {
        let text = "1/12/2021, 10:00 - Ali: one\n2/12/2021, 10:00 - Ali: two\n1/1/2022, 10:00 - Ali: three";
        assert_eq!(whatsapp(text)[0].published.as_deref(), Some("2021-12-01"));
        let text = "11/12/2021, 10:00 - Ali: one\n12/1/2021, 10:00 - Ali: two\n12/2/2021, 10:00 - Ali: three";
        assert_eq!(whatsapp(text)[0].published.as_deref(), Some("2021-11-12"));
    }

    #[test]
    fn prose_with_dates_is_no_chat() {
        for text in [
            "3/12/2021 attack - Kirkuk: two killed",
            "[1] Kirkuk: note",
            "Kirkuk - two killed: police",
            "",
        ] {
            assert!(!is_whatsapp(text), "{text}");
        }
    }
}
