//! The columns of ACLED (since March 2023).

use super::{
    Coded, figures,
    precision::{acled_days, acled_place, cell, numbers},
    words,
};

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
    let [fatalities, ..] = numbers(&figures(account, "killed"));
    let empty = String::new;
    [
        format!("{}-{}", country.acled_prefix, coded.event.id()),
        from.clone(),
        from.chars().take(4).collect(),
        acled_days(account.days).to_string(),
        disorder,
        kind,
        sub_kind,
        words(account.actor.clone().unwrap_or_default()),
        empty(),
        empty(),
        words(account.target.clone().unwrap_or_default()),
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
        cell(fatalities),
        words(tags(coded)),
        empty(),
    ]
}

/// Speaker and words of the statement.
fn notes(coded: &Coded<'_>) -> String {
    let account = coded.account();
    match &account.speaker {
        Some(speaker) => format!("{speaker}: {}", account.quote),
        None => account.quote.clone(),
    }
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
