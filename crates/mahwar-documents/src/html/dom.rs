//! The tree of a page, small: nodes are numbers into one list, their text lies in one string, attributes are not kept.

use html5ever::{
    Attribute, LocalName, Namespace, QualName,
    interface::{
        ElemName, ElementFlags, NodeOrText, QuirksMode,
        tree_builder::{AppendNode, AppendText, TreeSink},
    },
    local_name, ns,
    tendril::StrTendril,
};
use rustc_hash::FxHashMap;
use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
};

/// Position of a node in its tree.
pub type NodeId = u32;
/// No node.
pub const NONE: NodeId = u32::MAX;

/// Role of a node for a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; its span is in [`Node::text`].
    Text,
    /// Nothing to read, with all inside it.
    Hidden,
    /// Document, inline and unknown elements.
    Inline,
    /// `a` with an address.
    Link,
    /// Inline elements that count as content also when they are empty: `b`, `i`, `code`, …
    Emphasis,
    /// `sup`.
    Superscript,
    /// An image or a drawing; its text is in [`Node::text`].
    Image,
    /// `br`.
    Break,
    /// `hr`.
    Rule,
    /// `div` and its like: a line of its own.
    Division,
    /// `p`: a paragraph, with an empty line around it.
    Paragraph,
    /// `li`.
    Item,
    /// `pre`.
    Preformatted,
    /// `h1` to `h6`.
    Heading,
    /// `blockquote`.
    Quotation,
    /// `ul`, `ol`.
    List,
    /// `dl`.
    Definitions,
    /// `dt`.
    Term,
    /// `dd`.
    Definition,
    /// `table`.
    Table,
    /// `thead`, `tbody`, `tr` and the other parts between a table and its cells.
    TablePart,
    /// `td`, `th`, `caption`.
    Cell,
    /// `title` of the page.
    Title,
}

/// One node.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub parent: NodeId,
    pub first: NodeId,
    pub next: NodeId,
    previous: NodeId,
    last: NodeId,
    name: u32,
    /// Span in the text of the tree.
    pub text: (u32, u32),
    pub kind: Kind,
    /// Has an `id`: it counts as content also when it is empty.
    pub is_marked: bool,
    is_integration_point: bool,
}

/// A tree, made by a tree builder.
pub struct Dom {
    nodes: RefCell<Vec<Node>>,
    text: RefCell<String>,
    names: RefCell<Names>,
    /// Operations on nodes: the cost of building the tree.
    work: Cell<usize>,
}

#[derive(Default)]
struct Names {
    list: Vec<Name>,
    known: FxHashMap<Name, u32>,
}

/// The name of an element.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    namespace: Namespace,
    local: LocalName,
}

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.namespace
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

/// A finished tree. Node 0 is the document.
pub struct Tree {
    pub nodes: Vec<Node>,
    pub text: String,
}

impl Tree {
    /// The text of a node.
    pub fn text_of(&self, node: &Node) -> &str {
        self.text
            .get(node.text.0 as usize..node.text.1 as usize)
            .unwrap_or_default()
    }

    /// The nodes inside a node, one level down.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let known = |child: NodeId| (child != NONE).then_some(child);
        let first = known(self.nodes[node as usize].first);
        std::iter::successors(first, move |child| known(self.nodes[*child as usize].next))
    }
}

impl Dom {
    /// A tree with nothing but the document, and space for so many nodes.
    pub fn with_capacity(nodes: usize) -> Self {
        let dom = Self {
            nodes: RefCell::new(Vec::with_capacity(nodes + 16)),
            text: RefCell::default(),
            names: RefCell::default(),
            work: Cell::new(0),
        };
        dom.add(Kind::Inline, 0, (0, 0));
        dom
    }

    /// Nodes so far.
    pub fn len(&self) -> usize {
        self.nodes.borrow().len()
    }

    /// Operations on nodes so far.
    pub fn work(&self) -> usize {
        self.work.get()
    }

    fn add(&self, kind: Kind, name: u32, text: (u32, u32)) -> NodeId {
        self.work.set(self.work.get() + 1);
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            parent: NONE,
            first: NONE,
            next: NONE,
            previous: NONE,
            last: NONE,
            name,
            text,
            kind,
            is_marked: false,
            is_integration_point: false,
        });
        (nodes.len() - 1) as NodeId
    }

    fn name(&self, name: Name) -> u32 {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.known.get(&name) {
            return *known;
        }
        let number = names.list.len() as u32;
        names.list.push(name.clone());
        names.known.insert(name, number);
        number
    }

    fn push_text(&self, text: &str) -> (u32, u32) {
        let mut all = self.text.borrow_mut();
        let start = all.len() as u32;
        all.push_str(text);
        (start, all.len() as u32)
    }

    /// Adds text at the end of a text node, if it is one and its text lies last.
    fn extend(&self, node: NodeId, text: &str) -> bool {
        if node == NONE {
            return false;
        }
        let nodes = &mut self.nodes.borrow_mut();
        let node = &mut nodes[node as usize];
        if node.kind != Kind::Text || node.text.1 as usize != self.text.borrow().len() {
            return false;
        }
        node.text.1 = self.push_text(text).1;
        true
    }

    fn detach(&self, child: NodeId) {
        let nodes = &mut self.nodes.borrow_mut();
        let Node {
            parent, previous, next, ..
        } = nodes[child as usize];
        if parent == NONE {
            return;
        }
        self.work.set(self.work.get() + 1);
        match previous {
            NONE => nodes[parent as usize].first = next,
            previous => nodes[previous as usize].next = next,
        }
        match next {
            NONE => nodes[parent as usize].last = previous,
            next => nodes[next as usize].previous = previous,
        }
        let node = &mut nodes[child as usize];
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Puts a node without a parent before another child, or last.
    fn attach(&self, parent: NodeId, child: NodeId, before: NodeId) {
        self.work.set(self.work.get() + 1);
        let nodes = &mut self.nodes.borrow_mut();
        let previous = match before {
            NONE => nodes[parent as usize].last,
            before => nodes[before as usize].previous,
        };
        let node = &mut nodes[child as usize];
        (node.parent, node.previous, node.next) = (parent, previous, before);
        match previous {
            NONE => nodes[parent as usize].first = child,
            previous => nodes[previous as usize].next = child,
        }
        match before {
            NONE => nodes[parent as usize].last = child,
            before => nodes[before as usize].previous = child,
        }
    }

    fn node(&self, id: NodeId) -> Node {
        self.nodes.borrow()[id as usize]
    }
}

