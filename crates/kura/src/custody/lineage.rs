//! 系統: where an item comes from and what was made from it, as a drawing: originals at the left.

use crate::custody::show::{ItemView, Related};
use crate::rules::pack::Pack;
use crate::web::words::Words;

const WIDTH: usize = 240;
const HEIGHT: usize = 56;
const GAP: usize = 64;
const SPACE: usize = 16;
/// Characters of a name in a box.
const NAME: usize = 16;

/// A box of the drawing.
pub(crate) struct Node {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) address: String,
    pub(crate) here: bool,
}

/// The drawing: its size, its boxes, its lines.
pub(crate) struct Drawing {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lines: Vec<String>,
    /// The same in words.
    pub(crate) told: String,
}

fn short(name: &str) -> String {
    let mut short: String = name.chars().take(NAME).collect();
    if name.chars().count() > NAME {
        short.push('…');
    }
    short
}

fn node(t: &Words, pack: &Pack, related: &Related, (x, y): (usize, usize)) -> Node {
    let class = pack.class(&related.class).map_or("", |class| t.class(class));
    Node {
        x,
        y,
        name: if related.name.is_empty() { t.without_name() } else { short(&related.name) },
        about: format!("{} · {} · {}", class, t.choice(&related.relation), t.state(&related.state)),
        address: format!("/items/{}", related.item),
        here: false,
    }
}

/// Draws an item's origins and derivatives, as far as they may be known; nothing when there are none.
pub(crate) fn draw(t: &Words, pack: &Pack, item: &ItemView) -> Option<Drawing> {
    if item.origins.is_empty() && item.derivatives.is_empty() {
        return None;
    }
    let rows = item.origins.len().max(item.derivatives.len()).max(1);
    let height = rows * (HEIGHT + SPACE) + SPACE;
    let column = |count: usize, at: usize| {
        let top = (height - (count * (HEIGHT + SPACE) - SPACE)) / 2;
        top + at * (HEIGHT + SPACE)
    };
    let middle = column(1, 0);
    let self_x = if item.origins.is_empty() { SPACE } else { SPACE + WIDTH + GAP };
    let mut nodes = Vec::new();
    let mut lines = Vec::new();
    let line = |x: usize, from: usize, to: usize| {
        let (start, end) = (from + HEIGHT / 2, to + HEIGHT / 2);
        format!("M{x} {start}C{} {start} {} {end} {} {end}", x + GAP / 2, x + GAP / 2, x + GAP)
    };
    for (at, origin) in item.origins.iter().enumerate() {
        let y = column(item.origins.len(), at);
        lines.push(line(SPACE + WIDTH, y, middle));
        nodes.push(node(t, pack, origin, (SPACE, y)));
    }
    let class = pack.class(&item.class).map_or("", |class| t.class(class));
    nodes.push(Node {
        x: self_x,
        y: middle,
        name: short(&item.name),
        about: format!("{class} · {} · {}", t.choice(&item.kind), t.state(&item.state)),
        address: String::new(),
        here: true,
    });
    for (at, made) in item.derivatives.iter().enumerate() {
        let y = column(item.derivatives.len(), at);
        lines.push(line(self_x + WIDTH, middle, y));
        nodes.push(node(t, pack, made, (self_x + WIDTH + GAP, y)));
    }
    let columns = 1 + usize::from(!item.origins.is_empty()) + usize::from(!item.derivatives.is_empty());
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    Some(Drawing {
        width: columns * WIDTH + (columns - 1) * GAP + 2 * SPACE,
        height,
        nodes,
        lines,
        told: t.lineage_told(number(item.origins.len()), number(item.derivatives.len())),
    })
}
