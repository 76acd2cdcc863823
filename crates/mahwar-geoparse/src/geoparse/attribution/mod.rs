//! Attributions: who said it, with which verb, which words.

/// Sentences that begin with their verb.
mod arabic;
/// The noun phrase before an English verb.
mod english;
/// English nouns that look like verbs of saying or like speakers.
mod english_nouns;
/// Keeping attributions.
mod record;
/// Reported statements: where the statement of a verb begins and ends.
mod said;
/// Sorani: the verb at the end, and verbs of two parts.
mod sorani;
/// Attributions that follow their statement.
mod trailing;

use super::{
    claim_lexicon::{Gender, List, Lists, Needs, Verb, VerbKind},
    modality::ModalityReader,
    opening::{Opener, Opening, OpeningReader},
    parse::Stance,
    passage::Passage,
    quotation::Quotations,
    refutation,
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
    /// Tokens of the statement.
    pub(super) quote: Range<usize>,
    pub(super) direct: bool,
    pub(super) stance: Stance,
    /// The statement begins after the proclitic of its first token.
    pub(super) bare: bool,
    /// The statement is a noun that names what may come: "warned of clashes".
    pub(super) nominal: bool,
    /// The statement follows the verb.
    forward: bool,
}

impl RawAttribution {
    /// The speaker says that it is not so, or refuses it.
    pub(super) fn is_denial(&self) -> bool {
        matches!(self.stance, Stance::Denied | Stance::Rejected)
    }
}

/// A reported clause is not followed further than this many bytes.
const LONGEST: usize = 8 << 10;
/// Words between "that" and the opening mark of a quotation: أنه طالب "خلال …".
const BEFORE_QUOTATION: usize = 2;
/// How far back the quotation may end that a verb follows.
const TRAILING: usize = 32;
const FEWEST: usize = 3;
/// How many earlier attributions are searched for the name of a speaker.
const KNOWN: usize = 8;
/// Tokens within which a heading names its speaker.
const HEADING: usize = 8;
/// Most words of a bare name in a headline, and most such headlines of a text.
const HEADLINE_NAME: usize = 4;
const HEADLINES: usize = 4;

/// Goes through the sentences of a text in order.
pub(super) struct AttributionFinder<'q> {
    pub(super) quotations: &'q Quotations,
    pub(super) names: &'q dyn Fn(usize) -> bool,
    pub(super) speakers: Speakers,
    pub(super) found: Vec<RawAttribution>,
    /// Headlines whose speaker is a bare name; at most [`HEADLINES`].
    headlines: Vec<RawAttribution>,
    /// Verbs before this token are inside a quotation.
    skip_until: usize,
}

/// A verb of saying and its position.
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
    /// Without the proclitic of the first token.
    bare: bool,
}

impl Statement {
    fn new(tokens: Range<usize>, direct: bool, forward: bool) -> Self {
        Self {
            tokens,
            direct,
            forward,
            bare: false,
        }
    }
}

impl<'q> AttributionFinder<'q> {
    pub(super) fn new(quotations: &'q Quotations, names: &'q dyn Fn(usize) -> bool) -> Self {
        Self {
            quotations,
            names,
            speakers: Speakers::default(),
            found: Vec::new(),
            headlines: Vec::new(),
            skip_until: 0,
        }
    }

