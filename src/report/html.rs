//! A document as one HTML file: no script, no outside request, readable on a phone, printable.

use super::chart::Chart;
use super::document::{Block, Cover, Document, Inline, Meta, Tone, plain_text};
use super::escape::html as escape;
use super::theme::Theme;

mod block;
mod text;

const STYLE: &str = include_str!("html/style.css");

/// Nothing may load, run, be sent or framed; styles are the file's own.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// Renders `doc`; `chart_svg` draws a chart as an `<svg>` element, which is taken as it is.
pub fn render(doc: &Document, theme: &Theme, chart_svg: &dyn Fn(&Chart) -> String) -> String {
    let mut page = Page {
        out: String::with_capacity(64 << 10),
        chart_svg,
        theme,
        headings: headings(&doc.blocks),
    };
    page.head(&doc.meta);
    page.body(doc);
    page.out
}

/// A heading of the contents.
struct Entry {
    level: u8,
    id: String,
    text: String,
}

/// The file as far as it is written.
struct Page<'d> {
    out: String,
    chart_svg: &'d dyn Fn(&Chart) -> String,
    theme: &'d Theme,
    headings: Vec<Entry>,
}

fn headings(blocks: &[Block]) -> Vec<Entry> {
    let entry = |block: &Block| match block {
        Block::Heading { level, id, text } => Some(Entry {
            level: *level,
            id: id.clone(),
            text: plain_text(text).replace('\n', " "),
        }),
        _ => None,
    };
    blocks.iter().filter_map(entry).collect()
}

