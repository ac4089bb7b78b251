//! What another paged back end takes over from this one, so that both give one page the same shape.

use std::collections::HashMap;

use super::{PdfError, blocks::Setter, fonts::Fonts, table};
use crate::report::{
    document::{Document, Table},
    theme::Theme,
};

pub use super::chrome::logo_size;
pub use super::cover::{LOGO as COVER_LOGO, badge_columns, within};
pub use super::figure::WIDEST as FIGURE_WIDEST;
pub use super::gallery::{GAP as PICTURE_GAP, sizes as picture_sizes};
pub use super::widgets::{GAP as BOX_GAP, sign_columns, tile_columns};

/// How wide the columns of a table are in a column of text `room` wide.
pub fn column_widths(table: &Table, theme: &Theme, room: f32) -> Result<Vec<f32>, PdfError> {
    let fonts = Fonts::of(theme)?;
    let mut setter = Setter::new(&[], &fonts, theme);
    Ok(table::column_widths(&mut setter, table, room))
}

/// Page of each heading, from 1, by its anchor.
pub fn heading_pages(doc: &Document, theme: &Theme) -> Result<HashMap<String, usize>, PdfError> {
    let fonts = Fonts::of(theme)?;
    let (_, sheets) = super::paginate(doc, theme, &fonts);
    let page = |(id, place): (String, super::display::Place)| (id, place.page + 1);
    Ok(sheets.places.into_iter().map(page).collect())
}
