//! RTF 1.9: text in the code page of its font, or as Unicode.

use super::Paragraphs;
use crate::{Extracted, Kind, Origin, Refusal, limits::MAX_RTF_DEPTH};
use encoding_rs::{Encoding, WINDOWS_1252};
use rustc_hash::FxHashMap;

const KIND: &str = "RTF document";

/// State that a group inherits and may change.
#[derive(Clone, Copy)]
struct Group {
    /// Nothing in it is text of the document.
    is_hidden: bool,
    /// A destination that programs may pass over.
    is_optional: bool,
    /// Number of characters after a Unicode character that replace it in programs without Unicode.
    fallback: usize,
    font: i32,
    target: Target,
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Body,
    /// A note or a text box: it is read after the body, which goes on in the middle of a sentence.
    Aside,
    Fonts,
    Title,
    Author,
    Nothing,
}

struct Reader<'r> {
    bytes: &'r [u8],
    at: usize,
    groups: Vec<Group>,
    /// Code pages by font.
    fonts: FxHashMap<i32, &'static Encoding>,
    page: &'static Encoding,
    /// Bytes of one code page that are not decoded yet.
    pending: Vec<u8>,
    skip: usize,
    high: Option<u16>,
    out: Paragraphs,
    asides: Paragraphs,
    title: String,
    author: String,
}

