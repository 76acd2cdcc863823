//! Reading with the project's own data, written short.

use crate::common::geoparser;
use mahwar::geoparse::{ClaimType, Parse};

pub fn read(text: &str) -> Parse {
    geoparser().geoparse(text)
}

/// Every quantity as `words = value unit`, with `value..upper` for a range and `~` before an approximate value.
pub fn quantities(text: &str) -> Vec<String> {
    let written = |quantity: &mahwar::geoparse::Quantity| {
        let upper = quantity.upper.map_or(String::new(), |upper| format!("..{upper}"));
        let about = if quantity.approximate { "~" } else { "" };
        let value = quantity.value.map_or("-".to_owned(), |value| value.to_string());
        format!("{} = {about}{value}{upper} {}", quantity.words.text, quantity.unit)
    };
    read(text).quantities.iter().map(written).collect()
}

/// Every attribution as `speaker | verb | quote`, with `^` before a carried speaker and `"` before a direct quote.
pub fn attributions(text: &str) -> Vec<String> {
    let written = |said: &mahwar::geoparse::Attribution| {
        let speaker = said.speaker.as_ref().map_or("-".to_owned(), |speaker| {
            format!("{}{}", if speaker.carried { "^" } else { "" }, speaker.words.text)
        });
        let direct = if said.direct { "\"" } else { "" };
        format!("{speaker} | {} | {direct}{}", said.verb.text, said.quote.text)
    };
    read(text).attributions.iter().map(written).collect()
}

/// Every claim as its type, the names of its places, the words of its quantities, and `claimed` or `reported`.
pub fn claims(text: &str) -> Vec<String> {
    let parse = read(text);
    let written = |claim: &mahwar::geoparse::Claim| {
        let named = |id: &String| {
            let mention = parse.mentions.iter().find(|mention| mention.id == *id);
            mention.map_or("?", |mention| mention.text.as_str())
        };
        let counted = |id: &String| {
            let quantity = parse.quantities.iter().find(|quantity| quantity.id == *id);
            quantity.map_or("?", |quantity| quantity.words.text.as_str())
        };
        let mentions: Vec<_> = claim.mentions.iter().map(named).collect();
        let quantities: Vec<_> = claim.quantities.iter().map(counted).collect();
        let kind = kind(claim.kind);
        format!(
            "{kind} [{}] [{}] {}",
            mentions.join(", "),
            quantities.join(", "),
            claim.status
        )
    };
    parse
        .claims
        .iter()
        .filter(|claim| is_of_first_five(claim.kind))
        .map(written)
        .collect()
}

/// The types of the first version, which these tests are about; `claim_types` has the others.
pub fn is_of_first_five(kind: ClaimType) -> bool {
    ClaimType::ALL[..5].iter().any(|(known, _)| *known == kind)
}

pub fn kind(kind: ClaimType) -> &'static str {
    kind.name()
}
