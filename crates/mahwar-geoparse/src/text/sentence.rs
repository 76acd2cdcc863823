//! The sentence around a position of a text, for showing a quote.

use super::Span;

/// The longest sentence that is returned, in bytes on either side of the position.
const REACH: usize = 1500;

/// The sentence that contains the byte at `at`, without the white space around it.
///
/// A sentence ends at a line break, or at `.`, `!`, `?`, `؟`, `؛` or `۔` before white space. A text without any is cut at a
/// word boundary after 1,500 bytes on either side.
///
/// ```
/// use mahwar_geoparse::text::sentence_at;
/// let text = "Fire in Kirkuk. Calm in Erbil.";
/// let sentence = sentence_at(text, 20);
/// assert_eq!(&text[sentence.start..sentence.end], "Calm in Erbil.");
/// ```
pub fn sentence_at(text: &str, at: usize) -> Span {
    let at = floor(text, at.min(text.len()));
    let first = floor(text, at.saturating_sub(REACH));
    let last = floor(text, (at + REACH).min(text.len()));
    let before = &text[first..at];
    let start = match before
        .char_indices()
        .rev()
        .find(|&(index, letter)| ends(letter, &text[first + index..]))
    {
        Some((index, letter)) => first + index + letter.len_utf8(),
        None if first == 0 => 0,
        None => before.find(char::is_whitespace).map_or(first, |index| first + index),
    };
    let after = &text[at..last];
    let end = match after
        .char_indices()
        .find(|&(index, letter)| ends(letter, &text[at + index..]))
    {
        Some((index, '\n' | '\r')) => at + index,
        Some((index, letter)) => at + index + letter.len_utf8(),
        None if last == text.len() => last,
        None => after.rfind(char::is_whitespace).map_or(last, |index| at + index),
    };
    let sentence = &text[start..end];
    let trimmed = sentence.trim_start();
    let start = start + sentence.len() - trimmed.len();
    Span {
        start,
        end: start + trimmed.trim_end().len(),
    }
}

fn ends(letter: char, rest: &str) -> bool {
    match letter {
        '\n' | '\r' => true,
        '.' | '!' | '?' | '؟' | '؛' | '۔' => {
            let next = rest.chars().nth(1);
            next.is_none_or(char::is_whitespace)
        }
        _ => false,
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn around(text: &str, word: &str) -> String {
        let span = sentence_at(text, text.find(word).unwrap());
        text[span.start..span.end].to_owned()
    }

    #[test]
    fn a_sentence_ends_at_its_mark_and_not_in_a_number() {
        let text = "قال إن الطول 3.5 كم. وأضاف أن كركوك هادئة.\nثم عاد";
        assert_eq!(around(text, "الطول"), "قال إن الطول 3.5 كم.");
        assert_eq!(around(text, "كركوك"), "وأضاف أن كركوك هادئة.");
        assert_eq!(around(text, "عاد"), "ثم عاد");
    }

    #[test]
    fn a_text_without_sentences_is_cut_at_a_word() {
        let text = "كركوك ".repeat(5000);
        let span = sentence_at(&text, 20_000);
        let words = &text[span.start..span.end];
        assert!(words.len() <= 2 * REACH && words.split(' ').all(|word| word == "كركوك"));
    }

    proptest! {
        #[test]
        fn any_position_of_any_text_has_a_sentence(text in ".{0,200}", at in 0usize..900) {
            let span = sentence_at(&text, at);
            prop_assert!(span.start <= span.end && text.get(span.start..span.end).is_some());
        }
    }
}
