//! Heads of reports: a place set off from the first sentence, with an outlet, an author, a country or a date in any
//! order. "Rudaw, Erbil –", "بغداد: «الحياة»", "[بغداد - رويترز]", "Reuters / Baghdad" as a line of its own.

use super::{
    cue::{Cue, Cues},
    dateline::Setting,
    extent::Extent,
    find::Found,
    words::Words,
};
use crate::{
    gazetteer::Level,
    text::{Kind, Token, Tokens},
};
use std::ops::Range;

/// The most tokens of a head.
const LONGEST: usize = 24;
/// The most words of an outlet or an author.
const NAME: usize = 5;
/// The least words of the report after its head.
const REPORT: usize = 3;

/// The head of a paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Head {
    /// One past its last token.
    pub end: usize,
    /// Dateline or byline.
    pub setting: Setting,
}

/// Reads the heads of one text.
pub(super) struct Heads<'a> {
    pub words: &'a Words,
    pub text: &'a str,
    pub tokens: &'a Tokens,
    /// The level of a found name's place.
    pub level: &'a dyn Fn(usize) -> Option<Level>,
}

/// Sign after a part of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Dash,
    Colon,
    Slash,
    Close,
    Stop,
    /// A line break.
    Break,
}

/// The parts of a head so far.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    places: usize,
    /// The last place is a country.
    country: bool,
    names: usize,
    dated: bool,
    /// A name is that of a person, an agency or an outlet, or is between marks.
    vouched: bool,
    /// A person, a reporter or "by".
    author: bool,
    credits: bool,
    agency: bool,
    /// A dash, a slash or a bar is between the parts.
    divided: bool,
    /// Depth of open brackets and quotation marks.
    open: usize,
    bracketed: bool,
}

