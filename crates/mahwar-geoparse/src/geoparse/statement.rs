//! Quantities, attributions and claims of one text.

use super::{
    attribution::{AttributionFinder, RawAttribution},
    claim::{self, ClaimFinder, RawClaim},
    claim_lexicon::ClaimLexicon,
    clause::Clauses,
    parse::{Attribution, Bound, Claim, Mention, Part, Precision, Quantity, Speaker, Words},
    passage::Passage,
    quantity::{self, RawQuantity},
    quotation::Quotations,
    role,
    scene::Scenes,
};
use crate::{
    language::Language,
    text::{OffsetCounter, Span, Tokens},
};
use std::{cell::RefCell, ops::Range};

/// What a text says beside the places that it names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statements {
    /// In order of position.
    pub quantities: Vec<Quantity>,
    /// In order of their verbs.
    pub attributions: Vec<Attribution>,
    /// In order of evidence.
    pub claims: Vec<Claim>,
}

impl ClaimLexicon {
    /// Reads quantities, attributions and claims. `tokens` and `mentions` are those of the text, in order; the tokens
    /// were read with the vocabulary in which this lexicon registered its words.
    pub fn read(&self, text: &str, tokens: &Tokens, mentions: &[Mention]) -> Statements {
        let quotations = Quotations::find(text, tokens);
        let names = |byte: usize| {
            mentions
                .binary_search_by_key(&byte, |mention| mention.offsets.byte[0])
                .is_ok()
        };
        let sentences = Sentences::of(tokens).filter(|(_, language)| language.is_supported());
        let mut attributions = AttributionFinder::new(&quotations, &names);
        let mut quantities = Vec::new();
        let passage = |language| Passage {
            text,
            tokens: &tokens.tokens,
            lexicon: self,
            language,
        };
        for (sentence, language) in sentences.clone() {
            let first = quantities.len();
            quantity::quantities(&passage(language), sentence.clone(), &names, &mut quantities);
            role::assign(&passage(language), &sentence, &mut quantities[first..]);
            attributions.sentence(&passage(language), sentence);
        }
        let attributions = attributions.found;
        let mut by_quote: Vec<_> = attributions
            .iter()
            .enumerate()
            .map(|(at, said)| (said.quote.start, at))
            .collect();
        by_quote.sort_unstable();
        let mut claims = Vec::new();
        let mut first = 0;
        let mut previous = None;
        for (sentence, language) in sentences {
            let rest = &quantities[first..];
            let last = first
                + rest
                    .iter()
                    .take_while(|quantity| quantity.tokens.start < sentence.end)
                    .count();
            let passage = passage(language);
            let finder = ClaimFinder {
                passage,
                lexicon: self,
                scenes: Scenes {
                    passage,
                    mentions,
                    quantities: &quantities,
                    distances: &self.distances,
                },
                quantities: &quantities,
                previous: previous.replace(sentence.clone()),
                attributions: &attributions,
                clauses: Clauses {
                    passage,
                    quotations: &quotations,
                    names: &names,
                },
                by_quote: &by_quote,
            };
            finder.sentence(sentence, first..last, &mut claims);
            first = last;
        }
        let claims = claim::without_weak(claims);
        Writer {
            lexicon: self,
            text,
            tokens,
            mentions,
            counter: RefCell::new(OffsetCounter::new(text)),
        }
        .write(&quantities, &attributions, &claims)
    }
}

/// The most that a word such as "dozens" commonly means: less than the next power of ten.
fn commonly_most(least: f64) -> f64 {
    10f64.powf(least.max(1.0).log10().floor() + 1.0) - 1.0
}

/// The sentences of a text with their languages.
#[derive(Clone)]
struct Sentences<'t> {
    tokens: &'t Tokens,
    paragraph: usize,
    at: usize,
}

impl<'t> Sentences<'t> {
    fn of(tokens: &'t Tokens) -> Self {
        Self {
            tokens,
            paragraph: 0,
            at: 0,
        }
    }
}

