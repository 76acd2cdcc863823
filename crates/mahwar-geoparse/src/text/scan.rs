//! The one pass over the bytes of a text: finds tokens and folds each word into its key.

use super::{
    address::address_end,
    fold::{code_of, is_latin},
    key::{Key, Script},
    letters::{self, ARABIC, Code, DIGIT_CODE, LATIN_CODE, MARK, TABLE},
    lines::Lines,
    presentation,
    token::{ASKS, CAPITAL, Kind, MAKSURA, PARAGRAPH, SENTENCE, SPACED, Token},
    vocabulary::UNKNOWN,
};

/// Receives the results of the scan.
pub(super) trait Sink {
    /// A token; its key is [`Key::NONE`] unless it is a word or number of at most [`Key::LONGEST`] symbols.
    /// `mark`: an Arabic-script word has a letter that only Sorani has; a Latin word has a second capital.
    fn token(&mut self, token: Token, key: Key, mark: bool);
    /// The end of a paragraph.
    fn line(&mut self);
    /// The next word has apostrophes in it: the number of symbols before the first one and after the last one.
    fn apostrophe(&mut self, _before: usize, _behind: usize) {}
    /// The Latin word that comes next has a letter that neither English nor a transliteration of names has.
    fn foreign_letter(&mut self) {}
    /// The Arabic-script word that comes next has a letter that neither Arabic nor Sorani has.
    fn alien_letter(&mut self) {}
    /// The Arabic-script word that comes next has a letter that Arabic lacks, and none that only Sorani has.
    fn lacking_letter(&mut self) {}
}

const fn arabic_symbol(letter: &str) -> u8 {
    let (letters, letter) = (ARABIC.as_bytes(), letter.as_bytes());
    let mut i = 0;
    while letters[i] != letter[0] || letters[i + 1] != letter[1] {
        i += 2;
    }
    (i / 2) as u8 + 1
}

const HEH: u8 = arabic_symbol("ه");
const AE: u8 = arabic_symbol("ە");
const ALEF_MAKSURA: &[u8] = "ى".as_bytes();
const ALEF_HAMZA: &[u8] = "أ".as_bytes();
/// Letters that only Sorani has.
const SORANI: u64 = (1 << AE)
    | (1 << arabic_symbol("ێ"))
    | (1 << arabic_symbol("ۆ"))
    | (1 << arabic_symbol("ڕ"))
    | (1 << arabic_symbol("ڵ"));

/// Letters that Sorani and Persian have and Arabic lacks.
const LACKING: u64 =
    (1 << arabic_symbol("پ")) | (1 << arabic_symbol("چ")) | (1 << arabic_symbol("ژ")) | (1 << arabic_symbol("گ"));

/// True for two bytes that are a letter of Urdu, Pashto, Uyghur or another language that neither Arabic nor Sorani has.
fn is_alien(pair: &[u8]) -> bool {
    matches!(
        pair,
        // ٹ ټ
        [0xD9, 0xB9 | 0xBC]
            // ځ څ ڈ ډ ڑ ړ ږ ښ ڭ ں ڼ
            | [0xDA, 0x81 | 0x85 | 0x88 | 0x89 | 0x91 | 0x93 | 0x96 | 0x9A | 0xAD | 0xBA | 0xBC]
            // ہ ۇ ۈ ۋ ۍ ې ے
            | [0xDB, 0x81 | 0x87 | 0x88 | 0x8B | 0x8D | 0x90 | 0x92]
    )
}

/// Letters of European languages that neither English nor transliterations of names from the Arabic script use.
const FOREIGN: &[char] = &[
    'ı', 'ğ', 'ü', 'ö', 'ç', 'ê', 'î', 'û', 'é', 'è', 'à', 'ß', 'ñ', 'ä', 'å', 'ø', 'œ', 'ë', 'ò', 'ù', 'ì', 'İ', 'Ü',
    'Ö', 'Ç', 'Ş', 'Ê', 'Î', 'Û', 'ł', 'ż', 'ő', 'ř', 'č', 'ã', 'õ', 'ə',
];
/// The same letters decomposed: a mark, and the letters that it makes foreign.
const FOREIGN_MARKS: [(char, &str); 11] = [
    ('\u{300}', "eaoui"),
    ('\u{301}', "e"),
    ('\u{302}', "eiuEIU"),
    ('\u{303}', "nao"),
    ('\u{306}', "g"),
    ('\u{307}', "zI"),
    ('\u{308}', "uoaeUO"),
    ('\u{30A}', "a"),
    ('\u{30B}', "o"),
    ('\u{30C}', "rc"),
    ('\u{327}', "cCS"),
];

