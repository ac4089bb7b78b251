//! A run: look at all inputs, name their reports, make those that are not there yet.
//!
//! Every input is read twice, once for its name and once for its report: what is kept in between is a line each, so that a
//! thousand enterprises take no more memory than a few.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use super::input::Input;
use super::manifest::{Entry, Manifest};
use super::names::{self, Wish};
use super::{Failure, Finished, Options, Outcome, Record, State, pool, summary};
use crate::atomic;
use crate::diagnosis;
use crate::digest::Digest;
use crate::report::format::Format;
use crate::report::photos;
use crate::seal::Order;

/// Where a run stands, told after every input.
#[derive(Debug, Clone, Copy)]
pub enum Progress<'a> {
    /// So many inputs of so many have been looked at.
    Read(usize, usize),
    /// So many of so many are done; the last one.
    Done(usize, usize, &'a Outcome),
}

/// What is known of an input after the first look.
struct Seen {
    enterprise: String,
    uscc: Option<String>,
    date: String,
    digest: String,
}

/// An input whose reports have a name.
struct Job<'a> {
    input: &'a Input,
    seen: &'a Seen,
    name: String,
    made_of: String,
}

/// What came of a job.
struct Made {
    state: State,
    entry: Entry,
    no_photos: Vec<String>,
}

/// Makes the reports and the summary. Errors mean that the directory cannot be used.
pub fn run(
    inputs: &[Input],
    options: &Options,
    stop: &AtomicBool,
    on: &mut dyn FnMut(Progress),
) -> Result<Finished, String> {
    std::fs::create_dir_all(options.out)
        .map_err(|error| format!("建不了目录 {}：{}", options.out.display(), atomic::why(&error)))?;
    let mut manifest = Manifest::open(options.out)?;
    let looks = look(inputs, options, stop, on)?;
    if stop.load(Ordering::Relaxed) {
        // Nothing was begun, so nothing is known about any of them.
        return Ok(Finished {
            outcomes: Vec::new(),
            not_done: inputs.len(),
            warnings: Vec::new(),
            left_over: Vec::new(),
        });
    }
    let mut outcomes = Vec::new();
    let mut seen = Vec::new();
    for (input, look) in inputs.iter().zip(&looks) {
        match look {
            Ok(look) => seen.push((input, look)),
            Err(failure) => outcomes.push(failed(input, failure.clone())),
        }
    }
    let mut warnings = twice(&seen);
    let jobs = jobs(inputs, seen, &manifest, options, &mut warnings);
    let total = inputs.len();
    for (index, outcome) in outcomes.iter().enumerate() {
        on(Progress::Done(index + 1, total, outcome));
    }
    let mut unwritten = None;
    let known = manifest.entries.clone();
    let work = |job: &Job| make(job, known.get(&job.name), options);
    pool::each(&jobs, options.jobs, stop, work, |index, made| {
        let job = &jobs[index];
        let made = made.unwrap_or_else(|| Err(Failure::new("程序内部错误，请把评估文件发给开发者")));
        let outcome = match made {
            Ok(Made {
                state,
                entry,
                no_photos,
            }) => {
                let outcome = Outcome {
                    input: job.input.name.clone(),
                    state,
                    record: Some(entry.record.clone()),
                    reports: options.formats.iter().map(|format| entry.file(format.name())).collect(),
                    no_photos,
                };
                if known.get(&job.name) != Some(&entry)
                    && let Err(error) = manifest.add(entry)
                {
                    // Without it reports are made again, which is no harm; but a full disk should be known at once.
                    unwritten.get_or_insert(error);
                    stop.store(true, Ordering::Relaxed);
                }
                outcome
            }
            Err(failure) => failed(job.input, failure),
        };
        outcomes.push(outcome);
        if let Some(outcome) = outcomes.last() {
            on(Progress::Done(outcomes.len(), total, outcome));
        }
    })
    .map_err(|error| format!("开不了线程：{error}"))?;
    let cannot = |error: std::io::Error| format!("写不进 {}：{}", options.out.display(), atomic::why(&error));
    if let Some(error) = unwritten {
        return Err(cannot(error));
    }
    manifest.finish().map_err(cannot)?;
    let not_done = total - outcomes.len();
    let mut finished = Finished {
        not_done,
        left_over: if not_done == 0 {
            left_over(&manifest, &outcomes, options)
        } else {
            Vec::new()
        },
        outcomes,
        warnings,
    };
    finished.outcomes.sort_by(|a, b| order(a).cmp(&order(b)));
    if finished.not_done == 0 {
        summary::write(&finished, options).map_err(cannot)?;
    }
    Ok(finished)
}

