//! Tables: column widths from what the cells hold, heads that repeat, rows that split only when they must.

use std::rc::Rc;

use super::{
    blocks::{Room, Setter, set_lines},
    cells::{shape_head, shape_row},
    display::Item,
    flow::{Frame, Piece},
    shape::{Shaped, TextStyle},
    tags::{Element, Kind},
    widgets::moved,
};
use crate::report::{
    document::{Align, Row, Table},
    draw::Stroke,
};

/// Left and right of a cell's text.
const PAD_X: f32 = 6.0;
/// Above and below a row's text.
const PAD_Y: f32 = 4.2;
const LEADING: f32 = 1.5;
/// A row taller than this share of the page splits.
const TALL: f32 = 0.3;

/// Sets a table as one piece a row.
pub fn set(setter: &mut Setter, table: &Table, room: Room) -> Vec<Piece> {
    let columns = count(table);
    if columns == 0 {
        return Vec::new();
    }
    let size = setter.theme.table;
    let bare = table.head.is_empty() && table.rows.is_empty();
    let element = setter.add(if bare { Kind::Group } else { Kind::Table });
    let mut out = caption(setter, element, &table.caption, room);
    let Cells { head, rows } = cells(setter, element, table, columns);
    let widths = widths(table, columns, &head, &rows, room.w);
    let grid = Grid {
        table,
        widths,
        room,
        size,
    };

    let head = (!head.is_empty()).then(|| Rc::new(grid.head(setter, &head)));
    // Above the rest of a row that began on the page before, the head leaves the space that the row's top had.
    let loose = head.as_ref().map(|head| {
        Rc::new(Piece {
            height: head.height + PAD_Y,
            ..Piece::clone(head)
        })
    });
    out.extend(head.as_deref().cloned());
    let mut striped = false;
    let last = table.rows.len().saturating_sub(1);
    for (index, (row, cells)) in table.rows.iter().zip(&rows).enumerate() {
        striped = !row.group && !striped;
        let mut pieces = grid.row(setter, row, cells, !striped && !row.group);
        // The last two rows stay together: one row alone on a page looks lost.
        if let Some(piece) = pieces.last_mut() {
            piece.keep = row.group || (index + 1 == last && index > 0);
            let edge = if index == last {
                (setter.theme.brand, 0.9)
            } else {
                (setter.theme.hairline, 0.6)
            };
            let y = piece.height;
            let line = Stroke::solid(edge.0, edge.1);
            piece.items.push(Item::line((room.x, y), (room.x + room.w, y), line));
        }
        for (line, piece) in pieces.iter_mut().enumerate() {
            piece.head.clone_from(if line == 0 { &head } else { &loose });
        }
        out.extend(pieces);
    }
    if let Some(piece) = out.first_mut() {
        piece.before = 10.0;
    }
    if let Some(piece) = out.last_mut() {
        piece.after = 13.0;
        piece.keep = false;
    }
    out
}

/// The texts of a table, shaped.
struct Cells {
    head: Vec<Shaped>,
    rows: Vec<Vec<Shaped>>,
}

fn cells(setter: &mut Setter, element: Element, table: &Table, columns: usize) -> Cells {
    let style = TextStyle::plain(setter.theme.table, setter.theme.ink);
    let bold = TextStyle { bold: true, ..style };
    let head_style = TextStyle {
        color: setter.theme.brand,
        ..bold
    };
    let head = shape_head(setter, element, table, columns, head_style);
    let mut body = None;
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let body = match body {
            Some(open) if !row.group => open,
            _ => *body.insert(setter.tags.add(element, Kind::Rows)),
        };
        let style = if row.group { bold } else { style };
        rows.push(shape_row(setter, body, row, columns, table.head.is_empty(), style));
    }
    Cells { head, rows }
}

/// How wide the columns of a table are in a column of text `room` wide.
pub fn column_widths(setter: &mut Setter, table: &Table, room: f32) -> Vec<f32> {
    match count(table) {
        0 => Vec::new(),
        columns => {
            let element = setter.add(Kind::Table);
            let Cells { head, rows } = cells(setter, element, table, columns);
            widths(table, columns, &head, &rows, room)
        }
    }
}

fn count(table: &Table) -> usize {
    let widest = table
        .rows
        .iter()
        .filter(|row| !row.group)
        .map(|row| row.cells.len())
        .max()
        .unwrap_or(0);
    let any = usize::from(!table.rows.is_empty());
    table.columns.len().max(table.head.len()).max(widest).max(any)
}

