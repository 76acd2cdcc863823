//! Arabic sentences that begin with their verb: the noun phrase of the speaker after it, and where the statement begins.

use super::Spoken;
use crate::{
    geoparse::{
        claim_lexicon::{List, Lists, Needs, Roles, Verb, VerbKind},
        opening::{Opener, Opening, OpeningReader},
        parse::Stance,
        passage::Passage,
        refutation,
    },
    text::Kind,
};
use std::ops::Range;

/// Longest way from a verb to its statement, and longest aside or apposition between commas.
const REACH: usize = 48;
const ASIDE: usize = 24;
const APPOSITION: usize = 14;
/// Longest quoted name of an organisation, with its marks.
const NAME: usize = 8;
/// Words after an adverbial phrase's head that belong to it.
const ADVERBIAL: usize = 2;
/// How far after its first occurrence the preposition of a verb is searched.
const LATER: usize = 14;

pub(super) struct ArabicReader<'r, 'a> {
    pub(super) opening: &'r OpeningReader<'r, 'a>,
    pub(super) names: &'r dyn Fn(usize) -> bool,
}

/// Where the reader is on its way from the verb.
#[derive(Default)]
struct Way {
    speaker: Option<Range<usize>>,
    /// The noun phrase of the speaker has ended.
    closed: bool,
    /// Inside an adverbial phrase; a statement may begin at this token or after it.
    adverbial: Option<usize>,
    /// Where a statement begins if no better opening follows.
    fallback: Option<usize>,
    resumptive: bool,
}

impl Way {
    fn take(&mut self, at: usize, end: usize) {
        match &mut self.speaker {
            Some(speaker) => speaker.end = end,
            None => self.speaker = Some(at..end),
        }
    }

    fn close(&mut self) {
        self.closed |= self.speaker.is_some();
    }
}

/// وبعد أن طلبت الشرطة تعزيزات، …: the demand is the background of another clause, and no statement.
pub(super) fn is_subordinate(spoken: &Spoken) -> bool {
    let (passage, at) = (spoken.passage, spoken.at);
    let after = at >= spoken.sentence.start + 2
        && matches!(passage.slice(at - 1), "أن" | "ان")
        && matches!(
            passage.slice(at - 2).trim_start_matches('و'),
            "بعد" | "قبل" | "عقب" | "منذ" | "قبيل" | "دون" | "بدون" | "إلى" | "الى" | "حال"
        );
    after && spoken.verb.stance == Stance::Demanded
}

/// لعدم حث نوابها: after a preposition the letters of a verb are those of a noun of action.
pub(super) fn is_masdar(spoken: &Spoken) -> bool {
    const BEFORE: [&str; 14] = [
        "في", "من", "على", "إلى", "الى", "عن", "مع", "عدم", "لعدم", "بعدم", "خلال", "دون", "عبر", "ضد",
    ];
    let (passage, at) = (spoken.passage, spoken.at);
    at > spoken.sentence.start
        && passage.cut(at) == 0
        && passage.is_word(at - 1)
        && BEFORE.contains(&passage.slice(at - 1).trim_start_matches('و'))
}

/// نفى مسؤول محلي ذلك: the pronoun for the statement of another speaker, after a speaker's noun phrase.
pub(super) fn denied_pronoun(spoken: &Spoken) -> Option<usize> {
    let passage = spoken.passage;
    let heads = Lists::of(&[List::Organisation, List::Title, List::People]);
    let limit = spoken.sentence.end.min(spoken.end + APPOSITION);
    let words = (spoken.end..limit).take_while(|at| passage.is_word(*at));
    let of = words.into_iter().find(|at| passage.slice(*at) == "ذلك")?;
    let ends = of + 1 >= spoken.sentence.end || !passage.is_word(of + 1);
    let speaker = (spoken.end..of).any(|at| passage.lists(at).any(heads));
    (spoken.verb.stance == Stance::Denied && ends && speaker).then_some(of)
}

enum Step {
    End,
    /// Goes on at a token.
    To(usize),
    /// The statement begins.
    Content(Opener, usize),
}

