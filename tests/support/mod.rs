//! What several tests of reports share.

use qizhen::report::document::{Block, plain_text};

/// A text without white space: how it breaks over lines is not the point.
pub fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every text of these blocks as the reader should find it; the cells of tables where `cells` says so (a cell of a row that
/// splits over pages is not found in one piece).
pub fn texts(blocks: &[Block], cells: bool, out: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Cover(cover) => {
                out.extend([&cover.kicker, &cover.title, &cover.subtitle].map(Clone::clone));
                for badge in &cover.badges {
                    out.extend([&badge.label, &badge.value, &badge.note].map(Clone::clone));
                }
                for (label, value) in &cover.facts {
                    out.extend([label.clone(), value.clone()]);
                }
                out.push(cover.note.clone());
            }
            Block::Toc { title, .. } => out.push(title.clone()),
            Block::Heading { text, .. } | Block::Paragraph(text) => out.push(plain_text(text)),
            Block::List { items, .. } => items.iter().for_each(|item| texts(item, cells, out)),
            Block::Callout { title, body, .. } => {
                out.push(title.clone());
                texts(body, cells, out);
            }
            Block::Table(table) => {
                out.push(table.caption.clone());
                out.extend(table.head.iter().map(|cell| plain_text(cell)));
                let rows = table.rows.iter().filter(|_| cells);
                out.extend(rows.flat_map(|row| row.cells.iter().map(|cell| plain_text(cell))));
            }
            Block::Figure { caption, .. } => out.push(caption.clone()),
            Block::Pictures(gallery) => out.extend(gallery.shots.iter().map(|shot| shot.caption.clone())),
            Block::Seal(seal) => out.extend([seal.groups().join(" "), seal.say.clone()]),
            Block::Tiles(tiles) => {
                for tile in tiles {
                    out.extend([&tile.label, &tile.value, &tile.note].map(Clone::clone));
                }
            }
            Block::Signature(boxes) => {
                for sign in boxes {
                    out.push(sign.title.clone());
                    out.extend(sign.lines.clone());
                }
            }
            Block::Rule | Block::PageBreak => {}
        }
    }
}
