//! Exports of WhatsApp: a line with a stamp begins a message, the lines without one go on with it.

use super::{
    notices::{is_notice, without_marks},
    stamp::{self, Order, Stamp},
};
use crate::{Extracted, Kind, Origin, Refusal};

/// The longest name of a sender, in characters and in words.
const MAX_SENDER: (usize, usize) = (100, 8);

/// The head of a message: its stamp, and the rest of the line.
struct Head<'l> {
    stamp: Stamp,
    rest: &'l str,
    /// `[stamp] rest`, as iPhones write it.
    has_brackets: bool,
}

fn without_direction(line: &str) -> &str {
    line.trim_start_matches(['\u{200e}', '\u{200f}', '\u{feff}', '\u{202a}', '\u{202b}'])
}

/// Reads `[03/12/2021, 10:15:22] ` or `03/12/2021, 10:15 - `.
fn head(line: &str) -> Option<Head<'_>> {
    let line = without_direction(line);
    let (stamp, rest, has_brackets) = match line.strip_prefix('[') {
        Some(line) => {
            let (stamp, rest) = line.split_once(']')?;
            (stamp, rest.strip_prefix(' ').unwrap_or(rest), true)
        }
        None => {
            let (stamp, rest) = line.split_once(" - ")?;
            (stamp, rest, false)
        }
    };
    Some(Head {
        stamp: stamp::read(stamp)?,
        rest,
        has_brackets,
    })
}

/// The sender of a message and its words; none for a notice.
fn sender(rest: &str) -> Option<(&str, &str)> {
    let line = rest.lines().next().unwrap_or_default();
    let (sender, _) = line
        .split_once(": ")
        .or_else(|| line.strip_suffix(':').map(|sender| (sender, "")))?;
    let name = sender.trim_matches(['\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '~', ' ', '\u{a0}']);
    // A notice with a colon in it: names have no half quotes, and are short.
    let is_quoted = name.matches('"').count() % 2 == 1 || name.contains('“') != name.contains('”');
    let fits = !name.is_empty()
        && name.chars().count() <= MAX_SENDER.0
        && name.split_whitespace().count() <= MAX_SENDER.1
        && !is_quoted
        && !is_notice(name);
    fits.then(|| {
        (
            name,
            rest[sender.len() + 1..]
                .strip_prefix(' ')
                .unwrap_or(&rest[sender.len() + 1..]),
        )
    })
}

/// True for the beginning of a WhatsApp export: its first line is the head of a message, and a sender follows soon.
pub fn is_whatsapp(start: &str) -> bool {
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    if head(first).is_none() {
        return false;
    }
    let with_sender = |line: &str| head(line).is_some_and(|head| sender(head.rest).is_some());
    with_sender(first) || lines.take(20).any(with_sender)
}

/// Reads a WhatsApp export. Notices and messages that are only an attachment are no texts.
///
/// # Errors
/// When no line is the head of a message, or a line begins with a date and a time that are not read: its words would be put
/// into the mouth of the sender before.
pub fn read_whatsapp(text: &str, each: &mut dyn FnMut(Result<Extracted, Refusal>)) -> Result<(), Refusal> {
    let broken = |cause: String| Refusal::Broken {
        kind: Kind::WhatsApp.name(),
        cause,
    };
    let mut messages: Vec<(Head<'_>, String)> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(head) = head(line) {
            let rest = head.rest.to_owned();
            messages.push((head, rest));
            continue;
        }
        let Some((head, text)) = messages.last_mut() else {
            continue;
        };
        let start = without_direction(line);
        let (stamp, end) = match head.has_brackets {
            true => (start.strip_prefix('['), "]"),
            false => (Some(start), " - "),
        };
        if let Some((stamp, rest)) = stamp.and_then(|stamp| stamp.split_once(end))
            && stamp.chars().count() <= 60
            && rest.contains(": ")
            && stamp::begins(stamp)
        {
            return Err(broken(format!(
                "line {number} begins with a date and a time that are not read: {:?}",
                crate::text::printable::cut(stamp)
            )));
        }
        text.push('\n');
        text.push_str(line);
    }
    if messages.is_empty() {
        return Err(broken("no line is the head of a message".to_owned()));
    }
    let stamps: Vec<&Stamp> = messages.iter().map(|(head, _)| &head.stamp).collect();
    let (order, is_certain) = stamp::order_of(&stamps);
    for ((head, message), number) in messages.iter().zip(1..) {
        let Some((sender, words)) = sender(message) else {
            continue;
        };
        // On iPhones the words of the program begin with a mark of direction.
        if head.has_brackets && words.starts_with('\u{200e}') && !words.contains('\n') {
            continue;
        }
        let words = without_marks(words).trim_matches(['\u{200e}', '\u{200f}', ' ', '\n']);
        if words.is_empty() || is_notice(words) {
            continue;
        }
        let mut found = Extracted::of_text(words.to_owned(), Kind::WhatsApp.media_type());
        found.part = Some(format!("message {number}"));
        found.set_publisher(sender, "sender");
        date(&mut found, &head.stamp, order, is_certain);
        each(Ok(found));
    }
    Ok(())
}

fn date(found: &mut Extracted, stamp: &Stamp, order: Order, is_certain: bool) {
    let Some(date) = order.date(stamp) else {
        // Another calendar, or numbers whose order nothing tells.
        found.note("published", &stamp.written, Origin::Declared, Some("WhatsApp"));
        return;
    };
    // The clock is that of the telephone; its zone is not said.
    found.published = Some(date.to_string());
    found.note("published", &date.to_string(), Origin::Declared, Some("WhatsApp"));
    if let Some(time) = stamp.time {
        found.note("local_time", &time.to_string(), Origin::Declared, Some("WhatsApp"));
    }
    let shown = match order {
        Order::DayFirst => "day before month, by the form of the dates",
        Order::MonthFirst => "month before day, by the form of the dates",
        Order::YearFirst | Order::Unknown => return,
    };
    if !is_certain {
        found.note("date_order", shown, Origin::Detected, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
