//! The story, scene by scene.

use std::path::{Path, PathBuf};

use jiff::ToSpan as _;
use serde_json::json;

use super::courses::take_course;
use super::tamper::{self, verify};
use super::{Failed, Stage, documents, midlife, unexpected};
use crate::backup::create_backup::CreateBackup;
use crate::backup::restore::{Restoring, restore};
use crate::clock::Clock;
use crate::custody::approve::Approve;
use crate::custody::ask::{Approvable, Ask};
use crate::custody::attest::Attest;
use crate::custody::collect::Collect;
use crate::custody::confirm_return::ConfirmReturn;
use crate::custody::derive::Derive;
use crate::custody::download::Download;
use crate::custody::erase::Erase;
use crate::custody::give_back::GiveBack;
use crate::custody::list::List;
use crate::custody::open::Open;
use crate::custody::package::Package;
use crate::custody::report::Report;
use crate::custody::statement::ShowStatement;
use crate::custody::take::Take;
use crate::custody::transmit::Transmit;
use crate::custody::{Kind, Relation};
use crate::door::{Actor, Options};
use crate::error::{Error, Result};
use crate::id::{ItemId, MatterId, PartyId, PersonId, StatementId};
use crate::ledger;
use crate::matters::add_party::AddParty;
use crate::matters::change_members::ChangeMembers;
use crate::matters::open_matter::OpenMatter;
use crate::people::add_person::AddPerson;
use crate::people::appoint::Appoint;
use crate::people::create_token::Scope;
use crate::people::{Employment, Office};
use crate::policy::acknowledge_policy::{AcknowledgePolicy, ReadIn};
use crate::policy::gather_evidence::GatherEvidence;
use crate::sign_in::{Desk, SignIn};
use crate::text::Note;

/// The people of the story.
pub(super) struct Cast {
    pub(super) admin: Actor,
    pub(super) directors: [Actor; 2],
    pub(super) hana: Actor,
    pub(super) ken: Actor,
    pub(super) yui: Actor,
    pub(super) aoi: Actor,
    pub(super) mori: Actor,
    guest: Actor,
    pub(super) matter: MatterId,
    pub(super) client: PartyId,
}

pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T> {
    text.parse().map_err(Error::internal)
}

/// A day that many days from now.
pub(super) fn day(stage: &Stage, days: i64) -> String {
    stage.door().clock().today().saturating_add(days.days()).to_string()
}

async fn add_person(
    stage: &mut Stage,
    admin: &Actor,
    (login, name): (&str, &str),
    employment: Option<(Employment, &str)>,
    party: Option<PartyId>,
) -> Result<PersonId, Failed> {
    let add = AddPerson {
        login: parsed(login)?,
        name: parsed(name)?,
        employment: employment.map(|(employment, _)| employment),
        clearance: employment.map(|(_, clearance)| clearance.to_owned()),
        party,
        until: party.map(|_| day(stage, 120)),
        password: Some(stage.password.clone()),
    };
    let person = stage.door().pass(admin, add, Options::default()).await?.into_value().person;
    if employment.is_some() {
        let read = AcknowledgePolicy { version: 1, language: ReadIn::Ja, read: true };
        let person = Actor::person(person, "office");
        stage.door().pass(&person, read, Options::default()).await?;
        take_course(stage.door(), &person, "staff").await?;
    }
    Ok(person)
}

