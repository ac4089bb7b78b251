//! Policies, cases and reference values into the catalog.

use indexmap::IndexMap;

use super::{Files, Loader};
use crate::advice::cases::{self, Cases};
use crate::advice::measures::Capabilities;
use crate::advice::policies::{self, Policy};
use crate::facts::FactDictionary;
use crate::names::Vocabulary;
use crate::questionnaire::Questionnaire;
use crate::source::{SourceMap, shape};

impl Loader<'_> {
    /// All policies; one of the overlay replaces the built-in one of the same id.
    pub(super) fn policies(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
        facts: &FactDictionary,
    ) -> Vec<Policy> {
        let known = Vocabulary {
            questionnaires,
            facts,
            advice: true,
        };
        let mut all: Vec<Policy> = Vec::new();
        let start = self.problems.len();
        for file in &files.policies {
            let before = self.problems.len();
            let node = self.node(*file, sources, policies::SCHEMA);
            let Some(read) = node.and_then(|node| shape::read::<policies::PolicyFile>(&node, self.problems)) else {
                continue;
            };
            let compiled = policies::compile::compile(&read, known, self.problems);
            self.names_unsure(before);
            all.retain(|old| !compiled.iter().any(|new| new.id.value == old.id.value));
            all.extend(compiled);
        }
        // A policy that was left out for its mistakes is not missed by those that name it.
        if self.problems.len() == start {
            policies::compile::check_excludes(&all, self.problems);
        }
        all
    }

    /// All cases, scenes and reference values; those of the overlay replace the built-in ones of the same id.
    pub(super) fn cases(
        &mut self,
        files: &Files,
        sources: &SourceMap,
        questionnaires: &IndexMap<String, Questionnaire>,
        facts: &FactDictionary,
        capabilities: &Capabilities,
    ) -> Cases {
        let known = Vocabulary {
            questionnaires,
            facts,
            advice: true,
        };
        let mut all = Cases::default();
        for file in &files.cases {
            let before = self.problems.len();
            let node = self.node(*file, sources, cases::SCHEMA);
            let Some(read) = node.and_then(|node| shape::read::<cases::CaseFile>(&node, self.problems)) else {
                continue;
            };
            for id in read.capabilities() {
                self.known_capability(id, capabilities);
            }
            cases::take(&mut all, &read, known, self.problems);
            self.names_unsure(before);
        }
        all
    }
}
