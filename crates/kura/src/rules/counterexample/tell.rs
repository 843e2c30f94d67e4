//! Tells a request in words, in English and Japanese.

use crate::rules::decide::Question;
use crate::rules::facts::Resource;
use crate::rules::pack::Pack;

/// Which of a request's facts depart from the ordinary, each as (English, Japanese).
struct Telling<'a> {
    question: &'a Question,
    pack: &'a Pack,
}

impl Telling<'_> {
    fn class(&self, rank: i64) -> (String, String) {
        self.pack.class_of_rank(rank).map_or_else(
            || (format!("rank {rank}"), format!("順位{rank}")),
            |class| (class.en.clone(), format!("「{}」", class.ja)),
        )
    }

    fn who(&self) -> Vec<(String, String)> {
        let person = &self.question.person;
        let now = self.question.circumstances.now;
        let mut told = vec![];
        let mut tell = |en: String, ja: String| told.push((en, ja));
        if person.party.is_some() {
            tell("a guest".into(), "ゲスト".into());
            if person.until <= now {
                tell("past their last day".into(), "期限切れ".into());
            }
        } else {
            let (en, ja) = self.class(person.clearance);
            tell(
                format!("a person of employment {:?}", person.employment),
                format!("雇用区分「{}」の人", person.employment),
            );
            tell(format!("clearance {en}"), format!("取扱区分{ja}"));
        }
        for office in &person.offices {
            tell(format!("office {office:?}"), format!("役割「{office}」"));
        }
        if person.suspended {
            tell("suspended".into(), "利用停止中".into());
        }
        if person.party.is_none() && person.trained_until <= now {
            tell("without valid training".into(), "有効な研修なし".into());
        }
        if person.party.is_none() && person.acknowledged < self.question.circumstances.policy {
            tell("without having acknowledged the policy in force".into(), "施行中の方針に未同意".into());
        }
        if let Resource::Item(_, matter) | Resource::Matter(matter) = &self.question.resource {
            if person.matters.contains(&matter.id) {
                tell("works on the matter".into(), "案件の担当者".into());
            } else {
                tell("not on the matter".into(), "案件の担当外".into());
            }
            if matter.custodian == person.id {
                tell("custodian of the matter".into(), "案件の管理責任者".into());
            }
        }
        if let Resource::Item(item, _) = &self.question.resource {
            if item.custodian == person.id {
                tell("custodian of the item".into(), "資料の管理責任者".into());
            }
            match item.granted_until {
                Some(until) if until > now => {
                    tell("with a permission that has not ended".into(), "期限内の許可あり".into())
                }
                Some(_) => tell("with a permission that has ended".into(), "期限切れの許可あり".into()),
                None => {}
            }
        }
        told
    }

    fn what(&self) -> Vec<(String, String)> {
        let mut told = vec![];
        let mut tell = |en: &str, ja: &str| told.push((en.to_owned(), ja.to_owned()));
        match &self.question.resource {
            Resource::Installation => tell("the installation", "設備全体"),
            Resource::Matter(_) => tell("a matter", "案件"),
            Resource::Resolution(resolution) => {
                let office = &resolution.office;
                tell(&format!("a resolution of the body {office}"), &format!("機関「{office}」の決議"));
            }
            Resource::Duty(duty) => {
                tell(
                    &format!("a duty of the office {}", duty.office),
                    &format!("役職「{}」の義務", duty.office),
                );
                if let Some(deputy) = &duty.deputy {
                    tell(&format!("its deputy is {deputy}"), &format!("代理は「{deputy}」"));
                }
                match duty.by {
                    Some(by) if by == self.question.person.id => {
                        tell("done by the same person", "本人が履行")
                    }
                    Some(_) => tell("done by somebody else", "別の人が履行"),
                    None => tell("not done yet", "未履行"),
                }
            }
            Resource::Evaluation(evaluation) => {
                let (kind, office) = (&evaluation.kind, &evaluation.audited);
                tell(
                    &format!("an {kind} of the office {office}"),
                    &format!("役職「{office}」を対象とする「{kind}」"),
                );
                if evaluation.lead == self.question.person.id {
                    tell("conducted by the same person", "本人が実施");
                }
            }
            Resource::Violation(violation) => {
                tell("a case", "案件（違反と事故）");
                match violation.about {
                    Some(about) if about == self.question.person.id => {
                        tell("it is about the same person", "本人についての案件")
                    }
                    Some(_) => tell("it is about somebody else", "別の人についての案件"),
                    None => tell("it is not known whom it is about", "関係する人は不明"),
                }
                if let Some(body) = &violation.body {
                    tell(&format!("the body {body} decides"), &format!("機関「{body}」が決定"));
                }
            }
            Resource::Finding(finding) => {
                let office = &finding.audited;
                tell(
                    &format!("a finding on the office {office}"),
                    &format!("役職「{office}」についての指摘事項"),
                );
                let asker = self.question.person.id;
                for (same, en, ja) in [
                    (finding.lead == asker, "raised by the same person", "本人が指摘"),
                    (finding.owner == asker, "the same person answers for it", "本人が担当"),
                    (finding.done_by == Some(asker), "corrected by the same person", "本人が是正"),
                ] {
                    if same {
                        tell(en, ja);
                    }
                }
            }
            Resource::Item(item, _) => {
                let (en, ja) = self.class(item.rank);
                tell(&format!("an item of class {en}"), &format!("機密区分{ja}の資料"));
                if item.state != "held" {
                    tell(&format!("state {:?}", item.state), &format!("状態「{}」", item.state));
                }
                if item.contained {
                    tell("isolated by an emergency measure", "緊急措置により隔離中");
                }
                if item.held {
                    tell("on hold", "保全措置中");
                }
                if self.question.person.party.is_some() {
                    if item.shared {
                        tell("shared with guests", "ゲストに共有");
                    } else {
                        tell("not shared with guests", "ゲストに非共有");
                    }
                }
            }
        }
        if let Resource::Item(_, matter) | Resource::Matter(matter) = &self.question.resource {
            for (allowed, en, ja) in [
                (matter.open, "the matter is closed", "案件は終了"),
                (matter.copies, "its terms allow no copies", "条件により複製不可"),
                (matter.summaries, "its terms allow no summaries", "条件により要約不可"),
                (matter.subcontractor, "its terms allow the consignor alone", "条件により委託者のみ"),
                (matter.abroad, "its terms forbid abroad", "条件により国外不可"),
                (matter.generative_ai, "its terms forbid generative AI", "条件により生成AI不可"),
                (matter.personal_device, "its terms forbid personal devices", "条件により個人端末不可"),
            ] {
                if !allowed {
                    tell(en, ja);
                }
            }
            if self.question.person.party.is_some_and(|party| party != matter.party) {
                tell("of another party", "他社の案件");
            }
        }
        told
    }

    fn how(&self) -> Vec<(String, String)> {
        let circumstances = &self.question.circumstances;
        let asker = self.question.person.id;
        let mut told = vec![];
        let mut tell = |en: &str, ja: &str| told.push((en.to_owned(), ja.to_owned()));
        match circumstances.zone.as_str() {
            "office" => tell("in the office", "社内"),
            "outside" => tell("outside the office", "社外"),
            other => tell(&format!("in zone {other:?}"), &format!("区域「{other}」")),
        }
        match circumstances.factor_age {
            None => tell("without a second factor", "本人確認なし"),
            Some(age) => tell(
                &format!("{} minutes after a second factor", age / 60_000),
                &format!("本人確認から{}分", age / 60_000),
            ),
        }
        match circumstances.device.as_deref() {
            None => {}
            Some("firm") => tell("on a device of the firm's", "会社の端末"),
            Some("personal") => tell("on a personal device", "個人の端末"),
            Some(other) => tell(&format!("on a device of kind {other:?}"), &format!("端末の種類「{other}」")),
        }
        if circumstances.signed {
            tell("signed with their own passkey", "本人のパスキーで署名");
        }
        match circumstances.approvals {
            None => tell("without approvals", "承認なし"),
            Some((first, second)) if first == second => {
                tell("approved twice by the same person", "同じ人による二度の承認")
            }
            Some((first, second)) if [first, second].contains(&asker) => {
                tell("approved by the asker too", "本人を含む承認");
            }
            Some(_) => tell("approved by two other people", "本人以外の二名の承認"),
        }
        if let Some(rank) = circumstances.rank {
            let (en, ja) = self.class(rank);
            tell(&format!("giving class {en}"), &format!("付ける機密区分{ja}"));
        }
        if let Some(relation) = &circumstances.relation {
            tell(&format!("manner {relation:?}"), &format!("派生の種類「{relation}」"));
        }
        if let (Some((to, abroad)), Resource::Item(_, matter)) = (circumstances.to, &self.question.resource) {
            if to == matter.party {
                tell("to the consignor", "委託者あて");
            } else {
                tell("to another party than the consignor", "委託者以外あて");
            }
            if abroad {
                tell("abroad", "国外");
            }
        }
        if circumstances.generative_ai == Some(true) {
            tell("for a generative-AI service", "生成AIサービス向け");
        }
        if circumstances.personal_device == Some(true) {
            tell("onto a personal device", "個人端末へ");
        }
        told
    }
}

/// The request in English.
pub(super) fn english(question: &Question, pack: &Pack) -> String {
    let telling = Telling { question, pack };
    let list = |told: Vec<(String, String)>| {
        let parts: Vec<String> = told.into_iter().map(|(en, _)| en).collect();
        parts.join(", ")
    };
    format!(
        "{:?} by {}; on {}; {}",
        question.action,
        list(telling.who()),
        list(telling.what()),
        list(telling.how())
    )
}

/// The request in Japanese.
pub(super) fn japanese(question: &Question, pack: &Pack) -> String {
    let telling = Telling { question, pack };
    let list = |told: Vec<(String, String)>| {
        let parts: Vec<String> = told.into_iter().map(|(_, ja)| ja).collect();
        parts.join("、")
    };
    format!(
        "「{}」：行う人＝{}。対象＝{}。状況＝{}。",
        question.action,
        list(telling.who()),
        list(telling.what()),
        list(telling.how())
    )
}