/// The firm is set up: people of every kind of employment, three clients, three matters.
async fn found(stage: &mut Stage) -> Result<Cast, Failed> {
    let door = stage.door().clone();
    let sign_in = SignIn {
        login: "admin".to_owned(),
        password: stage.password.clone(),
        label: parsed("demo")?,
        scope: Scope::All,
        days: None,
        code: None,
    };
    let desk = Desk::new(door.clone());
    let admin = desk.actor(&desk.sign_in(sign_in, "office").await?.token, "office").await?;
    stage.tell(
        "An installation was made: keyring, encrypted database, ledger, the model policy",
        "導入：鍵束、暗号化データベース、台帳、モデル方針を用意しました",
        json!({ "operation": "found", "outcome": "done", "index": 0 }),
    );
    let (_, recipient) = kura_vault::slots::recovery_identity();
    let mut parties = Vec::new();
    for (name, recipient, abroad) in [
        ("委託者A株式会社", Some(recipient), false),
        ("B設計事務所", None, false),
        ("C Research Ltd", None, true),
    ] {
        let party = AddParty { name: parsed(name)?, recipient, abroad };
        parties.push(door.pass(&admin, party, Options::default()).await?.into_value().party);
    }
    let staff = |employment, clearance| Some((employment, clearance));
    let d1 = add_person(stage, &admin, ("sumi", "角 役員"), staff(Employment::Director, "top_secret"), None)
        .await?;
    let d2 = add_person(stage, &admin, ("tani", "谷 役員"), staff(Employment::Director, "top_secret"), None)
        .await?;
    let hana = add_person(stage, &admin, ("hana", "花田 花"), staff(Employment::Regular, "top_secret"), None)
        .await?;
    let ken =
        add_person(stage, &admin, ("ken", "研田 研"), staff(Employment::Contract, "secret"), None).await?;
    let haken =
        add_person(stage, &admin, ("aoi", "青井 葵"), staff(Employment::Dispatched, "internal"), None)
            .await?;
    let yui =
        add_person(stage, &admin, ("yui", "結城 結"), staff(Employment::Intern, "secret"), None).await?;
    let mori =
        add_person(stage, &admin, ("mori", "森 守"), staff(Employment::Regular, "secret"), None).await?;
    let guest = add_person(stage, &admin, ("sato", "佐藤 様"), None, Some(parties[0])).await?;
    let offices = [
        (d1, Office::RepresentativeDirector),
        (d1, Office::CsrCommittee),
        (d2, Office::RiskManagementSubcommittee),
        (mori, Office::Auditor),
        (haken, Office::NetworkAdministrator),
    ];
    for (person, office) in offices {
        door.pass(&admin, Appoint { person, office, until: None, dismiss: false }, Options::default())
            .await?;
    }
    let person = |id| Actor::person(id, "office");
    let return_by = day(stage, 90);
    let mut matters = Vec::new();
    for (code, name, party) in [
        ("2026-014", "業務改善調査", parties[0]),
        ("2026-021", "新棟設計", parties[1]),
        ("2026-030", "Market study", parties[2]),
    ] {
        let open = OpenMatter {
            code: parsed(code)?,
            name: parsed(name)?,
            party,
            custodian: Some(hana),
            basis: parsed("業務委託契約")?,
            purpose: parsed("契約に定める調査")?,
            return_by: return_by.clone(),
            copies: true,
            summaries: true,
            subcontractor: false,
            generative_ai: false,
            abroad: false,
            personal_device: false,
        };
        matters.push(door.pass(&person(hana), open, Options::default()).await?.into_value().matter);
    }
    for worker in [ken, yui, haken, guest] {
        let member = ChangeMembers { matter: matters[0], person: worker, remove: false };
        door.pass(&person(hana), member, Options::default()).await?;
    }
    let size = door.head().borrow().0;
    stage.tell(
        "A sample firm: 9 people of every employment and office, 3 clients, 3 matters with their terms",
        "サンプルの会社：役職員・ゲスト9名、取引先3社、条件付きの案件3件",
        json!({ "outcome": "done", "index": size.saturating_sub(1) }),
    );
    Ok(Cast {
        admin,
        directors: [person(d1), person(d2)],
        hana: person(hana),
        ken: person(ken),
        yui: person(yui),
        aoi: person(haken),
        mori: person(mori),
        guest: person(guest),
        matter: matters[0],
        client: parties[0],
    })
}

fn taking(cast: &Cast, class: &str, shared: bool) -> Result<Take> {
    Ok(Take {
        matter: cast.matter,
        class: class.to_owned(),
        source: parsed("佐藤様より来社時に受領")?,
        upload: None,
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared,
    })
}

/// Writes a statement's file beside the installation and checks it with the verifier.
async fn checked(
    stage: &mut Stage,
    who: &Actor,
    statement: StatementId,
    name: &str,
    ja: &str,
) -> Result<(), Failed> {
    let shown = stage.door().pass(who, ShowStatement { statement }, Options::default()).await?;
    let path = stage.folder.join(format!("{name}.json"));
    std::fs::write(&path, &shown.value().file).map_err(Error::internal)?;
    let key = stage.door().log_key().to_string();
    let file = path.display().to_string();
    let kind = if name == "counter-receipt" { "receipt" } else { name };
    let told = verify(&[kind, "--log-key", &key, &file]);
    if told.status != 0 {
        return Err(unexpected(told.err));
    }
    let more = json!({ "operation": "show_statement", "outcome": "done", "index": shown.index(), "file": path, "note": told.out });
    stage.tell(
        &format!("The {name} checks with nothing but the log's public key"),
        &format!("{ja}は台帳の公開鍵だけで検証できます"),
        more,
    );
    Ok(())
}

