//! Where something happened: the mentions of a clause that are its scene, and not the town that a distance is measured
//! from, the end of a journey, or the home of a person.

use super::{
    claim_lexicon::{List, Lists},
    parse::{Mention, Reading},
    passage::Passage,
    quantity::RawQuantity,
};
use crate::{gazetteer::Level, language::Language, text::Kind};
use std::ops::Range;

/// How a mention takes part in the events of its clause, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// It happened in, at or near the place.
    Scene,
    /// "east of Tikrit": no nearer place may be named.
    Beside,
    /// "from Kirkuk".
    Origin,
    /// "to Baghdad".
    Destination,
    /// A distance is measured from it.
    Anchor,
}

/// Words between a distance and the town that it is measured from.
const MEASURE_REACH: usize = 8;
/// Words between a preposition and the name that it governs: "in the village of".
const GOVERNED: usize = 4;
/// Largest distance of a name from the "with" of another event.
const ACCOMPANYING: usize = 10;
/// Most words of "by".
const AGENT: usize = 3;
/// Type nouns of units that contain those of the other type nouns.
const COARSE: [&str; 10] = [
    "قضاء",
    "محافظة",
    "district",
    "district of",
    "governorate",
    "province",
    "قەزای",
    "قەزا",
    "پارێزگای",
    "پارێزگا",
];
/// Words between two members of a list.
const LIST: usize = 3;

pub(super) struct Scenes<'s, 'a> {
    pub(super) passage: Passage<'a>,
    pub(super) mentions: &'s [Mention],
    pub(super) quantities: &'s [RawQuantity],
    /// Units of distance.
    pub(super) distances: &'s [u16],
}

/// Relation of the places to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// One event: of a place and its unit, the place.
    Event,
    /// People come together: the end of a journey counts.
    Meeting,
    /// People come back: the end of their way is where.
    Return,
    /// Something that extends over places of any size.
    Extent,
}

impl Scenes<'_, '_> {
    /// The literal mentions of a clause that have the best part in it.
    pub(super) fn of(&self, clause: &Range<usize>, needed: Needed) -> Vec<usize> {
        let mut inside = self.literal(clause);
        if needed == Needed::Return
            && let Some(home) = self.own_home(clause)
            && inside.iter().any(|at| self.tokens(*at).start >= home)
        {
            inside.retain(|at| self.tokens(*at).start >= home);
        }
        if matches!(needed, Needed::Event | Needed::Return) {
            inside.retain(|at| !self.is_whole_country(*at));
        }
        let mut parts: Vec<_> = inside
            .iter()
            .map(|at| (self.part(*at, clause.start, LIST), *at))
            .collect();
        let mut containers = Vec::new();
        if needed != Needed::Extent {
            let contained =
                |at: usize| at > 0 && parts[at - 1].0 <= Part::Origin && self.holds(parts[at].1, parts[at - 1].1);
            let keep: Vec<bool> = (0..parts.len())
                .map(|at| !contained(at) || parts[at - 1].0 == Part::Beside)
                .collect();
            containers = (1..parts.len())
                .filter(|at| !keep[*at])
                .map(|at| (parts[at - 1].1, parts[at].1))
                .collect();
            let mut keep = keep.into_iter();
            parts.retain(|_| keep.next().unwrap_or(true));
        }
        if needed == Needed::Return && parts.iter().any(|(part, _)| *part == Part::Destination) {
            let ends = parts.into_iter().filter(|(part, _)| *part == Part::Destination);
            return self.finest(ends.map(|(_, at)| at).collect());
        }
        let meeting = needed == Needed::Meeting;
        let last = if meeting { Part::Destination } else { Part::Origin };
        let Some(best) = parts.iter().map(|(part, _)| *part).min().filter(|best| *best <= last) else {
            return Vec::new();
        };
        if best == Part::Beside && needed != Needed::Extent {
            // "south of Khanaqin, northeast of Baqubah": the first is the nearest.
            let mut last = None;
            parts.retain(|(part, at)| {
                let first = last.is_none_or(|last: usize| {
                    let between = self.tokens(last).end..self.tokens(*at).start;
                    self.is_listed(between.clone(), between.end)
                });
                if *part == Part::Beside && first {
                    last = Some(*at);
                }
                *part != Part::Beside || first
            });
        }
        let taken = |part: Part| part == best || (meeting && part == Part::Destination && best == Part::Scene);
        let found = parts
            .into_iter()
            .filter(|(part, _)| taken(*part))
            .map(|(_, at)| at)
            .collect();
        match needed {
            Needed::Extent => found,
            _ => self.with_containers(self.finest(found), &containers),
        }
    }

