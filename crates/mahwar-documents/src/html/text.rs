//! The text of a parsed page: a line for each block, an empty line between paragraphs, white space collapsed.

use super::dom::{Kind, Node, NodeId, Tree};

/// Writes the text of a page, with the descriptions of its pictures if asked for.
pub fn text_of(tree: &Tree, with_descriptions: bool) -> String {
    let mut writer = Writer {
        tree,
        with_descriptions,
        has_content: contents(tree),
        out: String::new(),
        line: String::new(),
        space: 0,
        preformatted: 0,
        indent: 0,
        frames: vec![Frame::default()],
    };
    writer.walk();
    writer.end_line();
    writer.out
}

/// True for the number of a note in brackets: `[1]`.
fn is_reference(tree: &Tree, id: NodeId) -> bool {
    let mut text = String::new();
    let mut ahead = vec![id];
    while let Some(id) = ahead.pop() {
        let node = &tree.nodes[id as usize];
        if node.kind == Kind::Text {
            text.insert_str(0, tree.text_of(node));
        }
        if text.len() > 20 {
            return false;
        }
        ahead.extend(tree.children(id));
    }
    let text = text.trim();
    text.starts_with('[') && text.ends_with(']')
}

/// By node: whether it counts as content, so that the block around it is written. Children come before their parents.
fn contents(tree: &Tree) -> Vec<bool> {
    let mut has_content = vec![false; tree.nodes.len()];
    let mut ahead = vec![(0, false)];
    while let Some((id, is_done)) = ahead.pop() {
        let node = &tree.nodes[id as usize];
        if node.kind == Kind::Hidden {
            has_content[id as usize] = node.is_marked;
        } else if is_done {
            let mut children = tree.children(id);
            has_content[id as usize] = node.is_marked
                || match node.kind {
                    Kind::Text | Kind::Image | Kind::Break | Kind::Emphasis | Kind::Superscript => true,
                    Kind::Item | Kind::Preformatted | Kind::Heading | Kind::Term | Kind::Definition | Kind::Cell => {
                        true
                    }
                    _ => children.any(|child| has_content[child as usize]),
                };
        } else {
            ahead.push((id, true));
            ahead.extend(tree.children(id).map(|child| (child, false)));
        }
    }
    has_content
}

/// A part of the page whose lines are put together by themselves: a heading, an item, a cell.
#[derive(Default)]
struct Frame {
    /// A line that is not empty was written.
    has_content: bool,
    /// True if a paragraph has ended: the next text begins a new one.
    is_at_end: bool,
}

struct Writer<'t> {
    tree: &'t Tree,
    with_descriptions: bool,
    has_content: Vec<bool>,
    out: String,
    /// The line that is being written.
    line: String,
    /// Spaces that come before the next word, if one comes.
    space: usize,
    preformatted: usize,
    /// Spaces before each line.
    indent: usize,
    frames: Vec<Frame>,
}

/// A step of the walk.
enum Step {
    Enter(NodeId),
    Leave(NodeId),
    /// Begins and ends a frame around one child of a list.
    Begin,
    End,
}