/// Plays everything.
pub(super) async fn all(stage: &mut Stage) -> Result<(), Failed> {
    let cast = found(stage).await?;
    let (contract, figures) = intake(stage, &cast).await?;
    refusals(stage, &cast, contract).await?;
    use_and_copies(stage, &cast, contract, figures).await?;
    let older = stage
        .pass(
            &cast.admin,
            CreateBackup {},
            "A backup was made: data and keyring apart, under a key of its own",
            "バックアップ：データと鍵束を別々に、専用の鍵で",
        )
        .await?
        .backup;
    let copy = stage.open.settings.backup_keyring.join(&older);
    kura_vault::keyring::copy(&copy, &stage.folder.join(ELSEWHERE)).map_err(Error::from)?;
    erase(stage, &cast, contract).await?;
    give_back(stage, &cast, figures).await?;
    let report = stage
        .pass(
            &cast.hana,
            Report::on(cast.matter),
            "A report to the client: what is held, and all that happened to it",
            "委託者への報告：お預かりの状況と全経過",
        )
        .await?;
    checked(stage, &cast.hana, report.report, "report", "報告").await?;
    restored(stage, &cast, &older, contract).await?;
    let (export, log_key) = verified(stage, &cast).await?;
    midlife::go_on(stage, &cast).await?;
    end(stage, &export, &log_key);
    Ok(())
}

async fn intake(stage: &mut Stage, cast: &Cast) -> Result<(ItemId, ItemId), Failed> {
    let place = (cast.matter, "secret");
    let upload =
        stage.upload(&cast.ken, place, ("契約書.txt", "text/plain"), documents::contract(), None).await?;
    let take = Take { upload: Some(upload), ..taking(cast, "secret", false)? };
    let contract = stage
        .pass(
            &cast.ken,
            take,
            "Ken takes a client's contract into custody (secret): it is sealed, a receipt is made",
            "預かり：研田さんが契約書（秘）を預かり、封緘し、預り証を発行",
        )
        .await?;
    checked(stage, &cast.ken, contract.receipt, "receipt", "預り証").await?;
    let place = (cast.matter, "internal");
    let upload =
        stage.upload(&cast.hana, place, ("月次.csv", "text/csv"), documents::figures(), None).await?;
    let take = Take { upload: Some(upload), ..taking(cast, "internal", true)? };
    let figures = stage
        .pass(
            &cast.hana,
            take,
            "Figures (CSV, internal), shared with the client's guest",
            "預かり：月次データ（CSV、社外秘）。ゲストと共有",
        )
        .await?;
    let upload =
        stage.upload(&cast.hana, place, ("図面.svg", "image/svg+xml"), documents::drawing(), None).await?;
    let take = Take { upload: Some(upload), ..taking(cast, "internal", false)? };
    stage.pass(&cast.hana, take, "A drawing (an image)", "預かり：図面（画像）").await?;
    let upload =
        stage.upload(&cast.hana, place, ("送付.eml", "message/rfc822"), documents::mail(), None).await?;
    let mail = Collect {
        matter: cast.matter,
        kind: Kind::Communication,
        class: "internal".to_owned(),
        source: parsed("受信メール")?,
        upload: Some(upload),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
        shared: false,
    };
    stage
        .pass(
            &cast.hana,
            mail,
            "A mail is collected: its history is material too",
            "収集：受信メール（経緯も機密情報です）",
        )
        .await?;
    let paper = Take {
        place: Some(parsed("倉庫2 棚B")?),
        name: Some(parsed("紙の図面一箱")?),
        ..taking(cast, "internal", false)?
    };
    stage
        .pass(
            &cast.ken,
            paper,
            "A box of paper is an item too, with its place",
            "預かり：紙の図面一箱（有体物、置き場所付き）",
        )
        .await?;
    Ok((contract.item, figures.item))
}

