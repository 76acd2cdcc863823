//! Codes of the two event datasets: by type of claim, by the parties and by the means of an attack. Suggestions.

use super::kind;
use crate::{
    events::Account,
    geoparse::{ClaimKind, ClaimType, Party},
    language::{Language, Trilingual},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// ACLED's code for the forces of a state.
const STATE_FORCES: u8 = 1;

/// Codes of claim types and of the country, read from `coding.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// The country's own columns.
    #[serde(default)]
    pub country: Country,
    /// ACLED's disorder types by its event types.
    #[serde(default)]
    pub disorder: BTreeMap<String, String>,
    /// Words for the means of an attack, which narrow ACLED's sub-event; the first that fits counts.
    #[serde(default)]
    pub means: Vec<Means>,
    /// By id, from the land's parties.
    #[serde(skip)]
    pub parties: BTreeMap<String, PartyCodes>,
    /// By type of claim, from the land's types.
    #[serde(skip)]
    pub types: BTreeMap<String, TypeCodes>,
}

/// Columns that are the same for every event of a country.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Country {
    /// Name in English.
    pub name: String,
    /// Beginning of ACLED's ids of events.
    pub acled_prefix: String,
    /// ISO 3166-1 numeric.
    pub iso: String,
    /// ACLED's region.
    pub acled_region: String,
    /// Gleditsch and Ward number.
    pub ucdp_id: String,
    /// UCDP's region.
    pub ucdp_region: String,
}

/// Title and suggested codes of a type of claim.
#[derive(Clone, Debug, Default)]
pub struct TypeCodes {
    /// Title for people.
    pub title: Trilingual,
    /// Disorder type, event type, sub-event type.
    pub acled: [String; 3],
    /// Type of violence: 1, 2 or 3.
    pub ucdp: Option<u8>,
}

impl Codes {
    /// Reads `coding.toml`.
    ///
    /// # Errors
    /// If the text is not TOML of this shape.
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The same with the codes of the land's types of claims.
    pub fn with_types(mut self, kinds: &[ClaimKind]) -> Self {
        for kind in kinds {
            let acled = kind.acled.clone().unwrap_or_default();
            let disorder = self.disorder.get(&acled[0]).cloned().unwrap_or_default();
            let [event, sub_event] = acled;
            let codes = TypeCodes {
                title: kind.title.clone(),
                acled: [disorder, event, sub_event],
                ucdp: kind.ucdp,
            };
            self.types.insert(kind.id.name().to_owned(), codes);
        }
        self
    }

    /// The same with the land's parties.
    #[must_use]
    pub fn with_parties(mut self, parties: &[Party]) -> Self {
        for party in parties {
            let codes = PartyCodes {
                name: party.name.best(Language::English).to_owned(),
                interaction: party.interaction,
            };
            self.parties.insert(party.id.clone(), codes);
        }
        self
    }

    /// Title of a type of claim in a language; the type itself where the land has none.
    pub fn type_title<'c>(&'c self, kind: &'c str, language: Language) -> &'c str {
        let title = self.types.get(kind).map(|codes| codes.title.best(language));
        title.filter(|title| !title.is_empty()).unwrap_or(kind)
    }

    pub(super) fn of(&self, account: &Account) -> TypeCodes {
        let mut codes = self.types.get(&kind(account)).cloned().unwrap_or_default();
        let [_, event, sub_event] = &mut codes.acled;
        match account.kind {
            ClaimType::ChangeOfControl => {
                let regains = match self.interaction(account.actor_party.as_deref()) {
                    Some(STATE_FORCES) => "Government regains territory",
                    Some(2..=4) => "Non-state actor overtakes territory",
                    // Nobody says whose forces they are.
                    _ => "",
                };
                regains.clone_into(sub_event);
            }
            ClaimType::AirstrikeOrShelling | ClaimType::Casualties => {
                let means = self.means_of(account);
                let target = self.interaction(account.target_party.as_deref());
                let armed = matches!(target, Some(1..=4));
                if let Some(means) = means {
                    means.event.clone_into(event);
                    means.sub_event.clone_into(sub_event);
                } else if armed && account.kind == ClaimType::Casualties {
                    "Battles".clone_into(event);
                    "Armed clash".clone_into(sub_event);
                } else if target.is_none() && account.kind == ClaimType::Casualties {
                    // Nobody says that the dead were civilians.
                    codes.acled = Default::default();
                }
            }
            _ => {}
        }
        let disorder = self.disorder.get(&codes.acled[1]).cloned();
        if let Some(disorder) = disorder {
            codes.acled[0] = disorder;
        }
        codes
    }

    /// The name of a party in English, or else the words of the text.
    pub(super) fn party(&self, id: Option<&str>, words: Option<&str>) -> String {
        let named = id.and_then(|id| self.parties.get(id));
        let name = named.map(|party| party.name.as_str()).filter(|name| !name.is_empty());
        name.or(words).unwrap_or_default().to_owned()
    }

    /// ACLED's code for the kind of a party.
    pub(super) fn interaction(&self, id: Option<&str>) -> Option<u8> {
        self.parties.get(id?)?.interaction
    }

    /// The first means whose words the quote of an account has.
    fn means_of(&self, account: &Account) -> Option<&Means> {
        let folded = crate::text::fold(&account.quote);
        let words: Vec<&str> = folded
            .split(|sign: char| !sign.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        let fits = |means: &&Means| {
            let latin = means.en.iter().any(|one| words.contains(&one.as_str()));
            // Arabic and Sorani write prepositions and endings to their nouns.
            let joined = means.ar.iter().chain(&means.ckb).any(|stem| {
                let stem = crate::text::fold(stem);
                words.iter().any(|word| word.contains(&stem))
            });
            latin || joined
        };
        self.means.iter().find(fits)
    }
}

/// A means of attack with its codes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Means {
    /// Event type of ACLED.
    pub event: String,
    /// Sub-event type of ACLED.
    pub sub_event: String,
    /// English words in small letters.
    pub en: Vec<String>,
    /// Arabic words, found inside other words too.
    pub ar: Vec<String>,
    /// Sorani words, found inside other words too.
    pub ckb: Vec<String>,
}

/// A party as the tables name it.
#[derive(Clone, Debug, Default)]
pub struct PartyCodes {
    /// Name in English.
    pub name: String,
    /// ACLED's code for its kind of actor.
    pub interaction: Option<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_repository_are_read() {
        let codes = Codes::read(include_str!("../../../../../data/coding.toml")).unwrap();
        assert!(codes.disorder.contains_key("Battles") && codes.country.acled_prefix == "IRQ");
        assert!(codes.means.iter().any(|means| means.sub_event == "Air/drone strike"));
    }
}
