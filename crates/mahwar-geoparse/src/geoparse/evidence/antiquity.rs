//! Units of today that bear the names of ancient cities and states.

use super::{Judge, PASSAGE, Subject};
use crate::geoparse::{cue::Cue, find::Found};

/// Tokens between "ancient" and a name: "the ancient city of".
const REACH: usize = 3;

impl Judge<'_> {
    /// The tokens at which words for times before our era begin, and for states of them.
    pub(super) fn antiquity(&self) -> Vec<usize> {
        let begins = |at: &usize| self.words.begins_cue(self.tokens.tokens[*at].word, Cue::Antiquity);
        (0..self.tokens.len())
            .filter(begins)
            .filter(|at| self.words.beginning_at(self.tokens, *at).0.has(Cue::Antiquity))
            .collect()
    }

    /// True if a name means the ancient city or state of it: "the fall of Nineveh in 612 BC", "ancient Babylon".
    pub(super) fn is_of_antiquity(&self, one: &Found, subject: &Subject) -> bool {
        let ancient = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| self.words.of(token).has(Cue::Ancient))
        };
        let mut before = (one.first.saturating_sub(REACH)..one.first).rev();
        let begun = |at: usize| self.tokens.tokens[at].begins_sentence();
        let first = before.by_ref().find(|at| begun(*at) || ancient(*at));
        if first.is_some_and(ancient) || ancient(one.last) {
            return true;
        }
        let sentence = self.tokens.sentence_within(one.first, PASSAGE);
        let next = subject.antiquity.partition_point(|at| *at < sentence.start);
        subject.antiquity.get(next).is_some_and(|at| sentence.contains(at))
    }
}
