//! Descriptions by two places: between them, on the road that links them, in the border area of two units; and along rivers.

use super::{
    offset::is_unit,
    scan::{Direction, Draft, Scan},
    types::{PositionForm, PositionKind},
    words::{Sense, Sign},
};
use crate::{
    gazetteer::{Level, Place},
    geoparse::parse::Reading,
    language::Language,
    text::Kind,
};

/// Tokens before "between" in which a border or a road is looked for.
const NOUN_REACH: usize = 6;

/// Mentions on either side of a river among which its stretch is looked for.
const BESIDE: usize = 8;

/// Two places that a description names together.
struct Pair {
    mentions: [usize; 2],
    end: usize,
    /// They are named as units: "the governorates of".
    units: bool,
    /// One of them only gives its name to another thing: "Erbil airport".
    beyond: bool,
}

impl Scan<'_> {
    /// "between Kirkuk and Tuz", with a border or a road before it.
    pub(super) fn from_between(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Between)?;
        let pair = self.pair(sign.end, &[Sense::And])?;
        if self.relates(at) {
            return None;
        }
        if let Some(draft) = self.several(at, &pair) {
            return Some(draft);
        }
        let road = self
            .before(at, NOUN_REACH, Sense::Road)
            .filter(|road| self.leads_on(road.end, at));
        let border = self
            .before(at, NOUN_REACH, Sense::Border)
            .filter(|border| self.leads_on(border.end, at));
        Some(match (road, border) {
            (Some(road), _) => self.paired(PositionKind::Along, PositionForm::Road, road.start, &pair),
            (None, Some(border)) => self.border(border.start, &pair),
            (None, None) if self.is_border(&pair) => self.border(at, &pair),
            (None, None) => self.paired(PositionKind::Between, PositionForm::Between, at, &pair),
        })
    }

    /// True if a noun before "between" relates two places without a place between them: "a match between".
    fn relates(&self, at: usize) -> bool {
        let noun = self.before(at, NOUN_REACH / 2, Sense::Relation);
        noun.is_some_and(|noun| {
            (noun.end..at).all(|between| matches!(self.kind(between), Some(Kind::Latin | Kind::Arabic)))
                && self.any_mention(noun.end, at).is_none()
        })
    }

    fn any_mention(&self, from: usize, to: usize) -> Option<usize> {
        (from..to).find_map(|at| self.mention_over(at))
    }

    /// "between A, B and C": no place lies between three.
    fn several(&self, start: usize, pair: &Pair) -> Option<Draft> {
        let (mut end, mut more) = (pair.end, Vec::new());
        while let Some(third) = self.joined_mention(end) {
            more.push(third);
            end = self.spans.get(third)?.end;
        }
        if more.is_empty() {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Between, PositionForm::Between, start..end);
        draft.anchors.extend(pair.mentions.iter().copied().chain(more));
        draft.reason = Some("it lies between more than two places".to_owned());
        Some(draft)
    }

    /// The mention that "and" joins directly to the words before it.
    fn joined_mention(&self, end: usize) -> Option<usize> {
        if let Some(mention) = self.mention_at(end) {
            return self.mentions.get(mention)?.prefix.starts_with('و').then_some(mention);
        }
        let and = self.sign(end, Sense::And)?;
        self.mention_at(and.end)
    }

    /// "on the road linking A to B", "طريق بغداد – كركوك".
    pub(super) fn from_road(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Road)?;
        let linked = self.before(at, 2, Sense::Link).filter(|link| link.end == at);
        let linked = linked.filter(|_| self.kind(at) == Some(Kind::Arabic));
        // "عن طريق": by way of.
        if linked.is_some_and(|link| link.language == Language::Arabic) {
            return None;
        }
        let leads = &[
            Sense::Linking,
            Sense::Between,
            Sense::Link,
            Sense::Of,
            Sense::Filler,
            Sense::Adjective,
        ];
        let from = self.skip(sign.end, leads, false);
        let Some(pair) = self.pair(from, &[Sense::And, Sense::Onward, Sense::In, Sense::Link]) else {
            return self.from_one_end(at, sign.end, from).filter(|_| linked.is_none());
        };
        // "لە ڕێگای هەولێر بۆ کەرکووک" may be by way of Erbil; "لە ڕێگای هەولێر – کەرکووک" is on the road.
        let by_way = linked.is_some()
            && self.first_in(sign.end..from, Sense::Between).is_none()
            && !(from..pair.end).any(|at| self.kind(at) == Some(Kind::Dash));
        (!by_way).then(|| self.paired(PositionKind::Along, PositionForm::Road, at, &pair))
    }

    /// "الطريق المؤدي إلى داقوق", "the road to Daquq": a road of which the text names one end.
    fn from_one_end(&self, at: usize, noun_end: usize, from: usize) -> Option<Draft> {
        let anchor = self
            .anchor(from)
            .or_else(|| self.anchor(self.sign(from, Sense::Onward)?.end))?;
        let mention = anchor.mention?;
        let leads = [Sense::Linking, Sense::Between, Sense::Link].into_iter();
        let led = leads
            .into_iter()
            .any(|sense| self.first_in(noun_end..from, sense).is_some())
            || self.any(from, &[Sense::Onward]).is_some_and(|sign| sign.end > from);
        // "الطريق الرئيسي لقضاء الحويجة"
        let letter = self.slice(from).starts_with('ل') && (anchor.noun || anchor.linked);
        let definite = letter && self.slice(at).contains("ال");
        if !(led || definite) || self.sign(from, Sense::In).is_some() {
            return None;
        }
        let mut draft = Draft::new(PositionKind::Along, PositionForm::Road, at..anchor.end);
        draft.anchors.push(mention);
        draft.reason = Some("the other end of the road is not known".to_owned());
        Some(draft)
    }

    /// The first sign of a sense that begins in these tokens.
    fn first_in(&self, tokens: std::ops::Range<usize>, sense: Sense) -> Option<Sign> {
        tokens.into_iter().find_map(|at| self.sign(at, sense))
    }

    /// "the Baghdad–Kirkuk road", "the Iraqi-Syrian border" has no mentions; "the Diyala–Salah al-Din border".
    pub(super) fn from_pair(&self, at: usize) -> Option<Draft> {
        let first = self.mention_at(at)?;
        let dash = self.spans[first].end;
        if self.kind(dash) != Some(Kind::Dash) {
            return None;
        }
        let second = self.mention_at(dash + 1)?;
        let end = self.spans[second].end;
        let sign = self.any(end, &[Sense::Road, Sense::Border])?;
        let pair = Pair {
            mentions: [first, second],
            end: sign.end,
            units: false,
            beyond: false,
        };
        Some(match sign.sense {
            Sense::Road => self.road_of(at, &pair),
            _ => self.border(at, &pair),
        })
    }

    /// A road by the names of its ends: the noun of the road is no type of its last place.
    fn road_of(&self, start: usize, pair: &Pair) -> Draft {
        let mut draft = Draft::new(PositionKind::Along, PositionForm::Road, start..pair.end);
        for at in pair.mentions {
            match self.only_town(at) {
                Some(town) => {
                    draft.anchors.push(at);
                    draft.places.push(town.id.clone());
                }
                None => self.from_town(&mut draft, at),
            }
        }
        draft
    }

    /// The one settlement among the candidates of a mention that no place of its type noun fits.
    fn only_town(&self, mention: usize) -> Option<&Place> {
        let mention = self.mentions.get(mention)?;
        if mention.place.is_some() || mention.trigger.is_none() || mention.reading != Reading::Literal {
            return None;
        }
        let ids = mention.candidates.iter().map(|candidate| candidate.id.as_str());
        let mut towns = ids
            .filter_map(|id| self.gazetteer.get(id))
            .filter(|place| place.level == Level::Settlement);
        let town = towns.next()?;
        (towns.next().is_none() && !town.foreign).then_some(town)
    }

    /// "the border of Diyala and Salah al-Din", "حدود ديالى وصلاح الدين".
    pub(super) fn from_border(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Border)?;
        let from = self.skip(
            sign.end,
            &[Sense::Of, Sense::Link, Sense::Filler, Sense::Linking, Sense::In],
            false,
        );
        if self.sign(from, Sense::Between).is_some() {
            return None;
        }
        let pair = self.pair(from, &[Sense::And, Sense::In])?;
        Some(self.border(at, &pair))
    }

    /// "along the Tigris", "على ضفاف دجلة", and a road that is a place by itself.
    pub(super) fn from_along(&self, at: usize) -> Option<Draft> {
        let sign = self.sign(at, Sense::Along)?;
        // "الضفة الشرقية لنهر دجلة", "کەناری ڕۆژهەڵاتی دیجلە"
        let direction = self.direction(sign.end, false);
        self.bank(at, direction.map_or(sign.end, |direction| direction.end), direction)
    }

    /// "الضفة الغربية لنهر دجلة": the same words are the name of a land.
    pub(super) fn from_named_bank(&self, at: usize) -> Option<Draft> {
        let name = &self.spans[self.mention_at(at)?];
        self.sign(at, Sense::Along).filter(|sign| sign.end < name.end)?;
        self.bank(at, name.end, None)
            .filter(|draft| draft.form == PositionForm::River)
    }

    /// Along a river or a road, or on the side of a town that lies on one bank.
    pub(super) fn bank(&self, at: usize, from: usize, direction: Option<Direction>) -> Option<Draft> {
        let anchor = self.anchor(from)?;
        let mention = anchor.mention?;
        if let Some(direction) = direction
            && self.place(mention)?.level == Level::Settlement
        {
            return self.part_of(at, direction, &anchor);
        }
        let form = match self.place(mention)?.level {
            Level::River => PositionForm::River,
            Level::Road => PositionForm::Road,
            _ => return None,
        };
        let mut draft = Draft::new(PositionKind::Along, form, at..anchor.end);
        self.from_itself(&mut draft, mention);
        draft.hint.within = self.within(&[mention]);
        Some(draft)
    }

    /// A mention of a road, on which something happened.
    pub(super) fn from_named_road(&self, at: usize) -> Option<Draft> {
        let mention = self.mention_at(at)?;
        let place = self.place(mention).filter(|place| place.level == Level::Road)?;
        let mut draft = Draft::new(PositionKind::Along, PositionForm::Road, at..self.spans[mention].end);
        draft.anchors.push(mention);
        draft.places.push(place.id.clone());
        draft.hint.within = self.within(&[mention]);
        Some(draft)
    }

    /// A settlement or a unit that the sentence names as the scene, to which a river or a road is cut.
    fn within(&self, but: &[usize]) -> Option<ecow::EcoString> {
        let middle = *but.first()?;
        let near = self.spans[middle].start;
        let around = middle.saturating_sub(BESIDE)..(middle + BESIDE).min(self.spans.len());
        let own = around.filter(|at| self.sentence.contains(&self.spans[*at].start));
        let fits = |at: &usize| {
            !but.contains(at)
                && self.place(*at).is_some_and(|place| {
                    let small = matches!(place.level, Level::Governorate | Level::District | Level::Subdistrict);
                    !place.foreign && (small || place.level == Level::Settlement)
                })
        };
        let nearest = own.filter(fits).min_by_key(|at| self.spans[*at].start.abs_diff(near))?;
        Some(self.place(nearest)?.id.clone())
    }

    /// Two places with one of these words or a dash between them.
    fn pair(&self, from: usize, joins: &[Sense]) -> Option<Pair> {
        let first = self.anchor(from)?;
        let one = first.mention?;
        let mut at = first.end;
        let dashed = self.kind(at) == Some(Kind::Dash);
        let joined = match self.any(at, joins) {
            Some(sign) => {
                at = sign.end;
                true
            }
            None if dashed => {
                at += 1;
                true
            }
            None => false,
        };
        let second = self.anchor(at)?;
        let other = second.mention?;
        let letter = self.slice(at).starts_with(['و', 'ب']) && second.noun && !joined;
        // "بين قضاء الحويجة وناحية الرياض": the letter is at the noun.
        let prefixed = letter || self.mentions[other].prefix.starts_with(['و', 'ب']);
        // "طريق بغداد كركوك": two names side by side, after a road.
        let beside = joins.contains(&Sense::Onward) && self.kind(at) == Some(Kind::Arabic) && at == first.end;
        if !(joined || prefixed || beside) {
            return None;
        }
        Some(Pair {
            mentions: [one, other],
            end: second.end,
            units: first.noun || second.noun,
            beyond: first.beyond || second.beyond,
        })
    }

    /// True if only words of a road or border are between two tokens.
    fn leads_on(&self, from: usize, to: usize) -> bool {
        let leads = &[
            Sense::Linking,
            Sense::Filler,
            Sense::Of,
            Sense::Link,
            Sense::In,
            Sense::Road,
            Sense::Border,
            Sense::Adjective,
            Sense::Lead,
        ];
        self.skip(from, leads, false) >= to
    }

    /// Two units of which one has no town of its name, or which are called units: their border area.
    fn is_border(&self, pair: &Pair) -> bool {
        // A district and a subdistrict of its own have no border between them.
        if self.contain(pair) {
            return false;
        }
        let unit = |at: usize| self.place(at).is_some_and(is_unit);
        let townless = |at: usize| self.town(at).is_none();
        let both = pair.mentions.iter().all(|at| unit(*at));
        both && (pair.units || pair.mentions.iter().all(|at| townless(*at)))
    }

    /// One of two units lies in the other.
    fn contain(&self, pair: &Pair) -> bool {
        let [one, other] = pair.mentions.map(|at| self.place(at));
        let (Some(one), Some(other)) = (one, other) else {
            return false;
        };
        self.lies_in(one, other) || self.lies_in(other, one)
    }

    fn border(&self, start: usize, pair: &Pair) -> Draft {
        let mut draft = Draft::new(PositionKind::Between, PositionForm::Border, start..pair.end);
        let own = pair.mentions.map(|at| self.place(at).filter(|place| is_unit(place)));
        if own.iter().all(Option::is_some) {
            pair.mentions.iter().for_each(|at| self.from_itself(&mut draft, *at));
            return draft;
        }
        // Towns have no border: it is that of the units of their names, of one level.
        draft.anchors.extend(pair.mentions);
        let levels = [Level::Governorate, Level::District, Level::Subdistrict];
        let units = levels.into_iter().find_map(|level| {
            let [one, other] = pair.mentions.map(|at| self.unit_named(at, level));
            Some([one?, other?])
        });
        match units {
            Some(units) => draft.places.extend(units),
            None => draft.reason = Some("the units whose border it is are not resolved".to_owned()),
        }
        draft
    }

    /// The unit of a level with the name of a mention.
    pub(super) fn unit_named(&self, mention: usize, level: Level) -> Option<ecow::EcoString> {
        let mention = self.mentions.get(mention)?;
        let own = mention.place.iter().map(|place| place.id.as_str());
        let ids = own.chain(mention.candidates.iter().map(|candidate| candidate.id.as_str()));
        let unit = ids
            .filter_map(|id| self.gazetteer.get(id))
            .find(|place| place.level == level && !place.foreign)?;
        Some(unit.id.clone())
    }

    fn paired(&self, kind: PositionKind, form: PositionForm, start: usize, pair: &Pair) -> Draft {
        let mut draft = Draft::new(kind, form, start..pair.end);
        pair.mentions.iter().for_each(|at| self.from_town(&mut draft, *at));
        if pair.beyond {
            draft.reason = Some(super::anchor::ANOTHER_THING.to_owned());
        }
        draft
    }

    /// True if "not" directly precedes a description.
    pub(super) fn is_denied(&self, draft: &Draft) -> bool {
        let start = draft.tokens.start;
        let not = self.before(start, 2, Sense::Not).filter(|not| not.end == start);
        not.is_some_and(|not| self.any(not.start, &[Sense::Filler, Sense::Near]).is_none())
    }

    /// True if every anchor of a draft is read as the place itself.
    pub(super) fn is_literal(&self, draft: &Draft) -> bool {
        draft
            .anchors
            .iter()
            .all(|at| self.mentions[*at].reading == Reading::Literal)
    }
}
