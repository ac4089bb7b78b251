//! What an enterprise says of conditions of policies that nobody else can tell: `policies: { cn-relending: { list: 是 } }`.

use super::plans::YesNo;
use crate::source::At;
use crate::source::diagnostic::{Code, Diagnostic};
use crate::source::shape;
use crate::source::yaml::{Data, Key, Node};

/// One condition and whether it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Id of the policy.
    pub policy: At<String>,
    /// Id of the condition.
    pub condition: At<String>,
    /// Whether it holds.
    pub holds: bool,
}

/// Reads the block; whether there are such policies and conditions is for the catalog to say.
pub fn read(node: &Node, problems: &mut Vec<Diagnostic>) -> Vec<Told> {
    let mut all = Vec::new();
    let map = |node: &Node, what: &str, problems: &mut Vec<Diagnostic>| {
        if !matches!(node.data, Data::Map(_) | Data::Null) {
            let message = format!("{what}，这里是{}", node.kind());
            let problem = Diagnostic::error(Code::WrongType, node.span, message);
            problems.push(problem.hint("写法如 policies: { cn-relending: { list: 是 } }"));
        }
    };
    let at = |key: &Key| At {
        value: key.name.clone(),
        span: key.span,
    };
    map(node, "policies 应按政策编号写", problems);
    for (policy, conditions) in node.entries() {
        map(conditions, "政策编号下面应为“条件: 是或否”", problems);
        for (condition, answer) in conditions.entries() {
            let holds = shape::read::<Option<YesNo>>(answer, problems).flatten();
            all.extend(holds.map(|YesNo(holds)| Told {
                policy: at(policy),
                condition: at(condition),
                holds,
            }));
        }
    }
    all
}
