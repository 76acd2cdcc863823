//! Gaps between columns of running text.

use super::{Area, Line, median};
use rustc_hash::FxHashSet;

/// A gap between columns is at least so many heights of a line.
const GUTTER: f64 = 0.7;
/// Lines of a region in which columns are looked for, at least.
const FEW_LINES: usize = 4;

/// A gap between two columns.
#[derive(Clone, Copy)]
pub struct Gutter {
    left: f64,
    right: f64,
}

impl Gutter {
    /// 0 left of it, 1 right of it, none across.
    pub fn side(&self, area: &Area) -> Option<usize> {
        let slack = 1.0;
        if area.right <= self.left + slack {
            Some(0)
        } else if area.left >= self.right - slack {
            Some(1)
        } else {
            None
        }
    }
}

/// For each line, true for a heading: larger letters, and nothing beside it.
pub fn headings(lines: &[Line]) -> Vec<bool> {
    const LARGER: f64 = 1.25;
    let usual = median(lines.iter().map(|line| line.area.height())).unwrap_or(0.0);
    let is_beside = |one: &Line, other: &Line| {
        other.area.top < one.area.bottom
            && other.area.bottom > one.area.top
            && (other.area.left >= one.area.right || other.area.right <= one.area.left)
    };
    let is_heading =
        |line: &Line| line.area.height() > LARGER * usual && !lines.iter().any(|other| is_beside(line, other));
    lines.iter().map(is_heading).collect()
}

/// The gap with the most lines in columns of running text beside it. `lines` are sorted from top to bottom.
pub fn gutter(lines: &[Line]) -> Option<Gutter> {
    const MAX_CANDIDATES: usize = 60;
    if lines.len() < FEW_LINES {
        return None;
    }
    let height = median(lines.iter().map(|line| line.area.height()))?;
    let all = lines
        .iter()
        .skip(1)
        .fold(lines[0].area, |all, line| all.with(&line.area));
    let headings = headings(lines);
    // Right ends of lines, each with the nearest left end after it.
    let mut lefts: Vec<f64> = lines.iter().map(|line| line.area.left).collect();
    lefts.sort_by(f64::total_cmp);
    let mut best: Option<(usize, usize, f64, Gutter)> = None;
    let mut tried = FxHashSet::default();
    for line in lines {
        let left = line.area.right;
        let middle = (left - all.left) / all.width().max(1.0);
        if !(0.15..0.85).contains(&middle) || tried.len() > MAX_CANDIDATES || !tried.insert(left.round() as i64) {
            continue;
        }
        let next = lefts.partition_point(|other| *other < left + GUTTER * height);
        let Some(&right) = lefts.get(next) else { continue };
        let candidate = Gutter { left, right };
        let (in_columns, across) = lines_in_columns(lines, &headings, candidate);
        let width = right - left;
        // Columns fill most of their region: a table or a list may have a few words side by side.
        let is_better = best.is_none_or(|(most, fewest, widest, _)| {
            in_columns > most || (in_columns == most && (across < fewest || (across == fewest && width > widest)))
        });
        if in_columns >= FEW_LINES && is_better {
            best = Some((in_columns, across, width, candidate));
        }
    }
    best.map(|(_, _, _, gutter)| gutter)
}

/// Lines that are in columns of running text beside a gap, and lines across it.
fn lines_in_columns(lines: &[Line], headings: &[bool], gutter: Gutter) -> (usize, usize) {
    let (mut in_columns, mut across) = (0, 0);
    let mut band: [Vec<&Line>; 2] = Default::default();
    let mut end = |band: &mut [Vec<&Line>; 2]| {
        let [left, right] = band;
        if is_running(left.iter().copied(), right.iter().copied()) {
            in_columns += left.len() + right.len();
        }
        left.clear();
        right.clear();
    };
    for (line, is_heading) in lines.iter().zip(headings) {
        match gutter.side(&line.area).filter(|_| !is_heading) {
            Some(side) => band[side].push(line),
            None => {
                across += usize::from(!is_heading);
                end(&mut band);
            }
        }
    }
    end(&mut band);
    (in_columns, across)
}

/// True if both sides of a gap are running text: cells of a table are short.
pub fn is_running<'l>(left: impl IntoIterator<Item = &'l Line>, right: impl IntoIterator<Item = &'l Line>) -> bool {
    let count = |lines: &mut dyn Iterator<Item = &'l Line>| {
        lines.fold(
            (0_usize, 0_usize, f64::MAX, f64::MIN),
            |(count, words, top, bottom), line| {
                (
                    count + 1,
                    words + line.words.len(),
                    top.min(line.area.top),
                    bottom.max(line.area.bottom),
                )
            },
        )
    };
    let (left, right) = (count(&mut left.into_iter()), count(&mut right.into_iter()));
    let is_text = |(count, words, _, _): (usize, usize, f64, f64)| count >= 2 && words >= 3 * count;
    // One below the other are no columns.
    let shared = left.3.min(right.3) - left.2.max(right.2);
    let shorter = (left.3 - left.2).min(right.3 - right.2);
    is_text(left) && is_text(right) && left.0 + right.0 >= 5 && shared > 0.5 * shorter
}
