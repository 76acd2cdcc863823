//! Datelines, bylines and outlets: where a report was written and who wrote it, which is not where it happened.
//!
//! "KIRKUK, Dec 3 (AP) —", "بغداد – رويترز:", "شفق نيوز/ كركوك", "كتب مراسلنا في أربيل", "Reporting by … in Baghdad",
//! "Baghdad Today". Such a mention is listed with its reason and makes no point.

use super::{
    cue::{Cue, Cues},
    find::Found,
    head::{Head, Heads, begins_line},
    words::Words,
};
use crate::text::{Kind, Token, Tokens};
use serde::{Deserialize, Serialize};
use std::{cell::Cell, ops::Range};

/// Why a mention names no scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// The place where the report was written, at its head.
    Dateline,
    /// The place of a correspondent.
    Byline,
    /// Part of the name of an outlet or of one of its offices.
    Outlet,
}

/// The most tokens of a dateline.
const LONGEST: usize = 16;
/// The most words of an agency.
const AGENCY: usize = 4;
/// Words between a correspondent and the preposition before the place.
const BYLINE: usize = 5;
/// Tokens between "Reporting by" and a place.
const CREDITS: usize = 14;
/// The least words of the text after a dateline.
const TEXT: usize = 3;

/// Reads the settings of one text.
pub(super) struct Settings<'a> {
    pub heads: Heads<'a>,
    pub words: &'a Words,
    pub text: &'a str,
    pub tokens: &'a Tokens,
    /// The text has a word for a reporter.
    pub reporters: bool,
    /// The first token of the last paragraph whose head was read, and the head.
    pub last_head: Cell<Option<(usize, Option<Head>)>>,
}

