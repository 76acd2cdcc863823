//! Quotation marks in pairs.

use crate::text::{Kind, Paragraph, Token, Tokens};
use std::ops::Range;

/// The pairs of a text: token of the opening mark, token of the closing mark; in order of the opening marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Quotations {
    pairs: Vec<(u32, u32)>,
}

/// Quotations inside quotations are followed this deep.
const DEPTH: usize = 4;
/// The most paragraphs that a quotation goes on for.
const PARAGRAPHS: usize = 24;
/// Marks with their families.
type Marks = Vec<(u32, char)>;

impl Quotations {
    pub(super) fn find(text: &str, tokens: &Tokens) -> Self {
        let mut found = Self::default();
        // Marks that an earlier paragraph left open, by family and number of the paragraph.
        let mut left: Vec<(u32, char, usize)> = Vec::new();
        for (number, paragraph) in tokens.paragraphs.iter().enumerate() {
            let (open, closed) = found.pair(text, &tokens.tokens, paragraph);
            left.retain(|(.., since)| number - since <= PARAGRAPHS);
            for (close, family) in closed {
                // The last one left open of its family: a mark before each paragraph is common in English.
                if let Some(at) = left.iter().position(|(_, other, _)| *other == family) {
                    found.pairs.push((left[at].0, close));
                    left.retain(|(_, other, _)| *other != family);
                }
            }
            let begins = |at: u32| at == paragraph.tokens.start;
            for (at, family) in open {
                let goes_on = begins(at) && left.iter().any(|(_, other, _)| *other == family);
                if !goes_on && family != '\'' {
                    left.retain(|(_, other, _)| *other != family);
                    left.push((at, family, number));
                }
            }
        }
        found.pairs.sort_unstable();
        found
    }

    /// The closing mark of the quotation that a token opens.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let at = self.pairs.binary_search_by_key(&(open as u32), |pair| pair.0).ok()?;
        Some(self.pairs[at].1 as usize)
    }

    /// True if a mark opens a quotation that the text never closes: white space precedes it and does not follow it. An
    /// apostrophe opens none.
    pub(super) fn is_unclosed(&self, text: &str, tokens: &[Token], at: usize) -> bool {
        let Some(token) = tokens.get(at).filter(|token| token.kind.is_quote()) else {
            return false;
        };
        let mark = text.get(token.range()).and_then(|mark| mark.chars().next());
        let opens = token.kind == Kind::QuoteOpen
            || (token.kind == Kind::Quote
                && (token.is_spaced() || at == 0 || !tokens[at - 1].kind.is_word())
                && tokens.get(at + 1).is_some_and(|next| !next.is_spaced()));
        opens
            && mark.is_some_and(|mark| family(mark) != '\'')
            && self.closing(at).is_none()
            && self.opening(at, at).is_none()
    }

    /// The opening mark of the quotation that a token closes, looking at most 64 pairs back.
    pub(super) fn opening(&self, close: usize, before: usize) -> Option<usize> {
        let end = self.pairs.partition_point(|pair| (pair.0 as usize) < before);
        let recent = &self.pairs[end.saturating_sub(64)..end];
        recent
            .iter()
            .rev()
            .find(|pair| pair.1 as usize == close)
            .map(|pair| pair.0 as usize)
    }

    /// Pairs the marks of a paragraph. Returns those that stay open, and those that close a quotation begun before.
    fn pair(&mut self, text: &str, tokens: &[Token], paragraph: &Paragraph) -> (Marks, Marks) {
        let mut closed = Marks::new();
        let range: Range<usize> = paragraph.tokens.start as usize..paragraph.tokens.end as usize;
        let mut open: Vec<(u32, char)> = Vec::with_capacity(DEPTH);
        for at in range.clone() {
            let kind = tokens[at].kind;
            if !kind.is_quote() {
                continue;
            }
            let Some(mark) = text.get(tokens[at].range()).and_then(|mark| mark.chars().next()) else {
                continue;
            };
            let family = family(mark);
            let last = open.iter().rposition(|(_, other)| *other == family);
            let opens = match kind {
                Kind::QuoteOpen => true,
                Kind::QuoteClose => false,
                _ => opens(text, tokens, &range, at, last.is_some()),
            };
            if opens {
                if open.len() == DEPTH {
                    open.remove(0);
                }
                open.push((at as u32, family));
            } else if let Some(last) = last {
                self.pairs.push((open[last].0, at as u32));
                open.truncate(last);
            } else {
                closed.push((at as u32, family));
            }
        }
        (open, closed)
    }
}

/// Marks that go together.
fn family(mark: char) -> char {
    match mark {
        '«' | '»' => '«',
        '‹' | '›' => '‹',
        '\'' | '`' | '‘' | '’' | '‛' | '´' => '\'',
        _ => '"',
    }
}

/// True if a mark without direction opens: white space precedes it and does not follow it, or it follows a proclitic
/// letter.
fn opens(text: &str, tokens: &[Token], paragraph: &Range<usize>, at: usize, is_open: bool) -> bool {
    let spaced_before = at == paragraph.start || tokens[at].is_spaced();
    let spaced_after = at + 1 >= paragraph.end || tokens[at + 1].is_spaced();
    let apostrophe = text
        .get(tokens[at].range())
        .is_some_and(|mark| family(mark.chars().next().unwrap_or('"')) == '\'');
    if apostrophe {
        return spaced_before && !spaced_after;
    }
    let after_letter = !spaced_before
        && tokens[at - 1].kind == Kind::Arabic
        && text
            .get(tokens[at - 1].range())
            .is_some_and(|word| word.chars().filter(|c| *c != 'ـ').count() == 1);
    let after_open = !spaced_before && matches!(tokens[at - 1].kind, Kind::Open | Kind::Colon);
    if after_letter || after_open {
        return true;
    }
    // Nothing follows that it could open.
    let ends = !spaced_before && at + 1 >= paragraph.end;
    match is_open {
        true => spaced_before && !spaced_after,
        false => !ends,
    }
}
