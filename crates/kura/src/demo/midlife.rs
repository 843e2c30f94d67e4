//! A firm in the middle of its work: what a reader of the pages finds on their first morning. Requests wait, copies are
//! out, days come nearer, one matter is about to end. Everything passes the door like the story before it.

use std::time::Duration;

use jiff::ToSpan as _;

use super::courses::take_course;
use super::documents;
use super::governance;
use super::play::{Cast, day, parsed};
use super::{Failed, Stage};
use crate::bodies::propose_resolution::ProposeResolution;
use crate::bodies::vote::{Choice, Vote};
use crate::custody::approve::Approve;
use crate::custody::ask::{Approvable, Ask};
use crate::custody::collect::Collect;
use crate::custody::derive::Derive;
use crate::custody::download::Download;
use crate::custody::grant::Grant;
use crate::custody::hold::Hold;
use crate::custody::open::Open;
use crate::custody::take::Take;
use crate::custody::{Kind, Relation};
use crate::door::{Actor, Operation, Options};
use crate::duties::discharge_duty::DischargeDuty;
use crate::duties::list_duties::ListDuties;
use crate::duties::schedule;
use crate::duties::witness_duty::WitnessDuty;
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PersonId};
use crate::matters::change_members::ChangeMembers;
use crate::matters::open_matter::OpenMatter;
use crate::people::Office;
use crate::people::appoint::Appoint;
use crate::policy::add_requirement::{AddRequirement, RequirementKind};
use crate::policy::adopt_pack::AdoptPack;
use crate::policy::draft_policy::DraftPolicy;
use crate::policy::give_ruling::GiveRuling;
use crate::policy::grant_exception::GrantException;
use crate::policy::show_pack::ShowPack;

/// Material that came in: class, name, media type, whether the client's guests see it.
const LENT: [(&str, &str, &str, bool); 9] = [
    ("secret", "取引基本契約書.txt", "text/plain", false),
    ("secret", "原価表_2026上期.csv", "text/csv", false),
    ("internal", "組織図.txt", "text/plain", true),
    ("internal", "業務フロー一覧.txt", "text/plain", true),
    ("internal", "現場写真_受付.svg", "image/svg+xml", false),
    ("limited", "会社案内.txt", "text/plain", true),
    ("top_secret", "事業再編計画.txt", "text/plain", false),
    ("secret", "従業員意識調査_集計.csv", "text/csv", false),
    ("internal", "会議室レイアウト.svg", "image/svg+xml", false),
];

pub(super) async fn quiet<O: Operation>(stage: &Stage, who: &Actor, operation: O) -> Result<O::Output> {
    Ok(stage.door().pass(who, operation, Options::default()).await?.into_value())
}

async fn lent(
    stage: &Stage,
    who: &Actor,
    matter: MatterId,
    (class, name, media, shared): (&str, &str, &str, bool),
) -> Result<ItemId> {
    let content = match media {
        "image/svg+xml" => documents::drawing(),
        "text/csv" => documents::figures(),
        _ => documents::contract(),
    };
    let upload = stage.upload(who, (matter, class), (name, media), content, None).await?;
    let take = Take {
        matter,
        class: class.to_owned(),
        source: parsed("佐藤様よりデータ便で受領")?,
        upload: Some(upload),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared,
    };
    Ok(quiet(stage, who, take).await?.item)
}

