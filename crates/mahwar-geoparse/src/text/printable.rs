//! Printing of foreign text: no character of it may change how a log, a terminal or a table is read.

use std::{borrow::Cow, fmt::Write};

/// The longest piece of foreign text that a message repeats, in characters.
pub const MAX_ECHO: usize = 80;

/// True for a character that moves the cursor, ends a line, or has no printed form: C0, DEL, C1, U+2028 and U+2029.
///
/// ```
/// use mahwar_geoparse::text::printable::is_control;
/// assert!(is_control('\u{1b}') && !is_control('a'));
/// ```
pub fn is_control(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')
}

/// True for a character that changes the order in which other characters are drawn: embeddings, overrides, isolates.
///
/// The marks U+200E, U+200F and U+061C are left out: Arabic text has them, and they only set their own direction.
pub fn is_bidi_override(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True for every character with the Unicode property `Bidi_Control`.
fn is_bidi_control(letter: char) -> bool {
    is_bidi_override(letter) || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// True for a character that must not appear in a title, a name or an address.
pub fn is_unfit_for_a_line(letter: char) -> bool {
    is_control(letter) || is_bidi_override(letter)
}

/// True for a character that must not appear in a text of several lines, such as a reason.
pub fn is_unfit_for_lines(letter: char) -> bool {
    is_unfit_for_a_line(letter) && !matches!(letter, '\n' | '\r' | '\t')
}

fn is_escaped(letter: char) -> bool {
    is_control(letter) || is_bidi_control(letter) || letter == '\u{feff}'
}

/// The text in one printable line: control characters and bidi controls as `\u001b`, the form of JSON.
///
/// A text of JSON stays the same JSON.
///
/// ```
/// use mahwar_geoparse::text::printable::escape;
/// assert_eq!(escape("كركوك"), "كركوك");
/// assert!(!escape("a\u{1b}[2J").contains('\u{1b}'));
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    escape_but(text, |_| false)
}

/// [`escape`] that leaves line ends as they are, for messages of several lines.
///
/// ```
/// use mahwar_geoparse::text::printable::escape_lines;
/// assert!(!escape_lines("a\u{1b}").contains('\u{1b}'));
/// ```
pub fn escape_lines(text: &str) -> Cow<'_, str> {
    escape_but(text, |letter| letter == '\n')
}

fn escape_but(text: &str, keeps: impl Fn(char) -> bool) -> Cow<'_, str> {
    let unfit = |letter: char| is_escaped(letter) && !keeps(letter);
    if !text.contains(unfit) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if unfit(letter) {
            // Writing to memory does not fail. All of these characters have four digits.
            let _ = write!(escaped, "\\u{:04x}", u32::from(letter));
        } else {
            escaped.push(letter);
        }
    }
    Cow::Owned(escaped)
}

/// At most [`MAX_ECHO`] characters of a text, with `…` where something is left out.
pub fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_ECHO) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// A line of foreign text: control characters become spaces, overrides are left out, spaces are joined, at most
/// `max` characters.
///
/// ```
/// use mahwar_geoparse::text::printable::clean_line;
/// assert_eq!(clean_line("Kirkuk", 100), "Kirkuk");
/// ```
pub fn clean_line(text: &str, max: usize) -> String {
    let kept = text.chars().filter(|letter| !is_bidi_override(*letter));
    let spaced: String = kept
        .map(|letter| if is_control(letter) { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(max) {
        None => line,
        Some((end, _)) => line[..end].trim_end().to_owned(),
    }
}

/// An address without its user and password, for everything that is printed or stored beside it.
///
/// The user and the password are between `//` and the last `@` before the path.
///
/// ```
/// use mahwar_geoparse::text::printable::without_password;
/// assert!(!without_password("postgres://user:secret@host/db").contains("secret"));
/// ```
pub fn without_password(address: &str) -> Cow<'_, str> {
    let Some(start) = address.find("://").map(|at| at + 3) else {
        return Cow::Borrowed(address);
    };
    let rest = &address[start..];
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..authority].rfind('@') {
        None => Cow::Borrowed(address),
        Some(at) => Cow::Owned(format!("{}{}", &address[..start], &rest[at + 1..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_line_is_one_line_without_orders_to_the_terminal() {
        let hostile = "a\r\n\u{1b}[2K\u{9b}31mb\u{7f}\u{2028}c\u{2029}\u{202e}d\u{85}\u{0}";
        let line = escape(hostile);
        assert_eq!(
            line,
            "a\\u000d\\u000a\\u001b[2K\\u009b31mb\\u007f\\u2028c\\u2029\\u202ed\\u0085\\u0000"
        );
        assert!(matches!(escape("كركوك, Hewlêr ‌"), Cow::Borrowed(_)));
        assert_eq!(escape_lines("a\n\u{1b}b"), "a\n\\u001bb");
    }

    #[test]
    fn escaped_json_reads_as_the_same_json() {
        let json = serde_json::json!({"title": "a\u{202e}b\u{9b}\u{2028}\u{7f}"}).to_string();
        let line = escape(&json);
        assert!(!line.chars().any(is_escaped));
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["title"], "a\u{202e}b\u{9b}\u{2028}\u{7f}");
    }

    #[test]
    fn a_long_text_is_cut_where_a_character_ends() {
        assert_eq!(cut(&"ك".repeat(80)), "ك".repeat(80));
        assert_eq!(cut(&"ك".repeat(81)), format!("{}…", "ك".repeat(80)));
    }

    #[test]
    fn a_cleaned_line_has_neither_controls_nor_overrides() {
        assert_eq!(clean_line(" a\tb\u{1b}[0m\n\u{202e}c ", 100), "a b [0m c");
        assert_eq!(clean_line("كركوك وخانقين", 6), "كركوك");
    }

    #[test]
    fn a_password_is_cut_out_of_an_address() {
        for (address, shown) in [
            ("http://user:hunter2@127.0.0.1:1/feed", "http://127.0.0.1:1/feed"),
            ("https://u:p@ss@example.org/a@b?c@d", "https://example.org/a@b?c@d"),
            ("postgres://u:p@db", "postgres://db"),
            ("https://example.org/a@b", "https://example.org/a@b"),
            ("feed.xml", "feed.xml"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }
}
