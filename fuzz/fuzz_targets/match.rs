//! Matching: every spot is a slice of the text in three units, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mahwar_fuzz::GEOPARSER;

fuzz_target!(|text: &str| {
    let mut last = 0;
    for spot in GEOPARSER.spots(text) {
        let [start, end] = spot.offsets.byte;
        assert!(last <= start && start < end);
        assert_eq!(text[..start].chars().count(), spot.offsets.codepoint[0]);
        assert_eq!(text[..end].encode_utf16().count(), spot.offsets.utf16[1]);
        last = end;
    }
});
