//! Text that was decoded in the wrong encoding: its words are no words of any language.

/// Words with letters beyond ASCII that are looked at.
const WORDS: usize = 2_000;
/// Words that a text has at least, to be judged.
const FEW: usize = 3;

/// True if more than so many percent of the words with letters beyond ASCII cannot be words, or if most letters are `?`.
pub fn is_soup(text: &str, percent: usize) -> bool {
    let (mut all, mut wrong) = (0_usize, 0_usize);
    let (mut words, mut lost) = (0_usize, 0_usize);
    for word in text.split_whitespace().take(50_000) {
        words += 1;
        lost += usize::from(word.len() >= 2 && word.bytes().all(|byte| byte == b'?'));
        if word.is_ascii() {
            continue;
        }
        all += 1;
        wrong += usize::from(is_wrong(word));
        if all >= WORDS {
            break;
        }
    }
    let is_lost = lost >= 5 && lost * 10 >= words * 4;
    is_lost || (all >= FEW && wrong * 100 > all * percent)
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Ascii,
    Latin,
    Arabic,
    Other,
}

fn script(letter: char) -> Script {
    match letter {
        letter if letter.is_ascii() => Script::Ascii,
        '\u{a0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => {
            Script::Arabic
        }
        _ => Script::Other,
    }
}

/// True for a word that no language has: letters of two scripts, signs or controls between letters, accents on most letters,
/// capital letters behind small ones.
fn is_wrong(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|letter| letter.is_alphabetic()).collect();
    let is_sign = |letter: char| {
        matches!(letter, '\u{80}'..='\u{9f}' | '¢'..='©' | '¬' | '®' | '¯' | '±' | '´'..='¸' | 'º' | '¼'..='¾' | '×' | '÷')
            || matches!(letter, '\u{2500}'..='\u{259f}')
    };
    if word.chars().any(|letter| matches!(letter, '\u{80}'..='\u{9f}')) {
        return !is_measure(word);
    }
    // `Zain®`, `©Reuters`, `4346-×-1512`: signs at an end, or between letters of ASCII, come from no encoding.
    let inner: Vec<char> = word.trim_matches(is_mark).chars().collect();
    let is_of_encoding = |at: usize| {
        let is_foreign = |letter: Option<&char>| {
            letter.is_some_and(|letter| !letter.is_ascii() && (letter.is_alphabetic() || is_sign(*letter)))
        };
        is_sign(inner[at])
            && (is_foreign(at.checked_sub(1).and_then(|at| inner.get(at))) || is_foreign(inner.get(at + 1)))
    };
    if letters.len() >= 2 && (0..inner.len()).any(is_of_encoding) {
        return !is_measure(word);
    }
    let count = |wanted: Script| letters.iter().filter(|letter| script(**letter) == wanted).count();
    let (latin, arabic) = (count(Script::Latin), count(Script::Arabic));
    if latin > 0 && arabic > 0 {
        return true;
    }
    if latin * 10 > letters.len() * 6 && letters.len() >= 4 {
        return true;
    }
    let word: Vec<char> = word.chars().collect();
    count(Script::Ascii) < letters.len()
        && word
            .windows(2)
            .any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
}

/// Signs that are written at the end or at the beginning of words, and the signs of punctuation around them.
fn is_mark(letter: char) -> bool {
    matches!(letter, '©' | '®' | '™' | '×' | '·' | '´' | '…' | '“' | '”' | '‘' | '’') || letter.is_ascii_punctuation()
}

/// `20°C`, `5½km`: a number with signs.
fn is_measure(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_numeric()) || word.starts_with(['±', '$', '§', '©', '®'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_languages_are_no_soup() {
        for text in [
            "قتل شخصان وأصيب ثلاثة في هجوم على نقطة تفتيش قرب قضاء الحويجة",
            "سێ پێشمەرگە شەهید بوون و پێنجی دیکەش بریندار بوون لە کەرکووک",
            "Sülêmanî û Hewlêr, Dıhok: İstanbul’da açıklama yapıldı, görüşmeler sürüyor",
            "Le général a été blessé près de l’aéroport, où la coalition était déployée",
            "Температура 20°C в Киркуке, сообщили власти",
            "“Two killed” — police said… near ‘Hawija’ • 20 km²",
            "القوات US والـNATO في العراق COVIDكوفيد",
            "Toyota® sold more. Nissan® did not. Mazda®, Honda© and Kia™ stopped.",
            "©AFP ©Reuters© NINA© Kirkuk4346-×-1512-px a-×-b c-×-d",
            "شركة زين® وشركة كورك® وشركة آسيا® وقناة العراقية©",
        ] {
            assert!(!is_soup(text, 10), "{text}");
        }
        for text in [
            "Ø®Ø§Ù†Ù‚ÙŠÙ† ÙÙŠ Ø¯ÙŠØ§Ù„Ù‰ ÙƒØ±ÙƒÙˆÙƒ",
            "dÃ©ployÃ©e gÃ©nÃ©ral blessÃ© prÃ¨s",
        ] {
            assert!(is_soup(text, 50), "{text}");
        }
    }
}
