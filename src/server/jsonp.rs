//! JSONP: answers as scripts, for clients that cannot read other origins otherwise. Only answers made of the gazetteer,
//! which are public, can be had so.

use super::{
    parameter::{Parameter, Query},
    respond::{Answer, media},
};
use serde_json::Value;

pub const JAVASCRIPT: &str = "application/javascript; charset=utf-8";

/// Name of the function in the parameter. Reading the query has refused anything but names of JavaScript with points
/// between, since the answer would be a script of the request's making.
pub fn callback(query: &Query<'_>, parameter: &Parameter) -> Option<String> {
    query.text(parameter).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// JSON, or a script that passes it to a function.
pub fn answer(value: &Value, callback: Option<&str>) -> Answer {
    let json = value.to_string();
    match callback {
        None => Answer::new(media::JSON, json.into_bytes()),
        Some(name) => {
            // Line ends to old JavaScript; the comment keeps the name from being the first bytes of another format.
            let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
            Answer::new(JAVASCRIPT, format!("/**/{name}({json});").into_bytes())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::parameters as p;

    #[test]
    fn a_callback_is_a_name_and_nothing_else() {
        for (raw, expected) in [
            ("callback=jQuery321_1", Ok(Some("jQuery321_1"))),
            ("callback=a.b.$c", Ok(Some("a.b.$c"))),
            ("callback=", Ok(None)),
            ("", Ok(None)),
            ("callback=alert(1)", Err(())),
            ("callback=a..b", Err(())),
            ("callback=.a", Err(())),
            ("callback=1a", Err(())),
            ("callback=a%5B0%5D", Err(())),
            ("callback=%3Cscript%3E", Err(())),
            ("callback=%D9%83", Err(())),
        ] {
            let query = Query::read_leniently(Some(raw), &[&p::CALLBACK]).map_err(|_| ());
            let read = query.map(|query| callback(&query, &p::CALLBACK));
            assert_eq!(read.as_ref().map(Option::as_deref), expected.as_ref().copied(), "{raw}");
        }
    }
}
