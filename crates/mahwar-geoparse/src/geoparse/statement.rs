//! Quantities, attributions and claims of one text.

use super::{
    attribution::{AttributionFinder, RawAttribution},
    claim::{self, ClaimFinder, RawClaim},
    claim_lexicon::ClaimLexicon,
    clause::Clauses,
    event::{Parties, PartyAt, PartyFinder},
    parse::{
        Attribution, Bound, Claim, ClaimParty, ClaimType, Mention, Part, Precision, Quantity, Speaker, Stance, Words,
    },
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

/// Quantities, attributions and claims of a text, which accompany the places that it names.
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
        let raw = self.find(text, tokens, mentions);
        Writer {
            lexicon: self,
            text,
            tokens,
            mentions,
            counter: RefCell::new(OffsetCounter::new(text)),
        }
        .write(raw)
    }

    fn find(&self, text: &str, tokens: &Tokens, mentions: &[Mention]) -> RawStatements {
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
            grow(&mut quantities);
            grow(&mut attributions.found);
            let first = quantities.len();
            quantity::quantities(&passage(language), sentence.clone(), &names, &mut quantities);
            role::assign(&passage(language), &sentence, &mut quantities[first..]);
            attributions.sentence(&passage(language), sentence);
        }
        let attributions = attributions.finish(text);
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
            grow(&mut claims);
            finder.sentence(sentence, first..last, &mut claims);
            first = last;
        }
        let spoken = |said: RawAttribution| Spoken {
            speaker: said.speaker,
            verb: said.verb,
            quote: quote_span(text, tokens, &said),
            direct: said.direct,
            stance: said.stance,
        };
        let mut claims = claim::without_weak(claims);
        let mut attributions: Vec<Spoken> = attributions.into_iter().map(spoken).collect();
        // Lists that grew have up to twice the memory that they need.
        claims.shrink_to_fit();
        attributions.shrink_to_fit();
        quantities.shrink_to_fit();
        RawStatements {
            attributions,
            quantities,
            claims,
        }
    }
}

/// Largest distance of an attack before the clause of its result, in tokens.
const ATTACK_REACH: usize = 60;

/// Makes space for the finds of a sentence. Long lists grow by a quarter: doubled ones would be most of the memory that
/// reading takes.
pub(super) fn grow<T>(list: &mut Vec<T>) {
    const SENTENCE: usize = 64;
    if list.capacity() - list.len() < SENTENCE {
        list.reserve_exact(SENTENCE + list.len() / 4);
    }
}

/// Statements before they are written out.
struct RawStatements {
    quantities: Vec<RawQuantity>,
    attributions: Vec<Spoken>,
    claims: Vec<RawClaim>,
}

/// An attribution whose tokens are not needed any more.
struct Spoken {
    speaker: Option<(Span, bool)>,
    verb: Span,
    quote: Span,
    direct: bool,
    stance: Stance,
}

/// The bytes of the statement.
fn quote_span(text: &str, tokens: &Tokens, said: &RawAttribution) -> Span {
    let tokens = &tokens.tokens[said.quote.clone()];
    let first = tokens.first().map_or(0, |token| match said.bare {
        true => token.part_range(text, usize::from(token.cut).max(1), 0).start,
        false => token.start as usize,
    });
    Span {
        start: first,
        end: tokens.last().map_or(first, |token| token.end as usize),
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

/// Writes statements with their offsets.
struct Writer<'a> {
    lexicon: &'a ClaimLexicon,
    text: &'a str,
    tokens: &'a Tokens,
    mentions: &'a [Mention],
    counter: RefCell<OffsetCounter<'a>>,
}

impl Writer<'_> {
    /// Writes one list after the other, the largest first, and frees each before the next.
    fn write(self, raw: RawStatements) -> Statements {
        let RawStatements {
            quantities,
            attributions,
            claims,
        } = raw;
        let claims = claims
            .into_iter()
            .zip(1..)
            .map(|(found, at)| self.claim(&found, at, &quantities));
        let claims = claims.collect();
        let quantities = quantities
            .into_iter()
            .zip(1..)
            .map(|(found, at)| self.quantity(&found, at));
        let quantities = quantities.collect();
        let attributions = attributions
            .into_iter()
            .zip(1..)
            .map(|(found, at)| self.attribution(&found, at));
        Statements {
            quantities,
            attributions: attributions.collect(),
            claims,
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

    fn attribution(&self, found: &Spoken, at: usize) -> Attribution {
        Attribution {
            id: format!("a{at}"),
            speaker: found.speaker.map(|(span, carried)| Speaker {
                words: self.words(span),
                carried,
            }),
            verb: self.words(found.verb),
            stance: found.stance,
            quote: self.words(found.quote),
            direct: found.direct,
        }
    }

    /// Actor and target of the event of a claim.
    fn parties(&self, found: &RawClaim, quantities: &[RawQuantity]) -> Parties {
        let told = found.event.is_some() || found.kind == ClaimType::Casualties;
        if !told {
            return Parties::default();
        }
        let finder = PartyFinder {
            passage: Passage {
                text: self.text,
                tokens: &self.tokens.tokens,
                lexicon: self.lexicon,
                language: found.language,
            },
            lexicon: &self.lexicon.events,
            clause: found.tokens.clone(),
        };
        match &found.event {
            Some(trigger) => finder.of(trigger),
            None => {
                let figures = found.quantities.iter().map(|at| quantities[*at].tokens.clone());
                let mut parties = finder.of_casualties(&figures.collect::<Vec<_>>());
                if parties.actor.is_none() {
                    let before = PartyFinder {
                        clause: found.tokens.start.saturating_sub(ATTACK_REACH).max(found.sentence)..found.tokens.start,
                        ..finder
                    };
                    let attacker = before.attacker_before(found.tokens.start);
                    let target = parties.target.as_ref().map(|one| one.party);
                    parties.actor = attacker.filter(|one| target != Some(one.party));
                }
                parties
            }
        }
    }

    /// All places of a claim are in other countries.
    fn is_abroad(&self, found: &RawClaim) -> bool {
        let foreign = |at: &usize| self.mentions[*at].place.as_ref().is_some_and(|place| place.foreign);
        !found.mentions.is_empty() && found.mentions.iter().all(foreign)
    }

    fn party(&self, party: &PartyAt) -> ClaimParty {
        let tokens = &self.tokens.tokens;
        let first = &tokens[party.tokens.start];
        let start = match first.cut {
            0 => first.start as usize,
            _ => first.stem_range(self.text).start,
        };
        let end = tokens[party.tokens.end - 1].end as usize;
        ClaimParty {
            words: self.words(Span { start, end }),
            party: self.lexicon.events.parties[usize::from(party.party)].id.as_str().into(),
        }
    }

    fn claim(&self, found: &RawClaim, at: usize, quantities: &[RawQuantity]) -> Claim {
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
        let mut parties = self.parties(found, quantities);
        if self.is_abroad(found) {
            // "12 soldiers were killed in Idlib": bare words for forces are those of that land there.
            let own = |one: &PartyAt| self.lexicon.events.parties[usize::from(one.party)].kind == "state";
            parties.actor = parties.actor.filter(|one| !own(one));
            parties.target = parties.target.filter(|one| !own(one));
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
            time: None,
            actor: parties.actor.map(|party| Box::new(self.party(&party))),
            target: parties.target.map(|party| Box::new(self.party(&party))),
            given: None,
        }
    }
}
