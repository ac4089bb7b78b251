//! Answer sheets made by chance from the form of a questionnaire and the numbers that its rules speak of.

use qizhen::assessment::{StandardAnswers, TableAnswer};
use qizhen::questionnaire::{Column, ColumnKind, Item, ItemKind, Questionnaire};
use qizhen::scoring::bound::{BoundExpr, Evaluated, RowScope};
use qizhen::scoring::expr::Expr;
use qizhen::scoring::layout::{Cell, LayoutItem, RowCell};
use qizhen::scoring::lookup::TableCell;
use qizhen::scoring::plan::{Condition, Op, Plan, RowPlan};
use qizhen::scoring::rows;
use serde_json::{Value, json};

/// A sequence of random numbers (splitmix64): the same seed makes the same decisions everywhere.
pub struct Luck(pub u64);

impl Luck {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// A number within bounds: one of those that the rules speak of, a round one, or one of any size.
    fn number(&mut self, pool: &[f64], bounds: Bounds) -> f64 {
        let drawn = match self.below(8) {
            0..4 => self.pick(pool),
            4..6 => self.below(1_000_000) as f64 / 1000.0,
            6 => 10f64.powi(self.below(10) as i32 - 3) * (1 + self.below(9)) as f64,
            _ => -self.pick(pool),
        };
        bounds.fit(drawn)
    }
}

/// What a number may be.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub integer: bool,
}

impl Bounds {
    pub fn fit(self, x: f64) -> f64 {
        let x = x.clamp(self.min.unwrap_or(f64::MIN), self.max.unwrap_or(f64::MAX));
        if self.integer { x.round() } else { x }
    }

    pub fn of_part(item: &Item, part: usize) -> Self {
        let part = &item.parts[part];
        Bounds {
            min: part.min,
            max: part.max,
            integer: part.integer,
        }
    }

    pub fn of_item(item: &Item) -> Self {
        Bounds {
            min: item.min,
            max: item.max,
            integer: item.integer,
        }
    }

    pub fn of_column(column: &Column) -> Self {
        Bounds {
            min: column.min,
            max: column.max,
            integer: column.integer,
        }
    }
}

/// One plan with what making answers to it takes.
pub struct Form<'p> {
    pub plan: &'p Plan,
    pub items: Vec<&'p Item>,
    /// Numbers that rules speak of, and round ones.
    pub pool: Vec<f64>,
}

impl<'p> Form<'p> {
    pub fn new(questionnaire: &'p Questionnaire, plan: &'p Plan) -> Self {
        Self {
            plan,
            items: questionnaire.items().collect(),
            pool: spoken_of(plan),
        }
    }

