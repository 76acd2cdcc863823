//! The positions of mentions and claims.

use super::types::{PlacePosition, Position, PositionKind, PositionRef};
use crate::geoparse::parse::{Claim, Mention, Parse, Reading};
use rustc_hash::FxHashMap;
use std::{collections::BTreeMap, sync::Arc};

/// Sets the positions of mentions and claims. A mention that a described position starts from has that one, any other
/// literal mention of a resolved place has the place. A claim has the finest of the positions that its words describe,
/// of those that its mentions are anchors of, and of the places of its other mentions.
///
/// Places take their sizes from [`Parse::place_radii`].
pub fn attach_positions(parse: &mut Parse) {
    let positions = std::mem::take(&mut parse.positions);
    let mut described: FxHashMap<&str, &Arc<Position>> = FxHashMap::default();
    for position in &positions {
        for anchor in &position.anchors {
            described.entry(anchor.as_str()).or_insert(position);
        }
    }
    let mut places: FxHashMap<String, Arc<PlacePosition>> = FxHashMap::default();
    for mention in &mut parse.mentions {
        mention.position = match described.get(mention.id.as_str()) {
            Some(position) => Some(PositionRef::Described(Arc::clone(position))),
            None => place_of(mention, &parse.place_radii, &mut places),
        };
    }
    drop(described);
    parse.positions = positions;
    let mut claims = std::mem::take(&mut parse.claims);
    for claim in &mut claims {
        claim.position = position_of(claim, parse);
    }
    parse.claims = claims;
}

fn place_of(
    mention: &Mention,
    radii: &BTreeMap<String, f64>,
    known: &mut FxHashMap<String, Arc<PlacePosition>>,
) -> Option<PositionRef> {
    let place = mention.place.as_ref().filter(|_| mention.reading == Reading::Literal)?;
    let made = known.entry(place.id.clone()).or_insert_with(|| {
        Arc::new(PlacePosition {
            kind: PositionKind::Place,
            place: place.id.as_str().into(),
            point: place.point,
            uncertainty_km: radii.get(&place.id).copied(),
            precision: mention.precision,
        })
    });
    Some(PositionRef::Place(Arc::clone(made)))
}

/// Where a claim lies.
fn position_of(claim: &Claim, parse: &Parse) -> Option<PositionRef> {
    // Those of the title follow those of the text.
    let [start, end] = claim.evidence.part.key(claim.evidence.offsets.byte);
    let bytes = |position: &Arc<Position>| position.words.part.key(position.words.offsets.byte);
    let inside = |position: &&Arc<Position>| {
        let [first, last] = bytes(position);
        first < end && start < last
    };
    // Positions are in order and do not overlap.
    let after = parse.positions.partition_point(|position| bytes(position)[1] <= start);
    let described = parse.positions[after.min(parse.positions.len())..].iter();
    let described = described
        .take_while(inside)
        .map(|one| PositionRef::Described(Arc::clone(one)));
    let of_mentions = claim
        .mentions
        .iter()
        .filter_map(|id| parse.mention(id)?.position.clone());
    // A place outside the land is no scene of it.
    let at_home = |mention: &Mention| mention.place.as_ref().is_none_or(|place| !place.foreign);
    let foreign = |id: &String| parse.mention(id).is_some_and(|mention| !at_home(mention));
    let all_foreign = !claim.mentions.is_empty() && claim.mentions.iter().all(foreign);
    let size = |position: &PositionRef| position.uncertainty_km().unwrap_or(f64::INFINITY);
    let finest = described
        .chain(of_mentions)
        .filter(|position| position.point().is_some())
        .min_by(|a, b| size(a).total_cmp(&size(b)));
    finest.filter(|position| !all_foreign || position.described().is_some())
}