fn caption(setter: &mut Setter, table: Element, caption: &str, room: Room) -> Vec<Piece> {
    if caption.is_empty() {
        return Vec::new();
    }
    let style = TextStyle::strong(setter.theme.table, setter.theme.ink);
    let element = setter.tags.add(table, Kind::Caption);
    let shaped = setter.shape_text_in(element, caption, style);
    let mut pieces = set_lines(&shaped, style.size, 1.5, room, Align::Left, false);
    for piece in &mut pieces {
        piece.keep = true;
    }
    if let Some(last) = pieces.last_mut() {
        last.after = 4.0;
    }
    pieces
}

/// Column widths: weights share what the automatic columns leave; automatic ones lie between their longest word and
/// their longest line.
fn widths(table: &Table, columns: usize, head: &[Shaped], rows: &[Vec<Shaped>], room: f32) -> Vec<f32> {
    let mut least = vec![0.0_f32; columns];
    // Least widths at which short texts do not break at all.
    let mut easy = vec![0.0_f32; columns];
    let mut most = vec![0.0_f32; columns];
    let mut note = |column: usize, cell: &Shaped| {
        if column < columns {
            let natural = cell.natural_width();
            let size = cell.atoms.first().map_or(9.0, |atom| atom.size);
            let token = cell.token_width().max(4.2 * size).min(room * 0.3).min(natural);
            least[column] = least[column].max(token + 2.0 * PAD_X + 0.5);
            easy[column] = easy[column].max(token.max(8.6 * size).min(natural) + 2.0 * PAD_X + 0.5);
            most[column] = most[column].max(natural + 2.0 * PAD_X + 0.5);
        }
    };
    for cells in std::iter::once(head).chain(
        rows.iter()
            .zip(&table.rows)
            .filter(|(_, r)| !r.group)
            .map(|(c, _)| &c[..]),
    ) {
        for (column, cell) in cells.iter().enumerate() {
            note(column, cell);
        }
    }
    if easy.iter().sum::<f32>() < room * 0.8 {
        least = easy;
    }
    let whole = most.clone();
    for column in 0..columns {
        least[column] = least[column].max(2.0 * PAD_X + 8.0);
        most[column] = most[column].min(room * 0.6).max(least[column]);
    }
    let weight = |column: usize| {
        let weight = table.columns.get(column).and_then(|c| c.weight)?;
        (weight.is_finite() && weight > 0.0).then_some(weight)
    };
    let weighted: f32 = (0..columns).filter_map(weight).sum();
    let automatic: Vec<usize> = (0..columns).filter(|c| weight(*c).is_none()).collect();
    let mut out = vec![0.0; columns];
    let mut left = room;
    if weighted > 0.0 {
        // Automatic columns beside weighted ones are as wide as they like, up to their share of the table.
        let share = room * automatic.len() as f32 / columns as f32;
        let natural: f32 = automatic.iter().map(|&c| most[c]).sum();
        fit(&automatic, &least, &most, natural.min(share), &mut out);
        left -= automatic.iter().map(|&c| out[c]).sum::<f32>();
        for (column, width) in out.iter_mut().enumerate() {
            if let Some(weight) = weight(column) {
                *width = left * weight / weighted;
            }
        }
        even_out(&mut out, &whole);
    } else {
        fit(&automatic, &least, &most, left, &mut out);
    }
    out
}

/// Columns that have more than their longest line needs give up to half of their width to those that break lines; who
/// needs little is served first.
fn even_out(widths: &mut [f32], whole: &[f32]) {
    let spare: Vec<f32> = widths
        .iter()
        .zip(whole)
        .map(|(width, whole)| (width - whole.max(width * 0.5)).max(0.0))
        .collect();
    let total: f32 = spare.iter().sum();
    let want = |column: usize, widths: &[f32]| (whole[column] - widths[column]).max(0.0);
    let mut short: Vec<usize> = (0..widths.len()).filter(|&column| want(column, widths) > 0.0).collect();
    if total <= 0.0 || short.is_empty() {
        return;
    }
    short.sort_by(|&a, &b| want(a, widths).total_cmp(&want(b, widths)));
    let mut left = total;
    for (index, &column) in short.iter().enumerate() {
        let given = want(column, widths).min(left / (short.len() - index) as f32);
        widths[column] += given;
        left -= given;
    }
    for (width, spare) in widths.iter_mut().zip(spare) {
        *width -= spare * (1.0 - left / total);
    }
}

/// Shares `room` between columns.
fn fit(columns: &[usize], least: &[f32], most: &[f32], room: f32, out: &mut [f32]) {
    let sum = |of: &[f32]| columns.iter().map(|&c| of[c]).sum::<f32>();
    let (low, high) = (sum(least), sum(most));
    for &column in columns {
        out[column] = if room >= high {
            most[column] * room / high.max(1.0)
        } else if room >= low {
            least[column] + (most[column] - least[column]) * (room - low) / (high - low).max(0.01)
        } else {
            least[column] * room / low.max(1.0)
        };
    }
}

