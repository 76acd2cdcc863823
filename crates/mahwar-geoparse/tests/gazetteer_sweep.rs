//! Every name of the gazetteer in a plain sentence with its type noun and its governorate: found and resolved, or a row
//! that says why not.
//!
//! `make gazetteer-sweep` prints the figures by kind and language and writes each row that is not right to the file that
//! `SWEEP_ROWS` names. The test fails when a figure falls below `tests/eval/sweep.toml`.

use mahwar_geoparse::{
    gazetteer::{Gazetteer, Level, Place, read_places},
    geoparse::{Geoparser, Lexicon, Mention, Reading},
    language::Language,
};
use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path, sync::Arc};

/// The type noun of a kind in the three languages; in English `{}` is replaced by the name.
struct Noun {
    level: Level,
    /// Empty for every kind of the level that no other row names.
    kind: &'static str,
    words: [&'static str; 3],
}

const fn noun(level: Level, kind: &'static str, words: [&'static str; 3]) -> Noun {
    Noun { level, kind, words }
}

const NOUNS: [Noun; 41] = [
    noun(Level::Country, "", ["", "", "{}"]),
    noun(Level::Region, "", ["إقليم", "هەرێمی", "the {} Region"]),
    noun(Level::Governorate, "", ["محافظة", "پارێزگای", "{} governorate"]),
    noun(Level::District, "", ["قضاء", "قەزای", "{} district"]),
    noun(Level::Subdistrict, "", ["ناحية", "ناحیەی", "{} subdistrict"]),
    noun(Level::Settlement, "city", ["مدينة", "شاری", "the city of {}"]),
    noun(Level::Settlement, "capital", ["مدينة", "شاری", "the city of {}"]),
    noun(Level::Settlement, "town", ["بلدة", "شارۆچکەی", "the town of {}"]),
    noun(Level::Settlement, "", ["قرية", "گوندی", "the village of {}"]),
    noun(Level::Neighbourhood, "", ["حي", "گەڕەکی", "the {} neighbourhood"]),
    noun(Level::River, "", ["نهر", "ڕووباری", "the {} river"]),
    noun(Level::River, "canal", ["قناة", "کەناڵی", "the {} canal"]),
    noun(Level::Lake, "", ["بحيرة", "دەریاچەی", "Lake {}"]),
    noun(Level::Lake, "marsh", ["هور", "زۆنگاوی", "the {} marsh"]),
    noun(Level::Mountain, "", ["جبل", "چیای", "Mount {}"]),
    noun(Level::Mountain, "range", ["جبال", "چیاکانی", "the {} mountains"]),
    noun(Level::Valley, "", ["وادي", "دۆڵی", "the {} valley"]),
    noun(Level::Area, "", ["منطقة", "ناوچەی", "the {} area"]),
    noun(Level::Area, "plain", ["سهل", "دەشتی", "the {} plain"]),
    noun(Level::Area, "desert", ["صحراء", "بیابانی", "the {} desert"]),
    noun(Level::Area, "province", ["محافظة", "پارێزگای", "{} province"]),
    noun(Level::Road, "", ["طريق", "ڕێگای", "the {} road"]),
    noun(Level::Site, "", ["موقع", "شوێنی", "the {} site"]),
    noun(Level::Site, "street", ["شارع", "شەقامی", "{} Street"]),
    noun(Level::Site, "square", ["ساحة", "گۆڕەپانی", "{} Square"]),
    noun(Level::Site, "bridge", ["جسر", "پردی", "the {} bridge"]),
    noun(Level::Site, "camp", ["مخيم", "کەمپی", "the {} camp"]),
    noun(Level::Site, "oil field", ["حقل", "کێڵگەی نەوتی", "the {} oil field"]),
    noun(Level::Site, "gas field", ["حقل", "کێڵگەی گازی", "the {} gas field"]),
    noun(Level::Site, "crossing", ["معبر", "دەروازەی سنووریی", "the {} crossing"]),
    noun(Level::Site, "base", ["قاعدة", "بنکەی", "the {} base"]),
    noun(Level::Site, "dam", ["سد", "بەنداوی", "the {} dam"]),
    noun(Level::Site, "barrage", ["سدة", "بەنداوی", "the {} barrage"]),
    noun(Level::Site, "airport", ["مطار", "فڕۆکەخانەی", "{} airport"]),
    noun(Level::Site, "prison", ["سجن", "زیندانی", "{} prison"]),
    noun(Level::Site, "shrine", ["مرقد", "مەزارگەی", "the {} shrine"]),
    noun(Level::Site, "refinery", ["مصفى", "پاڵاوگەی", "the {} refinery"]),
    noun(Level::Site, "port", ["ميناء", "بەندەری", "the port of {}"]),
    noun(Level::Site, "monastery", ["دير", "دێری", "the {} monastery"]),
    noun(Level::Site, "citadel", ["قلعة", "قەڵای", "the {} citadel"]),
    noun(Level::Site, "mosque", ["جامع", "مزگەوتی", "the {} mosque"]),
];

