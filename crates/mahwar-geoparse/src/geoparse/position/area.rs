//! Descriptions of areas: near a place, its outskirts, entrances, parts and quarters.

use super::{
    offset::is_unit,
    scan::{Anchor, Direction, Draft, Scan},
    types::{PositionForm, PositionKind},
    words::{Sense, Sign},
};
use crate::{gazetteer::Level, language::Language, text::Kind};
use std::ops::Range;

/// Words of the name of a quarter, a street or a building.
const NAME_WORDS: usize = 4;

impl Scan<'_> {
    /// "near Kirkuk", "outskirts of Kirkuk", "entrance of Kirkuk".
    pub(super) fn from_near(&self, at: usize) -> Option<Draft> {
        let sign = self.any(at, &[Sense::Near, Sense::Outskirts, Sense::Entrance])?;
        // "المدخل الشمالي لكركوك": the direction after its noun.
        let direction = match sign.sense {
            Sense::Near => None,
            _ => self.direction(sign.end, false),
        };
        let from = direction.map_or(sign.end, |direction| direction.end);
        let anchor = self.anchor(from)?;
        // "مدخل كركوك الشمالي": the direction after the name.
        let behind = self
            .direction(anchor.end, false)
            .filter(|behind| sign.sense == Sense::Entrance && behind.adjective && behind.language == Language::Arabic);
        let end = behind
            .filter(|_| direction.is_none())
            .map_or(anchor.end, |behind| behind.end);
        // The name of a unit means its town; in "near the road" and "near the river" it keeps its own place.
        let mut draft = Draft::new(PositionKind::Near, near_form(sign.sense), at..end);
        draft.direction = direction.or(behind);
        self.start_from(&mut draft, &anchor);
        Some(draft)
    }

    /// "northern outskirts of", "northern parts of": the direction before its noun.
    pub(super) fn side(&self, at: usize, sign: Sign, direction: Direction) -> Option<Draft> {
        // "the east bank of the Tigris"
        if sign.sense == Sense::Along {
            return self.bank(at, sign.end, Some(direction));
        }
        let anchor = self.anchor(sign.end)?;
        match sign.sense {
            Sense::Part => return self.part_of(at, direction, &anchor),
            Sense::Countryside => return self.countryside(at..anchor.end, direction, &anchor),
            _ => {}
        }
        let mut draft = Draft::new(PositionKind::Near, near_form(sign.sense), at..anchor.end);
        draft.direction = Some(direction);
        self.start_from(&mut draft, &anchor);
        Some(draft)
    }

    /// "المناطق الشمالية من كركوك", "بەشی باکووری دیالە".
    pub(super) fn from_part(&self, at: usize) -> Option<Draft> {
        let sign = self.any(at, &[Sense::Part, Sense::Countryside])?;
        let Some(direction) = self.direction(self.skip(sign.end, &[Sense::Lead, Sense::Of], false), false) else {
            return self.part_behind(at, sign);
        };
        let anchor = self.anchor(direction.end)?;
        if sign.sense == Sense::Countryside {
            return self.countryside(at..anchor.end, direction, &anchor);
        }
        // "مناطق الجنوب إلى كركوك" are no parts of Kirkuk, "المناطق الجنوبية في كركوك" are.
        let apart = match direction.language {
            Language::English => false,
            Language::Sorani => anchor.linked,
            _ => anchor.onward || (anchor.lead && !direction.adjective),
        };
        if apart {
            return None;
        }
        // "قرى جنوب غرب كركوك" are south-west of the town, "المناطق الجنوبية من كركوك" may lie in it.
        let town = anchor
            .mention
            .and_then(|mention| self.place(mention))
            .is_some_and(|place| place.level == Level::Settlement);
        if direction.language == Language::Arabic && !direction.adjective && town && !anchor.linked {
            return self.undistanced(at, direction, &anchor);
        }
        self.part_of(at, direction, &anchor)
    }

    /// "ريف تلعفر الغربي", "مناطق ديالى الشمالية": the direction after the name, as an adjective of the noun.
    fn part_behind(&self, at: usize, sign: Sign) -> Option<Draft> {
        let anchor = self.anchor(sign.end)?;
        let direction = self
            .direction(anchor.end, false)
            .filter(|behind| behind.adjective && behind.language == Language::Arabic)?;
        if sign.sense == Sense::Countryside {
            return self.countryside(at..direction.end, direction, &anchor);
        }
        let place = self.place(anchor.mention?)?;
        if anchor.linked || anchor.beyond || !is_unit(place) {
            return None;
        }
        let mut draft = self.part_of(at, direction, &anchor)?;
        draft.tokens.end = direction.end;
        Some(draft)
    }

    /// One side of the unit whose countryside it is: of the largest one that has the name of the town and contains it.
    fn countryside(&self, tokens: Range<usize>, direction: Direction, anchor: &Anchor) -> Option<Draft> {
        let mut draft = Draft::new(PositionKind::Part, PositionForm::Side, tokens);
        draft.direction = Some(direction);
        let mention = anchor.mention?;
        let place = self.place(mention)?;
        if anchor.beyond || is_unit(place) || place.foreign || place.level != Level::Settlement {
            match anchor.beyond {
                true => self.start_from(&mut draft, anchor),
                false => self.from_itself(&mut draft, mention),
            }
            return Some(draft);
        }
        draft.anchors.push(mention);
        let unit = |level| {
            let unit = self.unit_named(mention, level)?;
            let around = self.gazetteer.get(&unit)?;
            self.lies_in(place, around).then_some(unit)
        };
        let small = unit(Level::District).or_else(|| unit(Level::Subdistrict));
        match small.filter(|_| unit(Level::Governorate).is_none()) {
            Some(unit) => draft.places.push(unit),
            None => draft.reason = Some("the unit whose countryside it is is not known".to_owned()),
        }
        Some(draft)
    }

    pub(super) fn part_of(&self, at: usize, direction: Direction, anchor: &Anchor) -> Option<Draft> {
        let mut draft = Draft::new(PositionKind::Part, PositionForm::Side, at..anchor.end);
        draft.direction = Some(direction);
        match anchor.beyond {
            true => self.start_from(&mut draft, anchor),
            false => self.from_itself(&mut draft, anchor.mention?),
        }
        Some(draft)
    }

    /// "وسط بغداد", "central Baghdad".
    pub(super) fn from_centre(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Centre)?;
        let anchor = self.anchor(sign.end)?;
        let mention = anchor.mention.filter(|_| !anchor.beyond)?;
        let place = self.place(mention)?;
        let has_middle = is_unit(place) || place.level == Level::Settlement;
        if !has_middle || place.foreign {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Part, PositionForm::Centre, at..anchor.end);
        self.from_itself(&mut draft, mention);
        Some(draft)
    }

    /// "الجانب الأيمن من الموصل", "the left bank of Mosul": some part of the town, on a side that the words do not name.
    pub(super) fn from_bank(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Bank)?;
        let anchor = self.anchor(sign.end).filter(|anchor| !anchor.beyond)?;
        let mention = anchor.mention?;
        let town = self.town(mention)?;
        if town.level != Level::Settlement || town.foreign {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Part, PositionForm::Quarter, at..anchor.end);
        self.from_town(&mut draft, mention);
        Some(draft)
    }

    /// "حي النصر في كركوك", "the Wasiti neighbourhood of Kirkuk": a quarter that the gazetteer does not have.
    pub(super) fn from_quarter(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Quarter)?;
        let latin = self.kind(at) == Some(Kind::Latin);
        let start = if latin { self.name_before(at)? } else { at };
        let named = if latin { sign.end } else { self.name_behind(sign.end)? };
        // A quarter that the gazetteer has is a place of its own.
        let own = |at: usize| {
            self.mention_over(at)
                .is_some_and(|mention| self.mentions[mention].place.is_some())
        };
        if (start..named).any(own) {
            return None;
        }
        let comma = usize::from(self.kind(named) == Some(Kind::Comma));
        let lead = self.any(
            named + comma,
            &[Sense::In, Sense::Of, Sense::Centre, Sense::Direction, Sense::Adjective],
        );
        let from = lead.map_or(named + comma, |lead| lead.end);
        let from = self
            .any(from, &[Sense::Centre, Sense::Direction])
            .map_or(from, |sign| sign.end);
        let anchor = self.anchor(from)?;
        let mention = anchor.mention?;
        let prefixed = !self.mentions[mention].prefix.is_empty();
        // "گەڕەکی ڕاپەڕینی کەرکووک": the ezafe links the quarter to its city.
        let ezafe = lead.is_none() && named.checked_sub(1).is_some_and(|last| self.slice(last).ends_with('ی'));
        if lead.is_none() && comma == 0 && !prefixed && !anchor.noun && !(ezafe && self.is_sorani(at)) {
            return None;
        }
        let town = self.town(mention)?;
        if town.level != Level::Settlement || town.foreign {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Part, PositionForm::Quarter, start..anchor.end);
        draft.places.push(town.id.clone());
        draft.anchors.push(mention);
        Some(draft)
    }

    fn is_sorani(&self, at: usize) -> bool {
        self.signs_at(at).iter().any(|sign| sign.language == Language::Sorani)
    }

    /// First token of the capital letters that end before a noun: "the New Wasiti neighbourhood".
    fn name_before(&self, noun: usize) -> Option<usize> {
        let mut start = noun;
        while start > self.sentence.start && noun - start < NAME_WORDS {
            let token = self.token(start - 1)?;
            let joins = token.kind == Kind::Dash && start < noun;
            let capital =
                token.kind == Kind::Latin && token.is_capital() && self.sign(start - 1, Sense::Noun).is_none();
            if !capital && !joins {
                break;
            }
            start -= 1;
        }
        let is_sentence_start = start == self.sentence.start && noun - start == 1;
        (start < noun && !is_sentence_start).then_some(start)
    }

    /// One past the words of a name after its noun: up to the word that leads to the city.
    fn name_behind(&self, noun: usize) -> Option<usize> {
        let mut end = noun;
        while end < noun + NAME_WORDS && self.sentence.contains(&end) {
            let token = self.token(end)?;
            let leads = self
                .any(
                    end,
                    &[Sense::In, Sense::Of, Sense::Centre, Sense::Noun, Sense::Direction],
                )
                .is_some();
            // "سيطرة عند المدخل الشمالي لكركوك" is no name: another description begins inside.
            if self
                .any(end, &[Sense::Entrance, Sense::Outskirts, Sense::Border, Sense::Road])
                .is_some()
            {
                return None;
            }
            let resolved = self.mention_at(end).is_some_and(|at| self.mentions[at].place.is_some());
            if leads || resolved || token.kind != Kind::Arabic {
                break;
            }
            end += 1;
        }
        (end > noun).then_some(end)
    }
}

fn near_form(sense: Sense) -> PositionForm {
    match sense {
        Sense::Outskirts => PositionForm::Outskirts,
        Sense::Entrance => PositionForm::Entrance,
        _ => PositionForm::Near,
    }
}
