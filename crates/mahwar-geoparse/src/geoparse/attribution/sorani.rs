//! Sorani sentences, whose verb is at the end, and verbs of a noun and a light verb further on.

use super::{AttributionFinder, FEWEST, Spoken, Statement};
use crate::{
    geoparse::{
        claim_lexicon::{Gender, List, Lists, Needs, VerbKind},
        parse::Stance,
        passage::Passage,
        speaker,
    },
    text::{Kind, Span},
};
use std::ops::Range;

/// How far a light verb may be from its noun, and how long a speaker is.
const SPLIT: usize = 28;
const SPEAKER: usize = 24;
/// Most words of a name without an office.
const NAME: usize = 3;
const HEADS: Lists = Lists::of(&[List::Title, List::Organisation, List::People, List::Document]);
/// Forms of the light verb "to do" that are written to the word before.
const FUSED: [&str; 6] = ["کرد", "کردن", "کردوون", "کردووە", "دەکات", "دەکەن"];
/// Beginnings of the passive of "to do" and "to give".
const PASSIVES: [&str; 4] = ["کرا", "دەکرێ", "درا", "دەدرێ"];
/// Endings of infinitives that an object or a possessor follows.
const ACTIONS: [&str; 7] = ["کردنی", "بوونی", "ردنەوەی", "انەوەی", "وونەوەی", "ستنی", "نانی"];