    pub fn laid(&self, item: usize) -> &'p LayoutItem {
        &self.plan.layout.items[item]
    }

    pub fn id(&self, item: usize) -> &'p str {
        self.plan.layout.items.get_index(item).unwrap().0
    }

    /// The cells of an item; none for tables.
    pub fn cells(&self, item: usize) -> std::ops::Range<usize> {
        let laid = self.laid(item);
        match laid.kind {
            ItemKind::Table => 0..0,
            ItemKind::Parts => laid.column..laid.column + laid.parts.len(),
            _ => laid.column..laid.column + 1,
        }
    }

    /// Whether something of an item is not answered or does not apply.
    pub fn is_blank(&self, item: usize, sheet: &StandardAnswers) -> bool {
        match self.laid(item).kind {
            ItemKind::Table => !matches!(sheet.tables.get(&item), Some(TableAnswer::Rows(_))),
            _ => self
                .cells(item)
                .any(|c| matches!(sheet.cells[c], Cell::Missing | Cell::NotApplicable)),
        }
    }

    /// Makes an item missing or not applicable.
    pub fn set(&self, item: usize, sheet: &mut StandardAnswers, to: Cell) {
        if self.laid(item).kind == ItemKind::Table {
            sheet.tables.remove(&item);
            if to == Cell::NotApplicable {
                sheet.tables.insert(item, TableAnswer::NotApplicable);
            }
        }
        sheet.cells[self.cells(item)].fill(to);
    }

    pub fn relations_hold(&self, item: usize, sheet: &StandardAnswers) -> bool {
        let mut scope = RowScope::default();
        for (part, cell) in self.laid(item).parts.iter().zip(&sheet.cells[self.cells(item)]) {
            if let Cell::Number(number) = cell {
                scope.set_number(&part.id, *number);
            }
        }
        let relations = &self.items[item].relations;
        relations
            .iter()
            .all(|r| scope.truth(&Expr::compile(&r.holds.value).unwrap()) != Some(false))
    }

    /// A sheet of answers, of which about so many percent are missing, and as many of those that may be not applicable.
    pub fn random(&self, missing: usize, na: usize, luck: &mut Luck) -> StandardAnswers {
        let cells = vec![Cell::Missing; self.plan.layout.width];
        let mut sheet = StandardAnswers {
            cells,
            ..StandardAnswers::default()
        };
        for item in 0..self.items.len() {
            if luck.percent(missing) {
                continue;
            }
            if self.items[item].may_be_na && luck.percent(na) {
                self.set(item, &mut sheet, Cell::NotApplicable);
            } else {
                self.answer(item, &mut sheet, luck);
            }
        }
        sheet
    }

    /// Answers an item anew.
    pub fn answer(&self, item: usize, sheet: &mut StandardAnswers, luck: &mut Luck) {
        let laid = self.laid(item);
        match laid.kind {
            ItemKind::Single | ItemKind::Level | ItemKind::YesNo => {
                sheet.cells[laid.column] = Cell::Choice(luck.below(laid.choices.len()) as u16);
            }
            ItemKind::Multi => {
                let bits = 1 + luck.below((1 << laid.choices.len()) - 1) as u64;
                let free = bits & !laid.exclusive;
                sheet.cells[laid.column] = Cell::Chosen(if free == 0 { bits & bits.wrapping_neg() } else { free });
            }
            ItemKind::Number => {
                let number = luck.number(&self.pool, Bounds::of_item(self.items[item]));
                sheet.cells[laid.column] = Cell::Number(number);
            }
            ItemKind::Parts => self.answer_parts(item, sheet, luck),
            ItemKind::Table => {
                let rows = (0..luck.below(4)).map(|_| self.row(item, luck)).collect();
                sheet.tables.insert(item, TableAnswer::Rows(rows));
            }
        }
    }

    /// Parts that keep to their relations; left missing when chance finds none.
    fn answer_parts(&self, item: usize, sheet: &mut StandardAnswers, luck: &mut Luck) {
        let cells = self.cells(item);
        for _ in 0..24 {
            for (part, column) in cells.clone().enumerate() {
                let left_out = self.items[item].parts[part].optional && luck.percent(8);
                let number = luck.number(&self.pool, Bounds::of_part(self.items[item], part));
                sheet.cells[column] = if left_out { Cell::Missing } else { Cell::Number(number) };
            }
            self.references_near(item, sheet, luck);
            if self.relations_hold(item, sheet) {
                return;
            }
        }
        sheet.cells[cells].fill(Cell::Missing);
    }

    /// Mostly, the reference values of an item stand near the value that is compared with them.
    fn references_near(&self, item: usize, sheet: &mut StandardAnswers, luck: &mut Luck) {
        if luck.percent(25) {
            return;
        }
        for node in &self.plan.nodes {
            let Op::Interpolate {
                value,
                leading,
                baseline,
                ..
            } = &node.op
            else {
                continue;
            };
            let Evaluated::Value(number) = value.number(sheet) else {
                continue;
            };
            for input in leading
                .inputs()
                .iter()
                .chain(baseline.inputs())
                .filter(|input| input.item == item)
            {
                let factor = luck.pick(&[0.5, 0.9, 0.95, 1.0, 1.05, 1.1, 2.0]);
                if let (Some(part), Cell::Number(_)) = (input.part, sheet.cells[input.column]) {
                    sheet.cells[input.column] =
                        Cell::Number(Bounds::of_part(self.items[item], part).fit(number * factor));
                }
            }
        }
    }

    /// A row of a table item: mostly one that a lookup table knows, with values near its thresholds.
    pub fn row(&self, item: usize, luck: &mut Luck) -> Vec<RowCell> {
        let columns = &self.items[item].columns;
        let mut row: Vec<RowCell> = columns
            .iter()
            .map(|column| match column.kind {
                _ if !column.required && luck.percent(15) => column.default.map_or(RowCell::Empty, RowCell::Number),
                ColumnKind::Text => RowCell::Text(format!("第 {} 台", luck.below(100))),
                ColumnKind::Choice => RowCell::Choice(luck.below(column.choices.len()) as u16),
                ColumnKind::Number => RowCell::Number(luck.number(&self.pool, Bounds::of_column(column))),
            })
            .collect();
        let rule = self.plan.nodes.iter().find_map(|node| match &node.op {
            Op::EachRow(rule) if rule.item == item => Some(rule),
            _ => None,
        });
        if let Some(rule) = rule
            && luck.percent(85)
        {
            self.as_in_table(rule, columns, &mut row, luck);
        }
        row
    }

    /// Columns of a table item that a rule measures.
    pub fn measured(&self, item: usize) -> Vec<usize> {
        let rules = self.plan.nodes.iter().filter_map(|node| match &node.op {
            Op::EachRow(rule) if rule.item == item => Some(rule),
            _ => None,
        });
        let measures = rules.flat_map(|rule| &rule.judges).flat_map(|judge| &judge.measures);
        let columns = &self.laid(item).columns;
        measures
            .filter_map(|measure| columns.iter().position(|column| column.id == measure.value.text()))
            .collect()
    }

    fn as_in_table(&self, rule: &RowPlan, columns: &[Column], row: &mut [RowCell], luck: &mut Luck) {
        let judge = &rule.judges[rule.share.0];
        let table = &self.plan.tables[judge.table];
        let found = &table.rows[luck.below(table.rows.len())];
        let place = |text: &str| columns.iter().position(|column| column.id.value == text);
        for (on, (key, _)) in judge.on.iter().zip(&table.keys) {
            let Some(at) = place(on.text()) else { continue };
            let cell = match &found[*key] {
                TableCell::Null => continue,
                TableCell::Number(number) => RowCell::Number(*number),
                TableCell::Text(text) => match columns[at].choices.iter().position(|c| c.id.value == *text) {
                    Some(choice) => RowCell::Choice(choice as u16),
                    None => RowCell::Text(text.clone()),
                },
                TableCell::Interval(interval) => {
                    let low = if interval.low.is_finite() {
                        interval.low
                    } else {
                        interval.high / 10.0
                    };
                    let high = if interval.high.is_finite() {
                        interval.high
                    } else {
                        low.max(1.0) * 10.0
                    };
                    RowCell::Number(low + (high - low) * luck.pick(&[0.0, 0.1, 0.5, 0.9, 1.0]))
                }
            };
            row[at] = match cell {
                RowCell::Number(number) => RowCell::Number(Bounds::of_column(&columns[at]).fit(number)),
                other => other,
            };
        }
        let judged = rows::judge(rule, &self.plan.layout.items[rule.item].columns, &self.plan.tables, row);
        for (measure, thresholds) in judge.measures.iter().zip(&judged.judged[rule.share.0].thresholds) {
            let known: Vec<f64> = thresholds.iter().copied().flatten().collect();
            if let (Some(at), false) = (place(measure.value.text()), known.is_empty()) {
                let near = luck.pick(&known) * luck.pick(&[0.9, 0.99, 1.0, 1.0, 1.01, 1.1]);
                row[at] = RowCell::Number(Bounds::of_column(&columns[at]).fit(near));
            }
        }
    }

    /// A sheet in a few words: what is answered.
    pub fn shown(&self, sheet: &StandardAnswers) -> String {
        self.given(sheet).to_string()
    }

    fn given(&self, sheet: &StandardAnswers) -> Value {
        let mut given = serde_json::Map::new();
        for item in 0..self.items.len() {
            let value = self.value(item, sheet);
            if !value.is_null() {
                given.insert(self.id(item).to_owned(), value);
            }
        }
        Value::Object(given)
    }

    /// An answer as a person would type it; null when there is none.
    pub fn value(&self, item: usize, sheet: &StandardAnswers) -> Value {
        let laid = self.laid(item);
        if laid.kind == ItemKind::Table {
            return match sheet.tables.get(&item) {
                None => Value::Null,
                Some(TableAnswer::NotApplicable) => json!("na"),
                Some(TableAnswer::Rows(rows)) => rows.iter().map(|row| self.row_value(item, row)).collect(),
            };
        }
        match (laid.kind, sheet.cells[laid.column]) {
            (_, Cell::NotApplicable) => json!("不适用"),
            (ItemKind::Parts, _) => {
                let parts =
                    laid.parts
                        .iter()
                        .zip(&sheet.cells[self.cells(item)])
                        .filter_map(|(part, cell)| match cell {
                            Cell::Number(number) if part.unit.is_empty() => Some((part.id.clone(), json!(number))),
                            Cell::Number(number) => Some((part.id.clone(), json!(format!("{number} {}", part.unit)))),
                            _ => None,
                        });
                let parts: serde_json::Map<_, _> = parts.collect();
                if parts.is_empty() {
                    Value::Null
                } else {
                    Value::Object(parts)
                }
            }
            (_, Cell::Missing) => Value::Null,
            (_, Cell::Number(number)) => json!(number),
            (ItemKind::YesNo, Cell::Choice(choice)) => json!(if choice == 0 { "是" } else { "否" }),
            (_, Cell::Choice(choice)) => json!(laid.choices[usize::from(choice)]),
            (_, Cell::Chosen(bits)) => {
                let chosen = laid.choices.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
                chosen.map(|(_, id)| json!(id)).collect()
            }
        }
    }

    fn row_value(&self, item: usize, row: &[RowCell]) -> Value {
        let cells = self.items[item].columns.iter().zip(row).filter_map(|(column, cell)| {
            let value = match cell {
                RowCell::Empty => return None,
                RowCell::Number(number) => json!(number),
                RowCell::Text(text) => json!(text),
                RowCell::Choice(choice) => json!(column.choices[usize::from(*choice)].id.value),
            };
            Some((column.id.value.clone(), value))
        });
        Value::Object(cells.collect())
    }
}

