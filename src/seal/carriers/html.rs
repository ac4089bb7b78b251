//! Data blocks at the end of a page: `script` elements of a type that no browser runs, so the page's policy against
//! scripts need not change.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Held;
use crate::report::picture::Picture;

const DATA: &str = "<script type=\"application/json\" id=\"qizhen-data\">";
const SIGNATURES: &str = "<script type=\"application/json\" id=\"qizhen-signatures\">";
const CLOSE: &str = "</script>\n";
const END: &str = "</body>\n</html>\n";

pub fn attach(body: &[u8], data: &[u8], signatures: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let Some(start) = body.strip_suffix(END.as_bytes()) else {
        return Err("网页的结尾不是 </body></html>".to_owned());
    };
    let mut out = start.to_vec();
    for (open, content) in [(DATA, Some(data)), (SIGNATURES, signatures)] {
        if let Some(content) = content {
            for part in [open.as_bytes(), content, CLOSE.as_bytes()] {
                out.extend_from_slice(part);
            }
        }
    }
    out.extend_from_slice(END.as_bytes());
    Ok(out)
}

pub fn read(file: &[u8]) -> Held {
    let mut body = file.to_vec();
    // The last one: text of the report cannot hold such a tag, but whoever changed the file may have.
    let signatures = take(&mut body, SIGNATURES);
    let data = take(&mut body, DATA);
    Held {
        data,
        signatures,
        body,
        intact: false,
    }
}

fn take(body: &mut Vec<u8>, open: &str) -> Option<Vec<u8>> {
    let find = |text: &[u8], what: &str| text.windows(what.len()).position(|window| window == what.as_bytes());
    let at = body.windows(open.len()).rposition(|window| window == open.as_bytes())?;
    let from = at + open.len();
    let close = CLOSE.trim_end();
    let to = from + find(&body[from..], close)?;
    let mut end = to + close.len();
    if body.get(end) == Some(&b'\n') {
        end += 1;
    }
    let content = body[from..to].to_vec();
    body.drain(at..end);
    Some(content)
}

/// Pictures that stand in the page as addresses of their own.
pub fn pictures(file: &[u8]) -> Vec<Picture> {
    let text = String::from_utf8_lossy(file);
    let addresses = text
        .split("src=\"data:image/")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'));
    addresses
        .filter_map(|(address, _)| STANDARD.decode(address.split_once(";base64,")?.1).ok())
        .filter_map(|bytes| Picture::stored(&bytes).ok())
        .collect()
}

/// A line without its tags.
pub fn words(line: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for ch in line.chars() {
        match ch {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if inside => {}
            _ => out.push(ch),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
