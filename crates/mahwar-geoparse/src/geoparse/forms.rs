//! Forms of words that follow from one form by rule, so that the data need not list them.

/// Preverbs that precede the negation, with the pronouns that may follow them.
const PREVERBS: [&str; 3] = ["ڕا", "را", "دا"];
const PRONOUNS: [&str; 3] = ["یان", "ی", ""];

/// The negated forms of a Sorani verb or of a phrase that ends in one.
///
/// The past takes نە before the stem, after a preverb and its pronoun (ڕایگەیاند, ڕاینەگەیاند); the present has نا in place
/// of دە, the subjunctive نە in place of ب. In a verb of several words the last one is negated.
pub(super) fn negated(phrase: &str) -> Vec<String> {
    let phrase = phrase.trim();
    let (before, verb) = match phrase.rsplit_once(' ') {
        Some((before, verb)) => (format!("{before} "), verb),
        None => (String::new(), phrase),
    };
    if verb.chars().count() < 2 {
        return Vec::new();
    }
    let mut forms = Vec::new();
    match (verb.strip_prefix("دە"), verb.strip_prefix('ب')) {
        (Some(stem), _) => forms.push(format!("نا{stem}")),
        (None, Some(stem)) if stem.chars().count() > 2 => forms.push(format!("نە{stem}")),
        _ => forms.push(format!("نە{verb}")),
    }
    for preverb in PREVERBS {
        let Some(rest) = verb.strip_prefix(preverb) else {
            continue;
        };
        for pronoun in PRONOUNS {
            if let Some(stem) = rest.strip_prefix(pronoun).filter(|stem| stem.chars().count() > 2) {
                let stem = stem
                    .strip_prefix("دە")
                    .map_or(format!("نە{stem}"), |stem| format!("نا{stem}"));
                forms.push(format!("{preverb}{pronoun}{stem}"));
            }
        }
    }
    forms.into_iter().map(|form| format!("{before}{form}")).collect()
}

/// A Sorani verb of saying with ش, "also", before its pronoun or after its noun: گوتیشی, ڕاشیگەیاند, ئاشکراشی کرد.
pub(super) fn also(form: &str) -> Vec<String> {
    const STEMS: [&str; 9] = ["گەیاند", "کرد", "دا", "خست", "گوت", "وت", " کرد", " دا", " خست"];
    let mut forms = Vec::new();
    for (at, _) in form.match_indices('ی') {
        let (before, after) = form.split_at(at);
        let rest = &after['ی'.len_utf8()..];
        let stem = STEMS.iter().any(|stem| rest.starts_with(stem));
        if before.chars().count() > 1 && stem {
            forms.extend(["شی", "یشی"].map(|also| format!("{before}{also}{rest}")));
        }
    }
    forms
}

/// An Arabic noun with the pronouns of the third person: رفضه, رفضها, رفضهم.
pub(super) fn possessed(noun: &str) -> Vec<String> {
    if noun.contains(' ') || noun.is_empty() {
        return Vec::new();
    }
    let stem = match noun.strip_suffix('ة') {
        Some(stem) => format!("{stem}ت"),
        None => noun.to_owned(),
    };
    ["ه", "ها", "هم", "هما"]
        .map(|pronoun| format!("{stem}{pronoun}"))
        .into()
}

/// The duals of an Arabic noun in the singular: مدنيان, عائلتين. A form in the accusative (مدنيا) has none.
pub(super) fn duals(noun: &str) -> Vec<String> {
    if noun.contains(' ') || noun.chars().count() < 3 || noun.ends_with('ا') {
        return Vec::new();
    }
    let stem = match noun.strip_suffix('ة') {
        Some(stem) => format!("{stem}ت"),
        None => noun.to_owned(),
    };
    ["ان", "ين"].map(|ending| format!("{stem}{ending}")).into()
}

/// A Sorani noun in its form before further words: with the joining ی or a pronoun.
pub(super) fn joined(noun: &str) -> Vec<String> {
    let endings: &[&str] = match ends_in_vowel(noun) {
        true => &["ی", "یان", "یەکی"],
        false => &["ی", "یان", "ێکی"],
    };
    endings.iter().map(|ending| format!("{noun}{ending}")).collect()
}

/// The common forms of a Sorani noun: definite, indefinite, plural, each with the joining ی.
pub(super) fn declined(noun: &str) -> Vec<String> {
    if noun.is_empty() || noun.ends_with('ی') {
        return Vec::new();
    }
    let endings: &[&str] = match ends_in_vowel(noun) {
        true => &["ی", "یەک", "یەکی", "کە", "کەی", "یان", "یانی", "کان", "کانی", "دا"],
        false => &["ی", "ێک", "ێکی", "ەکە", "ەکەی", "ان", "انی", "ەکان", "ەکانی", "دا"],
    };
    endings.iter().map(|ending| format!("{noun}{ending}")).collect()
}

fn ends_in_vowel(noun: &str) -> bool {
    noun.ends_with(['ە', 'ا', 'ۆ', 'ێ'])
}

#[cfg(test)]
mod tests {
    use super::{declined, duals, negated, possessed};

    #[test]
    fn a_verb_of_saying_takes_also_before_its_pronoun() {
        for (verb, form) in [
            ("ڕایگەیاند", "ڕاشیگەیاند"),
            ("ڕوونی کردەوە", "ڕوونیشی کردەوە"),
            ("ئاشکرای کرد", "ئاشکراشی کرد"),
            ("ڕوونیکردەوە", "ڕوونیشیکردەوە"),
        ] {
            assert!(
                super::also(verb).contains(&form.to_owned()),
                "{verb}: {:?}",
                super::also(verb)
            );
        }
    }

    #[test]
    fn nouns_have_their_regular_forms() {
        assert_eq!(possessed("مشاركة"), ["مشاركته", "مشاركتها", "مشاركتهم", "مشاركتهما"]);
        assert_eq!(duals("عائلة"), ["عائلتان", "عائلتين"]);
        assert_eq!(duals("مدنيا"), Vec::<String>::new());
        assert!(declined("سەرچاوە").contains(&"سەرچاوەیەکی".to_owned()));
        assert!(declined("وەزیر").contains(&"وەزیری".to_owned()));
    }

    #[test]
    fn a_verb_is_negated_before_its_stem() {
        for (verb, form) in [
            ("کوژران", "نەکوژران"),
            ("دەکات", "ناکات"),
            ("بکوژرێن", "نەکوژرێن"),
            ("ڕایگەیاند", "ڕاینەگەیاند"),
            ("ڕایانگەیاند", "ڕایاننەگەیاند"),
            ("ڕایدەگەیەنێت", "ڕایناگەیەنێت"),
            ("ئاشکرای کرد", "ئاشکرای نەکرد"),
        ] {
            assert!(negated(verb).contains(&form.to_owned()), "{verb}: {:?}", negated(verb));
        }
    }
}