/// Reads an RTF document. Pictures, objects and fields' codes are passed over.
///
/// # Errors
/// When it is nested too deeply or has no text.
pub fn read_rtf(bytes: &[u8]) -> Result<Extracted, Refusal> {
    let mut reader = Reader {
        bytes,
        at: 0,
        groups: vec![Group {
            is_hidden: false,
            is_optional: false,
            fallback: 1,
            font: 0,
            target: Target::Body,
        }],
        fonts: FxHashMap::default(),
        page: WINDOWS_1252,
        pending: Vec::new(),
        skip: 0,
        high: None,
        out: Paragraphs::default(),
        asides: Paragraphs::default(),
        title: String::new(),
        author: String::new(),
    };
    reader.run()?;
    let parts = [reader.out.finish(), reader.asides.finish()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut found = Extracted::of_text(parts.join("\n\n"), Kind::Rtf.media_type());
    found.set_title(&reader.title, "RTF");
    found.set_author(&reader.author, "RTF");
    found.note("encoding", reader.page.name(), Origin::Declared, Some("RTF"));
    match found.text.trim().is_empty() {
        true => Err(Refusal::NoText { kind: KIND }),
        false => Ok(found),
    }
}

impl Reader<'_> {
    fn group(&mut self) -> &mut Group {
        // The outermost group is never left.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn run(&mut self) -> Result<(), Refusal> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.groups.len() > MAX_RTF_DEPTH {
                        return Err(Refusal::Unsafe {
                            kind: KIND,
                            cause: format!("groups are nested deeper than {MAX_RTF_DEPTH}"),
                        });
                    }
                    let group = *self.group();
                    self.groups.push(group);
                    self.skip = 0;
                }
                b'}' => {
                    self.flush();
                    self.skip = 0;
                    if self.groups.len() > 1 {
                        let ended = self.groups.pop();
                        let is_aside = ended.is_some_and(|group| group.target == Target::Aside);
                        if is_aside && self.group().target != Target::Aside {
                            self.asides.end();
                        }
                    } else {
                        break;
                    }
                }
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                byte => self.byte(byte),
            }
        }
        self.flush();
        Ok(())
    }

    /// A byte of text in the code page of the font.
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.pending.push(byte);
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let font = self.group().font;
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.page);
        let pending = std::mem::take(&mut self.pending);
        let text = encoding.decode_without_bom_handling(&pending).0.into_owned();
        self.text(&text);
    }

    fn text(&mut self, text: &str) {
        let Group {
            is_hidden,
            is_optional,
            target,
            ..
        } = *self.group();
        match target {
            _ if is_hidden || is_optional => {}
            Target::Body => self.out.push(text),
            Target::Aside => self.asides.push(text),
            Target::Title => self.title.push_str(text),
            Target::Author => self.author.push_str(text),
            Target::Fonts | Target::Nothing => {}
        }
    }

    /// A sign of its own: the bytes before it come first.
    fn sign(&mut self, text: &str) {
        self.flush();
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.text(text);
    }

    fn control(&mut self) {
        let Some(&first) = self.bytes.get(self.at) else { return };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            match first {
                b'\'' => {
                    let digits = self.bytes.get(self.at..self.at + 2);
                    let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
                    self.at = (self.at + 2).min(self.bytes.len());
                    if let Some(byte) = byte {
                        self.byte(byte);
                    }
                }
                b'\\' | b'{' | b'}' => self.byte(first),
                b'~' => self.sign("\u{a0}"),
                b'_' => self.sign("-"),
                b'\r' | b'\n' => self.end_paragraph(),
                // A destination that readers may pass over if they do not know it: those that are known are no text.
                b'*' => self.group().is_optional = true,
                _ => {}
            }
            return;
        }
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) && self.at - start < 32 {
            self.at += 1;
        }
        let word = std::str::from_utf8(&self.bytes[start..self.at])
            .unwrap_or_default()
            .to_owned();
        let number = self.number();
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        self.word(&word, number);
    }

    fn number(&mut self) -> Option<i32> {
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) && self.at - start < 11 {
            self.at += 1;
        }
        std::str::from_utf8(&self.bytes[start..self.at]).ok()?.parse().ok()
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        match word {
            "u" => self.unicode(number.unwrap_or_default()),
            "uc" => self.group().fallback = number.map_or(1, |count| usize::try_from(count).unwrap_or(0).min(100)),
            "bin" => {
                let length = usize::try_from(number.unwrap_or_default()).unwrap_or(0);
                self.at = self.at.saturating_add(length).min(self.bytes.len());
            }
            "ansicpg" => {
                if let Some(page) = number.and_then(code_page) {
                    self.page = page;
                }
            }
            "fonttbl" => self.group().target = Target::Fonts,
            "f" => {
                self.flush();
                self.group().font = number.unwrap_or_default();
            }
            "fcharset" => {
                let font = self.group().font;
                if let Some(page) = number.and_then(charset) {
                    self.fonts.insert(font, page);
                }
            }
            "par" | "sect" | "page" | "column" => self.end_paragraph(),
            "line" | "softline" => self.sign("\n"),
            "tab" => self.sign("\t"),
            "cell" | "nestcell" => self.sign("\t"),
            "row" | "nestrow" => {
                self.flush();
                if let Some(paragraphs) = self.paragraphs() {
                    paragraphs.end_with("\n");
                }
            }
            "emdash" => self.sign("—"),
            "endash" => self.sign("–"),
            "bullet" => self.sign("•"),
            "lquote" => self.sign("‘"),
            "rquote" => self.sign("’"),
            "ldblquote" => self.sign("“"),
            "rdblquote" => self.sign("”"),
            "zwnj" => self.sign("\u{200c}"),
            "zwj" => self.sign("\u{200d}"),
            "info" => self.group().target = Target::Nothing,
            "title" if self.group().target == Target::Nothing => self.group().target = Target::Title,
            "author" if self.group().target == Target::Nothing => self.group().target = Target::Author,
            "stylesheet" | "colortbl" | "pict" | "object" | "fldinst" | "header" | "headerl" | "headerr"
            | "headerf" | "footer" | "footerl" | "footerr" | "footerf" | "listtext" | "filetbl" | "revtbl"
            | "annotation" | "atnid" | "atnauthor" | "themedata" | "datastore" | "xe" | "tc" | "pntext"
            | "operator" | "company" | "subject" | "doccomm" | "keywords" | "creatim" | "revtim" | "printim"
            | "generator" => {
                self.flush();
                self.group().target = Target::Nothing;
            }
            "footnote" | "shptxt" if self.group().target != Target::Nothing => {
                self.flush();
                let group = self.group();
                (group.target, group.is_optional) = (Target::Aside, false);
            }
            "v" | "deleted" => self.group().is_hidden = number != Some(0),
            // The words of a field are shown, though its group may be passed over.
            "fldrslt" => self.group().is_optional = false,
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        self.flush();
        if let Some(paragraphs) = self.paragraphs() {
            paragraphs.end();
        }
    }

    /// The paragraphs that the text of the group belongs to.
    fn paragraphs(&mut self) -> Option<&mut Paragraphs> {
        let group = *self.group();
        match group.target {
            _ if group.is_hidden || group.is_optional => None,
            Target::Body => Some(&mut self.out),
            Target::Aside => Some(&mut self.asides),
            _ => None,
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        let unit = (number & 0xffff) as u16;
        let text: Option<String> = match (self.high.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                None
            }
            (Some(high), 0xdc00..=0xdfff) => String::from_utf16(&[high, unit]).ok(),
            (_, unit) => char::from_u32(u32::from(unit)).map(String::from),
        };
        if let Some(text) = text {
            self.text(&text);
        }
        self.skip = self.group().fallback;
    }
}

