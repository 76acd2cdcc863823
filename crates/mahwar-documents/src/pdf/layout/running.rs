//! Running headers and footers: lines in the margins that are at the same place on most pages.

use super::{Line, MARGIN, Page};
use crate::pdf::words::Document;
use rustc_hash::{FxHashMap, FxHashSet};

/// Distance in points by which the place of a running line may differ from page to page.
const SLACK: f64 = 3.0;
/// Cells beside each other from which a repeated row is the header of a table.
const TABLE_CELLS: usize = 3;

/// A line in a margin of a page.
struct Marginal {
    page: usize,
    line: usize,
    top: f64,
    left: f64,
    right: f64,
    /// The numbers in it, in order.
    numbers: Vec<u64>,
}

/// The lines that repeat on at least half of the pages, as numbers of page and line.
///
/// Their words are the same on all pages, and their numbers are the same or count the pages. A line with other lines beside it
/// that do not repeat is a row of a table. Where such a line has a year, or is the header of a table, its first one is no
/// running line and is read once.
pub fn running_lines(document: &Document) -> FxHashSet<(usize, usize)> {
    let mut alike: FxHashMap<String, Vec<Marginal>> = FxHashMap::default();
    for (number, page) in document.pages.iter().enumerate() {
        for (at, line) in page.lines.iter().enumerate() {
            if is_marginal(page, line) {
                let (words, numbers) = pattern(line);
                let is_top = line.area.top < page.height / 2.0;
                alike
                    .entry(format!("{}{words}", if is_top { '^' } else { '_' }))
                    .or_default()
                    .push(Marginal {
                        page: number,
                        line: at,
                        // Pages may differ in height.
                        top: if is_top {
                            line.area.top
                        } else {
                            page.height - line.area.top
                        },
                        left: line.area.left,
                        right: line.area.right,
                        numbers,
                    });
            }
        }
    }
    let mut groups: Vec<Vec<Marginal>> = alike.into_values().flat_map(by_height).collect();
    groups.sort_by_key(|group| group.first().map(|line| (line.page, line.line)));
    groups.retain(|group| repeats(group, document.pages.len()));
    loop {
        let running: FxHashSet<(usize, usize)> = groups.iter().flatten().map(|line| (line.page, line.line)).collect();
        let before = groups.len();
        groups.retain(|group| counts_pages(group) || !is_in_rows(group, &running, document));
        if groups.len() == before {
            return without_first(&groups, running, document);
        }
    }
}

fn is_marginal(page: &Page, line: &Line) -> bool {
    let margin = page.height * MARGIN;
    line.area.bottom < margin || line.area.top > page.height - margin
}

/// The words of a line with one sign for each number, and the numbers.
fn pattern(line: &Line) -> (String, Vec<u64>) {
    let (mut words, mut numbers) = (String::new(), Vec::new());
    for word in &line.words {
        let mut number: Option<u64> = None;
        for letter in word.drawn.chars() {
            match digit_of(letter) {
                Some(digit) => number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit)),
                None => {
                    if let Some(number) = number.take() {
                        words.push('#');
                        numbers.push(number);
                    }
                    words.push(letter);
                }
            }
        }
        if let Some(number) = number {
            words.push('#');
            numbers.push(number);
        }
    }
    (words, numbers)
}

