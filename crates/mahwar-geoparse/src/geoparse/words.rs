//! The lexicon's words and phrases by word number.

use super::{
    cue::{Cue, Cues},
    lexicon::{AnyShape, Lexicon, Phrase, Shape, TypeNoun},
    trie::{Trie, readings},
};
use crate::language::Language;
use crate::text::{Kind, Token, Tokens, Vocabulary, WordId, fold, folded_letters};
use rustc_hash::{FxHashMap, FxHashSet};

/// Cues in Sorani paragraphs, and in others: the same letters can be words of both languages.
#[derive(Clone, Copy, Debug, Default)]
struct ByLanguage([Cues; 2]);

impl ByLanguage {
    fn add(&mut self, language: Language, cues: Cues) {
        let slot = &mut self.0[usize::from(language == Language::Sorani)];
        *slot = slot.with(cues);
    }

    fn of(self, sorani: bool) -> Cues {
        self.0[usize::from(sorani)]
    }
}

/// Cues and type nouns, ready for the lookup of tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Cues of single words, by word.
    single: Vec<ByLanguage>,
    /// Cues of all phrases that begin with a word, by word.
    first: Vec<Cues>,
    /// Phrases from their first word on.
    forward: Trie,
    /// Phrases from their last word back.
    backward: Trie,
    cues: Vec<ByLanguage>,
    /// Type nouns from their first word on, and those that follow their name.
    before: Trie,
    after: Trie,
    nouns: Vec<Vec<TypeNoun>>,
    /// Letters by their cues.
    shapes: Vec<AnyShape>,
    /// Cues of proclitics, by folded letter.
    proclitics: FxHashMap<char, ByLanguage>,
    /// Words that only occur inside longer phrases.
    inner: FxHashSet<WordId>,
    /// Words that differ only in ya and alef maqsura at the end: the cues of either spelling.
    twins: FxHashMap<WordId, [Cues; 2]>,
}

/// A type noun found in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct NounAt<'w> {
    /// The type noun.
    pub noun: &'w TypeNoun,
    /// First token.
    pub start: usize,
    /// One past its last token.
    pub end: usize,
}

impl Words {
    pub fn new(lexicon: &Lexicon, vocabulary: &mut Vocabulary) -> Self {
        let mut words = Self {
            cues: vec![ByLanguage::default()],
            nouns: vec![Vec::new()],
            shapes: lexicon.shapes.clone(),
            ..Self::default()
        };
        for phrase in &lexicon.phrases {
            if let Some(ids) = vocabulary.intern_phrase(&phrase.words) {
                words.add_phrase(phrase, &ids, vocabulary);
            }
        }
        let single = &words.single;
        let alone = |word: &WordId| {
            let cues = single.get(*word as usize).copied().unwrap_or_default();
            !cues.of(false).is_empty() || !cues.of(true).is_empty()
        };
        words.inner.retain(|word| !alone(word));
        words
            .twins
            .retain(|_, [ya, maksura]| !ya.is_empty() && !maksura.is_empty());
        for noun in &lexicon.type_nouns {
            if let Some(ids) = vocabulary.intern_phrase(&noun.words) {
                if let [word] = ids.as_slice() {
                    vocabulary.set_strong(*word);
                }
                if noun.before {
                    words.add_noun(true, &ids, noun);
                }
                if noun.after {
                    words.add_noun(false, &ids, noun);
                }
            }
        }
        words.shrink_to_fit();
        words
    }

    fn shrink_to_fit(&mut self) {
        for trie in [&mut self.forward, &mut self.backward, &mut self.before, &mut self.after] {
            trie.shrink_to_fit();
        }
        self.single.shrink_to_fit();
        self.first.shrink_to_fit();
        self.cues.shrink_to_fit();
        self.inner.shrink_to_fit();
        self.twins.shrink_to_fit();
    }

