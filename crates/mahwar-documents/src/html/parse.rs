//! Parsing of pages with a limit on everything that makes a parser of HTML slow: nesting, elements, attributes.
//!
//! The time of the tree builder grows with the depth of open elements for each tag, that of the tokenizer with the square of
//! the attributes of a tag. Both are asked while they work, so that no guess about the page is needed beforehand: the
//! elements that a tag opens or closes depend on everything before it.

use super::dom::{Dom, NodeId, Tree};
use html5ever::{
    TokenizerResult,
    buffer_queue::BufferQueue,
    interface::tree_builder::{Tracer, TreeSink},
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts},
    tree_builder::{TreeBuilder, TreeBuilderOpts},
};
use std::cell::Cell;

/// Open elements inside each other, at most. Pages that somebody wrote are far below.
pub const MAX_DEPTH: usize = 400;
/// Elements, texts and comments of a page for each of its bytes, at most. The densest markup, a letter in each element,
/// has half a node a byte; more are copies made for unclosed elements.
const NODES: f64 = 0.5;
/// Nodes that any page may have.
const FEW_NODES: usize = 10_000;
/// Attributes of a tag, at most.
pub const MAX_ATTRIBUTES: usize = 500;
/// Operations on nodes for each byte of the page, at most. Ordinary markup takes less than one.
const WORK: usize = 8;
/// Bytes that the tokenizer takes at a time.
const PIECE: usize = 512;

/// Errors that end the parsing of a page early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Depth,
    Overlap,
    Attributes,
}

impl Refusal {
    /// In words.
    pub fn text(self) -> String {
        match self {
            Self::Depth => format!("elements are nested deeper than {MAX_DEPTH}"),
            Self::Attributes => format!("an element has more than {MAX_ATTRIBUTES} attributes"),
            Self::Overlap => "elements overlap each other too often (end tags do not match)".to_owned(),
        }
    }
}

/// A parsed page, and how many operations it took.
pub struct Parsed {
    pub tree: Tree,
    #[cfg_attr(not(test), allow(dead_code))]
    pub work: usize,
}

