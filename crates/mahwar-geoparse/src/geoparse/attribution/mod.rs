//! Attributions: who said it, with which verb, which words.

/// What was said: where the statement of a verb begins and ends.
mod said;

use super::{
    claim_lexicon::{Gender, List, Lists, Needs, Verb, VerbKind},
    opening::{Opener, Opening, OpeningReader},
    passage::Passage,
    quotation::Quotations,
    speaker::{self, Speakers},
};
use crate::{
    language::Language,
    text::{Kind, Span},
};
use std::ops::Range;

/// An attribution before it is written out.
#[derive(Clone, Debug)]
pub(super) struct RawAttribution {
    pub(super) speaker: Option<(Span, bool)>,
    pub(super) verb: Span,
    /// First token of the verb.
    pub(super) at: usize,
    /// Tokens of what was said.
    pub(super) quote: Range<usize>,
    pub(super) direct: bool,
    /// The verb says that it is not so.
    pub(super) denies: bool,
    /// What was said stands after the verb.
    forward: bool,
}

/// A reported clause is not followed further than this many bytes.
const LONGEST: usize = 8 << 10;
/// Words between "that" and the opening mark of a quotation: أنه طالب "خلال …".
const BEFORE_QUOTATION: usize = 2;
/// How far back the quotation may end that a verb follows.
const TRAILING: usize = 32;
const FEWEST: usize = 3;

/// Goes through the sentences of a text in order.
pub(super) struct AttributionFinder<'q> {
    pub(super) quotations: &'q Quotations,
    pub(super) names: &'q dyn Fn(usize) -> bool,
    pub(super) speakers: Speakers,
    pub(super) found: Vec<RawAttribution>,
    /// Verbs before this token stand inside a quotation.
    skip_until: usize,
}

/// A verb of saying where it stands.
struct Spoken<'r, 'a> {
    passage: &'r Passage<'a>,
    sentence: Range<usize>,
    at: usize,
    /// One past its last token.
    end: usize,
    verb: &'a Verb,
}

struct Statement {
    tokens: Range<usize>,
    direct: bool,
    forward: bool,
}

impl<'q> AttributionFinder<'q> {
    pub(super) fn new(quotations: &'q Quotations, names: &'q dyn Fn(usize) -> bool) -> Self {
        Self {
            quotations,
            names,
            speakers: Speakers::default(),
            found: Vec::new(),
            skip_until: 0,
        }
    }

    /// Finds the attributions of a sentence.
    pub(super) fn sentence(&mut self, passage: &Passage, sentence: Range<usize>) {
        let mut at = sentence.start.max(self.skip_until);
        while at < sentence.end {
            let next = self.step(passage, &sentence, at);
            at = next.max(at + 1).max(self.skip_until);
        }
    }

