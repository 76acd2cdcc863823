//! Who speaks: the words before a verb of saying, and speakers carried over from the sentence before.

use super::{
    claim_lexicon::{Gender, List, Lists},
    passage::Passage,
};
use crate::{
    language::Language,
    text::{Kind, Span},
};
use std::ops::Range;

/// Longest way back from a verb to its speaker, in tokens, and the longest speaker in bytes.
const REACH: usize = 48;
const LONGEST: usize = 600;
/// Most words of a speaker with no title and no article.
const PLAIN: usize = 4;

/// The speakers met so far, for sentences that have none of their own.
#[derive(Clone, Debug, Default)]
pub(super) struct Speakers {
    recent: Vec<(Span, Gender)>,
}

impl Speakers {
    pub(super) fn remember(&mut self, span: Span, gender: Gender) {
        if self.recent.len() == 4 {
            self.recent.remove(0);
        }
        self.recent.push((span, gender));
    }

    /// The speaker that a verb of this gender carries on.
    pub(super) fn carried(&self, gender: Gender) -> Option<Span> {
        let same = self.recent.iter().rev().find(|(_, other)| *other == gender);
        same.or(self.recent.last()).map(|(span, _)| *span)
    }
}

/// The tokens of a speaker, or `None` when that is too long for one.
pub(super) fn accept(passage: &Passage, tokens: Range<usize>) -> Option<Span> {
    if tokens.is_empty() || !begins_noun(passage, tokens.start) {
        return None;
    }
    let span = passage.span(tokens.start, tokens.end);
    (span.end - span.start <= LONGEST).then_some(span)
}

/// A word, or the mark of a quoted name.
pub(super) fn begins_noun(passage: &Passage, at: usize) -> bool {
    passage.is_word(at) || (passage.kind(at).is_some_and(Kind::is_quote) && passage.is_word(at + 1))
}

/// The speaker before a verb, not before the token `lower`.
pub(super) fn before(passage: &Passage, verb: usize, lower: usize) -> Option<Range<usize>> {
    let lower = lower.max(verb.saturating_sub(REACH));
    let mut end = verb;
    let mut apposition = false;
    loop {
        let start = segment_start(passage, lower, end);
        let aside = passage.lists(start).has(List::Relative);
        let segment = if aside {
            start..start
        } else {
            trim(passage, past_locative(passage, start..end))
        };
        let more = start > lower && passage.kind(start - 1) == Some(Kind::Comma);
        if !segment.is_empty() && !begins_adverbial(passage, segment.start) {
            let coordinated = segment.end < end && passage.lists(end - 1).has(List::And);
            let found = if coordinated {
                leading_noun(passage, segment)
            } else {
                segment
            };
            let start = match more && apposition {
                true => apposed(passage, lower, found.start),
                false => found.start,
            };
            let found = start..found.end;
            return is_speaker(passage, &found).then_some(found);
        }
        if !more {
            return None;
        }
        apposition = true;
        end = start - 1;
    }
}

/// A Sorani clause may begin with an adverbial that دا closes: ئەم مانگەدا وەزارەت …
fn past_locative(passage: &Passage, segment: Range<usize>) -> Range<usize> {
    if passage.language != Language::Sorani {
        return segment;
    }
    let heads = Lists::of(&[List::Title, List::Organisation]);
    // ڕۆژی 6.11.2023 وەزارەتی …: the day comes first.
    let dated = |at: &usize| {
        let lists = passage.lists(*at);
        !passage.is_word(*at)
            || matches!(passage.slice(*at), "ڕۆژی" | "ڕۆژى" | "ی" | "لە")
            || lists.any(Lists::of(&[List::Time, List::Month]))
    };
    let days = segment.clone().take_while(dated).count();
    let numbered = segment
        .clone()
        .take(days)
        .any(|at| passage.kind(at) == Some(Kind::Number));
    let segment = match numbered && passage.lists(segment.start + days).any(heads) {
        true => segment.start + days..segment.end,
        false => segment,
    };
    let closes = |at: &usize| passage.slice(*at).ends_with("دا") && passage.slice(*at).chars().count() > 3;
    let last = segment.clone().rev().skip(1).find(closes);
    match last {
        Some(last) if (last + 1..segment.end).any(|at| passage.lists(at).any(heads)) => last + 1..segment.end,
        _ => segment,
    }
}

