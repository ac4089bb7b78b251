//! Atoms → lines: greedy filling under the Chinese rules, squeezed punctuation, justification, and glyph runs.

use super::{
    display::{Item, Link, Run, RunGlyph, Target},
    shape::{Atom, Class, Shaped, never_first, never_last},
    tags::Tag,
};
use crate::report::{document::Align, draw::Stroke, theme::Color};

/// Space between Chinese and Latin characters, in em.
pub const MIXED_GAP: f32 = 0.2;
/// The most that justification adds after a character, in em; a line that needs more stays ragged.
const MOST_STRETCH: f32 = 0.16;
/// How much more a space takes than another gap.
const SPACE_WEIGHT: f32 = 3.0;

/// A line: atoms `from..to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// First atom.
    pub from: usize,
    /// After the last atom.
    pub to: usize,
    /// The paragraph or a forced break ends here: never justified.
    pub last: bool,
}

/// A line as drawn, its baseline at y = 0 and its left edge at x = 0.
#[derive(Debug, Default)]
pub struct Placed {
    /// Glyphs, label backgrounds, underlines.
    pub items: Vec<Item>,
    /// Link areas.
    pub links: Vec<Link>,
}

impl Shaped {
    /// Space between two neighbours of a line: positive between Chinese and Latin, negative between full-width
    /// punctuation marks that share one half em.
    fn between(&self, index: usize) -> f32 {
        let (a, b) = (&self.atoms[index], &self.atoms[index + 1]);
        let size = a.size.max(b.size);
        match (a.class, b.class) {
            (Class::Han, Class::Latin) | (Class::Latin, Class::Han) => MIXED_GAP * size,
            (Class::Close, Class::Close | Class::Open) | (Class::Open, Class::Open) => -0.5 * size,
            // A dot that has spaces around it is wide enough without its own margins.
            (Class::Space, Class::Other) if b.ch == '·' => -0.3 * size,
            (Class::Other, Class::Space) if a.ch == '·' => -0.3 * size,
            // Two dashes are one line.
            _ if (a.ch, b.ch) == ('—', '—') => -0.144 * size,
            _ => 0.0,
        }
    }

    /// What a line that ends with this atom does not count: the empty half of closing punctuation, a space.
    fn tail(&self, index: usize) -> f32 {
        match self.atoms[index].class {
            Class::Close => 0.5 * self.atoms[index].size,
            Class::Space => self.atoms[index].advance,
            _ => 0.0,
        }
    }

    /// How far a line that begins with this atom moves left: the empty half of opening punctuation.
    fn lead(&self, index: usize) -> f32 {
        match self.atoms.get(index) {
            Some(atom) if atom.class == Class::Open => 0.5 * atom.size,
            _ => 0.0,
        }
    }

    /// Width of atoms `from..to` as a line, not justified.
    pub fn width(&self, from: usize, to: usize) -> f32 {
        let to = self.trim(from, to);
        if from >= to {
            return 0.0;
        }
        let glyphs: f32 = self.atoms[from..to].iter().map(|atom| atom.advance).sum();
        let gaps: f32 = (from..to - 1).map(|i| self.between(i)).sum();
        glyphs + gaps - self.lead(from) - self.tail(to - 1)
    }

    fn trim(&self, from: usize, mut to: usize) -> usize {
        while to > from && self.atoms[to - 1].class == Class::Space {
            to -= 1;
        }
        to
    }

    /// Widest line when only forced breaks count.
    pub fn natural_width(&self) -> f32 {
        let mut widest = 0.0_f32;
        let mut from = 0;
        for to in 0..=self.atoms.len() {
            if to == self.atoms.len() || self.atoms[to].class == Class::Newline {
                widest = widest.max(self.width(from, to));
                from = to + 1;
            }
        }
        widest
    }

    /// Widest piece that holds no place to break.
    pub fn token_width(&self) -> f32 {
        let mut widest = 0.0_f32;
        let mut from = 0;
        for to in 1..=self.atoms.len() {
            if to == self.atoms.len() || self.atoms[to].break_before {
                widest = widest.max(self.width(from, to));
                from = to;
            }
        }
        widest
    }

    /// Breaks into lines at most `room` wide.
    pub fn lines(&self, room: f32) -> Vec<Line> {
        let mut out = Vec::new();
        let count = self.atoms.len();
        let mut from = 0;
        while from < count {
            let (to, forced) = self.fill(from, room);
            let next = if forced { to + 1 } else { self.skip_spaces(to) };
            out.push(Line {
                from,
                to,
                last: forced || next >= count,
            });
            from = next;
        }
        if out.is_empty() {
            out.push(Line {
                from: 0,
                to: 0,
                last: true,
            });
        }
        out
    }

