//! Phrases as sequences of word numbers, walked forwards or backwards from a token.

use crate::text::{Token, Tokens, UNKNOWN, WordId};
use rustc_hash::FxHashMap;

/// A trie over words; each phrase has a value, which is never zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Trie {
    /// Node of each phrase's first word, by word; zero for none.
    roots: Vec<u32>,
    edges: FxHashMap<(u32, WordId), u32>,
    /// By node; node zero is nothing.
    nodes: Vec<Node>,
}

/// The value of a phrase that ends here, and whether longer ones go on.
#[derive(Clone, Copy, Debug, Default)]
struct Node(u32);

impl Node {
    const MORE: u32 = 1 << 31;

    fn value(self) -> u32 {
        self.0 & !Self::MORE
    }

    fn goes_on(self) -> bool {
        self.0 & Self::MORE != 0
    }
}

impl Trie {
    /// The value of a phrase: the one that it has, or the one given when it is new.
    pub fn entry(&mut self, words: &[WordId], new: u32) -> Option<u32> {
        let (first, rest) = words.split_first()?;
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let first = *first as usize;
        if self.roots.len() <= first {
            self.roots.resize(first + 1, 0);
        }
        if self.roots[first] == 0 {
            self.roots[first] = self.nodes.len() as u32;
            self.nodes.push(Node::default());
        }
        let mut node = self.roots[first];
        for word in rest {
            self.nodes[node as usize].0 |= Node::MORE;
            let next = self.nodes.len() as u32;
            node = *self.edges.entry((node, *word)).or_insert(next);
            if node == next {
                self.nodes.push(Node::default());
            }
        }
        let node = &mut self.nodes[node as usize];
        if node.value() == 0 {
            node.0 |= new;
        }
        Some(node.value())
    }

    /// Frees memory that no phrase uses.
    pub fn shrink_to_fit(&mut self) {
        self.roots.shrink_to_fit();
        self.edges.shrink_to_fit();
        self.nodes.shrink_to_fit();
    }

    /// The value of a phrase.
    pub fn get(&self, words: &[WordId]) -> Option<u32> {
        let (first, rest) = words.split_first()?;
        let mut node = self.root(*first);
        for word in rest {
            node = *self.edges.get(&(node, *word))?;
        }
        let value = self.nodes.get(node as usize)?.value();
        (value != 0).then_some(value)
    }

    /// True if some phrase begins with this word.
    #[inline]
    pub fn begins(&self, word: WordId) -> bool {
        self.root(word) != 0
    }

    #[inline]
    fn root(&self, word: WordId) -> u32 {
        self.roots.get(word as usize).copied().unwrap_or(0)
    }

    /// Calls `found(value, end)` for each phrase that begins at a token with the given reading of that token, the
    /// shortest first; `end` is one past its last token.
    pub fn forward(&self, tokens: &Tokens, at: usize, word: WordId, last: bool, mut found: impl FnMut(u32, usize)) {
        let mut node = self.root(word);
        let mut end = at + 1;
        let mut last = last;
        while node != 0 {
            let here = self.nodes[node as usize];
            if here.value() != 0 {
                found(here.value(), end);
            }
            if !here.goes_on() || last {
                return;
            }
            let Some(next) = next_word(tokens, end) else { return };
            let token = &tokens.tokens[next];
            (node, last) = match self.edges.get(&(node, token.word)) {
                Some(child) => (*child, false),
                None if token.cut == 0 && token.stem != UNKNOWN => {
                    (self.edges.get(&(node, token.stem)).copied().unwrap_or(0), true)
                }
                None => (0, false),
            };
            end = next + 1;
        }
    }

    /// As [`Trie::forward`], for phrases inserted from their last word to their first, ending just before a token.
    /// `found(value, start)` gets the first token. Any word may be read without its affixes.
    pub fn backward(&self, tokens: &Tokens, end: usize, mut found: impl FnMut(u32, usize)) {
        let Some(last) = end.checked_sub(1).and_then(|at| tokens.get(at)) else {
            return;
        };
        for word in readings(last) {
            let mut node = self.root(word);
            let mut start = end - 1;
            while node != 0 {
                let here = self.nodes[node as usize];
                if here.value() != 0 {
                    found(here.value(), start);
                }
                if !here.goes_on() || start == 0 || tokens.tokens[start].begins_sentence() {
                    break;
                }
                let token = &tokens.tokens[start - 1];
                node = readings(token)
                    .find_map(|word| self.edges.get(&(node, word)).copied())
                    .unwrap_or(0);
                start -= 1;
            }
        }
    }
}

/// The whole word and the word without its affixes.
pub(super) fn readings(token: &Token) -> impl Iterator<Item = WordId> {
    [token.word, token.stem].into_iter().filter(|word| *word != UNKNOWN)
}

/// The word token that continues a phrase: the next one, or the one after a hyphen without spaces.
fn next_word(tokens: &Tokens, at: usize) -> Option<usize> {
    use crate::text::Kind;
    let token = tokens.get(at)?;
    if token.begins_sentence() {
        return None;
    }
    match token.kind {
        Kind::Dash if !token.is_spaced() => {
            let next = tokens.get(at + 1)?;
            let goes_on = next.kind.is_word() || next.kind == Kind::Number;
            (!next.is_spaced() && goes_on).then_some(at + 1)
        }
        Kind::Arabic | Kind::Latin | Kind::Number => Some(at),
        _ => None,
    }
}
