//! Word processors: DOCX, ODT, RTF; and the packages that they are in.

mod docx;
mod odt;
mod package;
mod rtf;

pub use docx::read_docx;
pub use odt::read_odt;
pub use package::{Package, kind_of_package};
pub use rtf::read_rtf;

/// Text that grows by paragraphs.
#[derive(Default)]
struct Paragraphs {
    text: String,
    line: String,
}

impl Paragraphs {
    fn push(&mut self, text: &str) {
        self.line.push_str(text);
    }

    /// Ends a paragraph: an empty line follows.
    fn end(&mut self) {
        self.end_with("\n\n");
    }

    /// Ends a line of a paragraph, or a cell of a table.
    fn end_with(&mut self, ending: &str) {
        let line = self.line.trim_end();
        if !line.trim().is_empty() {
            self.text.push_str(line);
            self.text.push_str(ending);
        }
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.end();
        self.text.trim().to_owned()
    }
}
