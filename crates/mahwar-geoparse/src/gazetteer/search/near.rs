//! Near misses: how far two spellings lie apart, counted in edits and weighed by how alike the letters are.

/// Letters that are easily confused, by sound or by shape.
const ALIKE: &[&str] = &[
    "تط", "سصث", "دضذ", "زذظض", "حهخ", "قكگغ", "جچژ", "بپ", "فڤو", "لڵ", "رڕ", "وۆ", "يێ", "اەه", "ەي", "عا", "aeiou",
    "iy", "ouw", "ckqg", "szx", "vw", "td", "bp", "jg",
];

/// Letters that one spelling writes and another leaves out.
const WEAK: &str = "اويهەaeiouhyw";

/// A set of letters as bits: two words that differ by one edit differ by at most two bits.
pub fn mask(word: &str) -> u64 {
    word.chars().fold(0, |mask, c| mask | 1 << (u32::from(c) % 61))
}

/// The bits that rule a pair out: more than two for each edit allowed.
pub fn may_be_near(a: u64, b: u64, edits: u32) -> bool {
    (a ^ b).count_ones() <= 2 * edits
}

/// Edits allowed, by the number of letters of a name.
pub fn edits_allowed(letters: usize) -> u32 {
    match letters {
        0..=2 => 0,
        3..=6 => 1,
        _ => 2,
    }
}

/// How two spellings differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Letters put in, left out, replaced or swapped with their neighbour.
    pub edits: u32,
    /// The same, with half the weight for letters that are alike or weak, and for a swap.
    pub weight: f64,
}

/// Scratch space for comparing one query with many names.
#[derive(Debug, Default)]
pub struct Measure {
    query: Vec<char>,
    name: Vec<char>,
    counts: [Vec<u32>; 3],
    rows: [Vec<(u32, u32)>; 3],
}

impl Measure {
    /// For one query.
    pub fn new(query: &str) -> Self {
        Self {
            query: query.chars().collect(),
            ..Self::default()
        }
    }

    /// Letters of the query.
    pub fn letters(&self) -> usize {
        self.query.len()
    }

    /// The distance, when it is at most `most` edits. Optimal string alignment; the way with the fewest edits,
    /// and among those the lightest.
    pub fn distance(&mut self, name: &str, most: u32) -> Option<Distance> {
        self.name.clear();
        self.name.extend(name.chars());
        // Almost all names fall out here; only the few that stay are weighed.
        if self.query.len().abs_diff(self.name.len()) > most as usize || !self.is_within(most) {
            return None;
        }
        let (edits, halves) = self.weighed()?;
        let weight = f64::from(halves) / 2.0;
        // One letter of three is a third of the name: it must at least be alike.
        (self.query.len() > 3 || weight < 1.0).then_some(Distance { edits, weight })
    }

    /// True if this number of edits is enough.
    fn is_within(&mut self, most: u32) -> bool {
        let (query, name) = (&self.query, &self.name);
        let [before, last, row] = &mut self.counts;
        last.clear();
        last.extend(0..=name.len() as u32);
        for (i, &a) in query.iter().enumerate() {
            row.clear();
            row.push(i as u32 + 1);
            let mut least = i as u32 + 1;
            let mut left = least;
            for (j, &b) in name.iter().enumerate() {
                let mut count = (last[j] + u32::from(a != b)).min(last[j + 1] + 1).min(left + 1);
                if i > 0 && j > 0 && a == name[j - 1] && b == query[i - 1] {
                    count = count.min(before[j - 1] + 1);
                }
                row.push(count);
                left = count;
                least = least.min(count);
            }
            if least > most {
                return false;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        last.last().is_some_and(|count| *count <= most)
    }

    /// Edits and their weight in halves.
    fn weighed(&mut self) -> Option<(u32, u32)> {
        let (query, name) = (&self.query, &self.name);
        let [before, last, row] = &mut self.rows;
        last.clear();
        last.push((0, 0));
        for (at, &letter) in name.iter().enumerate() {
            let (edits, weight) = last[at];
            last.push((edits + 1, weight + gap(letter, at.checked_sub(1).map(|at| name[at]))));
        }
        for (i, &a) in query.iter().enumerate() {
            let beside = i.checked_sub(1).map(|i| query[i]);
            row.clear();
            row.push((last[0].0 + 1, last[0].1 + gap(a, beside)));
            for (j, &b) in name.iter().enumerate() {
                let step = |(edits, weight): (u32, u32), cost: u32| (edits + 1, weight + cost);
                let kept = if a == b { last[j] } else { step(last[j], change(a, b)) };
                let left_out = step(last[j + 1], gap(a, beside));
                let put_in = step(row[j], gap(b, j.checked_sub(1).map(|j| name[j])));
                let mut best = kept.min(left_out).min(put_in);
                if i > 0 && j > 0 && a == name[j - 1] && b == query[i - 1] && a != b {
                    best = best.min(step(before[j - 1], 1));
                }
                row.push(best);
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        last.last().copied()
    }
}

/// Weight of a letter put in or left out, in halves: one for a weak letter or a doubled one.
fn gap(letter: char, beside: Option<char>) -> u32 {
    if beside == Some(letter) || WEAK.contains(letter) {
        1
    } else {
        2
    }
}

/// Weight of a replaced letter, in halves.
fn change(a: char, b: char) -> u32 {
    let alike = |group: &&str| group.contains(a) && group.contains(b);
    if ALIKE.iter().any(alike) { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(a: &str, b: &str) -> Option<(u32, f64)> {
        Measure::new(a)
            .distance(b, 2)
            .map(|distance| (distance.edits, distance.weight))
    }

    #[test]
    fn edits_are_counted_and_weighed() {
        assert_eq!(distance("kirkuk", "kirkuk"), Some((0, 0.0)));
        assert_eq!(distance("kirkok", "kirkuk"), Some((1, 0.5)));
        assert_eq!(distance("kirmuk", "kirkuk"), Some((1, 1.0)));
        assert_eq!(distance("krikuk", "kirkuk"), Some((1, 0.5)));
        assert_eq!(distance("hillah", "hilla"), Some((1, 0.5)));
        assert_eq!(distance("تكريط", "تكريت"), Some((1, 0.5)));
        assert_eq!(distance("mosul", "basra"), None);
    }

    #[test]
    fn the_mask_never_rules_out_what_is_near() {
        for (a, b) in [
            ("kirkuk", "kirkok"),
            ("هەولێر", "هەولیر"),
            ("baghdad", "bagdad"),
            ("كركوك", "كركو"),
        ] {
            let (edits, _) = distance(a, b).unwrap();
            assert!(may_be_near(mask(a), mask(b), edits), "{a} {b}");
        }
    }
}
