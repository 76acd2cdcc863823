//! Words in the order in which they are drawn, put into the order in which they are read.

use crate::pdf::words::{Line, Word};
use unicode_normalization::UnicodeNormalization;

/// Direction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// Of so many right-to-left and left-to-right letters.
    pub fn of((right, left): (usize, usize)) -> Self {
        match right >= left && right > 0 {
            true => Self::RightToLeft,
            false => Self::LeftToRight,
        }
    }

    /// Right-to-left and left-to-right letters of a line.
    pub fn balance(line: &Line) -> (usize, usize) {
        let letters = line.words.iter().flat_map(|word| word.drawn.chars());
        letters.fold((0, 0), |(right, left), letter| match letter {
            letter if is_right_to_left(letter) => (right + 1, left),
            letter if letter.is_alphabetic() => (right, left + 1),
            _ => (right, left),
        })
    }

    /// Of a line by its letters.
    pub fn of_line(line: &Line) -> Self {
        Self::of(Self::balance(line))
    }

    /// Of a line on a page: one without letters is read as the page is.
    pub fn of_line_in(line: &Line, page: Self) -> Self {
        match Self::balance(line) {
            (0, 0) => page,
            // A few names in the other script do not turn a line around.
            (right, left) if page == Self::RightToLeft && right * 3 >= left && right > 0 => Self::RightToLeft,
            balance => Self::of(balance),
        }
    }
}

/// True for a letter of a script that is written from right to left; digits are not.
pub fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !letter.is_numeric()
        && !is_mark(letter)
        && letter.is_alphabetic()
}

/// True for a sign that is drawn above or below the letter before it.
pub fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}

#[derive(Clone, Copy, PartialEq)]
enum Strength {
    Right,
    Left,
    Number,
    Neutral,
}

fn strength(word: &str) -> Strength {
    if word.chars().any(is_right_to_left) {
        Strength::Right
    } else if word.chars().any(char::is_alphabetic) {
        Strength::Left
    } else if word.chars().any(char::is_numeric) {
        Strength::Number
    } else {
        Strength::Neutral
    }
}

/// The words of a line, sorted from left to right, in reading order.
pub fn logical(words: &[Word], direction: Direction) -> String {
    let read: Vec<String> = match direction {
        Direction::RightToLeft => right_to_left(words),
        Direction::LeftToRight => left_to_right(words),
    };
    read.join(" ")
}

fn right_to_left(words: &[Word]) -> Vec<String> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut in_run = false;
    for word in words {
        match strength(&word.drawn) {
            Strength::Left => {
                if !in_run {
                    groups.push(Vec::new());
                }
                in_run = true;
                if let Some(run) = groups.last_mut() {
                    run.push(word.drawn.clone());
                }
            }
            // A number after a Latin word belongs to it.
            Strength::Number if in_run => {
                if let Some(run) = groups.last_mut() {
                    run.push(word.drawn.clone());
                }
            }
            _ => {
                in_run = false;
                groups.push(vec![turned(&word.drawn)]);
            }
        }
    }
    // A sign that ends a sentence is drawn left of the Latin words that it follows.
    for run in groups
        .iter_mut()
        .filter(|run| run.first().is_some_and(|word| strength(word) == Strength::Left))
    {
        let Some(first) = run.first_mut() else { continue };
        let signs = first.len() - first.trim_start_matches(ENDS).len();
        let is_before_letters = first[signs..].starts_with(char::is_alphabetic);
        if signs > 0 && is_before_letters {
            let signs: String = first.drain(..signs).collect();
            if let Some(last) = run.last_mut() {
                last.push_str(&signs);
            }
        }
    }
    let mut read: Vec<String> = groups.into_iter().rev().flatten().collect();
    // In a paragraph that the program took for left-to-right, the sign at its end is drawn at the right.
    let has_end = read.last().is_some_and(|word| word.ends_with(ENDS));
    let opens_quotation = opens_quotation(&read);
    if let Some(first) = read.first_mut()
        && !has_end
    {
        let mut rest = first.trim_start_matches(ENDS);
        if rest.len() < first.len() && !opens_quotation {
            rest = rest.trim_start_matches(QUOTES);
        }
        let signs = first.len() - rest.len();
        if signs > 0
            && (rest.is_empty() || rest.starts_with(|letter| is_right_to_left(letter) || QUOTES.contains(&letter)))
        {
            let signs: String = first.drain(..signs).collect();
            if let Some(last) = read.last_mut() {
                last.extend(signs.chars().rev());
            }
            read.retain(|word| !word.is_empty());
        }
    }
    read
}