impl TreeSink for Dom {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        Tree {
            nodes: self.nodes.into_inner(),
            text: self.text.into_inner(),
        }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name {
        self.names.borrow().list[self.node(*target).name as usize].clone()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let attribute = |wanted: LocalName| {
            let found = attributes.iter().find(|attribute| attribute.name.local == wanted);
            found
                .map(|attribute| &*attribute.value)
                .filter(|value| !value.is_empty())
        };
        let mut kind = kind(&name);
        let mut text = (0, 0);
        match kind {
            Kind::Image if name.ns == ns!(html) => match (attribute(local_name!("src")), attribute(local_name!("alt")))
            {
                (None, _) => kind = Kind::Hidden,
                (_, alt) => text = self.push_text(alt.unwrap_or_default()),
            },
            Kind::Link if attribute(local_name!("href")).is_none() => kind = Kind::Emphasis,
            _ => {}
        }
        if is_hidden(&attributes) {
            kind = Kind::Hidden;
        }
        let is_marked = attributes
            .iter()
            .any(|attribute| attribute.name.local == local_name!("id"));
        let name = self.name(Name {
            namespace: name.ns,
            local: name.local,
        });
        let id = self.add(kind, name, text);
        let nodes = &mut self.nodes.borrow_mut();
        let node = &mut nodes[id as usize];
        node.is_marked = is_marked;
        node.is_integration_point = flags.mathml_annotation_xml_integration_point;
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.add(Kind::Hidden, 0, (0, 0))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(Kind::Hidden, 0, (0, 0))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let child = match child {
            AppendNode(node) => node,
            AppendText(text) if self.extend(self.node(*parent).last, &text) => return,
            AppendText(text) => self.add(Kind::Text, 0, self.push_text(&text)),
        };
        self.detach(child);
        self.attach(*parent, child, NONE);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let Node { parent, previous, .. } = self.node(*sibling);
        let child = match child {
            AppendNode(node) => node,
            AppendText(text) if self.extend(previous, &text) => return,
            AppendText(text) => self.add(Kind::Text, 0, self.push_text(&text)),
        };
        self.detach(child);
        if parent != NONE {
            self.attach(parent, child, *sibling);
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        match self.node(*element).parent {
            NONE => self.append(previous, child),
            _ => self.append_before_sibling(element, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The contents of a template are not shown: they hang on a node that is in no tree.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let known = self.node(*target).text.0;
        if known != 0 {
            return known;
        }
        let contents = self.add(Kind::Hidden, 0, (0, 0));
        self.nodes.borrow_mut()[*target as usize].text = (contents, contents);
        contents
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &NodeId, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &NodeId) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut child = self.node(*node).first;
        while child != NONE {
            let next = self.node(child).next;
            self.detach(child);
            self.attach(*new_parent, child, NONE);
            child = next;
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &NodeId) -> bool {
        self.node(*target).is_integration_point
    }
}

/// True if an element says that it is not shown: `hidden`, or a style with `display: none` or `visibility: hidden`.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        "style" => {
            let style: String = attribute
                .value
                .chars()
                .filter(|sign| !sign.is_whitespace())
                .take(2_000)
                .collect();
            let style = style.to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        }
        _ => false,
    })
}

fn kind(name: &QualName) -> Kind {
    if name.ns == ns!(svg) {
        return match name.local {
            local_name!("svg") => Kind::Image,
            local_name!("title") => Kind::Title,
            _ => Kind::Inline,
        };
    }
    match &*name.local {
        "head" | "link" | "meta" | "script" | "style" | "template" | "iframe" | "noembed" | "noframes" | "datalist" => {
            Kind::Hidden
        }
        "title" => Kind::Title,
        "a" => Kind::Link,
        "em" | "i" | "ins" | "strong" | "b" | "s" | "del" | "code" | "html" | "body" | "wbr" => Kind::Emphasis,
        "sup" => Kind::Superscript,
        "img" => Kind::Image,
        "br" => Kind::Break,
        "hr" => Kind::Rule,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Kind::Heading,
        "p" => Kind::Paragraph,
        "li" => Kind::Item,
        "div" | "section" | "article" | "header" | "footer" | "main" | "nav" | "aside" | "figure" | "figcaption"
        | "address" | "center" | "details" | "summary" | "fieldset" | "form" | "legend" | "dialog" | "hgroup"
        | "menu" | "search" | "select" | "option" | "optgroup" | "button" | "label" | "textarea" | "noscript"
        | "dir" | "frame" | "frameset" => Kind::Division,
        "pre" => Kind::Preformatted,
        "blockquote" => Kind::Quotation,
        "ul" | "ol" => Kind::List,
        "dl" => Kind::Definitions,
        "dt" => Kind::Term,
        "dd" => Kind::Definition,
        "table" => Kind::Table,
        "thead" | "tbody" | "tfoot" | "tr" => Kind::TablePart,
        "td" | "th" | "caption" => Kind::Cell,
        _ => Kind::Inline,
    }
}
