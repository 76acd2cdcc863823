//! Folding: idempotent, and every folded byte leads back to a character of the source.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mahwar::text::{fold, fold_with_map};

fuzz_target!(|text: &str| {
    let folded = fold_with_map(text);
    assert_eq!(folded.map.len(), folded.text.len());
    assert!(folded.map.iter().all(|byte| text.is_char_boundary(*byte as usize)));
    assert_eq!(fold(&folded.text), folded.text);
});