    fn skip_spaces(&self, mut at: usize) -> usize {
        while self.atoms.get(at).is_some_and(|atom| atom.class == Class::Space) {
            at += 1;
        }
        at
    }

    /// End of the line that begins at `from`, and whether a forced break ends it.
    fn fill(&self, from: usize, room: f32) -> (usize, bool) {
        let mut pen = -self.lead(from);
        let mut fits = None;
        for index in from..self.atoms.len() {
            let atom = &self.atoms[index];
            if atom.class == Class::Newline {
                return (index, true);
            }
            if index > from && atom.break_before {
                fits = Some(index);
            }
            let end = pen + atom.advance - self.tail(index);
            if end > room + 0.01 && index > from {
                return (self.overflow(from, index, fits, room), false);
            }
            pen += atom.advance;
            if index + 1 < self.atoms.len() {
                pen += self.between(index);
            }
        }
        (self.atoms.len(), false)
    }

    /// Where to break when the atom at `index` does not fit: at the last place allowed, or inside a piece that would
    /// not fit on a line of its own either.
    fn overflow(&self, from: usize, index: usize, fits: Option<usize>, room: f32) -> usize {
        let start = fits.unwrap_or(from);
        let next = (index + 1..self.atoms.len())
            .find(|&i| self.atoms[i].break_before || self.atoms[i].class == Class::Newline)
            .unwrap_or(self.atoms.len());
        if let Some(at) = fits
            && self.width(start, next) <= room
        {
            return at;
        }
        let legal = |i: &usize| !never_first(self.atoms[*i].ch) && !never_last(self.atoms[*i - 1].ch);
        let split = (start + 1..=index).rev().find(legal).unwrap_or(index);
        // A stub of two or three characters before the break looks like a mistake.
        match fits {
            Some(at) if split < at + 4 => at,
            _ => split,
        }
    }

    /// Draws a line into `room`.
    pub fn place(&self, line: Line, room: f32, align: Align, justify: bool) -> Placed {
        let to = self.trim(line.from, line.to);
        let free = room - self.width(line.from, to);
        let stretch = if justify && !line.last && align == Align::Left {
            self.stretch(line.from, to, free)
        } else {
            0.0
        };
        let start = match align {
            Align::Left => 0.0,
            Align::Center => (free / 2.0).max(0.0),
            Align::Right => free.max(0.0),
        };
        let mut pen = start - self.lead(line.from);
        let mut pencil = Pencil::new(self);
        for index in line.from..to {
            let atom = &self.atoms[index];
            let mut after = 0.0;
            if index + 1 < to {
                after = self.between(index) + stretch * self.weight(index);
            }
            let silent = self.atoms.get(index + 1).is_none_or(|next| next.class != Class::Space);
            pencil.decorate(atom, pen);
            pencil.draw(atom, pen, after, silent);
            pen += atom.advance + after;
        }
        // The space at which a line breaks is not seen, yet it parts two words for whoever reads or copies them.
        let space = self.atoms.get(to).filter(|atom| atom.ch == ' ');
        if let Some(space) = space.filter(|_| to > line.from && !line.last) {
            pencil.draw(space, pen, 0.0, true);
        }
        pencil.finish()
    }

    /// How readily the gap after an atom takes extra space.
    fn weight(&self, index: usize) -> f32 {
        let (a, b) = (&self.atoms[index], &self.atoms[index + 1]);
        let chinese = |class| matches!(class, Class::Han | Class::Open | Class::Close);
        let whole = |atom: &Atom| atom.boxed.is_some_and(|boxed| self.boxes[boxed].1);
        match (a.class, b.class) {
            _ if whole(a) && whole(b) => 0.0,
            _ if (a.ch, b.ch) == ('—', '—') => 0.0,
            (Class::Space, _) => SPACE_WEIGHT,
            (_, Class::Space) => 0.0,
            (x, y) if chinese(x) || chinese(y) => 1.0,
            _ => 0.0,
        }
    }

    /// Extra space per unit of weight that fills the line; none when it would tear it apart.
    fn stretch(&self, from: usize, to: usize, free: f32) -> f32 {
        if free <= 0.0 || to < from + 2 {
            return 0.0;
        }
        let weight: f32 = (from..to - 1).map(|i| self.weight(i)).sum();
        let size = self.atoms[from].size;
        if weight <= 0.0 || free / weight > MOST_STRETCH * size {
            0.0
        } else {
            free / weight
        }
    }
}