struct Grid<'a> {
    table: &'a Table,
    widths: Vec<f32>,
    room: Room,
    size: f32,
}

impl Grid<'_> {
    fn cell_room(&self, column: usize) -> Room {
        let x = self.room.x + self.widths[..column].iter().sum::<f32>();
        Room {
            x: x + PAD_X,
            w: (self.widths[column] - 2.0 * PAD_X).max(self.size),
        }
    }

    fn align(&self, column: usize) -> Align {
        self.table.columns.get(column).map_or(Align::Left, |c| c.align)
    }

    /// The lines of each cell.
    fn cells(&self, cells: &[Shaped], group: bool) -> Vec<Vec<Piece>> {
        let set = |(column, cell): (usize, &Shaped)| {
            let room = if group {
                self.room.inset(PAD_X, PAD_X)
            } else {
                self.cell_room(column)
            };
            let align = if group { Align::Left } else { self.align(column) };
            set_lines(cell, self.size, LEADING, room, align, false)
        };
        cells
            .iter()
            .take(if group { 1 } else { self.widths.len() })
            .enumerate()
            .map(set)
            .collect()
    }

    fn head(&self, setter: &Setter, cells: &[Shaped]) -> Piece {
        let theme = setter.theme;
        let lines = self.cells(cells, false);
        let mut piece = whole(&lines, self.size, PAD_Y + 0.6, true);
        let area = (self.room.x, 0.0, self.room.w, piece.height);
        let end = self.room.x + self.room.w;
        let frame = [
            Item::rect(area, 0.0, Some(theme.brand_pale), None),
            Item::line((self.room.x, 0.0), (end, 0.0), Stroke::solid(theme.brand, 0.9)),
            Item::line(
                (self.room.x, piece.height),
                (end, piece.height),
                Stroke::solid(theme.brand, 0.6),
            ),
        ];
        piece.items.splice(0..0, frame);
        piece.keep = true;
        piece
    }

    fn row(&self, setter: &mut Setter, row: &Row, cells: &[Shaped], striped: bool) -> Vec<Piece> {
        let lines = self.cells(cells, row.group);
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let theme = setter.theme;
        let body = theme.page.1 - theme.margin_top - theme.margin_bottom;
        let mut pieces = if tallest as f32 * self.size * LEADING > body * TALL {
            split(lines, tallest, self.size)
        } else {
            vec![whole(&lines, self.size, PAD_Y, false)]
        };
        let fill = match (row.group, striped) {
            (true, _) => theme.brand_pale.tint(0.45),
            (_, true) => theme.zebra,
            _ => return pieces,
        };
        setter.frames.push(Frame {
            x: self.room.x,
            w: self.room.w,
            fill,
            bar: None,
        });
        let frame = setter.frames.len() - 1;
        for piece in &mut pieces {
            piece.boxes.push(frame);
        }
        pieces
    }
}

/// A row as one piece; in a head, shorter cells stand at the foot.
fn whole(cells: &[Vec<Piece>], size: f32, pad: f32, foot: bool) -> Piece {
    let height = size * LEADING;
    let tallest = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let mut piece = Piece {
        height: tallest as f32 * height + 2.0 * pad,
        ..Piece::default()
    };
    for lines in cells {
        let skip = if foot {
            (tallest - lines.len()) as f32 / 2.0
        } else {
            0.0
        };
        for (index, line) in lines.iter().enumerate() {
            add(&mut piece, line.clone(), pad + (index as f32 + skip) * height);
        }
    }
    piece
}

/// A tall row as one piece a line, two kept together at both ends.
fn split(cells: Vec<Vec<Piece>>, tallest: usize, size: f32) -> Vec<Piece> {
    let height = size * LEADING;
    let mut pieces: Vec<Piece> = (0..tallest)
        .map(|index| Piece {
            height,
            keep: index == 0 || index + 2 == tallest,
            ..Piece::default()
        })
        .collect();
    for lines in cells {
        for (piece, line) in pieces.iter_mut().zip(lines) {
            add(piece, line, 0.0);
        }
    }
    if let Some(first) = pieces.first_mut() {
        let items = std::mem::take(&mut first.items);
        first.items.extend(moved(items, PAD_Y));
        first.links.iter_mut().for_each(|link| link.area.1 += PAD_Y);
        first.height += PAD_Y;
    }
    if let Some(last) = pieces.last_mut() {
        last.height += PAD_Y;
    }
    pieces
}

fn add(piece: &mut Piece, line: Piece, y: f32) {
    piece.items.extend(moved(line.items, y));
    piece.links.extend(line.links.into_iter().map(|mut link| {
        link.area.1 += y;
        link
    }));
}
