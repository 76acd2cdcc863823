//! Texts with a title: both are read as one, and each span says in which of the two it is.

use super::{
    parse::{Parse, Part, Words},
    position::{PositionRef, attach_positions},
    time::Time,
};
use crate::text::Offsets;
use ecow::eco_format;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Separator between a title and its text while they are read: the end of a paragraph.
const BETWEEN: &str = "\n\n";

/// Reads a text together with its title. A span in the title has [`Part::Title`] and offsets into the title; the other
/// offsets are those that the text has without a title.
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
        for party in [&mut claim.actor, &mut claim.target].into_iter().flatten() {
            split.words(&mut party.words);
        }
    }
    for position in &mut parse.positions {
        split.words(&mut Arc::make_mut(position).words);
    }
    // Mentions and claims share the positions of the list.
    let positions = &parse.positions;
    let held = parse.mentions.iter_mut().map(|mention| &mut mention.position);
    for held in held.chain(parse.claims.iter_mut().map(|claim| &mut claim.position)) {
        let described = held.as_ref().and_then(PositionRef::described);
        let number = described.and_then(|old| old.id.get(1..)?.parse::<usize>().ok());
        let renewed = number.and_then(|number| positions.get(number.checked_sub(1)?));
        if let Some(renewed) = renewed {
            *held = Some(PositionRef::Described(Arc::clone(renewed)));
        }
    }
    split.times(&mut parse);
    parse
}

/// Puts spans in the text before spans in its title, and numbers all of them anew: the ids of a text are then those
/// that it has without a title, as long as the same spans are found in it.
pub fn text_first(mut parse: Parse) -> Parse {
    if parse.mentions.iter().all(|mention| mention.part == Part::Text)
        && parse
            .quantities
            .iter()
            .all(|quantity| quantity.words.part == Part::Text)
        && parse.attributions.iter().all(|said| said.quote.part == Part::Text)
        && parse.claims.iter().all(|claim| claim.evidence.part == Part::Text)
        && parse.positions.iter().all(|position| position.words.part == Part::Text)
        && parse.times.iter().all(|time| time.words.part == Part::Text)
    {
        return parse;
    }
    let is_title = |part: Part| part == Part::Title;
    parse.mentions.sort_by_key(|mention| is_title(mention.part));
    parse.quantities.sort_by_key(|quantity| is_title(quantity.words.part));
    parse.attributions.sort_by_key(|said| is_title(said.quote.part));
    parse.claims.sort_by_key(|claim| is_title(claim.evidence.part));
    let mut names = FxHashMap::default();
    for (mention, at) in parse.mentions.iter_mut().zip(1..) {
        let own = eco_format!("m{at}");
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
    positions_text_first(&mut parse, &names);
    times_text_first(&mut parse);
    parse
}

/// Orders the described positions, whose anchors have new names, and links mentions and claims to them again.
fn positions_text_first(parse: &mut Parse, names: &FxHashMap<String, String>) {
    parse
        .positions
        .sort_by_key(|position| position.words.part == Part::Title);
    for (position, at) in parse.positions.iter_mut().zip(1..) {
        let position = Arc::make_mut(position);
        position.id = eco_format!("p{at}");
        for anchor in &mut position.anchors {
            if let Some(own) = names.get(anchor.as_str()) {
                *anchor = own.as_str().into();
            }
        }
    }
    attach_positions(parse);
}

/// Orders the times; mentions and claims share those of the list.
fn times_text_first(parse: &mut Parse) {
    parse.times.sort_by_key(|time| time.words.part == Part::Title);
    let mut renewed = FxHashMap::default();
    for (time, at) in parse.times.iter_mut().zip(1..) {
        let before = time.id.clone();
        Arc::make_mut(time).id = eco_format!("t{at}");
        renewed.insert(before, Arc::clone(time));
    }
    let held = parse.mentions.iter_mut().map(|mention| &mut mention.time);
    for held in held.chain(parse.claims.iter_mut().map(|claim| &mut claim.time)) {
        if let Some(own) = held.as_ref().and_then(|old| renewed.get(&old.id)) {
            *held = Some(Arc::clone(own));
        }
    }
}

/// The lengths of a title with its separator, in three units.
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

    /// The part that contains a span; its offsets become those into that part.
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

    /// Times are shared by mentions and claims: each is moved once, and those that have it get the moved one.
    fn times(&self, parse: &mut Parse) {
        for time in &mut parse.times {
            self.words(&mut Arc::make_mut(time).words);
        }
        let Parse {
            times,
            mentions,
            claims,
            ..
        } = parse;
        let moved = |time: &mut Option<Arc<Time>>| {
            if let Some(old) = time {
                let at = old.id.get(1..).and_then(|number| number.parse::<usize>().ok());
                *time = at.and_then(|at| times.get(at - 1)).map(Arc::clone);
            }
        };
        mentions.iter_mut().for_each(|mention| moved(&mut mention.time));
        claims.iter_mut().for_each(|claim| moved(&mut claim.time));
    }

    fn words(&self, words: &mut Words) {
        words.part = self.place(&mut words.offsets);
        [words.start, words.end] = words.offsets.codepoint;
    }
}
