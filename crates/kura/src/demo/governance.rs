//! The firm looks at itself: an audit and what it found, self-inspections, cases, a term and a deputy.

use super::midlife::{id_of, quiet};
use super::play::{Cast, day, parsed};
use super::{Failed, Stage, unexpected};
use crate::door::Actor;
use crate::evaluation::add_criterion::AddCriterion;
use crate::evaluation::answer_finding::AnswerFinding;
use crate::evaluation::check_effectiveness::{CheckEffectiveness, Effect};
use crate::evaluation::check_sample::CheckSample;
use crate::evaluation::close_evaluation::CloseEvaluation;
use crate::evaluation::complete_action::CompleteAction;
use crate::evaluation::draw_sample::{DrawSample, Population};
use crate::evaluation::judge_criterion::JudgeCriterion;
use crate::evaluation::plan_evaluation::PlanEvaluation;
use crate::evaluation::raise_finding::RaiseFinding;
use crate::evaluation::{Aspect, Grade, Kind, Verdict};
use crate::id::{EvaluationId, ViolationId};
use crate::inspection::Answer;
use crate::inspection::answer_self_inspection::AnswerSelfInspection;
use crate::people::Office;
use crate::people::appoint::Appoint;
use crate::people::delegate_office::DelegateOffice;
use crate::violations::close_violation::CloseViolation;
use crate::violations::give_hearing::GiveHearing;
use crate::violations::note_investigation::NoteInvestigation;
use crate::violations::record_notice::RecordNotice;
use crate::violations::report_violation::ReportViolation;
use crate::violations::triage_violation::TriageViolation;
use crate::violations::{Happened, Personal};

/// The firm looks at itself.
pub(super) async fn look(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    offices(stage, cast).await?;
    self_inspections(stage, cast).await?;
    closed_evaluation(stage, cast).await?;
    running_audit(stage, cast).await?;
    closed_case(stage, cast).await?;
    running_case(stage, cast).await?;
    let fresh = ReportViolation {
        told: parsed(
            "会議室Bに、委託者の名前が入った議事メモが置かれたままになっていた。誰のものかは分からない。",
        )?,
        happened_on: None,
        sealed: true,
        ..case(Happened::Breach)?
    };
    quiet(stage, &cast.yui, fresh).await?;
    Ok(())
}

/// The auditor's term has an end, somebody handles reports, and the network's keeper is away for some days.
async fn offices(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    for (who, office, until) in [
        (&cast.mori, Office::Auditor, Some(day(stage, 200))),
        (&cast.directors[1], Office::ReportHandler, None),
    ] {
        let appoint = Appoint { person: id_of(who)?, office, until, dismiss: false };
        quiet(stage, &cast.admin, appoint).await?;
    }
    let delegate = DelegateOffice {
        office: Office::NetworkAdministrator,
        delegate: id_of(&cast.admin)?,
        first_day: None,
        last_day: day(stage, 12),
        reason: parsed("休暇のため")?,
    };
    quiet(stage, &cast.aoi, delegate).await?;
    Ok(())
}

/// Three have answered this quarter's questions; one of them says what is not so.
async fn self_inspections(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let rules = stage.door().rules();
    let not_so =
        "先月の打合せで配った印刷物が、まだ机の引出しに残っています。今週のうちに裁断し、廃棄を報告します。";
    for (who, told) in [(&cast.yui, None), (&cast.aoi, None), (&cast.hana, Some(not_so))] {
        let answers = rules.inspection.iter().map(|question| match question.id.as_str() {
            "copies" if told.is_some() => Answer::No,
            "published" => Answer::NotApplicable,
            _ => Answer::Yes,
        });
        let answers = answers.collect();
        let told = told.map(parsed).transpose()?;
        quiet(stage, who, AnswerSelfInspection { answers, told }).await?;
    }
    Ok(())
}

struct Plan {
    title: &'static str,
    kind: Kind,
    aspect: Aspect,
    audited: Office,
    clauses: &'static [&'static str],
    due: i64,
}

async fn plan(stage: &Stage, auditor: &Actor, plan: Plan) -> Result<EvaluationId, Failed> {
    let [first, more @ ..] = plan.clauses else { return Err(unexpected("no clause")) };
    let planned = PlanEvaluation {
        title: parsed(plan.title)?,
        kind: plan.kind,
        aspect: plan.aspect,
        audited: plan.audited,
        clause: (*first).to_owned(),
        lead: id_of(auditor)?,
        first_day: day(stage, -90),
        last_day: day(stage, 0),
        due_on: day(stage, plan.due),
    };
    let evaluation = quiet(stage, auditor, planned).await?.evaluation;
    for clause in more {
        quiet(stage, auditor, AddCriterion { evaluation, clause: (*clause).to_owned() }).await?;
    }
    Ok(evaluation)
}

