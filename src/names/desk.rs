//! The answers of one enterprise under the names of expressions.

use std::cell::OnceCell;

use indexmap::IndexMap;
use minijinja::Value;

use super::{Missing, Vocabulary, by_identifier, nest, place};
use crate::assessment::Assessment;
use crate::assessment::plans::Project;
use crate::questionnaire::{ItemKind, Link};
use crate::scoring::bound::cell_value;
use crate::scoring::expr::Name;
use crate::scoring::layout::{Cell, Layout};
use crate::source::Span;
use crate::source::yaml::Node;
use crate::units::{Quantity, Unit};

/// The answers of one enterprise under the names of expressions.
pub struct Desk<'a> {
    known: Vocabulary<'a>,
    assessment: &'a Assessment,
    /// Levels reached, by standard.
    grades: IndexMap<&'a str, u8>,
    /// Points reached, by standard.
    scores: IndexMap<&'a str, f64>,
    project: Option<&'a Project>,
    layouts: OnceCell<IndexMap<&'a str, Layout>>,
}

impl<'a> Desk<'a> {
    /// The answers and facts of an assessment.
    pub fn new(known: Vocabulary<'a>, assessment: &'a Assessment) -> Self {
        Desk {
            known,
            assessment,
            grades: IndexMap::new(),
            scores: IndexMap::new(),
            project: None,
            layouts: OnceCell::new(),
        }
    }

    /// With the levels and the points reached.
    pub fn with_results(self, grades: IndexMap<&'a str, u8>, scores: IndexMap<&'a str, f64>) -> Self {
        Desk { grades, scores, ..self }
    }

    /// Puts a planned project on the desk, or takes it away.
    pub fn set_project(&mut self, project: Option<&'a Project>) {
        self.project = project;
    }