impl AttributionFinder<'_> {
    /// A verb of saying: its speaker precedes it, its statement precedes or follows it.
    pub(super) fn sorani(&mut self, spoken: &Spoken) {
        let (passage, reader) = (spoken.passage, self.reader(spoken));
        // خستە ڕوو و ڕایگەیاند: of two joined verbs the second has the statement.
        if passage.lists(spoken.end).has(List::And) && is_saying(passage, spoken.end + 1) {
            return;
        }
        if is_subordinate(spoken) {
            return;
        }
        let quoted = self.quotation_before(spoken, &reader);
        let lower = quoted.as_ref().map_or(self.lower(spoken), |quoted| quoted.end + 1);
        let joined = spoken.at > lower
            && (passage.lists(spoken.at - 1).has(List::And) || follows_and(passage, lower, spoken.at));
        let verb_at = past_adverbs(passage, lower, spoken.at);
        let (before, object) = match joined {
            // "… and announced": the subject of the sentence.
            true if self.earlier(spoken).is_empty() => {
                let start = past_circumstances(passage, spoken.sentence.start, spoken.at);
                let object = match spoken.verb.needs == Needs::Object {
                    true => joined_object(passage, spoken.sentence.start, spoken.at),
                    false => None,
                };
                (first_noun(passage, start, spoken.at), object)
            }
            true => (None, None),
            false => subject(passage, lower.min(verb_at), verb_at, spoken.verb.needs == Needs::Object),
        };
        if is_relative(passage, before.as_ref()) {
            return;
        }
        let forward = self.forward(spoken, &reader, spoken.end);
        // دەستگیرکردنی … ڕاگەیاند، کە: the relative clause after the verb is about its object.
        let action = |object: &Range<usize>| ACTIONS.iter().any(|end| passage.slice(object.start).ends_with(end));
        let relative = passage.kind(spoken.end) == Some(Kind::Comma)
            || (passage.lists(spoken.end).has(List::That) && object.as_ref().is_some_and(action));
        let transitive = spoken.verb.needs == Needs::Object;
        // لە بەیاننامەیەکدا، ئەمڕۆ … ڕایگەیاند، …: when and where it was said, and no object.
        let object = object.filter(|object| !is_circumstance(passage, object));
        let forward = forward.filter(|_| object.is_none() || !(relative || transitive));
        // بە ڕووداوی ڕاگەیاند …: the clitic of the verb is written to the hearer.
        let forward = match forward {
            // گوتیشی دوای …: before a verb that begins its sentence there is nothing that was said.
            None if object.is_none()
                && quoted.is_none()
                && (spoken.at == spoken.sentence.start || is_addressed(passage, lower, spoken.at)) =>
            {
                self.clause_after(spoken, spoken.end)
                    .filter(|said| said.tokens.len() > FEWEST)
            }
            forward => forward,
        };
        let statement = match (quoted, forward, object) {
            (Some(tokens), ..) => Statement::new(tokens, true, false),
            (None, Some(statement), _) => statement,
            (None, None, Some(object)) => Statement::new(object, false, false),
            // Without a clitic of its own the verb needs an object before it or a statement after it.
            (None, None, None) if matches!(spoken.verb.needs, Needs::Object | Needs::That) => return,
            (None, None, None) => {
                let end = before.as_ref().map_or(spoken.at, |before| before.start);
                // "…, the minister said": a comma separates the statement from the speaker.
                let parted = end > lower && passage.kind(end - 1).is_some_and(|kind| !kind.is_word());
                if before.is_some() && !parted {
                    return;
                }
                match self.clause_before(spoken, end) {
                    Some(statement) => statement,
                    None => return,
                }
            }
        };
        let start = before.as_ref().map_or(spoken.at, |before| before.start);
        let pronoun = |before: &Range<usize>| before.len() == 1 && passage.lists(before.start).has(List::Pronoun);
        let own = before.filter(|before| !pronoun(before));
        let own = own.and_then(|own| speaker::accept(passage, own));
        if statement.direct && !statement.forward {
            while self.found.last().is_some_and(|last| last.at > statement.tokens.start) {
                self.found.pop();
            }
        }
        self.push(spoken, own, statement, start);
    }

    /// داوای لە حکومەت کرد کە …: the noun names the kind of statement; the light verb ends the clause.
    pub(super) fn split(&mut self, spoken: &Spoken) {
        let passage = spoken.passage;
        let limit = spoken.sentence.end.min(spoken.end + SPLIT);
        let ends = |at: &usize| matches!(passage.kind(*at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon));
        let light = (spoken.end..limit).take_while(|at| !ends(at)).find(|at| {
            passage.lists(*at).any(Lists::of(&[List::Light, List::Negated])) || is_fused_light(passage, *at)
        });
        let light =
            light.filter(|light| passage.lists(*light).has(List::Light) || !passage.lists(*light).has(List::Negated));
        let light = light.filter(|light| !self.is_modifier(spoken, *light));
        let Some(light) = light else { return };
        if is_subordinate(spoken) {
            return;
        }
        // داوا کراوە: the passive does not say who asks.
        if PASSIVES.iter().any(|form| passage.slice(light).starts_with(form)) {
            return;
        }
        // داواکاریەکانی: the requests, a noun.
        if passage.slice(spoken.at).contains("ەکا") || passage.slice(spoken.at).contains("ەکە") {
            return;
        }
        let after = light + 1;
        let governs = |at: usize| {
            passage
                .token(at)
                .is_some_and(|token| spoken.verb.opens.iter().any(|word| token.is(*word)))
        };
        let that = passage.lists(after).has(List::That) || passage.kind(after) == Some(Kind::Colon);
        let goes_on = after + 2 < spoken.sentence.end && !passage.lists(after).has(List::And);
        let statement = if that && after + 1 < spoken.sentence.end {
            let opening = self.reader(spoken).read(after, spoken.verb);
            match opening.content {
                Some(_) => self.statement(spoken, &opening, &self.reader(spoken)),
                None => self.clause(spoken, after + 1),
            }
        } else if governs(after) && after + 1 < spoken.sentence.end {
            self.clause(spoken, after + 1)
        } else if governs(spoken.end) && goes_on {
            // داوایان لە … کرد …: the addressee is between the two, what is demanded follows.
            self.clause(spoken, after)
        } else if light == spoken.end && after + 1 < spoken.sentence.end && !passage.lists(after).has(List::And) {
            self.clause(spoken, after)
        } else {
            let start = spoken.end + usize::from(governs(spoken.end));
            (start < light).then(|| Statement::new(start..light, false, true))
        };
        let Some(statement) = statement else { return };
        let joined = spoken.at > spoken.sentence.start && passage.lists(spoken.at - 1).has(List::And);
        let lower = self.lower(spoken).min(spoken.at);
        let before = match joined {
            true if self.earlier(spoken).is_empty() => first_noun(passage, spoken.sentence.start, spoken.at),
            true => None,
            false => subject(passage, lower, past_adverbs(passage, lower, spoken.at), false).0,
        };
        if is_relative(passage, before.as_ref()) {
            return;
        }
        let own = before.clone().and_then(|before| speaker::accept(passage, before));
        if own.is_none() && self.speakers.carried(Gender::Masculine).is_none() {
            return;
        }
        let start = before.map_or(spoken.at, |before| before.start);
        self.push(spoken, own, statement, start);
    }

    /// بەرپرسی پشتیوانی, بە پشتیوانی: the noun belongs to another noun or to a preposition, or another verb of saying comes
    /// before the light verb.
    fn is_modifier(&self, spoken: &Spoken, light: usize) -> bool {
        let (passage, at) = (spoken.passage, spoken.at);
        let said =
            (spoken.end..light).any(|at| passage.roles(at).0.verb.is_some() || passage.lists(at).has(List::That));
        let of = Lists::of(&[List::Title, List::Organisation, List::Forces]);
        let modifies = spoken.verb.stance == Stance::Welcomed
            && at > spoken.sentence.start
            && ((passage.lists(at - 1).any(of) && is_joined_on(passage.slice(at - 1)))
                || matches!(passage.slice(at - 1), "بە" | "لە" | "بۆ" | "بێ"));
        said || modifies
    }

    /// لە بەیاننامەیەکی وەزارەتدا هاتووە، …: the document that contains the statement is the speaker.
    pub(super) fn stands_in(&mut self, passage: &Passage, sentence: &Range<usize>, at: usize, end: usize) {
        let first = at.saturating_sub(SPEAKER).max(sentence.start);
        let from = (first..at)
            .rev()
            .take_while(|at| passage.is_word(*at) || passage.kind(*at) == Some(Kind::Number));
        let Some(open) = from
            .filter(|at| passage.slice(*at) == "لە" || passage.slice(*at) == "له")
            .last()
        else {
            return;
        };
        // لە درێژەی ڕاگەیەندراوەکەدا: the document speaks, and not a part of it.
        let head = (open + 1..at).take(4).find(|at| passage.lists(*at).any(HEADS));
        let Some(head) = head else { return };
        let mut start = end;
        while start < sentence.end && (!passage.is_word(start) || passage.lists(start).has(List::That)) {
            if passage.kind(start) == Some(Kind::Number) || passage.kind(start).is_some_and(Kind::is_quote) {
                break;
            }
            start += 1;
        }
        let Some(verb) = passage.lexicon.document_verb() else {
            return;
        };
        let spoken = Spoken {
            passage,
            sentence: sentence.clone(),
            at,
            end,
            verb,
        };
        let quoted = passage
            .kind(start)
            .is_some_and(Kind::is_quote)
            .then(|| self.quotations.closing(start))
            .flatten();
        let statement = match quoted {
            Some(close) => Some(Statement::new(start + 1..close, true, true)),
            None => self
                .clause(&spoken, start)
                .filter(|statement| statement.tokens.len() >= 2),
        };
        if let Some(statement) = statement {
            let own = without_locative(passage, head..at);
            self.push(&spoken, own, statement, open);
        }
    }
}