/// Signs behind words that are never before them.
const ENDS: [char; 8] = ['.', ',', '،', '؛', ';', ':', '!', '؟'];

/// Signs of quotations that are the same at both ends.
const QUOTES: [char; 2] = ['"', '\''];

/// True if a quotation that ends in the line begins with its first word.
fn opens_quotation(read: &[String]) -> bool {
    let is_ended = |word: &String| word.trim_end_matches(ENDS).ends_with(QUOTES) && word.contains(is_right_to_left);
    let begins_later = read.iter().skip(1).any(|word| word.starts_with(QUOTES));
    read.iter().any(is_ended) && !begins_later
}

fn left_to_right(words: &[Word]) -> Vec<String> {
    let mut read: Vec<String> = Vec::with_capacity(words.len());
    let mut run: Vec<String> = Vec::new();
    for word in words {
        if strength(&word.drawn) == Strength::Right {
            run.push(turned(&word.drawn));
        } else {
            read.extend(run.drain(..).rev());
            read.push(word.drawn.clone());
        }
    }
    read.extend(run.drain(..).rev());
    read
}

/// A word of a right-to-left line: its letters turned around, numbers and Latin letters in it left as they are.
fn turned(drawn: &str) -> String {
    let letters: Vec<char> = drawn.chars().rev().collect();
    let mut read = String::with_capacity(drawn.len());
    let mut at = 0;
    while at < letters.len() {
        let end = run_end(&letters, at);
        if end > at {
            read.extend(letters[at..end].iter().rev());
            at = end;
        } else {
            read.push(letters[at]);
            at += 1;
        }
    }
    // A mark that is drawn before its letter.
    let mut start = read.chars();
    if let (Some(mark), Some(base)) = (start.next(), start.next())
        && is_mark(mark)
        && !is_mark(base)
    {
        return [base, mark].into_iter().chain(start).collect();
    }
    read
}

/// The end of the run of digits and left-to-right letters that begins here.
fn run_end(letters: &[char], start: usize) -> usize {
    let belongs =
        |letter: char| letter.is_numeric() || (letter.is_alphabetic() && !is_right_to_left(letter) && !is_mark(letter));
    let is_sign = |letter: char| matches!(letter, '%' | '$' | '€' | '£' | '+' | '-' | '\u{b0}');
    let mut at = start;
    // A sign that is drawn after European digits belongs to them.
    if letters.get(at).copied().is_some_and(is_sign) && letters.get(at + 1).is_some_and(char::is_ascii_digit) {
        at += 1;
    }
    if !letters.get(at).copied().is_some_and(belongs) {
        return start;
    }
    loop {
        while letters.get(at).copied().is_some_and(belongs) {
            at += 1;
        }
        let joins = matches!(
            letters.get(at),
            Some('.' | ',' | ':' | '/' | '-' | '@' | '_' | '\u{66b}' | '\u{66c}' | '\'' | '&')
        );
        if joins && letters.get(at + 1).copied().is_some_and(belongs) {
            at += 1;
        } else {
            return at;
        }
    }
}