async fn refusals(stage: &mut Stage, cast: &Cast, contract: ItemId) -> Result<(), Failed> {
    let open = Open { item: contract, version: None };
    stage
        .refused(
            &cast.mori,
            open.clone(),
            "Mori, not on the matter, asks for it by id: for him it does not exist",
            "森さん（担当外）が番号で開こうとしました：存在しないのと同じ答え",
        )
        .await?;
    let away = Actor::person(cast.yui.id().ok_or_else(|| unexpected("nobody"))?, "outside");
    let transmit = Transmit {
        item: contract,
        version: None,
        party: cast.client,
        recipient: parsed("佐藤 様")?,
        basis: parsed("確認のため")?,
        generative_ai: false,
    };
    let erase = Erase { item: contract, reason: parsed("不要")? };
    stage
        .refused(
            &away,
            erase,
            "Yui, an intern, tries to erase it: refused",
            "結城さん（インターン）が消去しようとしました：拒否",
        )
        .await?;
    let hana = Erase { item: contract, reason: parsed("案件の終了")? };
    stage
        .refused(
            &cast.hana,
            hana,
            "Even the custodian cannot erase secret material alone: refused, with the reason",
            "管理責任者でも「秘」を一人では消去できません：理由付きの拒否",
        )
        .await?;
    stage
        .refused(
            &cast.guest,
            open,
            "The client's guest sees only what was shared",
            "ゲストには共有された資料だけが見えます",
        )
        .await?;
    stage
        .pass(
            &cast.ken,
            transmit,
            "It is transmitted to the client, sealed with age to the client's key",
            "伝達：委託者の鍵宛てに age で封緘して送付",
        )
        .await?;
    Ok(())
}

async fn use_and_copies(
    stage: &mut Stage,
    cast: &Cast,
    contract: ItemId,
    figures: ItemId,
) -> Result<(), Failed> {
    let opened = stage
        .pass(
            &cast.ken,
            Open { item: contract, version: None },
            "Ken opens the contract: recorded before a byte leaves",
            "研田さんが契約書を開きます：一バイトも出ないうちに記録",
        )
        .await?;
    let ticket = stage.door().ticket(&cast.ken, &opened.ticket)?;
    let length = ticket.length();
    let stream = stage.door().content(ticket, 0..length).await?;
    use futures_util::TryStreamExt as _;
    let pieces: Vec<bytes::Bytes> = stream.try_collect().await?;
    if pieces.concat() != documents::contract() {
        return Err(unexpected("what was opened is not what was taken"));
    }
    let place = (cast.matter, "secret");
    let upload =
        stage.upload(&cast.ken, place, ("要約.txt", "text/plain"), documents::summary(), None).await?;
    let derive = Derive {
        item: contract,
        relation: Relation::Summary,
        class: "secret".to_owned(),
        upload: Some(upload),
        sha256: None,
        place: None,
        name: None,
        custodian: None,
    };
    stage
        .pass(
            &cast.ken,
            derive,
            "A summary is a derivative: tied to its origin, at least its class",
            "二次的資料：要約を原本に結び付けて登録",
        )
        .await?;
    let download =
        Download { item: figures, version: None, place: parsed("laptop 7")?, personal_device: false };
    let copy = stage
        .pass(
            &cast.ken,
            download,
            "A copy goes onto a laptop, with a holder and a due date",
            "持出し：ノートPCに複製。保持者と期限付き",
        )
        .await?
        .copy;
    let attest = Attest { item: figures, copy, manner: parsed("上書き消去")? };
    stage.pass(&cast.ken, attest, "and is attested destroyed", "複製の廃棄を報告").await?;
    let page = stage
        .pass(
            &cast.guest,
            List { count: true, ..List::default() },
            "The guest's list holds what was shared, and counts no more",
            "ゲストの一覧：共有された資料だけ、件数も同じ",
        )
        .await?;
    if page.count != Some(1) {
        return Err(unexpected("the guest's list is not what was shared"));
    }
    Ok(())
}