/// دوای ئەوەی … ڕاگەیاند، …: a clause of time, whose verb a comma follows. The main clause is no statement of its speaker.
fn is_subordinate(spoken: &Spoken) -> bool {
    let passage = spoken.passage;
    let first = spoken.at.saturating_sub(SPLIT).max(spoken.sentence.start);
    let clause = (first..spoken.at)
        .rev()
        .take_while(|at| !matches!(passage.kind(*at), Some(Kind::Comma | Kind::Semicolon | Kind::Stop)));
    let opens = |at: usize| {
        passage.slice(at) == "ئەوەی" && at > first && matches!(passage.slice(at - 1), "دوای" | "پاش" | "لەدوای" | "پێش")
    };
    let limit = (spoken.end + SPLIT).min(spoken.sentence.end);
    let mut rest =
        (spoken.end..limit).filter(|at| matches!(passage.kind(*at), Some(Kind::Comma | Kind::Stop | Kind::Colon)));
    let comma = rest.next().is_some_and(|at| passage.kind(at) == Some(Kind::Comma));
    comma && clause.into_iter().any(opens)
}

/// True if a finite verb of saying begins at a token.
fn is_saying(passage: &Passage, at: usize) -> bool {
    let verb = passage.roles(at).0.verb;
    let verb = verb.and_then(|verb| passage.lexicon.verbs.get(usize::from(verb)));
    passage.is_word(at) && verb.is_some_and(|verb| verb.kind == VerbKind::Finite)
}

