//! Clubs in reports on sport: they are called after their towns, and only a word of place makes the town of a club.

use super::{
    cue::{Cue, Cues},
    evidence::Judge,
    find::Found,
};
use crate::text::{Kind, Token, WordId};
use smallvec::SmallVec;

/// Tokens on either side of a name in which words of sport are looked for.
const SPORT: usize = 30;
/// The most letters of the number of goals.
const GOALS: u32 = 1;
/// Words of competitions that make a sentence one about sport.
const CONTESTS: usize = 2;
/// Words of sport that make a text one about sport.
const TEXT: usize = 2;
/// The most tokens from a verb of motion to the place that it leads to.
const JOURNEY: usize = 6;

impl Judge<'_> {
    /// True if the name is that of a club: the sentence is about sport, and nothing says that something happens in the town.
    pub(super) fn is_club(&self, found: &[Found], at: usize) -> bool {
        let one = &found[at];
        let first = found.get(one.list.min(at)).filter(|first| first.list == one.list);
        !self.is_venue(one) && !first.is_some_and(|first| self.is_venue(first)) && self.is_about_sport(one)
    }

    /// A word of place precedes it. "To", "from" and "against" precede opponents too, unless somebody travels.
    fn is_venue(&self, one: &Found) -> bool {
        let left = self.words.ending_at(self.tokens, one.head).0;
        let prefix = self.prefix(one);
        let sorani = self.tokens.get(one.first).is_some_and(Token::is_sorani);
        let channel = !sorani && (left.has(Cue::Channel) || prefix.has(Cue::Channel)) && !left.has(Cue::Inside);
        if channel {
            let sentence = self.tokens.sentence_within(one.head, JOURNEY);
            let before = sentence.start.max(one.head.saturating_sub(JOURNEY))..one.head;
            return before
                .into_iter()
                .any(|at| self.words.of(&self.tokens.tokens[at]).has(Cue::Motion));
        }
        left.any(&[Cue::Literal, Cue::Line]) || prefix.has(Cue::Literal) || self.is_inside_phrase(one)
    }

    /// "in the Kurdistan Region capital of Erbil": "in" and words that are none of sport.
    fn is_inside_phrase(&self, one: &Found) -> bool {
        let latin = |at: usize| self.tokens.tokens[at].kind == Kind::Latin;
        let mut at = one.head;
        while at > 0 && one.head - at < JOURNEY && !self.tokens.tokens[at].begins_sentence() && latin(at - 1) {
            at -= 1;
            let whole = self.words.whole(&self.tokens.tokens[at]);
            let of = self.slice_of(at) == "of";
            if whole.has(Cue::Inside) && !of {
                return true;
            }
            let stops = [
                Cue::Verb,
                Cue::Motion,
                Cue::And,
                Cue::Channel,
                Cue::With,
                Cue::Sport,
                Cue::Contest,
            ];
            if !of && (whole.any(&stops) || self.sport_cues(at).any(&stops)) {
                return false;
            }
        }
        false
    }

    /// A word of sport or a score in the sentence, or words of competitions: two, or one in a text about sport.
    fn is_about_sport(&self, one: &Found) -> bool {
        let sentence = self.tokens.sentence_within(one.first, SPORT);
        let mut contests: SmallVec<[WordId; 4]> = SmallVec::new();
        // One of the two is a word that ordinary reports rarely have.
        let mut plain = false;
        for at in sentence {
            let token = &self.tokens.tokens[at];
            let cues = self.sport_cues(at);
            if cues.has(Cue::Sport) || self.is_score(at) {
                return true;
            }
            let word = if token.stem == 0 { token.word } else { token.stem };
            if cues.has(Cue::Contest) && !contests.contains(&word) {
                contests.push(word);
                plain |= !cues.has(Cue::Common);
            }
        }
        (plain && contests.len() >= CONTESTS) || (!contests.is_empty() && self.is_sport_text())
    }

    /// Cues of the phrase of sport that begins at a token.
    fn sport_cues(&self, at: usize) -> Cues {
        let token = &self.tokens.tokens[at];
        let begins = [Cue::Sport, Cue::Contest]
            .iter()
            .any(|cue| self.words.begins_cue(token.word, *cue) || self.words.begins_cue(token.stem, *cue));
        match begins {
            true => self.words.beginning_at(self.tokens, at).0,
            false => Cues::NONE,
        }
    }

    fn is_sport_text(&self) -> bool {
        *self.sport_text.get_or_init(|| {
            let words = (0..self.tokens.len()).filter(|at| self.sport_cues(*at).has(Cue::Sport));
            words.take(TEXT).count() == TEXT
        })
    }

    /// "2-1", not before a noun that is counted.
    fn is_score(&self, at: usize) -> bool {
        let goals = |at: usize| {
            let token = self.tokens.get(at);
            token.filter(|token| token.kind == Kind::Number && token.end - token.start == GOALS)
        };
        let dash = self
            .tokens
            .get(at + 1)
            .is_some_and(|dash| dash.kind == Kind::Dash && !dash.is_spaced());
        if goals(at).is_none() || !dash || goals(at + 2).is_none_or(Token::is_spaced) {
            return false;
        }
        let function = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| self.words.whole(token).has(Cue::Function))
        };
        let next = self.tokens.get(at + 3);
        let ends = next.is_none_or(|next| !next.kind.is_word() && next.kind != Kind::Dash) || function(at + 3);
        ends || at
            .checked_sub(1)
            .is_some_and(|before| self.tokens.tokens[before].kind == Kind::Latin && function(before))
    }
}
