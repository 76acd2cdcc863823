//! XML of office documents: without document types, without entities, nested up to a limit.

use crate::{Refusal, limits::MAX_XML_DEPTH};
use quick_xml::{
    Reader,
    encoding::DecodingReader,
    events::{BytesStart, Event},
};

/// A step through XML. Names are without their prefix.
pub enum Step<'s> {
    /// An element begins.
    Open(&'s str, &'s Attributes),
    /// Text between tags.
    Text(&'s str),
    /// An element ends.
    Close(&'s str),
}

/// Attributes of an element, names without their prefix.
#[derive(Default)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

fn attributes(tag: &BytesStart<'_>) -> Attributes {
    const MOST: usize = 200;
    let mut all = tag.attributes();
    let read = all.with_checks(false).take(MOST).filter_map(Result::ok);
    Attributes(
        read.map(|attribute| {
            let raw = attribute.value.to_string();
            let value = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), |value| value.into_owned());
            (local(attribute.key.as_ref()), value)
        })
        .collect(),
    )
}

/// Walks through XML.
///
/// # Errors
/// When it is broken, nested too deeply, or has a document type (whose entities could name files or grow without end).
pub fn walk(
    kind: &'static str,
    xml: &[u8],
    mut each: impl FnMut(Step<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let broken = |cause: String| Refusal::Broken { kind, cause };
    let mut reader = Reader::from_reader(DecodingReader::new(xml));
    reader.config_mut().check_end_names = false;
    let (mut depth, mut buffer) = (0_usize, Vec::new());
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| broken(format!("its XML is broken: {error}")))?;
        match event {
            Event::Start(tag) => {
                depth += 1;
                if depth > MAX_XML_DEPTH {
                    return Err(Refusal::Unsafe {
                        kind,
                        cause: format!("elements are nested deeper than {MAX_XML_DEPTH}"),
                    });
                }
                each(Step::Open(&local(tag.name().as_ref()), &attributes(&tag)))?;
            }
            Event::Empty(tag) => {
                let name = local(tag.name().as_ref());
                each(Step::Open(&name, &attributes(&tag)))?;
                each(Step::Close(&name))?;
            }
            Event::End(tag) => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| broken("its XML is broken: an element ends that did not begin".to_owned()))?;
                each(Step::Close(&local(tag.name().as_ref())))?;
            }
            Event::Text(text) => {
                each(Step::Text(&text))?;
            }
            Event::CData(text) => {
                each(Step::Text(&text))?;
            }
            Event::GeneralRef(name) => {
                let letter = quick_xml::escape::unescape(&format!("&{};", &*name)).map(|text| text.into_owned());
                each(Step::Text(&letter.unwrap_or_default()))?;
            }
            Event::DocType(_) => {
                return Err(Refusal::Unsafe {
                    kind,
                    cause: "its XML has a document type, which could name files and entities that grow without end"
                        .to_owned(),
                });
            }
            Event::Eof if depth > 0 => {
                return Err(broken(format!("its XML is cut off: {depth} elements are not closed")));
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