impl Heads<'_> {
    /// The head of a paragraph. `found`: the names of the text.
    pub fn of(&self, paragraph: Range<usize>, found: &[Found]) -> Option<Head> {
        let Range { start, end } = paragraph;
        let mut parts = Parts::default();
        let mut best = None;
        let mut at = start;
        // A sign or the start of the line precedes.
        let mut apart = true;
        while at < end && at - start <= LONGEST {
            if at > start && self.begins_line(at) {
                break;
            }
            let token = self.tokens.get(at)?;
            if let Some(place) = place_at(found, at).filter(|place| !self.continues(found, *place, end)) {
                if !apart && !self.introduces(at - 1, parts) {
                    return None;
                }
                parts.places += 1;
                parts.country = (self.level)(place) == Some(Level::Country);
                at = found[place].last;
                apart = false;
                continue;
            }
            match token.kind {
                Kind::Open | Kind::QuoteOpen | Kind::Quote if parts.open == 0 => {
                    parts.open += 1;
                    parts.bracketed = true;
                    apart = true;
                }
                Kind::Close | Kind::QuoteClose | Kind::Quote if parts.open > 0 => {
                    parts.open -= 1;
                    parts.vouched |= parts.names > 0;
                    apart = true;
                    if token.kind == Kind::Close {
                        best = self.accept(parts, Mark::Close, start, at, end, found).or(best);
                    }
                }
                Kind::Comma => apart = true,
                Kind::Dash | Kind::Symbol | Kind::Slash | Kind::Colon => {
                    apart = true;
                    parts.divided |= token.kind != Kind::Colon;
                    if parts.open == 0 {
                        let mark = match token.kind {
                            Kind::Colon => Mark::Colon,
                            Kind::Slash => Mark::Slash,
                            _ => Mark::Dash,
                        };
                        let spaced = token.is_spaced() || self.tokens.get(at + 1).is_none_or(Token::is_spaced);
                        if spaced {
                            best = self.accept(parts, mark, start, at, end, found).or(best);
                        }
                    }
                }
                Kind::Stop => {
                    return self.accept(parts, Mark::Stop, start, at, end, found).or(best);
                }
                Kind::Number => {
                    parts.dated = true;
                    apart = false;
                }
                kind if kind.is_word() => {
                    let inner = place_at(found, at).map_or(at, |place| found[place].last);
                    let run = at..self.run(inner.max(at + 1) - 1, end, found).end.max(inner);
                    if self.words.beginning_at(self.tokens, at).0.has(Cue::Organisation) {
                        parts.vouched = true;
                    }
                    if !apart && parts.places > 0 && !parts.dated && !self.cues(at).has(Cue::Outlet) {
                        return best;
                    }
                    if !self.name(run.clone(), &mut parts) {
                        return best;
                    }
                    at = run.end;
                    apart = false;
                    continue;
                }
                _ => return best,
            }
            at += 1;
        }
        if at < end && !self.begins_line(at) {
            return best;
        }
        self.accept(parts, Mark::Break, start, at.saturating_sub(1), end, found)
            .or(best)
    }

    /// The head that ends with a sign, if its parts make one.
    fn accept(&self, parts: Parts, mark: Mark, start: usize, at: usize, end: usize, found: &[Found]) -> Option<Head> {
        let named = parts.names > 0 || parts.dated;
        let places = parts.places == 1 || (parts.places == 2 && (parts.country || parts.vouched)) || parts.credits;
        if parts.places == 0 || !places || parts.open > 0 {
            return None;
        }
        let from = at + 1;
        let fits = match mark {
            Mark::Dash => parts.places == 1 || parts.country || named,
            Mark::Slash => named,
            Mark::Colon => named || self.is_shouted(start, at),
            Mark::Stop => !named && !parts.bracketed && self.is_shouted(start, at),
            Mark::Close => named && (self.tokens.tokens[start].kind == Kind::Open || self.begins_report(from, parts)),
            // A line of a place and another word may be a headline.
            Mark::Break => {
                parts.vouched || parts.author || (parts.divided && parts.names > 0) || (parts.dated && parts.names == 0)
            }
        };
        (fits && self.reports(from, end, found)).then_some(Head {
            end: from,
            setting: match parts.author || parts.credits {
                true => Setting::Byline,
                false => Setting::Dateline,
            },
        })
    }

    /// True if the word after a place is a part of the same name: "Kirkuk Now", القدس العربي.
    fn continues(&self, found: &[Found], place: usize, end: usize) -> bool {
        let one = &found[place];
        let next = one.last;
        let word = next < end && self.kind(next).is_some_and(Kind::is_word) && !self.begins_line(next);
        if !word || place_at(found, next).is_some() || self.cues(next).has(Cue::Literal) {
            return false;
        }
        let run = self.run(next, end, found);
        let closed =
            run.end >= end || self.begins_line(run.end) || self.kind(run.end).is_none_or(|kind| !kind.is_word());
        one.last - one.first + run.len() <= NAME && closed && self.kind(run.end) != Some(Kind::Stop)
    }

    /// Words up to a sign, a place or a line break.
    fn run(&self, at: usize, end: usize, found: &[Found]) -> Range<usize> {
        let mut to = at + 1;
        while to < end
            && self.kind(to).is_some_and(Kind::is_word)
            && !self.begins_line(to)
            && place_at(found, to).is_none()
        {
            to += 1;
        }
        at..to
    }

    /// True if words can be the name of an outlet or an author, or lead to the place of one.
    fn name(&self, run: Range<usize>, parts: &mut Parts) -> bool {
        let Range { mut start, end } = run;
        let single = self.cues(start);
        if single.has(Cue::Credits) && start + 1 < end {
            parts.credits = true;
            parts.author = true;
            start += 1;
        }
        if end - start > NAME {
            return false;
        }
        let mut known = false;
        for at in start..end {
            let token = &self.tokens.tokens[at];
            let cues = self.cues(at);
            let leads = at + 1 == end && at > start && cues.has(Cue::Literal) && (known || parts.credits);
            known |= cues.any(&[Cue::Agency, Cue::Outlet, Cue::Person, Cue::Reporter, Cue::Bureau]);
            parts.agency |= cues.any(&[Cue::Agency, Cue::Outlet]);
            parts.author |= cues.any(&[Cue::Person, Cue::Reporter]) && !cues.has(Cue::Agency);
            let listed = cues.any(&[Cue::Agency, Cue::Outlet, Cue::Reporter, Cue::Bureau, Cue::Person]);
            let letter = self.slice(at).chars().count() == 1 && token.kind == Kind::Arabic;
            let the = at == start && at + 1 < end && self.slice(at) == "The";
            if leads || listed || letter || the {
                continue;
            }
            let fits = match token.kind {
                Kind::Latin => {
                    let capital = token.is_capital() && !self.tokens.is_uncased_at(at);
                    (capital && !cues.has(Cue::Function))
                        || (parts.credits && !cues.any(&[Cue::Verb, Cue::Motion]))
                        || (at > start && at + 1 < end && matches!(self.slice(at), "of" | "the" | "and" | "for"))
                }
                _ => {
                    let whole = self.words.whole(token);
                    let stops = [
                        Cue::Function,
                        Cue::Verb,
                        Cue::Motion,
                        Cue::Literal,
                        Cue::With,
                        Cue::Between,
                        Cue::Subject,
                    ];
                    let extent = Extent {
                        words: self.words,
                        text: self.text,
                        tokens: self.tokens,
                        any: false,
                    };
                    !whole.any(&stops) && !cues.any(&stops) && !extent.looks_like_verb(at)
                }
            };
            if !fits {
                return false;
            }
        }
        parts.names += 1;
        parts.vouched |= known || parts.open > 0;
        true
    }

    /// A place may follow a reporter, an office or a preposition without a sign.
    fn introduces(&self, before: usize, parts: Parts) -> bool {
        let cues = self.cues(before);
        cues.any(&[Cue::Reporter, Cue::Bureau])
            || (cues.has(Cue::Literal) && (parts.vouched || parts.credits))
            || (parts.dated && self.kind(before) == Some(Kind::Number))
    }

    /// True if the words after a head are a report: enough of them, and no word that goes on with the head.
    fn reports(&self, from: usize, end: usize, found: &[Found]) -> bool {
        let last = (from + REPORT * 4).min(self.tokens.len());
        let words = (from..last).filter(|at| self.kind(*at).is_some_and(Kind::is_word));
        words.count() >= REPORT
            && !(from < end && place_at(found, from).is_some() && self.kind(from + 1) == Some(Kind::Comma))
    }

    /// True if a sentence begins after a bracket: a capital, or an Arabic verb.
    fn begins_report(&self, at: usize, parts: Parts) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let extent = Extent {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        };
        match token.kind {
            Kind::Latin => token.is_capital() && !self.tokens.is_uncased_at(at),
            Kind::Arabic => {
                let cues = self.words.of(token);
                let described = cues.any(&[Cue::Pronoun, Cue::Auxiliary, Cue::Being]);
                !described
                    && (parts.agency
                        || parts.dated
                        || cues.any(&[Cue::Verb, Cue::Motion])
                        || extent.looks_like_verb(at))
            }
            kind => kind.is_quote() || kind == Kind::Number,
        }
    }

    /// Capitals only, before words that are not.
    fn is_shouted(&self, start: usize, end: usize) -> bool {
        !self.tokens.is_uncased_at(start)
            && (start..end).filter(|at| self.kind(*at) == Some(Kind::Latin)).all(|at| {
                let word = self.slice(at);
                word.len() > 2 && !word.contains(char::is_lowercase)
            })
            && (start..end).any(|at| self.kind(at) == Some(Kind::Latin))
    }

    /// True if a line break precedes a token.
    fn begins_line(&self, at: usize) -> bool {
        begins_line(self.text, self.tokens, at)
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn cues(&self, at: usize) -> Cues {
        self.tokens.get(at).map_or(Cues::NONE, |token| self.words.of(token))
    }

    fn slice(&self, at: usize) -> &str {
        let token = self.tokens.get(at);
        token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
    }
}

/// True if a token is the first of its line.
pub(super) fn begins_line(text: &str, tokens: &Tokens, at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return true };
    if token.begins_paragraph() {
        return true;
    }
    let before = at
        .checked_sub(1)
        .and_then(|at| tokens.get(at))
        .map_or(0, |before| before.end);
    let gap = text.get(before as usize..token.start as usize);
    gap.is_some_and(|gap| gap.contains(['\n', '\r']))
}

/// The number of the name that begins at a token and has no type noun.
fn place_at(found: &[Found], at: usize) -> Option<usize> {
    let next = found.partition_point(|other| other.first < at);
    found
        .get(next)
        .filter(|other| other.first == at && other.trigger.is_none())
        .map(|_| next)
}
