//! Hands out the policy and where it stands as OSCAL, for programs that exchange it.

use serde::{Deserialize, Serialize};

use super::acknowledge_policy::ReadIn;
use super::list_clauses;
use super::oscal::Source;
use super::version;
use crate::clock;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::duties;
use crate::error::{Error, Result};
use crate::evaluation::list_findings;
use crate::rules::facts::Action;

/// Days that are assessed.
const DAYS: i64 = 365;

/// What of OSCAL is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Model {
    /// The clauses.
    Catalog,
    /// Which rules and duties uphold them.
    ComponentDefinition,
    /// How the duties were done within a year, and where each clause stands.
    AssessmentResults,
    /// What is late, and what calls for something to be done.
    PlanOfAction,
}

/// Hands out the policy as OSCAL.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportOscal {
    /// What of it.
    #[arg(value_enum)]
    pub model: Model,
    /// The language of its texts.
    #[arg(long, value_enum)]
    pub language: ReadIn,
}

/// A document of OSCAL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OscalText {
    /// Its text, JSON, to be kept as a file.
    pub file: String,
}

impl Operation for ExportOscal {
    const ACTION: Action = Action("export_oscal");
    const WRITES: bool = false;
    type Subject = Installation;
    type Output = OscalText;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<OscalText> {
        let (pack, today) = (tx.rules().clone(), tx.today());
        let from = today.saturating_sub(jiff::Span::new().days(DAYS));
        let mut occurrences = Vec::new();
        if self.model == Model::AssessmentResults {
            let (first, last) = (from.to_string(), today.to_string());
            for duty in &pack.duties {
                for row in duties::store::within(tx.connection(), &duty.id, &first, &last).await? {
                    occurrences.push((duty.id.clone(), row.view(&last)));
                }
            }
        }
        let source = Source {
            japanese: self.language == ReadIn::Ja,
            firm: tx.firm().await?,
            origin: tx.log_key().name().to_owned(),
            at: clock::rfc3339(tx.now()),
            version: version::in_force(tx).await?.number,
            documents: &pack.documents,
            clauses: list_clauses::lines(tx).await?,
            time: (clock::rfc3339(tx.begins(from)), clock::rfc3339(tx.now())),
            occurrences,
            findings: list_findings::open(tx).await?,
        };
        let document = match self.model {
            Model::Catalog => source.catalog(),
            Model::ComponentDefinition => source.component_definition(),
            Model::AssessmentResults => source.assessment_results(),
            Model::PlanOfAction => source.plan_of_action().map_err(|_| {
                Error::conflict("nothing is late and nothing calls for something to be done: a plan of action has no items")
            })?,
        };
        let mut file = serde_json::to_string_pretty(&document).map_err(Error::internal)?;
        file.push('\n');
        Ok(OscalText { file })
    }
}