    fn add_phrase(&mut self, phrase: &Phrase, ids: &[WordId], vocabulary: &mut Vocabulary) {
        let (language, cues) = (phrase.language, phrase.cues);
        if language == Language::Sorani {
            ids.iter().for_each(|word| vocabulary.add_loose(*word));
        }
        let folded = fold(&phrase.words);
        let mut letters = folded.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            self.proclitics.entry(letter).or_default().add(language, cues);
        }
        if let [word] = ids {
            vocabulary.set_strong(*word);
            if language == Language::Arabic {
                self.add_twin(*word, &phrase.words, cues);
            }
            let at = *word as usize;
            if self.single.len() <= at {
                self.single.resize(at + 1, ByLanguage::default());
            }
            self.single[at].add(language, cues);
        }
        if ids.len() > 1 {
            self.inner.extend(ids);
        }
        let first = ids[0] as usize;
        if self.first.len() <= first {
            self.first.resize(first + 1, Cues::NONE);
        }
        self.first[first] = self.first[first].with(cues);
        let reversed: Vec<_> = ids.iter().rev().copied().collect();
        for (trie, ids) in [(&mut self.forward, ids), (&mut self.backward, &reversed)] {
            if let Some(value) = trie.entry(ids, self.cues.len() as u32) {
                let value = value as usize;
                self.cues.resize(self.cues.len().max(value + 1), ByLanguage::default());
                self.cues[value].add(language, cues);
            }
        }
    }

    fn add_twin(&mut self, word: WordId, spelling: &str, cues: Cues) {
        let twins = self.twins.entry(word).or_default();
        let twin = &mut twins[usize::from(spelling.ends_with('ى'))];
        *twin = twin.with(cues);
    }

    fn add_noun(&mut self, before: bool, ids: &[WordId], noun: &TypeNoun) {
        let trie = if before { &mut self.before } else { &mut self.after };
        if let Some(value) = trie.entry(ids, self.nouns.len() as u32) {
            let value = value as usize;
            self.nouns.resize(self.nouns.len().max(value + 1), Vec::new());
            self.nouns[value].push(noun.clone());
        }
    }

    /// Cues of the first `count` letters of a word, as proclitics written onto it.
    pub fn proclitics(&self, letters: &str, count: usize, sorani: bool) -> Cues {
        let letters = folded_letters(letters).take(count);
        letters.fold(Cues::NONE, |cues, letter| {
            let said = self.proclitics.get(&letter).copied().unwrap_or_default();
            cues.with(said.of(sorani))
        })
    }

    /// Cues of a single word in a Sorani paragraph, or in another.
    pub fn of_word(&self, word: WordId, sorani: bool) -> Cues {
        self.single.get(word as usize).copied().unwrap_or_default().of(sorani)
    }

    /// Cues of a token as a whole word. Where the lexicon has both spellings, ya and alef maqsura are distinguished.
    pub fn whole(&self, token: &Token) -> Cues {
        let cues = self.of_word(token.word, token.is_sorani());
        match self.twins.get(&token.word) {
            Some(twins) if !cues.is_empty() && !token.is_sorani() => twins[usize::from(token.ends_in_maksura())],
            _ => cues,
        }
    }

    /// Cues of a token without its affixes.
    pub fn stem(&self, token: &Token) -> Cues {
        self.of_word(token.stem, token.is_sorani())
    }

    /// Cues of a token: as a whole if that is a word of the lexicon, else without its affixes.
    pub fn of(&self, token: &Token) -> Cues {
        match self.whole(token) {
            Cues::NONE => self.stem(token),
            cues => cues,
        }
    }

    /// Cues of the longest phrase that ends just before a token, and where it begins.
    pub fn ending_at(&self, tokens: &Tokens, end: usize) -> (Cues, usize) {
        let mut best = (Cues::NONE, end);
        let sorani = end
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .is_some_and(Token::is_sorani);
        if end < tokens.len() && tokens.tokens[end].begins_sentence() {
            return best;
        }
        self.backward.backward(tokens, end, |value, start| {
            let cues = self.cues[value as usize].of(sorani);
            if start < best.1 && !cues.is_empty() {
                best = (cues, start);
            }
        });
        if best.1 + 1 == end {
            best.0 = self.of(&tokens.tokens[best.1]);
        }
        best
    }

    /// Cues of the longest phrase that begins at a token, and where it ends.
    pub fn beginning_at(&self, tokens: &Tokens, at: usize) -> (Cues, usize) {
        let mut best = (Cues::NONE, at);
        let Some(token) = tokens.get(at) else { return best };
        for word in readings(token) {
            self.forward.forward(tokens, at, word, false, |value, end| {
                let cues = self.cues[value as usize].of(token.is_sorani());
                if end > best.1 && !cues.is_empty() {
                    best = (cues, end);
                }
            });
        }
        if best.1 == at + 1 {
            best.0 = self.of(token);
        }
        best
    }

    /// The letters that say something about a word, folded.
    pub fn shapes(&self, shape: Shape, language: Language) -> impl Iterator<Item = &AnyShape> {
        self.shapes
            .iter()
            .filter(move |any| any.shape == shape && any.language == language)
    }

    /// True if the lexicon has the word only inside longer phrases, so that it is not known for itself.
    pub fn is_inner(&self, word: WordId) -> bool {
        self.inner.contains(&word)
    }

    /// True if some phrase of the lexicon begins with the word.
    pub fn begins_noun(&self, word: WordId) -> bool {
        self.before.begins(word)
    }

    /// True if some type noun that follows its name begins with the word.
    pub fn begins_noun_after(&self, word: WordId) -> bool {
        self.after.begins(word)
    }

    /// True if some phrase with the cue begins with the word.
    pub fn begins_cue(&self, word: WordId, cue: Cue) -> bool {
        self.first.get(word as usize).is_some_and(|cues| cues.has(cue))
    }

    /// The longest type noun that begins at a token and precedes its name.
    ///
    /// "A quarter of Baghdad" is a part of it: a noun with an indefinite article and a word for "of" has no name.
    pub fn noun_before(&self, tokens: &Tokens, at: usize) -> Option<NounAt<'_>> {
        let noun = self.noun(&self.before, tokens, at)?;
        let latin = tokens.get(at)?.kind == Kind::Latin && !tokens.tokens[at].begins_sentence();
        let indefinite = latin
            && at
                .checked_sub(1)
                .and_then(|at| tokens.get(at))
                .is_some_and(|token| token.kind == Kind::Latin && self.whole(token).has(Cue::Indefinite));
        (!indefinite || noun.end == at + 1).then_some(noun)
    }

    /// The longest type noun that begins at a token and follows its name.
    pub fn noun_after(&self, tokens: &Tokens, at: usize) -> Option<NounAt<'_>> {
        if tokens.get(at)?.begins_sentence() {
            return None;
        }
        self.noun(&self.after, tokens, at)
    }

    fn noun(&self, trie: &Trie, tokens: &Tokens, at: usize) -> Option<NounAt<'_>> {
        let token = tokens.get(at)?;
        let mut best = None;
        for word in readings(token) {
            // A Sorani type noun has the suffix that joins it to its name; with another one ("their villages") it
            // governs nothing.
            if word != token.word && token.is_sorani() && token.tail > 1 {
                continue;
            }
            trie.forward(tokens, at, word, false, |value, end| {
                // A type noun keeps its ya: وادي is one, وأدى a verb.
                if end == at + 1 && token.ends_in_maksura() && self.keeps_ya(value) {
                    return;
                }
                if best.is_none_or(|(_, longest)| end > longest) {
                    best = Some((value, end));
                }
            });
            if best.is_some() {
                break;
            }
        }
        let (value, end) = best?;
        Some(NounAt {
            noun: self.nouns[value as usize].first()?,
            start: at,
            end,
        })
    }

    fn keeps_ya(&self, nouns: u32) -> bool {
        self.nouns[nouns as usize].iter().any(|noun| noun.words.ends_with('ي'))
    }

    /// The type noun that a name itself begins with, and how many words that is.
    pub fn noun_in_name(&self, words: &[WordId]) -> Option<(&TypeNoun, usize)> {
        (1..words.len()).rev().find_map(|count| {
            let noun = self.before.get(&words[..count])?;
            Some((self.nouns[noun as usize].first()?, count))
        })
    }

    /// True if a type noun of the text is the one that begins with this word, or its dual or plural.
    pub fn is_same_noun(&self, noun: &TypeNoun, first: WordId) -> bool {
        first != 0
            && [&self.before, &self.after].into_iter().any(|trie| {
                let nouns = trie.get(&[first]).map_or(&[][..], |nouns| &self.nouns[nouns as usize]);
                nouns
                    .iter()
                    .any(|other| other.stem.starts_with(&noun.stem) || noun.stem.starts_with(&other.stem))
            })
    }

    /// The type noun that a name itself ends with.
    pub fn noun_behind_name(&self, words: &[WordId]) -> Option<&TypeNoun> {
        let (last, name) = words.split_last()?;
        let noun = self.after.get(&[*last]).filter(|_| !name.is_empty())?;
        self.nouns[noun as usize].first()
    }

    /// True if any cue of the lexicon is spelt with this word alone.
    pub fn has(&self, word: WordId, cue: Cue) -> bool {
        self.of_word(word, false).has(cue) || self.of_word(word, true).has(cue)
    }
}