    /// Finds the attributions of a sentence.
    pub(super) fn sentence(&mut self, passage: &Passage, sentence: Range<usize>) {
        self.headline(passage, &sentence);
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
        if roles.lists.has(List::DocumentVerb) {
            self.stands_in(passage, sentence, at, at + len);
            return at + len;
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
        if self.is_unsaid(&spoken) || self.is_of_report(&spoken) {
            if passage.language == Language::English && verb.kind == VerbKind::Finite {
                self.remember_subject(&spoken);
            }
            return spoken.end;
        }
        match verb.kind {
            VerbKind::Split => self.split(&spoken),
            VerbKind::Finite if passage.language == Language::Arabic && token.kind == Kind::Arabic => {
                self.verb_first(&spoken)
            }
            VerbKind::Finite if token.kind == Kind::Arabic => self.sorani(&spoken),
            VerbKind::Finite => self.english(&spoken),
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

    /// "Interior Ministry: seven arrested": the colon of a heading replaces a verb of saying.
    fn headline(&mut self, passage: &Passage, sentence: &Range<usize>) {
        let begins = passage
            .token(sentence.start)
            .is_some_and(|token| token.begins_paragraph());
        let reach = sentence.end.min(sentence.start + HEADING);
        let colon = (sentence.start..reach).find(|at| passage.kind(*at) == Some(Kind::Colon));
        let (true, Some(colon)) = (begins, colon) else { return };
        let speaker = sentence.start..colon;
        let words = speaker
            .clone()
            .all(|at| passage.is_word(at) && passage.roles(at).0.verb.is_none());
        // "Link to the report in the newspaper: …" begins with neither; English puts the head last.
        let heads = Lists::of(&[List::Title, List::Organisation]);
        let headed = match passage.language {
            Language::English => speaker.clone().any(|at| passage.lists(at).any(heads)),
            _ => passage.lists(speaker.start).any(heads),
        };
        let capital = |at: usize| passage.tokens[at].is_capital() && !(self.names)(passage.tokens[at].start as usize);
        let named = passage.kind(sentence.start) == Some(Kind::Latin)
            && speaker.len() > 1
            && speaker
                .clone()
                .all(|at| capital(at) || passage.kind(at) == Some(Kind::Dash));
        let question = matches!(passage.slice(sentence.end - 1), "?" | "؟");
        let Some(verb) = passage.lexicon.document_verb() else {
            return;
        };
        if !words || question || speaker.is_empty() {
            return;
        }
        // A bare name may be a heading: the text must let it speak elsewhere.
        let supposed = !(headed || named);
        let place = (self.names)(passage.tokens[speaker.start].start as usize);
        let many = speaker.len() > HEADLINE_NAME || self.headlines.len() == HEADLINES;
        if supposed && (passage.language == Language::English || many || place) {
            return;
        }
        let spoken = Spoken {
            passage,
            sentence: sentence.clone(),
            at: colon,
            end: colon + 1,
            verb,
        };
        let reader = self.reader(&spoken);
        let opening = Opening {
            speaker: speaker.clone(),
            content: Some((Opener::Colon, reader.after_that(colon + 1))),
            resumptive: false,
        };
        let statement = self.statement(&spoken, &opening, &reader);
        if let Some(statement) = statement.filter(|statement| statement.tokens.len() >= FEWEST) {
            let own = speaker::accept(passage, speaker);
            match supposed {
                false => self.push(&spoken, own, statement, sentence.start),
                true => self.headlines.extend(own.map(|own| RawAttribution {
                    speaker: Some((own, false)),
                    verb: passage.span(spoken.at, spoken.end),
                    at: spoken.at,
                    quote: statement.tokens,
                    direct: statement.direct,
                    stance: spoken.verb.stance,
                    bare: statement.bare,
                    nominal: false,
                    forward: statement.forward,
                })),
            }
        }
    }

    /// All attributions in the order of their verbs. A headline with a bare name is one if the name ends a speaker of the text.
    pub(super) fn finish(mut self, text: &str) -> Vec<RawAttribution> {
        let last_word = |span: Span| {
            text.get(span.start..span.end)
                .and_then(|name| name.split_whitespace().last())
        };
        for headline in std::mem::take(&mut self.headlines) {
            let name = headline.speaker.and_then(|(span, _)| last_word(span));
            let speaks = |one: &RawAttribution| {
                one.speaker
                    .is_some_and(|(span, carried)| !carried && last_word(span) == name)
            };
            if name.is_some() && self.found.iter().any(speaks) {
                let at = self.found.partition_point(|one| one.at < headline.at);
                self.found.insert(at, headline);
            }
        }
        self.found
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

    /// True if the verb is negated, a question or only supposed, so that it reports nothing.
    fn is_unsaid(&self, spoken: &Spoken) -> bool {
        let (passage, at) = (spoken.passage, spoken.at);
        let start = self.lower(spoken).min(at);
        let reader = ModalityReader {
            passage,
            bounds: start..spoken.sentence.end,
        };
        let arabic = passage.kind(at) == Some(Kind::Arabic) && passage.language != Language::Sorani;
        let negated = match (arabic, spoken.verb.kind) {
            (_, VerbKind::Source | VerbKind::Relayed | VerbKind::Possessive | VerbKind::Participle) => false,
            (true, _) => {
                let before = passage.ending(Lists::of(&[List::Negation]), at, spoken.sentence.start);
                before.is_some_and(|before| {
                    !matches!(passage.slice(before), "ما" | "وما")
                        || before == spoken.sentence.start
                        || passage.kind(before - 1).is_some_and(|kind| !kind.is_word())
                })
            }
            (false, _) => reader.is_negated_act(&(at..spoken.end)),
        };
        negated || reader.is_conditional(at) || (!self.quotes(spoken) && reader.is_asked(at))
    }

    /// The verb of a relative clause about a report: "reports which said", الأنباء التي تحدثت عن. In Sorani the clause follows
    /// the verb of denial, and what the report says is what is denied.
    fn is_of_report(&mut self, spoken: &Spoken) -> bool {
        let (passage, at) = (spoken.passage, spoken.at);
        let sorani = passage.kind(at) == Some(Kind::Arabic) && passage.language == Language::Sorani;
        let first = spoken.sentence.start;
        if sorani {
            let count = self.earlier(spoken).len();
            let last = self.found.last_mut().filter(|last| count > 0 && last.is_denial());
            if let Some(denial) = last.filter(|last| last.quote.start == at && at > first) {
                denial.quote.start = spoken.end.min(denial.quote.end - 1);
                return true;
            }
        }
        match spoken.verb.kind {
            VerbKind::Finite => refutation::is_relative_to_report(passage, first, at),
            // "a report by Rudaw saying …": no comma parts the participle from the report that is denied.
            VerbKind::Participle if passage.language == Language::English => {
                let denied = |said: &RawAttribution| said.is_denial() && said.quote.contains(&at);
                self.earlier(spoken).last().is_some_and(denied) && refutation::follows_report(passage, first, at)
            }
            _ => false,
        }
    }

    /// True if the statement is quoted, so that the mark at its end is its own.
    fn quotes(&self, spoken: &Spoken) -> bool {
        let rest = spoken.end..spoken.sentence.end;
        rest.into_iter()
            .take(TRAILING)
            .any(|at| spoken.passage.kind(at) == Some(Kind::Colon) || self.quotations.closing(at).is_some())
    }

    /// Arabic: the verb, then mostly its speaker, then the statement.
    fn verb_first(&mut self, spoken: &Spoken) {
        if arabic::is_subordinate(spoken) || arabic::is_masdar(spoken) {
            return;
        }
        let (reader, passage) = (self.reader(spoken), spoken.passage);
        let opening = arabic::ArabicReader {
            opening: &reader,
            names: self.names,
        }
        .read(spoken.end, spoken.verb);
        if !spoken.is_said(&opening) {
            if let Some(of) = arabic::denied_pronoun(spoken) {
                let own = speaker::accept(passage, spoken.end..of);
                return self.push(spoken, own, Statement::new(of..of + 1, false, true), spoken.at);
            }
            return match self.trails(spoken, &opening) {
                Some(from) => self.trailing_clause(spoken, from),
                None => self.trailing_verb(spoken, &opening),
            };
        }
        let Some(mut statement) = self.statement(spoken, &opening, &reader) else {
            return;
        };
        statement.bare = matches!(opening.content, Some((Opener::Letter, _)));
        const NO_SPEAKER: Lists = Lists::of(&[
            List::Stop,
            List::Relative,
            List::Partitive,
            List::Time,
            List::Resumptive,
            List::That,
            List::Negation,
        ]);
        let mut opening = opening;
        let head = opening.speaker.start;
        if passage.kind(head).is_some_and(Kind::is_quote) {
            // «الوكالة» عن شهود: the quoted name alone.
            let stop =
                |at: &usize| passage.is_word(*at) && passage.lists(*at).any(Lists::of(&[List::Stop, List::Origin]));
            let closed = self.quotations.closing(head).unwrap_or(head);
            let range = closed + 1..opening.speaker.end;
            opening.speaker.end = range.into_iter().find(stop).unwrap_or(opening.speaker.end);
        }
        // نقلت وكالات عن مسؤولين أن …: those from whom the agency has it speak.
        let relays = passage.slice(spoken.at).trim_start_matches('و').starts_with("نقل");
        let range = opening.speaker.clone();
        let origin = range.into_iter().find(|at| passage.lists(*at).has(List::Origin));
        if let Some(origin) = origin.filter(|at| relays && at + 1 < opening.speaker.end) {
            opening.speaker.start = origin + 1;
        }
        let head = opening.speaker.start;
        let leads = speaker::begins_noun(passage, head)
            && !opening.speaker.is_empty()
            && !passage.lists(head).any(NO_SPEAKER)
            && !passage.has_proclitic(head, 'ب')
            && !passage.slice(head).starts_with("بال");
        let (leads, content) = match self.subject_precedes(spoken) {
            // The noun phrase after the verb is its object.
            true if spoken.verb.needs == Needs::Object && !opening.speaker.is_empty() => {
                (false, Some(opening.speaker.start))
            }
            precedes => (leads && !precedes, None),
        };
        if let Some(start) = content
            && let Some(whole) = self.clause(spoken, start)
        {
            statement = whole;
        }
        let after = match leads {
            true => speaker::accept(passage, opening.speaker),
            false => None,
        };
        if spoken.verb.needs == Needs::Object
            && after.is_none()
            && content.is_none()
            && !matches!(
                opening.content,
                Some((Opener::Preposition | Opener::That | Opener::Letter, _))
            )
        {
            return;
        }
        let joined = passage.cut(spoken.at) > 0;
        let heads = Lists::of(&[List::Title, List::Organisation, List::People]);
        let headed = leads && passage.lists(head).any(heads);
        if joined && !headed && self.goes_on_saying(spoken) {
            return;
        }
        let before = match after {
            Some(_) => None,
            None if opening.resumptive => speaker::main_subject(passage, self.lower(spoken)..spoken.at),
            None if joined => self.topic(spoken),
            None if self.pronoun_precedes(spoken) => None,
            None => speaker::before(passage, spoken.at, self.lower(spoken)),
        };
        let start = before.as_ref().map_or(spoken.at, |before| before.start);
        let own = after.or_else(|| before.and_then(|before| speaker::accept(passage, before)));
        if own.is_none() && (!joined && self.is_relative_act(spoken) || self.goes_on_saying(spoken)) {
            return;
        }
        self.push(spoken, own, statement, start);
    }

    /// "demonstrations that demand reforms": a verb of demanding or judging right after a noun is its relative clause.
    fn is_relative_act(&self, spoken: &Spoken) -> bool {
        const OPENS: Lists = Lists::of(&[
            List::That,
            List::And,
            List::Auxiliary,
            List::Boundary,
            List::Time,
            List::Adjunct,
            List::Contrast,
        ]);
        let (passage, at) = (spoken.passage, spoken.at);
        spoken.verb.stance != Stance::Said
            && at > spoken.sentence.start
            && passage.is_word(at - 1)
            && !self.pronoun_precedes(spoken)
            && passage.ending(OPENS, at, spoken.sentence.start).is_none()
    }

    /// أن التراجع يعكس تقدما، ويشير إلى قرب …: in the present, inside the statement of a verb in the past, it is a part of that
    /// statement.
    fn goes_on_saying(&self, spoken: &Spoken) -> bool {
        let passage = spoken.passage;
        let present = |at: usize| passage.slice(at).trim_start_matches('و').starts_with(['ي', 'ت']);
        let inside = self.earlier(spoken).last();
        present(spoken.at)
            && spoken.verb.gender != Gender::Plural
            && inside.is_some_and(|last| {
                last.forward && !last.direct && last.quote.contains(&spoken.at) && !present(last.at)
            })
    }

    /// لكنه نفى: the subject is a pronoun that is written to the conjunction.
    fn pronoun_precedes(&self, spoken: &Spoken) -> bool {
        let at = spoken.at;
        at > spoken.sentence.start && {
            let before = spoken.passage.slice(at - 1).trim_start_matches('و');
            before
                .strip_prefix("لكن")
                .is_some_and(|pronoun| matches!(pronoun, "ه" | "ها" | "هم" | "هما"))
        }
    }

    /// "that she called on the party": the pronoun before the verb, or a subject before a verb in the plural, is who speaks.
    fn subject_precedes(&self, spoken: &Spoken) -> bool {
        let (passage, at) = (spoken.passage, spoken.at);
        let pronoun = at > spoken.sentence.start && {
            let before = passage.slice(at - 1);
            passage.lists(at - 1).has(List::That)
                && (before.ends_with('ه') || before.ends_with("ها") || before.ends_with("هم"))
        };
        pronoun || (spoken.verb.gender == Gender::Plural && at > spoken.sentence.start && passage.cut(at) == 0)
    }

    /// أما الحزب فقال: the topic before a verb that ف joins.
    fn topic(&self, spoken: &Spoken) -> Option<Range<usize>> {
        let (passage, start) = (spoken.passage, spoken.sentence.start);
        let opened = matches!(passage.slice(start), "أما" | "اما" | "وأما");
        (opened && passage.has_proclitic(spoken.at, 'ف') && spoken.at - start <= TRAILING)
            .then_some(start + 1..spoken.at)
    }

    /// "a protest demanding an inquiry": without a comma the participle of a demand describes the noun before it, unless that
    /// is a document.
    fn describes_noun(&self, spoken: &Spoken) -> bool {
        const OPENS: Lists = Lists::of(&[
            List::And,
            List::Boundary,
            List::Time,
            List::Adjunct,
            List::Document,
            List::When,
            List::Passive,
            List::Contrast,
        ]);
        let (passage, at) = (spoken.passage, spoken.at);
        passage.language == Language::English
            && spoken.verb.needs == Needs::Object
            && at > spoken.sentence.start
            && passage.is_word(at - 1)
            && !passage.lists(at - 1).any(OPENS)
            && !matches!(passage.slice(at - 1), "by" | "after" | "before" | "also")
    }

    fn participle(&mut self, spoken: &Spoken) {
        if self.describes_noun(spoken) {
            return;
        }
        let reader = self.reader(spoken);
        let opening = reader.read(spoken.end, spoken.verb);
        let english = spoken.passage.language == Language::English;
        let arabic = arabic::ArabicReader {
            opening: &reader,
            names: self.names,
        };
        let opening = match spoken.passage.kind(spoken.at) == Some(Kind::Arabic) {
            true => arabic.read(spoken.end, spoken.verb),
            false => opening,
        };
        let mut bare = false;
        let statement = if english && spoken.verb.needs != Needs::That {
            self.forward(spoken, &reader, spoken.end)
        } else if spoken.verb.needs == Needs::Object && opening.content.is_some() {
            // "calling on the citizens to": the object belongs to the statement.
            bare = opening.speaker.is_empty() && matches!(opening.content, Some((Opener::Letter, _)));
            let content = opening.content;
            let start = if opening.speaker.is_empty() {
                content.map_or(spoken.end, |(_, start)| start)
            } else {
                opening.speaker.start
            };
            self.clause(spoken, start)
        } else if spoken.is_said(&opening) {
            self.statement(spoken, &opening, &reader)
        } else {
            None
        };
        let Some(mut statement) = statement else { return };
        statement.bare = bare;
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
        let joined = passage.has_proclitic(spoken.at, 'و');
        let inside = self.earlier(spoken).last();
        if joined && inside.is_some_and(|last| last.forward && !last.direct && last.quote.contains(&spoken.at)) {
            // "… and, on the basis of information, …" is an aside in the statement.
            return;
        }
        // وفق معلومات استخبارية: the basis of an operation, and nobody who speaks.
        if (spoken.end..spoken.end + 3).any(|at| passage.slice(at).trim_start_matches("ال").starts_with("استخبار"))
        {
            return;
        }
        let end = self.noun_end(spoken, spoken.end);
        // "according to reports citing a source": the second source is no part of the first.
        let source = |at: &usize| {
            let verb = passage
                .roles(*at)
                .0
                .verb
                .and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
            verb.is_some_and(|verb| verb.kind == VerbKind::Source)
        };
        let end = (spoken.end + 1..end).find(source).unwrap_or(end);
        // "citing six fatalities": a figure is cited, and nobody speaks.
        let first = spoken.end;
        if passage.kind(first) == Some(Kind::Number) || passage.roles(first).0.number.is_some() {
            return;
        }
        // "quoting me that": a pronoun names nobody.
        let pronoun = matches!(passage.slice(first), "me" | "him" | "her" | "them" | "us" | "it");
        if pronoun && passage.language == Language::English {
            return;
        }
        let heads = Lists::of(&[List::Title, List::Organisation, List::People, List::Document]);
        let headed = (spoken.end..end.min(spoken.end + FEWEST)).any(|at| passage.lists(at).any(heads));
        // بحسب الربيعي: the name of a speaker of the text.
        let named = || {
            let word = passage.slice(spoken.end);
            let name = word.strip_suffix('ى').unwrap_or(word);
            end == spoken.end + 1
                && self.found.iter().rev().take(KNOWN).any(|one| {
                    let span = one.speaker.map(|(span, _)| span);
                    span.and_then(|span| passage.text.get(span.start..span.end))
                        .is_some_and(|speaker| speaker.split_whitespace().any(|part| part.starts_with(name)))
                })
        };
        if !headed && passage.language != Language::English && !named() {
            return;
        }
        // "according to his information the place is bombed": the noun phrase has no end that could be found.
        let acts = |at: usize| {
            let lists = passage.lists(at);
            lists.any(Lists::of(&[List::Passive, List::Auxiliary])) && !lists.has(List::And)
        };
        if passage.language == Language::English && (spoken.end..end).any(acts) {
            return;
        }
        let Some(own) = speaker::accept(passage, spoken.end..end) else {
            return;
        };
        // "…: 'According to the figures, …": the first words of a quotation.
        let opens = spoken.at > spoken.sentence.start
            && passage
                .kind(spoken.at - 1)
                .is_some_and(|kind| kind.is_quote() || kind == Kind::Colon);
        let initial = spoken.at == spoken.sentence.start || joined || opens || passage.lists(end).has(List::That);
        let end = if initial { past_relative(spoken, end) } else { end };
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
}

/// One past the relative clause about a source: "According to reports from the town, where many remain, …".
fn past_relative(spoken: &Spoken, end: usize) -> usize {
    let passage = spoken.passage;
    let about = passage.language == Language::English
        && passage.kind(end) == Some(Kind::Comma)
        && matches!(passage.slice(end + 1), "where" | "which" | "who" | "whose");
    let last = (end + 1 + TRAILING).min(spoken.sentence.end);
    let close = (end + 1..last).find(|at| passage.kind(*at) == Some(Kind::Comma));
    close.filter(|_| about).unwrap_or(end)
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
    /// True if the words after the verb are those it needs to be one of saying.
    fn is_said(&self, opening: &Opening) -> bool {
        use Opener::{Colon, Content, Preposition, Quotation, That};
        let Some((opener, _)) = opening.content else {
            return false;
        };
        match self.verb.needs {
            Needs::Anything | Needs::Content => true,
            Needs::Opened => matches!(
                opener,
                That | Colon | Quotation | Preposition | Content | Opener::Letter
            ),
            _ if opener == Opener::Report => true,
            Needs::Object => true,
            Needs::That => matches!(opener, That | Colon | Quotation),
            Needs::Marked => matches!(opener, That | Colon | Quotation) && self.is_marked(opening),
        }
    }

    /// "warned of clashes": the preposition of a warning comes right before its statement, and no "that".
    fn is_nominal(&self, statement: &Statement) -> bool {
        let start = statement.tokens.start;
        let governed = start > self.at && {
            let before = self.passage.token(start - 1);
            before.is_some_and(|token| self.verb.opens.iter().any(|word| token.is(*word)))
        };
        let clause = self.passage.lists(start).any(Lists::of(&[List::That, List::Pronoun]));
        self.verb.stance == Stance::Warned && statement.forward && governed && !clause
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
