//! Everything loaded from YAML, cross-checked, immutable: the data built into the program, overlaid by a directory.
//!
//! A file of the overlay with the same id as a built-in one replaces it; a new id adds to it.

mod advice;
pub mod files;

use std::path::Path;

use indexmap::IndexMap;

pub use files::Files;

use crate::advice::cases::Cases;
use crate::advice::matching::rules::{self as matching_rules, Rules};
use crate::advice::matching::{Index, Matcher};
use crate::advice::measures::{self, Capabilities, Measures};
use crate::advice::policies::Policy;
use crate::advice::providers::{self, PoolFile};
use crate::consistency;
use crate::enterprise::uscc;
use crate::facts::{self, FactDictionary};
use crate::links;
use crate::migration::{self, Migration};
use crate::questionnaire::{self, Questionnaire};
use crate::scoring::compile::compile;
use crate::scoring::plan::Plan;
use crate::scoring::rulebook::{self, Rulebook};
use crate::source::diagnostic::{self, Code, Diagnostic};
use crate::source::yaml::{Data, Node};
use crate::source::{At, SourceMap, Span, shape, validation, yaml};
use crate::units::Unit;

/// The loaded catalog.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// Every text that was read; spans point into it.
    pub sources: SourceMap,
    /// The fact dictionary.
    pub facts: FactDictionary,
    /// Questionnaires by standard, in the order in which they are reported.
    pub questionnaires: IndexMap<String, Questionnaire>,
    /// Compiled rulebooks by standard; one plan a preset, the default first.
    pub plans: IndexMap<String, Vec<Plan>>,
    /// File of each standard's rulebook in `sources`.
    pub rulebook_files: IndexMap<String, u32>,
    /// Measures by standard.
    pub measures: IndexMap<String, Measures>,
    /// Vocabulary of capabilities.
    pub capabilities: Capabilities,
    /// Provider pools.
    pub pools: Vec<PoolFile>,
    /// Policies and ways of finance.
    pub policies: Vec<Policy>,
    /// Cases, scenes and reference values.
    pub cases: Cases,
    /// How providers are matched.
    pub matching: Rules,
    /// The pools compiled for matching.
    pub provider_index: Index,
    /// Migrations between editions.
    pub migrations: Vec<Migration>,
    /// Checks of consistency.
    pub checks: Vec<consistency::Check>,
    /// Template sources by template and file name.
    pub templates: files::Templates,
    /// Digest of all texts: the same catalog has the same digest.
    pub digest: String,
}

/// A catalog that cannot be used, and why.
#[derive(Debug, Clone)]
pub struct Broken {
    /// What is wrong, sorted.
    pub problems: Vec<Diagnostic>,
    /// The texts.
    pub sources: SourceMap,
}

impl Catalog {
    /// Loads the built-in data, overlaid by a directory if one is given.
    pub fn load(overlay: Option<&Path>) -> Result<Catalog, Broken> {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let files = Files::read(overlay, &mut sources, &mut problems);
        Self::from_files(&files, sources, problems)
    }

    /// Loads the built-in data, overlaid by texts under their paths in a data directory.
    pub fn load_texts(texts: &[(&str, &str)]) -> Result<Catalog, Broken> {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let mut files = Files::read(None, &mut sources, &mut problems);
        files.overlay(texts, &mut sources);
        Self::from_files(&files, sources, problems)
    }

    fn from_files(files: &Files, sources: SourceMap, mut problems: Vec<Diagnostic>) -> Result<Catalog, Broken> {
        let mut loader = Loader {
            problems: &mut problems,
            damaged: Vec::new(),
            parsed: parse_all(&sources),
            rulebook_files: IndexMap::new(),
            unread: false,
            facts_whole: true,
            capabilities_whole: true,
        };
        let catalog = loader.load(files, &sources);
        diagnostic::sort(&mut problems);
        match catalog {
            Some(catalog) if !diagnostic::has_errors(&problems) => Ok(Catalog { sources, ..catalog }),
            _ => Err(Broken { problems, sources }),
        }
    }