/// Every expression over items that decides something.
fn expressions(plan: &Plan) -> Vec<&BoundExpr> {
    let mut found: Vec<&BoundExpr> = plan.nodes.iter().filter_map(|node| node.applies.as_ref()).collect();
    for node in &plan.nodes {
        match &node.op {
            Op::Bands { value, .. } => found.push(value),
            Op::Interpolate {
                value,
                leading,
                baseline,
                ..
            } => found.extend([value, leading, baseline]),
            _ => {}
        }
    }
    found.extend(plan.vetoes.iter().map(|veto| &veto.holds));
    for condition in plan
        .grade
        .iter()
        .flat_map(|grade| &grade.rungs)
        .flat_map(|rung| &rung.require)
    {
        if let Condition::Holds { expr, .. } = condition {
            found.push(expr);
        }
    }
    found
}

/// Numbers that the rules speak of, a little more and a little less, and round ones: they meet thresholds and one another.
fn spoken_of(plan: &Plan) -> Vec<f64> {
    let mut pool = vec![
        0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0,
    ];
    let mut add = |x: f64| pool.extend([x, x, x - 0.001, x + 0.001].into_iter().filter(|x| x.is_finite()));
    for expr in expressions(plan) {
        for word in expr
            .text()
            .split(|c: char| !c.is_ascii_alphanumeric() && !"._".contains(c))
        {
            if let Ok(number) = word.parse() {
                add(number);
            }
        }
    }
    for node in &plan.nodes {
        if let Op::Bands { bands, .. } = &node.op {
            bands.iter().for_each(|(interval, _)| add(interval.high));
        }
    }
    pool
}