async fn judge(
    stage: &Stage,
    auditor: &Actor,
    evaluation: EvaluationId,
    (clause, result, told): (&str, Verdict, &str),
) -> Result<(), Failed> {
    let judge = JudgeCriterion { evaluation, clause: clause.to_owned(), result, told: parsed(told)? };
    Ok(quiet(stage, auditor, judge).await?)
}

/// Draws a sample and keeps working papers on the first ones of it.
async fn sample(
    stage: &Stage,
    auditor: &Actor,
    evaluation: EvaluationId,
    (from, number): (Population, i64),
    papers: &[&str],
) -> Result<(), Failed> {
    let drawn = quiet(stage, auditor, DrawSample { evaluation, from, number }).await?;
    for (number, told) in (1..).zip(papers).take(drawn.places.len()) {
        let check = CheckSample {
            evaluation,
            draw: drawn.draw,
            number,
            result: Verdict::Conforms,
            told: parsed(told)?,
        };
        quiet(stage, auditor, check).await?;
    }
    Ok(())
}

/// How the register is kept was evaluated: one finding, answered, done, and found effective.
async fn closed_evaluation(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let (mori, admin) = (&cast.mori, &cast.admin);
    let evaluation = plan(
        stage,
        mori,
        Plan {
            title: "利用者登録と教育の評価",
            kind: Kind::Evaluation,
            aspect: Aspect::Human,
            audited: Office::SystemAdministrator,
            clauses: &["basic-1d", "std-3-1"],
            due: 14,
        },
    )
    .await?;
    let papers = [
        "雇用形態、取扱区分と担当案件が、人事の名簿と一致している。",
        "受講記録と誓約の確認記録がある。",
        "退職の予定はなく、担当案件も名簿と一致している。",
    ];
    sample(stage, mori, evaluation, (Population::People, 3), &papers).await?;
    let told = "抽出した3名とも、着任の日に規程を確認し、その週のうちに研修を終えている。";
    judge(stage, mori, evaluation, ("basic-1d", Verdict::Conforms, told)).await?;
    let told = "登録の手順は守られているが、登録を確かめた人の記録が残っていない。";
    judge(stage, mori, evaluation, ("std-3-1", Verdict::Nonconforming, told)).await?;
    let raise = RaiseFinding {
        evaluation,
        clause: "std-3-1".to_owned(),
        grade: Grade::Minor,
        told: parsed("利用者を登録したあと、登録した人とは別の人が内容を確かめた記録がない。")?,
        owner: id_of(admin)?,
        due: None,
    };
    let finding = quiet(stage, mori, raise).await?.finding;
    let answer = AnswerFinding {
        finding,
        cause: parsed("手順書に、確認する人と記録の残し方が書かれていなかった。")?,
        correction: parsed("登録済みの9名について、総務の担当者が名簿と照合した。")?,
        corrective: parsed("登録の手順書に確認欄を設け、月末にまとめて照合する。")?,
        due: day(stage, 7),
    };
    quiet(stage, admin, answer).await?;
    let done =
        CompleteAction { finding, told: parsed("手順書を改め、今月分の照合を終えた。")? };
    quiet(stage, admin, done).await?;
    let told = parsed("改めた手順書と今月の照合の記録を見た。確認欄はすべて埋まっている。")?;
    quiet(stage, mori, CheckEffectiveness { finding, effect: Effect::Effective, told }).await?;
    let conclusion = "登録と教育はおおむね方針のとおりに行われている。確認の記録についての軽微な不適合が一件あり、\
                      是正は済み、有効と認めた。";
    quiet(stage, mori, CloseEvaluation { evaluation, conclusion: parsed(conclusion)? }).await?;
    Ok(())
}

/// An audit of the network's keeper goes on: papers, a sample of which two are still to be looked at, a finding answered.
async fn running_audit(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let mori = &cast.mori;
    let evaluation = plan(
        stage,
        mori,
        Plan {
            title: "ネットワーク管理の内部監査",
            kind: Kind::Audit,
            aspect: Aspect::Technical,
            audited: Office::NetworkAdministrator,
            clauses: &["std-3-2", "system", "std-2-1"],
            due: 21,
        },
    )
    .await?;
    let papers = [
        "台帳の記録と、その操作をした人の役職が合っている。",
        "拒否された操作ではなく、判断の規則も記録されている。",
        "操作の時刻が、勤務の記録と合っている。",
    ];
    sample(stage, mori, evaluation, (Population::Records, 5), &papers).await?;
    let papers = ["封緘された資料の保管場所と責任者が、台帳のとおりであることを責任者に示してもらった。"];
    sample(stage, mori, evaluation, (Population::Items, 2), &papers).await?;
    let told = "限定した公開の範囲は、案件の担当者の一覧と一致している。";
    judge(stage, mori, evaluation, ("std-3-2", Verdict::Conforms, told)).await?;
    let told = "ファイアウォールの設定一覧は保管されているが、見直した日と見直した人が書かれていない。";
    judge(stage, mori, evaluation, ("system", Verdict::Nonconforming, told)).await?;
    let raise = RaiseFinding {
        evaluation,
        clause: "system".to_owned(),
        grade: Grade::Major,
        told: parsed("ファイアウォールの設定の見直しが、この半年の間に行われたことを示す記録がない。")?,
        owner: id_of(&cast.aoi)?,
        due: None,
    };
    let finding = quiet(stage, mori, raise).await?.finding;
    let answer = AnswerFinding {
        finding,
        cause: parsed("見直しの時期が担当者の覚えだけに頼っていて、休暇と重なると抜けていた。")?,
        correction: parsed("設定一覧を今日の状態で書き出し、使われていない許可を二件取り消した。")?,
        corrective: parsed("見直しを四半期ごとの義務として登録し、結果に日付と確認者を書く。")?,
        due: day(stage, 30),
    };
    quiet(stage, &cast.aoi, answer).await?;
    let observed = RaiseFinding {
        evaluation,
        clause: "std-2-1".to_owned(),
        grade: Grade::Observation,
        told: parsed("通信の監視の通知先が一人だけで、その人が休むと気付くのが遅れるおそれがある。")?,
        owner: id_of(&cast.admin)?,
        due: Some(day(stage, 10)),
    };
    quiet(stage, mori, observed).await?;
    Ok(())
}

