//! Lines at one height: pieces of a justified line, and cells of a table, whose words may go over several lines.

use super::{Area, Line};

/// A gap in a justified line is at most so many heights of it.
const WIDE_SPACE: f64 = 2.5;

fn share_height(one: &Area, other: &Area) -> bool {
    let shared = one.bottom.min(other.bottom) - one.top.max(other.top);
    shared > 0.6 * one.height().min(other.height())
}

fn are_beside(one: &Area, other: &Area) -> bool {
    share_height(one, other) && (other.left >= one.right || other.right <= one.left)
}

/// Puts the pieces of justified lines together: the program divides them at wide spaces. A line that was divided reaches over
/// the width of its block, as whole lines of the block do.
pub fn whole_lines(lines: Vec<Line>) -> Vec<Line> {
    let mut whole: Vec<Line> = Vec::with_capacity(lines.len());
    let mut start = 0;
    while start < lines.len() {
        let block = lines[start].block;
        let end = lines[start..]
            .iter()
            .position(|line| line.block != block)
            .map_or(lines.len(), |length| start + length);
        of_block(&lines[start..end], &mut whole);
        start = end;
    }
    whole
}

fn of_block(lines: &[Line], whole: &mut Vec<Line>) {
    let Some(first) = lines.first() else { return };
    let area = lines.iter().fold(first.area, |all, line| all.with(&line.area));
    let is_wide = |own: &Area| own.width() > 0.95 * area.width();
    if !lines.iter().any(|line| is_wide(&line.area)) {
        whole.extend_from_slice(lines);
        return;
    }
    let mut at = 0;
    while at < lines.len() {
        let mut row = lines[at].area;
        let mut end = at + 1;
        while lines.get(end).is_some_and(|next| share_height(&row, &next.area)) {
            row = row.with(&lines[end].area);
            end += 1;
        }
        let mut pieces: Vec<&Line> = lines[at..end].iter().collect();
        pieces.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
        let is_near = |pair: &[&Line]| {
            let gap = pair[1].area.left - pair[0].area.right;
            (-0.7 * row.height()..WIDE_SPACE * row.height()).contains(&gap)
        };
        if pieces.len() > 1 && is_wide(&row) && pieces.windows(2).all(is_near) {
            whole.push(Line {
                area: row,
                words: pieces.iter().flat_map(|piece| piece.words.iter().cloned()).collect(),
                block: lines[at].block,
            });
        } else {
            whole.extend_from_slice(&lines[at..end]);
        }
        at = end;
    }
}

/// Rows of cells from top to bottom, each cell with its lines. A line with nothing beside it is a row of one cell.
pub fn rows(mut lines: Vec<Line>) -> Vec<Vec<Vec<Line>>> {
    lines.sort_by(|one, other| one.area.top.total_cmp(&other.area.top));
    let mut rows = Vec::new();
    let mut ahead = lines.into_iter().peekable();
    while let Some(first) = ahead.next() {
        // Lines that overlap in height, one after the other.
        let mut bottom = first.area.bottom;
        let mut cluster = vec![first];
        while let Some(next) = ahead.next_if(|next| next.area.top < bottom - 0.3 * next.area.height()) {
            bottom = bottom.max(next.area.bottom);
            cluster.push(next);
        }
        match cluster.len() {
            1 => rows.push(vec![cluster]),
            _ => of_cluster(cluster, &mut rows),
        }
    }
    rows
}

/// A row of a table with cells of several lines, or rows of single lines.
fn of_cluster(cluster: Vec<Line>, rows: &mut Vec<Vec<Vec<Line>>>) {
    let cells = cells(&cluster);
    let is_wrapped = cells.len() > 1 && cells.iter().any(|cell| cell.len() > 1);
    let is_apart = cells.iter().all(|cell| {
        let pairs = cell.windows(2);
        pairs
            .into_iter()
            .all(|pair| !share_height(&pair[0].area, &pair[1].area))
    });
    if is_wrapped && is_apart {
        rows.push(cells);
        return;
    }
    let mut single: Vec<Vec<Vec<Line>>> = Vec::new();
    for line in cluster {
        match single.last_mut().filter(|row| are_beside(&row[0][0].area, &line.area)) {
            Some(row) => row.push(vec![line]),
            None => single.push(vec![vec![line]]),
        }
    }
    rows.extend(single);
}

/// Lines by the columns that they are in: lines above each other are one cell.
fn cells(cluster: &[Line]) -> Vec<Vec<Line>> {
    let mut sorted: Vec<&Line> = cluster.iter().collect();
    sorted.sort_by(|one, other| one.area.left.total_cmp(&other.area.left));
    let mut cells: Vec<Vec<Line>> = Vec::new();
    let mut right = f64::MIN;
    for line in sorted {
        match cells.last_mut().filter(|_| line.area.left < right) {
            Some(cell) => cell.push(line.clone()),
            None => cells.push(vec![line.clone()]),
        }
        right = right.max(line.area.right);
    }
    for cell in &mut cells {
        cell.sort_by(|one, other| one.area.top.total_cmp(&other.area.top));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::words::Word;

    fn line(left: f64, right: f64, top: f64, block: usize) -> Line {
        let area = Area {
            left,
            right,
            top,
            bottom: top + 14.0,
        };
        Line {
            area,
            words: vec![Word {
                area,
                drawn: format!("{left}"),
            }],
            block,
        }
    }

    #[test]
    fn cells_of_several_lines_are_one_row() {
        let lines = vec![
            line(206.0, 248.0, 38.0, 1),
            line(420.0, 574.0, 38.0, 2),
            line(65.0, 416.0, 56.0, 3),
            line(548.0, 574.0, 64.0, 4),
            line(480.0, 513.0, 64.0, 4),
            line(94.0, 416.0, 71.0, 3),
            line(94.0, 416.0, 100.0, 3),
        ];
        let rows = rows(lines);
        let shape: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().map(Vec::len).collect()).collect();
        assert_eq!(shape, [vec![1, 1], vec![2, 1, 1], vec![1]]);
    }

    #[test]
    fn pieces_of_justified_lines_are_put_together() {
        let block = vec![
            line(34.0, 206.0, 10.0, 1),
            line(34.0, 63.0, 24.0, 1),
            line(85.0, 117.0, 24.0, 1),
            line(139.0, 162.0, 24.0, 1),
            line(184.0, 206.0, 24.0, 1),
            line(34.0, 148.0, 38.0, 1),
            line(300.0, 350.0, 38.0, 2),
        ];
        let whole = whole_lines(block);
        assert_eq!(
            whole.iter().map(|line| line.words.len()).collect::<Vec<_>>(),
            [1, 4, 1, 1]
        );
    }
}
