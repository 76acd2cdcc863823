//! Parents in apposition: "Rabia, Latakia province", "Khalidiya, a rebel-held district of Homs".

use super::{
    cue::Cue,
    evidence::Judge,
    stated_parent::{CHAIN, Context, Parent},
};
use crate::{gazetteer::Level, text::Kind};

/// The most tokens of an apposition: "a rebel-held district of".
const APPOSITION: usize = 9;

impl Judge<'_> {
    /// The parent after the comma behind a name.
    pub(super) fn after_comma(&self, context: &Context, at: usize) -> Parent {
        let one = &context.found[context.at];
        let Some(token) = self.tokens.get(at).filter(|token| !token.begins_sentence()) else {
            return Parent::Silent;
        };
        if matches!(self.slice_of(at), "a" | "an" | "the") {
            return self.described(context, at + 1);
        }
        let (cues, end) = self.words.beginning_at(self.tokens, at);
        if cues.has(Cue::Abroad) && token.is_capital() && one.list == context.at && self.closes(end, context) {
            return Parent::Abroad;
        }
        let place = context.resolved.at(context.at).and_then(|own| own.chosen);
        let small = place.is_some_and(|place| self.is_inner(place));
        let listed = one.list != context.at;
        if let Some(next) = context.begins(at) {
            let other = &context.found[next];
            let end = other
                .trigger
                .as_ref()
                .map_or(other.last, |trigger| trigger.end.max(other.last));
            let noun = self
                .words
                .noun_after(self.tokens, end)
                .filter(|_| other.trigger.is_none());
            let end = noun.map_or(end, |noun| noun.end);
            if listed || !self.closes(end, context) {
                return Parent::Silent;
            }
            let Some(parent) = context.resolved.at(next).and_then(|next| next.chosen) else {
                let unit = other.trigger.as_ref().and_then(|trigger| trigger.noun.levels.first());
                return match unit {
                    Some(Level::Governorate) if other.name == 0 => Parent::Abroad,
                    _ => Parent::Silent,
                };
            };
            let noun = other
                .trigger
                .as_ref()
                .map(|trigger| trigger.noun)
                .or(noun.map(|noun| noun.noun));
            let unit = noun.is_some_and(|noun| noun.levels[0].is_administrative())
                || self.gazetteer.at(parent).level == Level::Area;
            return match self.of_place(parent) {
                Parent::Abroad if unit || small => Parent::Abroad,
                Parent::Home(parent) if small => Parent::Home(parent),
                _ => Parent::Silent,
            };
        }
        // "In Baghdad, Abadi, the prime minister, said".
        let opens = one.head.checked_sub(1).is_some_and(|before| {
            self.tokens.tokens[before].begins_sentence() && self.tokens.tokens[before].kind.is_word()
        });
        if token.kind != Kind::Latin || opens || listed {
            return Parent::Silent;
        }
        let Some(run) = self.proper(at, false, false) else {
            return Parent::Silent;
        };
        let unit = self.words.noun_after(self.tokens, run.end);
        let division = self
            .tokens
            .get(run.end)
            .is_some_and(|next| self.words.of(next).has(Cue::Division));
        let end = unit.map_or(run.end + usize::from(division), |unit| unit.end);
        if !self.closes(end, context) {
            return Parent::Silent;
        }
        match division || unit.is_some_and(|unit| unit.noun.levels.first() == Some(&Level::Governorate)) {
            true => Parent::Abroad,
            false => Parent::Apposed,
        }
    }

    /// "X, a rebel-held district of Y", "X, a Syrian town".
    pub(super) fn described(&self, context: &Context, from: usize) -> Parent {
        let mut unit = false;
        for at in from..from + APPOSITION {
            let Some(token) = self.tokens.get(at).filter(|token| !token.begins_sentence()) else {
                break;
            };
            if let Some(country) = self.nationalities.of(self.slice_of(at)).filter(|_| token.is_capital()) {
                let next = at + 1..at + 3;
                let noun = next.into_iter().any(|at| {
                    self.tokens
                        .get(at)
                        .is_some_and(|noun| self.words.of(noun).has(Cue::Unit))
                });
                return if noun { self.of_place(country) } else { Parent::Silent };
            }
            unit |= self.words.of(token).has(Cue::Unit);
            // "an isolated name on the Arizona map".
            let on = |at: usize| matches!(self.slice_of(at), "in" | "on" | "of");
            let tied = on(at - 1) || (self.slice_of(at - 1) == "the" && on(at - 2));
            if tied && token.is_capital() && self.words.beginning_at(self.tokens, at).0.has(Cue::Abroad) {
                return Parent::Abroad;
            }
            // The noun may govern the name of the parent: "district of Homs".
            if let Some(next) = context.begins(at)
                && context.found[next].trigger.is_some()
            {
                return self.of_next(context, next, true);
            }
            if unit && matches!(self.slice_of(at), "of" | "in") {
                return self.tied(context, at, CHAIN);
            }
            // "a paintball park in Texas".
            if at > from && self.slice_of(at) == "in" && self.tied(context, at, CHAIN) == Parent::Abroad {
                return Parent::Abroad;
            }
            if !matches!(token.kind, Kind::Latin | Kind::Dash | Kind::Number) || context.begins(at).is_some() {
                break;
            }
        }
        Parent::Silent
    }

    /// An apposition ends with a comma, a full stop or its line, and no list goes on after it.
    fn closes(&self, end: usize, context: &Context) -> bool {
        match self.tokens.get(end) {
            None => true,
            Some(token) if token.begins_sentence() => true,
            Some(token) => match token.kind {
                Kind::Stop | Kind::Close | Kind::Semicolon | Kind::Colon | Kind::Dash => true,
                Kind::Comma => {
                    let next = self.tokens.get(end + 1);
                    let and = next.is_some_and(|next| self.words.whole(next).has(Cue::And));
                    !and && context.begins(end + 1).is_none()
                }
                _ => false,
            },
        }
    }
}
