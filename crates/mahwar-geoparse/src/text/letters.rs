//! The alphabet of folded text: which symbol each character becomes.
//!
//! A symbol fits in six bits, so that a word is a number (see [`super::Key`]). One table covers everything below
//! U+0800; the few characters above it that matter are decided by [`code`].

use super::presentation;

/// Arabic-script letters after folding; a letter's symbol is its position here plus one.
pub(super) const ARABIC: &str = "ابپتثجچحخدذرڕزژسشصضطظعغفڤقكگلڵمنهەوۆيێ";
/// Latin letters after folding; a letter's symbol is its position here plus one.
pub(super) const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";

/// Class of a character for the reader. Codes below 64 are Arabic symbols, then 64 Latin ones, then ten digits.
pub(super) type Code = u8;
pub(super) const LATIN_CODE: Code = 64;
pub(super) const DIGIT_CODE: Code = 128;
/// Combining mark or tatweel: belongs to the letter before it, adds nothing.
pub(super) const MARK: Code = 192;
/// Bidi control, zero-width character: adds nothing and belongs to nothing.
pub(super) const CONTROL: Code = 193;
/// U+200C: as a control, but turns a heh before it into the Sorani vowel ە.
pub(super) const NON_JOINER: Code = 194;
pub(super) const SPACE: Code = 195;
pub(super) const LINE: Code = 196;
pub(super) const STOP: Code = 197;
pub(super) const COMMA: Code = 198;
pub(super) const SEMICOLON: Code = 199;
pub(super) const COLON: Code = 200;
pub(super) const DASH: Code = 201;
pub(super) const SLASH: Code = 202;
pub(super) const QUOTE: Code = 203;
pub(super) const QUOTE_OPEN: Code = 204;
pub(super) const QUOTE_CLOSE: Code = 205;
pub(super) const OPEN: Code = 206;
pub(super) const CLOSE: Code = 207;
/// Quotation mark, apostrophe, or the letter ayn or hamza in transliteration.
pub(super) const APOSTROPHE: Code = 208;
pub(super) const SYMBOL: Code = 209;
/// A letter of a script that is not read here.
pub(super) const OTHER: Code = 210;
/// A presentation form; its letters come from [`presentation::plain`].
pub(super) const FORM: Code = 211;

/// Spellings that fold into another letter. The first character of each item is the folded letter.
const VARIANTS: &[&str] = &[
    "اآأإٱٲٳٵ",
    "بٮٻڀݐݑݒݓݔݕݖ",
    "تٹٺټٿ",
    "ثٽ",
    "جڃڄݮݯ",
    "چڿڇ",
    "حځڂڅݗݘݲ",
    "دڈډڊڋڌڍڎڏڐݙݚۮ",
    "رڑړڔږڗۯݛݫݬ",
    "ڕڒ",
    "زڙ",
    "سښڛڜݜݭ",
    "شۺ",
    "صڝڞ",
    "ضۻ",
    "طڟ",
    "عݝݞݟ",
    "غڠۼ",
    "فڡڢڣ",
    "ڤڥڦݠݡ",
    "قٯڧڨ",
    "كکڪګڬڭڮػؼݢݣݤ",
    "گڰڱڲڳڴ",
    "لڶڷڸݪ",
    "مݥݦ",
    "نںڻڼڽڹݧݨݩ",
    "هةھہۂۃۿ",
    "ەۀ",
    "وؤۄۅۇۈۉۋۏٶٷݸݹ",
    "ۆۊ",
    "يىئیېۍےۓٸؠۑؽؾؿݵݶݷݺݻ",
    "ێ",
];

/// Base letters of U+00C0–U+024F (`-` is no letter, `?` a letter without one).
const LATIN_EXTENDED: &str = "aaaaaaaceeeeiiiidnooooo-ouuuuytsaaaaaaaceeeeiiiidnooooo-ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs???????????????e????????????????oo?????????????uu???????????????????dddlllnnnaaiioouuuuuuuuuu?aaaa????ggkkoooo??jdddgg??nnaa????aaaaeeeeiiiioooorrrruuuusstt??hh??????aaeeooooooooyy????????????????????????????";

/// Base letters of U+1E00–U+1EFF.
const LATIN_ADDITIONAL: &str = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas??s?aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????";

/// Codes of everything below U+0800.
pub(super) static TABLE: [Code; 2048] = table();

/// The code of a character at or above U+0800.
pub(super) fn code(c: char) -> Code {
    match c {
        '\u{200C}' => NON_JOINER,
        '\u{200B}' | '\u{200D}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => CONTROL,
        '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}' | '\u{20D0}'..='\u{20FF}' | '\u{1DC0}'..='\u{1DFF}' => MARK,
        '\u{08CA}'..='\u{08FF}' | '\u{1AB0}'..='\u{1AFF}' => MARK,
        '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => SPACE,
        '\u{2028}' | '\u{2029}' => LINE,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => DASH,
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' => APOSTROPHE,
        '\u{201C}' | '\u{201E}' | '\u{201F}' => QUOTE_OPEN,
        '\u{201D}' => QUOTE_CLOSE,
        '\u{2039}' => QUOTE_OPEN,
        '\u{203A}' => QUOTE_CLOSE,
        '\u{2026}' | '\u{3002}' => STOP,
        '\u{FD3E}' => CLOSE,
        '\u{FD3F}' => OPEN,
        '\u{FEFF}' => CONTROL,
        '\u{FB50}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}' => match presentation::plain(c) {
            "" => MARK,
            _ => FORM,
        },
        '\u{1E00}'..='\u{1EFF}' => match LATIN_ADDITIONAL.as_bytes()[(c as usize) - 0x1E00] {
            b'?' => OTHER,
            letter => latin(letter),
        },
        _ if c.is_alphanumeric() => OTHER,
        _ => SYMBOL,
    }
}