async fn erase(stage: &mut Stage, cast: &Cast, contract: ItemId) -> Result<(), Failed> {
    let reason: Note = parsed("案件の終了")?;
    let ask = Ask {
        item: contract,
        operation: Approvable::Erase,
        class: None,
        confirmed_by: None,
        reason: reason.clone(),
    };
    let request = stage
        .pass(&cast.hana, ask, "The custodian asks for approval of the erasure", "申請：契約書の消去")
        .await?
        .request;
    for director in &cast.directors {
        let approve = Approve { item: contract, request, refuse: false, reason: parsed("確認済み")? };
        stage.pass(director, approve, "A director approves", "承認：役員").await?;
    }
    let erase = Erase { item: contract, reason };
    let erased = stage
        .carry_out(
            &cast.hana,
            erase,
            request,
            "Erased: the key is destroyed, the content deleted, a certificate made",
            "消去：鍵を破壊し、内容を削除し、証明書を発行",
        )
        .await?;
    let certificate = erased.certificate.ok_or_else(|| unexpected("no certificate"))?;
    checked(stage, &cast.hana, certificate, "certificate", "証明書").await?;
    stage
        .refused(
            &cast.ken,
            Open { item: contract, version: None },
            "Nothing opens it any more",
            "もう誰にも開けません",
        )
        .await
}

async fn give_back(stage: &mut Stage, cast: &Cast, figures: ItemId) -> Result<(), Failed> {
    let manner = parsed("封緘した媒体を手渡し")?;
    stage
        .pass(
            &cast.hana,
            GiveBack { item: figures, manner },
            "The figures go back to the client",
            "返却：月次データの返却を開始",
        )
        .await?;
    stage
        .pass(
            &cast.hana,
            Package { item: figures },
            "The package: a manifest and every version",
            "返却物：目録と全ての版",
        )
        .await?;
    let confirm = ConfirmReturn { item: figures, confirmed_by: parsed("佐藤 様")? };
    let returned = stage
        .pass(
            &cast.guest,
            confirm,
            "The client's guest confirms: a counter-receipt",
            "受領確認：委託者のゲストが受領を確認",
        )
        .await?;
    checked(stage, &cast.hana, returned.counter_receipt, "counter-receipt", "受領確認").await
}

/// A copy of the keyring that somebody took along, where an erasure does not reach it.
const ELSEWHERE: &str = "keyring-taken-elsewhere";

/// The older backup is restored with the newest keyring: what was erased since stays erased.
async fn restored(stage: &mut Stage, cast: &Cast, older: &str, contract: ItemId) -> Result<(), Failed> {
    let newest =
        stage.door().pass(&cast.admin, CreateBackup {}, Options::default()).await?.into_value().backup;
    let mut settings = stage.open.settings.clone();
    let keyrings = settings.backup_keyring.clone();
    let restoring = |keyring: PathBuf| Restoring {
        backup: settings.backup_data.join(older),
        keyring,
        recovery_file: None,
        new_origin: Some("kura.example/demo-restored".to_owned()),
        checkpoint: None,
    };
    let (stale, fresh) = (restoring(stage.folder.join(ELSEWHERE)), restoring(keyrings.join(&newest)));
    // The mark is written soon after a commit; here it is wanted now.
    stage.open.write_mark()?;
    settings.data = stage.folder.join("restored");
    match restore(settings.clone(), stale, Clock::system()).await {
        Err(error @ Error::Conflict(_)) => stage.tell(
            "A restore with a keyring that was taken elsewhere before the erasure is refused",
            "消去前に持ち出された鍵束による復元は拒否されます",
            json!({ "operation": "restore", "outcome": "refused", "refusal": error.to_string() }),
        ),
        Err(error) => return Err(error.into()),
        Ok(_) => return Err(unexpected("an old keyring was accepted")),
    }
    let restored = restore(settings, fresh, Clock::system()).await?;
    if !restored.erased.contains(&contract) {
        return Err(unexpected("what was erased came back"));
    }
    stage.tell(
        "The backup of before the erasure, restored with the newest keyring: the erased stays erased",
        "消去前のバックアップを最新の鍵束で復元：消去したものは消去されたまま",
        json!({ "operation": "restore", "outcome": "done", "index": restored.records, "erased": restored.erased, "lost": restored.lost }),
    );
    Ok(())
}

/// Changes a copy of an export.
type Crime = fn(&Path, &Path) -> std::io::Result<()>;

