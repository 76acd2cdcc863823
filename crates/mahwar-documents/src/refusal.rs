//! Errors of bytes that are not read as a document.

/// Errors of bytes that are not read as a document. Each message names the detected format and a remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Refusal {
    #[error("this is {kind}, which is not read; {advice}")]
    Unsupported { kind: &'static str, advice: &'static str },
    #[error("the {kind} cannot be read: {cause}")]
    Broken { kind: &'static str, cause: String },
    #[error("the {kind} is encrypted; remove its password and send it again")]
    Encrypted { kind: &'static str },
    #[error("the {kind} is refused: {cause}")]
    Unsafe { kind: &'static str, cause: String },
    #[error("the {kind} has {bytes} bytes; at most {most} are accepted")]
    TooLarge {
        kind: &'static str,
        bytes: usize,
        most: usize,
    },
    #[error("the {kind} holds no text")]
    NoText { kind: &'static str },
    #[error(
        "the PDF has {pages} page(s) of pictures and no text: it is scanned. Recognise its text first (ocrmypdf -l ara), \
         or start mahwar with --ocr ara where tesseract is installed"
    )]
    Scanned { pages: usize },
    #[error(
        "a PDF is read by the program pdftotext, which is not installed; install poppler-utils (Debian, Ubuntu, Fedora) \
         or poppler (Homebrew, Alpine: poppler-utils)"
    )]
    NoPdftotext,
    #[error("{program} is not installed; install {package}")]
    NoProgram {
        program: &'static str,
        package: &'static str,
    },
    #[error(
        "the text is not UTF-8: the byte at offset {0} is wrong, and no other encoding fits. Convert it with iconv"
    )]
    Encoding(usize),
    #[error(
        "the words of the text are no words in the encoding {0}: it is in another encoding, or was decoded wrongly. Convert it \
         with iconv from the encoding in which it was written"
    )]
    Soup(&'static str),
    #[error(
        "the encoding {0:?} is not known; accepted: the labels of the WHATWG Encoding Standard, such as windows-1256"
    )]
    UnknownEncoding(String),
    #[error("{0}")]
    Table(String),
}

impl Refusal {
    /// True if the input is larger than the limit.
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::TooLarge { .. })
    }
}