    fn step(&mut self, passage: &Passage, sentence: &Range<usize>, at: usize) -> usize {
        let token = &passage.tokens[at];
        if !token.kind.is_word() {
            return at;
        }
        let (roles, len) = passage.roles(at);
        if roles.is_empty() {
            return at;
        }
        if roles.lists.has(List::What) {
            return self.relayed(passage, sentence, at, at + len);
        }
        let Some(verb) = roles.verb.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb))) else {
            return at;
        };
        let joined = passage.has_proclitic(at, 'و') || passage.has_proclitic(at, 'ف');
        if passage.cut(at) > 1 || (passage.cut(at) == 1 && !joined && verb.kind != VerbKind::Source) {
            return at;
        }
        let spoken = Spoken {
            passage,
            sentence: sentence.clone(),
            at,
            end: at + len,
            verb,
        };
        match verb.kind {
            VerbKind::Finite if passage.language == Language::Arabic && token.kind == Kind::Arabic => {
                self.verb_first(&spoken)
            }
            VerbKind::Finite => self.subject_first(&spoken),
            VerbKind::Participle => self.participle(&spoken),
            VerbKind::Possessive => self.possessive(&spoken),
            VerbKind::Source => self.source(&spoken),
            VerbKind::Relayed => {
                let relays = at > sentence.start && passage.lists(at - 1).has(List::Auxiliary);
                if relays {
                    self.trailing_clause(&spoken, at - 1);
                }
            }
        }
        spoken.end
    }

    fn reader<'r, 'a>(&self, spoken: &Spoken<'r, 'a>) -> OpeningReader<'r, 'a>
    where
        'q: 'r,
    {
        OpeningReader {
            passage: spoken.passage,
            quotations: self.quotations,
            sentence: spoken.sentence.clone(),
        }
    }

    /// Arabic: the verb, then mostly its speaker, then what is said.
    fn verb_first(&mut self, spoken: &Spoken) {
        let (reader, passage) = (self.reader(spoken), spoken.passage);
        let mut opening = reader.read(spoken.end, spoken.verb);
        if spoken.verb.needs == Needs::Anything
            && opening.content.is_none()
            && let Some(start) = reader.after_organisation(&opening.speaker, self.names)
        {
            opening.speaker.end = start;
            opening.content = Some((Opener::Content, start));
        }
        if !spoken.is_said(&opening) {
            return self.trailing_verb(spoken, &opening);
        }
        let Some(statement) = self.statement(spoken, &opening, &reader) else {
            return;
        };
        const NO_SPEAKER: Lists = Lists::of(&[List::Stop, List::Relative, List::Partitive]);
        let head = opening.speaker.start;
        let leads = passage.is_word(head) && !passage.lists(head).any(NO_SPEAKER);
        let mut after = if leads {
            speaker::accept(passage, opening.speaker)
        } else {
            None
        };
        // After a subject, the word with ل is the one who hears it: المصدر أوضح لشفق نيوز.
        let to_hearer = passage.slice(head).starts_with('ل');
        let joined = passage.cut(spoken.at) > 0;
        let before = match after {
            Some(_) if !to_hearer => None,
            _ if joined => None,
            _ => speaker::before(passage, spoken.at, self.lower(spoken)),
        };
        if before.is_some() {
            after = None;
        }
        let start = before.as_ref().map_or(spoken.at, |before| before.start);
        let own = after.or_else(|| before.and_then(|before| speaker::accept(passage, before)));
        self.push(spoken, own, statement, start);
    }

    /// Sorani and English: the speaker mostly stands before the verb.
    fn subject_first(&mut self, spoken: &Spoken) {
        let (reader, passage) = (self.reader(spoken), spoken.passage);
        if spoken.at > spoken.sentence.start && passage.lists(spoken.at - 1).has(List::Passive) {
            return;
        }
        let quoted = self.quotation_before(spoken, &reader);
        let lower = quoted.as_ref().map_or(self.lower(spoken), |quoted| quoted.end + 1);
        let mut before = speaker::before(passage, spoken.at, lower);
        let inverted = before.is_none() && quoted.is_some() && passage.is_word(spoken.end);
        let mut rest = spoken.end;
        if inverted {
            let end = self.noun_end(spoken, spoken.end);
            before = Some(spoken.end..end);
            rest = end;
        }
        let forward = self.forward(spoken, &reader, rest);
        let statement = match (quoted, forward) {
            (Some(tokens), _) => Statement {
                tokens,
                direct: true,
                forward: false,
            },
            (None, Some(statement)) => statement,
            (None, None) => {
                let end = before.as_ref().map_or(spoken.at, |before| before.start);
                match self.clause_before(spoken, end) {
                    Some(statement) => statement,
                    None => return,
                }
            }
        };
        let start = before.as_ref().map_or(spoken.at, |before| before.start);
        let own = before.filter(|before| !self.is_pronoun(passage, before));
        let own = own.and_then(|own| speaker::accept(passage, own));
        if statement.direct && !statement.forward {
            while self.found.last().is_some_and(|last| last.at > statement.tokens.start) {
                self.found.pop();
            }
        }
        self.push(spoken, own, statement, start);
    }

    /// A pronoun is carried over when somebody was named before.
    fn is_pronoun(&self, passage: &Passage, tokens: &Range<usize>) -> bool {
        tokens.len() == 1
            && passage.lists(tokens.start).has(List::Pronoun)
            && self.speakers.carried(Gender::Masculine).is_some()
    }

    fn participle(&mut self, spoken: &Spoken) {
        let reader = self.reader(spoken);
        let opening = reader.read(spoken.end, spoken.verb);
        let english = spoken.passage.language == Language::English;
        let statement = if english && spoken.verb.needs != Needs::That {
            self.forward(spoken, &reader, spoken.end)
        } else if spoken.is_said(&opening) {
            self.statement(spoken, &opening, &reader)
        } else {
            None
        };
        let Some(statement) = statement else { return };
        let own = match self.earlier(spoken) {
            [] => speaker::subject(spoken.passage, &spoken.sentence, spoken.at)
                .and_then(|subject| speaker::accept(spoken.passage, subject)),
            _ => None,
        };
        self.push(spoken, own, statement, spoken.at);
    }

    /// نقلت وكالة عن ضابط قوله إن …
    fn possessive(&mut self, spoken: &Spoken) {
        let (reader, passage) = (self.reader(spoken), spoken.passage);
        let opening = reader.read(spoken.end, spoken.verb);
        let first = spoken.at.saturating_sub(TRAILING).max(spoken.sentence.start);
        let origin = (first..spoken.at).rev().find(|at| passage.lists(*at).has(List::Origin));
        let (Some(origin), Some(_)) = (origin, opening.content) else {
            return;
        };
        if let Some(statement) = self.statement(spoken, &opening, &reader) {
            let own = speaker::accept(passage, origin + 1..spoken.at);
            self.push(spoken, own, statement, spoken.at);
        }
    }

    /// بحسب مصدر أمني, "according to police".
    fn source(&mut self, spoken: &Spoken) {
        let passage = spoken.passage;
        let end = self.noun_end(spoken, spoken.end);
        let heads = Lists::of(&[List::Title, List::Organisation]);
        let headed = (spoken.end..end.min(spoken.end + FEWEST)).any(|at| passage.lists(at).any(heads));
        if !headed && passage.language != Language::English {
            return;
        }
        let Some(own) = speaker::accept(passage, spoken.end..end) else {
            return;
        };
        let initial = spoken.at == spoken.sentence.start;
        let statement = match initial {
            true => self.clause_after(spoken, end),
            false => self
                .clause_before(spoken, spoken.at)
                .or_else(|| self.clause_after(spoken, end)),
        };
        if let Some(statement) = statement {
            self.push(spoken, Some(own), statement, spoken.at);
        }
    }

    /// وفق ما أعلنته دائرة الصحة.
    fn relayed(&mut self, passage: &Passage, sentence: &Range<usize>, at: usize, verb_at: usize) -> usize {
        let (roles, len) = passage.roles(verb_at);
        let verb = roles.verb.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
        let Some(verb) = verb.filter(|_| verb_at < sentence.end) else {
            return verb_at;
        };
        let spoken = Spoken {
            passage,
            sentence: sentence.clone(),
            at: verb_at,
            end: verb_at + len,
            verb,
        };
        self.trailing_clause(&spoken, at);
        spoken.end
    }

    fn trailing_clause(&mut self, spoken: &Spoken, from: usize) {
        let end = self.noun_end(spoken, spoken.end);
        let own = speaker::accept(spoken.passage, spoken.end..end);
        let statement = match from == spoken.sentence.start {
            true => self.clause_after(spoken, end),
            false => self.clause_before(spoken, from),
        };
        if let Some(statement) = statement {
            self.push(spoken, own, statement, from);
        }
    }

    /// "…"، قال الوزير.
    fn trailing_verb(&mut self, spoken: &Spoken, opening: &Opening) {
        let passage = spoken.passage;
        let reader = self.reader(spoken);
        if passage.cut(spoken.at) > 0 || matches!(spoken.verb.needs, Needs::Marked) {
            return;
        }
        let Some(quoted) = self.quotation_before(spoken, &reader) else {
            return;
        };
        // Nothing but a comma stands between the quotation and its verb.
        if spoken.at - quoted.end > 2 || opening.speaker.is_empty() {
            return;
        }
        let end = self.noun_end(spoken, spoken.end);
        let own = speaker::accept(passage, spoken.end..end);
        while self.found.last().is_some_and(|last| last.at > quoted.start) {
            self.found.pop();
        }
        let statement = Statement {
            tokens: quoted,
            direct: true,
            forward: false,
        };
        self.push(spoken, own, statement, spoken.at);
    }

    /// The end of the noun phrase of a speaker after its verb.
    fn noun_end(&self, spoken: &Spoken, from: usize) -> usize {
        const ENDS: Lists = Lists::of(&[List::That, List::Boundary, List::Adjunct]);
        let limit = spoken.sentence.end.min(from + TRAILING);
        let ends = |&at: &usize| match spoken.passage.kind(at) {
            Some(Kind::Arabic | Kind::Latin) => spoken.passage.lists(at).any(ENDS),
            Some(Kind::Number | Kind::Other | Kind::Possessive | Kind::Dash) => false,
            Some(Kind::Stop) => at + 1 >= limit || !spoken.passage.is_word(at + 1),
            Some(Kind::Comma) => !self.is_apposed(spoken, at + 1, limit),
            Some(kind) => !kind.is_quote(),
            None => true,
        };
        (from..limit).find(ends).unwrap_or(limit)
    }

    /// A title after a comma belongs to the name before it.
    fn is_apposed(&self, spoken: &Spoken, at: usize, limit: usize) -> bool {
        let passage = spoken.passage;
        let mut words = (at..limit.min(at + FEWEST)).take_while(|at| passage.is_word(*at));
        let apart = passage.cut(at) > 0 || passage.lists(at).any(Lists::of(&[List::Boundary, List::And]));
        !apart && words.any(|at| passage.lists(at).has(List::Title))
    }

    fn push(&mut self, spoken: &Spoken, own: Option<Span>, statement: Statement, start: usize) {
        let passage = spoken.passage;
        self.cut_earlier(spoken, start, statement.forward);
        let mut statement = statement;
        while statement.tokens.len() > 1 && passage.kind(statement.tokens.end - 1) == Some(Kind::Comma) {
            statement.tokens.end -= 1;
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
        self.found.push(RawAttribution {
            speaker,
            verb: passage.span(spoken.at, spoken.end),
            at: spoken.at,
            quote: statement.tokens,
            direct: statement.direct,
            denies: spoken.verb.denies,
            forward: statement.forward,
        });
    }

    /// The attributions of the same sentence. A quotation that began in a sentence before takes those in it away, so
    /// they are told by where they stand.
    fn earlier(&self, spoken: &Spoken) -> &[RawAttribution] {
        let first = self.found.partition_point(|one| one.at < spoken.sentence.start);
        &self.found[first..]
    }

    /// The speaker of the same sentence, or else the one carried over.
    fn inherited(&self, spoken: &Spoken) -> Option<(Span, bool)> {
        let earlier = self.earlier(spoken).last();
        match earlier.and_then(|last| last.speaker) {
            Some(speaker) => Some(speaker),
            None => self.speakers.carried(spoken.verb.gender).map(|span| (span, true)),
        }
    }

    /// A reported clause ends where the next attribution of the same rank begins; of nested ones two stay open.
    fn cut_earlier(&mut self, spoken: &Spoken, start: usize, forward: bool) {
        let passage = spoken.passage;
        let after_break = start > spoken.sentence.start
            && (matches!(passage.kind(start - 1), Some(Kind::Comma | Kind::Semicolon))
                || passage.lists(start - 1).any(Lists::of(&[List::And, List::Boundary])));
        let sibling =
            forward && (after_break || passage.cut(spoken.at) > 0 || spoken.verb.kind == VerbKind::Participle);
        let in_sentence = self.earlier(spoken).len();
        let open = if sibling { 0 } else { 2 };
        for earlier in self.found.iter_mut().rev().take(in_sentence).skip(open).take(3) {
            if earlier.forward && !earlier.direct && earlier.quote.end > start {
                let mut end = start;
                while end > earlier.quote.start + 1 && !is_spoken(passage, end - 1) {
                    end -= 1;
                }
                earlier.quote.end = end.max(earlier.quote.start + 1);
            }
        }
    }
}

