//! Lines that WhatsApp itself writes into a chat: they are nobody's words.

/// Beginnings, ends and whole texts of notices, in the languages of the telephones of the land.
const NOTICES: &str = include_str!("../../data/chat_notices.tsv");

/// True for the words of the program: `This message was deleted`, `image omitted`, `<Media omitted>`.
pub fn is_notice(words: &str) -> bool {
    let words = words.trim();
    if words.contains('\n') {
        return false;
    }
    // Attachments that were left out, in any language.
    if words.starts_with('<') && words.ends_with('>') {
        return true;
    }
    let plain = plain(words);
    rows().any(|(place, text)| match place {
        "whole" => plain == text,
        "start" => plain.starts_with(&text),
        "end" => plain.ends_with(&text) && plain.split_whitespace().count() <= text.split_whitespace().count() + 2,
        _ => false,
    })
}

/// A message without the marks that the program adds: `<This message was edited>`, the name of a file that was attached.
pub fn without_marks(message: &str) -> &str {
    let mut words = message;
    // `IMG-20211205-WA0001.jpg (file attached)` above the words of the picture.
    let line = words.lines().next().unwrap_or_default();
    if is_name_of_an_attachment(line.trim_matches(['\u{200e}', '\u{200f}', ' '])) {
        words = words[line.len()..].trim_start();
    }
    loop {
        let trimmed = words.trim_end_matches(['\u{200e}', '\u{200f}', ' ', '\n']);
        let Some(start) = trimmed.ends_with('>').then(|| trimmed.rfind('<')).flatten() else {
            return trimmed;
        };
        let mark = &trimmed[start + 1..trimmed.len() - 1];
        // The program puts a mark of direction before its own words.
        let is_own = trimmed[..start].ends_with('\u{200e}');
        let is_known = rows().any(|(place, text)| place == "mark" && plain(mark) == text);
        if !is_own && !is_known {
            return trimmed;
        }
        words = &trimmed[..start];
    }
}

/// `IMG-20211205-WA0001.jpg (file attached)`: a file and a remark in brackets.
fn is_name_of_an_attachment(line: &str) -> bool {
    let Some((name, remark)) = line.split_once(" (") else {
        return false;
    };
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    remark.ends_with(')')
        && !remark.trim_end_matches(')').contains(['(', ')'])
        && (2..=5).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && remark.split_whitespace().count() <= 4
        && (!name.contains(' ') || name.len() <= 80)
}

/// Letters in lower case, without marks of direction, vowel signs and the end of a sentence.
fn plain(text: &str) -> String {
    let letters = text.chars().filter(|letter| {
        !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{64b}'..='\u{652}')
    });
    let lower = letters.collect::<String>().to_lowercase();
    lower.trim().trim_end_matches(['.', '…']).trim().to_owned()
}

fn rows() -> impl Iterator<Item = (&'static str, String)> {
    let rows = NOTICES.lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|line| {
        let (place, text) = line.split_once('\t')?;
        Some((place, plain(text)))
    })
}