/// بە ڕووداوی before a verb: its hearer, to which the clitic of the verb is written.
fn is_addressed(passage: &Passage, lower: usize, verb: usize) -> bool {
    let first = verb.saturating_sub(NAME * 2).max(lower);
    let with = |at: &usize| matches!(passage.slice(*at), "بە" | "به");
    verb > first && is_joined_on(passage.slice(verb - 1)) && (first..verb - 1).any(|at| with(&at))
}

/// … ڕێکخست و لە وتارێکدا ڕایگەیاند: only where it was said is between "and" and the verb.
fn follows_and(passage: &Passage, lower: usize, verb: usize) -> bool {
    let first = verb.saturating_sub(NAME + 1).max(lower);
    let Some(and) = (first..verb).rev().find(|at| passage.lists(*at).has(List::And)) else {
        return false;
    };
    let inside = passage.slice(and + 1) == "لە" && passage.slice(verb - 1).ends_with("دا");
    inside && (and + 1..verb).all(|at| passage.is_word(at))
}

/// The object after the last "and" before a verb: … بڵاوکردەوە و یەکێتیی تۆمەتبار کرد.
fn joined_object(passage: &Passage, start: usize, verb: usize) -> Option<Range<usize>> {
    let and = (start..verb).rev().find(|at| passage.lists(*at).has(List::And))?;
    (and + 1 < verb).then_some(and + 1..verb)
}

/// One past the day and the place that a sentence may begin with, each up to its comma.
fn past_circumstances(passage: &Passage, start: usize, limit: usize) -> usize {
    let mut from = start;
    loop {
        let Some(comma) = (from..limit).find(|at| passage.kind(*at) == Some(Kind::Comma)) else {
            return from;
        };
        let mut at = from;
        while at < comma {
            let (roles, len) = passage.roles(at);
            let dated = roles.lists.any(Lists::of(&[List::Time, List::Month, List::Adjunct]));
            if passage.is_word(at) && !dated && passage.slice(at) != "ی" && !passage.slice(at).starts_with("ـ") {
                break;
            }
            at += len.max(1);
        }
        if at < comma && passage.slice(from) != "لە" {
            return from;
        }
        from = comma + 1;
    }
}

/// True for words that say only in which document or on which day something was said.
fn is_circumstance(passage: &Passage, object: &Range<usize>) -> bool {
    let closes = |at: &usize| passage.slice(*at).ends_with("دا");
    let close = (object.start..object.end.min(object.start + NAME)).find(closes);
    let Some(close) = close.filter(|_| passage.slice(object.start).starts_with("لە")) else {
        return false;
    };
    let mut at = close + 1;
    while at < object.end {
        let (roles, len) = passage.roles(at);
        let dated = roles.lists.any(Lists::of(&[List::Time, List::Month]));
        if passage.is_word(at) && !dated && passage.slice(at) != "ی" {
            return false;
        }
        at += len;
    }
    true
}

/// The end of the words before the adverbs of a verb: محەمەد کەمال هەروەها رایگەیاند.
fn past_adverbs(passage: &Passage, lower: usize, verb: usize) -> usize {
    let adverb = |at: usize| {
        let lists = passage.lists(at);
        passage.is_word(at) && lists.any(Lists::of(&[List::Auxiliary, List::Boundary])) && !lists.has(List::And)
    };
    let mut end = verb;
    while end > lower + 1 && adverb(end - 1) {
        end -= 1;
    }
    // At the beginning of a clause such a word belongs to no noun phrase.
    match end > lower && passage.is_word(end - 1) {
        true => end,
        false => verb,
    }
}

/// ئەوانەی …: "those who", a relative clause and no speaker.
fn is_relative(passage: &Passage, found: Option<&Range<usize>>) -> bool {
    found.is_some_and(|found| matches!(passage.slice(found.start), "ئەوانەی" | "ئەوانە" | "ئەوەی" | "ئەوەیکە"))
}