/// The ledger leaves the house and is checked; a changed word and a record left out are caught.
async fn verified(stage: &mut Stage, cast: &Cast) -> Result<(PathBuf, String), Failed> {
    stage
        .refused(
            &cast.ken,
            ledger::export::ExportLedger {},
            "Ken may not export the ledger",
            "研田さんは台帳を書き出せません",
        )
        .await?;
    let gathered = stage
        .pass(
            &cast.mori,
            GatherEvidence::of("std-3-2"),
            "The auditor gathers the evidence for a clause: what its rules refused, how its duties were done",
            "監査人が条項の証跡を取りまとめます：規則が拒んだもの、義務の履行",
        )
        .await?;
    checked(stage, &cast.mori, gathered.evidence, "evidence", "証跡").await?;
    stage
        .pass(
            &cast.mori,
            ledger::export::ExportLedger {},
            "The auditor exports the ledger",
            "監査人が台帳を書き出します",
        )
        .await?;
    let export = stage.folder.join("export");
    let key = stage.door().log_key();
    {
        let mut reader = stage.door().database().reader().await?;
        ledger::export::write(&mut reader, &export, &key).await?;
    }
    let check =
        |folder: &Path| verify(&["export", "--log-key", &key.to_string(), &folder.display().to_string()]);
    let told = check(&export);
    if told.status != 0 {
        return Err(unexpected(told.err));
    }
    stage.tell(
        "kura-verify confirms the export",
        "kura-verify：書き出した台帳は正しい",
        json!({ "operation": "verify", "outcome": "ok", "status": 0, "note": told.out }),
    );
    for name in ["receipt", "certificate", "evidence"] {
        let file = stage.folder.join(format!("{name}.json")).display().to_string();
        let told =
            verify(&[name, "--log-key", &key.to_string(), "--export", &export.display().to_string(), &file]);
        if told.status != 0 {
            return Err(unexpected(told.err));
        }
    }
    let crimes: [(&str, &str, &str, Crime); 2] = [
        (
            "rewritten",
            "A refusal on record is rewritten as permitted: kura-verify says so, exit 4",
            "拒否の記録を「許可」に書き換え：kura-verify が検出（終了コード4）",
            tamper::rewritten,
        ),
        (
            "shortened",
            "The last record is left out: kura-verify says so, exit 4",
            "最後の記録を削除：kura-verify が検出（終了コード4）",
            tamper::shortened,
        ),
    ];
    for (name, en, ja, commit) in crimes {
        let copy = stage.folder.join(name);
        commit(&export, &copy).map_err(Error::internal)?;
        let told = check(&copy);
        if told.status != 4 {
            return Err(unexpected(format!("a tampered ledger passed: {}", told.out)));
        }
        let more = json!({ "operation": "verify", "outcome": "tampered", "status": 4, "copy": copy, "note": told.err });
        stage.tell(en, ja, more);
    }
    Ok((export, key.to_string()))
}

/// Who signs in, and what each of them finds.
const SIGN_INS: [(&str, &str, &str); 9] = [
    (
        "hana",
        "custodian of every matter: requests, copies, days that come nearer",
        "すべての案件の管理責任者",
    ),
    (
        "ken",
        "contract employee on two matters, with copies out; heard in a case",
        "契約社員、案件の担当者、弁明を求められている",
    ),
    ("sumi", "director, decides requests", "役員、申請を判断"),
    ("tani", "director, has decided one request already; handles reports", "役員、申請を判断、通報対応者"),
    ("yui", "intern on a matter", "インターン"),
    ("aoi", "dispatched employee on a matter", "派遣社員"),
    (
        "mori",
        "auditor, not on any matter, with an audit under way",
        "監査人、監査を実施中、どの案件も担当していない",
    ),
    ("sato", "the client's guest", "委託者のゲスト"),
    ("admin", "system administrator: keeps the register, opens nothing", "システム管理者"),
];

/// Says how to go on.
fn end(stage: &mut Stage, export: &Path, log_key: &str) {
    let address = format!("http://{}", stage.open.settings.listen);
    let people: Vec<String> = SIGN_INS
        .iter()
        .map(|(login, en, ja)| format!("{login:>6}  {}", if stage.japanese { ja } else { en }))
        .collect();
    let password = stage.password.clone();
    let how = format!(
        "folder {}\npages {address}\nsign in with the password {password} as\n{}\n\
         kura login --server {address} --login hana",
        stage.folder.display(),
        people.join("\n"),
    );
    let logins: Vec<&str> = SIGN_INS.iter().map(|(login, ..)| *login).collect();
    stage.tell(
        "The end. The firm goes on: open its pages",
        "以上です。会社の仕事は続きます。ページを開いてください",
        json!({ "outcome": "done", "export": export, "log_key": log_key, "address": address, "logins": logins,
                "password": password, "note": how }),
    );
}
