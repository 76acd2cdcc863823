//! Distances that say where a named place lies: "Hawija, 55 km south-west of Kirkuk". The place itself is known better.

use super::{
    scan::{Draft, Scan},
    types::PositionKind,
    words::Sense,
};
use crate::{gazetteer::Level, geoparse::parse::Reading, text::Kind};

/// Tokens between the place and its distance: "which lies about".
const REACH: usize = 7;
/// How much longer than stated a way may be, as a share; roads are longer than the straight way.
const FARTHER: f64 = 1.25;
/// How much shorter.
const NEARER: f64 = 0.5;
/// Degrees by which the stated direction may differ.
const TURNED: f64 = 60.0;
/// Kilometres of a degree of latitude.
const DEGREE: f64 = 111.2;

impl Scan<'_> {
    /// True if a distance is measured to a named place before it, and about as far away as stated.
    pub(super) fn describes_named_place(&self, draft: &Draft) -> bool {
        let ([anchor], Some(distance), PositionKind::Offset) = (&draft.anchors[..], &draft.distance, draft.kind) else {
            return false;
        };
        let Some(named) = self.named_before(draft.tokens.start).filter(|named| named != anchor) else {
            return false;
        };
        let point = |mention: usize| {
            let place = self.mentions[mention].place.as_ref()?;
            (!place.foreign).then_some(place.point)
        };
        let (Some([from_lon, from_lat]), Some([lon, lat])) = (point(*anchor), point(named)) else {
            return false;
        };
        let east = (lon - from_lon) * lat.to_radians().cos() * DEGREE;
        let north = (lat - from_lat) * DEGREE;
        let length = east.hypot(north);
        let turned = draft.direction.is_some_and(|direction| {
            let bearing = east.atan2(north).to_degrees();
            let turn = (bearing - direction.bearing).rem_euclid(360.0);
            turn.min(360.0 - turn) > TURNED
        });
        let far = distance.upper_km.unwrap_or(distance.km) * FARTHER;
        !turned && length <= far && length >= distance.km * NEARER
    }

    /// The mention of a place that a distance at a token says something of.
    fn named_before(&self, start: usize) -> Option<usize> {
        let mut at = start;
        for _ in 0..REACH {
            at = at.checked_sub(1).filter(|at| self.inside(*at))?;
            if let Some(mention) = self.mention_over(at) {
                let found = &self.mentions[mention];
                let is_town = |level: Level| matches!(level, Level::District | Level::Subdistrict | Level::Settlement);
                return (found.reading == Reading::Literal && found.level.is_some_and(is_town)).then_some(mention);
            }
            let mark = matches!(self.kind(at), Some(Kind::Comma | Kind::Open | Kind::Dash));
            if !mark && !self.is_link(at) {
                return None;
            }
        }
        None
    }

    /// True for a word of "which is about", "lies … away".
    fn is_link(&self, at: usize) -> bool {
        let known = [Sense::Filler, Sense::Away, Sense::Says];
        self.any(at, &known).is_some()
    }
}