/// The firm goes on working.
pub(super) async fn go_on(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let (hana, ken) = (&cast.hana, &cast.ken);
    let mut items = Vec::new();
    for document in LENT {
        items.push(lent(stage, hana, cast.matter, document).await?);
    }
    let [contract, figures, chart, flow, .., survey, _] = items[..] else {
        return Err(super::unexpected("the material is missing"));
    };
    // A matter that is about to end.
    let ending = OpenMatter {
        code: parsed("2026-009")?,
        name: parsed("調達規程の見直し")?,
        party: cast.client,
        custodian: Some(id_of(hana)?),
        basis: parsed("業務委託契約（2026年4月1日）")?,
        purpose: parsed("調達規程の改定案の作成")?,
        return_by: day(stage, 6),
        copies: true,
        summaries: true,
        subcontractor: false,
        generative_ai: false,
        abroad: false,
        personal_device: false,
    };
    let ending = quiet(stage, hana, ending).await?.matter;
    let member = ChangeMembers { matter: ending, person: id_of(ken)?, remove: false };
    quiet(stage, hana, member).await?;
    let rules = lent(stage, hana, ending, ("secret", "現行調達規程.txt", "text/plain", false)).await?;
    let bids = lent(stage, hana, ending, ("secret", "相見積一覧.csv", "text/csv", false)).await?;
    let box_of_paper = Take {
        matter: ending,
        class: "internal".to_owned(),
        source: parsed("持参された紙のファイル2冊")?,
        upload: None,
        sha256: None,
        place: Some(parsed("3階 書庫B 棚2")?),
        name: Some(parsed("過去の稟議書（紙）")?),
        custodian: None,
        shared: false,
    };
    quiet(stage, ken, box_of_paper).await?;
    // Ken works: a draft, a summary, a copy on his notebook.
    let draft = stage
        .upload(ken, (ending, "secret"), ("改定案_第1稿.txt", "text/plain"), documents::summary(), None)
        .await?;
    let draft = Collect {
        matter: ending,
        kind: Kind::Work,
        class: "secret".to_owned(),
        source: parsed("現行規程をもとに作成")?,
        upload: Some(draft),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared: false,
    };
    quiet(stage, ken, draft).await?;
    let summary = stage
        .upload(
            ken,
            (cast.matter, "internal"),
            ("業務フロー要約.txt", "text/plain"),
            documents::summary(),
            None,
        )
        .await?;
    let summary = Derive {
        item: flow,
        relation: Relation::Summary,
        class: "internal".to_owned(),
        upload: Some(summary),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
    };
    quiet(stage, ken, summary).await?;
    for item in [contract, figures, rules, bids] {
        quiet(stage, ken, Open { item, version: None }).await?;
    }
    for (who, item, place) in [(ken, figures, "研田のノートPC"), (hana, survey, "会議室A 配布資料")]
    {
        let copy = Download { item, version: None, place: parsed(place)?, personal_device: false };
        quiet(stage, who, copy).await?;
    }
    let grant = Grant { item: chart, person: id_of(&cast.mori)?, until: day(stage, 10) };
    quiet(stage, hana, grant).await?;
    let hold = Hold { item: contract, reason: parsed("契約解釈について協議中のため")? };
    quiet(stage, hana, hold).await?;
    // Two requests wait for the directors; one has one approval already.
    let erase = Ask {
        item: bids,
        operation: Approvable::Erase,
        class: None,
        confirmed_by: None,
        reason: parsed("選定が終わり、契約により見積書を消去するため")?,
    };
    let request = quiet(stage, hana, erase).await?.request;
    let approve =
        Approve { item: bids, request, refuse: false, reason: parsed("契約第8条を確認しました")? };
    quiet(stage, &cast.directors[1], approve).await?;
    let lower = Ask {
        item: survey,
        operation: Approvable::Reclassify,
        class: Some("internal".to_owned()),
        confirmed_by: None,
        reason: parsed("個人が特定できない集計であることを委託者と確認したため")?,
    };
    quiet(stage, hana, lower).await?;
    // Custodians know theirs; the members of the committee have yet to take their course.
    take_course(stage.door(), hana, "custodian").await?;
    duties_and_a_revision(stage, cast).await?;
    laws_and_a_contract(stage, cast).await?;
    governance::look(stage, cast).await
}

pub(super) fn id_of(actor: &Actor) -> Result<PersonId, Failed> {
    Ok(actor.id().ok_or_else(|| Error::internal("nobody"))?)
}