/// A light verb that is written to the word before it: پەرلەمانکرد.
fn is_fused_light(passage: &Passage, at: usize) -> bool {
    let word = passage.slice(at);
    passage.is_word(at)
        && word.chars().count() > 5
        && FUSED.iter().any(|ending| word.ends_with(ending))
        && passage.roles(at).0.is_empty()
}

/// A word that ی joins to the next, in any spelling of that letter.
fn is_joined_on(word: &str) -> bool {
    word.ends_with(['ی', 'ى', 'ي'])
}

/// The adverbial "in …" that دا closes inside some words: وەزیر لە لێدوانێکدا.
fn adverbial(passage: &Passage, words: &Range<usize>) -> Option<Range<usize>> {
    let closes = |at: &usize| {
        let word = passage.slice(*at);
        word.ends_with("دا") && word.chars().count() > 3
    };
    let opens = |at: &usize| matches!(passage.slice(*at), "لە" | "لەو" | "لەم" | "له");
    let start = (words.start + 1..words.end).find(opens)?;
    let close = (start + 1..words.end).rev().find(closes)?;
    Some(start..close + 1)
}

/// The span of a noun phrase without the دا that closes it.
fn without_locative(passage: &Passage, tokens: Range<usize>) -> Option<Span> {
    let mut span = speaker::accept(passage, tokens.clone())?;
    let last = passage.slice(tokens.end - 1);
    let kept = last.strip_suffix("یشدا").or_else(|| last.strip_suffix("دا"));
    if let Some(kept) = kept.filter(|kept| kept.chars().count() > 2) {
        span.end -= last.len() - kept.len();
    }
    Some(span)
}

/// The speaker's noun phrase before a verb, and the object between the two.
fn subject(
    passage: &Passage,
    lower: usize,
    verb: usize,
    transitive: bool,
) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let lower = lower.max(verb.saturating_sub(SPEAKER * 2));
    let Some(mut noun) = speaker::before(passage, verb, lower) else {
        return (None, None);
    };
    let adverbial = adverbial(passage, &noun);
    let within = |at: &usize| adverbial.as_ref().is_some_and(|adverbial| adverbial.contains(at));
    let object = match object_start(passage, &noun, verb, transitive) {
        Some(start) if within(&start) => adverbial
            .as_ref()
            .and_then(|adverbial| object_start(passage, &(adverbial.end - 1..noun.end), verb, transitive)),
        found => found,
    };
    let object = object.or_else(|| {
        let end = chain_end(passage, titled(passage, &noun), noun.end);
        (transitive && end < noun.end).then_some(end)
    });
    let found = object.map(|start| start..verb);
    if let Some(start) = object {
        noun.end = start;
    }
    if let Some(adverbial) = adverbial {
        noun.end = noun.end.min(adverbial.start);
    }
    while noun.len() > 1
        && passage
            .lists(noun.end - 1)
            .any(Lists::of(&[List::Stop, List::Partitive]))
    {
        noun.end -= 1;
    }
    if noun.is_empty() || passage.lists(noun.start).has(List::Stop) {
        return (None, found);
    }
    (Some(joined(passage, lower, noun)), found)
}

/// Where the object of a verb begins: an infinitive, a noun of news, or the word before "with" or "of".
fn object_start(passage: &Passage, tokens: &Range<usize>, verb: usize, transitive: bool) -> Option<usize> {
    for at in tokens.start + 1..tokens.end {
        let word = passage.slice(at);
        let acts = ACTIONS.iter().any(|ending| word.ends_with(ending))
            || (passage.roles(at).0.role.is_some() && is_joined_on(word));
        let news = passage.lists(at).any(Lists::of(&[List::Document, List::Rumour]))
            && !passage.lists(at).any(Lists::of(&[List::Organisation, List::Title]));
        // پارێزگار ئەو هەواڵەی ڕەتکردەوە: a demonstrative begins the object.
        let pointed = passage.lists(at).has(List::Pronoun) && at + 1 < verb && is_joined_on(passage.slice(at + 1));
        if acts || news || pointed {
            return Some(at);
        }
        // ێ حکومەتی بە گەندەڵی: the object takes ی before its preposition.
        let preposition = transitive && at + 1 < verb && passage.slice(at + 1) == "بە";
        if preposition && is_joined_on(word) {
            let mut start = at;
            while start > tokens.start + 1 && is_joined_on(passage.slice(start - 1)) && start > at.saturating_sub(2) {
                start -= 1;
            }
            return Some(start);
        }
    }
    None
}

