//! Negation, questions and suppositions. The sentences are of the kinds in the report on reading, section A2.

use super::reader::{attributions, claims, read};
use mahwar::geoparse::Stance;

#[test]
fn a_negated_verb_of_saying_says_nothing() {
    for text in [
        "لم تعلن الوزارة سقوط ضحايا في سنجار.",
        "لن يؤكد المتحدث النبأ.",
        "ولا تشير المصادر إلى سقوط 6 قتلى في داقوق.",
        "ما أكدت الشرطة مقتل أحد.",
        "بەرپرسەکە ڕاینەگەیاند کە ئۆپەراسیۆنەکە کۆتایی هات.",
        "The army did not say that the road was open.",
        "Officials refused to confirm that the road was open.",
        "هل أعلنت الحكومة حظر التجول؟",
        "ئایا وەزیر وتی کە ڕێگاکە کراوەیە؟",
        "If the ministry says that the road is open, people will return.",
    ] {
        assert_eq!(attributions(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_is_negated_asked_or_supposed_is_no_claim_however_far_the_verb_is() {
    for text in [
        "لم يسفر القصف على أطراف داقوق مساء أمس عن مقتل 4 مدنيين.",
        "انتهى الهجوم في سامراء من دون سقوط 3 قتلى كما قيل.",
        "إذا قتل عشرة جنود في مخمور فإن الحكومة ستسقط.",
        "قد يقتل خمسة أشخاص في الموصل.",
        "هل قتل سبعة جنود في خانقين؟",
        "سێ سەرباز لە هێرشەکەی مەخموور نەکوژران.",
        "ئایا چوار پۆلیس لە داقووق کوژران؟",
        "It is not true that seven people died in Khanaqin.",
        "Were five people killed in Mosul?",
        "The bomb could have killed six people in Baghdad.",
    ] {
        assert_eq!(claims(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_clause_after_the_negated_one_is_stated() {
    for (text, claim) in [
        (
            "لم يعد النازحون إلى سنجار، فيما قتل جنديان في الحويجة.",
            "casualties [الحويجة] [جنديان] reported",
        ),
        (
            "وقد قتل خمسة أشخاص في داقوق.",
            "casualties [داقوق] [خمسة أشخاص] reported",
        ),
        (
            "The blast did not damage the bridge but killed two guards in Samarra.",
            "casualties [Samarra] [two guards] reported",
        ),
        (
            "سێ سەرباز کوژران و کەس بریندار نەبوو لە مەخموور.",
            "casualties [مەخموور] [سێ سەرباز] reported",
        ),
    ] {
        assert_eq!(claims(text), [claim], "{text}");
    }
}

#[test]
fn a_denial_is_an_attribution_of_its_own_kind_and_no_claim() {
    for text in [
        "نفت وزارة الداخلية مقتل 12 شرطياً في الموصل.",
        "سوپا ڕەتیکردەوە کە شەش سەربازی لە مەخموور کوژرابن.",
        "The governor denied that four policemen had been killed in Kirkuk.",
    ] {
        let parse = read(text);
        assert_eq!(parse.attributions.len(), 1, "{text}");
        assert_eq!(parse.attributions[0].stance, Stance::Denied, "{text}");
        assert!(parse.claims.is_empty(), "{text}");
    }
}