/// True if a word has a letter that English lacks, composed or decomposed.
fn has_foreign_letter(word: &str) -> bool {
    let mut before = '\0';
    word.chars().any(|letter| {
        let base = std::mem::replace(&mut before, letter);
        FOREIGN.contains(&letter)
            || FOREIGN_MARKS
                .iter()
                .any(|(mark, letters)| *mark == letter && letters.contains(base))
    })
}

/// Finds the tokens of a text of up to 4 GB.
pub(super) fn scan(text: &str, sink: &mut impl Sink) {
    let mut end = text.len().min(u32::MAX as usize);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Scan {
        text: &text[..end],
        bytes: &text.as_bytes()[..end],
        at: 0,
        sink,
        flags: SENTENCE | PARAGRAPH,
        stopped: false,
        tag: false,
        lines: Lines::default(),
        last: Last::default(),
    }
    .run();
}

/// The characters of a word with the number of symbols that each adds to its key.
pub(super) fn symbols(word: &str) -> impl Iterator<Item = (char, usize)> + '_ {
    word.chars().map(|c| match code_of(c) {
        letters::FORM => (
            c,
            presentation::plain(c)
                .chars()
                .filter(|plain| code_of(*plain) < LATIN_CODE)
                .count(),
        ),
        MARK.. => (c, 0),
        _ => (c, 1),
    })
}

/// True if a character of a word belongs to the letters before it; controls do not, and a non-joiner only where it
/// makes another letter of the one before it.
pub(super) fn extends(c: char, before: char) -> bool {
    match code_of(c) {
        letters::CONTROL | letters::APOSTROPHE => false,
        letters::NON_JOINER => code_of(before) == HEH,
        _ => true,
    }
}

/// State about the last token.
#[derive(Default)]
struct Last {
    kind: Option<Kind>,
    end: usize,
    symbols: usize,
    capital: bool,
}

struct Scan<'t, S> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    sink: &'t mut S,
    /// Flags for the next token.
    flags: u8,
    /// A full stop precedes; the next token that does not close a quotation begins a sentence.
    stopped: bool,
    /// Inside a hashtag.
    tag: bool,
    lines: Lines,
    last: Last,
}