impl Iterator for Sentences<'_> {
    type Item = (Range<usize>, Language);

    fn next(&mut self) -> Option<Self::Item> {
        let mut paragraph = self.tokens.paragraphs.get(self.paragraph)?;
        while self.at >= paragraph.tokens.end as usize {
            self.paragraph += 1;
            paragraph = self.tokens.paragraphs.get(self.paragraph)?;
            self.at = self.at.max(paragraph.tokens.start as usize);
        }
        let end = paragraph.tokens.end as usize;
        let rest = self.tokens.tokens.get(self.at + 1..end).unwrap_or_default();
        let next = rest.iter().position(|token| token.begins_sentence());
        let sentence = self.at..next.map_or(end, |next| self.at + 1 + next);
        self.at = sentence.end;
        Some((sentence, paragraph.language))
    }
}

/// Writes what was found, with offsets.
struct Writer<'a> {
    lexicon: &'a ClaimLexicon,
    text: &'a str,
    tokens: &'a Tokens,
    mentions: &'a [Mention],
    counter: RefCell<OffsetCounter<'a>>,
}

impl Writer<'_> {
    fn write(self, quantities: &[RawQuantity], attributions: &[RawAttribution], claims: &[RawClaim]) -> Statements {
        Statements {
            quantities: quantities
                .iter()
                .zip(1..)
                .map(|(found, at)| self.quantity(found, at))
                .collect(),
            attributions: attributions
                .iter()
                .zip(1..)
                .map(|(found, at)| self.attribution(found, at))
                .collect(),
            claims: claims
                .iter()
                .zip(1..)
                .map(|(found, at)| self.claim(found, at))
                .collect(),
        }
    }

    fn span(&self, attribution: &RawAttribution) -> Span {
        let tokens = &self.tokens.tokens[attribution.quote.clone()];
        let first = tokens.first().map_or(0, |token| match attribution.bare {
            true => token.part_range(self.text, usize::from(token.cut).max(1), 0).start,
            false => token.start as usize,
        });
        Span {
            start: first,
            end: tokens.last().map_or(first, |token| token.end as usize),
        }
    }

    fn words(&self, span: Span) -> Words {
        let offsets = self.counter.borrow_mut().offsets(span);
        Words {
            part: Part::Text,
            text: self.slice(span).to_owned(),
            start: offsets.codepoint[0],
            end: offsets.codepoint[1],
            offsets,
        }
    }

    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    fn quantity(&self, found: &RawQuantity, at: usize) -> Quantity {
        Quantity {
            id: format!("q{at}"),
            words: self.words(found.words),
            value: (found.bound != Bound::Vague).then_some(found.value),
            upper: found.upper,
            range: (found.bound == Bound::Vague).then(|| [found.value, commonly_most(found.value)]),
            unit: self.lexicon.units[usize::from(found.unit)].clone(),
            role: found.role,
            bound: found.bound,
            noun: self.slice(found.noun).to_owned(),
            approximate: found.approximate,
            approximation: found.approximation.map(|span| self.slice(span).to_owned()),
        }
    }

    fn attribution(&self, found: &RawAttribution, at: usize) -> Attribution {
        Attribution {
            id: format!("a{at}"),
            speaker: found.speaker.map(|(span, carried)| Speaker {
                words: self.words(span),
                carried,
            }),
            verb: self.words(found.verb),
            stance: found.stance,
            quote: self.words(self.span(found)),
            direct: found.direct,
        }
    }

    fn claim(&self, found: &RawClaim, at: usize) -> Claim {
        let mut places: Vec<String> = Vec::new();
        for &mention in &found.mentions {
            if let Some(place) = &self.mentions[mention].place
                && !places.contains(&place.id)
            {
                places.push(place.id.clone());
            }
        }
        let region = found.region.map(|at| &self.lexicon.regions[at]);
        if let Some(region) = region {
            places.extend(region.places.iter().cloned());
        }
        Claim {
            id: format!("c{at}"),
            document: None,
            kind: found.kind,
            status: if found.attribution.is_some() {
                "claimed"
            } else {
                "reported"
            },
            mentions: found
                .mentions
                .iter()
                .map(|at| self.mentions[*at].id.to_string())
                .collect(),
            places,
            precision: region.map(|_| Precision::Region),
            quantities: found.quantities.iter().map(|at| format!("q{}", at + 1)).collect(),
            attribution: found.attribution.map(|at| format!("a{}", at + 1)),
            evidence: self.words(found.evidence),
            position: None,
        }
    }
}
