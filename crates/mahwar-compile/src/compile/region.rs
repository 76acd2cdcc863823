//! The limit of the land's region, laid on the borders of governorates where it follows them: two sources of one line would
//! be drawn side by side.

use crate::{
    geodesy,
    territory::{ArcRef, Boundaries, Topology, TopologyError},
};

/// How far the generalised line may lie from a border that it follows, in km.
const NEAR_KM: f64 = 5.0;
/// The shortest stretch that counts as following a border or as departing from it, in km.
const SHORTEST_KM: f64 = 4.0;
/// Distance between the sampled points of the line, in km.
const STEP_KM: f64 = 0.5;

/// The line, laid on borders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followed {
    /// Its points.
    pub line: Vec<[f64; 2]>,
    /// Length that is drawn on borders of governorates, in km.
    pub follows_km: f64,
    /// Length that is drawn as the source has it, in km.
    pub departs_km: f64,
}

/// A place on a border: the line, and the number of its edge with the share along it.
#[derive(Clone, Copy, Debug)]
struct Place {
    line: usize,
    along: f64,
    away_km: f64,
}

/// Lays a line on the inner borders around some units.
///
/// # Errors
/// Units that the topology does not have.
pub fn follow(land: &Topology, members: &[String], line: &[[f64; 2]]) -> Result<Followed, TopologyError> {
    let borders = inner_borders(land, members)?;
    let points = dense(line);
    let places: Vec<Option<Place>> = points
        .iter()
        .map(|point| nearest(*point, &borders).filter(|place| place.away_km <= NEAR_KM))
        .collect();
    let mut out = Followed::default();
    for run in runs(&places) {
        let part = &points[run.clone()];
        let length: f64 = part.windows(2).map(|pair| km(pair[0], pair[1])).sum();
        let ends = (places[run.start], places[run.end - 1]);
        let drawn = match ends {
            (Some(first), Some(last)) if length >= SHORTEST_KM => {
                let drawn = slice(&borders[first.line], first.along, last.along);
                out.follows_km += geodesy::length_km(&drawn);
                drawn
            }
            _ => {
                // The points of the source, not those between them.
                let kept: Vec<[f64; 2]> = part.iter().filter(|point| line.contains(point)).copied().collect();
                out.departs_km += length;
                kept
            }
        };
        out.line.extend(drawn);
    }
    out.line.dedup();
    Ok(out)
}

/// Lines of the border between the units and others of the land.
fn inner_borders(land: &Topology, members: &[String]) -> Result<Vec<Vec<[f64; 2]>>, TopologyError> {
    let boundaries = Boundaries::new(land.clone())?;
    let Ok(set) = boundaries.set(members.iter().map(String::as_str)) else {
        return Ok(Vec::new());
    };
    let inner = |arc: &ArcRef| boundaries.sides(*arc).iter().all(Option::is_some);
    let arcs: Vec<ArcRef> = boundaries.outer_edges(&set).into_iter().filter(inner).collect();
    let lines = boundaries.chain(&arcs);
    Ok(lines.iter().map(|line| boundaries.line(line, None)).collect())
}

/// The line with points between those that are far from each other.
fn dense(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    for pair in line.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let steps = (km(a, b) / STEP_KM).ceil().max(1.0);
        points.extend((0..steps as usize).map(|step| {
            let share = step as f64 / steps;
            [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]
        }));
    }
    points.extend(line.last());
    points
}