impl Page<'_> {
    fn push(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Text, escaped.
    fn text(&mut self, text: &str) {
        self.out.push_str(&escape(text));
    }

    /// `<name class>text</name>`, or nothing when there is no text.
    fn line(&mut self, name: &str, class: &str, text: &str) {
        if !text.is_empty() {
            self.push(&format!(
                "<{name} class=\"{class}\">{}</{name}>\n",
                escape(text).replace('\n', "<br>")
            ));
        }
    }

    fn head(&mut self, meta: &Meta) {
        self.push("<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n");
        self.push(&format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n"
        ));
        self.push("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        self.push("<meta name=\"referrer\" content=\"no-referrer\">\n");
        let keywords = meta.keywords.join(",");
        let named = [
            ("author", &meta.author),
            ("description", &meta.subject),
            ("keywords", &keywords),
            ("date", &meta.date),
        ];
        for (name, content) in named {
            if !content.is_empty() {
                self.push(&format!("<meta name=\"{name}\" content=\"{}\">\n", escape(content)));
            }
        }
        let title = if meta.title.is_empty() {
            "诊断报告"
        } else {
            &meta.title
        };
        self.push(&format!(
            "<title>{}</title>\n<style>\n{STYLE}{}</style>\n</head>\n",
            escape(title),
            own_colors(self.theme)
        ));
    }

    fn body(&mut self, doc: &Document) {
        self.push("<body>\n<a class=\"skip\" href=\"#qizhen-main\">跳到正文</a>\n");
        self.watermark(&doc.meta.watermark);
        let cover = doc.blocks.iter().position(|block| matches!(block, Block::Cover(_)));
        let toc = doc.blocks.iter().position(|block| matches!(block, Block::Toc { .. }));
        match cover.and_then(|at| doc.blocks.get(at)) {
            Some(Block::Cover(cover)) => self.cover(cover, "header", "h1"),
            _ if !doc.meta.title.is_empty() => {
                self.push("<header class=\"cover\"><div class=\"cover-in\">\n");
                self.line("h1", "title", &doc.meta.title);
                self.push("</div></header>\n");
            }
            _ => {}
        }
        self.push(if toc.is_some() {
            "<div class=\"page with-toc\">\n"
        } else {
            "<div class=\"page\">\n"
        });
        if let Some(Block::Toc { title, depth }) = toc.and_then(|at| doc.blocks.get(at)) {
            self.toc(title, *depth);
        }
        self.push("<main id=\"qizhen-main\">\n");
        let rest = doc
            .blocks
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != cover && Some(*at) != toc);
        self.sections(rest.map(|(_, block)| block));
        self.notes(&doc.blocks);
        self.push("</main>\n</div>\n");
        self.footer(&doc.meta);
        self.push("</body>\n</html>\n");
    }

    /// Blocks, a `<section>` around each chapter.
    fn sections<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>) {
        let mut open = false;
        for block in blocks {
            if let Block::Heading { level: 1, id, .. } = block {
                self.push(if open { "</section>\n" } else { "" });
                self.push(&format!("<section aria-labelledby=\"{}\">\n", escape(id)));
                open = true;
            }
            self.block(block);
        }
        self.push(if open { "</section>\n" } else { "" });
    }

    fn cover(&mut self, cover: &Cover, element: &str, title: &str) {
        self.push(&format!("<{element} class=\"cover\"><div class=\"cover-in\">\n"));
        if let Some(logo) = &cover.logo {
            let (uri, alt) = (logo.data_uri(), escape(&cover.kicker));
            self.push(&format!("<p class=\"logo\"><img src=\"{uri}\" alt=\"{alt}\"></p>\n"));
        }
        self.line("p", "kicker", &cover.kicker);
        self.line(title, "title", &cover.title);
        self.line("p", "subtitle", &cover.subtitle);
        if !cover.badges.is_empty() {
            self.push("<ul class=\"grades\">\n");
            for badge in &cover.badges {
                self.push(&format!("<li class=\"grade {}\">", tone_class(badge.tone)));
                self.line("span", "grade-label", &badge.label);
                self.line("strong", "grade-value", &badge.value);
                self.line("span", "grade-note", &badge.note);
                self.push("</li>\n");
            }
            self.push("</ul>\n");
        }
        if !cover.facts.is_empty() {
            self.push("<dl class=\"facts\">\n");
            for (label, value) in &cover.facts {
                self.push(&format!(
                    "<div><dt>{}</dt><dd>{}</dd></div>\n",
                    escape(label),
                    escape(value)
                ));
            }
            self.push("</dl>\n");
        }
        self.line("p", "cover-note", &cover.note);
        self.push(&format!("</div></{element}>\n"));
    }

    fn toc(&mut self, title: &str, depth: u8) {
        let label = if title.is_empty() { "目录" } else { title };
        self.push(&format!("<nav class=\"toc\" aria-label=\"{}\">\n", escape(label)));
        self.line("p", "toc-title", title);
        self.push("<ol>\n");
        for entry in std::mem::take(&mut self.headings) {
            if entry.level <= depth {
                let (level, id) = (entry.level, escape(&entry.id));
                self.push(&format!(
                    "<li class=\"l{level}\"><a href=\"#{id}\">{}</a></li>\n",
                    escape(&entry.text)
                ));
            }
        }
        self.push("</ol>\n</nav>\n");
    }

    fn watermark(&mut self, word: &str) {
        if !word.is_empty() {
            self.push("<div class=\"watermark\" aria-hidden=\"true\">");
            for _ in 0..3 {
                self.push(&format!("<span>{}</span>", escape(word)));
            }
            self.push("</div>\n");
        }
    }

    fn footer(&mut self, meta: &Meta) {
        let parts = [&meta.header_left, &meta.header_right, &meta.footer_left, &meta.date];
        if parts.iter().any(|part| !part.is_empty()) {
            self.push("<footer>\n");
            for part in parts {
                self.line("span", "foot", part);
            }
            self.push("</footer>\n");
        }
    }
}

/// Brand colours of a theme that has its own; the others are those of `style.css`.
fn own_colors(theme: &Theme) -> String {
    if theme.brand == Theme::default().brand {
        return String::new();
    }
    let deep = theme.brand.darkened(9.0);
    format!(
        ":root {{ --brand: {}; --brand-deep: {}; --wash: {}; }}\n",
        theme.brand.css(),
        deep.css(),
        theme.brand_pale.css()
    )
}

/// Class of a tone; `style.css` has its colours.
fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neutral",
        Tone::Info => "info",
        Tone::Good => "good",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    }
}
