//! What a field chooses from: matters, people, parties. Few are listed; of many, some are suggested while one types, and
//! what was typed is looked for when the form comes in, so that a field works without a script.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use serde::Deserialize;

use super::Answer;
use super::visitor::Member;
use crate::app::App;
use crate::bodies::list_resolutions::ListResolutions;
use crate::error::{Error, Result};
use crate::id::ViolationId;
use crate::matters::list_matters::ListMatters;
use crate::matters::list_parties::ListParties;
use crate::people::list_people::ListPeople;
use crate::violations::show_violation::ShowViolation;

/// Up to so many are listed.
const FEW: i64 = 60;
/// So many are suggested.
const SUGGESTED: i64 = 20;

/// Among what is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Among {
    /// Matters that still take material.
    OpenMatters,
    /// All matters.
    Matters,
    /// Everyone in the register.
    People,
    /// Officers and staff.
    Staff,
    /// Parties.
    Parties,
    /// Resolutions that were carried.
    Resolutions,
}

/// What is chosen among, as a field shows it: values and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Offer {
    /// All of them.
    Few(Vec<(String, String)>),
    /// Too many to list: some are suggested for what is typed.
    Many(Among),
}

impl Among {
    const ALL: [Self; 6] =
        [Self::OpenMatters, Self::Matters, Self::People, Self::Staff, Self::Parties, Self::Resolutions];

    /// What a field of a form chooses from.
    pub(crate) fn of_field(name: &str) -> Option<Self> {
        match name {
            "matter" => Some(Self::OpenMatters),
            "party" => Some(Self::Parties),
            "resolution" => Some(Self::Resolutions),
            "person" => Some(Self::People),
            "custodian" | "to" | "lead" | "owner" | "handler" | "delegate" => Some(Self::Staff),
            _ => None,
        }
    }

    /// Its name in an address.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::OpenMatters => "open-matters",
            Self::Matters => "matters",
            Self::People => "people",
            Self::Staff => "staff",
            Self::Parties => "parties",
            Self::Resolutions => "resolutions",
        }
    }

    /// Ids and labels of those whose label holds a text, as far as the member may know of them.
    async fn find(
        self,
        app: &App,
        member: &Member,
        text: Option<&str>,
        most: i64,
    ) -> Result<Vec<(String, String)>> {
        if text.is_some_and(|text| text.contains('\0')) {
            return Err(Error::invalid("", "it must not hold the character U+0000"));
        }
        let (name, limit) = (text.map(ToOwned::to_owned), Some(most));
        match self {
            Self::OpenMatters | Self::Matters => {
                let list = ListMatters { name, open: self == Self::OpenMatters, limit };
                let found = member.pass(app, list).await?.into_iter();
                Ok(found.map(|it| (it.matter.to_string(), format!("{} {}", it.code, it.name))).collect())
            }
            // A guest is told neither who works here nor for whom.
            _ if member.session.guest => Ok(vec![]),
            Self::People | Self::Staff => {
                let list = ListPeople { name, staff: self == Self::Staff, limit, ..ListPeople::default() };
                let found = member.pass(app, list).await?.into_iter();
                Ok(found.map(|it| (it.person.to_string(), format!("{} ({})", it.name, it.login))).collect())
            }
            Self::Resolutions => {
                let found = member.pass(app, ListResolutions::default()).await?.into_iter();
                let found = found.filter(|it| it.state == "carried");
                let found = found.map(|it| {
                    let day = member.words().plain_day(&it.closed);
                    (it.resolution.to_string(), format!("{} ({day})", it.title))
                });
                let sought = found
                    .filter(|(id, word)| name.as_ref().is_none_or(|text| word.contains(text) || id == text));
                Ok(sought.take(usize::try_from(most).unwrap_or_default()).collect())
            }
            Self::Parties => {
                let found = member.pass(app, ListParties { name, limit }).await?.into_iter();
                Ok(found.map(|it| (it.party.to_string(), it.name)).collect())
            }
        }
    }

    /// What a field offers.
    pub(crate) async fn offer(self, app: &App, member: &Member) -> Result<Offer> {
        let found = self.find(app, member, None, FEW + 1).await?;
        Ok(if found.len() as i64 > FEW { Offer::Many(self) } else { Offer::Few(found) })
    }

    /// The word of a value that was chosen before.
    pub(crate) async fn word(self, app: &App, member: &Member, value: &str) -> Result<String> {
        let found = if value.is_empty() { vec![] } else { self.find(app, member, Some(value), 2).await? };
        let word = found.into_iter().find(|(id, _)| id == value).map(|(_, word)| word);
        Ok(word.unwrap_or_else(|| value.to_owned()))
    }

    /// The value that a typed text means: the one whose id or word it is, or the only one whose word holds it.
    ///
    /// # Errors
    /// None is called that, or several.
    pub(crate) async fn meant(self, app: &App, member: &Member, text: &str) -> Result<String> {
        let text = text.trim();
        let found = self.find(app, member, Some(text), SUGGESTED).await?;
        if let Some((value, _)) = found.iter().find(|(value, word)| value == text || word == text) {
            return Ok(value.clone());
        }
        match &found[..] {
            [(value, _)] => Ok(value.clone()),
            [] => Err(Error::invalid("", "nothing is called that: type a part of the name")),
            _ => Err(Error::invalid("", "several are called that: choose one, or type more of the name")),
        }
    }
}

impl Offer {
    /// The value that was sent for a field: chosen from a list it stands as it is; typed, it is looked for.
    ///
    /// # Errors
    /// As for [`Among::meant`].
    pub(crate) async fn meant(&self, app: &App, member: &Member, text: &str) -> Result<String> {
        match self {
            Self::Many(among) if !text.trim().is_empty() => among.meant(app, member, text).await,
            _ => Ok(text.trim().to_owned()),
        }
    }
}

/// What a case is decided by: what may follow, and the resolutions that were carried upon it.
pub(super) async fn decisions(
    app: &App,
    member: &Member,
    violation: ViolationId,
) -> Result<Vec<(String, Offer)>> {
    let case = member.pass(app, ShowViolation { violation }).await?;
    let t = member.words();
    let sanctions = case.sanctions.iter();
    let sanctions =
        sanctions.map(|known| (known.sanction.clone(), t.either(&known.ja, &known.en).to_owned()));
    let mut offers = vec![("sanction".to_owned(), Offer::Few(sanctions.collect()))];
    // Whoever may not see what bodies resolve is told the resolution's id.
    if member.permitted(app, "list_resolutions").await.is_ok() {
        let mut found = member.pass(app, ListResolutions { resolution: None }).await?;
        found.retain(|found| {
            found.state == "carried"
                && found.body == case.body
                && (found.words.contains(&case.number) || found.title.contains(&case.number))
        });
        let found = found.into_iter().map(|found| (found.resolution.to_string(), found.title));
        offers.push(("resolution".to_owned(), Offer::Few(found.collect())));
    }
    Ok(offers)
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    text: String,
}

/// Words to choose from while somebody types.
pub(super) async fn suggest(
    State(app): State<App>,
    member: Member,
    Path(code): Path<String>,
    Query(Typed { text }): Query<Typed>,
) -> Answer {
    let among = Among::ALL.into_iter().find(|among| among.code() == code);
    let among = among.ok_or(Error::NotFound("list"))?;
    let found = among.find(&app, &member, Some(text.trim()), SUGGESTED).await?;
    let words: Vec<String> = found.into_iter().map(|(_, word)| word).collect();
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((json, serde_json::to_string(&words).map_err(Error::internal)?).into_response())
}