/// A code page of Windows.
fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        65001 => "utf-8".to_owned(),
        708 | 28596 => "iso-8859-6".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        874 => "windows-874".to_owned(),
        1250..=1258 => format!("windows-{number}"),
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

/// The code page of a font's character set.
fn charset(number: i32) -> Option<&'static Encoding> {
    code_page(match number {
        0 => 1252,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178..=180 => 1256,
        186 => 1257,
        204 => 1251,
        238 => 1250,
        128 => 932,
        134 => 936,
        129 => 949,
        136 => 950,
        222 => 874,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_of_code_pages_and_unicode() {
        let rtf = br"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset178 Arial;}}{\info{\title Report}{\author Ali}}
{\*\generator X;}\pard\f1 \'e3\'ce\'e3\'e6\'d1\par\f0 Attack \u1601?\u1610? \{Kirkuk\}\line x\par{\pict 00ff}{\field{\*\fldinst HYPERLINK x}{\fldrslt Daquq}}\cell 5\row}";
        let read = read_rtf(rtf).unwrap();
        assert_eq!(read.text, "مخمور\n\nAttack في {Kirkuk}\nx\n\nDaquq\t5");
        assert_eq!(
            (read.title.as_deref(), read.author.as_deref()),
            (Some("Report"), Some("Ali"))
        );
    }

    /// Report: a note was glued into the sentence that it belongs to, or lost; so were text boxes.
    #[test]
    fn notes_and_text_boxes_are_read_after_the_body() {
        let rtf = br"{\rtf1\ansi Attack near Daquq{\super\chftn{\footnote\pard\plain\chftn A village of Kirkuk.\par Second line.}} district.\par
Calm{\*\footnote\ftnalt At the end.} in Kifri{\shp{\*\shpinst\shpleft0{\sp{\sn fillColor}{\sv 5}}{\shptxt\pard Box about Jalawla\par}}{\shprslt{\*\do{\dptxbxtext Twice}}}}.\par
{\*\bkmkstart x}{\annotation remark}{\deleted gone}}";
        let read = read_rtf(rtf).unwrap();
        assert_eq!(
            read.text,
            "Attack near Daquq district.\n\nCalm in Kifri.\n\nA village of Kirkuk.\n\nSecond line.\n\nAt the end.\n\nBox about Jalawla"
        );
    }

    #[test]
    fn groups_without_end_are_refused_and_nothing_panics() {
        let deep = [b"{\\rtf1 ".as_slice(), &b"{".repeat(10_000)].concat();
        assert!(matches!(read_rtf(&deep), Err(Refusal::Unsafe { .. })));
        for odd in [
            &b"{\\rtf1\\'"[..],
            b"{\\rtf1\\bin99999999999 x}",
            b"{\\rtf1 \\u",
            b"{\\rtf1}}}}x",
            b"\\",
        ] {
            let _ = read_rtf(odd);
        }
    }
}