/// The first token after the comma, or other mark, before `end`.
fn segment_start(passage: &Passage, lower: usize, end: usize) -> usize {
    let mut start = end;
    while start > lower {
        let before = start - 1;
        let ends = match passage.kind(before) {
            // A full stop inside a sentence belongs to a title: "Lt. Gen.".
            Some(Kind::Comma | Kind::Semicolon | Kind::Colon | Kind::QuoteClose) => true,
            Some(Kind::Arabic | Kind::Latin) => passage.lists(before).any(Lists::of(&[List::That, List::Boundary])),
            _ => false,
        };
        if ends {
            break;
        }
        start = before;
    }
    start
}

/// Without auxiliaries at both ends, and without the words after the head of an adverbial phrase.
fn trim(passage: &Passage, segment: Range<usize>) -> Range<usize> {
    const AROUND: Lists = Lists::of(&[List::Auxiliary, List::And, List::Relative, List::Boundary]);
    let Range { mut start, mut end } = segment;
    while start < end && (passage.lists(start).any(AROUND) || !passage.is_word(start)) {
        start += 1;
    }
    for at in start + 1..end {
        let marked = passage
            .kind(at + 1)
            .is_some_and(|kind| kind.is_quote() || kind == Kind::Open);
        // The hearer is named with بە, in as many words as it takes: بە پەیامنێری کوردستان٢٤ی لە کەرکووک.
        let addressed = passage.language == Language::Sorani
            && is_preposition(passage, at)
            && (passage.slice(at) != "بۆ" || end - at <= 3 || (marked && end - at <= 8));
        if passage.lists(at).has(List::Adjunct) || addressed {
            end = at;
            break;
        }
    }
    let dangling = |at: usize| {
        passage.lists(at).any(AROUND)
            || (passage.language == Language::Sorani
                && passage.lists(at).any(Lists::of(&[List::Stop, List::Partitive])))
    };
    while start < end && dangling(end - 1) {
        end -= 1;
    }
    start..end
}

/// The hearer is named before a Sorani verb: بە ڕووداوی گوت.
fn is_preposition(passage: &Passage, at: usize) -> bool {
    passage.lists(at).has(List::Stop) && matches!(passage.slice(at), "بە" | "به" | "بۆ")
}

fn begins_adverbial(passage: &Passage, at: usize) -> bool {
    let lists = passage.lists(at);
    let preposition = lists.has(List::Stop) && !lists.any(Lists::of(&[List::Partitive, List::Pronoun]));
    lists.has(List::Adjunct) || preposition || is_from(passage, at)
}

/// من, "of" and لە are partitive and prepositions.
fn is_from(passage: &Passage, at: usize) -> bool {
    let lists = passage.lists(at);
    lists.has(List::Partitive)
        && (passage.language != Language::English || passage.slice(at).eq_ignore_ascii_case("of"))
}

/// The segment before an apposition that is part of the same speaker: "Jabar Yawar, secretary general, said".
fn apposed(passage: &Passage, lower: usize, start: usize) -> usize {
    if start <= lower + 1 {
        return start;
    }
    let earlier = segment_start(passage, lower, start - 1);
    let segment = trim(passage, earlier..start - 1);
    if segment.is_empty() || begins_adverbial(passage, segment.start) {
        start
    } else {
        segment.start
    }
}

fn is_speaker(passage: &Passage, found: &Range<usize>) -> bool {
    const HEADS: Lists = Lists::of(&[List::Title, List::Organisation]);
    if found.is_empty() {
        return false;
    }
    if passage.language != Language::Arabic {
        return true;
    }
    let first = passage.slice(found.start);
    found.len() <= PLAIN || first.starts_with("ال") || found.clone().take(REACH).any(|at| passage.lists(at).any(HEADS))
}

