//! The colour profile of every page: sRGB as an ICC profile, version 2, made from the numbers of IEC 61966-2-1.

/// Points of the tone curve.
const CURVE: u32 = 1024;

/// The profile, two and a half kilobytes.
pub fn srgb() -> Vec<u8> {
    const NAME: &str = "sRGB IEC61966-2.1";
    // Media white and primaries, adapted to the D50 of the connection space.
    let white = xyz([0.9642, 1.0, 0.8249]);
    let curve = curve();
    let data: [(&[u8; 4], Vec<u8>); 7] = [
        (b"desc", description(NAME)),
        (b"cprt", text("No copyright, use freely")),
        (b"wtpt", white.clone()),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve),
    ];
    // The three channels share one curve.
    let shared: [&[u8; 4]; 2] = [b"gTRC", b"bTRC"];
    let entries = data.len() + shared.len();
    let mut table = (entries as u32).to_be_bytes().to_vec();
    let mut body = Vec::new();
    let start = 128 + 4 + 12 * entries;
    let mut last = (0, 0);
    for (tag, data) in &data {
        last = ((start + body.len()) as u32, data.len() as u32);
        entry(&mut table, tag, last);
        body.extend(data);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    for tag in shared {
        entry(&mut table, tag, last);
    }
    let mut out = header((start + body.len()) as u32, &white[8..]);
    out.extend(table);
    out.extend(body);
    out
}

fn header(size: u32, white: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out[..4].copy_from_slice(&size.to_be_bytes());
    out[8..12].copy_from_slice(&[2, 0x10, 0, 0]);
    out[12..24].copy_from_slice(b"mntrRGB XYZ ");
    // A date must be given: that of the standard.
    for (at, value) in [(24, 1999_u16), (26, 10), (28, 18)] {
        out[at..at + 2].copy_from_slice(&value.to_be_bytes());
    }
    out[36..40].copy_from_slice(b"acsp");
    out[68..80].copy_from_slice(white);
    out
}

fn entry(table: &mut Vec<u8>, tag: &[u8; 4], (offset, size): (u32, u32)) {
    table.extend(tag);
    table.extend(offset.to_be_bytes());
    table.extend(size.to_be_bytes());
}

fn fixed(value: f64) -> [u8; 4] {
    ((value * 65536.0).round() as i32).to_be_bytes()
}

fn xyz(values: [f64; 3]) -> Vec<u8> {
    let mut out = b"XYZ \0\0\0\0".to_vec();
    values.into_iter().for_each(|value| out.extend(fixed(value)));
    out
}

fn text(value: &str) -> Vec<u8> {
    [b"text\0\0\0\0", value.as_bytes(), b"\0"].concat()
}

fn description(value: &str) -> Vec<u8> {
    let mut out = b"desc\0\0\0\0".to_vec();
    out.extend((value.len() as u32 + 1).to_be_bytes());
    out.extend(value.as_bytes());
    // The end of the text, and no names in Unicode and for the Macintosh.
    out.resize(out.len() + 1 + 4 + 4 + 2 + 1 + 67, 0);
    out
}

fn curve() -> Vec<u8> {
    let mut out = b"curv\0\0\0\0".to_vec();
    out.extend(CURVE.to_be_bytes());
    for index in 0..CURVE {
        let encoded = f64::from(index) / f64::from(CURVE - 1);
        let linear = if encoded <= 0.040_45 {
            encoded / 12.92
        } else {
            ((encoded + 0.055) / 1.055).powf(2.4)
        };
        out.extend(((linear * 65535.0).round() as u16).to_be_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_is_whole() {
        let profile = srgb();
        let number = |at: usize| u32::from_be_bytes(profile[at..at + 4].try_into().unwrap()) as usize;
        assert_eq!(number(0), profile.len());
        let mut names = Vec::new();
        for index in 0..number(128) {
            let at = 132 + 12 * index;
            names.push(std::str::from_utf8(&profile[at..at + 4]).unwrap());
            let (offset, size) = (number(at + 4), number(at + 8));
            assert!(offset % 4 == 0 && offset + size <= profile.len());
        }
        assert_eq!(names.join(" "), "desc cprt wtpt rXYZ gXYZ bXYZ rTRC gTRC bTRC");
        // The primaries add up to white.
        for axis in 0..3 {
            let sum: usize = [3, 4, 5]
                .map(|tag| number(number(132 + 12 * tag + 4) + 8 + 4 * axis))
                .iter()
                .sum();
            let white = number(68 + 4 * axis);
            assert!(sum.abs_diff(white) < 20, "{axis}: {sum} {white}");
        }
    }
}
