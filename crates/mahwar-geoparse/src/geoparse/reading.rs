//! Reading: whether a mention means the place itself or an actor called by its name.
//!
//! The words before the name (and before its type noun and list) decide first, those after it next. A place without a
//! verb or actor near it is literal; a short name of a power ("the Region") is the power.

use super::{
    cue::{Cue, Cues},
    dateline::Setting,
    extent::Extent,
    find::Found,
    institution::Institutions,
    parse::Reading,
    words::Words,
};
use crate::{
    gazetteer::Level,
    text::{Kind, Token, Tokens},
};
use std::ops::Range;

/// Largest distance of an actor before its place: "director of the health department of".
const CHAIN: usize = 4;
/// Largest distance of a talk, a border or a road before "with" and "between".
const REACH: usize = 7;
/// Largest distance of a letter or pledge before its sender, and before its receiver.
const POST: usize = 5;

/// A reading and, for an actor, its tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub reading: Reading,
    pub actor: Option<Range<usize>>,
    /// Why it is no scene, where it belongs to the head of a report.
    pub setting: Option<Setting>,
    /// The words around it decided; else it is literal because nothing speaks against it.
    pub decided: bool,
}

impl Read {
    /// A mention in the name of something else.
    pub fn part(whole: Range<usize>) -> Self {
        Self {
            reading: Reading::Associative,
            actor: Some(whole),
            setting: None,
            decided: true,
        }
    }

    /// A mention in the head of a report.
    pub fn setting(setting: Setting) -> Self {
        Self {
            reading: Reading::Associative,
            actor: None,
            setting: Some(setting),
            decided: true,
        }
    }
}

/// Usual meaning of a place and its name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// The place often means a government.
    pub power: bool,
    /// By this very name ("the Region").
    pub short: bool,
    /// The place is a state or represents one abroad.
    pub state: bool,
    /// One past the last token of the mention before its list; the words that govern it come after that.
    pub floor: usize,
    /// It has an administration of its own, which can say and decide things.
    pub acts: bool,
    /// It and the other members of its list, if it has any, are all powers.
    pub unanimous: bool,
    /// They are powers, and more than one.
    pub partners: bool,
    /// They are powers or governorates, and one of them is a power.
    pub subjects: bool,
}

/// Reads mentions in their context.
pub(super) struct Reader<'a> {
    pub words: &'a Words,
    pub text: &'a str,
    pub tokens: &'a Tokens,
    /// Cues of the proclitics of a token.
    pub prefix: &'a dyn Fn(usize, &Found) -> Cues,
}

