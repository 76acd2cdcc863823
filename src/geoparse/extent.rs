//! How far an unknown name reaches behind a type noun: one word, or a compound whose shape says so. Conservative, for
//! what follows a type noun is as often an adjective, a verb or a relative clause.

use super::{
    cue::{Cue, Cues},
    lexicon::{Number, Shape},
    words::Words,
};
use crate::{
    language::Language,
    text::{Kind, Token, Tokens, UNKNOWN, fold},
};

/// The most words of an unknown name.
const LONGEST: usize = 3;

/// One past the last token of the unknown name at a token, if one can stand there. `cut` letters in front of its first
/// word are not part of it.
pub(super) fn unknown(
    words: &Words,
    text: &str,
    tokens: &Tokens,
    at: usize,
    cut: usize,
    quoted: bool,
) -> Option<usize> {
    if quoted {
        return quotation(tokens, at);
    }
    match tokens.get(at)?.kind {
        Kind::Latin => capitals(words, tokens, at),
        Kind::Arabic => arabic(words, text, tokens, at, cut),
        Kind::Number if tokens.get(at + 1)?.kind.is_word() && tokens.get(at + 1)?.is_spaced() => {
            arabic(words, text, tokens, at + 1, 0)
        }
        _ => None,
    }
}

/// A further unknown name of a list. Beyond the second one its shape must be that of a name.
pub(super) fn unknown_member(
    words: &Words,
    text: &str,
    tokens: &Tokens,
    at: usize,
    cut: usize,
    number: Number,
) -> Option<usize> {
    let end = unknown(words, text, tokens, at, cut, false)?;
    let token = tokens.get(at)?;
    if number == Number::Dual || token.kind == Kind::Latin || cut == 0 {
        return Some(end);
    }
    let cues = cues_of(words, token, cut);
    let folded = fold(text.get(token.range())?);
    let shaped =
        cues.has(Cue::Head) || starts_with_article(words, &folded, cut) || token.stem != UNKNOWN || end > at + 1;
    shaped.then_some(end)
}

/// The first token of an unknown name in Latin letters that ends before a token.
pub(super) fn unknown_before(words: &Words, tokens: &Tokens, end: usize) -> Option<usize> {
    let mut first = None;
    let mut at = end;
    while at > 0 && end - at < LONGEST + 2 && !tokens.tokens[at].begins_sentence() {
        at -= 1;
        let token = &tokens.tokens[at];
        let cues = words.of(token);
        match token.kind {
            Kind::Latin if cues.has(Cue::Article) => first = Some(at),
            Kind::Latin if token.is_capital() && !cues.any(&[Cue::Function, Cue::Common, Cue::Title]) => {
                first = Some(at)
            }
            Kind::Dash if !tokens.tokens[at + 1].is_spaced() => {}
            _ => break,
        }
    }
    first.filter(|first| tokens.tokens[*first..end].iter().any(Token::is_capital))
}

/// Symbols of Sorani suffixes at the end of an unknown name.
pub(super) fn unknown_tail(words: &Words, text: &str, tokens: &Tokens, end: usize) -> usize {
    let Some(token) = end.checked_sub(1).and_then(|at| tokens.get(at)) else {
        return 0;
    };
    if token.kind != Kind::Arabic || tokens.language_at(end - 1) != Language::Sorani {
        return 0;
    }
    let folded = fold(text.get(token.range()).unwrap_or_default());
    let suffixes = words
        .shapes(Shape::NameSuffix)
        .filter(|letters| folded.ends_with(letters) && folded.len() > letters.len() + 4);
    suffixes.map(|letters| letters.chars().count()).max().unwrap_or(0)
}

fn quotation(tokens: &Tokens, at: usize) -> Option<usize> {
    let rest = tokens.tokens.get(at..(at + LONGEST + 2).min(tokens.len()))?;
    let closed = rest
        .iter()
        .position(|token| token.kind.is_quote() || token.kind == Kind::Close)?;
    (closed > 0 && rest[..closed].iter().all(|token| token.kind.is_word())).then_some(at + closed)
}

