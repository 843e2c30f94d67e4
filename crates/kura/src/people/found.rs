//! Founds the installation: the first person, who then adds the others. Possible only while the ledger is
//! empty; no rule is asked, and the record says so.

use serde::{Deserialize, Serialize};

use super::store::{self, PersonRow};
use super::{Login, Office, office_store, password};
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PersonId;
use crate::policy;
use crate::rules::facts::Action;
use crate::text::Name;

/// Founds the installation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The firm's name.
    pub firm: Name,
    /// What the first person signs in with.
    pub login: Login,
    /// The first person's name.
    pub name: Name,
    /// The first person's password.
    pub password: String,
}

impl Operation for Found {
    const ACTION: Action = Action("found");
    const WRITES: bool = true;
    const SECRET: bool = true;
    const PREPARES: bool = true;
    type Subject = Installation;
    type Output = PersonId;

    fn subject(&self) {}

    fn prepare(&mut self) -> Result<()> {
        self.password = password::verifier(&self.password)?;
        Ok(())
    }

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<PersonId> {
        let id = tx.id(PersonId::new);
        let highest = tx.rules().classes.last().map_or(0, |class| class.rank);
        let row = PersonRow {
            id,
            login: self.login.into(),
            name: self.name.into(),
            employment: "regular".to_owned(),
            party: None,
            until: 0,
            clearance: highest,
            suspended: false,
            trained_until: 0,
            acknowledged: 0,
            password: self.password,
            mail: String::new(),
        };
        store::insert(tx, &row).await?;
        office_store::set_office(tx, id, Office::ChiefSystemAdministrator.name(), Some("")).await?;
        office_store::set_office(tx, id, Office::SystemAdministrator.name(), Some("")).await?;
        crate::door::store::set_value(tx.connection(), "firm", self.firm.as_str()).await?;
        crate::door::store::set_value(tx.connection(), "policy_version", "1").await?;
        let (pack, today, now) = (tx.rules().clone(), tx.today().to_string(), tx.now());
        policy::version::begin(tx.connection(), &pack, 1, today, now).await?;
        tx.note("pack", tx.rules().digest.clone());
        tx.note("firm", self.firm.to_string());
        tx.note("person", id.to_string());
        Ok(id)
    }
}