/// Stretches of points on one border, and of points on none; a short one belongs to the one before.
fn runs(places: &[Option<Place>]) -> Vec<std::ops::Range<usize>> {
    let kind = |place: &Option<Place>| place.map(|place| place.line);
    let least = (SHORTEST_KM / STEP_KM) as usize;
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for nth in 0..places.len() {
        match runs.last_mut() {
            Some(run) if kind(&places[run.start]) == kind(&places[nth]) => run.end = nth + 1,
            _ => runs.push(nth..nth + 1),
        }
    }
    let mut joined: Vec<std::ops::Range<usize>> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            // A gap in the middle of a border that goes on after it.
            Some(before) if run.len() < least => before.end = run.end,
            Some(before) if kind(&places[before.start]) == kind(&places[run.start]) => before.end = run.end,
            _ => joined.push(run),
        }
    }
    // The ends of a stretch on a border are places on it.
    for run in &mut joined {
        if places[run.start].is_some() {
            while run.len() > 1 && kind(&places[run.end - 1]) != kind(&places[run.start]) {
                run.end -= 1;
            }
        }
    }
    joined
}

fn nearest(point: [f64; 2], borders: &[Vec<[f64; 2]>]) -> Option<Place> {
    let mut best: Option<Place> = None;
    for (line, border) in borders.iter().enumerate() {
        for (edge, pair) in border.windows(2).enumerate() {
            let (share, away_km) = on_edge(point, pair[0], pair[1]);
            if best.is_none_or(|best| away_km < best.away_km) {
                best = Some(Place {
                    line,
                    along: edge as f64 + share,
                    away_km,
                });
            }
        }
    }
    best
}

/// Kilometres of a degree of latitude.
const DEGREE_KM: f64 = 111.2;

fn km(a: [f64; 2], b: [f64; 2]) -> f64 {
    let narrow = (0.5 * (a[1] + b[1])).to_radians().cos();
    DEGREE_KM * ((b[0] - a[0]) * narrow).hypot(b[1] - a[1])
}

/// The share along an edge of the point nearest to another, and how far that is.
fn on_edge(point: [f64; 2], a: [f64; 2], b: [f64; 2]) -> (f64, f64) {
    let narrow = point[1].to_radians().cos();
    let [dx, dy] = [(b[0] - a[0]) * narrow, b[1] - a[1]];
    let [px, py] = [(point[0] - a[0]) * narrow, point[1] - a[1]];
    let length2 = dx * dx + dy * dy;
    let share = if length2 > 0.0 {
        ((px * dx + py * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (share, DEGREE_KM * (px - share * dx).hypot(py - share * dy))
}

/// The part of a line between two places on it, in this order.
fn slice(line: &[[f64; 2]], from: f64, to: f64) -> Vec<[f64; 2]> {
    let (low, high) = (from.min(to), from.max(to));
    let at = |along: f64| {
        let edge = (along as usize).min(line.len() - 2);
        let share = along - edge as f64;
        let [a, b] = [line[edge], line[edge + 1]];
        // On the grid of the boundaries.
        [0, 1].map(|axis| ((a[axis] + (b[axis] - a[axis]) * share) * 1e6).round() / 1e6)
    };
    let mut part = vec![at(low)];
    let inner = (low.floor() as usize + 1)..=(high.ceil() as usize).saturating_sub(1);
    part.extend(inner.filter_map(|nth| line.get(nth)).copied());
    part.push(at(high));
    part.dedup();
    if from > to {
        part.reverse();
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_has_the_points_between_two_places() {
        let line = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]];
        assert_eq!(slice(&line, 0.5, 2.5), [[0.5, 0.0], [1.0, 0.0], [2.0, 0.0], [2.5, 0.0]]);
        assert_eq!(slice(&line, 2.0, 1.0), [[2.0, 0.0], [1.0, 0.0]]);
        assert_eq!(slice(&line, 0.0, 3.0), line);
    }

    #[test]
    fn a_short_departure_does_not_end_a_stretch() {
        let place = |line| {
            Some(Place {
                line,
                along: 0.0,
                away_km: 1.0,
            })
        };
        let mut places = vec![place(0); 30];
        places[10] = None;
        assert_eq!(runs(&places), vec![0..30; 1]);
        places.extend(vec![None; 20]);
        assert_eq!(runs(&places), [0..30, 30..50]);
    }
}
