//! Reported statements: where the statement of a verb begins and ends.

use super::{
    AttributionFinder, BEFORE_QUOTATION, FEWEST, LONGEST, RawAttribution, Spoken, Statement, TRAILING, english,
    is_spoken,
};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Needs, VerbKind},
        opening::{Opener, Opening, OpeningReader},
        passage::Passage,
    },
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Of a statement that is partly in quotation marks, the part before them is small where the marks hold this many times as much.
const WHOLE: usize = 4;
/// Tokens between a Sorani verb and "that" where its hearer is between the two.
const SORANI_HEARER: usize = 7;
/// Tokens of the longest dateline.
const DATELINE: usize = 14;

impl AttributionFinder<'_> {
    /// The quotation that ends shortly before a verb: its tokens without the marks.
    pub(super) fn quotation_before(&self, spoken: &Spoken, reader: &OpeningReader) -> Option<Range<usize>> {
        let lower = self.lower(spoken).max(spoken.at.saturating_sub(TRAILING));
        let close = (lower..spoken.at)
            .rev()
            .find(|at| spoken.passage.kind(*at).is_some_and(Kind::is_quote))?;
        let open = self.quotations.opening(close, close)?;
        // "…," a resident said, "…," he noted, "…": the first quotation has its speaker.
        let known = |last: &RawAttribution| last.direct && last.quote.start == open + 1;
        if self.found.last().is_some_and(known) {
            return None;
        }
        reader
            .is_statement(open, close, FEWEST, true)
            .then_some(open + 1..close)
    }

    /// Tokens before this one belong to an earlier attribution or sentence.
    pub(super) fn lower(&self, spoken: &Spoken) -> usize {
        let earlier = self.earlier(spoken).last();
        earlier.map_or(spoken.sentence.start, |last| match (last.forward, last.direct) {
            (true, true) => last.quote.end + 1,
            (true, false) => last.quote.start,
            (false, _) => last.at + 1,
        })
    }

    /// The statement after an opening.
    pub(super) fn statement(&self, spoken: &Spoken, opening: &Opening, reader: &OpeningReader) -> Option<Statement> {
        let (opener, start) = opening.content?;
        let passage = spoken.passage;
        let lenient = opener == Opener::Colon;
        if let Some(whole) = self.unclosed(spoken, start) {
            return Some(whole);
        }
        if lenient && start >= spoken.sentence.end {
            return self.next_lines(spoken, start);
        }
        for open in start..(start + BEFORE_QUOTATION + 1).min(spoken.sentence.end) {
            let kind = passage.kind(open)?;
            // English quotes words inside a statement: the attack was "criminal".
            let partial = open > start && (passage.language == Language::English || self.goes_on(spoken, start, open));
            if kind.is_quote() && !partial {
                let shortest = if lenient && open == start { 1 } else { FEWEST };
                if let Some(close) = self.quotations.closing(open)
                    && reader.is_statement(open, close, shortest, true)
                {
                    return Some(Statement::new(open + 1..close, true, true));
                }
                break;
            }
            if !kind.is_word() {
                break;
            }
        }
        self.clause(spoken, start)
    }

    /// The clause goes on after a quotation that opens here, so that its marks are around words of the statement.
    fn goes_on(&self, spoken: &Spoken, start: usize, open: usize) -> bool {
        let passage = spoken.passage;
        let Some(close) = self.quotations.closing(open) else {
            return false;
        };
        // أن القوة "داهمت": with few words in marks those before them are a large part.
        if (open - start) * WHOLE > close - open {
            return true;
        }
        (close + 1..(close + 1 + FEWEST).min(spoken.sentence.end)).all(|at| passage.is_word(at))
            && close + 1 + FEWEST <= spoken.sentence.end
    }

    /// A quotation that is never closed goes on to the end of its paragraph.
    fn unclosed(&self, spoken: &Spoken, open: usize) -> Option<Statement> {
        let passage = spoken.passage;
        if !self.quotations.is_unclosed(passage.text, passage.tokens, open) {
            return None;
        }
        let last = passage.within_bytes(open + 1, passage.tokens.len(), LONGEST);
        let rest = passage.tokens.get(open + 1..last)?;
        let length = rest.iter().position(|token| token.begins_paragraph());
        let mut end = open + 1 + length.unwrap_or(rest.len());
        // A mark without a partner closes it in another style; a later sentence with a mark or a verb of saying is no part of it.
        let mut first = true;
        let mut begins = open + 1;
        for at in open + 1..end {
            let token = &passage.tokens[at];
            if at > open + 1 && token.begins_sentence() {
                (first, begins) = (false, at);
            }
            let marked = token.kind.is_quote();
            let loose = marked && self.quotations.closing(at).is_none() && self.quotations.opening(at, at).is_none();
            // Where the sentence goes on with other quotations, nothing shows where this one ends.
            if first && marked && !loose {
                return None;
            }
            if first && loose && at > open + FEWEST {
                end = at;
                break;
            }
            if !first && (marked || passage.roles(at).0.verb.is_some()) {
                end = begins;
                break;
            }
        }
        while end > open + 1 && !is_spoken(passage, end - 1) {
            end -= 1;
        }
        (end >= open + 1 + FEWEST).then(|| Statement::new(open + 1..end, true, true))
    }

    /// The statement after a colon at the end of a line: the quotation that opens there, or the next sentence.
    fn next_lines(&self, spoken: &Spoken, start: usize) -> Option<Statement> {
        let passage = spoken.passage;
        let kind = passage.kind(start)?;
        if kind.is_quote()
            && let Some(close) = self.quotations.closing(start)
        {
            return Some(Statement::new(start + 1..close, true, true));
        }
        let rest = passage.tokens.get(start + 1..)?;
        let length = rest.iter().position(|token| token.begins_sentence());
        let mut end = passage.within_bytes(
            start,
            length.map_or(passage.tokens.len(), |length| start + 1 + length),
            LONGEST,
        );
        while end > start && !is_spoken(passage, end - 1) {
            end -= 1;
        }
        (kind.is_word() && end >= start + FEWEST).then(|| Statement::new(start..end, false, true))
    }

    /// The clause from a token to the end of the sentence.
    pub(super) fn clause(&self, spoken: &Spoken, start: usize) -> Option<Statement> {
        let passage = spoken.passage;
        let mut end = passage.within_bytes(start, spoken.sentence.end, LONGEST);
        let semicolon = (start..end).find(|at| {
            let contrast = passage.language == Language::English
                && passage.kind(*at) == Some(Kind::Comma)
                && turns_to_another(passage, *at + 1, end);
            let contrast = contrast || (*at > start + 1 && self.blames_another(passage, *at, end));
            passage.kind(*at) == Some(Kind::Semicolon) && !passage.lists(*at + 1).has(List::Cause) || contrast
        });
        end = semicolon.unwrap_or(end);
        while end > start && !is_spoken(passage, end - 1) {
            end -= 1;
        }
        (end > start).then(|| Statement::new(start..end, false, true))
    }

    /// "… the party but the party blamed …": a contrast that another speaker and another verb of saying follow.
    fn blames_another(&self, passage: &Passage, at: usize, end: usize) -> bool {
        const REACH: usize = 6;
        let turns = matches!(passage.slice(at), "but" | "while" | "whereas");
        let says = |at: usize| {
            let verb = passage.roles(at).0.verb;
            let verb = verb.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
            verb.is_some_and(|verb| verb.kind == VerbKind::Finite)
        };
        let verb = (at + 2..(at + REACH).min(end)).find(|at| says(*at));
        turns
            && passage.language == Language::English
            && verb.is_some_and(|verb| english::is_speaker(passage, &(at + 1..verb)))
    }

    /// The statement after a Sorani or English verb.
    pub(super) fn forward(&self, spoken: &Spoken, reader: &OpeningReader, from: usize) -> Option<Statement> {
        let passage = spoken.passage;
        let opening = reader.read(from, spoken.verb);
        if self.is_of_participle(spoken, from, opening.content) {
            return None;
        }
        // A quotation further on is part of a statement that begins before it.
        let quoted = |start: usize| {
            passage.language != Language::English
                || start <= from + 1
                || matches!(passage.kind(start - 1), Some(Kind::Comma | Kind::Colon))
        };
        // Only adverbials and the hearer are between an English verb and the word that opens the statement.
        let adverbial = |start: usize| {
            let lists = passage.lists(from);
            passage.language != Language::English
                || start <= from + 1
                || !passage.is_word(from)
                || (lists.any(Lists::of(&[List::Adjunct, List::Time, List::Month]))
                    && self.is_past_day(spoken, from, start))
                || (lists.has(List::Chain)
                    || matches!(passage.slice(from), "to" | "during" | "after" | "before" | "by"))
                || (from > 0 && english::takes_hearer(passage, spoken.at))
        };
        let opened = match opening.content {
            Some((Opener::That | Opener::Quotation, start)) if !adverbial(start) => false,
            // "said the attack was a crime and that …": the second of two statements.
            Some((Opener::That, start))
                if passage.language == Language::English
                    && start > from + 2
                    && passage.lists(start - 2).has(List::And) =>
            {
                false
            }
            Some((Opener::That, start)) if passage.language == Language::Sorani => {
                start <= from + 2 || (start <= from + SORANI_HEARER && passage.lists(from).has(List::Stop))
            }
            Some((Opener::That | Opener::Colon, start)) => start <= from + TRAILING / 2,
            Some((Opener::Quotation, start)) => start <= from + TRAILING / 2 && quoted(start),
            _ => false,
        };
        if opened {
            return self.statement(spoken, &opening, reader);
        }
        if spoken.verb.needs == Needs::That {
            return None;
        }
        let mut start = from;
        while start < spoken.sentence.end {
            let (roles, len) = passage.roles(start);
            if passage.kind(start) == Some(Kind::Comma) && passage.language == Language::Sorani {
                start += 1;
            } else if roles.lists.has(List::Adjunct) {
                let after = start + len;
                // "said on Sunday it had …": no noun belongs to a day before it.
                let closed = passage.language == Language::English
                    && (passage.lists(after - 1).has(List::Time) || passage.lists(after).has(List::Pronoun));
                start = if closed {
                    after
                } else {
                    self.noun_end(spoken, after).max(after)
                };
            } else {
                break;
            }
        }
        let governed = passage.language == Language::Sorani
            && passage
                .token(start)
                .is_some_and(|token| spoken.verb.opens.iter().any(|word| token.is(*word)));
        start += usize::from(governed && start + 1 < spoken.sentence.end);
        if let Some(whole) = self.unclosed(spoken, start) {
            return Some(whole);
        }
        let statement = self.clause(spoken, start)?;
        let begins = passage.is_word(start)
            || passage
                .kind(start)
                .is_some_and(|kind| kind.is_quote() || kind == Kind::Number);
        let object = passage.lists(start).any(Lists::of(&[List::And])) || passage.kind(start) == Some(Kind::Comma);
        // "told Reuters." names the hearer and says nothing.
        let fewest = if passage.language == Language::Sorani {
            FEWEST - 1
        } else {
            FEWEST
        };
        (begins && !object && statement.tokens.len() >= fewest).then_some(statement)
    }

    /// "said Wednesday in a statement that": between the day and the statement only prepositions lead.
    fn is_past_day(&self, spoken: &Spoken, from: usize, start: usize) -> bool {
        let passage = spoken.passage;
        let mut at = from;
        while at < start {
            let (roles, len) = passage.roles(at);
            let dated = roles.lists.any(Lists::of(&[List::Adjunct, List::Time, List::Month]));
            if !dated && passage.is_word(at) {
                break;
            }
            at += len.max(1);
        }
        let leads = matches!(
            passage.slice(at),
            "to" | "during" | "after" | "before" | "by" | "via" | "through"
        );
        at + 1 >= start || leads || passage.lists(at).has(List::Chain) || passage.lists(at).has(List::That)
    }

    /// "police said, dismissing reports that …": the statement precedes the verb, and "that" belongs to the participle. "The
    /// army said, citing a source, that …" is its own.
    fn is_of_participle(&self, spoken: &Spoken, from: usize, content: Option<(Opener, usize)>) -> bool {
        let passage = spoken.passage;
        let word = passage.slice(from + 1);
        let participle = passage.language == Language::English
            && passage.kind(from) == Some(Kind::Comma)
            && passage.is_word(from + 1)
            && word.ends_with("ing")
            && !passage.tokens[from + 1].is_capital();
        let own = content.is_some_and(|(opener, start)| {
            opener == Opener::That && start > from + 2 && passage.kind(start - 2) == Some(Kind::Comma)
        });
        participle && !own
    }

    /// One past the dateline that a paragraph begins with: "KIRKUK, Iraq (AP) — …", "KIRKUK - …".
    fn past_dateline(&self, passage: &Passage, start: usize, end: usize) -> usize {
        if !passage.token(start).is_some_and(|token| token.begins_paragraph()) {
            return start;
        }
        let mark = |at: &usize| matches!(passage.kind(*at), Some(Kind::Dash | Kind::Slash));
        let dash = (start..end.min(start + DATELINE)).find(mark);
        let Some(dash) = dash.filter(|at| *at > start && passage.tokens[*at].is_spaced()) else {
            return start;
        };
        let first = passage.slice(start);
        let capitals = first.chars().count() > 2 && first.chars().all(|letter| letter.is_uppercase());
        let agency = passage.kind(dash - 1) == Some(Kind::Close);
        match capitals || agency {
            true => dash + 1,
            false => start,
        }
    }

    /// The clause before a token, which an attribution follows.
    pub(super) fn clause_before(&self, spoken: &Spoken, end: usize) -> Option<Statement> {
        let passage = spoken.passage;
        let mut start = self.lower(spoken).min(end);
        start = self.past_dateline(passage, start, end);
        let mut end = end;
        while end > start && !is_spoken(passage, end - 1) {
            end -= 1;
        }
        while start < end && !is_spoken(passage, start) {
            start += 1;
        }
        let first = passage.token(start)?.start as usize;
        let last = passage.token(end.checked_sub(1)?)?.end as usize;
        (end >= start + 2 && last - first <= LONGEST).then(|| Statement::new(start..end, false, false))
    }

    /// The clause after "according to the police,".
    pub(super) fn clause_after(&self, spoken: &Spoken, from: usize) -> Option<Statement> {
        let passage = spoken.passage;
        let mut start = from;
        while start < spoken.sentence.end && (!passage.is_word(start) || passage.lists(start).has(List::That)) {
            if passage.kind(start) == Some(Kind::Number) || passage.kind(start).is_some_and(Kind::is_quote) {
                break;
            }
            start += 1;
        }
        self.clause(spoken, start)
            .filter(|statement| statement.tokens.len() >= 2)
    }
}

/// ", but police put …": a clause about another speaker is no part of a statement without marks.
fn turns_to_another(passage: &Passage, at: usize, end: usize) -> bool {
    /// Words between the conjunction and the speaker.
    const REACH: usize = 3;
    let heads = Lists::of(&[List::Title, List::Organisation]);
    let turns = matches!(passage.slice(at), "but" | "while" | "whereas" | "although");
    // ", but he did not give details"
    if passage.slice(at) == "but" && matches!(passage.slice(at + 1), "he" | "she" | "they") {
        return true;
    }
    turns && (at + 1..(at + 1 + REACH).min(end)).any(|at| passage.lists(at).any(heads))
}
