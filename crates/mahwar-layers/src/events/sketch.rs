//! A sketch of a text that tells copies with small edits from other texts (Broder 1997, bottom-k sampling of shingles).

use crate::text::fold;

/// Words of a shingle.
const SHINGLE: usize = 3;
/// Hashes that are kept.
const KEPT: usize = 64;
/// Words that are read of a text: a copy begins like its original.
const MAX_WORDS: usize = 600;
/// Texts with fewer shingles are too short to be told apart from texts that only resemble each other.
const FEW: u32 = 10;
/// Texts that share so much of all of their shingles are copies.
const COPY: f64 = 0.5;
/// Texts of which one holds so much of the other are copies.
const HOLDS: f64 = 0.75;

/// The least hashes of a text's shingles, and how many shingles it has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    count: u32,
    hashes: Vec<u32>,
}

impl Sketch {
    /// The sketch of a text. Letters are folded; marks between words do not count.
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let words: Vec<&str> = folded
            .split(|sign: char| !sign.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(MAX_WORDS)
            .collect();
        let mut hashes: Vec<u32> = words.windows(SHINGLE).map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let count = hashes.len() as u32;
        hashes.truncate(KEPT);
        Self { count, hashes }
    }

    /// The share of shingles that two texts have in common, of all that either has: 0..=1, estimated beyond 64 shingles.
    pub fn resemblance(&self, other: &Self) -> f64 {
        let (mut a, mut b) = (self.hashes.iter().peekable(), other.hashes.iter().peekable());
        let (mut all, mut common) = (0_u32, 0_u32);
        while all < KEPT as u32 {
            match (a.peek(), b.peek()) {
                (Some(x), Some(y)) if x == y => {
                    common += 1;
                    a.next();
                    b.next();
                }
                (Some(x), Some(y)) if x < y => drop(a.next()),
                (Some(_), Some(_)) | (None, Some(_)) => drop(b.next()),
                (Some(_), None) => drop(a.next()),
                (None, None) => break,
            }
            all += 1;
        }
        match all {
            0 => 0.0,
            _ => f64::from(common) / f64::from(all),
        }
    }

    /// True if one text is a copy of the other with small edits, or of a part of it.
    pub fn is_copy(&self, other: &Self) -> bool {
        let shorter = self.count.min(other.count);
        if shorter < FEW {
            return false;
        }
        let resemblance = self.resemblance(other);
        let common = resemblance * f64::from(self.count + other.count) / (1.0 + resemblance);
        resemblance >= COPY || common / f64::from(shorter) >= HOLDS
    }

    /// The sketch as bytes: the count, then the hashes, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let hashes = self.hashes.iter().flat_map(|hash| hash.to_le_bytes());
        self.count.to_le_bytes().into_iter().chain(hashes).collect()
    }

    /// Reads [`Self::to_bytes`]; bytes that are none give an empty sketch, which is a copy of nothing.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let mut numbers = bytes
            .chunks_exact(4)
            .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
        Self {
            count: numbers.next().unwrap_or(0),
            hashes: numbers.collect(),
        }
    }
}

/// FNV-1a with a last round that spreads its bits. Stores keep these numbers, so that they never change.
fn hash(words: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        for byte in word.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "Two Peshmerga fighters were killed and four were wounded on Monday when militants attacked a checkpoint \
         near the town, the ministry said in a statement, adding that a search for the attackers was under way.";

    #[test]
    fn a_copy_with_small_edits_is_a_copy() {
        let copy = format!("(Agency) {}", WIRE.replace("adding that a search", "and that a search"));
        assert!(Sketch::of(WIRE).is_copy(&Sketch::of(&copy)));
        let shorter = &WIRE[..WIRE.find(", adding").unwrap()];
        assert!(Sketch::of(WIRE).is_copy(&Sketch::of(shorter)));
    }

    #[test]
    fn another_report_of_the_same_thing_is_no_copy() {
        let other = "The ministry said on Monday that militants had attacked a checkpoint; four of its men were wounded and \
             two were killed before the attackers fled towards the hills, residents of the town told this agency.";
        assert!(!Sketch::of(WIRE).is_copy(&Sketch::of(other)));
    }

    #[test]
    fn short_sentences_are_never_copies() {
        let short = Sketch::of("Three people were killed in the town on Monday.");
        assert!(!short.is_copy(&short));
    }

    #[test]
    fn a_sketch_comes_back_from_its_bytes() {
        let sketch = Sketch::of(&WIRE.repeat(3));
        assert_eq!(Sketch::of_bytes(&sketch.to_bytes()), sketch);
        assert_eq!(Sketch::of_bytes(&[1, 2]), Sketch::default());
    }
}
