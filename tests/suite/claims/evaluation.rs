//! The project's own evaluation rows: precision and recall of quantities, attributions and claims.
use super::reader::{is_of_first_five, read};
use mahwar::geoparse::{ClaimType, Parse};
use std::collections::BTreeMap;

const ROWS: &str = include_str!("../../eval/claims.tsv");

/// Found, expected and common items.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    found: usize,
    expected: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, found: usize, expected: usize, right: usize) {
        self.found += found;
        self.expected += expected;
        self.right += right;
    }

    fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.right as f64 / self.expected.max(1) as f64
    }
}

fn items(column: &str) -> Vec<&str> {
    column
        .split(';')
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect()
}

/// Matches each expected item with a found one, each found one at most once; returns the number of matches.
fn matched<E, F>(expected: &[E], found: &[F], same: impl Fn(&E, &F) -> bool) -> usize {
    let mut free: Vec<_> = found.iter().collect();
    let mut right = 0;
    for one in expected {
        if let Some(at) = free.iter().position(|other| same(one, other)) {
            free.swap_remove(at);
            right += 1;
        }
    }
    right
}

fn name(kind: ClaimType) -> &'static str {
    kind.name()
}

fn quantities(found: &Parse, expected: &str) -> (usize, usize, usize) {
    let expected = items(expected);
    let found: Vec<_> = found
        .quantities
        .iter()
        .map(|one| {
            format!(
                "{} {}",
                one.value.map_or("-".to_owned(), |value| value.to_string()),
                one.unit
            )
        })
        .collect();
    let right = matched(&expected, &found, |one, other| one == other);
    (found.len(), expected.len(), right)
}

fn attributions(found: &Parse, expected: &str) -> (usize, usize, usize) {
    let expected = items(expected);
    let right = matched(&expected, &found.attributions, |one, other| {
        let (speaker, verb) = one.split_once('|').unwrap_or((one, ""));
        let said_by = other
            .speaker
            .as_ref()
            .map_or("-", |speaker| speaker.words.text.as_str());
        let same = said_by == speaker || (said_by != "-" && (said_by.contains(speaker) || speaker.contains(said_by)));
        same && other.verb.text == verb
    });
    (found.attributions.len(), expected.len(), right)
}

fn claims(found: &Parse, expected: &str) -> (usize, usize, usize) {
    let expected = items(expected);
    let mut found: Vec<_> = found
        .claims
        .iter()
        .map(|claim| claim.kind)
        .filter(|kind| is_of_first_five(*kind))
        .map(name)
        .collect();
    found.sort_unstable();
    found.dedup();
    let right = matched(&expected, &found, |one, other| one == other);
    (found.len(), expected.len(), right)
}

#[test]
fn the_evaluation_rows_are_read_as_well_as_recorded() {
    let mut tallies: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for row in ROWS.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let (id, language, text) = (column(0), column(1), column(2));
        let found = read(text);
        for (kind, (given, wanted, right)) in [
            ("quantities", quantities(&found, column(3))),
            ("attributions", attributions(&found, column(4))),
            ("claims", claims(&found, column(5))),
        ] {
            tallies.entry((kind, language)).or_default().add(given, wanted, right);
            tallies.entry((kind, "all")).or_default().add(given, wanted, right);
            if right < given || right < wanted {
                println!(
                    "{id} {kind}: {text}\n    expected {:?}",
                    column(
                        ["quantities", "attributions", "claims"]
                            .iter()
                            .position(|one| *one == kind)
                            .unwrap()
                            + 3
                    )
                );
                match kind {
                    "quantities" => found
                        .quantities
                        .iter()
                        .for_each(|q| println!("    found {:?} {} ({})", q.value, q.unit, q.words.text)),
                    "attributions" => found.attributions.iter().for_each(|a| {
                        println!(
                            "    found {}|{} : {}",
                            a.speaker.as_ref().map_or("-", |s| &s.words.text),
                            a.verb.text,
                            a.quote.text
                        )
                    }),
                    _ => found
                        .claims
                        .iter()
                        .for_each(|c| println!("    found {} ({})", name(c.kind), c.evidence.text)),
                }
            }
        }
    }
    for ((kind, language), tally) in &tallies {
        println!(
            "{kind:12} {language:4} precision {:.3} recall {:.3} ({} of {} right, {} found)",
            tally.precision(),
            tally.recall(),
            tally.right,
            tally.expected,
            tally.found
        );
    }
}