    /// Adds the town that contains an unknown quarter: "in the quarter of X in Kirkuk" is in Kirkuk. The centre of a district
    /// would be no place of a village in it.
    fn with_containers(&self, found: Vec<usize>, containers: &[(usize, usize)]) -> Vec<usize> {
        let known = |at: &usize| self.mentions[*at].place.is_some();
        if found.iter().any(known) {
            return found;
        }
        let outer = containers.iter().filter(|(inner, _)| found.contains(inner));
        let quarter = |level: Option<Level>| matches!(level, Some(Level::Neighbourhood | Level::Site));
        let town = |at: &usize| {
            let place = self.mentions[*at].place.as_ref();
            place.is_some_and(|place| place.level == Level::Settlement)
        };
        let inside = outer.filter(|(inner, outer)| quarter(self.mentions[*inner].level) && town(outer));
        let mut all: Vec<usize> = inside.map(|(_, outer)| *outer).collect();
        all.extend(found);
        all.sort_unstable();
        all
    }

    /// True if the land as a whole is the scene of a clause: "were killed in Iraq in July".
    pub(super) fn is_national(&self, clause: &Range<usize>) -> bool {
        let inside = self.literal(clause).into_iter();
        let mut whole = inside.filter(|at| self.is_whole_country(*at));
        whole.any(|at| self.part(at, clause.start, LIST) == Part::Scene)
    }

    /// گەڕانەوە ناوچەکانی خۆیان لە …: people came back to the place that follows "their own areas".
    fn own_home(&self, clause: &Range<usize>) -> Option<usize> {
        let passage = &self.passage;
        let own = |at: &usize| passage.lists(*at).has(List::Home) && passage.slice(*at + 1) == "خۆیان";
        clause.clone().find(own).map(|at| at + 2)
    }

    /// "the village of X in Y": the second place contains the first, and is no scene of its own. Of a village that is not
    /// known nothing but the words says so.
    fn holds(&self, outer: usize, inner: usize) -> bool {
        let passage = &self.passage;
        let between = self.tokens(inner).end..self.tokens(outer).start;
        let parts = Lists::of(&[
            List::And,
            List::Boundary,
            List::That,
            List::Toward,
            List::From,
            List::Direction,
            List::Between,
        ]);
        let plain = |at: usize| {
            let roles = passage.roles(at).0;
            let comma = passage.kind(at) == Some(Kind::Comma);
            let word = passage.is_word(at) && roles.role.is_none() && roles.verb.is_none() && !roles.lists.any(parts);
            (comma || word) && !(passage.has_proclitic(at, 'و') && passage.cut(at) > 0)
        };
        if between.len() > GOVERNED || !between.clone().all(plain) {
            return false;
        }
        let (inner, outer_mention) = (&self.mentions[inner], &self.mentions[outer]);
        let names = |id: &str| {
            outer_mention.place.as_ref().is_some_and(|place| place.id == id)
                || outer_mention.candidates.iter().any(|one| one.id == id)
        };
        let coarse = |mention: &Mention| mention.trigger.as_deref().is_some_and(|noun| COARSE.contains(&noun));
        let told = inner.trigger.is_some() && !coarse(inner) && coarse(outer_mention);
        if let Some(place) = &inner.place {
            return place.within.iter().any(|unit| names(unit)) || told && self.is_led_inside(&between, outer_mention);
        }
        let fine = matches!(
            inner.level,
            Some(Level::Settlement | Level::Subdistrict | Level::Neighbourhood | Level::Site)
        );
        fine && inner.trigger.is_some() && self.is_led_inside(&between, outer_mention)
    }

    /// "in" precedes a mention.
    fn is_led_inside(&self, between: &Range<usize>, mention: &Mention) -> bool {
        let leads = |at: usize| is_inside(&self.passage, at) || self.passage.slice(at) == "لە";
        between.clone().any(leads) || mention.prefix.contains('ب')
    }

    /// "in the north of Iraq": the country that most texts are about is no scene of one event.
    pub(super) fn is_whole_country(&self, mention: usize) -> bool {
        let place = self.mentions[mention].place.as_ref();
        place.is_some_and(|place| place.level == Level::Country && !place.foreign)
    }

