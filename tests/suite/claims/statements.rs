//! The project's own sentences with every attribution, figure and claim that a reader finds in them
//! (`tests/eval/statements.tsv`): precision and recall by part and language.

use super::reader::{is_of_first_five, kind, read};
use mahwar::geoparse::{Bound, Claim, Parse, Quantity, Stance};
use std::collections::{BTreeMap, BTreeSet};

const ROWS: &str = include_str!("../../eval/statements.tsv");
const DISPUTED: &str = include_str!("../../../data/disputed_areas.csv");

/// Least share of right items, of those found and of those expected, in each part and language.
const FLOOR: f64 = 0.9;

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    found: usize,
    expected: usize,
    right: usize,
}

/// Speaker, stance and words; an empty speaker is written `-`.
fn said(parse: &Parse) -> Vec<String> {
    let written = |said: &mahwar::geoparse::Attribution| {
        let speaker = said.speaker.as_ref().map_or("-", |speaker| &speaker.words.text);
        format!("{speaker}|{}|{}", name_of(said.stance), trimmed(&said.quote.text))
    };
    parse.attributions.iter().map(written).collect()
}

fn name_of(stance: Stance) -> &'static str {
    Stance::ALL.iter().find(|(known, _)| *known == stance).unwrap().1
}

fn trimmed(words: &str) -> &str {
    words.trim_matches(['.', ',', '،', ' '])
}

fn value(quantity: &Quantity) -> String {
    quantity.value.map_or("-".to_owned(), |value| value.to_string())
}

fn role(quantity: &Quantity) -> &'static str {
    quantity.role.map_or("-", |role| role.name())
}

fn figures(parse: &Parse) -> Vec<String> {
    let bound = |bound: Bound| match bound {
        Bound::Exact => "exact",
        Bound::About => "about",
        Bound::AtLeast => "at_least",
        Bound::AtMost => "at_most",
        Bound::MoreThan => "more_than",
        Bound::Vague => "vague",
    };
    let written = |one: &Quantity| format!("{} {} {} {}", value(one), one.unit, role(one), bound(one.bound));
    parse.quantities.iter().map(written).collect()
}

fn claims(parse: &Parse) -> Vec<String> {
    let disputed: BTreeSet<&str> = DISPUTED
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    let written = |claim: &Claim| {
        let named = |id: &String| {
            let mentions = parse.mentions.iter().filter_map(|mention| mention.place.as_ref());
            mentions
                .into_iter()
                .find(|place| place.id == *id)
                .and_then(|place| place.name.en.clone())
                .unwrap_or_else(|| id.clone())
        };
        let ids: BTreeSet<&str> = claim.places.iter().map(String::as_str).collect();
        let mut places: Vec<String> = match !ids.is_empty() && ids == disputed {
            true => vec!["DISPUTED".to_owned()],
            false => claim.places.iter().map(named).collect(),
        };
        places.sort();
        let counted = parse.quantities.iter().filter(|one| claim.quantities.contains(&one.id));
        let mut counted: Vec<_> = counted.map(|one| format!("{} {}", value(one), role(one))).collect();
        counted.sort();
        format!("{} @ {} # {}", kind(claim.kind), places.join(", "), counted.join(", "))
    };
    parse
        .claims
        .iter()
        .filter(|claim| is_of_first_five(claim.kind))
        .map(written)
        .collect()
}

/// An expected claim in the order in which found ones are written.
fn sorted(claim: &str) -> String {
    let (head, figures) = claim.split_once('#').unwrap_or((claim, ""));
    let (kind, places) = head.split_once('@').unwrap_or((head, ""));
    let list = |items: &str| {
        let mut items: Vec<_> = items
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect();
        items.sort_unstable();
        items.join(", ")
    };
    format!("{} @ {} # {}", kind.trim(), list(places), list(figures))
}

fn expected(column: &str, separator: &str) -> Vec<String> {
    let items = column.split(separator).map(str::trim).filter(|item| !item.is_empty());
    items.map(str::to_owned).collect()
}

fn count(found: &[String], expected: &[String]) -> Tally {
    let mut free: Vec<_> = found.iter().collect();
    let mut right = 0;
    for one in expected {
        if let Some(at) = free.iter().position(|other| *other == one) {
            free.swap_remove(at);
            right += 1;
        }
    }
    Tally {
        found: found.len(),
        expected: expected.len(),
        right,
    }
}

#[test]
fn the_statements_are_read_as_well_as_recorded() {
    let mut tallies: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for row in ROWS.lines().skip(1) {
        let columns: Vec<_> = row.split('\t').collect();
        let column = |at: usize| columns.get(at).copied().unwrap_or_default();
        let parse = read(column(3));
        let wanted_said: Vec<_> = expected(column(4), ";;")
            .iter()
            .map(|one| trimmed(one).to_owned())
            .collect();
        let wanted_claims: Vec<_> = expected(column(6), ";;").iter().map(|one| sorted(one)).collect();
        for (part, found, wanted) in [
            ("said", said(&parse), wanted_said),
            ("figures", figures(&parse), expected(column(5), ";")),
            ("claims", claims(&parse), wanted_claims),
        ] {
            let one = count(&found, &wanted);
            if one.right < one.found || one.right < one.expected {
                println!(
                    "{} {part}: {}\n    expected {wanted:?}\n    found    {found:?}",
                    column(0),
                    column(3)
                );
            }
            for language in [column(1), "all"] {
                let tally = tallies.entry((part, language)).or_default();
                tally.found += one.found;
                tally.expected += one.expected;
                tally.right += one.right;
            }
        }
    }
    for ((part, language), tally) in &tallies {
        let precision = tally.right as f64 / tally.found.max(1) as f64;
        let recall = tally.right as f64 / tally.expected.max(1) as f64;
        println!(
            "{part:8} {language:4} precision {precision:.3} recall {recall:.3} ({} of {} right, {} found)",
            tally.right, tally.expected, tally.found
        );
        assert!(precision >= FLOOR && recall >= FLOOR, "{part} {language}: {tally:?}");
    }
}
