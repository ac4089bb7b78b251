//! PDF objects as bytes; lopdf keeps its own way to itself.

use lopdf::{Dictionary, Object, StringFormat};

/// Appends an object.
pub fn put(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(value) => out.extend(value.to_string().into_bytes()),
        Object::Integer(value) => out.extend(value.to_string().into_bytes()),
        Object::Real(value) => out.extend(value.to_string().into_bytes()),
        Object::Name(name) => put_name(out, name),
        Object::String(text, format) => put_string(out, text, format),
        Object::Array(array) => {
            out.push(b'[');
            for (index, object) in array.iter().enumerate() {
                if index > 0 && bare(object) {
                    out.push(b' ');
                }
                put(out, object);
            }
            out.push(b']');
        }
        Object::Dictionary(dict) => put_dict(out, dict),
        Object::Stream(stream) => {
            put_dict(out, &stream.dict);
            out.extend(b"stream\n");
            out.extend(&stream.content);
            out.extend(b"\nendstream");
        }
        Object::Reference((number, generation)) => out.extend(format!("{number} {generation} R").into_bytes()),
    }
}

/// Begins with a letter or digit: must stand apart from what comes before.
fn bare(object: &Object) -> bool {
    matches!(
        object,
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_)
    )
}

fn put_dict(out: &mut Vec<u8>, dict: &Dictionary) {
    out.extend(b"<<");
    for (key, value) in dict {
        put_name(out, key);
        if bare(value) {
            out.push(b' ');
        }
        put(out, value);
    }
    out.extend(b">>");
}

fn put_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
            out.push(byte);
        } else {
            out.extend(format!("#{byte:02X}").into_bytes());
        }
    }
}

fn put_string(out: &mut Vec<u8>, text: &[u8], format: &StringFormat) {
    if *format == StringFormat::Hexadecimal {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        out.push(b'<');
        for byte in text {
            out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for &byte in text {
        match byte {
            b'(' | b')' | b'\\' => out.extend([b'\\', byte]),
            b'\r' => out.extend(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

#[cfg(test)]
mod tests {
    use lopdf::dictionary;

    use super::*;

    #[test]
    fn objects_are_written_as_they_are_read() {
        let object = Object::Dictionary(dictionary! {
            "A b" => vec![1.into(), Object::Real(-0.5), "N".into(), Object::Null, (3, 0).into(), true.into()],
            "S" => Object::string_literal("a(b\\c\r)"),
            "H" => Object::String(vec![0xfe, 0xff, 0x4f], StringFormat::Hexadecimal),
            "D" => dictionary! { "X" => 1 },
        });
        let mut out = Vec::new();
        put(&mut out, &object);
        let said = r"<</A#20b[1 -0.5/N null 3 0 R true]/S(a\(b\\c\r\))/H<FEFF4F>/D<</X 1>>>>";
        assert_eq!(String::from_utf8(out).unwrap(), said);
    }
}
