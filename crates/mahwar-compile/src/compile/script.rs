//! Which script a name is written in, and tidying it for its language.

/// The script of a name, as far as the gazetteer's three languages need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Arabic letters that fit Arabic, and fit Kurdish only when it is written without its own letters.
    Arabic,
    /// Arabic letters with at least one that only Kurdish has.
    Sorani,
    /// Latin letters.
    Latin,
    /// Anything else, or a mixture.
    Other,
}

/// Letters that Sorani has and Arabic, Persian and Iraqi Arabic spelling have not.
const SORANI_ONLY: &str = "ەێۆڕڵڎۊ";

/// The script of a name.
pub fn script_of(name: &str) -> Script {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let arabic = letters().filter(|&c| is_arabic(c)).count();
    let latin = letters().filter(|&c| is_latin(c)).count();
    let all = letters().count();
    match () {
        () if all == 0 => Script::Other,
        () if latin == all => Script::Latin,
        () if arabic != all => Script::Other,
        () if name.chars().any(|c| SORANI_ONLY.contains(c)) || name.contains("ه\u{200c}") => Script::Sorani,
        () => Script::Arabic,
    }
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{aa}'..='\u{24f}' | '\u{2b0}'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}')
}

/// True when an Arabic-script name has a letter that Kurdish spelling does not use.
pub fn is_surely_arabic(name: &str) -> bool {
    name.contains(['ة', 'ث', 'ذ', 'ص', 'ض', 'ط', 'ظ', 'أ', 'إ', 'آ', 'ؤ']) || name.starts_with("ال")
}

/// True if a Kurdish name has a letter that distinguishes it from an Arabic one, the weaker signs counted.
pub fn looks_kurdish(name: &str) -> bool {
    script_of(name) == Script::Sorani || name.contains(['ڤ', 'گ', 'پ', 'چ', 'ژ', 'ی', 'ک', 'ھ'])
}

/// Arabic spelling with Arabic letters: Persian ya and kaf become Arabic ones; marks, tatweel and
/// presentation forms of لله go.
pub fn tidy_arabic(name: &str) -> String {
    tidy_letters(name, |c, _| match c {
        'ی' => Some('ي'),
        'ک' => Some('ك'),
        'ہ' | 'ھ' => Some('ه'),
        other => Some(other),
    })
}

/// Sorani spelling with Sorani letters: Arabic ya and kaf become Kurdish ones, `ه` with a
/// zero-width non-joiner becomes `ە`.
pub fn tidy_sorani(name: &str) -> String {
    let name = name.replace("ه\u{200c}", "ە");
    tidy_letters(&name, |c, last| match c {
        'ي' | 'ى' => Some('ی'),
        'ك' => Some('ک'),
        'ھ' => Some('ه'),
        // An older spelling writes the vowel with the Arabic ta marbuta.
        'ة' => Some('ە'),
        // Final heh is the vowel in names that have no other sign of it.
        'ه' if last => Some('ە'),
        other => Some(other),
    })
}

fn tidy_letters(name: &str, letter: impl Fn(char, bool) -> Option<char>) -> String {
    let name = name.replace('ﷲ', "الله");
    let mut out = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        let last = chars.peek().is_none_or(|next| !next.is_alphabetic());
        match c {
            '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {}
            'ﭬ' => out.push('ڤ'),
            _ => out.extend(letter(c, last)),
        }
    }
    squeeze(&out)
}