impl Writer<'_> {
    fn walk(&mut self) {
        let mut ahead = vec![Step::Enter(0)];
        while let Some(step) = ahead.pop() {
            match step {
                Step::Enter(id) => {
                    let node = self.tree.nodes[id as usize];
                    if !self.enter(id, &node) {
                        continue;
                    }
                    ahead.push(Step::Leave(id));
                    let from = ahead.len();
                    for child in self.tree.children(id) {
                        match node.kind {
                            Kind::List => ahead.extend([Step::Begin, Step::Enter(child), Step::End]),
                            _ => ahead.push(Step::Enter(child)),
                        }
                    }
                    ahead[from..].reverse();
                }
                Step::Leave(id) => self.leave(self.tree.nodes[id as usize].kind),
                Step::Begin => self.begin_frame(),
                Step::End => self.end_frame(),
            }
        }
    }

    /// Begins a node; false if its children are not to be written.
    fn enter(&mut self, id: NodeId, node: &Node) -> bool {
        let tree = self.tree;
        if !self.has_content[id as usize] && !matches!(node.kind, Kind::Rule) {
            return false;
        }
        match node.kind {
            Kind::Text => self.text(tree.text_of(node)),
            Kind::Hidden | Kind::Title => return false,
            Kind::Image => {
                if self.with_descriptions {
                    self.image(id, node);
                }
                return false;
            }
            Kind::Superscript => return self.superscript(id),
            Kind::Break => self.line_break(),
            Kind::Rule | Kind::Division | Kind::Term => self.end_line(),
            Kind::Paragraph | Kind::Item | Kind::Definitions | Kind::Table => self.begin_block(),
            Kind::Preformatted => {
                self.begin_block();
                self.preformatted += 1;
            }
            Kind::Heading | Kind::Quotation => {
                self.begin_block();
                self.begin_frame();
            }
            Kind::Definition => {
                self.begin_frame();
                self.indent += 2;
            }
            Kind::Cell => self.begin_frame(),
            Kind::List if self.frame().is_at_end => self.begin_block(),
            Kind::Inline | Kind::Link | Kind::Emphasis | Kind::List => {}
            Kind::TablePart => self.end_line(),
        }
        true
    }

    fn leave(&mut self, kind: Kind) {
        match kind {
            Kind::Division | Kind::Table | Kind::TablePart => self.end_line(),
            Kind::Paragraph | Kind::Item => self.end_block(),
            Kind::Preformatted => {
                self.end_line();
                self.preformatted -= 1;
                self.end_block();
            }
            Kind::Heading | Kind::Quotation => {
                self.end_frame();
                self.end_block();
            }
            Kind::Definition => {
                self.end_line();
                self.indent -= 2;
                self.end_frame();
            }
            Kind::Cell => self.end_frame(),
            Kind::Superscript => self.text("}"),
            _ => {}
        }
    }

    fn image(&mut self, id: NodeId, node: &Node) {
        let tree = self.tree;
        let text = tree.text_of(node);
        if !text.is_empty() {
            self.text(text);
            return;
        }
        // The title of a drawing comes first in it.
        let mut parts = tree.children(id);
        let title = parts.find(|child| tree.nodes[*child as usize].kind != Kind::Text);
        let title = title.filter(|title| tree.nodes[*title as usize].kind == Kind::Title);
        for part in title.into_iter().flat_map(|title| tree.children(title)) {
            let part = &tree.nodes[part as usize];
            if part.kind == Kind::Text {
                self.text(tree.text_of(part));
            }
        }
    }

    /// Digits have signs of their own; false if that was all.
    fn superscript(&mut self, id: NodeId) -> bool {
        const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let tree = self.tree;
        if is_reference(tree, id) {
            return false;
        }
        let mut children = tree.children(id);
        if let (Some(child), None) = (children.next(), children.next()) {
            let child = &tree.nodes[child as usize];
            let text = tree.text_of(child);
            if child.kind == Kind::Text && text.bytes().all(|byte| byte.is_ascii_digit()) {
                let digits: String = text.bytes().map(|byte| DIGITS[usize::from(byte - b'0')]).collect();
                self.text(&digits);
                return false;
            }
        }
        self.text("^{");
        true
    }

    fn frame(&mut self) -> &mut Frame {
        // There is always the frame of the page.
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn begin_frame(&mut self) {
        self.end_line();
        self.frames.push(Frame::default());
    }

    fn end_frame(&mut self) {
        self.end_line();
        if self.frames.len() > 1
            && let Some(frame) = self.frames.pop()
        {
            self.frame().has_content |= frame.has_content;
        }
    }

    fn begin_block(&mut self) {
        self.end_line();
        if self.frame().has_content {
            self.write_line();
        }
        self.frame().is_at_end = false;
    }

    fn end_block(&mut self) {
        self.end_line();
        self.frame().is_at_end = true;
    }

    fn line_break(&mut self) {
        match self.line.is_empty() {
            true => self.write_line(),
            false => self.end_line(),
        }
        self.frame().is_at_end = false;
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.write_line();
        }
        self.space = 0;
    }

    fn write_line(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.indent));
        self.out.push_str(&self.line);
        self.out.push('\n');
        if !self.line.is_empty() {
            self.frame().has_content = true;
        }
        self.line.clear();
        self.space = 0;
    }

    fn text(&mut self, text: &str) {
        if self.frame().is_at_end {
            if self.preformatted == 0 && text.chars().all(char::is_whitespace) {
                return;
            }
            self.begin_block();
        }
        for sign in text.chars() {
            match sign {
                '\u{200b}' => {}
                '\n' if self.preformatted > 0 => self.write_line(),
                '\t' if self.preformatted > 0 => self.space += 8 - (self.line.chars().count() + self.space) % 8,
                // A space that must not break a line is a sign like any other.
                sign if sign.is_whitespace() && sign != '\u{a0}' => {
                    if self.preformatted > 0 {
                        self.space += 1;
                    } else if !self.line.is_empty() {
                        self.space = 1;
                    }
                }
                sign if sign.is_control() => {}
                sign => {
                    self.line
                        .extend(std::iter::repeat_n(' ', std::mem::take(&mut self.space)));
                    self.line.push(sign);
                }
            }
        }
    }
}