/// What somebody reports, of a kind, known today.
fn case(kind: Happened) -> Result<ReportViolation, Failed> {
    Ok(ReportViolation {
        told: parsed("事故")?,
        kind,
        happened_on: None,
        known_on: None,
        item: None,
        matter: None,
        about: None,
        sealed: false,
    })
}

fn triage(
    violation: ViolationId,
    clause: &str,
    personal: Personal,
    reason: &str,
) -> Result<TriageViolation, Failed> {
    Ok(TriageViolation {
        violation,
        clause: clause.to_owned(),
        personal,
        handler: None,
        about: None,
        dismiss: false,
        reason: parsed(reason)?,
    })
}

/// Something was lost, and found: everybody learns from it.
async fn closed_case(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let tani = &cast.directors[1];
    let report = ReportViolation {
        told: parsed("入館証を入れた名札入れが見当たらない。昨日の夕方、外出から戻ったときにはあった。")?,
        happened_on: Some(day(stage, -4)),
        known_on: Some(day(stage, -3)),
        ..case(Happened::Lost)?
    };
    let violation = quiet(stage, &cast.aoi, report).await?.violation;
    let reason = "紛失の届出。資料は入っていないが、入館証が使われなかったかを確かめる。";
    quiet(stage, tani, triage(violation, "std-3-1", Personal::None, reason)?).await?;
    let told = parsed(
        "入館証をその場で止めた。止めるまでの間に使われた記録はない。翌日、会議室の椅子の下で見つかった。",
    )?;
    quiet(stage, tani, NoteInvestigation { violation, told }).await?;
    let lesson = "入館証は、なくしたと思ったらすぐに届け出れば、その場で止められます。探してから届け出るのではなく、\
                  届け出てから探してください。";
    quiet(stage, tani, CloseViolation { violation, lesson: parsed(lesson)? }).await?;
    Ok(())
}

/// Something went to the wrong person: the clocks run, the consignor has been told, and whom it is about is heard.
async fn running_case(stage: &Stage, cast: &Cast) -> Result<(), Failed> {
    let tani = &cast.directors[1];
    let report = ReportViolation {
        told: parsed(
            "従業員意識調査の集計を送るとき、宛先の候補から別の会社の同じ姓の方を選んで送った。受け取った方から連絡があり、\
             開かずに削除したとのこと。",
        )?,
        happened_on: Some(day(stage, -2)),
        known_on: Some(day(stage, -1)),
        matter: Some(cast.matter),
        ..case(Happened::WronglySent)?
    };
    let violation = quiet(stage, &cast.hana, report).await?.violation;
    let reason = "誤送信。千人を超える従業員の回答の集計が含まれるため、期限のある報告の対象として調べる。";
    let about = Some(id_of(&cast.ken)?);
    let looked = triage(violation, "basic-1c", Personal::Reportable, reason)?;
    quiet(stage, tani, TriageViolation { about, ..looked }).await?;
    let told =
        parsed("佐藤様に電話で知らせ、経緯と対応を書面で送った。先方が受領し、自社で報告するとのこと。")?;
    let notice = RecordNotice { violation, clock: "consignor".to_owned(), told, done_on: None };
    quiet(stage, tani, notice).await?;
    let told = parsed("送信の記録と先方の連絡を確かめた。添付は一つ、暗号化されておらず、転送の跡はない。")?;
    quiet(stage, tani, NoteInvestigation { violation, told }).await?;
    let charge = parsed("委託者の資料を、宛先を確かめずに社外の別の方へ送ったこと。")?;
    quiet(stage, tani, GiveHearing { violation, charge, answer_by: Some(day(stage, 10)) }).await?;
    Ok(())
}