    /// Of "in Sharqat in Salahaddin" only the first: the smallest places, with all that are listed with them.
    fn finest(&self, found: Vec<usize>) -> Vec<usize> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for at in found {
            let listed = at.checked_sub(1).is_some_and(|before| {
                let between = self.tokens(before).end..self.tokens(at).start;
                groups.last().is_some_and(|group| group.contains(&before))
                    && self.is_listed(between.clone(), between.end)
            });
            match groups.last_mut().filter(|_| listed) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        let fineness = |group: &Vec<usize>| group.iter().map(|at| fineness(&self.mentions[*at])).max();
        let best = groups.iter().filter_map(fineness).max();
        let resolved = |group: &Vec<usize>| group.iter().any(|at| self.mentions[*at].place.is_some());
        let known = groups.iter().any(|group| fineness(group) == best && resolved(group));
        let mut keep: Vec<bool> = groups.iter().map(|group| fineness(group) == best).collect();
        // "the village of X, which belongs to the district of Y": the district only where the village is not known.
        for at in 1..groups.len() {
            let start = self.tokens(groups[at][0]).start;
            let belongs = (start.saturating_sub(GOVERNED)..start).any(|at| self.passage.lists(at).has(List::Belongs));
            if belongs {
                keep[at] = keep[at - 1] && !known && resolved(&groups[at]);
            }
        }
        groups
            .into_iter()
            .zip(keep)
            .filter(|(_, keep)| *keep)
            .flat_map(|(group, _)| group)
            .collect()
    }

    /// The literal mentions of some tokens.
    fn literal(&self, tokens: &Range<usize>) -> Vec<usize> {
        let span = self.passage.outer_span(tokens.start, tokens.end);
        let first = self
            .mentions
            .partition_point(|mention| mention.offsets.byte[0] < span.start);
        let inside = self.mentions.iter().enumerate().skip(first);
        inside
            .take_while(|(_, mention)| mention.offsets.byte[1] <= span.end)
            .filter(|(_, mention)| mention.reading == Reading::Literal)
            .map(|(at, _)| at)
            .collect()
    }

    /// The literal mention that follows some words, with only a preposition and type nouns between.
    pub(super) fn object_after(&self, clause: &Range<usize>, from: usize) -> Option<usize> {
        const REACH: usize = 4;
        let passage = &self.passage;
        let rest = from..clause.end.max(from);
        let first = self.literal(&rest).into_iter().next()?;
        let between = from..self.tokens(first).start;
        let plain = |at: usize| {
            let roles = passage.roles(at).0;
            passage.is_word(at) && roles.role.is_none() && roles.verb.is_none() && !roles.lists.has(List::Boundary)
        };
        (between.len() <= REACH && between.into_iter().all(plain)).then_some(first)
    }

    /// True if a token begins the name of a literal mention.
    pub(super) fn begins_literal(&self, at: usize) -> bool {
        let Some(token) = self.passage.token(at) else {
            return false;
        };
        let first = self
            .mentions
            .partition_point(|mention| mention.offsets.byte[0] < token.start as usize);
        self.mentions
            .get(first)
            .is_some_and(|mention| mention.offsets.byte[0] < token.end as usize && mention.reading == Reading::Literal)
    }

    /// The tokens of a mention's name.
    pub(super) fn tokens(&self, mention: usize) -> Range<usize> {
        let [start, end] = self.mentions[mention].offsets.byte;
        let tokens = self.passage.tokens;
        let first = tokens.partition_point(|token| (token.end as usize) <= start);
        let last = tokens.partition_point(|token| (token.start as usize) < end);
        first..last.max(first)
    }

