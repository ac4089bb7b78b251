//! Answers in words, for people who check them.

use crate::questionnaire::ItemKind;
use crate::scoring::layout::{Cell, LayoutItem};

/// The cells of one item (one, or one a part) in words; empty when nothing is answered.
pub fn cells_in_words(laid: &LayoutItem, cells: &[Cell]) -> String {
    let parts: Vec<String> = cells
        .iter()
        .enumerate()
        .filter_map(|(index, cell)| match cell {
            Cell::Missing => None,
            Cell::NotApplicable => Some("不适用".to_owned()),
            Cell::Number(number) => {
                let (title, unit) = laid.parts.get(index).map_or(("", laid.unit.as_str()), |part| {
                    (part.title.as_str(), part.unit.as_str())
                });
                let number = crate::round::finely(*number, 4);
                Some(format!("{title} {number} {unit}").trim().to_owned())
            }
            Cell::Choice(index) if laid.kind == ItemKind::Level => Some(format!("{index} 级")),
            Cell::Choice(index) if laid.kind == ItemKind::YesNo => {
                Some(if *index == 0 { "是" } else { "否" }.to_owned())
            }
            Cell::Choice(index) => Some(
                laid.choices
                    .get(*index as usize)
                    .map_or(String::new(), |id| id.to_uppercase()),
            ),
            Cell::Chosen(bits) => Some(
                laid.choices
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| bits >> i & 1 == 1)
                    .map(|(_, id)| id.to_uppercase())
                    .collect::<Vec<_>>()
                    .join("、"),
            ),
        })
        .collect();
    parts.join("，")
}
