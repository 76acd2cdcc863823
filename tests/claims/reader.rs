//! A reader with the project's lexicon.
use mahwar::{
    gazetteer::{Level, SameAs},
    geoparse::{ClaimFiles, ClaimLexicon, Mention, MentionPlace, Precision, Reading, Statements},
    language::{Language, Trilingual},
    text::{Affix, Affixes, OffsetCounter, Offsets, Reader, Span, Tokens, Vocabulary},
};
use std::sync::LazyLock;

pub struct Fixture {
    vocabulary: Vocabulary,
    affixes: Affixes,
    lexicon: ClaimLexicon,
}

pub static FIXTURE: LazyLock<Fixture> = LazyLock::new(Fixture::new);

macro_rules! data {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/lexicon/", $name))
    };
}

impl Fixture {
    fn new() -> Self {
        let mut vocabulary = Vocabulary::default();
        let files = ClaimFiles {
            numbers: data!("numbers.csv"),
            units: data!("units.csv"),
            approximations: data!("approximations.csv"),
            saying_verbs: data!("saying_verbs.csv"),
            speakers: data!("speakers.csv"),
            claim_words: data!("claim_words.csv"),
            claim_patterns: data!("claim_patterns.toml"),
        };
        let lexicon = ClaimLexicon::parse(&files, &mut vocabulary).unwrap();
        let affixes = data!("affixes.csv").to_owned();
        let parts: Vec<_> = affixes
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut columns = line.split(',');
                let language: Language = columns.next()?.parse().ok()?;
                let before = match columns.next()? {
                    "before" => true,
                    "after" => false,
                    _ => return None,
                };
                Some(Affix {
                    language,
                    before,
                    slot: columns.next()?.parse().ok()?,
                    letters: columns.next()?.to_owned(),
                    restores: columns.next()?.to_owned(),
                })
            })
            .collect();
        Self {
            vocabulary,
            affixes: Affixes::new(&parts),
            lexicon,
        }
    }

    pub fn tokens(&self, text: &str) -> Tokens {
        Reader {
            vocabulary: &self.vocabulary,
            affixes: &self.affixes,
        }
        .read(text)
    }

    /// Reads a text in which these names are literal mentions, wherever they stand.
    pub fn read(&self, text: &str, names: &[&str]) -> Statements {
        self.lexicon.read(text, &self.tokens(text), &mentions(text, names))
    }
}

pub fn read(text: &str) -> Statements {
    FIXTURE.read(text, &[])
}

fn mentions(text: &str, names: &[&str]) -> Vec<Mention> {
    let mut spans: Vec<Span> = names
        .iter()
        .flat_map(|name| text.match_indices(name))
        .map(|(start, name)| Span {
            start,
            end: start + name.len(),
        })
        .collect();
    spans.sort_unstable();
    let mut counter = OffsetCounter::new(text);
    spans
        .iter()
        .zip(1..)
        .map(|(span, at)| mention(text, counter.offsets(*span), at))
        .collect()
}

fn mention(text: &str, offsets: Offsets, at: usize) -> Mention {
    let slice = offsets.slice(text);
    let actor = text[..offsets.byte[0]].ends_with("حكومة ") || text[..offsets.byte[0]].ends_with("حكومتي ");
    Mention {
        id: format!("m{at}"),
        document: None,
        text: slice.to_owned(),
        start: offsets.codepoint[0],
        end: offsets.codepoint[1],
        offsets,
        prefix: String::new(),
        suffix: String::new(),
        trigger: None,
        level: None,
        reading: if actor { Reading::Associative } else { Reading::Literal },
        actor: None,
        place: Some(MentionPlace {
            id: slice.to_owned(),
            name: Trilingual::default(),
            level: Level::District,
            foreign: false,
            point: [0.0, 0.0],
            same_as: SameAs::default(),
        }),
        candidates: Vec::new(),
        confidence: 1.0,
        precision: Some(Precision::District),
    }
}
