//! Keeps attributions: the speaker from the sentences before, and where one cuts the statement before it.

use super::{AttributionFinder, RawAttribution, Spoken, Statement, is_spoken};
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, VerbKind},
        parse::Stance,
        passage::Passage,
        refutation,
    },
    text::{Kind, Span},
};

impl AttributionFinder<'_> {
    pub(super) fn push(&mut self, spoken: &Spoken, own: Option<Span>, statement: Statement, start: usize) {
        let passage = spoken.passage;
        if own.is_some_and(|own| is_no_speaker(passage, own)) {
            return;
        }
        self.cut_earlier(spoken, start, statement.forward);
        let mut statement = statement;
        let mark = |at: usize| matches!(passage.kind(at), Some(Kind::Comma | Kind::Colon | Kind::Semicolon));
        while statement.tokens.len() > 1 && passage.kind(statement.tokens.end - 1) == Some(Kind::Comma) {
            statement.tokens.end -= 1;
        }
        while statement.tokens.len() > 1 && mark(statement.tokens.start) {
            statement.tokens.start += 1;
        }
        let gender = spoken.verb.gender;
        let speaker = match own {
            Some(own) => {
                self.speakers.remember(own, gender);
                Some((own, false))
            }
            None => self.inherited(spoken),
        };
        if statement.forward {
            let said = &statement.tokens;
            self.skip_until = self
                .skip_until
                .max(if statement.direct { said.end + 1 } else { said.start });
        }
        let stance = match spoken.verb.stance {
            Stance::Said if refutation::refutes(passage, &statement.tokens) => Stance::Denied,
            stance => stance,
        };
        self.found.push(RawAttribution {
            speaker,
            verb: passage.span(spoken.at, spoken.end),
            at: spoken.at,
            nominal: spoken.is_nominal(&statement),
            quote: statement.tokens,
            direct: statement.direct,
            stance,
            bare: statement.bare,
            forward: statement.forward,
        });
    }

    /// The attributions of the same sentence. They are found by position: a quotation that began in an earlier sentence
    /// removes those inside it.
    pub(super) fn earlier(&self, spoken: &Spoken) -> &[RawAttribution] {
        let first = self.found.partition_point(|one| one.at < spoken.sentence.start);
        &self.found[first..]
    }

    /// The speaker of the same sentence, or else the one carried over.
    pub(super) fn inherited(&self, spoken: &Spoken) -> Option<(Span, bool)> {
        let earlier = self.earlier(spoken).last();
        match earlier.and_then(|last| last.speaker) {
            Some(speaker) => Some(speaker),
            None => self.speakers.carried(spoken.verb.gender).map(|span| (span, true)),
        }
    }

    /// A reported clause ends where the next attribution of the same rank begins; of nested ones two stay open.
    pub(super) fn cut_earlier(&mut self, spoken: &Spoken, start: usize, forward: bool) {
        let passage = spoken.passage;
        // "…, for it has called": the conjunction belongs to the clause that begins.
        let joined =
            start > spoken.sentence.start && passage.lists(start - 1).has(List::That) && passage.cut(start - 1) > 0;
        let start = start - usize::from(joined);
        // "…, but that it admitted": the contrast belongs to the clause that begins.
        let contrast = Lists::of(&[List::Boundary, List::Contrast, List::Except]);
        let parted = start > spoken.sentence.start + 1
            && passage.lists(start - 1).has(List::That)
            && passage.lists(start - 2).any(contrast);
        let start = if parted { start - 2 } else { start };
        let after_break = parted || self.follows_break(spoken, start);
        let sibling =
            forward && (after_break || passage.cut(spoken.at) > 0 || spoken.verb.kind == VerbKind::Participle);
        self.cut_open(spoken, start, sibling);
    }

    pub(super) fn follows_break(&self, spoken: &Spoken, start: usize) -> bool {
        let passage = spoken.passage;
        start > spoken.sentence.start
            && (matches!(passage.kind(start - 1), Some(Kind::Comma | Kind::Semicolon))
                || passage.lists(start - 1).any(Lists::of(&[List::And, List::Boundary])))
    }

    pub(super) fn cut_open(&mut self, spoken: &Spoken, start: usize, sibling: bool) {
        let passage = spoken.passage;
        let in_sentence = self.earlier(spoken).len();
        let open = if sibling { 0 } else { 2 };
        let mut emptied = None;
        let last = self.found.len();
        for (back, earlier) in self
            .found
            .iter_mut()
            .rev()
            .take(in_sentence)
            .enumerate()
            .skip(open)
            .take(3)
        {
            if earlier.forward && !earlier.direct && earlier.quote.end > start {
                // "According to the agency, the ministry said": of the first statement nothing is left.
                if start <= earlier.quote.start + 1 && emptied.is_none() {
                    emptied = Some(last - 1 - back);
                }
                let mut end = start;
                while end > earlier.quote.start + 1 && !is_spoken(passage, end - 1) {
                    end -= 1;
                }
                earlier.quote.end = end.max(earlier.quote.start + 1);
            }
        }
        if let Some(at) = emptied {
            self.found.remove(at);
        }
    }
}

/// True for a number or a preposition by itself.
fn is_no_speaker(passage: &Passage, own: Span) -> bool {
    let at = passage
        .tokens
        .partition_point(|token| (token.start as usize) < own.start);
    let Some(token) = passage.token(at).filter(|token| token.end as usize >= own.end) else {
        return false;
    };
    let number = token.kind == Kind::Number || passage.roles(at).0.number.is_some();
    number || matches!(passage.slice(at), "له" | "لە" | "بە" | "به" | "بۆ")
}
