//! A table with HXL hashtags (HXL standard 1.1) in its second row.

use super::{
    Coded, figures, kind,
    precision::{about, acled_days, acled_place, cell, numbers},
    words,
};
use crate::events::Account;

pub const COLUMNS: [(&str, &str); 46] = [
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
    ("Killed, about", "#affected+killed+approx"),
    ("Wounded, about", "#affected+injured+approx"),
    ("Abducted", "#affected+abducted"),
    ("Abducted, about", "#affected+abducted+approx"),
    ("Displaced", "#affected+displaced"),
    ("Displaced, at least", "#affected+displaced+min"),
    ("Displaced, at most", "#affected+displaced+max"),
    ("Displaced, about", "#affected+displaced+approx"),
    ("Returned", "#affected+returned"),
    ("Returned, about", "#affected+returned+approx"),
    ("Arrested", "#affected+detained"),
    ("Arrested, about", "#affected+detained+approx"),
    ("Attacks", "#event+num"),
    ("Figures in the text", "#meta+figures"),
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

pub fn row(coded: &Coded<'_>) -> [String; 46] {
    let account = coded.account();
    let [lon, lat] = coded.point();
    let site = &account.site;
    let [adm1, adm2, adm3] = coded.units.clone().map(words);
    let of = |what: &str| numbers(&figures(account, what)).map(cell);
    let [killed, killed_min, killed_max] = of("killed");
    let [wounded, wounded_min, wounded_max] = of("wounded");
    let [displaced, displaced_min, displaced_max] = of("displaced");
    let codes = coded.table.codes;
    let approximate = |what: &str| cell(about(&figures(account, what)));
    let exact = |what: &str| of(what)[0].clone();
    let optional = |text: &Option<String>| words(text.clone().unwrap_or_default());
    let places: Vec<&str> = site.places.iter().map(|place| place.id.as_str()).collect();
    [
        coded.event.id(),
        account.claim.to_string(),
        kind(account),
        account.days.from_date(),
        account.days.to_date(),
        acled_days(account.days).to_string(),
        words(coded.location()),
        words(places.join("; ")),
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
        approximate("killed"),
        approximate("wounded"),
        exact("kidnapped"),
        approximate("kidnapped"),
        displaced,
        displaced_min,
        displaced_max,
        approximate("displaced"),
        exact("returned"),
        approximate("returned"),
        exact("arrested"),
        approximate("arrested"),
        exact("attack"),
        words(in_words(account)),
        words(codes.party(account.actor_party.as_deref(), account.actor.as_deref())),
        words(codes.party(account.target_party.as_deref(), account.target.as_deref())),
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

/// Every figure as the text has it, limits and words such as "dozens" included.
fn in_words(account: &Account) -> String {
    let all: Vec<String> = account
        .figures
        .iter()
        .map(|figure| {
            let bound = serde_json::to_value(figure.bound).ok();
            let bound = bound.as_ref().and_then(|bound| bound.as_str()).unwrap_or_default();
            format!("{}: {} ({bound})", figure.what, figure.text)
        })
        .collect();
    all.join("; ")
}