const fn latin(letter: u8) -> Code {
    LATIN_CODE + (letter - b'a') + 1
}

const fn table() -> [Code; 2048] {
    let mut table = [SYMBOL; 2048];
    ascii(&mut table);
    let extended = LATIN_EXTENDED.as_bytes();
    let mut i = 0;
    while i < extended.len() {
        table[0xC0 + i] = match extended[i] {
            b'-' => SYMBOL,
            b'?' => OTHER,
            letter => latin(letter),
        };
        i += 1;
    }
    fill(&mut table, 0x80, 0xA0, SPACE);
    table[0x85] = LINE;
    table[0xAB] = QUOTE_OPEN;
    table[0xBB] = QUOTE_CLOSE;
    table[0xAA] = OTHER;
    table[0xBA] = OTHER;
    table[0xB5] = OTHER;
    table[0xAD] = CONTROL;
    table[0xB4] = APOSTROPHE;
    fill(&mut table, 0x250, 0x2B8, OTHER);
    fill(&mut table, 0x2B9, 0x2C1, APOSTROPHE);
    fill(&mut table, 0x300, 0x36F, MARK);
    fill(&mut table, 0x370, 0x482, OTHER);
    fill(&mut table, 0x483, 0x489, MARK);
    fill(&mut table, 0x48A, 0x588, OTHER);
    fill(&mut table, 0x591, 0x5C7, MARK);
    fill(&mut table, 0x5D0, 0x5F2, OTHER);
    arabic(&mut table);
    fill(&mut table, 0x710, 0x72F, OTHER);
    fill(&mut table, 0x730, 0x74A, MARK);
    fill(&mut table, 0x780, 0x7FF, OTHER);
    table
}

const fn ascii(table: &mut [Code; 2048]) {
    let mut i = 0;
    while i < 26 {
        table[b'a' as usize + i] = LATIN_CODE + 1 + i as u8;
        table[b'A' as usize + i] = LATIN_CODE + 1 + i as u8;
        i += 1;
    }
    i = 0;
    while i < 10 {
        table[b'0' as usize + i] = DIGIT_CODE + i as u8;
        table[0x660 + i] = DIGIT_CODE + i as u8;
        table[0x6F0 + i] = DIGIT_CODE + i as u8;
        i += 1;
    }
    fill(table, 0x00, 0x1F, SPACE);
    table[b' ' as usize] = SPACE;
    table[b'\n' as usize] = LINE;
    table[b'\r' as usize] = LINE;
    table[0x0B] = LINE;
    table[0x0C] = LINE;
    table[0x7F] = CONTROL;
    table[b'.' as usize] = STOP;
    table[b'!' as usize] = STOP;
    table[b'?' as usize] = STOP;
    table[b',' as usize] = COMMA;
    table[b';' as usize] = SEMICOLON;
    table[b':' as usize] = COLON;
    table[b'-' as usize] = DASH;
    // The words of a hashtag are joined by it.
    table[b'_' as usize] = DASH;
    table[b'/' as usize] = SLASH;
    table[b'\\' as usize] = SLASH;
    table[b'"' as usize] = QUOTE;
    table[b'(' as usize] = OPEN;
    table[b'[' as usize] = OPEN;
    table[b'{' as usize] = OPEN;
    table[b')' as usize] = CLOSE;
    table[b']' as usize] = CLOSE;
    table[b'}' as usize] = CLOSE;
    table[b'\'' as usize] = APOSTROPHE;
    table[b'`' as usize] = APOSTROPHE;
}

const fn arabic(table: &mut [Code; 2048]) {
    fill(table, 0x600, 0x605, SYMBOL);
    fill(table, 0x610, 0x61A, MARK);
    table[0x60C] = COMMA;
    table[0x61B] = SEMICOLON;
    table[0x61C] = CONTROL;
    table[0x61E] = STOP;
    table[0x61F] = STOP;
    // The bare hamza is written or left out at will (سامراء, سامرا), so it adds nothing; tatweel likewise.
    table[0x621] = MARK;
    table[0x640] = MARK;
    table[0x674] = MARK;
    fill(table, 0x64B, 0x65F, MARK);
    table[0x66B] = STOP;
    table[0x66C] = COMMA;
    table[0x670] = MARK;
    table[0x6D4] = STOP;
    fill(table, 0x6D6, 0x6ED, MARK);
    table[0x6DD] = SYMBOL;
    table[0x6DE] = SYMBOL;
    table[0x6E9] = SYMBOL;
    let letters = ARABIC.as_bytes();
    let mut i = 0;
    while i < letters.len() {
        table[two_byte(letters, i)] = (i / 2) as Code + 1;
        i += 2;
    }
    let mut row = 0;
    while row < VARIANTS.len() {
        let variants = VARIANTS[row].as_bytes();
        let code = table[two_byte(variants, 0)];
        assert!(code < LATIN_CODE, "a row of variants must begin with a folded letter");
        i = 2;
        while i < variants.len() {
            table[two_byte(variants, i)] = code;
            i += 2;
        }
        row += 1;
    }
    table[0x6EE] = table[0x62F];
    table[0x6EF] = table[0x631];
}

const fn two_byte(bytes: &[u8], at: usize) -> usize {
    ((bytes[at] as usize & 0x1F) << 6) | (bytes[at + 1] as usize & 0x3F)
}

const fn fill(table: &mut [Code; 2048], first: usize, last: usize, code: Code) {
    let mut i = first;
    while i <= last {
        table[i] = code;
        i += 1;
    }
}
