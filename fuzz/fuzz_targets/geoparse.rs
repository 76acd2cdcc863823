//! The whole geoparser: nothing panics, every quote is a slice of its text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mahwar_fuzz::GEOPARSER;

fuzz_target!(|text: &str| {
    let parse = GEOPARSER.geoparse(text);
    for mention in &parse.mentions {
        assert_eq!(mention.offsets.slice(text), mention.text);
    }
    for said in &parse.attributions {
        assert_eq!(said.quote.offsets.slice(text), said.quote.text);
    }
    for claim in &parse.claims {
        assert_eq!(claim.evidence.offsets.slice(text), claim.evidence.text);
    }
});