/// Gathers atoms into runs, boxes and links.
struct Pencil<'a> {
    shaped: &'a Shaped,
    runs: Vec<Run>,
    /// Box, left, right, size.
    boxes: Vec<(usize, f32, f32, f32)>,
    /// Link, left, right, size, colour.
    links: Vec<(usize, f32, f32, f32, Color)>,
    notes: Vec<u32>,
}

impl<'a> Pencil<'a> {
    fn new(shaped: &'a Shaped) -> Self {
        Self {
            shaped,
            runs: Vec::new(),
            boxes: Vec::new(),
            links: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Stretches the box and the link of an atom over it.
    fn decorate(&mut self, atom: &Atom, x: f32) {
        let end = x + atom.advance;
        if let Some(boxed) = atom.boxed {
            match self.boxes.last_mut() {
                Some(last) if last.0 == boxed => last.2 = end,
                _ => self.boxes.push((boxed, x, end, atom.size)),
            }
        }
        if let Some(link) = atom.link {
            match self.links.last_mut() {
                Some(last) if last.0 == link => last.2 = end,
                _ => self.links.push((link, x, end, atom.size, atom.color)),
            }
        }
        if let Some(number) = atom.note
            && self.notes.last() != Some(&number)
        {
            self.notes.push(number);
        }
    }

    fn draw(&mut self, atom: &Atom, x: f32, after: f32, silent: bool) {
        if atom.ch == '\0' {
            return;
        }
        let tag = self.shaped.tag_of(atom);
        let continues = self.runs.last().is_some_and(|run| {
            (run.face, run.size, run.color, run.tag) == (atom.face, atom.size, atom.color, tag) && run.y == -atom.rise
        });
        // A margin moves the pen without a glyph: the run ends there.
        let gap = self.runs.last().map_or(0.0, |run| x - run_end(run));
        if !continues || gap.abs() > 0.02 {
            let run = Run {
                face: atom.face,
                size: atom.size,
                x,
                y: -atom.rise,
                color: atom.color,
                glyphs: Vec::new(),
                tag,
            };
            self.runs.push(run);
        }
        // Space that is not a space belongs to the glyph's advance, so that no reader takes it for one; and what is
        // squeezed is a narrow glyph, so that none takes it for two texts that overlap.
        let mille = after / atom.size * 1000.0;
        let wide = if mille.abs() > 60.0 && silent {
            (mille / 50.0).floor() * 50.0
        } else {
            0.0
        };
        let advance = atom.advance / atom.size * 1000.0;
        if let Some(run) = self.runs.last_mut() {
            run.glyphs.push(RunGlyph {
                id: atom.id,
                ch: atom.ch,
                wide: wide as i16,
                kern: mille - wide,
                advance,
            });
        }
    }

    fn finish(self) -> Placed {
        let shaped = self.shaped;
        let mut items = Vec::new();
        for (boxed, from, to, size) in self.boxes {
            let color = shaped.boxes.get(boxed).map_or(Color::WHITE, |b| b.0);
            let area = (from, -size * 1.02, to - from, size * 1.36);
            items.push(Item::rect(area, size * 0.22, Some(color), None).tagged(shaped.tag));
        }
        items.extend(self.runs.into_iter().map(Item::Text));
        items.extend(self.notes.into_iter().map(Item::Note));
        let mut links = Vec::new();
        for (link, from, to, size, color) in self.links {
            let y = size * 0.19;
            let element = shaped.link_elements.get(link).copied();
            let tag = element.map_or(shaped.tag, Tag::Element);
            items.push(Item::line((from, y), (to, y), Stroke::solid(color.tint(0.5), 0.5)).tagged(tag));
            let (Some(target), Some(element)) = (shaped.links.get(link), element) else {
                continue;
            };
            let target = match target.strip_prefix('#') {
                Some(anchor) => Target::Anchor(anchor.to_owned()),
                None => Target::Uri(target.clone()),
            };
            links.push(Link {
                area: (from, -size, to - from, size * 1.3),
                target,
                element,
            });
        }
        Placed { items, links }
    }
}

fn run_end(run: &Run) -> f32 {
    run.x + run.glyphs.iter().map(RunGlyph::step).sum::<f32>() * run.size / 1000.0
}

#[cfg(test)]
mod tests;
