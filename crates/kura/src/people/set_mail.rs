//! Says where a person is reached by mail: reminders of duties go there.

use serde::{Deserialize, Serialize};

use super::store;
use crate::door::operation::Installation;
use crate::door::{Operation, Tx};
use crate::error::Result;
use crate::id::PersonId;
use crate::rules::facts::Action;
use crate::text::MailAddress;

/// Says where a person is reached by mail.
#[derive(Debug, Clone, Serialize, Deserialize, clap::Args, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMail {
    /// The person.
    pub person: PersonId,
    /// The address; nowhere when left out.
    #[arg(long)]
    #[serde(default)]
    pub mail: Option<MailAddress>,
}

impl Operation for SetMail {
    const ACTION: Action = Action("set_mail");
    const WRITES: bool = true;
    type Subject = Installation;
    type Output = ();

    fn subject(&self) {}

    async fn perform(self, _: Installation, tx: &mut Tx<'_>) -> Result<()> {
        let person = store::person(tx, self.person).await?;
        let mail = self.mail.map(String::from).unwrap_or_default();
        store::set_mail(tx, person.id, &mail).await?;
        tx.note("person", person.id.to_string());
        Ok(())
    }
}