/// Some duties are done, and a revision is decided that comes into force next month.
async fn duties_and_a_revision(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    schedule::bring_up_to_date(stage.door(), None).await?;
    let duties = quiet(stage, &cast.admin, ListDuties::default()).await?;
    let open = |id: &str| {
        let duty = duties.iter().find(|duty| duty.duty == id);
        duty.and_then(|duty| duty.occurrences.first()).map(|line| line.occurrence)
    };
    if let Some(occurrence) = open("restore-tested") {
        let told = parsed("予備の機械に復元し、台帳を検証した。資料10件を開いて確かめた。")?;
        let done = DischargeDuty { occurrence, told, done_on: None, population: Some(10), found: Some(0) };
        quiet(stage, &cast.admin, done).await?;
        quiet(stage, &cast.hana, WitnessDuty { occurrence }).await?;
    }
    let mut files = stage.door().rules().files.clone();
    for (name, from, to) in [
        ("documents/disposal.ja.md", "その日のうちに届け出る", "その日のうちに、廃棄の方法を添えて届け出る"),
        (
            "documents/disposal.en.md",
            "says so the same day",
            "says so the same day, and how it was destroyed",
        ),
    ] {
        let text = files.get_mut(name).filter(|text| text.contains(from));
        let text = text.ok_or_else(|| super::unexpected("the model's text is another one"))?;
        *text = text.replace(from, to);
    }
    let reason = parsed("廃棄の方法が分からない届け出があったため")?;
    let drafted = quiet(stage, &cast.admin, DraftPolicy::with_files(reason, files)).await?;
    let (version, digest) = (drafted.version, drafted.digest);
    for _ in 0..100 {
        let state = quiet(stage, &cast.admin, ShowPack {}).await?.ready.map(|ready| ready.state);
        if state.as_deref() != Some("examining") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // Another one waits for the committee's votes.
    for member in &cast.directors {
        let person = id_of(member)?;
        let appoint = Appoint { person, office: Office::CsrCommittee, until: None, dismiss: false };
        quiet(stage, &cast.admin, appoint).await?;
    }
    let propose = ProposeResolution {
        body: "csr_committee".to_owned(),
        title: parsed("緊急措置の訓練の時期")?,
        words: parsed("緊急措置の訓練を毎年六月に行い、委託者にも結果を知らせる。")?,
        version: None,
        closes_on: None,
    };
    let open = quiet(stage, &cast.directors[1], propose).await?;
    let vote = Vote { resolution: open.resolution, digest: open.digest, choice: Choice::Yes, reason: None };
    quiet(stage, &cast.directors[1], vote).await?;
    rulings_and_an_exception(stage, cast).await?;
    let effective_on = stage.door().clock().today().saturating_add(30.days()).to_string();
    for member in &cast.directors {
        let person = id_of(member)?;
        let office = Office::RiskManagementSubcommittee;
        quiet(stage, &cast.admin, Appoint { person, office, until: None, dismiss: false }).await?;
    }
    let propose = ProposeResolution {
        body: "risk_management_subcommittee".to_owned(),
        title: parsed("廃棄の届け出に方法を添える件")?,
        words: parsed("処分手順を改定し、廃棄を届け出るときは廃棄の方法を添えることとする。")?,
        version: Some(version),
        closes_on: None,
    };
    let proposed = quiet(stage, &cast.directors[1], propose).await?;
    for member in &cast.directors {
        let vote = Vote {
            resolution: proposed.resolution,
            digest: proposed.digest.clone(),
            choice: Choice::Yes,
            reason: None,
        };
        quiet(stage, member, vote).await?;
    }
    let resolution = Some(proposed.resolution);
    let adopt = AdoptPack { digest, resolution, effective_on: Some(effective_on), major: false };
    quiet(stage, &cast.admin, adopt).await?;
    Ok(())
}

/// The representative director rules on a clause, and the committee lets an old device be for half a year.
async fn rulings_and_an_exception(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let [first, second] = &cast.directors;
    let office = Office::RepresentativeDirector;
    quiet(stage, &cast.admin, Appoint { person: id_of(first)?, office, until: None, dismiss: false }).await?;
    let ruling = GiveRuling {
        clause: "std-2-2".to_owned(),
        question: parsed("委託者との条件の合意は、電子メールのやり取りでもよいか。")?,
        words: parsed("よい。ただし、合意した内容を案件の条件に登録し、やり取りを案件の資料として預かる。")?,
        supersedes: None,
    };
    quiet(stage, first, ruling).await?;
    let propose = ProposeResolution {
        body: "csr_committee".to_owned(),
        title: parsed("第二倉庫の複合機の例外")?,
        words: parsed("第二倉庫の複合機は、更新までの間、利用者の認証を行わないことを認める。")?,
        version: None,
        closes_on: None,
    };
    let proposed = quiet(stage, second, propose).await?;
    for member in [first, second] {
        let (resolution, digest) = (proposed.resolution, proposed.digest.clone());
        quiet(stage, member, Vote { resolution, digest, choice: Choice::Yes, reason: None }).await?;
    }
    let exception = GrantException {
        clause: "std-3-1".to_owned(),
        about: parsed("第二倉庫の複合機")?,
        reason: parsed("機器が利用者の認証に対応しておらず、更新は来年度のため")?,
        measure: parsed("施錠した部屋に置き、鍵の貸出しを記録する。機密情報は印刷しない。")?,
        last_day: day(stage, 180),
        resolution: proposed.resolution,
    };
    quiet(stage, &cast.admin, exception).await?;
    Ok(())
}

/// A law asks for more than the policy, and so does the contract of a matter.
async fn laws_and_a_contract(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let law = AddRequirement {
        clause: "basic-2".to_owned(),
        kind: RequirementKind::Law,
        name: parsed("個人情報の保護に関する法律 第23条")?,
        asks: parsed("個人データの漏えい、滅失、毀損を防ぐため、必要かつ適切な安全管理措置を講じる。")?,
        found_at: parsed("法令検索の画面、総務の書棚（法令集）")?,
        matter: None,
        review_on: day(stage, 180),
    };
    quiet(stage, &cast.admin, law).await?;
    // Only somebody who may know of the matter registers its contract: its custodian sits in for the subcommittee.
    let office = |dismiss| -> Result<Appoint, Failed> {
        Ok(Appoint {
            person: id_of(&cast.hana)?,
            office: Office::RiskManagementSubcommittee,
            until: None,
            dismiss,
        })
    };
    quiet(stage, &cast.admin, office(false)?).await?;
    let contract = AddRequirement {
        clause: "std-2-2".to_owned(),
        kind: RequirementKind::Agreement,
        name: parsed("業務委託契約書 第8条（秘密保持）")?,
        asks: parsed("資料の複製は書面の承諾を得てから行い、業務の終了から十日以内にすべて返却する。")?,
        found_at: parsed("3階 書庫A 契約書の棚")?,
        matter: Some(cast.matter),
        review_on: day(stage, 20),
    };
    quiet(stage, &cast.hana, contract).await?;
    quiet(stage, &cast.admin, office(true)?).await?;
    Ok(())
}