fn failed(input: &Input, failure: Failure) -> Outcome {
    Outcome {
        input: input.name.clone(),
        state: State::Failed(failure),
        record: None,
        reports: Vec::new(),
        no_photos: Vec::new(),
    }
}

/// Reports first, by enterprise; failures by file.
fn order(outcome: &Outcome) -> (bool, [&str; 4]) {
    let known = outcome.record.as_ref().map_or([""; 3], |record| {
        [
            &record.enterprise,
            &record.date,
            record.uscc.as_deref().unwrap_or_default(),
        ]
    });
    let [enterprise, date, uscc] = known;
    (outcome.record.is_none(), [enterprise, date, uscc, &outcome.input])
}

/// Reads every input for its name.
fn look(
    inputs: &[Input],
    options: &Options,
    stop: &AtomicBool,
    on: &mut dyn FnMut(Progress),
) -> Result<Vec<Result<Seen, Failure>>, String> {
    let mut looks: Vec<Option<Result<Seen, Failure>>> = inputs.iter().map(|_| None).collect();
    let work = |input: &Input| {
        input.read(options.catalog, options.today).map(|read| Seen {
            enterprise: read.loaded.assessment.enterprise.name,
            uscc: read.loaded.assessment.enterprise.uscc,
            date: read.loaded.assessment.date,
            digest: read.digest,
        })
    };
    let mut done = 0;
    pool::each(inputs, options.jobs, stop, work, |index, look| {
        looks[index] = look;
        done += 1;
        on(Progress::Read(done, inputs.len()));
    })
    .map_err(|error| format!("开不了线程：{error}"))?;
    let broken_down = || Err(Failure::new("程序内部错误，请把评估文件发给开发者"));
    Ok(looks.into_iter().map(|look| look.unwrap_or_else(broken_down)).collect())
}

/// Enterprises that are there twice on one day.
fn twice(seen: &[(&Input, &Seen)]) -> Vec<String> {
    let mut alike: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (input, seen) in seen {
        if let Some(uscc) = &seen.uscc {
            alike.entry((uscc, &seen.date)).or_default().push(&input.name);
        }
    }
    let twice = alike.into_iter().filter(|(_, inputs)| inputs.len() > 1);
    twice
        .map(|((uscc, date), inputs)| {
            format!(
                "同一家企业同一天有 {} 份（统一社会信用代码 {uscc}，{date}）：{}。都出了报告，请确认用哪一份。",
                inputs.len(),
                inputs.join("、")
            )
        })
        .collect()
}

