//! Every operation, listed once. Router, OpenAPI, command line and the tests of every door are visitors
//! of this list: an operation that is not here has no edge, and one that is here has every edge.

use serde::Serialize;

use crate::door::Operation;
use crate::{
    backup, bodies, changes, custody, duties, evaluation, health, inspection, ledger, matters, people,
    policy, training, violations,
};

/// How an operation is asked for over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// It only looks.
    Get,
    /// It does something, or hands out a ticket.
    Post,
}

/// Where an operation is, and what it says about itself.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path below `/api/v1`; names in braces are fields of the input.
    pub path: &'static str,
    /// What it does, in English.
    pub en: &'static str,
    /// What it does, in Japanese.
    pub ja: &'static str,
}

/// What an operation must be to have every edge.
pub trait Offered: Operation<Output: Serialize + utoipa::ToSchema> + clap::Args + utoipa::ToSchema {}

impl<O> Offered for O where O: Operation<Output: Serialize + utoipa::ToSchema> + clap::Args + utoipa::ToSchema {}

/// A visitor of the catalogue.
pub trait Edge {
    /// Takes note of one operation.
    fn add<O: Offered>(&mut self, route: Route);
}

/// Visits every operation.
pub fn visit(edge: &mut impl Edge) {
    use Method::{Get, Post};
    macro_rules! list {
        ($($operation:ty: $method:ident $path:literal, $en:literal, $ja:literal;)*) => {
            $(edge.add::<$operation>(Route { method: $method, path: $path, en: $en, ja: $ja });)*
        };
    }
    list! {
        people::add_person::AddPerson: Post "/people", "Adds a person", "人を登録する";
        people::add_people::AddPeople: Post "/people/import", "Adds many people from a table", "人をまとめて登録する";
        people::list_people::ListPeople: Get "/people", "Lists the people", "人の一覧";
        people::change_person::ChangePerson: Post "/people/{person}", "Changes or suspends a person", "登録を変更・停止する";
        people::reset_sign_in::ResetSignIn: Post "/people/{person}/reset-sign-in", "Gives a person a fresh first password", "サインインをやり直せるようにする";
        people::leave::Leave: Post "/people/{person}/leave", "Records that a person leaves", "退職を記録する";
        people::appoint::Appoint: Post "/people/{person}/offices", "Appoints to an office", "役職に任命する";
        people::delegate_office::DelegateOffice: Post "/offices/{office}/delegations", "Delegates an office of one's own for some days", "自分の役職を委任する";
        people::end_delegation::EndDelegation: Post "/delegations/{delegation}/end", "Ends a delegation of an office", "役職の委任を終える";
        people::list_delegations::ListDelegations: Get "/delegations", "Lists the delegations of offices", "役職の委任の一覧";
        people::set_mail::SetMail: Post "/people/{person}/mail", "Says where a person is reached by mail", "メールアドレスを登録する";
        people::password::SetPassword: Post "/me/password", "Sets one's own password", "自分のパスワードを変更する";
        people::create_token::CreateToken: Post "/me/tokens", "Makes a token for oneself", "自分のトークンを作る";
        people::list_sessions::ListSessions: Get "/me/sessions", "Lists one's own sessions and tokens", "自分のセッションとトークンの一覧";
        people::list_passkeys::ListPasskeys: Get "/me/passkeys", "Lists one's own passkeys", "自分のパスキーの一覧";
        people::remove_passkey::RemovePasskey: Post "/me/passkeys/{passkey}/remove", "Takes a passkey of one's own away", "自分のパスキーを削除する";
        people::list_devices::ListOwnDevices: Get "/me/devices", "Lists one's own devices", "自分の機器の一覧";
        people::confirm_device::RemoveDevice: Post "/me/devices/{device}/remove", "Removes a device of one's own", "自分の機器の登録を解除する";
        people::list_devices::ListDevices: Get "/devices", "Lists everyone's devices", "機器の一覧";
        people::confirm_device::ConfirmDevice: Post "/devices/{device}/confirm", "Confirms that a device is the firm's, or ends it", "会社の機器として確認する";
        people::remove_account::RemoveAccount: Post "/me/account/remove", "Removes the tie to one's own account with the firm's provider", "社内アカウントとの結び付きを解除する";
        people::remove_totp::RemoveTotp: Post "/me/codes/remove", "Takes one's own one-time codes away", "自分の確認コードを解除する";
        people::revoke_token::RevokeToken: Post "/me/tokens/{token}/revoke", "Ends a session or token of one's own", "自分のセッション・トークンを終了する";

        health::ShowHealth: Get "/health", "Shows the state of the system", "システムの状態を見る";
        policy::show_pack::ShowPack: Get "/policy/pack", "Shows the rules in force and the version that waits", "施行中の規則と改定案を見る";
        policy::read_pack::ReadPack: Get "/policy/pack/files", "Hands out the files of a version of the policy", "方針の版のファイルを取り出す";
        policy::draft_policy::DraftPolicy: Post "/policy/versions", "Drafts another version of the policy", "改定案を起案する";
        policy::adopt_pack::AdoptPack: Post "/policy/pack", "Adopts the version of the policy that waits", "改定案を施行する";
        policy::withdraw_policy::WithdrawPolicy: Post "/policy/versions/{version}/withdraw", "Takes back the version of the policy that waits", "改定案を取り下げる";
        policy::list_clauses::ListClauses: Get "/policy/clauses", "Lists the clauses with where each stands", "条項の状況を見る";
        policy::gather_evidence::GatherEvidence: Post "/policy/clauses/{clause}/evidence", "Gathers the evidence for a clause", "条項の証跡を取りまとめる";
        policy::export_oscal::ExportOscal: Get "/policy/oscal/{model}", "Hands out the policy and where it stands as OSCAL", "方針と条項の状況をOSCALで書き出す";
        policy::give_ruling::GiveRuling: Post "/policy/clauses/{clause}/rulings", "Gives a ruling on a clause", "条項の解釈を裁定する";
        policy::confirm_ruling::ConfirmRuling: Post "/policy/rulings/{ruling}/confirm", "Confirms a ruling for the revised clause", "解釈裁定を改定後の条項について確認する";
        policy::list_rulings::ListRulings: Get "/policy/rulings", "Lists the rulings on clauses", "解釈裁定の一覧";
        policy::grant_exception::GrantException: Post "/policy/clauses/{clause}/exceptions", "Records an exception from a clause", "条項の例外を記録する";
        policy::end_exception::EndException: Post "/policy/exceptions/{exception}/end", "Ends an exception from a clause", "条項の例外を終える";
        policy::list_exceptions::ListExceptions: Get "/policy/exceptions", "Lists the exceptions from clauses", "例外の一覧";
        policy::add_requirement::AddRequirement: Post "/policy/clauses/{clause}/requirements", "Registers a law, treaty or contract that asks for more than a clause", "条項より厳しい取扱いを求める法令・条約・契約を登録する";
        policy::review_requirement::ReviewRequirement: Post "/policy/requirements/{requirement}/review", "Records that a law, treaty or contract was reviewed", "法令・条約・契約の見直しを記録する";
        policy::end_requirement::EndRequirement: Post "/policy/requirements/{requirement}/end", "Takes a law, treaty or contract off the register", "法令・条約・契約の登録を終える";
        policy::list_requirements::ListRequirements: Get "/policy/requirements", "Lists the laws, treaties and contracts that ask for more than the policy", "法令・契約の登録簿を見る";
        policy::show_effect::ShowEffect: Get "/policy/effect", "Shows how the policy works, clause by clause and month by month", "方針の効果を条項と月ごとに見る";
        policy::list_documents::ListDocuments: Get "/policy/documents", "Lists the documents of the policy and its versions", "方針の文書と版の一覧";
        policy::show_document::ShowDocument: Get "/policy/documents/{document}", "Shows a document of the policy", "方針の文書を見る";
        policy::acknowledge_policy::AcknowledgePolicy: Post "/policy/acknowledge", "Acknowledges the policy in force", "施行中の方針に同意する";
        policy::list_acknowledgements::ListAcknowledgements: Get "/policy/acknowledgements", "Lists who has acknowledged the policy in force", "方針への同意の一覧";
        training::list_courses::ListCourses: Get "/courses", "Lists the courses with where you stand", "研修の一覧";
        training::show_course::ShowCourse: Get "/courses/{course}", "Shows a course", "研修を見る";
        training::draw_questions::DrawQuestions: Post "/courses/{course}/questions", "Draws questions of a course", "確認問題を引く";
        training::show_attempt::ShowAttempt: Get "/me/attempts/{attempt}", "Shows the questions that were drawn for you", "確認問題を見る";
        training::answer_questions::AnswerQuestions: Post "/me/attempts/{attempt}", "Answers the questions of a course", "確認問題に答える";
        training::list_training::ListTraining: Get "/training", "Lists who has taken which course", "受講の一覧";
        bodies::propose_resolution::ProposeResolution: Post "/resolutions", "Puts something before a body", "機関に議案を出す";
        bodies::vote::Vote: Post "/resolutions/{resolution}/vote", "Votes on a resolution", "議案について表決する";
        bodies::list_resolutions::ListResolutions: Get "/resolutions", "Lists resolutions with the votes", "決議と表決の一覧";
        duties::list_duties::ListDuties: Get "/duties", "Lists the duties and how they were done", "義務とその履行の一覧";
        duties::discharge_duty::DischargeDuty: Post "/duties/{occurrence}/discharge", "Records that a duty was done", "義務の履行を記録する";
        duties::witness_duty::WitnessDuty: Post "/duties/{occurrence}/witness", "Records that one saw a duty done", "義務の履行への立会いを記録する";
        duties::show_calendar::ShowCalendar: Get "/me/calendar", "Shows one's own duties as a calendar", "自分の義務のカレンダーを見る";
        evaluation::plan_evaluation::PlanEvaluation: Post "/evaluations", "Plans an inspection, an audit or an evaluation", "点検・監査・評価を計画する";
        evaluation::list_evaluations::ListEvaluations: Get "/evaluations", "Lists the inspections, audits and evaluations", "点検・監査・評価の一覧";
        evaluation::show_evaluation::ShowEvaluation: Get "/evaluations/{evaluation}", "Shows an evaluation", "点検・監査・評価を見る";
        evaluation::add_criterion::AddCriterion: Post "/evaluations/{evaluation}/criteria", "Holds an evaluation against another clause", "点検・監査・評価の基準とする条項を加える";
        evaluation::draw_sample::DrawSample: Post "/evaluations/{evaluation}/samples", "Draws a sample for an evaluation", "標本を抽出する";
        evaluation::check_sample::CheckSample: Post "/evaluations/{evaluation}/samples/{draw}/{number}", "Records what was found of something that was drawn", "標本を調べた結果を記録する";
        evaluation::judge_criterion::JudgeCriterion: Post "/evaluations/{evaluation}/criteria/{clause}", "Records whether what was looked at conforms to a clause", "条項への適合を記録する";
        evaluation::raise_finding::RaiseFinding: Post "/evaluations/{evaluation}/findings", "Raises a finding", "指摘事項を挙げる";
        evaluation::close_evaluation::CloseEvaluation: Post "/evaluations/{evaluation}/close", "Closes an evaluation with its conclusion", "点検・監査・評価を結論付けて終える";
        evaluation::reassign_evaluation::ReassignEvaluation: Post "/evaluations/{evaluation}/reassign", "Names another person to conduct an evaluation", "点検・監査・評価の実施者を替える";
        evaluation::list_findings::ListFindings: Get "/findings", "Lists the findings", "指摘事項の一覧";
        evaluation::show_finding::ShowFinding: Get "/findings/{finding}", "Shows a finding", "指摘事項を見る";
        evaluation::answer_finding::AnswerFinding: Post "/findings/{finding}/answer", "Answers a finding: root cause, correction, corrective action", "指摘事項に答える（原因・修正・是正処置）";
        evaluation::complete_action::CompleteAction: Post "/findings/{finding}/done", "Says that the corrective action on a finding is done", "是正処置の完了を報告する";
        evaluation::check_effectiveness::CheckEffectiveness: Post "/findings/{finding}/check", "Says whether what was done about a finding is effective", "是正処置の有効性を確かめる";
        evaluation::assign_finding::AssignFinding: Post "/findings/{finding}/assign", "Names another person to answer for a finding", "指摘事項に対応する人を替える";
        inspection::show_self_inspection::ShowSelfInspection: Get "/me/self-inspection", "Shows this quarter's self-inspection", "自己点検を見る";
        inspection::answer_self_inspection::AnswerSelfInspection: Post "/me/self-inspection", "Answers this quarter's self-inspection", "自己点検に答える";
        inspection::list_self_inspections::ListSelfInspections: Get "/self-inspections", "Lists what the self-inspections of a quarter say", "自己点検の結果を見る";
        violations::report_violation::ReportViolation: Post "/violations", "Reports a violation, a loss or something wrongly sent", "違反・紛失・誤送信を届け出る";
        violations::list_violations::ListViolations: Get "/violations", "Lists the cases that concern you", "違反と事故の一覧";
        violations::show_violation::ShowViolation: Get "/violations/{violation}", "Shows a case to those who handle it", "違反・事故の案件を見る";
        violations::triage_violation::TriageViolation: Post "/violations/{violation}/triage", "Says whether what was reported is investigated", "届出を調査するかどうかを決める";
        violations::note_investigation::NoteInvestigation: Post "/violations/{violation}/notes", "Keeps what was found out about a case", "調査で分かったことを記録する";
        violations::hold_evidence::HoldEvidence: Post "/violations/{violation}/hold", "Places a hold on the material of a case", "案件の資料に保全措置をかける";
        violations::record_notice::RecordNotice: Post "/violations/{violation}/notices", "Records that somebody who must be told was told", "知らせたことを記録する";
        violations::give_hearing::GiveHearing: Post "/violations/{violation}/hearing", "Hears the person concerned", "弁明の機会を設ける";
        violations::decide_violation::DecideViolation: Post "/violations/{violation}/decide", "Records what the body decided on a case", "機関の決定を記録する";
        violations::close_violation::CloseViolation: Post "/violations/{violation}/close", "Closes a case with what is learnt from it", "案件を終え、学んだことを伝える";
        violations::show_charge::ShowCharge: Get "/violations/{violation}/charge", "Shows what is held against you", "自分が指摘されている内容を見る";
        violations::answer_charge::AnswerCharge: Post "/violations/{violation}/answer", "Answers what is held against you", "弁明する";
        violations::appeal_decision::AppealDecision: Post "/violations/{violation}/appeal", "Appeals a decision", "決定に不服を申し立てる";
        ledger::list_records::ListRecords: Get "/ledger/records", "Lists the ledger's records", "台帳の記録の一覧";
        ledger::show_entry::ShowEntry: Get "/ledger/records/{record}", "Hands out a record of the ledger, to verify", "台帳の記録を取り出す";
        ledger::rotate_key::RotateLogKey: Post "/ledger/rotate-key", "Hands the log's key on to a fresh one", "台帳の署名鍵を更新する";
        ledger::retire_key::RetireLogKey: Post "/ledger/retire-key", "Retires the log's former key", "台帳の旧署名鍵を廃止する";
        changes::plan_change::PlanChange: Post "/changes", "Plans a change to the systems", "システムの変更を計画する";
        changes::approve_change::ApproveChange: Post "/changes/{change}/approve", "Records that the subcommittee resolved upon a change", "変更の決議を記録する";
        changes::record_change::RecordChange: Post "/changes/{change}/record", "Records what came of a change", "変更の結果を記録する";
        changes::list_changes::ListChanges: Get "/changes", "Lists the changes to the systems", "システムの変更の一覧";
        backup::create_backup::CreateBackup: Post "/backups", "Makes a backup", "バックアップを作る";
        backup::destroy_backup::DestroyBackup: Post "/backups/{backup}/destroy", "Destroys a backup's key", "バックアップの鍵を破壊する";

        matters::add_party::AddParty: Post "/parties", "Adds a party", "取引先を登録する";
        matters::list_parties::ListParties: Get "/parties", "Lists the parties", "取引先の一覧";
        matters::open_matter::OpenMatter: Post "/matters", "Opens a matter on its terms", "案件を開設する";
        matters::list_matters::ListMatters: Get "/matters", "Lists the matters that you may know of", "案件の一覧";
        matters::show_matter::ShowMatter: Get "/matters/{matter}", "Shows a matter", "案件を見る";
        matters::change_members::ChangeMembers: Post "/matters/{matter}/members", "Puts a person on a matter or takes them off", "案件の担当者を変更する";
        matters::hand_over_matter::HandOverMatter: Post "/matters/{matter}/hand-over", "Hands a matter over", "案件の管理責任者を交代する";
        matters::close_matter::CloseMatter: Post "/matters/{matter}/close", "Closes a matter", "案件を終了する";

        custody::begin::Begin: Post "/matters/{matter}/uploads", "Begins an upload", "アップロードを始める";
        custody::take::Take: Post "/matters/{matter}/take", "Takes material into custody, against a receipt", "資料を預かる（預り証）";
        custody::collect::Collect: Post "/matters/{matter}/collect", "Collects material of the firm's own", "資料を収集する";
        custody::import_items::ImportItems: Post "/import", "Imports a ledger of information assets", "情報資産管理台帳を取り込む";
        custody::report::Report: Post "/matters/{matter}/report", "Reports to the consignor", "委託者に報告する";

        custody::today::Today: Get "/today", "Tells what waits for you today", "今日の予定を見る";
        custody::list_requests::ListRequests: Get "/requests", "Lists the open requests", "申請の一覧";
        custody::list::List: Get "/items", "Lists the items that you may know of", "資料の一覧";
        custody::export_list::ExportList: Get "/table", "Hands out the register as a table", "台帳を表として書き出す";
        custody::saved_view::ListViews: Get "/me/views", "Lists one's own views of the register", "自分の表示条件の一覧";
        custody::saved_view::SaveView: Post "/me/views", "Saves a view of the register", "表示条件を保存する";
        custody::saved_view::RemoveView: Post "/me/views/remove", "Removes a view of one's own", "表示条件を削除する";
        custody::show::Show: Get "/items/{item}", "Shows an item", "資料の詳細を見る";
        custody::timeline::Timeline: Get "/items/{item}/timeline", "Tells what happened to an item", "資料の経緯を見る";
        custody::record::ShowRecord: Get "/items/{item}/records/{index}", "Hands out a record of an item, to verify", "資料の記録を取り出す";
        policy::why::Why: Get "/items/{item}/why", "Says why something is refused and what would change it", "拒否の理由と解決方法を見る";
        custody::open::Open: Post "/items/{item}/open", "Opens an item for reading", "資料を開く";
        custody::download::Download: Post "/items/{item}/download", "Takes a copy out, tracked until it is destroyed", "資料を持ち出す（複製）";
        custody::attest::Attest: Post "/items/{item}/attest", "Attests that a copy is gone", "複製の廃棄を報告する";
        custody::store_version::Store: Post "/items/{item}/store", "Stores a new version", "新しい版を格納する";
        custody::derive::Derive: Post "/items/{item}/derive", "Registers a copy, a summary or another derivative", "二次的資料を登録する";
        custody::reclassify::Reclassify: Post "/items/{item}/reclassify", "Gives an item another class", "機密区分を変更する";
        custody::hand_over::HandOver: Post "/items/{item}/hand-over", "Hands custody over", "管理責任者を交代する";
        custody::hand_over_all::HandOverAll: Post "/people/{person}/hand-over-all", "Hands over all that a person is accountable for", "ある人の管理をすべて引き継ぐ";
        custody::grant::Grant: Post "/items/{item}/grant", "Grants a person use until a day", "期限付きで利用を許可する";
        custody::revoke::Revoke: Post "/items/{item}/revoke", "Takes a grant away", "許可を取り消す";
        custody::ask::Ask: Post "/items/{item}/ask", "Asks for approval", "承認を申請する";
        custody::approve::Approve: Post "/items/{item}/approve", "Approves or refuses a request", "申請を承認・却下する";
        custody::hold::Hold: Post "/items/{item}/hold", "Places a hold", "ホールド（保全措置）をかける";
        custody::release::Release: Post "/items/{item}/release", "Releases a hold", "ホールドを解除する";
        custody::transmit::Transmit: Post "/items/{item}/transmit", "Sends content sealed to a party's recipient", "伝達する";
        custody::give_back::GiveBack: Post "/items/{item}/give-back", "Begins a return", "返却を始める";
        custody::package::Package: Post "/items/{item}/package", "Hands out the package of a return", "返却物を取り出す";
        custody::confirm_return::ConfirmReturn: Post "/items/{item}/confirm-return", "Confirms a return (counter-receipt)", "返却の受領確認";
        custody::erase::Erase: Post "/items/{item}/erase", "Erases an item (certificate)", "消去する（証明書）";
        custody::statement::ShowStatement: Get "/statements/{statement}", "Hands out a receipt, certificate, report or evidence", "預り証・証明書・報告・証跡を取り出す";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rules::pack::{Pack, model};

    struct Names(Vec<(&'static str, Route, BTreeSet<String>)>);

    impl Edge for Names {
        fn add<O: Offered>(&mut self, route: Route) {
            let command = O::augment_args(clap::Command::new("it"));
            let fields = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
            self.0.push((O::ACTION.0, route, fields));
        }
    }

    #[test]
    fn every_operation_is_known_to_the_rules_and_has_a_place_of_its_own() {
        let mut names = Names(Vec::new());
        visit(&mut names);
        let pack = Pack::load(&model()).unwrap();
        let mut places = BTreeSet::new();
        let mut actions = BTreeSet::new();
        for (action, route, fields) in names.0 {
            assert!(pack.knows_action(action), "{action} is no action of the schema");
            assert!(actions.insert(action), "{action} is listed twice");
            assert!(places.insert((route.method == Method::Get, route.path)), "{} twice", route.path);
            for name in route.path.split('/').filter_map(|part| part.strip_prefix('{')) {
                let name = name.trim_end_matches('}');
                assert!(fields.contains(name), "{action} has no field {name}");
            }
        }
    }
}