/// Parses a page.
pub fn parse(html: &str) -> Result<Parsed, Refusal> {
    let builder = TreeBuilder::new(
        Dom::with_capacity(2 * memchr::memchr_iter(b'<', html.as_bytes()).count()),
        TreeBuilderOpts {
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
    );
    let sink = Limited {
        builder,
        most_work: WORK * html.len() + FEW_NODES,
        most_nodes: (NODES * html.len() as f64) as usize + FEW_NODES,
        tokens: Cell::new(0),
        depth: Cell::new(0),
        traced: Cell::new(0),
        refusal: Cell::new(None),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let all = StrTendril::from(html);
    let mut quiet = Quiet::default();
    let (mut at, mut has_ended) = (0, false);
    while at < html.len() {
        let end = piece(html, at);
        let before = tokenizer.sink.tokens.get();
        if has_ended {
            // A token ended with the piece before.
            quiet = Quiet::default();
        }
        input.push_back(all.subtendril(at as u32, (end - at) as u32));
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        has_ended = tokenizer.sink.tokens.get() != before;
        if has_ended {
            // A token has ended; if a tag is open now, it began with this piece.
            quiet = Quiet::default();
        }
        quiet.read(&html.as_bytes()[at..end]);
        if quiet.attributes > MAX_ATTRIBUTES {
            return Err(Refusal::Attributes);
        }
        if let Some(refusal) = tokenizer.sink.refusal.get() {
            return Err(refusal);
        }
        at = end;
    }
    tokenizer.end();
    if let Some(refusal) = tokenizer.sink.refusal.get() {
        return Err(refusal);
    }
    let work = tokenizer.sink.work();
    Ok(Parsed {
        tree: tokenizer.sink.builder.sink.finish(),
        work,
    })
}

/// The end of the piece that begins here: before the next `<`, so that a tag begins with a piece, and not too far away.
fn piece(html: &str, at: usize) -> usize {
    let far = (at + PIECE).min(html.len());
    let next = memchr::memchr(b'<', &html.as_bytes()[at + 1..far]).map_or(far, |next| at + 1 + next);
    (next..=html.len())
        .find(|end| html.is_char_boundary(*end))
        .unwrap_or(html.len())
}

/// Passes tokens on to the tree builder until a limit is reached.
struct Limited {
    builder: TreeBuilder<NodeId, Dom>,
    most_work: usize,
    most_nodes: usize,
    tokens: Cell<u64>,
    /// Upper bound of open elements: the last count and the tags since.
    depth: Cell<usize>,
    /// Handles that were looked at to count open elements.
    traced: Cell<usize>,
    refusal: Cell<Option<Refusal>>,
}

impl Limited {
    fn work(&self) -> usize {
        // Looking at a handle is far less than an operation on a node.
        self.builder.sink.work() + self.traced.get() / MAX_DEPTH
    }

    fn check(&self, tag: &Tag) -> Option<Refusal> {
        if tag.attrs.len() > MAX_ATTRIBUTES {
            return Some(Refusal::Attributes);
        }
        if self.builder.sink.len() > self.most_nodes || self.work() > self.most_work {
            return Some(Refusal::Overlap);
        }
        if tag.kind == TagKind::StartTag {
            // A tag may open elements that it implies: `html`, `body`, `tbody`, `tr`.
            self.depth.set(self.depth.get() + 4);
        }
        if self.depth.get() > MAX_DEPTH {
            let open = Open(Cell::new(0));
            self.builder.trace_handles(&open);
            let open = open.0.get();
            self.traced.set(self.traced.get() + open);
            self.depth.set(open);
            return (open > MAX_DEPTH).then_some(Refusal::Depth);
        }
        None
    }
}

impl TokenSink for Limited {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &token
            && let Some(refusal) = self.check(tag)
        {
            self.refusal.set(Some(refusal));
        }
        match self.refusal.get() {
            Some(_) => TokenSinkResult::Continue,
            None => self.builder.process_token(token, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Counts the open elements of a tree builder, and its list of formatting elements.
struct Open(Cell<usize>);

impl Tracer for Open {
    type Handle = NodeId;

    fn trace_handle(&self, _: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

/// Bytes since the last piece in which a token ended. If a tag is open, they begin with it, and its attributes are counted as
/// the tokenizer sees them.
#[derive(Default)]
struct Quiet {
    state: Inside,
    attributes: usize,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    /// Before the first byte.
    #[default]
    Start,
    /// After `<` or `</`.
    Open,
    /// In no tag: a comment, a reference to a character.
    Other,
    Name,
    /// Between attributes.
    Between,
    Attribute,
    /// After the name of an attribute and a space.
    After,
    /// After `=`.
    Equals,
    Quoted(u8),
    Unquoted,
}

impl Quiet {
    fn read(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = self.after(byte);
        }
    }

    fn after(&mut self, byte: u8) -> Inside {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        match self.state {
            Inside::Other => Inside::Other,
            Inside::Quoted(quote) if byte == quote => Inside::Between,
            Inside::Quoted(quote) => Inside::Quoted(quote),
            _ if byte == b'>' => Inside::Other,
            Inside::Start if byte == b'<' => Inside::Open,
            Inside::Open if byte == b'/' => Inside::Open,
            Inside::Open if byte.is_ascii_alphabetic() => Inside::Name,
            Inside::Start | Inside::Open => Inside::Other,
            Inside::Name | Inside::Between | Inside::After | Inside::Attribute if byte == b'/' => Inside::Between,
            Inside::Name if !is_space => Inside::Name,
            Inside::Attribute | Inside::After if byte == b'=' => Inside::Equals,
            Inside::Attribute if !is_space => Inside::Attribute,
            Inside::Attribute | Inside::After if is_space => Inside::After,
            Inside::Equals if is_space => Inside::Equals,
            Inside::Equals if matches!(byte, b'"' | b'\'') => Inside::Quoted(byte),
            Inside::Equals => Inside::Unquoted,
            Inside::Unquoted if !is_space => Inside::Unquoted,
            Inside::Name | Inside::Between | Inside::Unquoted if is_space => Inside::Between,
            _ => {
                self.attributes += 1;
                Inside::Attribute
            }
        }
    }
}