impl<S: Sink> Scan<'_, S> {
    fn run(mut self) {
        while self.at < self.bytes.len() {
            let (code, width) = self.code(self.at);
            match code {
                1..LATIN_CODE | letters::FORM => self.arabic(),
                LATIN_CODE..DIGIT_CODE => self.latin(),
                DIGIT_CODE..MARK => self.number(),
                letters::OTHER => self.other(),
                letters::SPACE => {
                    self.flags |= SPACED;
                    self.tag = false;
                    self.at += width;
                }
                letters::LINE => self.line(),
                MARK if self.flags & SPACED != 0 && self.rule() > 0 => {
                    let width = self.rule();
                    self.punctuation(letters::DASH, width);
                }
                0 | MARK | letters::CONTROL | letters::NON_JOINER => self.at += width,
                _ => self.punctuation(code, width),
            }
        }
    }

    /// Bytes of a tatweel between spaces, which is written for a dash.
    fn rule(&self) -> usize {
        const TATWEEL: &[u8] = "ـ".as_bytes();
        let rest = &self.bytes[self.at..];
        let width = rest.chunks_exact(2).take_while(|pair| *pair == TATWEEL).count() * 2;
        let apart = rest.get(width).is_none_or(u8::is_ascii_whitespace);
        if apart { width } else { 0 }
    }

    fn line(&mut self) {
        let found = self.lines.at(self.bytes, self.at);
        self.tag = false;
        self.at = found.end;
        if found.soft {
            // "al-" at the end of a line is written onto the word that follows.
            let joined = self.last.kind == Some(Kind::Dash) && self.flags & SPACED == 0;
            self.flags |= if joined { 0 } else { SPACED };
        } else {
            self.sink.line();
            self.flags = SPACED | SENTENCE | PARAGRAPH;
            self.stopped = false;
        }
    }

    /// Passes over an address of the web, of mail or of a file, which has no words. True if there was one.
    fn address(&mut self) -> bool {
        let Some(end) = address_end(self.text, self.at) else {
            return false;
        };
        let start = std::mem::replace(&mut self.at, end);
        self.emit(Kind::Symbol, start, end, Key::NONE, 0, false);
        true
    }

    /// The code and the bytes of the character at a boundary inside the text.
    #[inline]
    fn code(&self, at: usize) -> (Code, usize) {
        let first = self.bytes[at];
        if first < 0x80 {
            return (TABLE[usize::from(first)], 1);
        }
        if first < 0xE0 {
            let second = self.bytes.get(at + 1).copied().unwrap_or_default();
            return (TABLE[(usize::from(first & 0x1F) << 6) | usize::from(second & 0x3F)], 2);
        }
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => (code_of(c), c.len_utf8()),
            None => (letters::SYMBOL, 1),
        }
    }

    fn emit(&mut self, kind: Kind, start: usize, end: usize, key: Key, symbols: usize, sorani: bool) {
        let mut flags = self.flags;
        if self.stopped {
            let closes = matches!(kind, Kind::Stop | Kind::QuoteClose | Kind::Close)
                || (kind == Kind::Quote && flags & SPACED == 0);
            if !closes {
                flags |= SENTENCE;
                self.stopped = false;
            }
        }
        self.flags = 0;
        self.last = Last {
            kind: Some(kind),
            end,
            symbols,
            capital: flags & CAPITAL != 0,
        };
        let token = Token {
            start: start as u32,
            end: end as u32,
            word: UNKNOWN,
            stem: UNKNOWN,
            kind,
            cut: 0,
            tail: 0,
            flags,
        };
        self.sink.token(token, key, sorani);
    }

    fn arabic(&mut self) {
        let start = self.at;
        let mut end = start;
        let mut word = Packed::default();
        let mut seen = 0u64;
        let mut at = start;
        while at < self.bytes.len() {
            let (code, width) = self.code(at);
            match code {
                1..LATIN_CODE => {
                    word.push(code);
                    seen |= 1 << code;
                    at += width;
                    end = at;
                }
                MARK => {
                    at += width;
                    end = at;
                }
                letters::CONTROL => at += width,
                letters::NON_JOINER => {
                    at += width;
                    if word.last() == HEH {
                        word.replace_last(AE);
                        seen |= 1 << AE;
                        end = at;
                    }
                }
                letters::FORM => {
                    let form = self.text.get(at..).and_then(|rest| rest.chars().next());
                    for code in form.map_or("", presentation::plain).chars().map(code_of) {
                        if code < LATIN_CODE {
                            word.push(code);
                            seen |= 1 << code;
                        }
                    }
                    at += width;
                    end = at;
                }
                _ => break,
            }
        }
        self.at = at;
        if self.bytes.get(end.wrapping_sub(2)..end) == Some(ALEF_MAKSURA) {
            self.flags |= MAKSURA;
        }
        if self.bytes.get(start..start + 2) == Some(ALEF_HAMZA) {
            self.flags |= ASKS;
        }
        if self.bytes[start..end].windows(2).any(is_alien) {
            self.sink.alien_letter();
        }
        if seen & LACKING != 0 && seen & SORANI == 0 {
            self.sink.lacking_letter();
        }
        self.emit(
            Kind::Arabic,
            start,
            end,
            word.key(Script::Arabic),
            word.len,
            seen & SORANI != 0,
        );
    }

    fn latin(&mut self) {
        if self.address() || self.acronym() {
            return;
        }
        let start = self.at;
        let mut end = start;
        let mut word = Packed::default();
        let mut at = start;
        let mut apostrophes: Option<(usize, usize)> = None;
        while at < self.bytes.len() {
            let (code, width) = self.code(at);
            match code {
                // The words of a hashtag are separated by their capitals.
                LATIN_CODE..DIGIT_CODE if self.tag && at > start && self.is_hump(at) => break,
                LATIN_CODE..DIGIT_CODE => {
                    word.push(code - LATIN_CODE);
                    at += width;
                    end = at;
                }
                MARK => {
                    at += width;
                    end = at;
                }
                letters::CONTROL | letters::NON_JOINER => at += width,
                letters::APOSTROPHE if self.joins_letters(at + width) => {
                    let first = apostrophes.map_or(word.len, |(first, _)| first);
                    // "d'Erbil": the name after a short prefix has the capital.
                    let next = self.text.get(at + width..).and_then(|rest| rest.chars().next());
                    if word.len <= 2 && next.is_some_and(char::is_uppercase) {
                        self.flags |= CAPITAL;
                    }
                    apostrophes = Some((first, word.len));
                    at += width;
                }
                letters::DASH => match self.hyphenation(at, width) {
                    Some(next) => at = next,
                    None => break,
                },
                _ => break,
            }
        }
        self.at = at;
        if let Some((first, last)) = apostrophes {
            self.sink.apostrophe(first, word.len - last);
        }
        let first = self.text.get(start..).and_then(|rest| rest.chars().next());
        if self.tag || first.is_some_and(char::is_uppercase) {
            self.flags |= CAPITAL;
        }
        if end - start != word.len && has_foreign_letter(&self.text[start..end]) {
            self.sink.foreign_letter();
        }
        let second = self.bytes.get(start + 1).is_some_and(u8::is_ascii_uppercase);
        self.emit(
            Kind::Latin,
            start,
            end,
            word.key(Script::Latin),
            word.len,
            second && word.len > 1,
        );
    }

    /// True for a capital after a small letter.
    fn is_hump(&self, at: usize) -> bool {
        self.bytes[at].is_ascii_uppercase() && self.bytes[at - 1].is_ascii_lowercase()
    }

    /// A word that is broken at the end of a line goes on with a small letter in the next one.
    fn hyphenation(&mut self, at: usize, width: usize) -> Option<usize> {
        let behind = at + width;
        if !matches!(self.bytes.get(behind), Some(b'\n' | b'\r')) {
            return None;
        }
        let mut lines = self.lines;
        let found = lines.at(self.bytes, behind);
        let letter = self.text.get(found.end..).and_then(|rest| rest.chars().next());
        if !found.soft || !letter.is_some_and(char::is_lowercase) || !self.is_latin_at(found.end) {
            return None;
        }
        self.lines = lines;
        Some(found.end)
    }

    /// "U.S.", "U.A.E.": single capitals, each followed by a full stop, are one word.
    fn acronym(&mut self) -> bool {
        let start = self.at;
        let letter = |at: usize| self.bytes.get(at).is_some_and(u8::is_ascii_uppercase);
        let stop = |at: usize| self.bytes.get(at) == Some(&b'.');
        if !(letter(start) && stop(start + 1) && letter(start + 2)) {
            return false;
        }
        let (mut word, mut at, mut end) = (Packed::default(), start, start);
        while letter(at) && !self.is_latin_at(at + 1) {
            word.push(self.code(at).0 - LATIN_CODE);
            end = at + 1;
            match stop(end) {
                true => at = end + 1,
                false => break,
            }
        }
        if word.len < 2 {
            return false;
        }
        // Its last full stop is its own, and may end a sentence as well.
        let goes_on = |byte: &u8| byte.is_ascii_alphanumeric();
        if stop(end) && !self.bytes.get(end + 1).is_some_and(goes_on) {
            end += 1;
        }
        self.at = end;
        self.flags |= CAPITAL;
        self.emit(Kind::Latin, start, end, word.key(Script::Latin), word.len, false);
        true
    }

    /// After an apostrophe: more letters of the same word, and not the English ’s.
    fn joins_letters(&self, at: usize) -> bool {
        self.is_latin_at(at) && !self.is_possessive(at)
    }

    fn is_latin_at(&self, at: usize) -> bool {
        at < self.bytes.len() && is_latin(self.code(at).0)
    }

    fn is_possessive(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b's' | b'S')) && !self.is_latin_at(at + 1)
    }

    fn number(&mut self) {
        let start = self.at;
        let mut word = Packed::default();
        let mut at = start;
        while at < self.bytes.len() {
            let (code, width) = self.code(at);
            match code {
                DIGIT_CODE..MARK => word.push(code - DIGIT_CODE + 1),
                _ => break,
            }
            at += width;
        }
        self.at = at;
        self.emit(Kind::Number, start, at, word.key(Script::Digits), word.len, false);
    }

    fn other(&mut self) {
        let start = self.at;
        let mut at = start;
        let mut len = 0;
        while at < self.bytes.len() {
            let (code, width) = self.code(at);
            if !matches!(code, letters::OTHER | MARK) {
                break;
            }
            at += width;
            len += 1;
        }
        self.at = at;
        self.emit(Kind::Other, start, at, Key::NONE, len, false);
    }

    fn punctuation(&mut self, code: Code, width: usize) {
        let start = self.at;
        if matches!(self.bytes[start], b'@' | b'/' | b'\\' | b'~') && self.address() {
            return;
        }
        if code == letters::APOSTROPHE && self.begins_part(start + width) {
            self.at += width;
            return;
        }
        self.tag = self.bytes[start] == b'#' || (self.tag && self.bytes[start] == b'_');
        let mut end = start + width;
        let between_digits = self.last.kind == Some(Kind::Number)
            && self.last.end == start
            && end < self.bytes.len()
            && (DIGIT_CODE..MARK).contains(&self.code(end).0);
        let kind = match code {
            letters::STOP | letters::COMMA if between_digits => Kind::Separator,
            letters::STOP => Kind::Stop,
            letters::COMMA => Kind::Comma,
            letters::SEMICOLON => Kind::Semicolon,
            letters::COLON => Kind::Colon,
            letters::DASH => Kind::Dash,
            letters::SLASH => Kind::Slash,
            letters::QUOTE => Kind::Quote,
            letters::QUOTE_OPEN => Kind::QuoteOpen,
            letters::QUOTE_CLOSE => Kind::QuoteClose,
            letters::OPEN => Kind::Open,
            letters::CLOSE => Kind::Close,
            letters::APOSTROPHE if self.last_is_latin(start) && self.is_possessive(end) => {
                end += 1;
                Kind::Possessive
            }
            letters::APOSTROPHE => Kind::Quote,
            _ => Kind::Symbol,
        };
        self.at = end;
        let ends_sentence = kind == Kind::Stop && self.ends_sentence(start, end);
        self.emit(kind, start, end, Key::NONE, 0, false);
        self.stopped |= ends_sentence;
    }

    /// "Tal 'Afar": the apostrophe at the head of a further word of a name, which no other one closes.
    fn begins_part(&self, at: usize) -> bool {
        const REACH: usize = 80;
        if self.flags & SPACED == 0 || self.stopped || !self.last.capital || self.last.kind != Some(Kind::Latin) {
            return false;
        }
        if !self.is_latin_at(at) {
            return false;
        }
        let mut end = (at + REACH).min(self.bytes.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let rest = &self.text[at..end];
        let mut letters = rest.chars().peekable();
        while let Some(letter) = letters.next() {
            let closes =
                code_of(letter) == letters::APOSTROPHE && letters.peek().is_none_or(|next| !next.is_alphabetic());
            if closes {
                return false;
            }
        }
        true
    }

    fn last_is_latin(&self, start: usize) -> bool {
        self.last.kind == Some(Kind::Latin) && self.last.end == start
    }

    /// "7:00 p.m. on Tuesday": letters with full stops, and a small letter or a digit goes on.
    fn is_inner_abbreviation(&self, start: usize, end: usize) -> bool {
        let letter = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)).copied();
        let dotted = letter(start.checked_sub(1)).is_some_and(|byte| byte.is_ascii_alphabetic())
            && letter(start.checked_sub(2)) == Some(b'.');
        let next = self.bytes[end..].iter().find(|byte| **byte != b' ');
        dotted && next.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    }

    /// A full stop after an initial or a short title ("د.", "Gen."), or inside "www.x.org", ends nothing.
    fn ends_sentence(&self, start: usize, end: usize) -> bool {
        if self.bytes.get(start) != Some(&b'.') || self.last.end != start {
            return true;
        }
        match self.last.kind {
            Some(Kind::Arabic) => self.last.symbols > 1,
            Some(Kind::Latin) => {
                !self.is_latin_at(end)
                    && (self.last.symbols > 3 || !self.last.capital)
                    && !self.is_inner_abbreviation(start, end)
            }
            _ => true,
        }
    }
}

/// Symbols of the word being read.
#[derive(Default)]
struct Packed {
    symbols: u128,
    len: usize,
}

impl Packed {
    #[inline]
    fn push(&mut self, symbol: u8) {
        self.symbols = (self.symbols << 6) | u128::from(symbol);
        self.len += 1;
    }

    fn last(&self) -> u8 {
        (self.symbols & 63) as u8
    }

    fn replace_last(&mut self, symbol: u8) {
        self.symbols = (self.symbols & !63) | u128::from(symbol);
    }

    fn key(&self, script: Script) -> Key {
        if self.len > Key::LONGEST || self.len == 0 {
            return Key::NONE;
        }
        Key::new(script, self.symbols)
    }
}
