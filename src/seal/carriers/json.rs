//! Two more fields at the end of a diagnosis. Worked on as text: reading numbers and writing them again would not always
//! give the same digits.

use super::Held;
use crate::seal;

const DATA: &str = ",\n  \"seal\": ";
const SIGNATURES: &str = ",\n  \"signatures\": ";
const END: &str = "\n}\n";

pub fn attach(body: &[u8], data: &[u8], signatures: Option<&[u8]>) -> Result<Vec<u8>, String> {
    let Some(start) = body.strip_suffix(END.as_bytes()) else {
        return Err("诊断结果的结尾不是单独一行的 }".to_owned());
    };
    let mut out = start.to_vec();
    for (open, content) in [(DATA, Some(data)), (SIGNATURES, signatures)] {
        if let Some(content) = content {
            out.extend_from_slice(open.as_bytes());
            out.extend_from_slice(content);
        }
    }
    out.extend_from_slice(END.as_bytes());
    Ok(out)
}

pub fn read(file: &[u8]) -> Held {
    written(file).or_else(|| rewritten(file)).unwrap_or_else(|| Held {
        body: file.to_vec(),
        ..Held::default()
    })
}

/// The fields where and as this program puts them: each on a line of its own, which nothing inside a JSON string can look
/// like.
fn written(file: &[u8]) -> Option<Held> {
    let text = std::str::from_utf8(file).ok()?;
    let at = text.rfind(DATA)?;
    let rest = text[at + DATA.len()..].strip_suffix(END)?;
    let (data, signatures) = match rest.split_once(SIGNATURES) {
        Some((data, signatures)) => (data, Some(signatures.as_bytes().to_vec())),
        None => (rest, None),
    };
    Some(Held {
        data: Some(data.as_bytes().to_vec()),
        signatures,
        body: [&text[..at], END].concat().into_bytes(),
        intact: false,
    })
}

/// The fields in a file that some other program has written again.
fn rewritten(file: &[u8]) -> Option<Held> {
    let value: serde_json::Value = serde_json::from_slice(file).ok()?;
    let field = |name: &str| value.get(name).and_then(|field| seal::canonical(field).ok());
    Some(Held {
        data: Some(field("seal")?),
        signatures: field("signatures"),
        body: file.to_vec(),
        intact: false,
    })
}