impl ArabicReader<'_, '_> {
    fn passage(&self) -> &Passage<'_> {
        self.opening.passage
    }

    /// Reads on from the token after a verb.
    pub(super) fn read(&self, from: usize, verb: &Verb) -> Opening {
        let limit = self.opening.sentence.end.min(from + REACH);
        let mut way = Way::default();
        let mut at = from;
        let mut content = None;
        while at < limit {
            match self.step(at, from, limit, verb, &mut way) {
                Step::End => break,
                Step::To(next) => at = next.max(at + 1),
                Step::Content(opener, start) => {
                    content = Some((opener, start));
                    break;
                }
            }
        }
        if let (None, Some(start)) = (content, way.fallback) {
            content = Some((Opener::Object, start));
            if let Some(speaker) = way.speaker.as_mut().filter(|speaker| speaker.end > start) {
                speaker.end = start;
            }
        }
        let speaker = way.speaker.map_or(at..at, |speaker| self.trimmed(speaker));
        Opening {
            speaker,
            content,
            resumptive: way.resumptive,
        }
    }

    fn step(&self, at: usize, from: usize, limit: usize, verb: &Verb, way: &mut Way) -> Step {
        let passage = self.passage();
        match passage.kind(at) {
            None | Some(Kind::Semicolon) => Step::End,
            // A full stop inside a sentence belongs to a title: د.
            Some(Kind::Stop) if at + 1 < limit && passage.is_word(at + 1) => {
                if !way.closed && way.adverbial.is_none() {
                    way.take(at, at + 1);
                }
                Step::To(at + 1)
            }
            Some(Kind::Stop) => Step::End,
            Some(Kind::Colon) => Step::Content(Opener::Colon, self.opening.after_that(at + 1)),
            Some(Kind::Comma) => self.comma(at, limit, verb, way),
            Some(Kind::Dash) if passage.token(at).is_some_and(|token| token.is_spaced()) => {
                self.comma(at, limit, verb, way)
            }
            Some(Kind::Open) => {
                let close = (at..limit.min(at + ASIDE)).find(|at| passage.kind(*at) == Some(Kind::Close));
                // وأوضحت (يونامي): the name of the speaker in brackets.
                if let Some(close) = close.filter(|close| at == from && at + 1 < *close) {
                    way.take(at + 1, close);
                    way.close();
                }
                Step::To(close.map_or(at + 1, |close| close + 1))
            }
            Some(kind) if kind.is_quote() => self.quotation(at, from, verb, way),
            Some(kind) if kind.is_word() => self.word(at, from, limit, verb, way),
            Some(_) => {
                if !way.closed && way.adverbial.is_none() && way.speaker.is_some() {
                    way.take(at, at + 1);
                }
                Step::To(at + 1)
            }
        }
    }

    fn quotation(&self, at: usize, from: usize, verb: &Verb, way: &mut Way) -> Step {
        use crate::geoparse::opening::Step as Quoted;
        // اتهمت «وحدات …» تركيا: a quoted name.
        let named = verb.needs == Needs::Object && way.speaker.is_none();
        // اتهمت الوحدات، التي تعدها واشنطن «شريكا …»، تركيا: a quotation in an aside.
        let aside = verb.needs == Needs::Object && way.closed && self.passage().tokens[at].is_spaced();
        let closing = self.opening.quotations.closing(at).filter(|_| aside);
        if let Some(close) = closing.filter(|close| self.passage().kind(close + 1) == Some(Kind::Comma)) {
            return Step::To(close + 1);
        }
        // أعلنت "المفوضية العليا" في العراق: the quoted name of an organisation right after the verb.
        let organisation = at == from && self.passage().lists(at + 1).has(List::Organisation) && {
            let close = self.opening.quotations.closing(at);
            close.is_some_and(|close| close - at <= NAME && self.passage().is_word(close + 1))
        };
        let named = named || organisation;
        let closed = self.opening.quotations.closing(at).filter(|_| named);
        let read = closed.map_or_else(|| self.opening.quotation(at), |close| Quoted::Speaker(close + 1 - at));
        match read {
            Quoted::Content(opener, start) => Step::Content(opener, start),
            Quoted::Speaker(len) => {
                if !way.closed && way.adverbial.is_none() {
                    way.take(at, at + len);
                }
                Step::To(at + len)
            }
            _ => Step::To(at + 1),
        }
    }

    /// Classifies the words after a comma: an apposition, an aside, the statement, or another clause.
    fn comma(&self, at: usize, limit: usize, verb: &Verb, way: &mut Way) -> Step {
        let (passage, next) = (self.passage(), at + 1);
        way.adverbial = None;
        let Some(kind) = passage.kind(next) else {
            return Step::End;
        };
        let (roles, _) = passage.roles(next);
        if kind.is_quote() || roles.lists.has(List::That) || way.speaker.is_none() {
            return Step::To(next);
        }
        if self.is_governed(next, verb, way) {
            way.close();
            return Step::To(next);
        }
        if self.is_act(&roles) {
            return Step::End;
        }
        // كشف مصدر، اليوم الاثنين عن إعداد: only one comma is at the day.
        if let Some(after) = self.time(next) {
            way.close();
            return Step::To(after);
        }
        // حذر فلان، اليوم الجمعة، الحكومة من …: whom the warning is for comes before its preposition.
        let warned = way.closed && verb.stance == Stance::Warned && kind.is_word() && !self.is_adverbial(next, &roles);
        let later = next + 1..limit.min(next + LATER);
        if warned
            && later
                .clone()
                .any(|at| verb.opens.iter().any(|word| passage.tokens[at].is(*word)))
        {
            return Step::Content(Opener::Content, next);
        }
        let end = (next..limit.min(next + ASIDE)).find(|at| self.ends_segment(*at));
        let closed = end.is_some_and(|end| passage.kind(end) != Some(Kind::Stop));
        let Some(end) = end.filter(|_| closed) else {
            return match self.takes_object(verb) && kind.is_word() && !self.is_adverbial(next, &roles) {
                true => Step::Content(Opener::Object, next),
                false => Step::End,
            };
        };
        let heads = Lists::of(&[List::Title, List::Organisation, List::People]);
        // "the mayor, and two officers, said": another speaker.
        let joined = passage.has_proclitic(next, 'و') && roles.lists.any(heads);
        let noun = kind.is_word() && (passage.cut(next) == 0 || joined) && !self.is_adverbial(next, &roles);
        let content = roles.lists.has(List::Content) && !roles.lists.any(Lists::of(&[List::Title, List::Organisation]));
        if noun && content && self.takes_object(verb) {
            return Step::Content(Opener::Content, next);
        }
        // دعت الخلية، وسائل الإعلام إلى …: the preposition of the verb comes after its object.
        let governs = |at: usize| {
            let word = passage.token(at).map(|token| token.word);
            verb.opens.iter().any(|open| Some(*open) == word)
        };
        if noun && verb.needs == Needs::Object && (next + 1..end).any(governs) {
            return Step::Content(Opener::Object, next);
        }
        if noun && way.closed && verb.needs == Needs::Object && !passage.slice(next).starts_with('و') {
            return Step::Content(Opener::Object, next);
        }
        if noun && !way.closed && end - next <= APPOSITION && !self.is_accusative(next) {
            way.take(next, end);
        }
        way.close();
        Step::To(end)
    }

    /// A verb of saying, or a clause that "and" begins.
    fn is_act(&self, roles: &Roles) -> bool {
        let passage = self.passage();
        let verb = roles.verb.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
        let acts = verb.is_some_and(|verb| !matches!(verb.kind, VerbKind::Source) && !roles.lists.has(List::Reserve));
        acts || roles.lists.has(List::Boundary)
    }

    fn ends_segment(&self, at: usize) -> bool {
        let passage = self.passage();
        match passage.kind(at) {
            None | Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Colon) => true,
            Some(Kind::Dash) => passage.tokens[at].is_spaced(),
            Some(kind) if kind.is_quote() => self.opening.opens_statement(at),
            Some(_) => passage.lists(at).has(List::That),
        }
    }

    /// A word that begins no noun phrase.
    fn is_adverbial(&self, at: usize, roles: &Roles) -> bool {
        const ADVERBIALS: Lists = Lists::of(&[
            List::Adjunct,
            List::Stop,
            List::Time,
            List::Relative,
            List::Reserve,
            List::Resumptive,
            List::Locative,
        ]);
        let source = roles
            .verb
            .and_then(|verb| self.passage().lexicon.verbs.get(usize::from(verb)))
            .is_some_and(|verb| verb.kind == VerbKind::Source);
        source || roles.lists.any(ADVERBIALS) || self.time(at).is_some() || self.is_accusative(at)
    }

    /// "، طالباً عدم الكشف عن اسمه،" says how, not who.
    fn is_accusative(&self, at: usize) -> bool {
        let slice = self.passage().slice(at);
        slice.ends_with("اً") || slice.ends_with("\u{64B}ا")
    }

    fn word(&self, at: usize, from: usize, limit: usize, verb: &Verb, way: &mut Way) -> Step {
        let passage = self.passage();
        let (roles, len) = passage.roles(at);
        let lists = roles.lists;
        if lists.has(List::That) {
            return Step::Content(Opener::That, at + len);
        }
        if lists.has(List::Resumptive) {
            way.resumptive |= way.speaker.is_none() && at == from;
            way.close();
            return Step::To(at + len);
        }
        if let Some(step) = self.other_verb(at, len, &roles, verb, way) {
            return step;
        }
        if self.denies_report(at, &roles, verb) {
            return Step::Content(Opener::Report, at);
        }
        if self.opens(at, limit, verb, way) {
            return Step::Content(Opener::Preposition, self.opening.after_that(at + 1));
        }
        if self.opens_by_letter(at, &roles, verb, way) {
            return match way.fallback {
                Some(start) => Step::Content(Opener::Object, start),
                None => Step::Content(Opener::Letter, at),
            };
        }
        if self.is_content(at, &roles, verb, way) {
            return Step::Content(Opener::Content, at);
        }
        if let Some(end) = self.time(at) {
            way.close();
            way.adverbial = None;
            return Step::To(end);
        }
        if lists.has(List::Adjunct) || self.is_hearer(at, from, way) {
            way.close();
            way.adverbial = Some(at + len + ADVERBIAL);
            return Step::To(at + len);
        }
        if lists.any(Lists::of(&[List::Relative, List::Reserve])) {
            way.close();
            way.adverbial = Some(usize::MAX);
            return Step::To(at + len);
        }
        if way.closed || way.adverbial.is_some() {
            return self.after_speaker(at, len, verb, way);
        }
        match &way.speaker {
            Some(speaker) if self.begins_object(at, &roles, speaker, verb) => {
                if verb.needs == Needs::Object {
                    return Step::Content(Opener::Object, at);
                }
                if self.takes_object(verb) {
                    way.fallback.get_or_insert(at);
                } else if roles.lists.has(List::Determiner) {
                    // "the party called this decision …"
                    way.close();
                    return Step::To(at + len);
                }
                way.take(at, at + len);
            }
            Some(_) if lists.any(Lists::of(&[List::Stop, List::With])) && !self.attaches(at) => {
                way.close();
                way.adverbial = Some(at + len + ADVERBIAL);
            }
            None if lists.any(Lists::of(&[List::Stop, List::With])) => {
                way.adverbial = Some(at + len + ADVERBIAL);
            }
            _ => way.take(at, at + len),
        }
        Step::To(at + len)
    }

    /// A word after the speaker's noun phrase and an adverbial: the object, where the verb takes one.
    fn after_speaker(&self, at: usize, len: usize, verb: &Verb, way: &mut Way) -> Step {
        let free = way.adverbial.is_none();
        if free
            && way.speaker.is_some()
            && self.takes_object(verb)
            && !self.passage().lists(at).any(Lists::of(&[List::Stop]))
        {
            way.fallback.get_or_insert(at);
        }
        if free && way.speaker.is_none() {
            way.closed = false;
            way.take(at, at + len);
        }
        Step::To(at + len)
    }

    /// نفت الأنباء التي …, وصف الأنباء بأنها كاذبة: a noun of news that the verb denies, and no part of an agency's name.
    fn denies_report(&self, at: usize, roles: &Roles, verb: &Verb) -> bool {
        let passage = self.passage();
        let heads = Lists::of(&[List::Organisation, List::Outlet, List::Title, List::Press]);
        let before = at.checked_sub(1).map(|at| (passage.lists(at), passage.is_definite(at)));
        let named = before.is_some_and(|(lists, definite)| lists.any(heads) && !definite && !lists.has(List::Rumour));
        let denies = verb.stance == Stance::Denied
            || (verb.needs == Needs::That && refutation::refutes(passage, &(at..self.opening.sentence.end)));
        roles.lists.has(List::Rumour) && passage.cut(at) == 0 && denies && !named
    }

    /// The statement may begin with a token after a comma: "…, خلال مؤتمر, إلى حماية المدنيين".
    fn is_governed(&self, at: usize, verb: &Verb, way: &Way) -> bool {
        let passage = self.passage();
        let word = passage.token(at).map(|token| token.word);
        let governs = verb.opens.iter().any(|open| Some(*open) == word);
        governs || self.opens_by_letter(at, &passage.roles(at).0, verb, way)
    }

    /// ورد after بيان is "arrived", and no verb of saying that "and" joins.
    fn is_received(&self, at: usize) -> bool {
        let passage = self.passage();
        at > 0
            && passage.slice(at).starts_with("ور")
            && passage.lists(at - 1).has(List::Document)
            && !passage.is_definite(at - 1)
    }

    /// Another verb of saying ends the search, unless it is part of the same act.
    fn other_verb(&self, at: usize, len: usize, roles: &Roles, verb: &Verb, way: &mut Way) -> Option<Step> {
        let passage = self.passage();
        let other = passage.lexicon.verbs.get(usize::from(roles.verb?))?;
        match other.kind {
            // وتابع قائلاً: one act of saying.
            VerbKind::Participle if verb.kind == VerbKind::Finite => {
                way.close();
                way.adverbial = Some(at + len);
                Some(Step::To(at + len))
            }
            VerbKind::Participle | VerbKind::Possessive => Some(Step::End),
            VerbKind::Source => {
                way.close();
                way.adverbial = Some(usize::MAX);
                Some(Step::To(at + len))
            }
            _ if self.is_received(at) => {
                way.close();
                way.adverbial = Some(usize::MAX);
                Some(Step::To(at + len))
            }
            _ if passage.cut(at) > 0 && other.needs != Needs::Marked => Some(Step::End),
            _ => None,
        }
    }

    /// True if a preposition is the one that the verb governs and no part of the speaker: the last one that "that" follows,
    /// or else the first.
    fn opens(&self, at: usize, limit: usize, verb: &Verb, way: &Way) -> bool {
        let passage = self.passage();
        let governs = |at: usize| {
            let word = passage.token(at).map(|token| token.word);
            verb.opens.iter().any(|open| Some(*open) == word)
        };
        if !governs(at) || passage.cut(at) > 0 {
            return false;
        }
        let that = |at: usize| passage.lists(at + 1).has(List::That);
        // تشير تقارير، التي …, إلى عودة: past a relative clause a noun of action shows the statement.
        let past_relative = way.adverbial == Some(usize::MAX) && passage.lists(at + 1).has(List::Content);
        if that(at) || past_relative {
            return true;
        }
        let later = (at + 1..limit.min(at + LATER)).take_while(|at| !self.ends_segment(*at) || that(at - 1));
        way.adverbial != Some(usize::MAX) && !later.into_iter().any(|at| governs(at) && that(at))
    }

    /// True if a word begins with the letter that the verb governs: اتهم … بالتقصير.
    fn opens_by_letter(&self, at: usize, roles: &Roles, verb: &Verb, way: &Way) -> bool {
        let passage = self.passage();
        let Some(letter) = verb.opens_letter else { return false };
        if !passage.slice(at).starts_with(letter) || roles.lists.any(Lists::of(&[List::Adjunct, List::Resumptive])) {
            return false;
        }
        if roles.lists.has(List::Content) && passage.has_proclitic(at, letter) {
            return true;
        }
        let token = &passage.tokens[at];
        let attached = passage.has_proclitic(at, letter)
            || (token.cut > 0 && roles.is_empty())
            || passage.slice(at).starts_with(&format!("{letter}ال"))
            || (token.word == crate::text::UNKNOWN && passage.slice(at).chars().count() > 4);
        let governs = verb.needs == Needs::Object || verb.stance != Stance::Said;
        governs && way.speaker.is_some() && attached && !(self.names)(token.stem_range(passage.text).start)
    }

    fn is_content(&self, at: usize, roles: &Roles, verb: &Verb, way: &Way) -> bool {
        let passage = self.passage();
        // البعثة للدعم: a noun with ل and its article is no object.
        let attached = passage.slice(at).starts_with("لل");
        if !roles.lists.has(List::Content)
            || passage.cut(at) > 0
            || attached
            || way.adverbial.is_some_and(|end| at < end)
        {
            return false;
        }
        let takes = matches!(
            verb.needs,
            Needs::Anything | Needs::Content | Needs::Opened | Needs::Object
        );
        let idafa = way.speaker.as_ref().is_some_and(|speaker| {
            let heads = Lists::of(&[List::Organisation, List::Title]);
            // مدير عام صحة كركوك: the adjective belongs to the title.
            let general = passage.slice(at - 1) == "عام" && at >= speaker.start + 2;
            let title = passage.ending(heads, at - usize::from(general), speaker.start);
            speaker.end == at && title.is_some() && !passage.is_definite(at - 1)
        });
        takes && !idafa
    }

    /// True if the verb may have a noun for its object.
    fn takes_object(&self, verb: &Verb) -> bool {
        matches!(verb.needs, Needs::Anything | Needs::Content | Needs::Object)
    }

    /// True if a word after a complete noun phrase begins another: definite, and no adjective of the one before.
    fn begins_object(&self, at: usize, roles: &Roles, speaker: &Range<usize>, verb: &Verb) -> bool {
        const HEADS: Lists = Lists::of(&[List::Title, List::Organisation, List::People]);
        let passage = self.passage();
        let last = speaker.end - 1;
        let name = |at: usize| {
            passage
                .token(at)
                .is_some_and(|token| (self.names)(token.start as usize))
        };
        let called = verb.needs == Needs::Object && self.ends_in_name(speaker);
        let complete = passage.is_definite(last) || name(last) || called;
        // تتهم منظمات غير حكومية التحالف: a definite noun after the adjective of an indefinite one begins another noun phrase.
        let indefinite = last > speaker.start
            && speaker.clone().all(|at| !passage.is_definite(at))
            && is_relative_adjective(passage.slice(last))
            && passage.is_definite(at)
            && !(roles.lists.has(List::Adjective) || name(at));
        if indefinite && passage.cut(at) == 0 {
            return true;
        }
        if !complete || passage.cut(at) > 0 {
            return false;
        }
        // وزير شؤون البيشمركة: after a word that only may be a name another office or an event begins the object.
        const OBJECTS: Lists = Lists::of(&[
            List::Title,
            List::Organisation,
            List::People,
            List::Event,
            List::Reference,
        ]);
        if !passage.is_definite(last) && !name(last) && !roles.lists.any(OBJECTS) {
            return passage.lexicon.events.is_noun_at(passage, at);
        }
        // كردستان العراق: after a name its second word, or the place that contains it.
        if name(last) && !roles.lists.any(HEADS) {
            const EVENTS: Lists = Lists::of(&[List::Event, List::Reference, List::Document, List::Meeting]);
            return roles.lists.any(EVENTS) || passage.lexicon.events.is_noun_at(passage, at);
        }
        let definite = passage.is_definite(at);
        let word = passage.slice(at);
        let adjective = roles.lists.has(List::Adjective) || is_relative_adjective(word);
        if roles.lists.has(List::Determiner) || name(at) {
            return true;
        }
        if definite {
            return !adjective || roles.lists.any(HEADS);
        }
        // "the council of the province | reports of …": after an organisation, and not before a person's name.
        let organisation = passage.lists(speaker.start).has(List::Organisation)
            && !speaker.clone().any(|at| passage.lists(at).has(List::Title));
        let plain = !roles.lists.any(Lists::of(&[
            List::Stop,
            List::Title,
            List::Organisation,
            List::Adjunct,
            List::With,
        ]));
        if organisation && plain && passage.kind(at) == Some(Kind::Arabic) {
            return true;
        }
        roles.lists.any(HEADS) && !passage.lists(last).any(HEADS)
    }

    /// True if a noun phrase with a head ends in the name of a person or of an organisation: النائب جمال شكور, بعثة يونامي. A
    /// bare name may have its office after it.
    fn ends_in_name(&self, speaker: &Range<usize>) -> bool {
        const HEADS: Lists = Lists::of(&[List::Title, List::Organisation, List::People]);
        let passage = self.passage();
        let headed = passage.lists(speaker.start).any(HEADS);
        let plain = |at: usize| {
            passage.kind(at) == Some(Kind::Arabic)
                && !passage.is_definite(at)
                && passage.roles(at).0.is_empty()
                && (passage.tokens[at].cut == 0 || passage.tokens[at].stem == crate::text::UNKNOWN)
        };
        let last = speaker.end - 1;
        let unknown = passage.tokens[last].word == crate::text::UNKNOWN;
        let pair = last > speaker.start + 1 && plain(last - 1);
        headed && speaker.len() > 1 && plain(last) && (unknown || pair)
    }

    /// "an officer in the police", "a member of parliament for": a preposition inside the speaker's noun phrase.
    fn attaches(&self, at: usize) -> bool {
        let passage = self.passage();
        let next = passage.lists(at + 1);
        // "from inside": the second of two prepositions.
        let second = passage.lists(at - 1).has(List::Stop);
        passage.is_word(at + 1)
            && (second || matches!(passage.slice(at), "في" | "من" | "عن" | "على" | "لدى" | "إلى" | "الى"))
            && !next.any(Lists::of(&[List::Document, List::Time, List::Content]))
    }

    /// The hearer: لـ"العربي الجديد", لوكالة, للصحفيين, or any word with ل that cannot belong to the speaker.
    fn is_hearer(&self, at: usize, from: usize, way: &Way) -> bool {
        let passage = self.passage();
        let word = passage.slice(at);
        if !word.starts_with('ل') {
            return false;
        }
        if passage.is_letter(at, 'ل') && passage.kind(at + 1).is_some_and(Kind::is_quote) {
            return true;
        }
        let stem = word.trim_start_matches('ل');
        let cut = passage.tokens[at].cut > 0 || word.starts_with("لل");
        let press = passage.lists(at).any(Lists::of(&[List::Press, List::Outlet])) || self.is_outlet(at);
        if press || at == from {
            return cut || passage.tokens[at].word == crate::text::UNKNOWN || press;
        }
        let Some(speaker) = way.speaker.as_ref().filter(|_| !way.closed) else {
            return cut && !stem.is_empty();
        };
        // After a noun with its article the word with ل belongs to it, unless it is a name.
        let named = (self.names)(passage.tokens[at].stem_range(passage.text).start);
        // مصدر موال للرئيس: the adjective takes the word with ل.
        if passage.lists(speaker.end - 1).has(List::Belongs) {
            return false;
        }
        // بيان للجيش
        if passage.lists(speaker.end - 1).has(List::Document) && speaker.len() == 1 {
            return false;
        }
        let last = &passage.tokens[speaker.end - 1];
        let place = (self.names)(last.start as usize);
        cut && (named || !(place || passage.is_definite(speaker.end - 1)))
    }

    /// A name of an agency by its second word: شفق نيوز.
    fn is_outlet(&self, at: usize) -> bool {
        self.passage().lists(at + 1).has(List::Press) || matches!(self.passage().slice(at + 1), "24" | "٢٤")
    }

    /// One past an expression of time that begins here: مساء أمس الأحد, يوم الخميس الماضي, الشهر الماضي.
    fn time(&self, at: usize) -> Option<usize> {
        let passage = self.passage();
        let mut end = at;
        loop {
            let (roles, len) = passage.roles(end);
            if !passage.is_word(end) || end >= self.opening.sentence.end || (end > at && passage.cut(end) > 0) {
                break;
            }
            let lists = roles.lists;
            let (next, next_len) = passage.roles(end + len);
            let qualified = next.lists.has(List::TimeAdjective);
            if lists.has(List::Time) || (lists.has(List::TimeBefore) && qualified) {
                end += len + if qualified { next_len } else { 0 };
            } else {
                break;
            }
        }
        (end > at).then_some(end)
    }

    /// Without marks and conjunctions at the end.
    fn trimmed(&self, speaker: Range<usize>) -> Range<usize> {
        let passage = self.passage();
        let Range { start, mut end } = speaker;
        let loose = |at: usize| match passage.kind(at) {
            Some(Kind::Arabic | Kind::Latin) => {
                passage.lists(at).any(Lists::of(&[List::Auxiliary, List::And])) && passage.cut(at) == 0
            }
            Some(Kind::Number | Kind::Close) => false,
            Some(kind) => !kind.is_quote() && kind != Kind::Stop,
            None => true,
        };
        while end > start && loose(end - 1) {
            end -= 1;
        }
        start..end
    }
}

/// An adjective of relation by its ending: العراقي, العراقية.
fn is_relative_adjective(word: &str) -> bool {
    word.chars().count() > 4
        && ["ي", "ية", "يه", "يين", "ى"]
            .iter()
            .any(|ending| word.ends_with(ending))
}