const LANGUAGES: [Language; 3] = [Language::Arabic, Language::Sorani, Language::English];

/// Result for a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Right,
    /// The unit and its seat, or two places of one name within 15 km.
    Seat,
    /// Another place of the same governorate has the name as well, and the text does not distinguish the two.
    Twin,
    /// Listed with its candidates, none of them sure enough.
    Open,
    /// Found as another place.
    Other,
    Missed,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Seat => "unit or seat of the same name",
            Self::Twin => "another place of the governorate bears the name",
            Self::Open => "listed, no place chosen",
            Self::Other => "another place chosen",
            Self::Missed => "not found",
        }
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn geoparser() -> Geoparser {
    let mut read = |name: &str| fs::read_to_string(root().join("data").join(name));
    let places = read_places(read("places.tsv").expect("places.tsv")).expect("places");
    let gazetteer = Arc::new(Gazetteer::new(places).expect("gazetteer"));
    Geoparser::new(gazetteer, Lexicon::read(&mut read).expect("lexicon")).expect("geoparser")
}

fn noun_of(place: &Place) -> &'static Noun {
    let exact = NOUNS
        .iter()
        .find(|noun| noun.level == place.level && noun.kind == place.kind);
    let any = NOUNS
        .iter()
        .find(|noun| noun.level == place.level && noun.kind.is_empty());
    exact.or(any).expect("every level has a noun")
}

/// The name with its type noun, unless it has one.
fn governed(noun: &Noun, language: Language, name: &str, nouns: &[&str]) -> String {
    let word = noun.words[language as usize];
    let has = |word: &str| name.split(' ').any(|part| part.eq_ignore_ascii_case(word));
    if word.is_empty() || nouns.iter().any(|word| has(word)) {
        return name.to_owned();
    }
    match language {
        Language::English => word.replace("{}", name),
        _ => format!("{word} {name}"),
    }
}

/// The words of nouns in one language, by which a name is seen to have its own.
fn noun_words(language: Language) -> Vec<&'static str> {
    let words = NOUNS.iter().flat_map(|noun| noun.words[language as usize].split(' '));
    words
        .filter(|word| !matches!(*word, "the" | "of" | "{}" | ""))
        .collect()
}

fn governorate<'g>(gazetteer: &'g Gazetteer, place: &Place) -> Option<&'g Place> {
    let mut parents = place.parents.iter().filter_map(|id| gazetteer.get(id));
    parents.find(|parent| parent.level == Level::Governorate)
}

/// A plain sentence with the name in it, and the byte at which its noun phrase begins.
fn sentence(gazetteer: &Gazetteer, place: &Place, language: Language, phrase: &str) -> (String, usize) {
    let unit = governorate(gazetteer, place).and_then(|unit| unit.names.first(language));
    let (before, within, after) = match language {
        Language::Sorani => ("شایەتحاڵان گوتیان ئاگرێک لە ", "پارێزگای", " کەوتەوە."),
        Language::English => ("Residents of Iraq said on Monday that a fire broke out in ", "", "."),
        _ => ("قال شهود في العراق إن حريقا اندلع في ", "في محافظة", " يوم الاثنين."),
    };
    let unit = match (language, unit) {
        (_, None) => String::new(),
        (Language::English, Some(unit)) => format!(" in {unit} governorate"),
        (Language::Sorani, Some(unit)) => format!(" لە {within} {unit}"),
        (_, Some(unit)) => format!(" {within} {unit}"),
    };
    (format!("{before}{phrase}{unit}{after}"), before.len())
}

fn near(one: &Place, other: &Place) -> bool {
    let (x, y) = (one.point[0] - other.point[0], one.point[1] - other.point[1]);
    x * x + y * y < 0.15 * 0.15
}

