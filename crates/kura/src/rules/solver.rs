//! The solver: cvc5 as a subprocess, to which questions about rules go as formulas.
//!
//! A query that takes longer than [`LIMIT`] is answered "unknown", and the solver is started anew. Unknown
//! is never taken for proved.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cedar_policy::{PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::err::Error as SymbolicError;
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicySet, Env, WellFormedAsserts};
use tokio::process::Command;

use crate::error::{Error, Result};

/// Time limit of one query.
pub const LIMIT: Duration = Duration::from_secs(10);

/// What the solver said of a formula.
pub(super) enum Found<T> {
    /// There is no such request.
    Nothing,
    /// There is.
    Some(T),
    /// It could not be found out; why.
    Unknown(String),
}

/// A running solver.
pub(super) struct Prover {
    path: PathBuf,
    /// What the solver calls itself.
    pub version: String,
    running: Option<CedarSymCompiler<LocalSolver>>,
}

impl Prover {
    /// Finds the solver. `path` may be a plain name, which is then looked for on the `PATH`.
    pub async fn find(path: &Path) -> Result<Self> {
        let missing = |error: &dyn std::fmt::Display| {
            Error::conflict(format!(
                "the solver {} cannot be run ({error}); rules are proved with cvc5: install it \
                 (apt-get install cvc5) and try again",
                path.display()
            ))
        };
        let output = Command::new(path)
            .arg("--version")
            .kill_on_drop(true)
            .output()
            .await
            .map_err(|error| missing(&error))?;
        if !output.status.success() {
            return Err(missing(&output.status));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let first = text.lines().next().unwrap_or_default();
        let first = first.strip_prefix("This is ").unwrap_or(first);
        if !first.starts_with("cvc5") {
            return Err(missing(&"it is not cvc5"));
        }
        Ok(Self {
            path: path.to_owned(),
            version: first.split(" [").next().unwrap_or(first).to_owned(),
            running: None,
        })
    }

    /// Looks for a request that satisfies the formula.
    pub async fn search(&mut self, formula: &WellFormedAsserts<'_>) -> Found<Box<Env>> {
        let solver = match self.start() {
            Ok(solver) => solver,
            Err(why) => return Found::Unknown(why),
        };
        let answer = tokio::time::timeout(LIMIT * 2, solver.check_sat(formula)).await;
        match answer {
            Ok(Ok(None)) => Found::Nothing,
            Ok(Ok(Some(request))) => Found::Some(Box::new(request)),
            Ok(Err(error)) => self.stop(&error),
            Err(_) => self.stop(&SymbolicError::SolverUnknown),
        }
    }

    /// Whether any request satisfies the formula.
    pub async fn possible(&mut self, formula: &WellFormedAsserts<'_>) -> Found<()> {
        let solver = match self.start() {
            Ok(solver) => solver,
            Err(why) => return Found::Unknown(why),
        };
        let answer = tokio::time::timeout(LIMIT * 2, solver.check_unsat(formula)).await;
        match answer {
            Ok(Ok(true)) => Found::Nothing,
            Ok(Ok(false)) => Found::Some(()),
            Ok(Err(error)) => self.stop(&error),
            Err(_) => self.stop(&SymbolicError::SolverUnknown),
        }
    }

    fn start(&mut self) -> Result<&mut CedarSymCompiler<LocalSolver>, String> {
        if self.running.is_none() {
            let mut command = Command::new(&self.path);
            command
                .args(["--lang", "smt"])
                .arg(format!("--tlimit-per={}", LIMIT.as_millis()))
                .kill_on_drop(true);
            let solver = LocalSolver::from_command(&mut command).map_err(|e| e.to_string())?;
            self.running = Some(CedarSymCompiler::new(solver).map_err(|e| e.to_string())?);
        }
        self.running.as_mut().ok_or_else(String::new)
    }

    /// After a failure the solver's state is not relied upon.
    fn stop<T>(&mut self, error: &SymbolicError) -> Found<T> {
        self.running = None;
        Found::Unknown(match error {
            SymbolicError::SolverUnknown => {
                format!("the solver found no answer within {} seconds", LIMIT.as_secs())
            }
            other => short(other),
        })
    }
}

/// An error's text, not longer than a person reads: symbolic terms fill pages.
pub(super) fn short(error: &impl std::fmt::Display) -> String {
    error.to_string().chars().take(300).collect()
}

/// Kinds of request that the schema knows, in a fixed order: who, action, what about.
pub(super) fn environments(schema: &Schema) -> Vec<RequestEnv> {
    let mut environments: Vec<RequestEnv> = schema.request_envs().collect();
    environments.sort_by_key(name_of);
    environments.dedup_by_key(|environment| name_of(environment));
    environments
}

/// A kind of request as people read it, for example `Guest open Item`.
pub(super) fn name_of(environment: &RequestEnv) -> String {
    format!(
        "{} {} {}",
        environment.principal().basename(),
        environment.action().id().unescaped(),
        environment.resource().basename()
    )
}

/// Rules made ready for the solver, for one kind of request.
pub(super) fn compile(
    policies: &PolicySet,
    environment: &RequestEnv,
    schema: &Schema,
) -> Result<CompiledPolicySet, String> {
    CompiledPolicySet::compile(policies, environment, schema).map_err(|error| short(&error))
}