    /// The plan of a standard under a preset; the default preset when none is named.
    pub fn plan(&self, standard: &str, preset: Option<&str>) -> Option<&Plan> {
        let plans = self.plans.get(standard)?;
        match preset {
            Some(id) => plans
                .iter()
                .find(|p| p.preset.as_ref().is_some_and(|(found, _)| found == id)),
            None => plans.first(),
        }
    }

    /// Reads a pool file against this catalog, without keeping it: the file and its warnings, or what is wrong with it.
    pub fn check_pool(&self, name: &str, text: &str) -> Result<(PoolFile, Broken), Broken> {
        let mut sources = SourceMap::default();
        let mut problems = Vec::new();
        let file = sources.add(name, text);
        let mut loader = Loader {
            problems: &mut problems,
            damaged: Vec::new(),
            parsed: Vec::new(),
            rulebook_files: IndexMap::new(),
            unread: false,
            facts_whole: true,
            capabilities_whole: true,
        };
        let node = loader.node(file, &sources, providers::SCHEMA);
        let read = node.and_then(|node| shape::read::<PoolFile>(&node, loader.problems));
        if let Some(read) = &read {
            loader.check_pool(read, &mut IndexMap::new(), &self.capabilities);
        }
        diagnostic::sort(&mut problems);
        match read {
            Some(read) if !diagnostic::has_errors(&problems) => Ok((read, Broken { problems, sources })),
            _ => Err(Broken { problems, sources }),
        }
    }

    /// Matches enterprises with the pools.
    pub fn matcher(&self) -> Matcher<'_> {
        Matcher {
            index: &self.provider_index,
            pools: &self.pools,
            capabilities: &self.capabilities,
            rules: &self.matching,
        }
    }

    /// Short title of a standard; its id when it is not there.
    pub fn short<'c>(&'c self, standard: &'c str) -> &'c str {
        self.questionnaires.get(standard).map_or(standard, |q| q.short.as_str())
    }

    /// Preset ids by standard.
    pub fn presets(&self) -> IndexMap<String, Vec<String>> {
        self.plans
            .iter()
            .map(|(id, plans)| {
                (
                    id.clone(),
                    plans
                        .iter()
                        .filter_map(|p| p.preset.as_ref().map(|(id, _)| id.clone()))
                        .collect(),
                )
            })
            .collect()
    }
}

struct Loader<'a> {
    problems: &'a mut Vec<Diagnostic>,
    /// Questionnaires that were not read whole: of their rulebooks only those mistakes are told that cannot follow from it.
    damaged: Vec<String>,
    /// Every file as a tree, by its number; taken out as it is read.
    parsed: Vec<Option<Parsed>>,
    /// File of each standard's rulebook.
    rulebook_files: IndexMap<String, u32>,
    /// A questionnaire could not be read at all, not even its id.
    unread: bool,
    /// Whether the dictionary of facts was read whole.
    facts_whole: bool,
    /// Whether the vocabulary of capabilities was read whole.
    capabilities_whole: bool,
}

type Parsed = Result<Node, Vec<Diagnostic>>;

/// Parses all files, on two threads: most of the time that a catalog takes is spent here.
fn parse_all(sources: &SourceMap) -> Vec<Option<Parsed>> {
    let texts: Vec<&str> = sources.iter().map(|source| &*source.text).collect();
    let is_data = |text: &str| text.lines().any(|line| line.starts_with("schema:"));
    let parse = |file: usize| is_data(texts[file]).then(|| yaml::parse(file as u32, texts[file]));
    // The largest files go first, each to the thread that has less to do.
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|file| std::cmp::Reverse(texts[*file].len()));
    let (mut shares, mut loads) = ([Vec::new(), Vec::new()], [0, 0]);
    for file in order {
        let lighter = usize::from(loads[1] < loads[0]);
        loads[lighter] += texts[file].len();
        shares[lighter].push(file);
    }
    let [mine, other] = shares;
    let run = |share: Vec<usize>| share.into_iter().map(|file| (file, parse(file))).collect::<Vec<_>>();
    let mut parsed: Vec<Option<Parsed>> = (0..texts.len()).map(|_| None).collect();
    std::thread::scope(|scope| {
        let handle = scope.spawn(|| run(other));
        for (file, result) in run(mine) {
            parsed[file] = result;
        }
        for (file, result) in handle.join().unwrap_or_default() {
            parsed[file] = result;
        }
    });
    parsed
}

