use proptest::prelude::*;

use super::*;
use crate::report::{
    document::{Inline, Tone},
    pdf::{
        fonts::Fonts,
        missing::Missing,
        shape::{TextStyle, shape},
    },
    theme::Theme,
};

fn shaped(inlines: &[Inline]) -> Shaped {
    let theme = Theme::default();
    let style = TextStyle::plain(10.0, theme.ink);
    shape(inlines, style, Fonts::get().unwrap(), &theme, &mut Missing::default())
}

fn broken(inlines: &[Inline], room: f32) -> Vec<String> {
    let shaped = shaped(inlines);
    let text = |line: Line| {
        shaped.atoms[line.from..line.to]
            .iter()
            .map(|a| a.ch)
            .filter(|c| *c != '\0')
            .collect()
    };
    shaped.lines(room).into_iter().map(text).collect()
}

const PROSE: &str = "企业在“数字化管理”方面（含ERP、MES等系统），已完成《数据安全管理办法》的编制；设备联网率达到85.6%，\
    高于行业平均水平——但仍有差距：采购、仓储、物流……均未打通！请见https://example.com/a/very/long/path?x=1；单耗0.35 kgce/t，\
    CO₂排放1 200 t。他问：“是否达标？”“未达标。”";

#[test]
fn no_line_begins_or_ends_with_the_wrong_mark() {
    for room in (30..400).step_by(7) {
        let lines = broken(&[Inline::Text(PROSE.into())], room as f32);
        assert_eq!(lines.concat().replace(' ', ""), PROSE.replace(' ', ""));
        for line in lines {
            assert!(
                !line.starts_with(['，', '。', '、', '；', '：', '？', '！', '）', '》', '”']),
                "{room}: {line}"
            );
            assert!(!line.ends_with(['（', '《', '“']), "{room}: {line}");
        }
    }
}

#[test]
fn lines_fit_and_justified_ones_fill() {
    let shaped = shaped(&[Inline::Text(PROSE.into())]);
    for room in [120.0, 200.0, 331.0] {
        for line in shaped.lines(room) {
            assert!(shaped.width(line.from, line.to) <= room + 0.1);
            let placed = shaped.place(line, room, Align::Left, true);
            let Some(Item::Text(run)) = placed.items.iter().rfind(|i| matches!(i, Item::Text(_))) else {
                panic!()
            };
            let last = run.glyphs.last().unwrap();
            let tail = if Class::of(last.ch) == Class::Close { 5.0 } else { 0.0 };
            assert!(run_end(run) - tail <= room + 0.1, "{} > {room}", run_end(run));
        }
    }
}

#[test]
fn words_and_labels_stay_whole_but_hashes_split() {
    let lines = broken(&[Inline::Text("已部署MES系统与ERP系统".into())], 50.0);
    assert!(lines.iter().all(|l| !l.ends_with(['M', 'E', 'R'])), "{lines:?}");
    let hash = "a3f5c1".repeat(12);
    let lines = broken(&[Inline::Text(format!("摘要{hash}"))], 100.0);
    assert!(lines.len() > 3, "{lines:?}");
    let badge = Inline::Badge {
        tone: Tone::Good,
        text: "达到引领值".into(),
    };
    let lines = broken(
        &[
            Inline::Text("单位产品能耗水平".into()),
            badge,
            Inline::Text("，继续".into()),
        ],
        100.0,
    );
    assert!(lines.iter().any(|l| l.contains("达到引领值")), "{lines:?}");
}

proptest! {
    #[test]
    fn nothing_is_lost_and_no_loop_hangs(text in "[甲乙，。（）“”a-c0-9 /—…]{0,60}", room in 1.0_f32..120.0) {
        let joined = broken(&[Inline::Text(text.clone())], room).concat();
        prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
    }
}
