//! The evaluation set: precision, recall and F1 by language and kind, and a floor under each.
//!
//! `make eval` prints the tables and every error; the test fails when a figure falls below `tests/eval/recorded.toml`.
//! `make eval EVAL_DIR=/path` scores any other folder of such files, without a floor.
//! The rows were written by the same team as the rules (see `tests/eval/README.md`): read the figures as those of a
//! development set.

use crate::common;
use mahwar::{
    gazetteer::Gazetteer,
    geoparse::{Mention, Reading},
};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A marked span: code points, accepted places, reading.
struct Gold {
    start: usize,
    end: usize,
    surface: String,
    places: Vec<String>,
    reading: Reading,
}

struct Row {
    id: String,
    language: String,
    kind: String,
    text: String,
    gold: Vec<Gold>,
}

const KINDS: [&str; 8] = [
    "news",
    "typenoun",
    "homograph",
    "orthography",
    "reading",
    "foreign",
    "empty",
    "evidence",
];

/// The folder that `EVAL_DIR` names instead of the project's own.
fn other_folder() -> Option<PathBuf> {
    std::env::var_os("EVAL_DIR")
        .filter(|folder| !folder.is_empty())
        .map(PathBuf::from)
}

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval")
}

/// The rows of every kind that the folder has; the project's own has all of them.
fn rows() -> Vec<Row> {
    let other = other_folder();
    let folder = other.clone().unwrap_or_else(own_folder);
    let mut rows = Vec::new();
    for kind in KINDS {
        let file = folder.join(format!("{kind}.tsv"));
        if other.is_some() && !file.exists() {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
            let columns: Vec<_> = line.split('\t').collect();
            let [id, language, kind, marked] = columns.as_slice() else {
                panic!("four columns: {line}")
            };
            let (text, gold) = unmark(&marked.replace("\\n", "\n"));
            rows.push(Row {
                id: (*id).to_owned(),
                language: (*language).to_owned(),
                kind: (*kind).to_owned(),
                text,
                gold,
            });
        }
    }
    rows
}

/// Takes the marks out of a sentence.
fn unmark(marked: &str) -> (String, Vec<Gold>) {
    let mut text = String::new();
    let mut gold = Vec::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        let (mark, behind) = after.split_once('⟧').expect("a closed mark");
        let fields: Vec<_> = mark.split('|').collect();
        let [surface, places, reading] = fields.as_slice() else {
            panic!("three fields: {mark}")
        };
        let start = text.chars().count();
        text.push_str(surface);
        gold.push(Gold {
            start,
            end: text.chars().count(),
            surface: (*surface).to_owned(),
            places: places.split('/').map(str::to_owned).collect(),
            reading: if *reading == "a" {
                Reading::Associative
            } else {
                Reading::Literal
            },
        });
        rest = behind;
    }
    text.push_str(rest);
    (text, gold)
}

/// True if the place of a mention is one of those accepted.
fn is_right(mention: &Mention, gold: &Gold, gazetteer: &Gazetteer) -> bool {
    gold.places
        .iter()
        .any(|accepted| match (accepted.as_str(), &mention.place) {
            ("*", _) => true,
            ("?", None) => true,
            (_, None) => false,
            (accepted, Some(place)) => match accepted.strip_prefix('@') {
                None => place.id == accepted,
                Some(point) => {
                    let (lon, lat) = point.split_once(',').expect("@lon,lat");
                    let (lon, lat): (f64, f64) = (lon.parse().expect("lon"), lat.parse().expect("lat"));
                    let place = gazetteer.get(&place.id).expect("a place of the gazetteer");
                    let dy = (place.point[1] - lat) * 111.2;
                    let dx = (place.point[0] - lon) * 111.2 * lat.to_radians().cos();
                    // Units have their label point anywhere inside; "@" means the settlement.
                    !place.level.is_administrative() && dx.hypot(dy) <= 15.0
                }
            },
        })
}

#[derive(Clone, Copy, Default)]
struct Score {
    sentences: usize,
    clean: usize,
    gold: usize,
    found: usize,
    span: usize,
    place: usize,
    reading: usize,
}

