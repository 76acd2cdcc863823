//! Places that descriptions start from: the words that lead to them, and names that only belong to another thing.

use super::{
    scan::{Anchor, Draft, GAP, Scan},
    types::PositionKind,
    words::Sense,
};
use crate::{
    gazetteer::{Level, Place},
    text::Kind,
};

/// Reason of a description from a thing that only takes the name of a place.
pub(super) const ANOTHER_THING: &str = "it is described from a thing of that name that is not resolved";

/// Words of a name that is not in the gazetteer.
const UNKNOWN_WORDS: usize = 3;

/// Words that lead to an anchor, while they are followed.
#[derive(Default)]
struct Way {
    linked: bool,
    link: bool,
    lead: bool,
    onward: bool,
    noun: bool,
    /// A noun of the Arabic script whose thing takes the name after it: "مطار كركوك".
    site: bool,
    /// Words of no sense so far.
    unknown: usize,
}

impl Scan<'_> {
    /// The place at or after a token, following words that lead to it.
    pub(super) fn anchor(&self, from: usize) -> Option<Anchor> {
        let (mut at, mut way) = (from, Way::default());
        while at < from + GAP && self.inside(at) {
            if let Some(mention) = self.mention_at(at) {
                return Some(self.anchored(mention, &way));
            }
            let noun = self.sign(at, Sense::Noun);
            let led = self.any(at, &[Sense::Link, Sense::Of, Sense::Lead]);
            if let Some(sign) = noun.filter(|noun| led.is_none_or(|led| led.end <= noun.end)) {
                way.noun = true;
                if !self.slice(at).eq_ignore_ascii_case("the") || sign.end > at + 1 {
                    way.unknown = 0;
                }
                at = sign.end;
            } else if let Some(sign) = led {
                // "of the river in Mosul": Mosul is not the place that it is measured from.
                if way.unknown > 0 {
                    break;
                }
                way.linked = true;
                let also = |sense| self.sign(at, sense).is_some_and(|other| other.end == sign.end);
                way.link |= also(Sense::Link);
                way.lead |= !also(Sense::Link) && !also(Sense::Of);
                way.onward = also(Sense::Lead) && !also(Sense::In) && !also(Sense::Link);
                at = sign.end;
            } else if let Some(mention) = self.triggered(at) {
                // "سد الموصل": the noun that the place was read with.
                way.noun = true;
                at = self.spans.get(mention)?.start;
            } else if let Some(end) = self.site_of(at) {
                way.site = true;
                at = end;
            } else if self.kind(at) == Some(Kind::Latin) && way.noun && way.unknown < 2 && !self.begins_name(at) {
                // "the oil-rich city of", "the Iraqi city of"
                way.unknown += 1;
                at += 1;
            } else {
                break;
            }
        }
        None
    }

    /// The mention of a site or of a natural feature whose type noun in the Arabic script begins at a token and directly
    /// precedes it.
    fn triggered(&self, at: usize) -> Option<usize> {
        if self.kind(at) != Some(Kind::Arabic) {
            return None;
        }
        let found = self.spans.partition_point(|span| span.start <= at);
        let span = self.spans.get(found).filter(|span| span.start <= at + 2)?;
        let trigger = self.mentions.get(found)?.trigger.as_deref()?;
        let level = self.place(found)?.level;
        let natural = matches!(
            level,
            Level::Site | Level::River | Level::Mountain | Level::Valley | Level::Lake | Level::Area
        );
        let first = self.token(at)?;
        let last = self.token(span.start.checked_sub(1)?)?;
        let words = self.text.get(first.stem_range(self.text).start..last.end as usize)?;
        (natural && words == trigger).then_some(found)
    }

    /// An anchor at a mention, or at the name that a possessive leads on to: "Nineveh's provincial capital Mosul".
    fn anchored(&self, mention: usize, way: &Way) -> Anchor {
        let (mut mention, mut beyond) = (mention, false);
        let mut end = self.span_end(mention);
        while self.kind(end) == Some(Kind::Possessive) {
            match self.owned(end + 1) {
                Some(owned) => {
                    mention = owned;
                    end = self.span_end(owned);
                }
                None => {
                    beyond = true;
                    break;
                }
            }
        }
        Anchor {
            mention: Some(mention),
            end,
            // A letter such as ل leads to it too.
            linked: way.linked || self.mentions.get(mention).is_some_and(|one| !one.prefix.is_empty()),
            link: way.link,
            lead: way.lead,
            onward: way.onward,
            noun: way.noun,
            beyond: beyond || way.site || self.names_another(mention, end),
        }
    }

    /// One past a noun of the Arabic script whose thing takes the name right after it: "مطار كركوك", "جامعة مدينة تكريت".
    fn site_of(&self, at: usize) -> Option<usize> {
        if self.kind(at) != Some(Kind::Arabic) {
            return None;
        }
        let site = self.any(at, &[Sense::Site, Sense::Quarter])?;
        let name = self.sign(site.end, Sense::Noun).map_or(site.end, |noun| noun.end);
        let mention = self.mentions.get(self.mention_at(name)?)?;
        mention.prefix.is_empty().then_some(site.end)
    }

    fn span_end(&self, mention: usize) -> usize {
        self.spans.get(mention).map_or(0, |span| span.end)
    }

    /// The place that belongs to another: the next name after a possessive, with nouns and small words before it.
    fn owned(&self, from: usize) -> Option<usize> {
        let mut at = from;
        while at < from + GAP && self.inside(at) {
            if let Some(mention) = self.mention_at(at) {
                return Some(mention);
            }
            let stops = [
                Sense::And,
                Sense::In,
                Sense::Link,
                Sense::Of,
                Sense::Border,
                Sense::Outskirts,
            ];
            let small = self.kind(at) == Some(Kind::Latin) && !self.begins_name(at);
            let comma = self.kind(at) == Some(Kind::Comma) && at > from;
            if self.any(at, &stops).is_some() || !(small || comma) {
                break;
            }
            at += 1;
        }
        None
    }

    /// True if a name only belongs to the thing after it: "Erbil airport", "the Erbil-Makhmour road".
    fn names_another(&self, mention: usize, end: usize) -> bool {
        let things = &[Sense::Site, Sense::Road, Sense::Quarter];
        let is_site = self
            .place(mention)
            .is_some_and(|place| matches!(place.level, Level::Site | Level::Road | Level::Neighbourhood));
        let latin = |at: usize| self.kind(at) == Some(Kind::Latin);
        if !is_site && latin(end) && self.any(end, things).is_some() {
            return true;
        }
        let dashed = self.kind(end) == Some(Kind::Dash) && self.mention_at(end + 1).is_some();
        let after = self.mention_at(end + 1).map_or(end, |second| self.span_end(second));
        dashed && self.any(after, &[Sense::Road, Sense::Border]).is_some()
    }

    /// A name that is no mention, following words that lead to it: "of Xyzabad", "قرية كذا".
    pub(super) fn unknown_anchor(&self, from: usize) -> Option<Anchor> {
        let start = self.skip(from, &[Sense::Link, Sense::Of, Sense::Lead, Sense::Noun], false);
        let noun = (from..start).any(|at| self.sign(at, Sense::Noun).is_some());
        if start == from {
            return None;
        }
        let mut end = start;
        while end < start + UNKNOWN_WORDS && self.inside(end) && self.mention_at(end).is_none() {
            let is_name = match self.kind(end) {
                Some(Kind::Latin) => self.begins_name(end),
                Some(Kind::Arabic) => end == start,
                _ => false,
            };
            if !is_name
                || self
                    .any(end, &[Sense::And, Sense::In, Sense::Link, Sense::Of])
                    .is_some()
            {
                break;
            }
            end += 1;
        }
        (end > start).then_some(Anchor {
            mention: None,
            end,
            linked: true,
            link: false,
            lead: false,
            onward: false,
            noun,
            beyond: false,
        })
    }

    /// Starts a description from an anchor: from the town of a unit's name, where it has one.
    pub(super) fn start_from(&self, draft: &mut Draft, anchor: &Anchor) {
        let Some(mention) = anchor.mention else { return };
        if anchor.beyond {
            draft.anchors.push(mention);
            draft.reason = Some(ANOTHER_THING.to_owned());
            return;
        }
        if let Some(reason) = self.no_point(draft, mention) {
            draft.anchors.push(mention);
            draft.reason = Some(reason.to_owned());
            return;
        }
        self.from_town(draft, mention);
    }

    /// Why nothing can be measured from a place.
    fn no_point(&self, draft: &Draft, mention: usize) -> Option<&'static str> {
        let place = self.place(mention)?;
        if draft.kind != PositionKind::Offset || place.foreign {
            return None;
        }
        let has_a_point = !matches!(
            place.level,
            Level::River | Level::Road | Level::Mountain | Level::Valley | Level::Lake | Level::Area
        );
        if !has_a_point {
            return Some("it is measured from a line or an area that has no single point");
        }
        (draft.distance.is_some() && self.is_whole_unit(place, mention))
            .then_some("a distance from a whole unit begins at its border, which the text does not locate")
    }

    /// True for the country, a region, a governorate that is named as such or has no town of its name.
    pub(super) fn is_whole_unit(&self, place: &Place, mention: usize) -> bool {
        match place.level {
            Level::Country | Level::Region => true,
            Level::Governorate => {
                let named = self.mentions.get(mention).is_some_and(|one| one.trigger.is_some());
                named || self.town(mention).is_none()
            }
            _ => false,
        }
    }
}
