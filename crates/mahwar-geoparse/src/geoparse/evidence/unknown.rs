//! Unknown words after a type noun that are no names.

use super::Judge;
use crate::{
    geoparse::{cue::Cue, find::Found},
    text::Kind,
};

/// A word without an article that is met as often as this is no name.
const EVERYDAY: f32 = 4.4;

impl Judge<'_> {
    /// True for an everyday word ("and a part of Rabia", "a living conscience and not"), and for an adjective after
    /// a comma ("the mountains of Hamrin, near to …").
    pub(super) fn is_no_name(&self, one: &Found) -> bool {
        let Some(token) = self.tokens.get(one.first).filter(|token| token.kind == Kind::Arabic) else {
            return false;
        };
        if one.last != one.first + 1 {
            return false;
        }
        let word = self.slice(one);
        let article = word.starts_with("ال");
        let before = one.first.checked_sub(1).and_then(|at| self.tokens.get(at));
        let aside = before.is_some_and(|before| before.kind == Kind::Comma)
            && article
            && self
                .tokens
                .get(one.last)
                .is_some_and(|next| !next.begins_sentence() && self.words.whole(next).any(&[Cue::Literal, Cue::With]));
        let quoted = before.is_some_and(|before| before.kind.is_quote() || before.kind == Kind::Open);
        // Quarters are called after everyday words, in Arabic with the article, or in a list.
        let listed = |end: usize| end != one.first;
        let any = one
            .trigger
            .as_ref()
            .is_some_and(|trigger| trigger.noun.any && (token.is_sorani() || listed(trigger.end)));
        let frequent = self.frequencies.zipf_of(word, token.is_sorani()) >= EVERYDAY;
        aside || !quoted && !article && !any && frequent
    }
}
