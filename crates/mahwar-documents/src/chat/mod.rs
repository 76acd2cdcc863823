//! Chats: exports of Telegram (`result.json`) and WhatsApp (`_chat.txt`). Each message is a text of its own.

mod notices;
mod stamp;
mod whatsapp;

pub use whatsapp::{is_whatsapp, read_whatsapp};

use crate::{Extracted, Kind, Origin, Refusal};
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
    // A forwarded message was said by somebody else.
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
}