impl Score {
    fn f1(right: usize, found: usize, gold: usize) -> f64 {
        if found + gold == 0 {
            1.0
        } else {
            2.0 * right as f64 / (found + gold) as f64
        }
    }
    fn ratio(right: usize, all: usize) -> f64 {
        if all == 0 { 1.0 } else { right as f64 / all as f64 }
    }
    fn span_f1(&self) -> f64 {
        Self::f1(self.span, self.found, self.gold)
    }
    fn place_f1(&self) -> f64 {
        Self::f1(self.place, self.found, self.gold)
    }
    fn readings(&self) -> f64 {
        Self::ratio(self.reading, self.span)
    }
    fn figures(&self) -> [(&'static str, f64); 4] {
        [
            ("span_f1", self.span_f1()),
            ("place_f1", self.place_f1()),
            ("reading", self.readings()),
            ("clean", Self::ratio(self.clean, self.sentences)),
        ]
    }
}

/// Scores one row and writes its errors.
fn score(row: &Row, mentions: &[Mention], gazetteer: &Gazetteer, errors: &mut String) -> Score {
    let mut score = Score {
        sentences: 1,
        gold: row.gold.len(),
        found: mentions.len(),
        ..Score::default()
    };
    let mut report = String::new();
    for gold in &row.gold {
        let Some(mention) = mentions
            .iter()
            .find(|mention| (mention.start, mention.end) == (gold.start, gold.end))
        else {
            let near = mentions
                .iter()
                .find(|mention| mention.start < gold.end && gold.start < mention.end);
            let kind = if near.is_some() { "extent" } else { "missed" };
            let _ = writeln!(
                report,
                "    {kind}: {} {}",
                gold.surface,
                near.map_or("", |mention| &mention.text)
            );
            continue;
        };
        score.span += 1;
        if is_right(mention, gold, gazetteer) {
            score.place += 1;
        } else {
            let got = mention.place.as_ref().map_or("none", |place| place.id.as_str());
            let listed: Vec<_> = mention
                .candidates
                .iter()
                .take(4)
                .map(|one| format!("{} {}", one.id, one.score))
                .collect();
            let _ = writeln!(
                report,
                "    place: {} is {} not {} {listed:?}",
                gold.surface,
                got,
                gold.places.join("/")
            );
        }
        if mention.reading == gold.reading {
            score.reading += 1;
        } else {
            let _ = writeln!(
                report,
                "    reading: {} is {:?} {:?}",
                gold.surface, mention.reading, mention.actor
            );
        }
    }
    for mention in mentions {
        if !row
            .gold
            .iter()
            .any(|gold| mention.start < gold.end && gold.start < mention.end)
        {
            let got = mention.place.as_ref().map_or("none", |place| place.id.as_str());
            let _ = writeln!(report, "    spurious: {} {got} {:?}", mention.text, mention.trigger);
        }
    }
    score.clean = usize::from(report.is_empty());
    if !report.is_empty() {
        let _ = write!(errors, "  {} {}\n{report}", row.id, row.text);
    }
    score
}

#[test]
fn figures_stay_at_or_above_what_is_recorded() {
    let geoparser = common::geoparser();
    let mut groups: BTreeMap<String, Score> = BTreeMap::new();
    let mut errors = String::new();
    for row in rows() {
        let mentions = geoparser.geoparse(&row.text).mentions;
        for mention in &mentions {
            assert_eq!(mention.offsets.slice(&row.text), mention.text, "{}", row.id);
        }
        let scored = score(&row, &mentions, geoparser.gazetteer(), &mut errors);
        let groups_of_row = [
            "all".to_owned(),
            format!("kind-{}", row.kind),
            format!("lang-{}", row.language),
            format!("{}-{}", row.language, row.kind),
        ];
        for group in groups_of_row {
            let sum = groups.entry(group).or_default();
            sum.sentences += scored.sentences;
            sum.clean += scored.clean;
            sum.gold += scored.gold;
            sum.found += scored.found;
            sum.span += scored.span;
            sum.place += scored.place;
            sum.reading += scored.reading;
        }
    }
    println!("{errors}");
    println!(
        "{:<18} {:>5} {:>5} {:>5}  {:>6} {:>6} {:>6}  {:>6} {:>6} {:>6}",
        "", "rows", "gold", "found", "P", "R", "F1", "place", "read", "clean"
    );
    for (group, sum) in &groups {
        println!(
            "{group:<18} {:>5} {:>5} {:>5}  {:>6.3} {:>6.3} {:>6.3}  {:>6.3} {:>6.3} {:>6.3}",
            sum.sentences,
            sum.gold,
            sum.found,
            Score::ratio(sum.span, sum.found),
            Score::ratio(sum.span, sum.gold),
            sum.span_f1(),
            sum.place_f1(),
            sum.readings(),
            Score::ratio(sum.clean, sum.sentences)
        );
    }
    if other_folder().is_none() {
        check_recorded(&groups);
    }
}

/// Every recorded figure still holds.
fn check_recorded(groups: &BTreeMap<String, Score>) {
    let path = own_folder().join("recorded.toml");
    if std::env::var_os("MAHWAR_RECORD").is_some() {
        let mut out =
            String::from("# Written by `MAHWAR_RECORD=1 make eval`: figures below which `make test` fails.\n");
        for (group, sum) in groups {
            let _ = writeln!(out, "\n[{group}]");
            for (name, value) in sum.figures() {
                let _ = writeln!(out, "{name} = {:.3}", (value * 1000.0).floor() / 1000.0);
            }
        }
        fs::write(path, out).expect("recorded.toml");
        return;
    }
    let recorded: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(&fs::read_to_string(path).expect("recorded.toml")).expect("a table of figures");
    let mut fallen = Vec::new();
    for (group, figures) in &recorded {
        let sum = groups.get(group).copied().unwrap_or_default();
        for (name, value) in sum.figures() {
            if value + 1e-9 < figures.get(name).copied().unwrap_or_default() {
                fallen.push(format!("{group} {name}: {value:.3} after {:.3}", figures[name]));
            }
        }
    }
    assert!(fallen.is_empty(), "figures have fallen:\n{}", fallen.join("\n"));
}
