//! Template sources, made ready for minijinja: where Markdown and template syntax would get in each other's way.

/// Rewrites `text` line by line, keeping line numbers:
///
/// * the body of a data directive is wrapped in `{% autoescape 'json' %}`, so `title: {{ name }}` is right there as it
///   stands, whatever the name contains;
/// * a line of nothing but tags or comments leaves no empty line behind, which would end a table (the engine's own
///   `trim_blocks` would also join paragraphs after an `{% endif %}` within a line);
/// * `{#id}` at the end of a heading is an id, not the start of a comment.
pub(super) fn prepare(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 128);
    let mut fences: Vec<Fence> = Vec::new();
    let mut skip: Option<&str> = None;
    let mut json_starts = false;
    for line in text.split_inclusive('\n') {
        if let Some(end) = skip {
            skip = (!line.contains(end)).then_some(end);
            out.push_str(line);
            continue;
        }
        if std::mem::take(&mut json_starts) {
            out.push_str("{% autoescape 'json' %}");
        }
        let body = line.trim();
        let (mark, width) = fence(body);
        match fences.last() {
            Some(open) if open.mark == mark && width >= open.width && body.len() == width => {
                if open.json {
                    out.push_str("{% endautoescape %}");
                }
                fences.pop();
            }
            Some(open) if !open.nests => {}
            _ if width >= 3 => {
                let name = body[width..].split_whitespace().next().unwrap_or_default();
                json_starts = is_data(name);
                fences.push(Fence {
                    mark,
                    width,
                    json: json_starts,
                    nests: name == "callout",
                });
            }
            _ => {}
        }
        match heading_id(line) {
            Some(at) => {
                out.push_str(&line[..at]);
                out.push_str("{% raw %}{#{% endraw %}");
                out.push_str(&line[at + 2..]);
            }
            None => {
                match only_tags(line) {
                    Some((tags, end)) => {
                        out.push_str(tags);
                        out.push('\n');
                        out.push_str(end);
                    }
                    None => out.push_str(line),
                }
                skip = left_open(line);
            }
        }
    }
    // An include on a line of its own has given its line break away.
    if !out.ends_with('\n') && !out.is_empty() {
        out.push('\n');
    }
    // A fence without an end is the Markdown reader's to report.
    if !json_starts {
        fences
            .iter()
            .filter(|fence| fence.json)
            .for_each(|_| out.push_str("{% endautoescape %}"));
    }
    out
}

struct Fence {
    mark: char,
    width: usize,
    json: bool,
    /// Its body is Markdown again.
    nests: bool,
}

/// The mark a line starts with and how often, when it may be a fence.
fn fence(line: &str) -> (char, usize) {
    match line.chars().next() {
        Some(mark @ ('`' | '~')) => (mark, line.chars().take_while(|c| *c == mark).count()),
        _ => (' ', 0),
    }
}

fn is_data(name: &str) -> bool {
    !name.is_empty() && name != "callout" && super::super::markdown::DIRECTIVES.contains(&name)
}

/// Where `{#` of a heading's id stands.
fn heading_id(line: &str) -> Option<usize> {
    let at = line.rfind("{#")?;
    let id = line[at..].trim_end();
    (line.trim_start().starts_with('#') && id.ends_with('}') && !id.contains("#}") && !id.contains(' ')
        || line.trim_start().starts_with('#') && id.ends_with("}}}"))
    .then_some(at)
}

/// What ends the comment or raw block that `line` leaves open.
fn left_open(line: &str) -> Option<&'static str> {
    let open = |start: &str, end: &str| line.rfind(start).is_some_and(|at| !line[at..].contains(end));
    if open("{#", "#}") {
        return Some("#}");
    }
    (open("{% raw", "endraw") || open("{%- raw", "endraw")).then_some("endraw")
}

/// A line of nothing but tags, cut before the end mark of the last: a line break there is inside the tag.
fn only_tags(line: &str) -> Option<(&str, &str)> {
    let tags = line.strip_suffix('\n')?.trim();
    if tags.contains("endblock") && tags.contains(" block ") {
        return None; // the block's content will stand on this line
    }
    let mut rest = tags;
    let mut end = "";
    while !rest.is_empty() {
        end = match rest.get(..2)? {
            "{%" => "%}",
            "{#" => "#}",
            _ => return None,
        };
        rest = rest[rest.find(end)? + end.len()..].trim_start();
    }
    let cut = tags.len().checked_sub(end.len()).filter(|_| !end.is_empty())?;
    let cut = if tags[..cut].ends_with(['-', '+']) {
        cut - 1
    } else {
        cut
    };
    Some(tags.split_at(cut))
}