impl Loader<'_> {
    fn load(&mut self, files: &Files, sources: &SourceMap) -> Option<Catalog> {
        let facts = self.facts(files, sources);
        let questionnaires = self.questionnaires(files, sources, &facts);
        let plans = self.plans(files, sources, &questionnaires);
        if self.damaged.is_empty() && !self.unread && plans.len() == questionnaires.len() {
            links::check(&questionnaires, &plans, &facts, self.problems);
        }
        let capabilities = self.capabilities(files, sources);
        let measures = self.measures(files, sources, &questionnaires, &plans, &capabilities);
        let pools = self.pools(files, sources, &capabilities);
        let policies = self.policies(files, sources, &questionnaires, &facts);
        let cases = self.cases(files, sources, &questionnaires, &facts, &capabilities);
        let matching = self.matching(files, sources);
        let migrations = self.migrations(files, sources, &questionnaires);
        let checks = self.checks(files, sources, &questionnaires, &facts);
        Some(Catalog {
            sources: SourceMap::default(),
            facts,
            questionnaires,
            plans,
            rulebook_files: std::mem::take(&mut self.rulebook_files),
            measures,
            provider_index: Index::compile(&pools, &capabilities, &matching),
            matching,
            capabilities,
            pools,
            policies,
            cases,
            migrations,
            checks,
            templates: files.templates.clone(),
            digest: files.digest(sources),
        })
    }

    /// Parses a file and checks its schema line.
    fn node(&mut self, file: u32, sources: &SourceMap, schema: &str) -> Option<Node> {
        let parsed = self.parsed.get_mut(file as usize).and_then(Option::take);
        let text = sources.get(file).map_or("", |s| &s.text);
        let node = match parsed.unwrap_or_else(|| yaml::parse(file, text)) {
            Ok(node) => node,
            Err(found) => {
                self.problems.extend(found);
                return None;
            }
        };
        match yaml::expect_schema(&node, schema) {
            Ok(()) => Some(node),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// The built-in dictionary and that of the overlay, whose facts replace those of the same id and add to the others.
    fn facts(&mut self, files: &Files, sources: &SourceMap) -> FactDictionary {
        let mut all = FactDictionary::default();
        for file in &files.facts {
            let before = self.problems.len();
            let read = self
                .node(*file, sources, facts::SCHEMA)
                .and_then(|node| shape::read::<FactDictionary>(&node, self.problems));
            self.facts_whole &= self.problems.len() == before;
            let Some(read) = read else { continue };
            self.check_facts(&read);
            all.facts
                .0
                .retain(|old| !read.facts.iter().any(|new| new.id.value == old.id.value));
            all.facts.0.extend(read.facts.0);
        }
        all
    }

    fn check_facts(&mut self, dictionary: &FactDictionary) {
        for (index, fact) in dictionary.facts.iter().enumerate() {
            if dictionary.facts[..index]
                .iter()
                .any(|other| other.id.value == fact.id.value)
            {
                let message = format!("事实 “{}” 重复", fact.id.value);
                self.problems
                    .push(Diagnostic::error(Code::DuplicateId, fact.id.span, message));
            }
            if let Err(error) = Unit::parse(&fact.unit) {
                let message = format!("事实 “{}” 的单位不对：{error}", fact.id.value);
                self.problems
                    .push(Diagnostic::error(Code::UnknownFact, fact.id.span, message));
            }
        }
    }

    fn questionnaires(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        facts: &FactDictionary,
    ) -> IndexMap<String, Questionnaire> {
        let mut all: IndexMap<String, (Questionnaire, Span, bool)> = IndexMap::new();
        for (file, overlay) in &files.questionnaires {
            let Some(node) = self.node(*file, sources, questionnaire::SCHEMA) else {
                self.unread = true;
                continue;
            };
            let before = self.problems.len();
            let read = shape::read::<Questionnaire>(&node, self.problems);
            if let Some(read) = &read {
                validation::check(read, &node, self.problems);
                questionnaire::check::check(read, facts, self.problems);
            }
            if self.problems.len() > before {
                match node.get("id").map(|n| &n.data) {
                    Some(Data::Str(id)) => self.damaged.push(id.clone()),
                    _ => self.unread = true,
                }
            }
            if !self.facts_whole {
                let found = self.problems.split_off(before);
                self.problems
                    .extend(found.into_iter().filter(|p| p.code != Code::UnknownFact));
            }
            let Some(read) = read else { continue };
            let (id, span) = (read.id.value.clone(), read.id.span);
            self.replace(&mut all, id, (read, span, *overlay), "标准");
        }
        let mut all: IndexMap<String, Questionnaire> = all.into_iter().map(|(id, (read, _, _))| (id, read)).collect();
        all.sort_by(|a, x, b, y| (x.domain, a).cmp(&(y.domain, b)));
        all
    }

    /// Puts a file under its id: an overlay replaces a built-in one, two of the same origin are a mistake.
    fn replace<T>(
        &mut self,
        all: &mut IndexMap<String, (T, Span, bool)>,
        id: String,
        new: (T, Span, bool),
        what: &str,
    ) {
        if let Some((_, _, origin)) = all.get(&id)
            && *origin == new.2
        {
            let message = format!("{what} “{id}” 在两个文件里都有");
            self.problems.push(Diagnostic::error(Code::DuplicateId, new.1, message));
        }
        all.insert(id, new);
    }

    fn plans(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
    ) -> IndexMap<String, Vec<Plan>> {
        let mut all: IndexMap<String, (Rulebook, Span, bool)> = IndexMap::new();
        let mut unread = false;
        let mut partial: Vec<String> = Vec::new();
        for (file, overlay) in &files.rulebooks {
            let before = self.problems.len();
            let node = self.node(*file, sources, rulebook::SCHEMA);
            let Some(read) = node.and_then(|node| shape::read::<Rulebook>(&node, self.problems)) else {
                unread = true;
                continue;
            };
            let (id, span) = (read.standard.value.clone(), read.standard.span);
            if self.problems.len() > before {
                partial.push(id.clone());
            }
            self.replace(&mut all, id, (read, span, *overlay), "评分规则");
        }
        self.rulebook_files = all.iter().map(|(id, (_, span, _))| (id.clone(), span.file)).collect();
        let blank = Questionnaire::default();
        let mut plans = IndexMap::new();
        for (id, (rulebook, span, _)) in &all {
            let damaged = self.damaged.contains(id);
            let (questionnaire, whole) = match questionnaires.get(id) {
                Some(questionnaire) => (questionnaire, !damaged),
                None if damaged || self.unread => (&blank, false),
                None => {
                    self.problems.push(
                        Diagnostic::error(Code::Orphan, *span, format!("评分规则对应的问卷 “{id}” 不存在"))
                            .nearest(id, questionnaires.keys().map(String::as_str)),
                    );
                    continue;
                }
            };
            match compile(rulebook, questionnaire) {
                Ok(compiled) => {
                    plans.insert(id.clone(), compiled);
                }
                Err(found) => {
                    let partial = partial.contains(id);
                    let own = |p: &Diagnostic| {
                        (whole || !follows_from_questionnaire(p.code)) && (!partial || !follows_from_left_out(p.code))
                    };
                    self.problems.extend(found.into_iter().filter(own));
                }
            }
        }
        for (id, questionnaire) in questionnaires {
            if !all.contains_key(id) && !unread {
                self.problems.push(
                    Diagnostic::error(Code::Orphan, questionnaire.id.span, format!("问卷 “{id}” 没有评分规则"))
                        .hint(format!("应有 scoring-rules/{id}.yaml")),
                );
            }
        }
        plans
    }

    fn capabilities(&mut self, files: &Files, sources: &SourceMap) -> Capabilities {
        let mut all = Capabilities::default();
        for file in &files.capabilities {
            let before = self.problems.len();
            let read = self
                .node(*file, sources, measures::CAPABILITIES_SCHEMA)
                .and_then(|node| shape::read::<Capabilities>(&node, self.problems));
            self.capabilities_whole &= self.problems.len() == before;
            let Some(read) = read else { continue };
            all.capabilities
                .0
                .retain(|old| !read.capabilities.iter().any(|new| new.id.value == old.id.value));
            all.capabilities.0.extend(read.capabilities.0);
        }
        all
    }

    fn known_capability(&mut self, id: &At<String>, capabilities: &Capabilities) {
        if self.capabilities_whole && !capabilities.contains(&id.value) {
            self.problems.push(
                Diagnostic::error(
                    Code::UnknownCapability,
                    id.span,
                    format!("能力词表里没有 “{}”", id.value),
                )
                .nearest(&id.value, capabilities.capabilities.iter().map(|c| c.id.value.as_str())),
            );
        }
    }

    fn measures(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
        plans: &IndexMap<String, Vec<Plan>>,
        capabilities: &Capabilities,
    ) -> IndexMap<String, Measures> {
        let mut all: IndexMap<String, (Measures, Span, bool)> = IndexMap::new();
        for (file, overlay) in &files.measures {
            let Some(node) = self.node(*file, sources, measures::SCHEMA) else {
                continue;
            };
            let Some(read) = shape::read::<Measures>(&node, self.problems) else {
                continue;
            };
            // The names that it may refer to are not all known: what is wrong with the rules has been said.
            let known = plans.contains_key(&read.standard.value) && !self.damaged.contains(&read.standard.value);
            let Some(questionnaire) = questionnaires.get(&read.standard.value) else {
                if self.unread || self.damaged.contains(&read.standard.value) {
                    continue;
                }
                self.problems.push(
                    Diagnostic::error(
                        Code::Orphan,
                        read.standard.span,
                        format!("没有标准 “{}”", read.standard.value),
                    )
                    .nearest(&read.standard.value, questionnaires.keys().map(String::as_str)),
                );
                continue;
            };
            let mut names: Vec<&str> = questionnaire.items().map(|i| i.id.value.as_str()).collect();
            for plan in plans.get(&read.standard.value).into_iter().flatten() {
                names.extend(plan.nodes.iter().map(|n| n.id.as_str()));
                names.extend(plan.vetoes.iter().map(|v| v.id.as_str()));
            }
            for measure in &read.measures {
                let unknown = |t: &&At<String>| known && !names.contains(&t.value.as_str());
                for target in measure.targets.iter().filter(unknown) {
                    self.problems.push(
                        Diagnostic::error(
                            Code::UnknownReference,
                            target.span,
                            format!("“{}” 不是这个标准的指标、题目或否决项", target.value),
                        )
                        .nearest(&target.value, names.iter().copied()),
                    );
                }
                for id in &measure.capabilities {
                    self.known_capability(id, capabilities);
                }
            }
            if known {
                measures::check(&read, questionnaire, &names, self.problems);
            }
            let (id, span) = (read.standard.value.clone(), read.standard.span);
            self.replace(&mut all, id, (read, span, *overlay), "改进措施");
        }
        all.into_iter().map(|(id, (read, _, _))| (id, read)).collect()
    }

    fn migrations(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
    ) -> Vec<Migration> {
        let mut all: IndexMap<String, (Migration, Span, bool)> = IndexMap::new();
        let mut whole = true;
        for (file, overlay) in &files.migrations {
            let before = self.problems.len();
            let node = self.node(*file, sources, migration::SCHEMA);
            let read = node.and_then(|node| shape::read::<Migration>(&node, self.problems));
            whole &= self.problems.len() == before;
            let Some(read) = read else { continue };
            let (id, span) = (format!("{} → {}", read.from.value, read.to.value), read.from.span);
            self.replace(&mut all, id, (read, span, *overlay), "迁移");
        }
        // Only what is in force after the overlay has to fit its questionnaires.
        let all: Vec<Migration> = all.into_values().map(|(read, _, _)| read).collect();
        if whole && self.damaged.is_empty() && !self.unread {
            for migration in &all {
                migration::check(migration, questionnaires, self.problems);
            }
        }
        all
    }

    /// All checks; one of the overlay replaces the built-in one of the same id.
    fn checks(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
        facts: &FactDictionary,
    ) -> Vec<consistency::Check> {
        let mut all: Vec<consistency::Check> = Vec::new();
        for file in &files.consistency {
            let before = self.problems.len();
            let node = self.node(*file, sources, consistency::SCHEMA);
            let Some(read) = node.and_then(|node| shape::read::<consistency::CheckFile>(&node, self.problems)) else {
                continue;
            };
            for (index, rule) in read.checks.iter().enumerate() {
                if read.checks[..index].iter().any(|other| other.id.value == rule.id.value) {
                    let message = format!("核对规则 “{}” 重复", rule.id.value);
                    self.problems
                        .push(Diagnostic::error(Code::DuplicateId, rule.id.span, message));
                }
            }
            let compiled = consistency::compile(&read, questionnaires, facts, self.problems);
            self.names_unsure(before);
            all.retain(|old| !compiled.iter().any(|new| new.id == old.id));
            all.extend(compiled);
        }
        all
    }

    /// What is said of names counts only where all that they may refer to was read.
    fn names_unsure(&mut self, before: usize) {
        if self.unread || !self.damaged.is_empty() || !self.facts_whole {
            let found = self.problems.split_off(before);
            self.problems
                .extend(found.into_iter().filter(|p| p.code != Code::ExprName));
        }
    }

    fn matching(&mut self, files: &Files, sources: &SourceMap) -> Rules {
        let mut last = Rules::default();
        for file in &files.matching {
            let before = self.problems.len();
            let node = self.node(*file, sources, matching_rules::SCHEMA);
            if let Some(read) = node.and_then(|node| shape::read::<Rules>(&node, self.problems)) {
                if self.problems.len() == before {
                    read.check(self.problems);
                }
                last = read;
            }
        }
        last
    }

    /// What the readers of a pool file cannot see: names that refer to nothing, codes, days.
    fn check_pool(&mut self, read: &PoolFile, seen: &mut IndexMap<String, Span>, capabilities: &Capabilities) {
        for provider in &read.providers {
            if seen.insert(provider.id.value.clone(), provider.id.span).is_some() {
                let message = format!("服务商 “{}” 重复", provider.id.value);
                self.problems
                    .push(Diagnostic::error(Code::DuplicateId, provider.id.span, message));
            }
            for id in &provider.capabilities {
                self.known_capability(id, capabilities);
            }
            for entry in &provider.pools {
                if !read.pools.iter().any(|pool| pool.id == entry.pool.value) {
                    self.problems.push(
                        Diagnostic::error(
                            Code::UnknownReference,
                            entry.pool.span,
                            format!("本文件没有名单 “{}”", entry.pool.value),
                        )
                        .nearest(&entry.pool.value, read.pools.iter().map(|p| p.id.as_str())),
                    );
                }
            }
            uscc::check(&provider.uscc, self.problems);
            providers::check(provider, self.problems);
        }
        for pool in &read.pools {
            providers::check_day(&pool.valid_until, self.problems);
        }
    }

    fn pools(&mut self, files: &Files, sources: &SourceMap, capabilities: &Capabilities) -> Vec<PoolFile> {
        let mut pools: Vec<PoolFile> = Vec::new();
        let mut seen: IndexMap<String, Span> = IndexMap::new();
        for file in &files.providers {
            let Some(node) = self.node(*file, sources, providers::SCHEMA) else {
                continue;
            };
            let Some(read) = shape::read::<PoolFile>(&node, self.problems) else {
                continue;
            };
            self.check_pool(&read, &mut seen, capabilities);
            pools.push(read);
        }
        pools
    }
}

/// Mistakes of a rulebook that may only be there because its questionnaire was not read whole.
fn follows_from_questionnaire(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownReference
            | Code::UnknownOption
            | Code::OptionWithoutPoints
            | Code::ExprName
            | Code::KindMismatch
            | Code::Unreachable
    )
}

/// Mistakes of a rulebook that may only be there because a broken part of it was left out.
fn follows_from_left_out(code: Code) -> bool {
    matches!(
        code,
        Code::UnknownReference
            | Code::FullMismatch
            | Code::WeightSum
            | Code::BandGap
            | Code::Method
            | Code::Unreachable
    )
}
