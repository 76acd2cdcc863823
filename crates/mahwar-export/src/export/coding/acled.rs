//! The columns of ACLED (since March 2023).

use super::{
    Coded, figures,
    precision::{acled_days, acled_place, cell, numbers},
    words,
};
use crate::{events::Figure, geoparse::ClaimType};

pub const COLUMNS: [&str; 31] = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
];

pub fn row(coded: &Coded<'_>) -> [String; 31] {
    let account = coded.account();
    let codes = coded.table.codes;
    let country = &codes.country;
    let [disorder, kind, sub_kind] = codes.of(account).acled;
    let [lon, lat] = coded.point();
    let from = account.days.from_date();
    let [admin1, admin2, admin3] = coded.units.clone().map(words);
    let empty = String::new;
    // A report without a day of its own has that of its publication.
    let day = if account.days.stated {
        from
    } else {
        account.days.to_date()
    };
    let killed = figures(account, "killed");
    // People who fled or came back are no side of a conflict.
    let moved = account.kind == ClaimType::DisplacementOrReturn;
    let target = match moved {
        true => empty(),
        false => codes.party(account.target_party.as_deref(), account.target.as_deref()),
    };
    [
        format!("{}-{}", country.acled_prefix, coded.event.id()),
        day.clone(),
        day.chars().take(4).collect(),
        acled_days(account.days).to_string(),
        disorder,
        kind,
        sub_kind,
        words(codes.party(account.actor_party.as_deref(), account.actor.as_deref())),
        empty(),
        empty(),
        words(target),
        empty(),
        empty(),
        empty(),
        empty(),
        country.iso.clone(),
        country.acled_region.clone(),
        country.name.clone(),
        admin1,
        admin2,
        admin3,
        words(coded.location()),
        lat.to_string(),
        lon.to_string(),
        acled_place(account).to_string(),
        words(coded.outlets()),
        empty(),
        words(notes(coded)),
        cell(fatalities(&killed)),
        words(tags(coded)),
        empty(),
    ]
}

/// Number of dead: the exact number, or else the least that the account allows, as the codebook has it. `None` where the
/// account gives neither, and for a number that counts no people.
fn fatalities(killed: &[&Figure]) -> Option<f64> {
    let [exact, least, _] = numbers(killed);
    exact.or(least).filter(|number| number.fract() == 0.0)
}

/// Speaker and words of the statement, and the limit that the number of dead is.
fn notes(coded: &Coded<'_>) -> String {
    let account = coded.account();
    let mut notes = match &account.speaker {
        Some(speaker) => format!("{speaker}: {}", account.quote),
        None => account.quote.clone(),
    };
    let killed = figures(account, "killed");
    if let ([None, ..], Some(least)) = (numbers(&killed), fatalities(&killed)) {
        notes.push_str(&format!(" [fatalities: at least {least}]"));
    }
    notes
}

/// Values without a column of their own.
fn tags(coded: &Coded<'_>) -> String {
    let mut tags = vec![format!("account={}", coded.account().claim)];
    if !coded.differs_in.is_empty() {
        tags.push(format!("accounts differ in={}", coded.differs_in.replace("; ", ", ")));
    }
    tags.push("codes are suggestions".to_owned());
    tags.push(format!("made by={}", coded.table.made_by));
    tags.join("; ")
}