/// Part of a statement: no mark at its edge.
fn is_spoken(passage: &Passage, at: usize) -> bool {
    match passage.kind(at) {
        Some(Kind::Stop | Kind::Comma | Kind::Semicolon | Kind::Colon | Kind::Dash) | None => false,
        Some(Kind::Arabic | Kind::Latin) => !passage.lists(at).any(Lists::of(&[List::And, List::Boundary])),
        _ => true,
    }
}

impl Spoken<'_, '_> {
    /// Whether what follows is what such a verb needs to be one of saying.
    fn is_said(&self, opening: &Opening) -> bool {
        use Opener::{Colon, Content, Preposition, Quotation, That};
        let Some((opener, _)) = opening.content else {
            return false;
        };
        match self.verb.needs {
            Needs::Anything | Needs::Content => true,
            Needs::Opened => matches!(opener, That | Colon | Quotation | Preposition | Content),
            Needs::That => matches!(opener, That | Colon | Quotation),
            Needs::Marked => matches!(opener, That | Colon | Quotation) && self.is_marked(opening),
        }
    }

    /// بيّن with its doubled letter, or at the beginning of a clause with a speaker after it.
    fn is_marked(&self, opening: &Opening) -> bool {
        const SHADDA: char = '\u{651}';
        let (passage, at) = (self.passage, self.at);
        let ambiguous = passage.lists(at).any(Lists::of(&[List::Between, List::Linking]));
        let initial = at == self.sentence.start || passage.kind(at - 1) == Some(Kind::Comma);
        !ambiguous
            || passage.slice(at).contains(SHADDA)
            || (initial && !opening.speaker.clone().any(|at| passage.kind(at) == Some(Kind::Number)))
    }
}