    fn layouts(&self) -> &IndexMap<&'a str, Layout> {
        self.layouts.get_or_init(|| {
            let ids = self.assessment.answers.keys();
            ids.filter_map(|id| Some((id.as_str(), Layout::new(self.known.questionnaires.get(id)?))))
                .collect()
        })
    }

    /// The names that have no value.
    pub fn missing(&self, names: &[Name]) -> Vec<Missing> {
        let lacking = names.iter().filter(|name| {
            let path = name.part.as_deref().unwrap_or_default();
            self.value(&name.base, path).is_none()
        });
        lacking
            .map(|name| self.known.missing(name, self.assessment.base_year))
            .collect()
    }

    /// The values of all names, nested; `None` when one is not answered.
    pub fn context(&self, names: &[Name]) -> Option<Value> {
        nest(names, |base, path| self.value(base, path))
    }

    fn value(&self, base: &str, path: &str) -> Option<Value> {
        match base {
            "fact" => self.fact(path, 0).map(Value::from),
            "last" => self.fact(path, -1).map(Value::from),
            "enterprise" => self.enterprise(path),
            "plan" => self.project?.value(path, &self.assessment.date),
            "score" => {
                let id = by_identifier(self.known.questionnaires, path)?.id.value.as_str();
                self.scores.get(id).map(|score| Value::from(*score))
            }
            "grade" => {
                let id = by_identifier(self.known.questionnaires, path)?.id.value.as_str();
                let scored = self.grades.get(id).map(|level| Value::from(*level));
                scored.or_else(|| self.told_grade(id))
            }
            _ => {
                let id = by_identifier(self.known.questionnaires, base)?.id.value.as_str();
                let (layout, answers) = (self.layouts().get(id)?, self.assessment.answers.get(id)?);
                let (item, column) = place(layout, path)?;
                cell_value(*answers.cells.get(column)?, layout.items.get_index(item)?.1)
            }
        }
    }

    /// The grade of a standard that was not done here, as another one asks for it (`link` of an item).
    fn told_grade(&self, id: &str) -> Option<Value> {
        self.layouts().iter().find_map(|(standard, layout)| {
            let answers = self.assessment.answers.get(*standard)?;
            let mut items = self.known.questionnaires.get(*standard)?.items();
            let asks = |link: &Link| link.grade && link.standard.value == id;
            let item = items.find(|item| item.link.as_ref().is_some_and(asks))?;
            let laid = layout.items.get(item.id.value.as_str())?;
            cell_value(*answers.cells.get(laid.column)?, laid)
        })
    }

    /// Whether an option is chosen among many: `smart-factory-2025`, `scene-process`, `b`.
    pub fn chose(&self, standard: &str, item: &str, option: &str) -> bool {
        let chosen = || {
            let laid = self.layouts().get(standard)?.items.get(item)?;
            let answers = self.assessment.answers.get(standard)?;
            let at = laid.choices.iter().position(|id| id == option)?;
            match answers.cells.get(laid.column)? {
                Cell::Chosen(bits) => Some(bits & (1 << at) != 0),
                _ => None,
            }
        };
        chosen().unwrap_or(false)
    }

    fn enterprise(&self, path: &str) -> Option<Value> {
        let profile = &self.assessment.enterprise;
        Some(match path {
            "employees" => Value::from(f64::from(profile.employees)),
            "revenue_wan" => Value::from(profile.revenue_wan),
            "size" => Value::from(profile.size? as u8),
            "region" => Value::from(profile.region.code()),
            "industry" => Value::from(profile.industry.code()),
            "manufacturing" => Value::from(profile.industry.section() == Some('C')),
            "above_scale" => Value::from(profile.above_scale),
            "titles" if profile.titles_told => Value::from(profile.titles.clone()),
            _ => return None,
        })
    }

    /// A fact of the base year plus `offset`: as told, or as given in an answer that it would have filled.
    fn fact(&self, id: &str, offset: i16) -> Option<f64> {
        let told = self.assessment.base_year.and_then(|year| {
            let facts = self.assessment.facts.get(&(year + offset))?;
            facts.get(id).copied()
        });
        told.or_else(|| {
            self.layouts().iter().find_map(|(standard, layout)| {
                let answers = self.assessment.answers.get(*standard)?;
                let questionnaire = self.known.questionnaires.get(*standard)?;
                questionnaire
                    .facts_used()
                    .filter(|u| u.fact.value == id && u.year == offset)
                    .find_map(|usage| {
                        let laid = layout.items.get(usage.item.id.value.as_str())?;
                        let at = match laid.kind {
                            ItemKind::Parts => laid.column + usage.index,
                            ItemKind::Number => laid.column,
                            _ => return None,
                        };
                        let Cell::Number(value) = *answers.cells.get(at)? else {
                            return None;
                        };
                        let unit = Unit::parse(usage.unit).ok()?;
                        let own = Unit::parse(&self.known.facts.get(id)?.unit).ok()?;
                        Quantity { value, unit }.convert(&own).ok()
                    })
            })
        })
    }

    /// What a name is about, and where it stands in the file.
    pub fn about(&self, name: &Name, node: Option<&Node>) -> Option<(String, Span)> {
        let path = name.part.as_deref()?;
        let at = |keys: &[&str]| {
            let mut here = node?;
            for key in keys {
                here = here.get(key)?;
            }
            Some(here.span)
        };
        match name.base.as_str() {
            "fact" | "last" => {
                let year = self
                    .assessment
                    .base_year
                    .map(|y| y + if name.base == "last" { -1 } else { 0 });
                let year = year.map_or(String::new(), |y| y.to_string());
                Some((path.to_owned(), at(&["facts", &year, path]).unwrap_or_default()))
            }
            "enterprise" => {
                let span = at(&["enterprise", path]).or_else(|| at(&["enterprise"]));
                Some((format!("enterprise/{path}"), span.unwrap_or_default()))
            }
            base => {
                let standard = by_identifier(self.known.questionnaires, base)?.id.value.as_str();
                let (index, _) = place(self.layouts().get(standard)?, path)?;
                let (item, _) = self.layouts().get(standard)?.items.get_index(index)?;
                Some((
                    format!("{standard}/{item}"),
                    at(&["answers", standard, item]).unwrap_or_default(),
                ))
            }
        }
    }
}
