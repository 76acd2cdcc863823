//! Texts with a title: both are read as one, and each span says in which of the two it stands.

use super::parse::{Parse, Part, Words};
use crate::text::Offsets;

/// What stands between a title and its text while they are read: the end of a paragraph.
const BETWEEN: &str = "\n\n";

/// Reads a text together with its title. The offsets of what stands in the title are those into the title, and it carries
/// [`Part::Title`]; the offsets into the text are those that the text has without a title.
pub fn read_titled(title: Option<&str>, text: &str, read: impl FnOnce(&str) -> Parse) -> Parse {
    let Some(title) = title.filter(|title| !title.trim().is_empty()) else {
        return read(text);
    };
    let mut parse = read(&format!("{title}{BETWEEN}{text}"));
    let split = Split::after(title);
    for mention in &mut parse.mentions {
        mention.part = split.place(&mut mention.offsets);
        [mention.start, mention.end] = mention.offsets.codepoint;
    }
    for quantity in &mut parse.quantities {
        split.words(&mut quantity.words);
    }
    for said in &mut parse.attributions {
        split.words(&mut said.verb);
        split.words(&mut said.quote);
        if let Some(speaker) = &mut said.speaker {
            split.words(&mut speaker.words);
        }
    }
    for claim in &mut parse.claims {
        split.words(&mut claim.evidence);
    }
    parse
}

/// Puts what stands in the text before what stands in its title, and numbers all of it anew: the ids of a text are then those
/// that it has without a title, as long as the same is found in it.
pub fn text_first(mut parse: Parse) -> Parse {
    if parse.mentions.iter().all(|mention| mention.part == Part::Text)
        && parse
            .quantities
            .iter()
            .all(|quantity| quantity.words.part == Part::Text)
        && parse.attributions.iter().all(|said| said.quote.part == Part::Text)
        && parse.claims.iter().all(|claim| claim.evidence.part == Part::Text)
    {
        return parse;
    }
    let is_title = |part: Part| part == Part::Title;
    parse.mentions.sort_by_key(|mention| is_title(mention.part));
    parse.quantities.sort_by_key(|quantity| is_title(quantity.words.part));
    parse.attributions.sort_by_key(|said| is_title(said.quote.part));
    parse.claims.sort_by_key(|claim| is_title(claim.evidence.part));
    let mut names = rustc_hash::FxHashMap::default();
    for (mention, at) in parse.mentions.iter_mut().zip(1..) {
        let own = compact_str::format_compact!("m{at}");
        names.insert(mention.id.to_string(), own.to_string());
        mention.id = own;
    }
    let mut rename = |id: &mut String, kind: char, at: usize| {
        let own = format!("{kind}{at}");
        names.insert(std::mem::replace(id, own.clone()), own);
    };
    for (quantity, at) in parse.quantities.iter_mut().zip(1..) {
        rename(&mut quantity.id, 'q', at);
    }
    for (said, at) in parse.attributions.iter_mut().zip(1..) {
        rename(&mut said.id, 'a', at);
    }
    for (claim, at) in parse.claims.iter_mut().zip(1..) {
        claim.id = format!("c{at}");
        let ids = claim
            .mentions
            .iter_mut()
            .chain(&mut claim.quantities)
            .chain(&mut claim.attribution);
        for id in ids {
            if let Some(own) = names.get(id) {
                id.clone_from(own);
            }
        }
    }
    parse
}

/// The lengths of a title with what follows it, in three units.
struct Split {
    title: usize,
    byte: usize,
    codepoint: usize,
    utf16: usize,
}

impl Split {
    fn after(title: &str) -> Self {
        Self {
            title: title.len(),
            byte: title.len() + BETWEEN.len(),
            codepoint: title.chars().count() + BETWEEN.len(),
            utf16: title.encode_utf16().count() + BETWEEN.len(),
        }
    }

    /// The part in which a span stands; its offsets become those into that part.
    fn place(&self, offsets: &mut Offsets) -> Part {
        if offsets.byte[0] < self.title {
            return Part::Title;
        }
        for end in 0..2 {
            offsets.byte[end] = offsets.byte[end].saturating_sub(self.byte);
            offsets.codepoint[end] = offsets.codepoint[end].saturating_sub(self.codepoint);
            offsets.utf16[end] = offsets.utf16[end].saturating_sub(self.utf16);
        }
        Part::Text
    }

    fn words(&self, words: &mut Words) {
        words.part = self.place(&mut words.offsets);
        [words.start, words.end] = words.offsets.codepoint;
    }
}
