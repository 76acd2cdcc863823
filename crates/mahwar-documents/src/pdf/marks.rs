//! Marks of letters that are drawn as words of their own: some programs place them beside their letter, with a width of nothing.

use super::{
    layout::{is_mark, is_right_to_left},
    words::{Area, Line, Page, Word},
};

/// Distance of a mark from the word that it belongs to, in heights of the mark, at most.
const REACH: f64 = 0.2;
/// Lines before and after the line of a mark in which its word may be: a mark inside a word divides the line.
const NEIGHBOURS: usize = 2;
/// Words of a line in which marks are looked for, at most.
const MAX_WORDS: usize = 2_000;

/// Puts marks that are words of their own back on their letters.
pub fn attach(page: &mut Page) {
    for at in 0..page.lines.len() {
        let marks: Vec<Word> = take_marks(&mut page.lines[at]);
        for mark in marks {
            let around = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS + 1).min(page.lines.len());
            let own = nearest(&page.lines[at], &mark.area).map(|(word, _)| (at, word));
            let found = own.or_else(|| {
                let all = around.filter_map(|line| {
                    nearest(&page.lines[line], &mark.area).map(|(word, distance)| (line, word, distance))
                });
                all.min_by(|one, other| one.2.total_cmp(&other.2))
                    .map(|(line, word, _)| (line, word))
            });
            match found {
                Some((line, word)) => {
                    put(&mut page.lines[line].words[word], &mark);
                    if line != at {
                        // A mark that belongs to a word of another line divided that line in two.
                        rejoin(&mut page.lines, line, at);
                    }
                }
                None => page.lines[at].words.push(mark),
            }
        }
    }
}

/// Adds the words of a part of a line to the line.
fn rejoin(lines: &mut [Line], whole: usize, part: usize) {
    let area = lines[part].area;
    let is_at_its_height = lines[part].words.first().is_some_and(|word| {
        let line = &lines[whole].area;
        word.area.bottom.min(line.bottom) - word.area.top.max(line.top) > 0.5 * line.height()
    });
    if is_at_its_height {
        let words = std::mem::take(&mut lines[part].words);
        lines[whole].words.extend(words);
        lines[whole].area = lines[whole].area.with(&area);
    }
}

/// Takes the words that are nothing but marks out of a line.
fn take_marks(line: &mut Line) -> Vec<Word> {
    if line.words.len() > MAX_WORDS || line.words.iter().all(|word| !is_of_marks(word)) {
        return Vec::new();
    }
    let (marks, words) = std::mem::take(&mut line.words).into_iter().partition(is_of_marks);
    line.words = words;
    if let Some(first) = line.words.first() {
        line.area = line.words.iter().fold(first.area, |all, word| all.with(&word.area));
    }
    marks
}

fn is_of_marks(word: &Word) -> bool {
    word.drawn.chars().all(is_mark)
}

/// The word of a line that is nearest to a mark, and its distance.
fn nearest(line: &Line, mark: &Area) -> Option<(usize, f64)> {
    if line.words.len() > MAX_WORDS {
        return None;
    }
    let distances = line.words.iter().enumerate().filter_map(|(at, word)| {
        let shared = word.area.bottom.min(mark.bottom) - word.area.top.max(mark.top);
        let distance = (word.area.left - mark.left).max(mark.left - word.area.right).max(0.0);
        let has_letters = word.drawn.chars().any(char::is_alphabetic);
        let fits = has_letters && shared > 0.5 * mark.height() && distance <= REACH * mark.height();
        fits.then_some((at, distance))
    });
    distances.min_by(|one, other| one.1.total_cmp(&other.1))
}

/// Puts a mark on the letter of a word under it, or on the nearest letter.
fn put(word: &mut Word, mark: &Word) {
    let letters: Vec<(usize, char)> = word.drawn.char_indices().collect();
    let share = (mark.area.left - word.area.left) / word.area.width().max(0.1);
    let under = (share * letters.len() as f64).clamp(0.0, (letters.len() - 1) as f64) as usize;
    let distance = |index: usize| index.abs_diff(under);
    let base = (0..letters.len())
        .filter(|index| letters[*index].1.is_alphabetic())
        .min_by_key(|index| distance(*index))
        .unwrap_or(under);
    let (start, letter) = letters[base];
    // Letters are in the order in which they are drawn: before its letter, a mark of Arabic is read after it.
    let place = match is_right_to_left(letter) {
        true => start,
        false => start + letter.len_utf8(),
    };
    word.drawn.insert_str(place, &mark.drawn);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(left: f64, right: f64, drawn: &str) -> Word {
        let area = Area {
            left,
            right,
            top: 70.5,
            bottom: 86.1,
        };
        Word {
            area,
            drawn: drawn.to_owned(),
        }
    }

    fn line(words: Vec<Word>) -> Line {
        let area = words.iter().fold(words[0].area, |all, word| all.with(&word.area));
        Line { area, words, block: 1 }
    }

    /// Report: in PDFs of LibreOffice each tanwin was a word of its own. The boxes are those of such a PDF.
    #[test]
    fn marks_beside_and_inside_a_word_are_put_on_their_letters() {
        let mut page = Page {
            lines: vec![
                line(vec![word(418.4, 427.2, "ن")]),
                line(vec![
                    word(419.2, 419.2, "\u{651}"),
                    word(427.3, 430.6, "أ"),
                    word(279.2, 279.2, "\u{64b}"),
                    word(280.5, 313.3, "اديعصت"),
                ]),
                line(vec![word(10.0, 10.0, "\u{64b}")]),
            ],
            ..Page::default()
        };
        attach(&mut page);
        let read: Vec<Vec<&str>> = page
            .lines
            .iter()
            .map(|line| line.words.iter().map(|word| word.drawn.as_str()).collect())
            .collect();
        assert_eq!(read, [vec!["\u{651}ن", "أ", "\u{64b}اديعصت"], vec![], vec!["\u{64b}"]]);
    }
}
