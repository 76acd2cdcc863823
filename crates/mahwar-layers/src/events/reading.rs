//! The one place where accounts are made of claims: when and where a claim says that something happened.

use super::{Account, ClaimRef, Days, Figure, LARGEST_KM, NamedPlace, SPREAD_KM, Site, Sketch};
use crate::{
    document::Document,
    gazetteer::Level,
    geodesy::{LonLat, distance_m},
    geoparse::{Claim, Mention, MentionPlace, Parse, Part, PositionKind, Precision, Quantity},
};
use jiff::civil::Date;

/// Bytes between a claim that names no place and the place of its paragraph, at most.
const MAX_APART: usize = 500;
/// The most points of one site; a claim that names more places is about no one site.
const MAX_POINTS: usize = 8;

/// The accounts of a document: one for each claim that has a day and a site. `number` is that of the document in the store.
pub fn accounts(document: &Document, parse: &Parse, number: i64) -> Vec<Account> {
    let mut sketch = None;
    let accounts = parse.claims.iter().filter_map(|claim| {
        let ordinal = ordinal(&claim.id)?;
        let (days, days_text) = days(document, claim)?;
        let site = site(document, parse, claim)?;
        let sketch = sketch.get_or_insert_with(|| Sketch::of(&document.text)).clone();
        let claim_ref = ClaimRef {
            number,
            ordinal,
            document: document.id.clone(),
            claim: claim.id.clone(),
        };
        Some(account(
            document,
            parse,
            claim,
            claim_ref,
            (days, days_text, site, sketch),
        ))
    });
    accounts.collect()
}

type AccountParts = (Days, Option<String>, Site, Sketch);

fn account(document: &Document, parse: &Parse, claim: &Claim, of: ClaimRef, found: AccountParts) -> Account {
    let (days, days_text, site, sketch) = found;
    let attribution = claim.attribution.as_deref().and_then(|id| parse.attribution(id));
    let speaker = attribution.and_then(|attribution| attribution.speaker.as_ref());
    Account {
        claim: of,
        span: claim.evidence.part.key(claim.evidence.offsets.byte),
        offsets: claim.evidence.offsets.codepoint,
        kind: claim.kind,
        status: claim.status.to_owned(),
        days,
        days_text,
        site,
        speaker: speaker.map(|speaker| speaker.words.text.clone()),
        outlet: outlet(document),
        title: document.title.clone(),
        source_url: document.source_url.clone(),
        published: document.published.clone(),
        language: document.language,
        quote: claim.evidence.text.clone(),
        figures: parse.quantities_of(claim).into_iter().map(figure).collect(),
        actor: claim.actor.as_ref().map(|party| party.words.text.clone()),
        target: claim.target.as_ref().map(|party| party.words.text.clone()),
        actor_party: claim.actor.as_ref().map(|party| party.party.to_string()),
        target_party: claim.target.as_ref().map(|party| party.party.to_string()),
        sketch,
    }
}

fn figure(quantity: &Quantity) -> Figure {
    let what = quantity
        .role
        .map_or_else(|| quantity.unit.clone(), |role| role.name().to_owned());
    Figure {
        what,
        value: quantity.value,
        upper: quantity.upper,
        range: quantity.range,
        bound: quantity.bound,
        unit: quantity.unit.clone(),
        text: quantity.words.text.clone(),
    }
}

