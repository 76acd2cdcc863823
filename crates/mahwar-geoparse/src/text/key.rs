//! A folded word as a number.
//!
//! Symbols take six bits each, so a word of up to 21 of them is one `u128`: comparing is one instruction, taking off a
//! proclitic is a mask, taking off a suffix is a shift, and no folded string is ever built while reading.

/// The script that a word is written in, stored in the two highest bits of a [`Key`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Script {
    /// Arabic letters, for Arabic and Sorani.
    Arabic,
    /// Latin letters.
    Latin,
    /// Digits of any of the three kinds.
    Digits,
}

/// A folded word. Words longer than [`Key::LONGEST`] symbols have no key and match nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(u128);

const BITS: u32 = 6;
const SCRIPT_SHIFT: u32 = 126;
const SYMBOLS: u128 = (1 << SCRIPT_SHIFT) - 1;

impl Key {
    /// The key that no word has.
    pub const NONE: Self = Self(0);
    /// The most symbols of a key.
    pub const LONGEST: usize = 21;

    /// From the packed symbols of a word, first symbol highest.
    pub(super) fn new(script: Script, symbols: u128) -> Self {
        let script = match script {
            Script::Arabic => 0,
            Script::Latin => 1,
            Script::Digits => 2,
        };
        Self((script << SCRIPT_SHIFT) | (symbols & SYMBOLS))
    }

    /// Number of symbols.
    pub fn len(self) -> usize {
        let used = 128 - (self.0 & SYMBOLS).leading_zeros();
        used.div_ceil(BITS) as usize
    }

    /// True if this is the key that no word has.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The first symbol of a word of `len` symbols.
    pub(super) fn first(self, len: usize) -> u8 {
        ((self.0 & SYMBOLS) >> (BITS * (len as u32).saturating_sub(1)) & 63) as u8
    }

    /// A symbol counted from the end.
    #[inline]
    pub(super) fn symbol_from_end(self, at: usize) -> u8 {
        (self.0 >> (BITS * at as u32).min(127) & 63) as u8
    }

    /// The word without its first symbols, when `len - count` symbols stay.
    pub fn without_first(self, len: usize, count: usize) -> Self {
        let keep = BITS * len.saturating_sub(count) as u32;
        let script = self.0 & !SYMBOLS;
        Self(script | (self.0 & !(u128::MAX << keep.min(SCRIPT_SHIFT))))
    }

    /// The first `count` symbols of a word of `len`.
    pub fn first_symbols(self, len: usize, count: usize) -> Self {
        self.without_last(len.saturating_sub(count))
    }

    /// The word without its last symbols.
    pub fn without_last(self, count: usize) -> Self {
        let script = self.0 & !SYMBOLS;
        Self(script | ((self.0 & SYMBOLS) >> (BITS * count as u32).min(127)))
    }

    /// The last symbols of the word.
    pub fn last_symbols(self, count: usize) -> Self {
        self.without_first(count, 0)
    }

    /// This word followed by another of `len` symbols of the same script; [`Key::NONE`] when that is too long.
    pub fn join(self, other: Self, len: usize) -> Self {
        if self.len() + len > Self::LONGEST {
            return Self::NONE;
        }
        let script = self.0 & !SYMBOLS;
        Self(script | ((self.0 & SYMBOLS) << (BITS * len as u32)) | (other.0 & SYMBOLS))
    }

    /// The word with each symbol replaced; a replacement of zero leaves the symbol out.
    pub(super) fn map(self, replace: impl Fn(u8, u8) -> u8) -> Self {
        let len = self.len();
        let mut symbols = 0u128;
        let mut before = 0;
        for at in (0..len).rev() {
            let symbol = (self.0 >> (BITS * at as u32) & 63) as u8;
            before = match replace(before, symbol) {
                0 => before,
                new => {
                    symbols = (symbols << BITS) | u128::from(new);
                    new
                }
            };
        }
        Self((self.0 & !SYMBOLS) | symbols)
    }

    /// The script of the word.
    pub fn script(self) -> Script {
        match self.0 >> SCRIPT_SHIFT {
            0 => Script::Arabic,
            1 => Script::Latin,
            _ => Script::Digits,
        }
    }

    /// The folded letters, for messages and for search.
    pub fn letters(self) -> String {
        let len = self.len();
        (0..len)
            .rev()
            .filter_map(|at| super::fold::letter(self.script(), (self.0 >> (BITS * at as u32) & 63) as u8))
            .collect()
    }

    /// A well-mixed hash.
    #[inline]
    pub(super) fn hash(self) -> u64 {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let (low, high) = (self.0 as u64, (self.0 >> 64) as u64);
        let mixed = (low ^ high.wrapping_mul(MIX).rotate_left(29)).wrapping_mul(MIX);
        (mixed ^ (mixed >> 32)).wrapping_mul(MIX)
    }
}