/// The value of a digit of any of the scripts that are read.
fn digit_of(letter: char) -> Option<u64> {
    let from = match letter {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    Some(u64::from(u32::from(letter) - u32::from(from)))
}

/// Lines with the same words, divided by their height on the page.
fn by_height(mut lines: Vec<Marginal>) -> Vec<Vec<Marginal>> {
    lines.sort_by(|one, other| one.top.total_cmp(&other.top).then(one.page.cmp(&other.page)));
    let mut groups: Vec<Vec<Marginal>> = Vec::new();
    for line in lines {
        match groups
            .last_mut()
            .filter(|group| group.last().is_some_and(|last| line.top - last.top <= SLACK))
        {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|line| (line.page, line.line));
    }
    groups
}

fn repeats(group: &[Marginal], pages: usize) -> bool {
    let mut on: Vec<usize> = group.iter().map(|line| line.page).collect();
    on.dedup();
    let is_often = on.len() >= 2 && on.len() * 2 >= pages.min(20);
    let is_same = group.iter().all(|line| line.numbers == group[0].numbers);
    is_often && (is_same || counts_pages(group))
}

/// True if one of the numbers grows with the pages, and the others stay as they are.
fn counts_pages(group: &[Marginal]) -> bool {
    if group.is_empty() || group[0].numbers.is_empty() {
        return false;
    }
    let most = |values: &mut dyn Iterator<Item = i128>| {
        let mut counts: FxHashMap<i128, usize> = FxHashMap::default();
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
        counts.into_values().max().unwrap_or(0) * 5 >= group.len() * 4
    };
    let at = |line: &Marginal, at: usize| line.numbers.get(at).map_or(-1, |number| i128::from(*number));
    let numbers = 0..group[0].numbers.len();
    let counts = numbers
        .clone()
        .filter(|number| most(&mut group.iter().map(|line| at(line, *number) - line.page as i128)));
    let has_count = counts.count() > 0;
    let is_known = |number: usize| {
        most(&mut group.iter().map(|line| at(line, number) - line.page as i128))
            || most(&mut group.iter().map(|line| at(line, number)))
    };
    has_count && numbers.into_iter().all(is_known)
}

/// True if on at least half of its pages there is a line beside this one that does not repeat.
fn is_in_rows(group: &[Marginal], running: &FxHashSet<(usize, usize)>, document: &Document) -> bool {
    let has_other = |line: &&Marginal| {
        let lines = &document.pages[line.page].lines;
        beside(line, lines).any(|at| !running.contains(&(line.page, at)))
    };
    group.iter().filter(has_other).count() * 2 >= group.len()
}

/// Numbers of the lines at the same height as this one.
fn beside<'l>(line: &'l Marginal, lines: &'l [Line]) -> impl Iterator<Item = usize> + 'l {
    let own = lines[line.line].area;
    let others = lines.iter().enumerate();
    others
        .filter(move |(at, other)| {
            let shared = own.bottom.min(other.area.bottom) - own.top.max(other.area.top);
            *at != line.line
                && shared > 0.5 * own.height().min(other.area.height())
                && (other.area.left >= line.right || other.area.right <= line.left)
        })
        .map(|(at, _)| at)
}

fn without_first(
    groups: &[Vec<Marginal>],
    mut running: FxHashSet<(usize, usize)>,
    document: &Document,
) -> FxHashSet<(usize, usize)> {
    for group in groups.iter().filter(|group| !counts_pages(group)) {
        let first = &group[0];
        let has_year = first.numbers.iter().any(|number| (1900..2100).contains(number));
        let cells = beside(first, &document.pages[first.page].lines).count() + 1;
        if has_year || cells >= TABLE_CELLS {
            running.remove(&(first.page, first.line));
        }
    }
    running
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::words::{Area, Word};

    fn line(words: &str, left: f64, top: f64) -> Line {
        let area = Area {
            left,
            right: left + 60.0,
            top,
            bottom: top + 10.0,
        };
        let words = words.split(' ').map(|word| Word {
            area,
            drawn: word.to_owned(),
        });
        Line {
            area,
            words: words.collect(),
            block: 0,
        }
    }

    fn document(pages: Vec<Vec<Line>>) -> Document {
        let pages = pages.into_iter().map(|lines| Page {
            width: 600.0,
            height: 800.0,
            lines,
        });
        Document {
            metadata: Vec::new(),
            pages: pages.collect(),
        }
    }

    #[test]
    fn cells_at_one_height_on_several_pages_are_no_headers() {
        let rows = |page: usize| {
            (0..3).flat_map(move |row| {
                let top = 30.0 + 12.0 * f64::from(row);
                [
                    line("Diyala", 40.0, top),
                    line(["shelling", "arrest", "attack", "clash"][page], 140.0, top),
                    line(&((page * 7 + 3) % 5).to_string(), 240.0, top),
                ]
            })
        };
        let pages = (0..4).map(|page| {
            rows(page)
                .chain([line(&format!("{} of 4", page + 1), 280.0, 780.0)])
                .collect()
        });
        let running = running_lines(&document(pages.collect()));
        assert_eq!(running.len(), 4, "{running:?}");
        assert!(running.iter().all(|(_, line)| *line == 9));
    }

    #[test]
    fn a_header_with_a_date_is_read_once() {
        let pages = (1..=3).map(|page| {
            vec![
                line("Security report, 12 March 2021", 40.0, 20.0),
                line("Restricted", 40.0, 40.0),
                line(&format!("Page {page}"), 400.0, 20.0),
                line("Two people were killed.", 40.0, 400.0),
            ]
        });
        let running = running_lines(&document(pages.collect()));
        assert!(!running.contains(&(0, 0)) && running.contains(&(1, 0)) && running.contains(&(0, 1)));
        assert!((0..3).all(|page| running.contains(&(page, 2)) && !running.contains(&(page, 3))));
    }

    #[test]
    fn the_header_of_a_table_is_read_once() {
        let pages = (0..3).map(|_| {
            vec![
                line("Date", 40.0, 20.0),
                line("District", 140.0, 20.0),
                line("Killed", 240.0, 20.0),
            ]
        });
        let running = running_lines(&document(pages.collect()));
        assert!(running.iter().all(|(page, _)| *page > 0) && running.len() == 6);
    }
}
