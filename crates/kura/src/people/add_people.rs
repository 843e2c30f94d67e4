//! Adds many people at once from a table (入社, a firm that begins): whole or not at all. Each is invited to set a password of
//! their own.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{invitation, people_rows, store};
use crate::columns::{WrongCell, rows_of};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::{Error, Result};
use crate::id::PersonId;
use crate::rules::facts::Action;

/// Wrong cells told at most; all are counted.
const TOLD: usize = 200;

/// Adds officers and staff from a table whose first row names its columns (login, name, employment, clearance).
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPeople {
    /// The table: CSV (RFC 4180) in UTF-8; on the command line the file, in UTF-8, UTF-16 or CP932.
    #[arg(long)]
    pub table: String,
    /// Makes no invitations: everyone signs in with the firm's provider.
    #[arg(long)]
    #[serde(default)]
    pub without_invitation: bool,
    /// Checks every row, and adds nobody.
    #[arg(long)]
    #[serde(default)]
    pub check: bool,
}

/// Somebody's invitation, told once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PersonInvited {
    /// The person's id.
    pub person: PersonId,
    /// What they sign in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// The code; empty when none was made.
    pub code: String,
    /// Until when it is good; empty when none was made.
    pub expires: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PeopleAdded {
    /// Rows that were read.
    pub rows: i64,
    /// Rows that are wrong.
    pub wrong_rows: i64,
    /// The first of the cells that are wrong.
    pub wrong: Vec<WrongCell>,
    /// Who was added; nobody when it was only checked.
    pub people: Vec<PersonInvited>,
}

impl Operation for AddPeople {
    const ACTION: Action = Action("add_people");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const LONGEST_INPUT: usize = 20 << 20;
    const DEADLINE: Duration = Duration::from_secs(30);
    type Subject = Installation;
    type Output = PeopleAdded;

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PeopleAdded> {
        let (rows, planned, wrong) = people_rows::plan(tx, &self).await?;
        let mut done = PeopleAdded {
            rows: rows as i64,
            wrong_rows: rows_of(&wrong),
            wrong: wrong.into_iter().take(TOLD).collect(),
            people: vec![],
        };
        tx.note("rows", done.rows.to_string());
        if self.check {
            tx.note("wrong_rows", done.wrong_rows.to_string());
            return Ok(done);
        }
        if let Some(first) = done.wrong.first() {
            return Err(Error::invalid(
                "table",
                format!(
                    "{} rows are wrong, the first {}, in {}: nobody was added; check the table first",
                    done.wrong_rows, first.row, first.column
                ),
            ));
        }
        let mut told = Vec::new();
        for row in planned {
            store::insert(tx, &row).await?;
            let invited = match self.without_invitation {
                true => None,
                false => Some(invitation::invite_quietly(tx, row.id).await?),
            };
            let (code, expires) = invited.map(|invited| (invited.code, invited.expires)).unwrap_or_default();
            told.push(format!("{} {} {} {}", row.id, row.login, row.employment, row.clearance));
            done.people.push(PersonInvited {
                person: row.id,
                login: row.login,
                name: row.name,
                code,
                expires,
            });
        }
        tx.note("people", told.join("\n"));
        Ok(done)
    }
}
