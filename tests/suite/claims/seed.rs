//! The seed document.

use super::reader::{attributions, claims, quantities, read};

const SEED: &str = include_str!("../../../seeds/000_a92614c7eb69c543.txt");

#[test]
fn the_seed_has_exactly_six_quantities() {
    assert_eq!(
        quantities(SEED),
        [
            "محورين = 2 axis",
            "محوري = 2 axis",
            "206 هجمات = 206 attack",
            "10 أشهر = 10 month",
            "837 ضحية = 837 casualty",
            "560 كيلومتراً = ~560 km",
        ]
    );
    let last = read(SEED).quantities.pop().unwrap();
    assert_eq!(last.approximation.as_deref(), Some("تقدر بنحو"));
    assert_eq!(last.noun, "كيلومتراً");
}

#[test]
fn the_seed_has_exactly_ten_attributions() {
    let found = attributions(SEED);
    let said: Vec<_> = found.iter().map(|said| said.rsplit_once(" | ").unwrap().0).collect();
    assert_eq!(
        said,
        [
            "خلية الإعلام الأمني الحكومية | ذكرت",
            "^خلية الإعلام الأمني الحكومية | أشارت",
            "^خلية الإعلام الأمني الحكومية | أضافت",
            "ممثل حكومة الإقليم في غرفة عمليات التنسيق المشترك بوزارة الدفاع العراقية، اللواء عبد الخالق طلعت | أكد",
            "ممثل حكومة الإقليم في غرفة عمليات التنسيق المشترك بوزارة الدفاع العراقية، اللواء عبد الخالق طلعت | مبيناً",
            "^ممثل حكومة الإقليم في غرفة عمليات التنسيق المشترك بوزارة الدفاع العراقية، اللواء عبد الخالق طلعت | أضاف",
            "^ممثل حكومة الإقليم في غرفة عمليات التنسيق المشترك بوزارة الدفاع العراقية، اللواء عبد الخالق طلعت | مبيناً",
            "الأمين العام لوزارة البشمركة، جبار ياور | أكد",
            "^الأمين العام لوزارة البشمركة، جبار ياور | بيّن",
            "^الأمين العام لوزارة البشمركة، جبار ياور | أكد",
        ]
    );
}

#[test]
fn every_quote_of_the_seed_is_the_whole_of_one_quotation() {
    for said in read(SEED).attributions {
        let [start, end] = said.quote.offsets.byte;
        assert!(said.direct);
        assert!(
            SEED[..start].ends_with('"') && SEED[end..].starts_with('"'),
            "{}",
            said.quote.text
        );
    }
}

#[test]
fn the_seed_has_exactly_one_claim_of_each_type() {
    assert_eq!(
        claims(SEED),
        [
            "meeting [بغداد] [] reported",
            "coordination_axis [ديالى, كركوك] [محوري] claimed",
            "attack_count [] [206 هجمات, 10 أشهر] claimed",
            "casualties [] [837 ضحية] claimed",
            "security_vacuum [ديالى, صلاح الدين, كركوك, مخمور] [560 كيلومتراً] claimed",
        ]
    );
}

#[test]
fn the_claims_of_the_seed_are_carried_by_their_speakers() {
    let parse = read(SEED);
    let carriers: Vec<_> = parse.claims.iter().map(|claim| claim.attribution.as_deref()).collect();
    assert_eq!(carriers, [None, Some("a6"), Some("a8"), Some("a8"), Some("a9")]);
}
