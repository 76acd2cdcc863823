//! Title, imprint and first layers of the operator of a server, as its pages show them.

use super::{html::Safe, state::About};
use crate::language::Trilingual;
use serde::Serialize;

/// The longest title, in characters.
const MAX_TITLE: usize = 200;
/// The longest imprint, in characters.
const MAX_IMPRINT: usize = 2000;

/// Settings of the operator that the web map shows. Members that are not set are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Operator {
    /// The name of this map, in place of the land's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Person responsible for this map: one paragraph of text, in which addresses become links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint: Option<String>,
    /// Layers that are shown or hidden at first, as in the address of a view: `rivers:off,claims:100`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<String>,
}

impl Operator {
    /// Checks lengths and characters. The error names the setting.
    pub fn check(self) -> Result<Self, String> {
        fit("title", self.title.as_deref(), MAX_TITLE)?;
        fit("imprint", self.imprint.as_deref(), MAX_IMPRINT)?;
        let wrong = self.layers.as_deref().unwrap_or_default().split(',').find(|part| {
            let value = part.split_once(':').map(|(id, value)| (id.is_empty(), value));
            let opacity = |value: &str| value == "off" || value.parse::<u8>().is_ok_and(|share| share <= 100);
            !part.is_empty() && !value.is_some_and(|(nameless, value)| !nameless && opacity(value))
        });
        match wrong {
            Some(part) => Err(format!(
                "first-layers: {part:?} is not a layer with `off` or an opacity of 0 to 100, like rivers:off,claims:100"
            )),
            None => Ok(self),
        }
    }

    /// Puts the title in place of the land's.
    pub fn apply(self, about: &mut About) {
        if let Some(title) = &self.title {
            let title = Some(title.clone());
            about.title = Trilingual {
                ar: title.clone(),
                ckb: title.clone(),
                en: title,
            };
        }
        about.operator = self;
    }

    /// An element for the head of the web map; empty where nothing is set.
    pub fn head(&self) -> String {
        match serde_json::to_string(self).unwrap_or_default() {
            nothing if nothing == "{}" => String::new(),
            settings => format!("<meta name=\"mahwar:operator\" content=\"{}\">", Safe(&settings)),
        }
    }
}

fn fit(name: &str, text: Option<&str>, most: usize) -> Result<(), String> {
    let Some(text) = text else { return Ok(()) };
    match text.chars().count() {
        0 => Err(format!("{name}: the text is empty; leave the setting out instead")),
        length if length > most => Err(format!("{name}: {length} characters; at most {most} are accepted")),
        _ if text.chars().any(|sign| sign.is_control() && sign != '\n') => {
            Err(format!("{name}: the text has control characters"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_leaves_the_page_as_it_is() {
        assert_eq!(Operator::default().head(), "");
    }

    #[test]
    fn markup_in_a_title_stays_text() {
        let operator = Operator {
            title: Some("<script>\"x\"".into()),
            ..Operator::default()
        };
        let head = operator.check().unwrap().head();
        assert!(
            !head.contains("<script") && head.starts_with("<meta name=\"mahwar:operator\" content=\"{"),
            "{head}"
        );
        assert_eq!(head.matches('<').count(), 1, "{head}");
    }

    #[test]
    fn wrong_settings_are_named() {
        let error = |title: &str, layers: &str| {
            let operator = Operator {
                title: Some(title.into()),
                imprint: None,
                layers: Some(layers.into()),
            };
            operator.check().err().unwrap_or_default()
        };
        assert_eq!(error("A", "rivers:off,claims:100"), "");
        assert!(error("", "").starts_with("title"));
        assert!(error(&"x".repeat(201), "").starts_with("title"));
        assert!(error("a\u{7}", "").starts_with("title"));
        for layers in ["rivers", "rivers:maybe", ":off", "rivers:101"] {
            assert!(error("A", layers).starts_with("first-layers"), "{layers}");
        }
    }
}
