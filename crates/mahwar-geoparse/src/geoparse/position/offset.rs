//! Distances and directions from a place, in either order.

use super::{
    distance::{Distance, NO_NUMBER},
    scan::{Anchor, Direction, Draft, GAP, Scan},
    types::{DistanceLimit, PositionForm, PositionKind},
    words::Sense,
};
use crate::{
    gazetteer::{Level, Place},
    language::Language,
    text::Kind,
};
use std::ops::Range;

/// Words between the parts of a distance with a direction.
const BETWEEN: &[Sense] = &[Sense::Filler, Sense::Lead, Sense::Away, Sense::In];

/// Reason of a time of travel.
const NO_TRAVEL: &str = "a time of travel gives no distance";

/// True for a unit that has a boundary of its own.
pub(super) fn is_unit(place: &Place) -> bool {
    place.level.is_administrative()
}

impl Scan<'_> {
    /// A description that begins with a distance.
    pub(super) fn from_distance(&self, at: usize) -> Option<Draft> {
        let mut distance = self.distance_at(at)?.clone();
        if self.is_length(&distance) {
            return None;
        }
        let mut start = self.with_fillers(at);
        distance = self.ranged(distance);
        if let Some(draft) = self.from_two_ways(start, &distance) {
            return Some(draft);
        }
        if let Some(travel) = self.sign(distance.tokens.end, Sense::Travel) {
            return self.travelled(start, travel.end);
        }
        let within = self.before(start, GAP, Sense::Within).filter(|sign| sign.end == start);
        let radius_at = distance.tokens.end + usize::from(self.kind(distance.tokens.end) == Some(Kind::Dash));
        let radius = self.sign(radius_at, Sense::Radius);
        if within.is_some() || radius.is_some() {
            start = within.map_or(start, |within| within.start);
            if distance.limit == DistanceLimit::Exact {
                distance = distance.limited(DistanceLimit::AtMost);
            }
        }
        let mut next = self.skip(distance.tokens.end, BETWEEN, true);
        // "20 km (12 miles) south-west of"
        if let Some(second) = self.distance_at(next) {
            next = self.skip(second.tokens.end, BETWEEN, true);
        }
        if let Some(direction) = self.direction(next, true) {
            return self.measured(start, distance, direction);
        }
        // "20 km from Kirkuk", "20 km outside Kirkuk", "20 km near"; "of" alone leads to the thing that is measured.
        let from = self.skip(distance.tokens.end, &[Sense::Filler, Sense::Away], false);
        let near = self.any(from, &[Sense::Near, Sense::Outskirts]);
        let lead = self.sign(from, Sense::Link);
        let of = self.sign(from, Sense::Of).filter(|_| within.is_some());
        let from = match (radius, near, lead.or(of)) {
            (Some(radius), ..) => radius.end,
            (None, Some(near), _) => near.end,
            (None, None, Some(_)) => from,
            (None, None, None) => return None,
        };
        let Some(anchor) = self.anchor(from) else {
            let unknown = self.unknown_anchor(from).filter(|_| near.is_none())?;
            return Some(self.unresolved(start..unknown.end, PositionForm::Ring, Some(distance), None));
        };
        self.ring(start, distance, &anchor)
    }

    /// "10 km north and 15 km east of Baiji": one place by two ways, or two places.
    fn from_two_ways(&self, start: usize, first: &Distance) -> Option<Draft> {
        let direction = self.direction(self.skip(first.tokens.end, BETWEEN, true), true)?;
        let behind = self.skip(direction.end, &[Sense::And, Sense::Filler, Sense::Lead], true);
        let second = self.distance_at(behind)?;
        let turn = self.direction(self.skip(second.tokens.end, BETWEEN, true), true)?;
        let anchor = self.anchor(turn.end)?;
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::DistanceDirection, start..anchor.end);
        draft.anchors.extend(anchor.mention);
        draft.reason = Some("it has two distances in two directions".to_owned());
        Some(draft)
    }

    /// "a 40-km drive south of Kirkuk": the length of a way is stored as text.
    fn travelled(&self, start: usize, end: usize) -> Option<Draft> {
        let direction = self.direction(end, false);
        let anchor = self.anchor(direction.map_or(end, |direction| direction.end))?;
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::Travel, start..anchor.end);
        draft.direction = direction;
        draft.anchors.extend(anchor.mention);
        draft.reason = Some("the length of a way gives no distance".to_owned());
        Some(draft)
    }

    /// "20 km from Kirkuk", also with the direction after it: "20 km from Kirkuk to the south".
    fn ring(&self, start: usize, distance: Distance, anchor: &Anchor) -> Option<Draft> {
        // "20 km from Kirkuk to Daquq" is the length of a way.
        let onward = self.sign(anchor.end, Sense::Onward);
        if onward.is_some_and(|onward| self.anchor(onward.end).is_some_and(|end| end.mention.is_some())) {
            return None;
        }
        let behind = self.skip(anchor.end, BETWEEN, true);
        let direction = self
            .direction(behind, false)
            .filter(|direction| !direction.adjective && self.anchor(direction.end).is_none());
        let end = direction.map_or(anchor.end, |direction| direction.end);
        let form = match direction {
            Some(_) => PositionForm::DistanceDirection,
            None => PositionForm::Ring,
        };
        let mut draft = Draft::new(PositionKind::Offset, form, start..end);
        draft.distance = Some(distance);
        draft.direction = direction;
        self.start_from(&mut draft, anchor);
        Some(draft)
    }

    /// Distance, direction, place.
    fn measured(&self, start: usize, distance: Distance, direction: Direction) -> Option<Draft> {
        if let Some(entrance) = self.sign(direction.end, Sense::Entrance)
            && let Some(anchor) = self.anchor(entrance.end)
        {
            return Some(self.from_entrance(start, distance, direction, entrance.start, &anchor));
        }
        let Some(anchor) = self.anchor(direction.end) else {
            let unknown = self.unknown_anchor(direction.end)?;
            let form = PositionForm::DistanceDirection;
            return Some(self.unresolved(start..unknown.end, form, Some(distance), Some(direction)));
        };
        // "20 km north towards Kirkuk" is a way.
        if anchor.onward {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::DistanceDirection, start..anchor.end);
        draft.distance = Some(distance);
        draft.direction = Some(direction);
        self.start_from(&mut draft, &anchor);
        Some(draft)
    }

    /// "12 km south-east of the crossing of Mandali": a crossing is a place of its own. Nothing says where the entrance of a
    /// town lies.
    fn from_entrance(
        &self,
        start: usize,
        distance: Distance,
        direction: Direction,
        entrance: usize,
        anchor: &Anchor,
    ) -> Draft {
        let form = PositionForm::DistanceDirection;
        let mention = anchor.mention.and_then(|mention| self.mentions.get(mention));
        let crossing = mention.and_then(|mention| mention.trigger.as_deref()) == Some(self.slice(entrance));
        let mut draft = Draft::new(PositionKind::Offset, form, start..anchor.end);
        draft.distance = Some(distance);
        draft.direction = Some(direction);
        if crossing {
            self.start_from(&mut draft, anchor);
        } else {
            draft.anchors.extend(anchor.mention);
            draft.reason = Some("the place of the entrance is not known".to_owned());
        }
        draft
    }

    /// A description that begins with a direction.
    pub(super) fn from_direction(&self, at: usize) -> Option<Draft> {
        let direction = self.direction(at, false)?;
        let leads = self.before(at, 3, Sense::Lead).filter(|lead| lead.end == at);
        let start = leads.map_or(at, |lead| lead.start);
        if let Some(sign) = self.any(
            direction.end,
            &[
                Sense::Outskirts,
                Sense::Entrance,
                Sense::Part,
                Sense::Countryside,
                Sense::Along,
            ],
        ) {
            return self.side(at, sign, direction);
        }
        let anchor = self.anchor(direction.end);
        if let Some(draft) = self.from_journey(start, direction, anchor.as_ref()) {
            return Some(draft);
        }
        let bad = self.unread_distance(at).or_else(|| self.unmeasured(at));
        let Some(anchor) = anchor else {
            let unknown = self.unknown_anchor(direction.end)?;
            let named = bad.is_some() || self.is_capital_name(&unknown, &direction);
            let start = bad.unwrap_or(start);
            return named.then(|| self.unresolved(start..unknown.end, PositionForm::Sector, None, Some(direction)));
        };
        if let Some(start) = bad {
            let mut draft = self.unresolved(
                start..anchor.end,
                PositionForm::DistanceDirection,
                None,
                Some(direction),
            );
            draft.anchors.extend(anchor.mention);
            draft.reason = Some(NO_NUMBER.to_owned());
            return Some(draft);
        }
        if self.joins_direction(start)
            || !leads_to(
                &direction,
                &anchor,
                self.is_led(at, start),
                self.slice(direction.end - 1),
            )
        {
            return None;
        }
        if let Some(distance) = self.distance_behind(anchor.end, BETWEEN) {
            let end = distance.tokens.end;
            let mut draft = Draft::new(PositionKind::Offset, PositionForm::DistanceDirection, at..end);
            draft.distance = Some(distance);
            draft.direction = Some(direction);
            self.start_from(&mut draft, &anchor);
            return Some(draft);
        }
        self.undistanced(start, direction, &anchor)
    }

    /// "an hour's drive north of Baghdad": a time of travel that is no number.
    fn from_journey(&self, start: usize, direction: Direction, anchor: Option<&Anchor>) -> Option<Draft> {
        let travel = self.before(start, 2, Sense::Travel).filter(|sign| sign.end == start)?;
        let owner = travel.start.checked_sub(1)?;
        if self.kind(owner) != Some(Kind::Possessive) {
            return None;
        }
        let anchor = anchor?;
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::Travel, travel.start..anchor.end);
        draft.direction = Some(direction);
        draft.anchors.extend(anchor.mention);
        draft.reason = Some(NO_TRAVEL.to_owned());
        Some(draft)
    }

    /// True if a preposition leads to a direction: a word before it, or a letter at its beginning.
    fn is_led(&self, at: usize, start: usize) -> bool {
        start < at || self.slice(at).starts_with(['ب', 'ل'])
    }

    /// True for the second of two directions: of "south and west of Daquq" one half is not all.
    fn joins_direction(&self, start: usize) -> bool {
        let and = self.before(start, 2, Sense::And).filter(|and| and.end == start);
        let first = and.and_then(|and| {
            self.before(and.start, 2, Sense::Direction)
                .filter(|one| one.end == and.start)
        });
        first.is_some()
    }

    /// A direction without a distance: a part of a unit, or a sector from a settlement.
    pub(super) fn undistanced(&self, start: usize, direction: Direction, anchor: &Anchor) -> Option<Draft> {
        let mention = anchor.mention?;
        let place = self.place(mention);
        let english = direction.language == Language::English;
        if direction.adjective && english && self.is_epithet(&direction, anchor) {
            return None;
        }
        let lead = start < direction.start && self.sign(start, Sense::In).is_some();
        // "north of" leads out of a place, "in the north of" and "northern" stay inside.
        let inside = match english {
            true => direction.adjective || lead || !anchor.linked,
            // "إلى الشمال من" leads out, too.
            false => direction.adjective || (place.is_some_and(is_unit) && !anchor.linked),
        };
        // English news of the land says "north of Diyala" for its north: such a unit has no town of its name.
        let townless = place.is_some_and(|place| is_unit(place) && self.town(mention).is_none());
        let whole = place.is_some_and(|place| self.is_whole_unit(place, mention));
        // "في شمال كركوك" is the north of the town or the land north of it.
        let arabic_inside = direction.language == Language::Arabic && lead && !anchor.linked;
        if inside || townless || whole || arabic_inside {
            let mut draft = Draft::new(PositionKind::Part, PositionForm::Side, start..anchor.end);
            draft.direction = Some(direction);
            if anchor.beyond {
                self.start_from(&mut draft, anchor);
                return Some(draft);
            }
            draft.hint.with_inside = arabic_inside && !inside;
            self.from_itself(&mut draft, mention);
            return Some(draft);
        }
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::Sector, start..anchor.end);
        draft.direction = Some(direction);
        draft.hint.with_inside = direction.language == Language::Sorani;
        self.start_from(&mut draft, anchor);
        Some(draft)
    }

    /// True for an adjective that only says where a whole place lies: "the northern city of Mosul", "Iraq's western
    /// Anbar province".
    fn is_epithet(&self, direction: &Direction, anchor: &Anchor) -> bool {
        let before = direction.start.checked_sub(1);
        let owned = before.is_some_and(|at| self.kind(at) == Some(Kind::Possessive));
        let definite = before.is_some_and(|at| self.slice(at).eq_ignore_ascii_case("the"));
        let mention = anchor.mention.and_then(|mention| self.mentions.get(mention));
        let unit = mention.is_some_and(|mention| mention.trigger.is_some());
        anchor.noun || owned || (definite && unit)
    }

    /// "a few kilometres from central Kirkuk": no part of Kirkuk.
    fn from_unread(&self, at: usize) -> Option<Draft> {
        self.sign(at, Sense::Link)?;
        let start = self.unread_distance(at)?;
        let centre = self.sign(at + 1, Sense::Centre).map(|centre| centre.end);
        let anchor = self.anchor(centre.unwrap_or(at))?;
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::Ring, start..anchor.end);
        draft.anchors.extend(anchor.mention);
        draft.reason = Some(NO_NUMBER.to_owned());
        Some(draft)
    }

    /// "تبعد عن كركوك 20 كم", "لە کەرکووکەوە ٢٠ کم دوورە": the place before the distance.
    pub(super) fn from_away(&self, at: usize) -> Option<Draft> {
        let away = self.any(at, &[Sense::Away, Sense::Link])?;
        if let Some(draft) = self.from_unread(at) {
            return Some(draft);
        }
        let is_away = self.sign(at, Sense::Away).is_some();
        let from = if is_away { away.end } else { at };
        let anchor = self.anchor(from).filter(|anchor| anchor.linked)?;
        let distance = self.distance_behind(anchor.end, BETWEEN)?;
        let behind = self.skip(distance.tokens.end, &[Sense::Filler], false);
        let closing = self.sign(behind, Sense::Away);
        if !is_away && closing.is_none() {
            return None;
        }
        let end = closing.map_or(distance.tokens.end, |closing| closing.end);
        let direction_at = self.skip(end, BETWEEN, false);
        let direction = self
            .direction(direction_at, false)
            .filter(|direction| !direction.adjective && self.anchor(direction.end).is_none());
        let form = match direction {
            Some(_) => PositionForm::DistanceDirection,
            None => PositionForm::Ring,
        };
        let end = direction.map_or(end, |direction| direction.end);
        let mut draft = Draft::new(PositionKind::Offset, form, at..end);
        draft.distance = Some(distance);
        draft.direction = direction;
        self.start_from(&mut draft, &anchor);
        Some(draft)
    }

    /// "an hour's drive from Kirkuk": stored as text.
    pub(super) fn from_period(&self, at: usize) -> Option<Draft> {
        let found = self.periods.partition_point(|period| period.start < at);
        let period = self.periods.get(found).filter(|period| period.start == at)?;
        let mut next = period.end;
        let mut travels = false;
        while next < period.end + GAP {
            if let Some(sign) = self.sign(next, Sense::Travel) {
                travels = true;
                next = sign.end;
            } else if let Some(sign) = self.any(next, &[Sense::Filler, Sense::Away]) {
                next = sign.end;
            } else if self.kind(next) == Some(Kind::Possessive) {
                next += 1;
            } else {
                break;
            }
        }
        if !travels {
            return None;
        }
        let direction = self.direction(next, false);
        let from = direction.map_or(next, |direction| direction.end);
        let anchor = self.anchor(from).filter(|anchor| anchor.linked || direction.is_some());
        let end = anchor
            .as_ref()
            .map(|anchor| anchor.end)
            .or_else(|| Some(self.unknown_anchor(from)?.end))?;
        let mut draft = Draft::new(PositionKind::Offset, PositionForm::Travel, self.with_fillers(at)..end);
        draft.direction = direction;
        draft.anchors.extend(anchor.and_then(|anchor| anchor.mention));
        draft.reason = Some(NO_TRAVEL.to_owned());
        Some(draft)
    }

    fn is_capital_name(&self, unknown: &Anchor, direction: &Direction) -> bool {
        let last = self.token(unknown.end - 1);
        let capital = last.is_some_and(|token| token.is_capital() && token.kind == Kind::Latin);
        capital && !direction.adjective && unknown.linked
    }

    /// A description whose place is not known.
    fn unresolved(
        &self,
        tokens: Range<usize>,
        form: PositionForm,
        distance: Option<Distance>,
        direction: Option<Direction>,
    ) -> Draft {
        let mut draft = Draft::new(PositionKind::Offset, form, tokens);
        draft.distance = distance;
        draft.direction = direction;
        draft.reason = Some("the place that it is measured from is not resolved".to_owned());
        draft
    }

    /// Distances and directions start from the town of a unit's name.
    pub(super) fn from_town(&self, draft: &mut Draft, mention: usize) {
        let place = self.town(mention).or_else(|| self.place(mention));
        self.from_place(draft, mention, place);
    }

    pub(super) fn from_itself(&self, draft: &mut Draft, mention: usize) {
        self.from_place(draft, mention, self.place(mention));
    }

    fn from_place(&self, draft: &mut Draft, mention: usize, place: Option<&Place>) {
        draft.anchors.push(mention);
        match place {
            Some(place) if place.foreign && place.level == Level::Country && draft.kind == PositionKind::Between => {
                draft.places.push(place.id.clone());
            }
            Some(place) if place.foreign => {
                draft.reason = Some("the place that it is described from lies outside the land".to_owned());
            }
            Some(place) if draft.kind == PositionKind::Part && matches!(place.level, Level::River | Level::Road) => {
                draft.reason = Some("a side of a line is no area".to_owned());
            }
            Some(place) if place.approximate => {
                draft.reason = Some("of the place that it is described from only the unit is known".to_owned());
            }
            Some(place) => draft.places.push(place.id.clone()),
            None => {
                draft.reason = Some(match draft.kind {
                    PositionKind::Offset => "the place that it is measured from is not resolved".to_owned(),
                    _ => "a place that it is described from is not resolved".to_owned(),
                });
            }
        }
    }
}

/// True if the words between a direction and a place make the place the one that the direction is counted from. `led`: a
/// preposition leads to the direction; `last`: the last word of the direction.
fn leads_to(direction: &Direction, anchor: &Anchor, led: bool, last: &str) -> bool {
    match direction.language {
        // "fled north from Hawija" is a way.
        Language::English => !anchor.lead && !anchor.link,
        // "الشمال في كركوك" is a name or a land; "إلى الشمال من كركوك" leads out of the town.
        _ if anchor.lead => false,
        Language::Sorani => direction.adjective || (!anchor.linked && last.ends_with(['ی', 'ي', 'ى'])),
        _ if direction.adjective => true,
        _ => {
            let stem = last.trim_start_matches(['و', 'ف', 'ب', 'ك']);
            let definite = stem.starts_with("ال") || stem.starts_with("لل");
            if definite { anchor.link && led } else { !anchor.linked }
        }
    }
}