/// Latin spelling for English text: the marks of transliteration go (`Ḩ`, `ā`, `‘`), and so do stray blanks.
pub fn tidy_romanised(name: &str) -> String {
    let plain: String = name.chars().filter_map(plain_latin).collect();
    // Ayn and hamza stay inside a word (Qal'at), not at its edges.
    let words = plain.split_whitespace().map(|word| word.trim_matches('\''));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Kurdish Latin spelling keeps its own letters (ê î û ç ş); other marks go.
pub fn tidy_kurdish_latin(name: &str) -> String {
    let kept = name.chars().filter_map(|c| match c {
        'ê' | 'î' | 'û' | 'ç' | 'ş' | 'Ê' | 'Î' | 'Û' | 'Ç' | 'Ş' => Some(c),
        other => plain_latin(other),
    });
    squeeze(&kept.collect::<String>())
}

/// A Latin letter without its marks; `None` for a combining mark.
fn plain_latin(c: char) -> Option<char> {
    Some(match c {
        '\u{300}'..='\u{36f}' => return None,
        '‘' | '’' | '`' | 'ʻ' | 'ʼ' | 'ʿ' | 'ʾ' | '´' => '\'',
        'à'..='å' | 'ā' | 'ă' => 'a',
        'À'..='Å' | 'Ā' | 'Ă' => 'A',
        'è'..='ë' | 'ē' | 'ė' | 'ĕ' => 'e',
        'È'..='Ë' | 'Ē' | 'Ė' => 'E',
        'ì'..='ï' | 'ī' | 'ı' | 'ĭ' => 'i',
        'Ì'..='Ï' | 'Ī' | 'İ' => 'I',
        'ò'..='ö' | 'ō' | 'ŏ' => 'o',
        'Ò'..='Ö' | 'Ō' => 'O',
        'ù'..='ü' | 'ū' | 'ŭ' => 'u',
        'Ù'..='Ü' | 'Ū' => 'U',
        'ç' => 'c',
        'Ç' => 'C',
        'ḑ' | 'ḍ' | 'ḏ' | 'đ' => 'd',
        'Ḑ' | 'Ḍ' | 'Ḏ' => 'D',
        'ğ' | 'ġ' | 'ģ' => 'g',
        'Ğ' | 'Ġ' => 'G',
        'ḩ' | 'ḥ' | 'ḧ' | 'ẖ' | 'ḫ' | 'ħ' => 'h',
        'Ḩ' | 'Ḥ' | 'Ḧ' | 'Ḫ' | 'Ħ' => 'H',
        'ķ' | 'ḵ' => 'k',
        'Ķ' | 'Ḵ' => 'K',
        'ł' | 'ļ' | 'ḷ' => 'l',
        'Ł' | 'Ļ' => 'L',
        'ñ' => 'n',
        'ṟ' | 'ŕ' | 'ř' => 'r',
        'Ṟ' | 'Ř' => 'R',
        'ş' | 'ṣ' | 'š' => 's',
        'Ş' | 'Ṣ' | 'Š' => 'S',
        'ţ' | 'ṭ' | 'ṯ' => 't',
        'Ţ' | 'Ṭ' | 'Ṯ' => 'T',
        'ẕ' | 'ẓ' | 'ž' | 'ż' | 'z' => 'z',
        'Ẕ' | 'Ẓ' | 'Ž' | 'Ż' => 'Z',
        'ý' | 'ÿ' => 'y',
        other => other,
    })
}

/// One blank between words, none at the edges.
pub fn squeeze(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart_by_their_letters() {
        assert_eq!(script_of("كركوك"), Script::Arabic);
        assert_eq!(script_of("مطروح الگاطع"), Script::Arabic);
        assert_eq!(script_of("هەولێر"), Script::Sorani);
        assert_eq!(script_of("كه\u{200c}ركووك"), Script::Sorani);
        assert_eq!(script_of("‘Arab Ḩamzah"), Script::Latin);
        assert_eq!(script_of("ܟܪܟ"), Script::Other);
        assert_eq!(script_of("17"), Script::Other);
    }

    #[test]
    fn romanised_names_lose_marks_and_keep_inner_apostrophes() {
        assert_eq!(tidy_romanised("‘Arab Ḩamzah al ‘Abd Allāh"), "Arab Hamzah al Abd Allah");
        assert_eq!(tidy_romanised("Qal‘at Şāliḩ"), "Qal'at Salih");
        assert_eq!(tidy_romanised("Al Kāz̧imīyah"), "Al Kazimiyah");
    }

    #[test]
    fn kurdish_latin_keeps_its_letters() {
        assert_eq!(tidy_kurdish_latin("Hewlêr"), "Hewlêr");
        assert_eq!(tidy_kurdish_latin("Chemchemał"), "Chemchemal");
    }

    #[test]
    fn sorani_gets_its_own_ya_and_kaf() {
        assert_eq!(tidy_sorani("كانى"), "کانی");
        assert_eq!(tidy_sorani("كه\u{200c}ركووك"), "کەرکووک");
        assert_eq!(tidy_sorani("ھەولێر"), "هەولێر");
    }
}