fn capitals(words: &Words, tokens: &Tokens, at: usize) -> Option<usize> {
    let mut end = at;
    let mut capital = false;
    while let Some(token) = tokens.get(end) {
        let cues = words.of(token);
        let fits = match token.kind {
            Kind::Latin if end > at && token.begins_sentence() => false,
            Kind::Latin if cues.has(Cue::Article) => true,
            Kind::Latin => token.is_capital() && !cues.any(&[Cue::Function, Cue::Common, Cue::Literal]),
            Kind::Dash => !token.is_spaced() && tokens.get(end + 1).is_some_and(|next| !next.is_spaced()),
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

fn arabic(words: &Words, text: &str, tokens: &Tokens, at: usize, cut: usize) -> Option<usize> {
    let first = tokens.get(at)?;
    if first.begins_sentence() || !can_begin(words, text, tokens, at, cut) {
        return None;
    }
    let mut end = at + 1;
    let mut head = cues_of(words, first, cut).has(Cue::Head);
    while head && end - at < LONGEST {
        let next = tokens
            .get(end)
            .filter(|next| next.kind == Kind::Arabic && !next.begins_sentence())?;
        let cues = words.of_word(next.word);
        if cues.any(&[Cue::Function, Cue::Literal, Cue::Verb]) {
            return None;
        }
        head = cues.has(Cue::Head);
        end += 1;
    }
    let folded = fold(text.get(first.range())?);
    while end - at < LONGEST {
        let Some(next) = tokens
            .get(end)
            .filter(|next| next.kind == Kind::Arabic && !next.begins_sentence())
        else {
            break;
        };
        let tail = words.of_word(next.word).has(Cue::Tail);
        let foreign = end == at + 1 && !starts_with_article(words, &folded, cut) && is_unseen(words, next);
        if !tail && !foreign {
            break;
        }
        end += 1;
    }
    Some(end)
}

/// A word that can be the first of an unknown name.
fn can_begin(words: &Words, text: &str, tokens: &Tokens, at: usize, cut: usize) -> bool {
    let token = &tokens.tokens[at];
    let cues = cues_of(words, token, cut);
    let stem = words.of_word(token.stem);
    if cues.has(Cue::Head) || cues.has(Cue::Person) {
        return !cues.any(&[Cue::Function, Cue::Literal, Cue::Common]);
    }
    if !cues.is_empty()
        || (cut == 0 && !stem.is_empty())
        || words.begins_noun(token.word)
        || words.begins_noun(token.stem)
    {
        return false;
    }
    let Some(folded) = text.get(token.range()).map(fold) else {
        return false;
    };
    let letters = folded.chars().count().saturating_sub(cut);
    if letters < 2 {
        return false;
    }
    let known = token.word != UNKNOWN || (cut > 0 && token.stem != UNKNOWN);
    known
        || tokens.language_at(at) != Language::Arabic
        || starts_with_article(words, &folded, cut)
        || !looks_inflected(words, &folded, cut)
}

/// An unknown word that by its outermost letters is a verb or an adjective.
fn looks_inflected(words: &Words, folded: &str, cut: usize) -> bool {
    let word: String = folded.chars().skip(cut).collect();
    words.shapes(Shape::VerbBegins).any(|letters| word.starts_with(letters))
        || words
            .shapes(Shape::AdjectiveEnds)
            .any(|letters| word.ends_with(letters))
}

fn starts_with_article(words: &Words, folded: &str, cut: usize) -> bool {
    let word = folded.char_indices().nth(cut).map_or("", |(at, _)| &folded[at..]);
    words.shapes(Shape::Article).any(|article| word.starts_with(article))
}

fn cues_of(words: &Words, token: &Token, cut: usize) -> Cues {
    match cut {
        0 => words.of_word(token.word),
        _ => words.of_word(token.stem),
    }
}

fn is_unseen(words: &Words, token: &Token) -> bool {
    words.of_word(token.word).is_empty()
        && words.of_word(token.stem).is_empty()
        && !words.begins_noun(token.word)
        && !words.begins_noun(token.stem)
        && token.cut == 0
}