/// The subject of an Arabic clause before a verb: its first title or organisation with its complements, up to an
/// indefinite object or a preposition.
pub(super) fn main_subject(passage: &Passage, clause: Range<usize>) -> Option<Range<usize>> {
    const ENDS: Lists = Lists::of(&[
        List::Stop,
        List::Adjunct,
        List::That,
        List::Boundary,
        List::Time,
        List::Document,
        List::Meeting,
    ]);
    let heads = Lists::of(&[List::Title, List::Organisation, List::People]);
    let is_head = |at: &usize| {
        let lists = passage.lists(*at);
        lists.any(heads) && (!lists.has(List::Document) || passage.is_definite(*at)) && !is_indefinite(passage, *at)
    };
    let start = clause.clone().find(is_head)?;
    let mut end = start + 1;
    let mut definite = passage.is_definite(start);
    while end < clause.end.min(start + PLAIN * 3) && passage.is_word(end) {
        let lists = passage.lists(end);
        let object = definite && !passage.is_definite(end) && is_indefinite(passage, end);
        if lists.any(ENDS) && !passage.is_definite(end)
            || object
            || passage.cut(end) > 0 && passage.slice(end).starts_with('و')
        {
            break;
        }
        definite |= passage.is_definite(end);
        end += 1;
    }
    Some(start..end)
}

/// The accusative of a noun without the article: بياناً, مؤتمرا.
fn is_indefinite(passage: &Passage, at: usize) -> bool {
    let word = passage.slice(at);
    let marked = word.ends_with("اً") || word.ends_with("\u{64B}ا") || word.ends_with('\u{64B}');
    !passage.is_definite(at) && (marked || (word.ends_with('ا') && word.chars().count() > 3))
}

/// The noun phrase that an English sentence begins with.
pub(super) fn leading_noun(passage: &Passage, range: Range<usize>) -> Range<usize> {
    const INSIDE: Lists = Lists::of(&[List::Title, List::Organisation, List::Partitive]);
    if passage.language != Language::English {
        return range;
    }
    let inside = |at: &usize| {
        passage
            .token(*at)
            .is_some_and(|token| token.is_capital() || !token.kind.is_word())
            || passage.lists(*at).any(INSIDE)
    };
    // "The interim Governing Council": a word in small letters before a name or an office.
    let leads = |at: &usize| {
        let plain = passage.is_word(*at)
            && !passage
                .lists(*at)
                .any(Lists::of(&[List::Stop, List::Passive, List::Auxiliary]));
        plain && passage.roles(*at).0.verb.is_none() && range.contains(&(at + 1)) && inside(&(at + 1))
    };
    let inside = |at: &usize| inside(at) || (*at <= range.start + 3 && leads(at));
    let len = range.clone().skip(1).take_while(inside).count();
    range.start..(range.start + 1 + len).min(range.end)
}

/// The subject of a sentence whose main verb is none of saying: its first title and the words after it.
pub(super) fn subject(passage: &Passage, sentence: &Range<usize>, verb: usize) -> Option<Range<usize>> {
    const ENDS: Lists = Lists::of(&[
        List::Stop,
        List::Adjunct,
        List::Content,
        List::That,
        List::Meeting,
        List::Boundary,
        List::With,
        List::Time,
    ]);
    let limit = verb.min(sentence.start + 12);
    if passage.language == Language::English {
        let first = passage.token(sentence.start)?;
        let range = trim(passage, sentence.start..limit);
        return (first.is_capital() && !begins_adverbial(passage, range.start) && !range.is_empty())
            .then(|| leading_noun(passage, range));
    }
    // "while the forces advanced, hundreds protested, demanding …": the first clause is not the main one.
    if passage.lists(sentence.start).has(List::Boundary) {
        return None;
    }
    let heads = Lists::of(&[List::Title, List::Organisation]);
    let start = (sentence.start..limit).find(|at| passage.lists(*at).any(heads))?;
    let end = (start + 1..limit.min(start + 6))
        .find(|at| !passage.is_word(*at) || passage.lists(*at).any(ENDS) || passage.cut(*at) > 0);
    Some(start..end.unwrap_or(limit.min(start + 6)))
}