fn outcome(
    gazetteer: &Gazetteer,
    place: &Place,
    mentions: &[Mention],
    phrase: std::ops::Range<usize>,
) -> (Outcome, String) {
    let inside = |mention: &&Mention| {
        let [start, end] = mention.offsets.byte;
        start < phrase.end && phrase.start < end && mention.reading == Reading::Literal
    };
    let mut outcome = (Outcome::Missed, String::new());
    for mention in mentions.iter().filter(inside) {
        let found = match &mention.place {
            None => (Outcome::Open, String::new()),
            Some(chosen) if chosen.id == place.id.as_str() => (Outcome::Right, String::new()),
            Some(chosen) => {
                let other = gazetteer.get(&chosen.id).expect("a place of the gazetteer");
                let holds = |one: &Place, other: &Place| one.parents.iter().any(|id| *id == other.id.as_str());
                let unit = |place: &Place| governorate(gazetteer, place).map(|unit| unit.id.clone());
                let kind = match () {
                    () if holds(place, other) || holds(other, place) || near(place, other) => Outcome::Seat,
                    () if unit(place).is_some() && unit(place) == unit(other) => Outcome::Twin,
                    () => Outcome::Other,
                };
                (
                    kind,
                    format!(
                        "{} ({})",
                        other.id,
                        other.names.first(Language::English).unwrap_or_default()
                    ),
                )
            }
        };
        outcome = outcome.min(found);
    }
    outcome
}

type Counts = BTreeMap<(String, &'static str), BTreeMap<Outcome, usize>>;

fn share(counts: &BTreeMap<Outcome, usize>) -> f64 {
    let right = |outcome: &Outcome| matches!(outcome, Outcome::Right | Outcome::Seat | Outcome::Twin);
    let all: usize = counts.values().sum();
    let right: usize = counts
        .iter()
        .filter(|(outcome, _)| right(outcome))
        .map(|(_, count)| count)
        .sum();
    right as f64 / all.max(1) as f64
}

#[test]
fn names_of_the_gazetteer_are_found_or_their_row_says_why_not() {
    let geoparser = geoparser();
    let gazetteer = geoparser.gazetteer();
    let mut counts = Counts::new();
    let mut rows = String::from("id\tkind\tlang\tname\twhat became of it\tinstead\n");
    for place in gazetteer.places() {
        for language in LANGUAGES {
            let nouns = noun_words(language);
            for name in place.names.of(language) {
                let noun = noun_of(place);
                let phrase = governed(noun, language, name, &nouns);
                let (text, start) = sentence(gazetteer, place, language, &phrase);
                let parse = geoparser.geoparse(&text);
                let (outcome, instead) = outcome(gazetteer, place, &parse.mentions, start..start + phrase.len());
                let kind = match place.kind.as_str() {
                    "" => place.level.word().to_owned(),
                    kind => format!("{}/{kind}", place.level.word()),
                };
                let kind = if place.foreign {
                    format!("abroad {}", place.level.word())
                } else {
                    kind
                };
                *counts
                    .entry((kind.clone(), language.tag()))
                    .or_default()
                    .entry(outcome)
                    .or_default() += 1;
                if outcome > Outcome::Seat {
                    let tag = language.tag();
                    writeln!(
                        rows,
                        "{}\t{kind}\t{tag}\t{name}\t{}\t{instead}",
                        place.id,
                        outcome.word()
                    )
                    .expect("a string");
                }
            }
        }
    }
    if let Some(file) = std::env::var_os("SWEEP_ROWS").filter(|file| !file.is_empty()) {
        fs::write(&file, &rows).expect("the rows");
    }
    println!(
        "{:28} lang   names  right   seat   twin   open  other missed  share",
        "kind"
    );
    let mut all: BTreeMap<&str, BTreeMap<Outcome, usize>> = BTreeMap::new();
    for ((kind, tag), counts) in &counts {
        let of = |outcome| counts.get(&outcome).copied().unwrap_or_default();
        let number: usize = counts.values().sum();
        let [right, seat, twin] = [Outcome::Right, Outcome::Seat, Outcome::Twin].map(of);
        let [open, other, missed] = [Outcome::Open, Outcome::Other, Outcome::Missed].map(of);
        let share = share(counts);
        println!("{kind:28} {tag:4} {number:7}{right:7}{seat:7}{twin:7}{open:7}{other:7}{missed:7}  {share:.3}");
        for (outcome, count) in counts {
            *all.entry(tag).or_default().entry(*outcome).or_default() += count;
        }
    }
    let mut wrong = Vec::new();
    let recorded = fs::read_to_string(root().join("tests/eval/sweep.toml")).expect("sweep.toml");
    let recorded: BTreeMap<String, f64> = toml::from_str(&recorded).expect("floors by language");
    for (tag, counts) in &all {
        let share = share(counts);
        println!("{:28} {tag:4} {share:.4}", "all");
        let floor = recorded.get(*tag).copied().unwrap_or(1.0);
        if share < floor {
            wrong.push(format!(
                "{tag}: {share:.4} of the names are found, {floor} are recorded"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
