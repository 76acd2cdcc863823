//! An event: its accounts, where and when, and in what they differ.

use super::{Account, Days, EventAccount, Figure, accounts, differing, link_all, told};
use crate::layers::{Feature, ReadDocument, TimeSpan, evidence::Coding, named, properties};
use geo::Geometry;
use serde_json::{Map, Value, json};

/// A claim of an event, and why it belongs there.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The claim.
    pub account: Account,
    /// Score with the account that it was linked to, 0..=1; `None` for the first and where an analyst joined it.
    pub score: Option<f64>,
    /// Why it was linked.
    pub reasons: Vec<String>,
}

/// A set of claims that appear to be about the same thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Number in the store, in order of its making.
    pub key: i64,
    /// The change that last touched it.
    pub version: i64,
    /// True if an analyst joined or split it.
    pub ruled: bool,
    /// Its claims in order of arrival, one at least.
    pub members: Vec<Member>,
}

impl Event {
    /// The id: that of its first claim, such as `3f2a…-c1`. The id of each other claim names the event too.
    pub fn id(&self) -> String {
        self.first().account.claim.to_string()
    }

    fn first(&self) -> &Member {
        &self.members[0]
    }

    /// The account with the finest site; the first among equals.
    fn finest(&self) -> &Account {
        let accounts = self.members.iter().map(|member| &member.account);
        let least = accounts.min_by(|a, b| a.site.uncertainty_km.total_cmp(&b.site.uncertainty_km));
        least.unwrap_or(&self.first().account)
    }

    /// The days that all accounts leave possible; those of the first one if an analyst joined accounts of different days.
    pub fn days(&self) -> Days {
        let mut all = self.members.iter().map(|member| member.account.days);
        let first = self.first().account.days;
        all.try_fold(first, Days::common).unwrap_or(first)
    }

    /// The least score by which a claim was linked; `None` for one claim.
    pub fn score(&self) -> Option<f64> {
        self.members.iter().filter_map(|member| member.score).reduce(f64::min)
    }

    /// The accounts by side and date.
    pub fn told(&self) -> Vec<EventAccount<'_>> {
        told(&self.members)
    }

    /// What the accounts disagree about: figures by name, `place`, `time`.
    pub fn differs_in(&self, told: &[EventAccount<'_>]) -> Vec<String> {
        let figures: Vec<&[Figure]> = told.iter().map(|told| &*told.now.account.figures).collect();
        let mut differs = differing(&figures);
        let accounts = || told.iter().map(|told| &told.now.account);
        let pairs = || {
            accounts()
                .enumerate()
                .flat_map(|(at, a)| accounts().skip(at + 1).map(move |b| (a, b)))
        };
        let other_place =
            |(a, b): (&Account, &Account)| a.site.precision == b.site.precision && !a.site.is_same_place(&b.site);
        if pairs().any(other_place) {
            differs.push("place".to_owned());
        }
        if pairs().any(|(a, b)| a.days.stated && b.days.stated && a.days != b.days) {
            differs.push("time".to_owned());
        }
        differs
    }

    /// The event as JSON.
    pub fn to_json(&self) -> Value {
        let told = self.told();
        let days = self.days();
        let (outlets, speakers) = (outlets(&told), speakers(&told));
        json!({
            "id": self.id(),
            "type": self.finest().kind,
            "time": {"from": days.from_date(), "to": days.to_date(), "stated": days.stated},
            "position": position(self.finest()),
            "score": self.score(),
            "ruled": self.ruled,
            "differs_in": self.differs_in(&told),
            "counts": {
                "accounts": told.len(), "claims": self.members.len(), "outlets": outlets.len(),
                "speakers": speakers.len(),
            },
            "accounts": told.iter().map(account_json).collect::<Vec<_>>(),
        })
    }
}

/// The events of documents in memory, in the order of their first claims. Numbers of documents are their positions, from 1.
pub fn of_documents<'d>(documents: impl IntoIterator<Item = &'d ReadDocument>) -> Vec<Event> {
    let numbered = documents.into_iter().zip(1_i64..);
    let all: Vec<Account> = numbered
        .flat_map(|(read, number)| accounts(&read.document, &read.parse, number))
        .collect();
    let events = link_all(&all).into_iter().zip(1_i64..);
    let events = events.map(|(members, key)| Event {
        key,
        version: 0,
        ruled: false,
        members: members
            .into_iter()
            .map(|(at, choice)| Member {
                account: all[at].clone(),
                score: choice.as_ref().map(|choice| choice.score),
                reasons: choice.map(|choice| choice.reasons).unwrap_or_default(),
            })
            .collect(),
    });
    events.collect()
}

/// Where an account says that it happened.
fn position(account: &Account) -> Value {
    let site = &account.site;
    let area = geojson::Geometry::from(&site.area());
    json!({
        "kind": if site.geometry.is_some() { "described" } else { "place" },
        "places": site.places,
        "precision": site.precision,
        "point": site.points[0],
        "uncertainty_km": site.uncertainty_km,
        "geometry": area,
    })
}

