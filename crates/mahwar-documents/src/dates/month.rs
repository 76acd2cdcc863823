//! Names of months, whole and abbreviated, in the languages of documents.

const MONTHS: &str = include_str!("../../data/months.tsv");

/// A name of a month in a text.
#[derive(Clone, Copy)]
struct MonthName {
    month: i8,
    start: usize,
    end: usize,
    /// Sides on which a number is beside it.
    neighbours: u8,
}

/// The month that a text names, with its span: the one between numbers, then the longest. None if several are as good.
pub fn month(text: &str) -> Option<(i8, usize, usize)> {
    let text = &folded(text);
    let mut found: Vec<MonthName> = Vec::new();
    let mut note = |month: i8, start: usize, end: usize| {
        let before = text[..start].trim_end_matches(|sign: char| !sign.is_ascii_digit() && !sign.is_alphabetic());
        // The particle of a Sorani number.
        let before = before.strip_suffix('ی').unwrap_or(before).trim_end();
        let after = text[end..].trim_start_matches(|sign: char| !sign.is_ascii_digit() && !sign.is_alphabetic());
        let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        found.push(MonthName {
            month,
            start,
            end,
            neighbours: u8::from(is_digit(before.chars().next_back())) + u8::from(is_digit(after.chars().next())),
        });
    };
    let is_word = |start: usize, end: usize| {
        !text[..start].ends_with(char::is_alphabetic) && !text[end..].starts_with(char::is_alphabetic)
    };
    let rows = MONTHS.lines().filter(|line| !line.starts_with('#'));
    let rows = rows.filter_map(|line| {
        let (number, names) = line.split_once('\t')?;
        Some((number.parse::<i8>().ok()?, folded(names)))
    });
    let rows: Vec<(i8, String)> = rows.collect();
    for (number, names) in &rows {
        for name in names.split('|') {
            for (at, _) in text.match_indices(name) {
                let end = at + name.len();
                // A name that is joined to the year in Sorani.
                let joined = end + 'ی'.len_utf8();
                if is_word(at, end) {
                    note(*number, at, end);
                } else if text[end..].starts_with('ی') && is_word(at, joined) {
                    note(*number, at, joined);
                }
            }
        }
    }
    for (start, end) in latin_words(text) {
        if let Some(month) = abbreviated(&rows, &text[start..end]) {
            note(month, start, end);
        }
    }
    let rank = |name: &MonthName| (name.neighbours, name.end - name.start);
    let best = found.iter().copied().max_by_key(rank)?;
    let is_rival = |other: &MonthName| rank(other) == rank(&best) && other.month != best.month;
    (!found.iter().any(is_rival)).then_some((best.month, best.start, best.end))
}

fn latin_words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_letter = letter.is_alphabetic() && (letter as u32) < 0x250;
        match (start, is_letter) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The month whose names alone begin with these letters, at least three: `déc`, `janv`, `sept`.
fn abbreviated(rows: &[(i8, String)], word: &str) -> Option<i8> {
    if word.chars().count() < 3 {
        return None;
    }
    let begins = |names: &str| names.split('|').any(|name| name.starts_with(word));
    let mut months = rows.iter().filter(|(_, names)| begins(names)).map(|(month, _)| *month);
    match (months.next(), months.next()) {
        (Some(month), None) => Some(month),
        _ => None,
    }
}

/// A text with the Arabic letters alike that keyboards write in several ways. Lengths and positions stay.
fn folded(text: &str) -> String {
    let fold = |letter: char| match letter {
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'أ' | 'إ' | 'آ' => 'ا',
        other => other,
    };
    text.chars().map(fold).collect()
}