impl Settings<'_> {
    /// Why a found name is no scene, if it is none. `found` are all names of the text and `at` is the one to judge.
    pub fn of(&self, found: &[Found], at: usize) -> Option<Setting> {
        let one = &found[at];
        if one.trigger.is_none() && (self.is_outlet(one) || self.is_office(one)) {
            return Some(Setting::Outlet);
        }
        if self.reporters && self.is_byline(one) {
            return Some(Setting::Byline);
        }
        let paragraph = self.tokens.paragraph(one.first)?.tokens.clone();
        let paragraph = paragraph.start as usize..paragraph.end as usize;
        if one.trigger.is_some() || one.first - paragraph.start > LONGEST {
            return None;
        }
        let head = self.head(paragraph.clone(), found, at);
        if head.is_some_and(|head| one.last <= head) {
            return Some(Setting::Dateline);
        }
        let head = self.head_of(paragraph, found)?;
        (one.last <= head.end).then_some(head.setting)
    }

    /// The head of a paragraph, read once.
    fn head_of(&self, paragraph: Range<usize>, found: &[Found]) -> Option<Head> {
        match self.last_head.get() {
            Some((start, head)) if start == paragraph.start => head,
            _ => {
                let start = paragraph.start;
                let head = self.heads.of(paragraph, found);
                self.last_head.set(Some((start, head)));
                head
            }
        }
    }

    /// One past the last token of the dateline of a paragraph.
    fn head(&self, paragraph: Range<usize>, found: &[Found], at: usize) -> Option<usize> {
        let one = &found[at];
        let start = paragraph.start;
        let place = found[..=at]
            .iter()
            .rev()
            .take_while(|other| other.first >= start)
            .last()
            .unwrap_or(one);
        if place.first == start {
            return self.place_first(place, paragraph, found);
        }
        // "Agency / Kirkuk:", "Agency – Kirkuk."
        let divider = place.first.checked_sub(1).filter(|divider| self.divides(*divider))?;
        let agency = start..divider;
        let short = agency.len() <= AGENCY && agency.clone().all(|word| self.kind(word).is_some_and(Kind::is_word));
        if agency.is_empty() || !short || place.first != one.first {
            return None;
        }
        let closes = place.last >= paragraph.end
            || matches!(self.kind(place.last), Some(Kind::Colon | Kind::Stop | Kind::Comma))
            || self.divides(place.last);
        let named = self.has_agency(agency);
        let open = self.kind(place.last) == Some(Kind::Open);
        ((closes && !self.is_place(found, place.last + 1)) || (named && (closes || open))).then_some(place.last)
    }

    /// A paragraph that begins with a place.
    fn place_first(&self, place: &Found, paragraph: Range<usize>, found: &[Found]) -> Option<usize> {
        let end = paragraph.end.min(paragraph.start + LONGEST);
        let mut next = place.last;
        let (mut bracket, mut dated, mut agency) = (false, false, false);
        // "Baghdad Today – Diyala": the outlet's own name.
        if self.cues(next).has(Cue::Outlet) {
            next += 1;
            agency = true;
        }
        while next < end {
            match self.kind(next)? {
                Kind::Open => {
                    let close = (next..end).find(|at| self.kind(*at) == Some(Kind::Close))?;
                    let agencies = self.has_agency(next + 1..close) || self.is_shouted(next + 1..close);
                    agency |= agencies && !self.goes_on(close + 1);
                    bracket = true;
                    next = close + 1;
                }
                Kind::Comma | Kind::Stop if !bracket => {
                    let word = next + 1;
                    if let Some(state) = place_at(found, word) {
                        next = state.last;
                    } else if self.date(word..end).is_some_and(|date| !date.is_empty()) {
                        dated = true;
                        next = self.date(word..end)?.end;
                    } else {
                        return (bracket && agency).then_some(place.last);
                    }
                }
                Kind::Dash | Kind::Slash if self.divides(next) => {
                    return self.behind_divider(next, place, paragraph.end, found, dated || bracket || agency);
                }
                Kind::Colon => return agency.then_some(next),
                Kind::Number if next == place.last => {
                    let date = self.date(next..end)?;
                    dated = true;
                    next = date.end;
                }
                _ if bracket && (agency || dated) => return Some(next),
                _ => return None,
            }
        }
        // A line without other words.
        (bracket && agency && next >= paragraph.end).then_some(next)
    }

    /// "X (Y) is a town": a sentence about the place, whose other name is in the brackets.
    fn goes_on(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Latin) && self.cues(at).any(&[Cue::Being, Cue::Auxiliary])
    }

    /// The words after the dash or slash of a dateline: an agency, or the report itself.
    fn behind_divider(&self, divider: usize, place: &Found, end: usize, found: &[Found], sure: bool) -> Option<usize> {
        let from = divider + 1;
        if self.is_place(found, from) && !sure {
            return None;
        }
        let words = (from..end)
            .take_while(|at| self.kind(*at).is_some_and(Kind::is_word))
            .count();
        let close = from + words;
        let closed = close >= end
            || matches!(self.kind(close), Some(Kind::Colon | Kind::Comma | Kind::Stop))
            || self.divides(close);
        if (1..=AGENCY).contains(&words) && closed {
            // The agency, and then the report; or only the two on a line.
            return Some(close);
        }
        if self.has_agency(from..(from + AGENCY).min(end)) {
            return Some(divider);
        }
        let text = (from..end)
            .take(TEXT * 3)
            .filter(|at| self.kind(*at).is_some_and(Kind::is_word))
            .count();
        let slash = self.kind(divider) == Some(Kind::Slash);
        (text >= TEXT && (!slash || sure)).then_some(place.last.max(divider))
    }

    /// A date: words and a number up to a bracket, a dash or a comma.
    fn date(&self, range: Range<usize>) -> Option<Range<usize>> {
        let from = range.start;
        let mut number = false;
        for at in range.take(6) {
            match self.kind(at)? {
                Kind::Number => number = true,
                kind if kind.is_word() => {}
                Kind::Comma | Kind::Stop | Kind::Separator if number => {
                    let more = self.kind(at + 1) == Some(Kind::Number);
                    if !more && self.kind(at) != Some(Kind::Stop) {
                        return Some(from..at);
                    }
                }
                Kind::Stop => {}
                Kind::Slash if number && !self.divides(at) => {}
                _ => return number.then_some(from..at),
            }
        }
        None
    }

    /// True if a correspondent precedes the preposition: "our correspondent in Erbil".
    fn is_byline(&self, one: &Found) -> bool {
        let head = one.head;
        if self.tokens.get(head).is_none_or(Token::begins_sentence) {
            return false;
        }
        let (cues, start) = self.words.ending_at(self.tokens, head);
        let inside = cues.has(Cue::Literal);
        if !inside {
            return false;
        }
        let mut at = start;
        let mut passed = 0;
        while at > 0 && passed < CREDITS && !self.tokens.tokens[at].begins_sentence() {
            let (cues, before) = self.words.ending_at(self.tokens, at);
            if cues.has(Cue::Credits) {
                return self.credits(before..at, one);
            }
            let reporter = cues.has(Cue::Reporter) || (cues.has(Cue::Bureau) && self.is_own_bureau(at));
            if reporter && passed < BYLINE {
                return self.reports(before);
            }
            let kind = self.kind(at - 1);
            let name = kind.is_some_and(Kind::is_word) && !cues.any(&[Cue::Verb, Cue::Motion]);
            if !name
                && !matches!(
                    kind,
                    Some(
                        Kind::Number | Kind::Comma | Kind::Semicolon | Kind::Quote | Kind::QuoteOpen | Kind::QuoteClose
                    )
                )
            {
                return false;
            }
            at -= 1;
            passed += 1;
        }
        false
    }

    /// True if the words for authors head a byline. "Reporting by" does anywhere. "By" does at the head of a line that has
    /// no verb: "killed by X in Kirkuk" and "By Tuesday in Kirkuk, ten people had died" credit nobody.
    fn credits(&self, credits: Range<usize>, one: &Found) -> bool {
        let first = &self.tokens.tokens[credits.end];
        if credits.len() > 1 {
            return first.kind != Kind::Latin || first.is_capital();
        }
        if !begins_line(self.text, self.tokens, credits.start) {
            return false;
        }
        let end = (one.last..one.last + LONGEST).find(|at| begins_line(self.text, self.tokens, *at));
        if first.kind != Kind::Latin {
            return end == Some(one.last) || self.divides(one.last) || self.kind(one.last) == Some(Kind::Colon);
        }
        let fits = |at: usize| {
            let token = &self.tokens.tokens[at];
            let cues = self.words.of(token);
            match token.kind {
                Kind::Latin => token.is_capital() || cues.any(&[Cue::Function, Cue::And, Cue::Reporter]),
                Kind::Comma | Kind::Dash | Kind::Stop => true,
                _ => false,
            }
        };
        end.is_some_and(|end| (credits.end..end).all(fits))
    }

    /// "the agency's office", نووسینگەی ڕووداو: an office of an outlet.
    fn is_own_bureau(&self, at: usize) -> bool {
        self.cues(at).any(&[Cue::Agency, Cue::Outlet])
    }

    /// A reporter who reports: after a verb of saying, "according to", at the head of a sentence. One who was killed
    /// does not.
    fn reports(&self, reporter: usize) -> bool {
        let Some(token) = self.tokens.get(reporter) else {
            return false;
        };
        if token.begins_sentence() || self.cues(reporter).has(Cue::Credits) {
            return true;
        }
        let (before, _) = self.words.ending_at(self.tokens, reporter);
        // "our correspondent".
        let own = self.tokens.get(reporter - 1).is_some_and(|own| own.kind == Kind::Latin);
        if own && before.has(Cue::Own) {
            return true;
        }
        let kind = reporter.checked_sub(1).and_then(|at| self.kind(at));
        before.any(&[Cue::Verb, Cue::Credits, Cue::According]) || !kind.is_some_and(Kind::is_word)
    }

    /// "Baghdad Today", «بغداد اليوم», "شفق نيوز بغداد": an everyday word makes an outlet only in quotation marks or with a
    /// capital.
    fn is_outlet(&self, one: &Found) -> bool {
        let cues = self.cues(one.last);
        let Some(next) = self.tokens.get(one.last) else {
            return false;
        };
        if next.begins_sentence() || !cues.has(Cue::Outlet) {
            return false;
        }
        if next.kind == Kind::Latin {
            return next.is_capital() && !self.tokens.is_uncased_at(one.last);
        }
        let quote = |at: usize| {
            self.kind(at)
                .is_some_and(|kind| kind.is_quote() || matches!(kind, Kind::Open | Kind::Close))
        };
        let quoted = one.first > 0 && quote(one.first - 1) && quote(one.last + 1);
        let named = self
            .words
            .ending_at(self.tokens, one.first)
            .0
            .any(&[Cue::NameBefore, Cue::Reporter]);
        let alone = self.tokens.get(one.last + 1).is_none_or(Token::begins_paragraph);
        let head = self.tokens.tokens[one.first].begins_paragraph()
            && (alone || self.divides(one.last + 1) || self.kind(one.last + 1) == Some(Kind::Colon));
        !cues.has(Cue::Common) || quoted || named || head
    }

    /// "the Baghdad bureau", "مكتب بغداد".
    fn is_office(&self, one: &Found) -> bool {
        let next = self.tokens.get(one.last);
        let behind = next.is_some_and(|next| next.kind == Kind::Latin && !next.begins_sentence());
        behind && self.cues(one.last).has(Cue::Bureau)
    }

    // ---- tokens

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn cues(&self, at: usize) -> Cues {
        self.tokens.get(at).map_or(Cues::NONE, |token| self.words.of(token))
    }

    fn is_place(&self, found: &[Found], at: usize) -> bool {
        place_at(found, at).is_some()
    }

    /// A dash or slash with a space on one side at least.
    fn divides(&self, at: usize) -> bool {
        let spaced = |at: usize| self.tokens.get(at).is_none_or(Token::is_spaced);
        matches!(self.kind(at), Some(Kind::Dash | Kind::Slash)) && (spaced(at) || spaced(at + 1))
    }

    fn has_agency(&self, range: Range<usize>) -> bool {
        range.into_iter().any(|at| self.cues(at).has(Cue::Agency))
    }

    /// Latin capitals in brackets are an agency: "(AP)", "(AFP)".
    fn is_shouted(&self, range: Range<usize>) -> bool {
        let mut range = range.into_iter();
        range.len() == 1
            && range.all(|at| {
                self.tokens
                    .get(at)
                    .is_some_and(|token| token.kind == Kind::Latin && token.is_capital())
            })
    }
}

/// The name that begins at a token.
fn place_at<'f, 'a>(found: &'f [Found<'a>], at: usize) -> Option<&'f Found<'a>> {
    let next = found.partition_point(|other| other.first < at);
    found.get(next).filter(|other| other.first == at)
}
