//! Spans of finds: the name without its affixes, with the article that Latin letters set apart.

use super::{Found, Trigger, Walk};
use crate::{
    geoparse::{cue::Cue, names::NameAt},
    text::{Kind, Span},
};

impl<'a> Walk<'a> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn push(
        &mut self,
        at: usize,
        name: NameAt,
        stem: bool,
        trigger: Option<Trigger<'a>>,
        head: usize,
        list: usize,
        tentative: bool,
    ) {
        let first = &self.tokens.tokens[at];
        let last = &self.tokens.tokens[name.end - 1];
        let cut = if stem { usize::from(first.cut) } else { 0 };
        let tail = if name.tail { usize::from(last.tail) } else { 0 };
        let start = first
            .part_range(self.text, cut, if name.end == at + 1 { tail } else { 0 })
            .start;
        let end = last
            .part_range(self.text, if name.end == at + 1 { cut } else { 0 }, tail)
            .end;
        let article = self.article_before(at, start);
        self.found.push(Found {
            first: article.map_or(at, |(token, _)| token),
            last: name.end,
            span: Span {
                start: article.map_or(start, |(_, byte)| byte),
                end,
            },
            name: name.name,
            trigger,
            head: if head == at {
                article.map_or(at, |(token, _)| token)
            } else {
                head
            },
            list,
            tentative,
            respelt: false,
        });
    }

    /// The article of a name in Latin letters: `al-` before a name that the gazetteer has without it.
    fn article_before(&self, at: usize, start: usize) -> Option<(usize, usize)> {
        let token = &self.tokens.tokens[at];
        if token.kind != Kind::Latin || start != token.start as usize || token.begins_sentence() {
            return None;
        }
        let dash = at > 0 && self.tokens.tokens[at - 1].kind == Kind::Dash && !token.is_spaced();
        let before = at.checked_sub(if dash { 2 } else { 1 })?;
        let article = &self.tokens.tokens[before];
        let joined = !dash || !self.tokens.tokens[at - 1].is_spaced();
        let written = dash || article.is_capital();
        (joined && written && self.finder.words.of(article).has(Cue::Article) && !self.is_other_article(before))
            .then_some((before, article.start as usize))
    }

    pub(super) fn push_unknown(
        &mut self,
        at: usize,
        end: usize,
        cut: usize,
        trigger: Trigger<'a>,
        head: usize,
        list: usize,
    ) {
        let (first, last) = (&self.tokens.tokens[at], &self.tokens.tokens[end - 1]);
        let tail = self.loose_extent().unknown_tail(end);
        let start = first.part_range(self.text, cut, 0).start;
        let stop = last.part_range(self.text, 0, tail).end;
        self.found.push(Found {
            first: at,
            last: end,
            span: Span { start, end: stop },
            name: 0,
            trigger: Some(trigger),
            head,
            list,
            tentative: false,
            respelt: false,
        });
    }
}