impl Reader<'_> {
    /// The reading of one found name. `first`: the first member of its list; `rest`: itself and the members after it.
    pub fn read(&self, found: &Found, first: &Found, rest: &[Found], standing: Standing) -> Read {
        let Standing { short, .. } = standing;
        if self.is_stretch(found, rest) {
            return literal();
        }
        if let Some(read) = self.institution(found, rest) {
            return read;
        }
        let own = self.before(found, rest, found.head, standing);
        let first = Some(first).filter(|first| first.head < found.head);
        let decided = own
            .or_else(|| first.and_then(|first| self.before_list(found, first, rest, standing)))
            .or_else(|| self.behind(found, rest, standing))
            .or_else(|| self.governing_actor(found));
        if standing.subjects && decided.is_none() && self.is_sorani_subject(first.unwrap_or(found)) {
            return self.actor(found.first..found.last);
        }
        decided.unwrap_or_else(|| match short && found.trigger.is_none() {
            true => self.actor(found.first..found.last),
            false => Read {
                decided: found.trigger.is_some(),
                ..literal()
            },
        })
    }

    /// The institution that the name is a part of.
    fn institution(&self, found: &Found, rest: &[Found]) -> Option<Read> {
        let (cues, _) = self.words.ending_at(self.tokens, found.head);
        let begins = self.tokens.get(found.head).is_none_or(Token::begins_sentence);
        // Nouns of place and people ("the tribes of") may belong to a name; prepositions do not.
        let latin = self
            .tokens
            .get(found.head)
            .is_some_and(|token| token.kind == Kind::Latin);
        let preposition = cues.has(Cue::Literal) && (latin || cues.has(Cue::Function));
        let placed = (self.prefix)(found.head, found).has(Cue::Literal) || (!begins && preposition);
        let institutions = Institutions {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
        };
        let last = last_of(rest).max(end(found));
        if let Some(whole) = institutions.of(found, last, placed) {
            return Some(self.actor(whole));
        }
        // "a spokesman for Kirkuk police": the preposition governs the police, and not the town.
        let (behind, end) = self.words.beginning_at(self.tokens, last);
        let apart = self.tokens.get(last).is_none_or(Token::begins_sentence);
        let channel = cues.has(Cue::Channel) && !begins;
        (channel && !apart && behind.has(Cue::ActorAfter)).then(|| self.actor(found.first..end))
    }

    /// "the towers of Erbil were": the thing before it is the subject, unless a government has such things.
    fn is_possessed(&self, found: &Found) -> bool {
        let of = |at: usize| self.tokens.get(at).and_then(|token| self.text.get(token.range())) == Some("of");
        let Some(at) = found.head.checked_sub(1).filter(|at| of(*at) && *at > 0) else {
            return false;
        };
        let owner = self.words.ending_at(self.tokens, at).0;
        !owner.any(&[
            Cue::Message,
            Cue::Talk,
            Cue::Actor,
            Cue::Institution,
            Cue::Office,
            Cue::Title,
        ])
    }

    /// True if the words after the name describe the place itself: "Baghdad is …", "Iraq has suffered".
    fn described(&self, last: usize) -> bool {
        let cues = |at: usize| {
            let token = self.tokens.get(at).filter(|token| !token.begins_sentence());
            token.map_or(Cues::NONE, |token| self.words.of(token))
        };
        let slice = |at: usize| {
            let token = self.tokens.get(at).filter(|token| token.kind == Kind::Latin);
            token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
        };
        if !cues(last).has(Cue::Auxiliary) {
            return false;
        }
        let being = |at: usize| cues(at).has(Cue::Being);
        let mut next = last + 1;
        if !being(last) {
            if !being(next) {
                return cues(next).any(&[Cue::Motion, Cue::Line]);
            }
            next += 1;
        }
        while slice(next).ends_with("ly") || cues(next).any(&[Cue::Beside]) {
            next += 1;
        }
        let word = slice(next);
        let number = self.tokens.get(next).is_some_and(|token| token.kind == Kind::Number);
        let noun = matches!(word, "a" | "an" | "the" | "one" | "home");
        let participle = word.ends_with("ed") || word.ends_with("en") || cues(next).has(Cue::Motion);
        // "was accused of" and "is prepared to" are said of a government.
        let acts = cues(next).any(&[Cue::Verb, Cue::Actor]) || matches!(slice(next + 1), "to" | "about" | "that");
        number || noun || cues(next).has(Cue::Literal) || (participle && !acts)
    }

    /// Sorani puts a preposition before a place, so a power without one at the head of its clause acts.
    fn is_sorani_subject(&self, found: &Found) -> bool {
        let Some(token) = self.tokens.get(found.head) else {
            return false;
        };
        let before = found.head.checked_sub(1).and_then(|at| self.tokens.get(at));
        token.is_sorani()
            && found.trigger.is_none()
            && (token.begins_sentence()
                || before.is_some_and(|before| !before.kind.is_word() || self.words.whole(before).has(Cue::Subject)))
    }

    fn actor(&self, range: Range<usize>) -> Read {
        Read {
            reading: Reading::Associative,
            actor: Some(range),
            setting: None,
            decided: true,
        }
    }

    /// The type noun is itself an actor (the administration of …).
    fn governing_actor(&self, found: &Found) -> Option<Read> {
        let trigger = found.trigger.as_ref().filter(|trigger| trigger.end <= found.first)?;
        let (cues, _) = self.words.ending_at(self.tokens, trigger.end);
        // "the independent administration of Zakho" is a unit.
        let unit = self
            .tokens
            .get(found.last)
            .is_some_and(|next| self.words.of(next).has(Cue::Epithet));
        (cues.has(Cue::Actor) && !unit).then(|| self.actor(trigger.start..found.last))
    }

    /// The reading by the words before the first member, which holds for the later ones.
    fn before_list(&self, found: &Found, first: &Found, rest: &[Found], standing: Standing) -> Option<Read> {
        let read = self.before(first, rest, first.head, standing)?;
        Some(match read.actor {
            Some(actor) if actor.start < first.first => self.actor(actor.start..found.last),
            Some(_) => self.actor(found.first..found.last),
            None => read,
        })
    }

    /// The reading by the words before the head.
    fn before(&self, found: &Found, rest: &[Found], head: usize, standing: Standing) -> Option<Read> {
        let power = standing.power;
        let token = self.tokens.get(head)?;
        if token.begins_sentence() {
            // Sorani writers join a preposition to its place.
            let joined = token.is_sorani() && (self.prefix)(head, found).has(Cue::Literal);
            return joined.then(literal);
        }
        let (cues, start) = self.words.ending_at(self.tokens, head);
        if (self.prefix)(head, found).has(Cue::Literal) || cues.has(Cue::Literal) {
            if let Some(read) = self.office(found, head) {
                return Some(read);
            }
            let preposition = cues.has(Cue::Channel) || (self.prefix)(head, found).has(Cue::Channel);
            if let Some(read) = self.ministry(found, start) {
                return Some(read);
            }
            let sent = power && preposition && self.is_post(if cues.has(Cue::Literal) { start } else { head });
            return Some(if sent {
                self.actor(found.first..found.last)
            } else {
                literal()
            });
        }
        if cues.has(Cue::With) {
            return Some(self.partner(start, found, power));
        }
        if cues.has(Cue::Between) {
            return Some(self.between(start, found, rest, standing));
        }
        if cues.has(Cue::Facility) && (self.is_announced(start) || self.says(end(found))) {
            return Some(self.actor(start..found.last));
        }
        if cues.any(&[Cue::Motion, Cue::Facility, Cue::Line]) {
            return Some(literal());
        }
        if cues.has(Cue::Actor) {
            return Some(self.actor(start..found.last));
        }
        if let Some(read) = self.chain(found, head, standing.floor, standing.partners) {
            return Some(read);
        }
        let unit = found.trigger.as_ref().map(|trigger| trigger.noun.levels.first());
        let unit = unit.is_none_or(|level| level.is_some_and(|level| level.is_administrative()));
        // "Khanaqin is considered …", and "Khanaqin considers that …".
        let clause = self
            .tokens
            .get(end(found))
            .is_some_and(|next| self.words.of(next).has(Cue::Subject));
        if cues.has(Cue::Deems) && !clause {
            return Some(literal());
        }
        let decides = standing.acts && unit && cues.has(Cue::Verb) && self.is_arabic(start);
        let acts = decides || (power && (self.is_subject(cues, start, head) || self.is_object(found, head)));
        acts.then(|| self.actor(found.first..found.last))
    }

    /// "the ministry of natural resources in the region of Kurdistan" is an organisation of the region.
    fn ministry(&self, found: &Found, preposition: usize) -> Option<Read> {
        let region = found.trigger.as_ref()?.noun.levels.first() == Some(&Level::Region);
        let mut at = preposition;
        while region && at > 0 && preposition - at < CHAIN && !self.tokens.tokens[at].begins_sentence() {
            at -= 1;
            let token = &self.tokens.tokens[at];
            if self.words.of(token).has(Cue::Actor) && at + 1 < preposition {
                return Some(self.actor(at..found.last));
            }
            if !self.extent().has_article(token, usize::from(token.cut)) {
                return None;
            }
        }
        None
    }

    /// "the consul general to Kuwait", "a director of the subdistrict": an office, perhaps an adjective, and the
    /// preposition that is written to its place.
    fn office(&self, found: &Found, head: usize) -> Option<Read> {
        if !(self.prefix)(head, found).has(Cue::Channel) {
            return None;
        }
        let sentence = self.tokens.sentence_within(head, 3);
        let mut ends = [Some(head), head.checked_sub(1)].into_iter().flatten();
        let held = ends.find_map(|end| {
            let (cues, start) = self.words.ending_at(self.tokens, end);
            (cues.has(Cue::Office) && sentence.contains(&start)).then_some(start)
        })?;
        Some(self.actor(held..found.last))
    }

    fn is_arabic(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == Kind::Arabic && !token.is_sorani())
    }

    /// "the local government accuses Iran": a verb of saying, its subject with the article, then a power.
    fn is_object(&self, found: &Found, head: usize) -> bool {
        if found.trigger.is_some() {
            return false;
        }
        let mut at = head;
        while at > 0 && head - at < CHAIN && !self.tokens.tokens[at].begins_sentence() {
            at -= 1;
            let token = &self.tokens.tokens[at];
            if !self.is_arabic(at) {
                return false;
            }
            let cues = self.words.of(token);
            // "between" is spelt like a verb.
            if cues.has(Cue::Verb) && !cues.has(Cue::Between) {
                return at + 1 < head;
            }
            let subject = self.extent().has_article(token, 0) || cues.any(&[Cue::Title, Cue::Person]);
            if !subject || token.cut > 0 && !self.words.stem(token).is_empty() && self.words.whole(token).is_empty() {
                return false;
            }
        }
        false
    }

    /// True if a letter, a pledge or a demand is shortly before the preposition.
    fn is_post(&self, at: usize) -> bool {
        self.nearest(at, POST, &[Cue::Message, Cue::Motion, Cue::Line])
            .is_some_and(|(cues, _)| cues.has(Cue::Message))
    }

    /// True if a verb, or a word that introduces a subject, precedes a power, perhaps with a pronoun between.
    fn is_subject(&self, cues: Cues, start: usize, head: usize) -> bool {
        if cues.has(Cue::Pronoun) {
            let (before, _) = self.words.ending_at(self.tokens, start);
            return before.has(Cue::Verb) || self.looks_like_verb(start);
        }
        if cues.has(Cue::Subject) {
            // "that Baghdad witnesses …" is about the place.
            let (right, _) = self.words.beginning_at(self.tokens, head + 1);
            return !right.has(Cue::Motion);
        }
        cues.has(Cue::Verb) || self.looks_like_verb(head) || self.is_relative_verb(head)
    }

    /// "which Iraq sent": a word with an object written onto it after a relative pronoun.
    fn is_relative_verb(&self, head: usize) -> bool {
        let Some(at) = head.checked_sub(2).filter(|at| self.is_arabic(*at)) else {
            return false;
        };
        let verb = &self.tokens.tokens[at + 1];
        let word = self.text.get(verb.range()).unwrap_or_default();
        !verb.begins_sentence()
            && self.words.of(&self.tokens.tokens[at]).has(Cue::Relative)
            && !self.words.of(verb).any(&[Cue::Motion, Cue::Function])
            && (word.ends_with('ه') || word.ends_with("ها"))
    }

    /// True if an unknown word that begins like a verb precedes a token.
    fn looks_like_verb(&self, head: usize) -> bool {
        let Some(token) = head.checked_sub(1).and_then(|at| self.tokens.get(at)) else {
            return false;
        };
        token.kind == Kind::Arabic
            && self.words.of(token).is_empty()
            && !self.words.begins_noun(token.word)
            && self.extent().looks_like_verb(head - 1)
    }

    /// "with X": a partner in talks, or the far side of a border.
    fn partner(&self, at: usize, found: &Found, power: bool) -> Read {
        match self.nearest(at, REACH, &[Cue::Talk, Cue::Line, Cue::Facility]) {
            Some((cues, start)) if cues.has(Cue::Talk) => self.actor(start..found.last),
            Some(_) => literal(),
            None if power => self.actor(found.first..found.last),
            None => literal(),
        }
    }

    /// "between X and Y": parties or ends.
    fn between(&self, at: usize, found: &Found, rest: &[Found], Standing { power, unanimous, .. }: Standing) -> Read {
        let behind = self.behind_list(rest);
        match self.nearest(at, REACH, &[Cue::Talk, Cue::Line]) {
            None if behind.has(Cue::Line) => literal(),
            Some((cues, start)) if cues.has(Cue::Talk) && power => self.actor(start..found.last),
            Some((cues, _)) if cues.has(Cue::Line) => literal(),
            _ if unanimous => self.actor(found.first..found.last),
            _ => literal(),
        }
    }

    /// The nearest phrase before a token, in its sentence, that has one of the cues.
    fn nearest(&self, at: usize, reach: usize, wanted: &[Cue]) -> Option<(Cues, usize)> {
        let mut end = at;
        while end > 0 && at - end < reach {
            if self.tokens.get(end).is_some_and(Token::begins_sentence) {
                return None;
            }
            let (cues, start) = self.words.ending_at(self.tokens, end);
            if cues.any(wanted) {
                return Some((cues, start));
            }
            end -= 1;
        }
        None
    }

    /// Nouns in construct before the name, up to one that makes it an actor or a site. A definite noun ends them, unless
    /// the name is joined to it by "and".
    /// `partners`: the name and its list are partners, if a talk governs them ("the dispute of X and Y").
    fn chain(&self, found: &Found, head: usize, floor: usize, partners: bool) -> Option<Read> {
        let mut end = head;
        let mut joined = (self.prefix)(head, found).has(Cue::And);
        while end > floor && head - end < CHAIN {
            if self.tokens.get(end)?.begins_sentence() {
                return None;
            }
            let token = self.tokens.get(end - 1)?;
            if !token.kind.is_word() {
                return None;
            }
            let (cues, start) = self.words.ending_at(self.tokens, end);
            if cues.has(Cue::Facility) {
                return Some(match self.is_announced(start) {
                    true => self.actor(start..found.last),
                    false => literal(),
                });
            }
            if self.is_described(start, end, head) {
                return None;
            }
            if cues.has(Cue::Actor) || (cues.has(Cue::Talk) && partners) {
                return Some(self.actor(start..found.last));
            }
            let stops = [
                Cue::Literal,
                Cue::Function,
                Cue::Verb,
                Cue::With,
                Cue::Between,
                Cue::Motion,
                Cue::Line,
                Cue::Subject,
            ];
            // Sorani joins the nouns of a construct.
            let word = self.text.get(token.range()).unwrap_or_default();
            let apart = token.is_sorani() && !joined && !word.ends_with(['ی', 'ێ', 'ى', 'ي', 'و']);
            if apart || cues.any(&stops) || (!joined && self.extent().has_article(token, usize::from(token.cut))) {
                return None;
            }
            joined = false;
            end -= 1;
        }
        None
    }

    /// طائرات تركية ناحية …: a plural with its adjective, which ends the construct, so that the name is no part of it.
    fn is_described(&self, start: usize, end: usize, head: usize) -> bool {
        let word = |at: usize| {
            let token = self.tokens.get(at);
            token.and_then(|token| self.text.get(token.range())).unwrap_or_default()
        };
        let adjective = |at: usize| {
            let cues = self.tokens.get(at).map_or(Cues::NONE, |token| self.words.of(token));
            self.is_arabic(at) && word(at).ends_with("ية") && cues.is_empty()
        };
        end == start + 1 && end < head && word(start).ends_with("ات") && (end..head).all(adjective)
    }

    /// An English verb of saying or deciding follows: "the University of Mosul said".
    fn says(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let cues = self.words.of(token);
            token.kind == Kind::Latin
                && !token.begins_sentence()
                && cues.has(Cue::Verb)
                && !cues.any(&[Cue::Auxiliary, Cue::Motion])
        })
    }

    /// أعلنت جامعة الموصل: an Arabic verb of saying or deciding precedes a site with a body of its own, which is its
    /// subject then.
    fn is_announced(&self, site: usize) -> bool {
        let Some(verb) = site
            .checked_sub(1)
            .filter(|_| !self.tokens.tokens[site].begins_sentence())
        else {
            return false;
        };
        let cues = self.words.whole(&self.tokens.tokens[verb]);
        let body = self.words.of(&self.tokens.tokens[site]).has(Cue::Institution);
        body && self.is_arabic(verb) && cues.has(Cue::Verb) && !cues.any(&[Cue::Motion, Cue::Between])
    }

    /// The reading by the words after the name or its list.
    fn behind(&self, found: &Found, rest: &[Found], standing: Standing) -> Option<Read> {
        let power = standing.power;
        let last = last_of(rest).max(end(found));
        let next = self.tokens.get(last)?;
        if next.begins_sentence() {
            return None;
        }
        if next.kind == Kind::Possessive {
            return power.then(|| self.actor(found.first..found.last));
        }
        let (cues, end) = self.words.beginning_at(self.tokens, last);
        if self.described(last) {
            return Some(literal());
        }
        if !standing.state && cues.has(Cue::Auxiliary) && self.is_possessed(found) {
            return None;
        }
        if cues.has(Cue::Auxiliary) && self.is_arabic(last) {
            // "Baghdad was the hardest hit", and "Baghdad had announced".
            let (verb, _) = self.words.beginning_at(self.tokens, end);
            let perfect = self.tokens.get(end).and_then(|token| self.text.get(token.range())) == Some("قد");
            let acts = power && (verb.has(Cue::Verb) || perfect);
            return Some(if acts {
                self.actor(found.first..found.last)
            } else {
                literal()
            });
        }
        if power && self.is_attribute(found, last) {
            return Some(self.actor(found.first..found.last));
        }
        if cues.has(Cue::ActorAfter) {
            return Some(self.actor(found.first..end));
        }
        // A verb with "and" before it begins a clause of its own.
        let follows = next.cut == 0 || !self.words.whole(next).is_empty();
        let dispute = power && self.is_dispute(found, last);
        let unit = found.trigger.as_ref().and_then(|trigger| trigger.noun.levels.first());
        // "informed Turkey": in Sorani the object precedes its verb.
        let suffixed = self.tokens.get(last - 1).is_some_and(|token| token.tail > 0);
        if power && next.is_sorani() && suffixed && cues.has(Cue::Verb) {
            return Some(self.actor(found.first..found.last));
        }
        let acts = self.begins_clause(found.first) && self.extent().looks_like_latin_verb(last);
        // A headline puts the subject before a verb that the lexicon need not have: "Turkey cuts the flow".
        let headline = power && standing.state && self.is_arabic(last) && self.extent().looks_like_present(last);
        if (power && acts && !cues.has(Cue::Motion)) || headline {
            return Some(self.actor(found.first..found.last));
        }
        let decides = standing.acts && unit.is_some_and(|level| level.is_administrative()) && !cues.has(Cue::Auxiliary);
        ((power || decides) && cues.has(Cue::Verb) && follows && !next.is_sorani() || dispute)
            .then(|| self.actor(found.first..found.last))
    }

    /// "US aircraft", "UK voters": an acronym of a state before a noun means the state.
    fn is_attribute(&self, found: &Found, next: usize) -> bool {
        const LONGEST: usize = 6;
        let acronym = self.text.get(found.span.start..found.span.end).is_some_and(|name| {
            let capitals = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'.');
            capitals && name.len() <= LONGEST && name.len() > 1
        });
        let Some(token) = self.tokens.get(next) else {
            return false;
        };
        let noun = token.kind == Kind::Latin && !token.is_capital() && token.is_spaced();
        let cues = self.words.of(token);
        acronym
            && noun
            && !self.tokens.is_uncased_at(next)
            && !cues.any(&[Cue::Function, Cue::Literal, Cue::And, Cue::Line, Cue::Auxiliary])
    }

    /// True if a sentence begins here, or a clause after a comma and "and".
    fn begins_clause(&self, at: usize) -> bool {
        let joined = at >= 2
            && self.words.whole(&self.tokens.tokens[at - 1]).has(Cue::And)
            && self.tokens.tokens[at - 2].kind == Kind::Comma;
        joined || self.tokens.tokens[at].begins_sentence()
    }

    /// "the Iraq-Kuwait maritime dispute": two names joined by a dash, followed by a noun that takes parties.
    fn is_dispute(&self, found: &Found, last: usize) -> bool {
        let dash = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.kind == Kind::Dash && !token.is_spaced())
        };
        let joined = dash(found.last) || found.first.checked_sub(1).is_some_and(dash);
        let from = if dash(last) { last + 2 } else { last };
        joined
            && (from..from + 2).any(|at| {
                let token = self.tokens.get(at);
                token.is_some_and(|token| !token.begins_sentence() && self.words.of(token).has(Cue::Talk))
            })
    }

    /// "the Erbil-Kirkuk road": two names joined by a dash, and a line after them.
    fn is_stretch(&self, found: &Found, rest: &[Found]) -> bool {
        let dash = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.kind == Kind::Dash && !token.is_spaced())
        };
        let joined = dash(found.last) || found.first.checked_sub(1).is_some_and(dash);
        joined && self.behind_list(rest).has(Cue::Line)
    }

    /// Cues of the first word after a list.
    fn behind_list(&self, rest: &[Found]) -> Cues {
        let last = last_of(rest);
        match self.tokens.get(last) {
            Some(token) if !token.begins_sentence() => self.words.of(token),
            _ => Cues::NONE,
        }
    }

    fn extent(&self) -> Extent<'_> {
        Extent {
            words: self.words,
            text: self.text,
            tokens: self.tokens,
            any: false,
        }
    }
}

fn literal() -> Read {
    Read {
        reading: Reading::Literal,
        actor: None,
        setting: None,
        decided: true,
    }
}

fn last_of(list: &[Found]) -> usize {
    list.iter().map(end).max().unwrap_or(0)
}

fn end(found: &Found) -> usize {
    found
        .trigger
        .as_ref()
        .map_or(found.last, |trigger| trigger.end.max(found.last))
}