/// Presentation forms as their plain letters.
pub fn plain_letters(text: &str) -> String {
    let is_form =
        |letter: char| matches!(letter, '\u{fb00}'..='\u{fb06}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if !text
        .chars()
        .any(|letter| is_form(letter) || letter == '\u{0}' || letter == '\u{ad}')
    {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\0' | '\u{ad}' => {}
            // Brackets of the Quran stay.
            '\u{fd3e}' | '\u{fd3f}' => plain.push(letter),
            letter if is_form(letter) => plain.extend(letter.nfkc().filter(|letter| !letter.is_whitespace())),
            letter => plain.push(letter),
        }
    }
    plain
}

/// Brackets around right-to-left words, the right way round: some programs name the sign that is drawn, some the one that
/// is meant.
pub fn mirror_brackets(text: &str) -> String {
    const PAIRS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('{', '}'), ('«', '»')];
    let mut mirrored = text.to_owned();
    for (open, close) in PAIRS {
        let (mut right, mut wrong) = (0, 0);
        let mut last = None;
        let mut arabic = false;
        for letter in text.chars() {
            if letter == open || letter == close {
                if arabic {
                    match (last, letter) {
                        (Some(before), letter) if before == open && letter == close => right += 1,
                        (Some(before), letter) if before == close && letter == open => wrong += 1,
                        _ => {}
                    }
                }
                last = Some(letter);
                arabic = false;
            } else if is_right_to_left(letter) {
                arabic = true;
            } else if letter == '\n' {
                last = None;
            }
        }
        // Words between a closing and an opening bracket are counted too: only a clear majority counts.
        if wrong > right {
            let swap = |letter: char| match letter {
                letter if letter == open => close,
                letter if letter == close => open,
                letter => letter,
            };
            mirrored = mirrored.chars().map(swap).collect();
        }
    }
    mirrored
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &[&str]) -> Vec<Word> {
        let words = words.iter().map(|word| Word {
            area: Default::default(),
            drawn: (*word).to_owned(),
        });
        words.collect()
    }

    #[test]
    fn drawn_words_are_put_into_reading_order() {
        for (drawn, read) in [
            (&["كوكرك", "يف", "٢٠٦", "تامجه"][..], "هجمات ٢٠٦ في كركوك"),
            (&[".3/12/2021", "يف"], "في 3/12/2021."),
            (
                &["ةمظنم", "Human", "Rights", "Watch", "تلاق"],
                "قالت Human Rights Watch منظمة",
            ),
            (&["،50%", "ةبسنب"], "بنسبة 50%،"),
            (&["%٥٠", "ةبسنب"], "بنسبة ٥٠%"),
            (&["يف", "COVID-19", "ءابو"], "وباء COVID-19 في"),
            // Reports: the full stop went to the front.
            (&[".Daquq", "يف", "لتق"], "قتل في Daquq."),
            (&["كوكرك", "يف", "ةينمأ."], "أمنية في كركوك."),
            (&["كوكرك", "يف", "."], "في كركوك."),
            (&["كوكرك", "يف", "ةينمأ\"."], "أمنية في كركوك\"."),
            (&["كوكرك", "يف", "\"ةينمأ\"."], "\"أمنية\" في كركوك."),
            (&["كوكرك", "\"يف", "ةينمأ\"."], "\"أمنية في\" كركوك."),
        ] {
            assert_eq!(logical(&line(drawn), Direction::RightToLeft), read);
        }
        assert_eq!(
            logical(
                &line(&["in", "كوكرك", "ةظفاحم", "on", "Friday"]),
                Direction::LeftToRight
            ),
            "in محافظة كركوك on Friday"
        );
    }

    #[test]
    fn forms_become_letters_and_brackets_are_turned() {
        assert_eq!(plain_letters("ﻛﺮﻛﻮﻙ ﻻ ﬁre"), "كركوك لا fire");
        assert_eq!(mirror_brackets("قال )مصدر أمني( في كركوك"), "قال (مصدر أمني) في كركوك");
        assert_eq!(mirror_brackets("قال (مصدر أمني) في كركوك"), "قال (مصدر أمني) في كركوك");
    }
}