    fn part(&self, mention: usize, from: usize, depth: usize) -> Part {
        let passage = &self.passage;
        let own = self.tokens(mention);
        if let Some(before) = mention.checked_sub(1).filter(|_| depth > 0)
            && self.is_listed(self.tokens(before).end..own.start, own.start)
            && self.tokens(before).start >= from
        {
            return self.part(before, from, depth - 1);
        }
        if self.is_measured_from(own.start) || self.accompanies(own.start, from) || self.is_agent(own.start, mention) {
            return Part::Anchor;
        }
        if self.is_home(own.start) {
            return Part::Anchor;
        }
        if self.is_road_end(mention) {
            return Part::Beside;
        }
        let prefix = self.mentions[mention].prefix.as_str();
        if prefix.contains('ب') {
            return Part::Scene;
        }
        let suffix = self.mentions[mention].suffix.as_str();
        let away = suffix.ends_with("ەوە") || suffix == "وە";
        let mut beside = false;
        let first = own.start.saturating_sub(GOVERNED).max(from);
        for at in (first..own.start).rev() {
            let (roles, _) = passage.roles(at);
            let lists = roles.lists;
            if lists.has(List::Direction) {
                beside = true;
                // "in the north of Iraq" is in Iraq; "north of Tikrit" is not in Tikrit.
                if self.has_in(at) {
                    return Part::Scene;
                }
                continue;
            }
            if lists.has(List::With) {
                return Part::Anchor;
            }
            if beside && is_inside(passage, at) && passage.lists(at + 1).has(List::Direction) {
                return Part::Scene;
            }
            // بۆ سەر: "onto", where a strike or an attack goes.
            if passage.slice(at) == "بۆ" && passage.slice(at + 1) == "سەر" {
                return Part::Scene;
            }
            let part = if lists.has(List::Toward) || (passage.slice(at).starts_with("لل") && passage.cut(at) > 0) {
                Some(Part::Destination)
            } else if lists.has(List::From) || away {
                Some(Part::Origin)
            } else if lists.any(Lists::of(&[List::Locative, List::Stop])) || self.has_in(at) {
                Some(Part::Scene)
            } else if roles.role.is_some() || roles.verb.is_some() || !passage.is_word(at) {
                break;
            } else {
                None
            };
            if let Some(part) = part {
                return if beside { Part::Beside.max(part) } else { part };
            }
        }
        if beside {
            Part::Beside
        } else if away {
            Part::Origin
        } else {
            Part::Scene
        }
    }

    /// گەنجێکی خەڵکی مەهاباد: the place that people come from.
    fn is_home(&self, name: usize) -> bool {
        let passage = &self.passage;
        let of = name >= 2 && passage.language == Language::Sorani && passage.slice(name - 1) == "خەڵکی";
        let people = |at: usize| {
            let unit = passage.roles(at).0.unit;
            unit.is_some_and(|unit| passage.lexicon.is_people(unit.unit))
        };
        let chain = (0..name.saturating_sub(1))
            .rev()
            .take(LIST)
            .take_while(|at| passage.slice(*at).ends_with('ی'));
        of && chain.into_iter().any(people)
    }

    /// على طريق بغداد - كركوك, قرب طريق بغداد, "on the Baghdad-Kirkuk highway": a place that a road leads to.
    fn is_road_end(&self, mention: usize) -> bool {
        let passage = &self.passage;
        let joined = |one: usize, other: usize| {
            let between = self.tokens(one).end..self.tokens(other).start;
            between.len() == 1 && passage.kind(between.start) == Some(Kind::Dash)
        };
        let first = mention
            .checked_sub(1)
            .filter(|before| joined(*before, mention))
            .unwrap_or(mention);
        let next = mention + 1;
        let leads = next < self.mentions.len() && joined(mention, next);
        let last = if leads { next } else { mention };
        let before = self.tokens(first).start.checked_sub(1);
        let arabic = before.is_some_and(|at| {
            let word = passage.slice(at).trim_start_matches(['و', 'ب', 'ل']);
            matches!(word, "طريق" | "الطريق" | "ڕێگای" | "ڕێگەی" | "شاڕێی" | "ڕێگا")
        });
        let after = self.tokens(last).end;
        let paired = first < last;
        let road = matches!(passage.slice(after), "road" | "highway" | "route" | "motorway");
        let known = self.mentions[mention].place.as_ref();
        let itself = known.is_some_and(|place| place.level == Level::Road);
        (paired || passage.language != Language::Sorani && !itself) && (arabic || road)
    }

