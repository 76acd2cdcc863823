//! A table with HXL hashtags (HXL standard 1.1) in its second row.

use super::{
    Coded, figures, kind,
    precision::{acled_days, acled_place, cell, numbers},
    words,
};

pub const COLUMNS: [(&str, &str); 39] = [
    ("Event", "#event+id"),
    ("Account", "#event+account+id"),
    ("Type", "#event+type"),
    ("From", "#date+start"),
    ("To", "#date+end"),
    ("Date precision", "#date+precision+code"),
    ("Place", "#loc+name"),
    ("Place code", "#loc+code"),
    ("Governorate", "#adm1+name"),
    ("District", "#adm2+name"),
    ("Subdistrict", "#adm3+name"),
    ("Latitude", "#geo+lat"),
    ("Longitude", "#geo+lon"),
    ("Geographic precision", "#geo+precision+code"),
    ("Uncertainty (km)", "#geo+uncertainty+num"),
    ("Killed", "#affected+killed"),
    ("Killed, at least", "#affected+killed+min"),
    ("Killed, at most", "#affected+killed+max"),
    ("Wounded", "#affected+injured"),
    ("Wounded, at least", "#affected+injured+min"),
    ("Wounded, at most", "#affected+injured+max"),
    ("Abducted", "#affected+abducted"),
    ("Displaced", "#affected+displaced"),
    ("Displaced, at least", "#affected+displaced+min"),
    ("Displaced, at most", "#affected+displaced+max"),
    ("Returned", "#affected+returned"),
    ("Arrested", "#affected+detained"),
    ("Attacks", "#event+num"),
    ("Actor", "#group+actor+name"),
    ("Target", "#group+target+name"),
    ("Speaker", "#meta+speaker"),
    ("Status", "#status"),
    ("Accounts differ in", "#meta+differs"),
    ("Outlets", "#meta+source"),
    ("Number of outlets", "#meta+source+num"),
    ("Address", "#meta+url"),
    ("Published", "#date+reported"),
    ("Quote", "#description+quote"),
    ("Made by", "#meta+program"),
];

pub fn row(coded: &Coded<'_>) -> [String; 39] {
    let account = coded.account();
    let [lon, lat] = coded.point();
    let site = &account.site;
    let [adm1, adm2, adm3] = coded.units.clone().map(words);
    let of = |what: &str| numbers(&figures(account, what)).map(cell);
    let [killed, killed_min, killed_max] = of("killed");
    let [wounded, wounded_min, wounded_max] = of("wounded");
    let [displaced, displaced_min, displaced_max] = of("displaced");
    let exact = |what: &str| of(what)[0].clone();
    let optional = |text: &Option<String>| words(text.clone().unwrap_or_default());
    let codes: Vec<&str> = site.places.iter().map(|place| place.id.as_str()).collect();
    [
        coded.event.id(),
        account.claim.to_string(),
        kind(account),
        account.days.from_date(),
        account.days.to_date(),
        acled_days(account.days).to_string(),
        words(coded.location()),
        words(codes.join("; ")),
        adm1,
        adm2,
        adm3,
        lat.to_string(),
        lon.to_string(),
        acled_place(account).to_string(),
        site.uncertainty_km.to_string(),
        killed,
        killed_min,
        killed_max,
        wounded,
        wounded_min,
        wounded_max,
        exact("kidnapped"),
        displaced,
        displaced_min,
        displaced_max,
        exact("returned"),
        exact("arrested"),
        exact("attack"),
        optional(&account.actor),
        optional(&account.target),
        optional(&account.speaker),
        account.status.clone(),
        coded.differs_in.clone(),
        words(coded.outlets()),
        coded.told.outlets.len().to_string(),
        optional(&account.source_url),
        account.published.clone().unwrap_or_default(),
        words(account.quote.clone()),
        coded.table.made_by.clone(),
    ]
}