/// Names the reports. A name that an earlier run gave to an input which is still there, but not part of this run, is not free.
fn jobs<'a>(
    inputs: &[Input],
    seen: Vec<(&'a Input, &'a Seen)>,
    manifest: &Manifest,
    options: &Options,
    warnings: &mut Vec<String>,
) -> Vec<Job<'a>> {
    let ours: BTreeSet<_> = inputs.iter().map(|input| &input.source).collect();
    let others = manifest
        .entries
        .values()
        .filter(|e| !ours.contains(&e.source) && e.source.exists());
    let taken: BTreeMap<String, &Entry> = others.map(|entry| (names::fold(&entry.name), entry)).collect();
    let wish = |(_, seen): &(&Input, &'a Seen)| Wish {
        enterprise: &seen.enterprise,
        date: &seen.date,
        uscc: seen.uscc.as_deref(),
    };
    let wishes: Vec<Wish> = seen.iter().map(wish).collect();
    let plain = names::assign(&wishes, &BTreeSet::new());
    let names = names::assign(&wishes, &taken.keys().cloned().collect());
    for (plain, name) in plain.iter().zip(&names).filter(|(plain, name)| plain != name) {
        if let Some(entry) = taken.get(&names::fold(plain)) {
            let whose = entry.source.display();
            warnings.push(format!(
                "“{plain}” 是 {whose} 的报告（不在这次的输入里），没有覆盖；这次的叫 “{name}”。"
            ));
        }
    }
    let job = |((input, seen), name): ((&'a Input, &'a Seen), String)| {
        let parts = [
            seen.digest.as_str(),
            options.catalog.digest.as_str(),
            env!("CARGO_PKG_VERSION"),
            options.template,
            if options.carried { "data" } else { "no data" },
        ];
        Job {
            input,
            seen,
            name,
            made_of: Digest::of_all(parts.map(str::as_bytes)).hex(),
        }
    };
    seen.into_iter().zip(names).map(job).collect()
}

/// Makes the reports that are not there.
fn make(job: &Job, known: Option<&Entry>, options: &Options) -> Result<Made, Failure> {
    let known = known.filter(|entry| entry.made_of == job.made_of && !options.force);
    let is_there = |end: &str| known.is_some_and(|entry| entry.is_whole(options.out, end));
    let wanted: Vec<Format> = options
        .formats
        .iter()
        .copied()
        .filter(|format| !is_there(format.name()))
        .collect();
    if let Some(entry) = known.filter(|_| wanted.is_empty()) {
        let mut entry = entry.clone();
        entry.source.clone_from(&job.input.source);
        return Ok(Made {
            state: State::Kept,
            entry,
            no_photos: Vec::new(),
        });
    }
    let read = job.input.read(options.catalog, options.today)?;
    if read.digest != job.seen.digest {
        return Err(Failure::new("处理时文件正在被改动，没有出报告；请重新运行"));
    }
    let diagnosis = diagnosis::diagnose(options.catalog, &read.loaded);
    let mut entry = Entry {
        name: job.name.clone(),
        made_of: job.made_of.clone(),
        source: job.input.source.clone(),
        reports: known.map(|entry| entry.reports.clone()).unwrap_or_default(),
        record: Record::of(&diagnosis),
    };
    let (photos, no_photos) = photos::read(&job.input.path, &read.loaded);
    let order = Order {
        catalog: options.catalog,
        loaded: &read.loaded,
        diagnosis: &diagnosis,
        template: options.template,
        folder: Some(options.folder),
        photos: &photos,
        since: None,
        carried: options.carried,
    };
    let made = order
        .files(&wanted)
        .map_err(|why| Failure::told("报告没有生成", &why))?;
    for (format, bytes) in wanted.iter().zip(made) {
        let file = entry.file(format.name());
        atomic::replace(&options.out.join(&file), &bytes)
            .map_err(|error| Failure::new(format!("写不进 {file}：{}", atomic::why(&error))))?;
        entry.reports.insert(format.name().to_owned(), Digest::of(&bytes).hex());
    }
    Ok(Made {
        state: State::Made,
        entry,
        no_photos,
    })
}

/// Reports of earlier runs that are no result of this one; of a run that was stopped nobody can tell.
fn left_over(manifest: &Manifest, outcomes: &[Outcome], options: &Options) -> Vec<String> {
    let ours: BTreeSet<&String> = outcomes.iter().flat_map(|outcome| &outcome.reports).collect();
    let all = manifest
        .entries
        .values()
        .flat_map(|entry| entry.reports.keys().map(|end| entry.file(end)));
    all.filter(|file| !ours.contains(file) && options.out.join(file).exists())
        .collect()
}