    /// "shelled by Turkey", من قبل تركيا, لەلایەن تورکیاوە: who did it.
    fn is_agent(&self, name: usize, mention: usize) -> bool {
        let passage = &self.passage;
        let events = &passage.lexicon.events;
        let by = events.class_set("by");
        let close = (name.saturating_sub(AGENT)..name).any(|at| {
            let found = events.classes.at(passage.text, passage.tokens, at, passage.language);
            found
                .into_iter()
                .any(|(class, len)| by >> class & 1 == 1 && at + len == name)
        });
        // "followed by Kirkuk": the next in a list.
        let listed = name >= 2 && matches!(passage.slice(name - 2), "followed" | "trailed");
        // "by the lake" is a place.
        let level = self.mentions[mention].place.as_ref().map(|place| place.level);
        let water = matches!(
            level,
            Some(Level::River | Level::Lake | Level::Road | Level::Valley | Level::Mountain)
        );
        close && !water && !listed
    }

    /// "as the shelling of Syria goes into its second week": another event beside the one that is reported.
    fn accompanies(&self, name: usize, from: usize) -> bool {
        let passage = &self.passage;
        let first = name.saturating_sub(ACCOMPANYING).max(from);
        let words = (first..name).rev().take_while(|at| passage.is_word(*at));
        words.into_iter().any(|at| {
            passage.lists(at).has(List::With)
                && passage.cut(at) == 0
                && passage.lists(at + 1).has(List::Content)
                && at + 1 < name
        })
    }

    /// The Arabic ب is written to its noun.
    fn has_in(&self, at: usize) -> bool {
        let word = self.passage.slice(at).trim_start_matches(['و', 'ف']);
        self.passage.tokens[at].cut > 0 && word.starts_with('ب')
    }

    /// "Diyala, Salahaddin and Kirkuk": only commas, conjunctions and type nouns between two names.
    fn is_listed(&self, between: Range<usize>, next: usize) -> bool {
        let passage = &self.passage;
        // وسط كركوك: "in the middle of", and no "and".
        let whole = Lists::of(&[List::Adjunct, List::Direction, List::Locative]);
        let joins = |at: usize| {
            let and = passage.slice(at).starts_with('و') && !(passage.cut(at) == 0 && passage.lists(at).any(whole));
            passage.kind(at) == Some(Kind::Comma) || passage.lists(at).has(List::And) || and
        };
        let joined = between.clone().any(joins) || (between.is_empty() && passage.slice(next).starts_with('و'));
        joined && between.len() <= LIST && between.clone().all(|at| joins(at) || passage.roles(at).0.is_empty())
    }

    /// True if a distance precedes the name, with only directions and prepositions between.
    fn is_measured_from(&self, name: usize) -> bool {
        let passage = &self.passage;
        let before = self.quantities.partition_point(|quantity| quantity.tokens.end <= name);
        let Some(quantity) = before.checked_sub(1).map(|at| &self.quantities[at]) else {
            return false;
        };
        // "(100 كلم) شمال شرق بعقوبة": a distance in brackets of its own, and a direction after them.
        let bracketed = passage.kind(quantity.tokens.end) == Some(Kind::Close)
            && (1..=2).any(|word| passage.lists(quantity.tokens.end + word).has(List::Direction));
        let between = quantity.tokens.end + usize::from(bracketed)..name.max(quantity.tokens.end + 1);
        if !self.distances.contains(&quantity.unit) || between.len() > MEASURE_REACH {
            return false;
        }
        let ends = |at: usize| {
            matches!(passage.kind(at), Some(Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Comma | Kind::Close))
                || passage.lists(at).any(Lists::of(&[List::Boundary, List::That, List::Between, List::Linking]))
                || passage.roles(at).0.role.is_some()
                // "in", but not "to the south of": a place of its own.
                || (passage.language != Language::Sorani && is_inside(passage, at))
        };
        !between.clone().any(ends)
    }
}

/// How small the place of a mention is: its own level, or that of its type noun.
fn fineness(mention: &Mention) -> u8 {
    let level = mention.place.as_ref().map(|place| place.level).or(mention.level);
    match level {
        Some(Level::Country) => 0,
        Some(Level::Region) => 1,
        Some(Level::Governorate | Level::Area | Level::River | Level::Valley | Level::Road) => 2,
        Some(Level::District) => 3,
        Some(Level::Subdistrict | Level::Mountain | Level::Lake) => 4,
        Some(Level::Neighbourhood | Level::Site) => 6,
        _ => 5,
    }
}

/// A preposition that begins another place: "40 km of road in Kirkuk".
fn is_inside(passage: &Passage, at: usize) -> bool {
    matches!(
        passage.slice(at).to_lowercase().as_str(),
        "in" | "at" | "في" | "داخل" | "inside"
    )
}