/// The publisher, or the host of the address.
fn outlet(document: &Document) -> Option<String> {
    let publisher = document
        .publisher
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    if let Some(publisher) = publisher {
        return Some(publisher.to_owned());
    }
    let (_, rest) = document.source_url.as_deref()?.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// When a claim says that it happened, with the words that say so.
///
/// A text that says when in words that cannot be resolved has no day: the day of publication would be a guess.
fn days(document: &Document, claim: &Claim) -> Option<(Days, Option<String>)> {
    let published = document.published.as_deref();
    let Some(time) = claim.time.as_deref() else {
        return Some((Days::published(published?)?, None));
    };
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    // "Since Monday" ends with the report.
    let last = day(time.to).or_else(|| published.map(str::to_owned));
    let days = Days::between(&day(time.from)?, &last?, true)?;
    Some((days, Some(time.words.text.clone())))
}

/// The number of a claim in its id.
fn ordinal(id: &str) -> Option<u32> {
    id.strip_prefix('c')?.parse().ok()
}

/// Where a claim says that it happened: at the finest of the places that it names; if it names none, at the only place of its
/// paragraph.
fn site(document: &Document, parse: &Parse, claim: &Claim) -> Option<Site> {
    // The units of a region that a phrase names are no site.
    if claim.precision == Some(Precision::Region) {
        return None;
    }
    if let Some(given) = &claim.given {
        return site_of(&smallest(given.iter().map(AsRef::as_ref)));
    }
    if let Some(site) = described(parse, claim) {
        return Some(site);
    }
    let own = claim.mentions.iter().filter_map(|id| parse.mention(id));
    let mut places = finest(own);
    // A village that is not known is not at the only known place of its paragraph.
    if places.is_empty() && !claim.mentions.is_empty() {
        return None;
    }
    if places.is_empty() {
        let around = parse
            .mentions
            .iter()
            .filter(|mention| is_in_paragraph(document, mention, claim));
        places = finest(around);
        // Of several places nobody says which is meant.
        if places.len() > 1 {
            return None;
        }
    }
    site_of(&places)
}

/// The site of places of one size, if they are near each other.
fn site_of(places: &[(f64, &MentionPlace)]) -> Option<Site> {
    let finest = places.first()?.0;
    let points: Vec<LonLat> = places.iter().map(|(_, place)| place.point).collect();
    let is_one_site =
        points.len() <= MAX_POINTS && finest <= LARGEST_KM && points.iter().all(|point| near(points[0], *point));
    is_one_site.then(|| Site {
        points,
        uncertainty_km: finest,
        precision: places[0].1.level.word().to_owned(),
        places: places.iter().map(|(_, place)| named(place)).collect(),
        geometry: None,
        within: places.iter().map(|(_, place)| place.within.to_vec()).collect(),
        at_places: true,
    })
}

/// The site of a claim whose words describe a position: "20 km south of Kirkuk".
fn described(parse: &Parse, claim: &Claim) -> Option<Site> {
    let position = claim.position.as_ref()?.described()?;
    let extent = position.extent.as_ref()?;
    // The root mean square distance of a disc is its radius by the root of two.
    let uncertainty_km = extent.uncertainty_km * std::f64::consts::SQRT_2;
    let anchors: Vec<&MentionPlace> = position
        .anchors
        .iter()
        .filter_map(|id| parse.mention(id)?.place.as_deref())
        .collect();
    let at_places = matches!(
        position.kind,
        PositionKind::Place | PositionKind::Part | PositionKind::Near
    );
    let precision = serde_json::to_value(position.precision).ok()?;
    (uncertainty_km <= LARGEST_KM).then(|| Site {
        points: vec![extent.point],
        uncertainty_km,
        precision: precision.as_str().unwrap_or_default().to_owned(),
        places: anchors.iter().map(|place| named(place)).collect(),
        geometry: serde_json::to_value(&extent.geometry).ok(),
        within: anchors.iter().map(|place| place.within.to_vec()).collect(),
        at_places,
    })
}

/// The drawn places of mentions that are as small as the smallest of them, each once, with their sizes in kilometres.
fn finest<'p>(mentions: impl Iterator<Item = &'p Mention>) -> Vec<(f64, &'p MentionPlace)> {
    let drawn = mentions.filter(|mention| mention.is_drawn());
    smallest(drawn.filter_map(|mention| mention.place.as_deref()))
}

/// The places that are as small as the smallest of them, each once, with their sizes in kilometres.
fn smallest<'p>(all: impl Iterator<Item = &'p MentionPlace>) -> Vec<(f64, &'p MentionPlace)> {
    let mut places: Vec<(f64, &MentionPlace)> = Vec::new();
    for place in all.filter(|place| !place.foreign) {
        if let Some(km) = size_km(place.level)
            && places.iter().all(|(_, known)| known.id != place.id)
        {
            places.push((km, place));
        }
    }
    let finest = places.iter().map(|(km, _)| *km).fold(f64::INFINITY, f64::min);
    places.retain(|(km, _)| *km == finest);
    places
}

/// True if a mention of the text stands in the paragraph of a claim, not further than some sentences from it.
fn is_in_paragraph(document: &Document, mention: &Mention, claim: &Claim) -> bool {
    if mention.part != Part::Text || claim.evidence.part != Part::Text {
        return false;
    }
    let (a, b) = (mention.offsets.byte, claim.evidence.offsets.byte);
    let between = a[1].min(b[1])..a[0].max(b[0]);
    between.is_empty()
        || between.len() <= MAX_APART
            && document
                .text
                .get(between)
                .is_some_and(|words| !words.contains(['\n', '\r']))
}

fn near(a: LonLat, b: LonLat) -> bool {
    a == b || distance_m(a, b) <= SPREAD_KM * 1000.0
}

fn named(place: &MentionPlace) -> NamedPlace {
    NamedPlace {
        id: place.id.clone(),
        name: place.name.clone(),
        level: place.level.word().to_owned(),
    }
}

/// How far from its label point something in a place of this level may be, in kilometres; `None` for levels that are too
/// large for an event. Half the square root of the area that units of a level commonly have.
fn size_km(level: Level) -> Option<f64> {
    Some(match level {
        Level::Site => 1.0,
        Level::Neighbourhood => 2.0,
        Level::Settlement => 5.0,
        Level::Subdistrict => 15.0,
        Level::District => 30.0,
        Level::Mountain | Level::Lake | Level::Valley | Level::Area | Level::River | Level::Road => 30.0,
        Level::Governorate => 90.0,
        Level::Country | Level::Region => return None,
    })
}
