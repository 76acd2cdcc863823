//! How far an unknown name extends after a type noun: one word, or a compound whose shape says so. Conservative,
//! because the word after a type noun is as often an adjective, a verb or a relative clause.

use super::{
    cue::{Cue, Cues},
    lexicon::{Number, Shape},
    words::Words,
};
use crate::{
    language::Language,
    text::{Kind, Token, Tokens, UNKNOWN, fold, folded_letters},
};

/// The most words of an unknown name.
const LONGEST: usize = 3;
/// The endings of indefinite words, where they are written: no name has them, and no noun that governs one.
const NUNATION: [char; 3] = ['\u{64B}', '\u{64C}', '\u{64D}'];

/// Where unknown names are looked for.
#[derive(Clone, Copy)]
pub(super) struct Extent<'a> {
    pub words: &'a Words,
    pub text: &'a str,
    pub tokens: &'a Tokens,
    /// The type noun takes everyday words with an article as names too (حي السلام).
    pub any: bool,
}

impl Extent<'_> {
    /// One past the last token of the unknown name at a token, if one can begin there. `cut` letters in front of its
    /// first word are not part of it.
    pub fn unknown(&self, at: usize, cut: usize, quoted: bool) -> Option<usize> {
        if quoted {
            return self.quotation(at);
        }
        match self.tokens.get(at)?.kind {
            Kind::Latin => self.capitals(at),
            Kind::Arabic => self.arabic(at, cut),
            _ => None,
        }
    }

    /// A further unknown name of a list. Beyond the second one its shape must be that of a name.
    pub fn unknown_member(&self, at: usize, cut: usize, number: Number) -> Option<usize> {
        let end = self.unknown(at, cut, false)?;
        let token = self.tokens.get(at)?;
        // "and … felt it": a verb, followed by its object.
        if self
            .tokens
            .get(end)
            .is_some_and(|next| self.words.whole(next).has(Cue::Pronoun))
        {
            return None;
        }
        if number == Number::Dual || token.kind == Kind::Latin || cut == 0 {
            return Some(end);
        }
        let shaped = self.cues_of(token, cut).has(Cue::Head)
            || self.has_article(token, cut)
            || token.stem != UNKNOWN
            || end > at + 1;
        shaped.then_some(end)
    }

    /// The first token of an unknown name in Latin letters that ends before a token.
    pub fn unknown_before(&self, end: usize) -> Option<usize> {
        let mut first = None;
        let mut at = end;
        while at > 0 && end - at < LONGEST + 2 && !self.tokens.tokens[at].begins_sentence() {
            at -= 1;
            let token = &self.tokens.tokens[at];
            let cues = self.words.of(token);
            let joined = self.tokens.get(at + 1).is_some_and(|next| !next.is_spaced());
            match token.kind {
                Kind::Latin if cues.has(Cue::Article) && (joined || token.is_capital()) => first = Some(at),
                Kind::Latin if token.is_capital() && !cues.any(&[Cue::Function, Cue::Common, Cue::Title]) => {
                    first = Some(at);
                }
                Kind::Dash if joined => {}
                _ => break,
            }
        }
        first.filter(|first| self.tokens.tokens[*first..end].iter().any(Token::is_capital))
    }

    /// Symbols of suffixes at the end of an unknown name that ends before a token.
    pub fn unknown_tail(&self, end: usize) -> usize {
        let Some(token) = end.checked_sub(1).and_then(|at| self.tokens.get(at)) else {
            return 0;
        };
        let language = self.tokens.language_at(end - 1);
        if token.kind != Kind::Arabic {
            return 0;
        }
        // "the village of X that belongs to": the letter that joins the two is not the name's.
        let belongs = self.words.beginning_at(self.tokens, end).0.has(Cue::Belongs);
        if belongs && self.tokens.language_at(end - 1) == Language::Sorani && self.ends_as_adjective(end - 1) {
            return 1;
        }
        if token.is_sorani() && token.tail == 1 && self.words.stem(token) == Cues::only(Cue::Common) {
            return 1;
        }
        let folded = fold(self.text.get(token.range()).unwrap_or_default());
        self.words
            .shapes(Shape::NameSuffix, language)
            .filter(|suffix| folded.ends_with(&suffix.letters) && folded.len() > suffix.letters.len() + 4)
            .map(|suffix| suffix.letters.chars().count() - suffix.keeps)
            .max()
            .unwrap_or(0)
    }

    /// True if a word has the definite article after its proclitics.
    pub fn has_article(&self, token: &Token, cut: usize) -> bool {
        let range = token.part_range(self.text, cut, 0);
        let word = self.text.get(range).unwrap_or_default();
        self.words
            .shapes(Shape::Article, Language::Arabic)
            .any(|article| folded_begins(word, &article.letters))
    }

    /// True if a noun is indefinite by its own ending, or by one that the next word has too: that word is an
    /// adjective, then.
    pub fn is_indefinite(&self, at: usize) -> bool {
        let ends = |at: usize| {
            let token = self.tokens.get(at).filter(|token| token.kind == Kind::Arabic);
            token.is_some_and(|token| !self.has_article(token, usize::from(token.cut)))
                && self.ends_as(at, Shape::IndefiniteEnds)
        };
        self.is_nunated(at) || (ends(at) && ends(at + 1))
    }

    fn is_nunated(&self, at: usize) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| self.text.get(token.range()).is_some_and(|word| word.contains(NUNATION)))
    }

    /// The word at a token, folded.
    fn word(&self, at: usize) -> String {
        let word = self.tokens.get(at).and_then(|token| self.text.get(token.range()));
        fold(word.unwrap_or_default())
    }

    fn begins_as(&self, at: usize, shape: Shape) -> bool {
        let word = self.word(at);
        let mut shapes = self.words.shapes(shape, self.tokens.language_at(at));
        shapes.any(|shape| word.starts_with(&shape.letters))
    }

    fn ends_as(&self, at: usize, shape: Shape) -> bool {
        let word = self.word(at);
        let mut shapes = self.words.shapes(shape, self.tokens.language_at(at));
        shapes.any(|shape| word.ends_with(&shape.letters))
    }

    /// True if a word can go on an unknown name that its first word leaves open.
    pub fn can_complete(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Arabic
                && !token.begins_sentence()
                && token.cut == 0
                && !self.words.whole(token).any(&[
                    Cue::Function,
                    Cue::Literal,
                    Cue::Verb,
                    Cue::Common,
                    Cue::Belongs,
                    Cue::Motion,
                ])
                && !self.words.begins_noun(token.word)
        })
    }

    /// An adjective of origin by its article and its last letter.
    pub fn is_relative(&self, at: usize) -> bool {
        let token = &self.tokens.tokens[at];
        let word = self.word(at);
        let mut shapes = self.words.shapes(Shape::AdjectiveEnds, self.tokens.language_at(at));
        self.has_article(token, usize::from(token.cut))
            && shapes.any(|shape| shape.relative && word.ends_with(&shape.letters))
    }

    /// A verb by its last letter, which it has beside a feminine subject.
    pub fn ends_as_feminine_verb(&self, at: usize) -> bool {
        self.ends_as(at, Shape::VerbEnds)
    }

    /// A word that nothing knows and that begins like a verb in the present.
    pub fn looks_like_present(&self, at: usize) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| token.word == UNKNOWN && token.stem == UNKNOWN)
            && self.word(at).chars().count() > 3
            && self.begins_as(at, Shape::VerbBegins)
    }

    /// A word in small Latin letters that ends like a verb: "sanctioned".
    pub fn looks_like_latin_verb(&self, at: usize) -> bool {
        let token = self.tokens.get(at);
        token.is_some_and(|token| token.kind == Kind::Latin && !token.is_capital())
            && self.word(at).len() > 4
            && self.ends_as(at, Shape::VerbEnds)
    }

    /// True if a word ends as adjectives do that are joined to a noun.
    pub fn ends_as_adjective(&self, at: usize) -> bool {
        self.ends_as(at, Shape::AdjectiveJoins)
    }

    /// True for a word with the suffix of adjectives after a noun that takes adjectives, as Sorani joins them, which is
    /// not the object of a verb.
    pub fn is_adjective(&self, at: usize) -> bool {
        let joined = at.checked_sub(1).is_some_and(|before| self.ends_as_adjective(before));
        let object = self
            .tokens
            .get(at + 1)
            .is_some_and(|next| self.words.whole(next).has(Cue::Verb));
        joined && self.ends_as_adjective(at) && !object
    }

    fn quotation(&self, at: usize) -> Option<usize> {
        let rest = self.tokens.tokens.get(at..(at + LONGEST + 2).min(self.tokens.len()))?;
        let closed = rest
            .iter()
            .position(|token| token.kind.is_quote() || token.kind == Kind::Close)?;
        (closed > 0 && rest[..closed].iter().all(|token| token.kind.is_word())).then_some(at + closed)
    }

    fn capitals(&self, at: usize) -> Option<usize> {
        let mut end = at;
        let mut capital = false;
        while let Some(token) = self.tokens.get(end) {
            let cues = self.words.of(token);
            let joined = self.tokens.get(end + 1).is_some_and(|next| !next.is_spaced());
            let fits = match token.kind {
                Kind::Latin if end > at && token.begins_sentence() => false,
                Kind::Latin if cues.has(Cue::Article) => {
                    token.is_capital() || joined || end > at && self.is_article_inside(end)
                }
                Kind::Latin => token.is_capital() && !cues.any(&[Cue::Function, Cue::Common, Cue::Literal]),
                Kind::Dash => !token.is_spaced() && joined,
                _ => false,
            };
            if !fits || end - at > LONGEST + 1 {
                break;
            }
            capital |= token.is_capital() && !cues.has(Cue::Article);
            end += 1;
        }
        capital.then_some(end)
    }

    /// "Sabi al Boor": an article that is written apart, and is no English word, before a capital.
    fn is_article_inside(&self, at: usize) -> bool {
        let next = self.tokens.get(at + 1);
        matches!(self.word(at).as_str(), "al" | "el" | "ul")
            && next.is_some_and(|next| next.kind == Kind::Latin && next.is_capital() && !next.begins_sentence())
    }

    fn arabic(&self, at: usize, cut: usize) -> Option<usize> {
        let first = self.tokens.get(at)?;
        if first.begins_sentence() || !self.can_begin(at, cut) {
            return None;
        }
        let mut end = at + 1;
        let mut head = self.cues_of(first, cut).has(Cue::Head);
        while head && end - at < LONGEST {
            if !self.can_complete(end) {
                break;
            }
            head = self.words.whole(self.tokens.get(end)?).has(Cue::Head);
            end += 1;
        }
        if end == at + 1 && head && self.cues_of(first, cut).any(&[Cue::Kin, Cue::Literal, Cue::Common]) {
            return None;
        }
        let article = self.has_article(first, cut);
        // "Husa the Great": an adjective with the article can only belong to the name without one before it.
        if !article && self.is_definite_tail(end) {
            return Some(end + 1);
        }
        while end - at < LONGEST {
            let Some(next) = self.tokens.get(end) else { break };
            if next.kind != Kind::Arabic || next.begins_sentence() {
                break;
            }
            let tail = self.words.whole(next).has(Cue::Tail) && self.has_article(next, 0) == article;
            let more = end == at + 1 && !article && self.is_unseen(end);
            if !tail && !more {
                break;
            }
            end += 1;
        }
        Some(end)
    }

    /// A word that can be the first of an unknown name.
    fn can_begin(&self, at: usize, cut: usize) -> bool {
        let token = &self.tokens.tokens[at];
        let cues = self.cues_of(token, cut);
        let stem = self.words.stem(token);
        if cues.any(&[Cue::Function, Cue::Generic, Cue::Verb, Cue::Belongs, Cue::Link])
            || self.is_nunated(at)
            || self.begins_as(at, Shape::PhraseBegins)
        {
            return false;
        }
        if cues.any(&[Cue::Head, Cue::Person]) {
            return true;
        }
        let article = self.has_article(token, cut);
        let common = Cues::only(Cue::Common);
        let plain = token.is_sorani() && cut == 0 && (cues == common || (cues.is_empty() && stem == common));
        if self.any && (plain || article) && !cues.any(&[Cue::Literal, Cue::Title]) {
            return true;
        }
        let plural = token.is_sorani() && stem == common && token.tail > 1;
        if !cues.is_empty()
            || (cut == 0 && !stem.is_empty() && !plural)
            || self.words.begins_noun(token.word)
            || self.words.begins_noun(token.stem)
        {
            return false;
        }
        let known = (token.word != UNKNOWN && !self.words.is_inner(token.word)) || (cut > 0 && token.stem != UNKNOWN);
        known || article || self.is_definite_tail(at + 1) || !self.looks_inflected(at, cut)
    }

    /// A word that ends names ("the Great"), with the article.
    fn is_definite_tail(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            !token.begins_sentence() && self.words.whole(token).has(Cue::Tail) && self.has_article(token, 0)
        })
    }

    /// True for an unknown word that by its outermost letters is a verb or an adjective, or is too short to decide.
    fn looks_inflected(&self, at: usize, cut: usize) -> bool {
        let language = self.tokens.language_at(at);
        let word: String = self.word(at).chars().skip(cut).collect();
        word.chars().count() < 2
            || self
                .words
                .shapes(Shape::VerbBegins, language)
                .any(|shape| word.starts_with(&shape.letters))
            || self
                .words
                .shapes(Shape::AdjectiveEnds, language)
                .any(|shape| word.ends_with(&shape.letters))
    }

    /// A word that begins or ends like a verb, and that neither the lexicon nor the gazetteer has.
    pub fn looks_like_verb(&self, at: usize) -> bool {
        let token = &self.tokens.tokens[at];
        if token.kind != Kind::Arabic || token.word != UNKNOWN {
            return false;
        }
        let folded = fold(
            self.text
                .get(token.part_range(self.text, usize::from(token.cut), 0))
                .unwrap_or_default(),
        );
        let language = self.tokens.language_at(at);
        let begins = |shape| {
            let mut shapes = self.words.shapes(shape, language);
            shapes.any(|shape| folded.starts_with(&shape.letters))
        };
        let ends = |shape| {
            let mut shapes = self.words.shapes(shape, language);
            shapes.any(|shape| folded.ends_with(&shape.letters))
        };
        let long = folded.chars().count() > 3;
        // A plural like "developments" is no verb, however it begins.
        long && ((begins(Shape::VerbBegins) && !ends(Shape::NounEnds))
            || (token.stem == UNKNOWN
                && ends(Shape::VerbEnds)
                && !ends(Shape::AdjectiveEnds)
                && !self.has_article(token, 0)))
    }

    fn cues_of(&self, token: &Token, cut: usize) -> Cues {
        match cut {
            0 => self.words.whole(token),
            _ => self.words.stem(token),
        }
    }

    /// A word that neither the lexicon nor grammar accounts for.
    fn is_unseen(&self, at: usize) -> bool {
        let token = &self.tokens.tokens[at];
        self.tokens.language_at(at) == Language::Arabic
            && self.words.whole(token).is_empty()
            && self.words.stem(token).is_empty()
            && !self.words.begins_noun(token.word)
            && !self.words.begins_noun(token.stem)
            && token.cut == 0
            && !self.has_article(token, 0)
            && !self.looks_inflected(at, 0)
    }
}

/// True if a word begins, once folded, with these letters and goes on after them.
fn folded_begins(word: &str, letters: &str) -> bool {
    let mut letters = letters.chars();
    let mut wanted = letters.next();
    for symbol in folded_letters(word) {
        match wanted {
            Some(letter) if letter == symbol => wanted = letters.next(),
            Some(_) => return false,
            None => return true,
        }
    }
    false
}
