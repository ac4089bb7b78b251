//! Where the words of a PDF stand, as pdftotext sees them: inside of the page, none over another.

use std::process::Command;

/// A word and the ink of its line: left, top, right, bottom, in points.
#[allow(dead_code, reason = "read by Debug")]
#[derive(Debug, Clone)]
pub struct Word {
    pub page: usize,
    pub text: String,
    pub area: [f32; 4],
}

/// Words of a PDF file with the size of the pages; `None` where pdftotext is not installed.
pub fn words(pdf: &std::path::Path) -> Option<(Vec<Word>, (f32, f32))> {
    let output = match Command::new("pdftotext").arg("-bbox").arg(pdf).arg("-").output() {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: pdftotext: {error}");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = |line: &str, name: &str| -> f32 {
        let from = line.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        from.split('"').next().and_then(|n| n.parse().ok()).unwrap_or(f32::NAN)
    };
    let (mut page, mut size, mut out) = (0, (0.0, 0.0), Vec::new());
    for line in said.lines().map(str::trim) {
        if line.starts_with("<page") {
            page += 1;
            size = (number(line, "width"), number(line, "height"));
        } else if line.starts_with("<word") {
            let text = line.split('>').nth(1).and_then(|rest| rest.split("</word").next());
            let (top, bottom) = (number(line, "yMin"), number(line, "yMax"));
            // The box reaches from ascender to descender of the font (1.16 and 0.29 em); the ink is what counts.
            let em = (bottom - top) / 1.448;
            let area = [
                number(line, "xMin"),
                top + 0.30 * em,
                number(line, "xMax"),
                bottom - 0.20 * em,
            ];
            let text = text.unwrap_or_default().to_owned();
            out.push(Word { page, text, area });
        }
    }
    assert!(!out.is_empty(), "no words");
    Some((out, size))
}

/// Words outside of the margins, and pairs of words that lie over one another.
pub fn faults(words: &[Word], (width, height): (f32, f32), margin: f32) -> Vec<String> {
    const HAIR: f32 = 0.8;
    let mut out = Vec::new();
    for word in words {
        let [left, top, right, bottom] = word.area;
        // Half of a full-width mark is empty; at the end of a line that half hangs into the margin.
        let half = |at: Option<char>, marks: &str| match at {
            Some(ch) if marks.contains(ch) => (bottom - top) * 0.6,
            _ => 0.0,
        };
        let hangs = half(word.text.chars().next(), "（《〈“‘「『【〔［｛");
        let ends = half(word.text.chars().last(), "，。、；：？！）》〉”’」』】〕］｝");
        let (from, to) = (margin - HAIR - hangs, width - margin + HAIR + ends);
        if left < from || right > to || top < 20.0 || bottom > height - 20.0 {
            out.push(format!("outside: {word:?}"));
        }
    }
    for page in words.chunk_by(|a, b| a.page == b.page) {
        // A dot between two words is one em wide and almost all empty.
        let mut page: Vec<&Word> = page.iter().filter(|word| word.text != "·").collect();
        page.sort_by(|a, b| a.area[1].total_cmp(&b.area[1]));
        for (index, a) in page.iter().enumerate() {
            for b in page[index + 1..].iter().take_while(|b| b.area[1] < a.area[3] - HAIR) {
                if a.area[0] < b.area[2] - HAIR && b.area[0] < a.area[2] - HAIR {
                    out.push(format!("one over another: {a:?} {b:?}"));
                }
            }
        }
    }
    out
}

#[test]
fn faults_are_found() {
    let word = |text: &str, area| Word {
        page: 1,
        text: text.to_owned(),
        area,
    };
    let sound = [
        word("甲", [70.0, 100.0, 80.0, 110.0]),
        word("乙", [80.5, 100.0, 90.0, 110.0]),
    ];
    assert!(faults(&sound, (595.0, 842.0), 62.0).is_empty());
    let over = [
        word("甲", [70.0, 100.0, 80.0, 110.0]),
        word("乙", [75.0, 105.0, 90.0, 115.0]),
    ];
    assert_eq!(faults(&over, (595.0, 842.0), 62.0).len(), 1);
    let outside = [
        word("甲", [500.0, 100.0, 560.0, 110.0]),
        word("乙", [70.0, 830.0, 90.0, 840.0]),
    ];
    assert_eq!(faults(&outside, (595.0, 842.0), 62.0).len(), 2);
}
