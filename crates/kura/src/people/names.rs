//! Names of the people whom records speak of: each is looked up once, however many records name them.

use std::collections::BTreeMap;

use super::store;
use crate::door::Tx;
use crate::error::Result;
use crate::id::PersonId;

/// Names that were looked up.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<PersonId, String>);

impl Names {
    /// Who acted, as a record says it: a person by their name, what is no person as it stands.
    pub(crate) async fn of(&mut self, tx: &mut Tx<'_>, actor: String) -> Result<String> {
        let Ok(id) = actor.parse::<PersonId>() else {
            return Ok(actor);
        };
        if let Some(name) = self.0.get(&id) {
            return Ok(name.clone());
        }
        let name = store::person(tx, id).await?.name;
        self.0.insert(id, name.clone());
        Ok(name)
    }
}