/// The noun phrase that a sentence begins with.
fn first_noun(passage: &Passage, start: usize, limit: usize) -> Option<Range<usize>> {
    // پێشەوا هەورامانی، گوتەبێژی حکوومەت، …: a name with its office between commas.
    let comma = |from: usize| (from..limit).find(|at| passage.kind(*at) == Some(Kind::Comma));
    if let Some(first) = comma(start).filter(|first| *first > start && *first - start <= NAME + 1)
        && let Some(second) = comma(first + 1).filter(|second| *second - first <= SPEAKER / 2)
        && passage.lists(first + 1).has(List::Title)
        && !passage
            .lists(start)
            .any(Lists::of(&[List::Time, List::Adjunct, List::Stop]))
    {
        return Some(start..second);
    }
    // نێچیرڤان بارزانی سەرۆکی هەرێم …: a name and its office.
    let title = titled(passage, &(start..limit));
    if title > start {
        let end = chain_end(passage, title, limit.min(start + SPEAKER));
        return (end < limit).then_some(start..end);
    }
    let end = chain_end(passage, start, limit.min(start + SPEAKER));
    let headed = (start..end).any(|at| passage.lists(at).any(HEADS));
    if headed {
        return (end < limit).then_some(start..end);
    }
    // A name: words that the lexicon does not know, before the object.
    let plain = |at: &usize| {
        passage.kind(*at) == Some(Kind::Arabic)
            && passage.roles(*at).0.is_empty()
            && !is_joined_on(passage.slice(*at))
            && !passage.slice(*at).ends_with("دا")
    };
    let len = (start..limit).take(NAME + 1).take_while(plain).count();
    (len > 0 && len <= NAME && start + len < limit).then_some(start..start + len)
}

/// The office after a name, or the beginning of the words: نێچیرڤان بارزانی سەرۆکی هەرێم.
fn titled(passage: &Passage, words: &Range<usize>) -> usize {
    let named = passage.roles(words.start).0.is_empty() && !is_joined_on(passage.slice(words.start));
    let mut rest = words.start + 1..(words.start + 1 + NAME).min(words.end);
    let title = rest.find(|at| passage.lists(*at).has(List::Title));
    let plain = |title: usize| (words.start..title).all(|at| passage.roles(at).0.is_empty());
    title.filter(|title| named && plain(*title)).unwrap_or(words.start)
}

/// One past a noun and the words that ی joins to it.
fn chain_end(passage: &Passage, start: usize, limit: usize) -> usize {
    let mut end = start;
    while end < limit && passage.is_word(end) {
        end += 1;
        if !is_joined_on(passage.slice(end - 1)) {
            break;
        }
    }
    end
}

/// With the name or the office before the comma: لیوا سەعد کەریم، فەرماندەی پۆلیس.
fn joined(passage: &Passage, lower: usize, noun: Range<usize>) -> Range<usize> {
    let Some(mut comma) = noun
        .start
        .checked_sub(1)
        .filter(|at| *at > lower && passage.kind(*at) == Some(Kind::Comma))
    else {
        return noun;
    };
    while comma > lower + 1 && passage.kind(comma - 1) == Some(Kind::Comma) {
        comma -= 1;
    }
    let mut start = comma;
    while start > lower
        && passage.is_word(start - 1)
        && !passage.lists(start - 1).any(Lists::of(&[List::That, List::Boundary]))
    {
        start -= 1;
    }
    let earlier = start..comma;
    let acts = earlier.clone().any(|at| {
        let roles = passage.roles(at).0;
        roles.role.is_some()
            || roles.verb.is_some()
            || roles
                .lists
                .any(Lists::of(&[List::Light, List::Stop, List::Adjunct, List::Time]))
    });
    let headed = earlier
        .clone()
        .chain(noun.clone())
        .any(|at| passage.lists(at).has(List::Title));
    let verbal = passage.slice(comma - 1).ends_with("ەوە")
        || passage.slice(comma - 1).ends_with("ووە")
        || passage.slice(comma - 1).ends_with("دا");
    if earlier.is_empty() || earlier.len() > 8 || acts || !headed || verbal {
        return noun;
    }
    start..noun.end
}
