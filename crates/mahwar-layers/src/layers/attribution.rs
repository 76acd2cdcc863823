//! Attributions of several layers as one text.

/// The sentences of some texts, each once, in the order of their first occurrence.
///
/// A sentence ends at a point, a question or exclamation mark followed by white space. Abbreviations, which are up to
/// three letters before the point, end none.
///
/// ```
/// use mahwar_layers::layers::sentences_once;
/// assert_eq!(sentences_once(["Made by A.", "Made by A."]), "Made by A.");
/// ```
pub fn sentences_once<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut once: Vec<&str> = Vec::new();
    for sentence in texts.into_iter().flat_map(sentences) {
        if !once.contains(&sentence) {
            once.push(sentence);
        }
    }
    once.join(" ")
}

fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['.', '!', '?', '؟', '。']) {
        let end = at + mark.len();
        let is_end = text[end..].starts_with(char::is_whitespace);
        if is_end && !(mark == "." && is_abbreviation(&text[start..at])) {
            all.push(text[start..end].trim());
            start = end;
        }
    }
    all.push(text[start..].trim());
    all.retain(|sentence| !sentence.is_empty());
    all
}

/// True if the last word before a point is an abbreviation: "U.S", "St", "Inc", but not "IGO" nor a number.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_initials = word.split('.').all(|part| part.chars().count() == 1) && letters > 0;
    let is_title = ["St", "Inc", "Ltd", "Co", "No", "Dr", "Mt", "Ed", "vol", "approx"].contains(&word);
    is_initials || is_title
}

#[cfg(test)]
mod tests {
    use super::*;

    // Report "the attribution of the whole map repeats the same sentences".
    #[test]
    fn each_sentence_stands_once() {
        let first = "Boundaries: OCHA, CC BY 3.0 IGO. The names shown imply no endorsement.";
        let second = "Rivers: OCHA. The names shown imply no endorsement. Made with Natural Earth.";
        assert_eq!(
            sentences_once([first, second, "Made with Natural Earth.", ""]),
            "Boundaries: OCHA, CC BY 3.0 IGO. The names shown imply no endorsement. Rivers: OCHA. Made with Natural Earth."
        );
    }

    #[test]
    fn abbreviations_end_no_sentence() {
        let texts = ["Data of the U.S. Geological Survey", "Maps of the U.S. Army"];
        assert_eq!(
            sentences_once(texts),
            "Data of the U.S. Geological Survey Maps of the U.S. Army"
        );
    }
}