fn account_json(told: &EventAccount<'_>) -> Value {
    let mut value = claim_json(&told.now.account);
    value["claims"] = told
        .members
        .iter()
        .map(|member| member.account.claim.to_string())
        .collect();
    value["outlets"] = told.outlets.iter().map(|outlet| outlet_json(outlet.account)).collect();
    value["revisions"] = told
        .revisions
        .iter()
        .map(|member| claim_json(&member.account))
        .collect();
    value["link"] = json!({"score": told.now.score, "reasons": told.now.reasons});
    value
}

fn outlet_json(account: &Account) -> Value {
    json!({
        "publisher": account.outlet, "document": account.claim.document, "claim": account.claim.to_string(),
        "title": account.title, "source_url": account.source_url, "published": account.published,
    })
}

fn claim_json(account: &Account) -> Value {
    let site = &account.site;
    json!({
        "claim": account.claim.to_string(),
        "document": account.claim.document,
        "title": account.title,
        "publisher": account.outlet,
        "source_url": account.source_url,
        "published": account.published,
        "language": account.language,
        "status": account.status,
        "speaker": account.speaker,
        "actor": account.actor,
        "target": account.target,
        "time": {
            "from": account.days.from_date(), "to": account.days.to_date(), "stated": account.days.stated,
            "text": account.days_text,
        },
        "place": {
            "places": site.places, "precision": site.precision, "point": site.points[0],
            "uncertainty_km": site.uncertainty_km,
        },
        "figures": figures_json(&account.figures),
        "quote": account.quote,
        "start": account.offsets[0],
        "end": account.offsets[1],
    })
}

/// Figures by what they count. Several for one thing are parts without a number of their own, for nothing is added up.
pub(super) fn figures_json(figures: &[Figure]) -> Value {
    let mut all = Map::new();
    for figure in figures {
        if all.contains_key(&figure.what) {
            continue;
        }
        let same: Vec<Value> = figures
            .iter()
            .filter(|other| other.what == figure.what)
            .map(figure_json)
            .collect();
        let value = match <[Value; 1]>::try_from(same) {
            Ok([one]) => one,
            Err(parts) => json!({"value": null, "bound": "exact", "unit": figure.unit, "parts": parts}),
        };
        all.insert(figure.what.clone(), value);
    }
    Value::Object(all)
}

fn figure_json(figure: &Figure) -> Value {
    let mut value = json!({
        "value": figure.value, "bound": figure.bound, "unit": figure.unit, "text": figure.text,
    });
    if let Some(upper) = figure.upper {
        value["upper"] = upper.into();
    }
    if let Some(range) = figure.range {
        value["range"] = json!(range);
    }
    value
}

/// The names of all outlets, each once.
fn outlets(told: &[EventAccount<'_>]) -> Vec<String> {
    once(
        told.iter()
            .flat_map(|told| told.outlets.iter().map(|outlet| outlet.account.outlet.clone())),
    )
}

/// The speakers, each once; a wire copy repeats its speaker and counts once.
fn speakers(told: &[EventAccount<'_>]) -> Vec<String> {
    once(told.iter().map(|told| told.now.account.speaker.clone()))
}

fn once(names: impl Iterator<Item = Option<String>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names.flatten() {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// An event as a feature of the layer `events`: the area where it happened, and its accounts in short.
pub fn feature(event: &Event, coding: Coding<'_>) -> Feature {
    let told = event.told();
    let days = event.days();
    let finest = event.finest();
    let site = &finest.site;
    let name = site.places.first().map(|place| place.name.clone()).unwrap_or_default();
    let accounts: Vec<Value> = told
        .iter()
        .map(|told| {
            let now = &told.now.account;
            json!({
                "claim": now.claim.to_string(), "publisher": now.outlet, "published": now.published,
                "speaker": now.speaker, "figures": figures_json(&now.figures), "quote": now.quote,
                "outlets": told.outlets.len(), "revisions": told.revisions.len(),
            })
        })
        .collect();
    // The newest account gives the row its document; the others are in `told`.
    let newest = told
        .iter()
        .map(|told| &told.now.account)
        .max_by_key(|account| &account.published);
    let newest = newest.unwrap_or(finest);
    let mut properties = named(
        &name,
        properties([
            ("type", json!(finest.kind)),
            ("from", json!(days.from_date())),
            ("to", json!(days.to_date())),
            ("accounts", json!(told.len())),
            ("claims", json!(event.members.len())),
            ("outlets", json!(outlets(&told).join("; "))),
            ("speakers", json!(speakers(&told).join("; "))),
            ("differs_in", json!(event.differs_in(&told).join("; "))),
            (
                "places",
                json!(site.places.iter().map(|place| &place.id).collect::<Vec<_>>()),
            ),
            ("precision", json!(site.precision)),
            ("uncertainty_km", json!(site.uncertainty_km)),
            ("score", json!(event.score())),
            ("told", json!(accounts)),
            ("title", json!(newest.title)),
            ("publisher", json!(newest.outlet)),
            ("source_url", json!(newest.source_url)),
            ("published", json!(newest.published)),
            ("day", json!(days.from_date())),
        ]),
    );
    let places: Vec<&str> = site.places.iter().map(|place| place.id.as_str()).collect();
    coding.add_units(&mut properties, &places);
    let mut feature = Feature::new(event.id(), Some(Geometry::MultiPolygon(site.area())), properties);
    feature.time = TimeSpan::between(Some(&days.from_date()), Some(&days.to_date())).ok();
    feature.label = Some(site.points[0]);
    feature
}
