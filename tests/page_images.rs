//! Pages as they look, beside how they looked when somebody last looked at them (`tests/pages/*.png`).
//!
//! `pdftoppm` draws them small and grey; fonts are drawn a little differently by each of its versions, so averages over small
//! squares are compared, not pixels. After a change that is meant: `UPDATE_PAGES=1 cargo test --test page_images`, then look
//! at the pictures.

#[allow(dead_code, reason = "the tests of the writer use all of it")]
#[path = "pdf/sample.rs"]
mod sample;

use std::path::{Path, PathBuf};
use std::process::Command;

use image::GrayImage;
use qizhen::catalog::Catalog;
use qizhen::diagnosis;
use qizhen::report::theme::Theme;
use qizhen::report::{self, Request, pdf};

/// Dots per inch: enough to see a line of text as a grey bar.
const RESOLUTION: &str = "36";
/// Side of the squares whose averages are compared, in pixels: 5 mm.
const SQUARE: u32 = 7;
/// How far the average of a square may be off, of 255: a missing word is more, another way to smooth edges is less.
const TOLERANCE: i32 = 20;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name)
}

/// The pages of a PDF as pictures; `None` without `pdftoppm`.
fn pages(pdf: &[u8]) -> Option<Vec<GrayImage>> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("report.pdf");
    std::fs::write(&file, pdf).unwrap();
    let drawn = Command::new("pdftoppm")
        .args(["-gray", "-png", "-r", RESOLUTION])
        .arg(&file)
        .arg(dir.path().join("page"))
        .status();
    let Ok(status) = drawn else {
        eprintln!("pdftoppm is not installed: pages are not looked at");
        return None;
    };
    assert!(status.success());
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    files.sort();
    let picture = |path: &PathBuf| image::open(path).unwrap().into_luma8();
    Some(files.iter().map(picture).collect())
}

/// Average of every square, row by row.
fn squares(page: &GrayImage) -> Vec<i32> {
    let mut out = Vec::new();
    for top in (0..page.height()).step_by(SQUARE as usize) {
        for left in (0..page.width()).step_by(SQUARE as usize) {
            let (right, bottom) = ((left + SQUARE).min(page.width()), (top + SQUARE).min(page.height()));
            let pixels = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
            let (sum, count) = pixels.fold((0, 0), |(sum, count), (x, y)| {
                (sum + i32::from(page.get_pixel(x, y).0[0]), count + 1)
            });
            out.push(sum / count);
        }
    }
    out
}

/// Where two pages differ, in squares from the left and the top; `None` for pages of different size.
fn differences(page: &GrayImage, golden: &GrayImage) -> Option<Vec<(usize, usize)>> {
    if page.dimensions() != golden.dimensions() {
        return None;
    }
    let across = page.width().div_ceil(SQUARE) as usize;
    let far =
        |(index, (a, b)): (usize, (i32, i32))| ((a - b).abs() > TOLERANCE).then_some((index % across, index / across));
    Some(
        squares(page)
            .into_iter()
            .zip(squares(golden))
            .enumerate()
            .filter_map(far)
            .collect(),
    )
}

fn look(name: &str, pdf: &[u8]) {
    let Some(pages) = pages(pdf) else { return };
    let update = std::env::var_os("UPDATE_PAGES").is_some();
    let mut wrong = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let path = golden(&format!("{name}-{:02}.png", index + 1));
        if update {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            page.save(&path).unwrap();
            continue;
        }
        let Ok(known) = image::open(&path) else {
            wrong.push(format!("{} is new", path.display()));
            continue;
        };
        match differences(page, &known.into_luma8()) {
            None => wrong.push(format!("{}: another size", path.display())),
            Some(squares) if !squares.is_empty() => {
                wrong.push(format!(
                    "{}: {} squares, first {:?}",
                    path.display(),
                    squares.len(),
                    squares[0]
                ));
            }
            Some(_) => {}
        }
    }
    let next = golden(&format!("{name}-{:02}.png", pages.len() + 1));
    if next.exists() {
        wrong.push(format!("{} is gone", next.display()));
    }
    assert!(wrong.is_empty(), "pages look different: {wrong:#?}");
}

#[test]
fn the_sample_of_every_block_looks_as_it_did() {
    look("sample", &pdf::render(&sample::document(), &Theme::default()).unwrap());
}

#[test]
fn the_two_pages_for_a_director_look_as_they_did() {
    let catalog = Catalog::load(None).unwrap();
    let text = std::fs::read_to_string("examples/pump-maker.assessment.yaml").unwrap();
    let loaded = diagnosis::read(&catalog, "pump-maker", &text, "2026-12-31").unwrap();
    let diagnosis = diagnosis::diagnose(&catalog, &loaded);
    let made = report::make(&Request::new(&catalog, &diagnosis, "brief")).unwrap();
    look("brief", &made.pdf().unwrap());
}

#[test]
fn a_missing_word_is_seen_and_another_way_of_smoothing_is_not() {
    let page = GrayImage::from_fn(280, 420, |x, y| {
        image::Luma([if (x / 3 + y / 2) % 3 == 0 { 90 } else { 255 }])
    });
    let smoother = GrayImage::from_fn(280, 420, |x, y| {
        let grey = i32::from(page.get_pixel(x, y).0[0]);
        image::Luma([(grey + if grey > 128 { -10 } else { 25 }) as u8])
    });
    assert_eq!(differences(&page, &smoother), Some(Vec::new()));
    let mut less = page.clone();
    for (x, y) in (100..114).flat_map(|x| (200..206).map(move |y| (x, y))) {
        less.put_pixel(x, y, image::Luma([255]));
    }
    assert!(!differences(&less, &page).unwrap().is_empty());
}
