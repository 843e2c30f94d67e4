//! For each invariant of the model pack a plausible slip in the rules that breaks it. The proofs must notice each, and
//! the door must let in what the proof says that it lets in.

use kura::rules::pack::{Files, model};

/// The model pack with one text in one file changed.
pub fn changed(file: &str, from: &str, to: &str) -> Files {
    let mut files = model();
    let text = files.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replacen(from, to, 1);
    files
}

pub const SCOPE: &str = "rules/10-scope.cedar";
pub const ADMINISTRATION: &str = "rules/20-administration.cedar";
pub const MATTERS: &str = "rules/30-matters.cedar";
pub const KNOW: &str = "rules/40-know.cedar";
pub const LIFE: &str = "rules/50-life.cedar";
pub const DUTIES: &str = "rules/60-duties.cedar";
pub const EVALUATION: &str = "rules/70-evaluation.cedar";
pub const VIOLATIONS: &str = "rules/80-violations.cedar";

/// Each slip in the rules that breaks it: file, text, the slip.
pub const SLIPS: &[(&str, &str, &str, &str)] = &[
    (
        "covered-people-only",
        SCOPE,
        r#""dispatched", "intern"].contains"#,
        r#""dispatched", "intern", "visitor"].contains"#,
    ),
    (
        "suspended-person",
        SCOPE,
        "when { principal.suspended };",
        r#"when { principal.suspended && principal.employment != "director" };"#,
    ),
    (
        "suspended-guest",
        SCOPE,
        "forbid (principal is Kura::Guest, action, resource)\nwhen { principal.suspended };",
        "forbid (principal is Kura::Guest, action, resource)\n\
         when { principal.suspended && context.zone != \"office\" };",
    ),
    ("guest-past-until", SCOPE, "principal.until <= context.now", "principal.until < context.now"),
    (
        "administrator-opens-nothing",
        KNOW,
        "when { principal in resource.matter && resource.rank <= principal.clearance };",
        r#"when { (principal in resource.matter || principal in Kura::Office::"network_administrator")
            && resource.rank <= principal.clearance };"#,
    ),
    (
        "register-by-administrators",
        ADMINISTRATION,
        r#"|| principal in Kura::Office::"chief_system_administrator" };"#,
        r#"|| principal in Kura::Office::"chief_system_administrator"
            || principal.employment == "director" };"#,
    ),
    (
        "ledger-by-auditors",
        ADMINISTRATION,
        r#"principal in Kura::Office::"auditor" ||"#,
        r#"principal in Kura::Office::"auditor" || principal in Kura::Office::"csr_committee" ||"#,
    ),
    (
        "ruling-by-the-representative",
        ADMINISTRATION,
        r#"when { principal in Kura::Office::"representative_director" };"#,
        r#"when { principal in Kura::Office::"representative_director" || principal.employment == "director" };"#,
    ),
    (
        "requirements-by-office",
        ADMINISTRATION,
        r#"  || principal in Kura::Office::"chief_system_administrator"
};

@id("admin-requirements-shown")"#,
        r#"  || principal in Kura::Office::"chief_system_administrator"
  || principal in Kura::Office::"auditor"
};

@id("admin-requirements-shown")"#,
    ),
    (
        "evidence-by-office",
        ADMINISTRATION,
        r#"principal in Kura::Office::"auditor"
  || principal in Kura::Office::"csr_committee"
  || principal in Kura::Office::"chief_system_administrator"
};

@id("admin-log-key")"#,
        r#"principal in Kura::Office::"auditor"
  || principal in Kura::Office::"csr_committee"
  || principal in Kura::Office::"risk_management_subcommittee"
  || principal in Kura::Office::"chief_system_administrator"
};

@id("admin-log-key")"#,
    ),
    (
        "log-key-by-the-chief",
        ADMINISTRATION,
        "Kura::Action::\"retire_log_key\"], resource is Kura::Installation)\n\
         when { principal in Kura::Office::\"chief_system_administrator\" };",
        "Kura::Action::\"retire_log_key\"], resource is Kura::Installation)\n\
         when { principal in Kura::Office::\"chief_system_administrator\" \
         || principal in Kura::Office::\"auditor\" };",
    ),
    (
        "pack-by-the-chief",
        ADMINISTRATION,
        "Kura::Action::\"withdraw_policy\"], resource is Kura::Installation)\n\
         when { principal in Kura::Office::\"chief_system_administrator\" };",
        "Kura::Action::\"withdraw_policy\"], resource is Kura::Installation)\n\
         when { principal in Kura::Office::\"chief_system_administrator\" \
         || principal in Kura::Office::\"system_administrator\" };",
    ),
    (
        "matter-insiders-only",
        MATTERS,
        "when { principal in resource || resource.custodian == principal };",
        r#"when { principal in resource || resource.custodian == principal
            || principal.employment == "director" };"#,
    ),
    (
        "guest-own-matter",
        MATTERS,
        "when { principal in resource && resource.party == principal.party };",
        "when { principal in resource || resource.party == principal.party };",
    ),
    (
        "report-to-the-consignor",
        MATTERS,
        "Kura::Action::\"show_matter\"], resource is Kura::Matter)\nwhen { principal in resource };",
        "Kura::Action::\"show_matter\", Kura::Action::\"show_statement\"], resource is Kura::Matter)\n\
         when { principal in resource };",
    ),
    (
        "intern-brings-no-top-secret",
        MATTERS,
        r#"principal.employment == "intern" && context.rank >= 4"#,
        r#"principal.employment == "intern" && context.rank > 4"#,
    ),
    (
        "closed-matter",
        MATTERS,
        "unless { resource.open };",
        "unless { resource.open || resource.custodian == principal };",
    ),
    (
        "class-above-clearance",
        MATTERS,
        "when { context.rank > principal.clearance };",
        "when { context.rank > principal.clearance && resource.custodian != principal };",
    ),
    (
        "need-to-know",
        KNOW,
        "when { resource.hasTag(principal.key) && resource.getTag(principal.key).until > context.now };",
        "when { resource.hasTag(principal.key) };",
    ),
    (
        "sent-by-the-matters-own",
        KNOW,
        r#"Kura::Action::"attest", Kura::Action::"ask"]"#,
        r#"Kura::Action::"attest", Kura::Action::"transmit", Kura::Action::"ask"]"#,
    ),
    (
        "known-with-reason",
        KNOW,
        r#"principal in Kura::Office::"risk_management_subcommittee") &&"#,
        r#"principal in Kura::Office::"risk_management_subcommittee"
            || principal in Kura::Office::"csr_committee") &&"#,
    ),
    (
        "guest-shared-only",
        KNOW,
        "resource.shared && resource.matter.party",
        "(resource.shared || resource.rank <= 1) && resource.matter.party",
    ),
    (
        "intern-top-secret",
        KNOW,
        r#"principal.employment == "intern" && resource.rank >= 4"#,
        r#"principal.employment == "intern" && resource.rank > 4"#,
    ),
    (
        "work-above-clearance",
        KNOW,
        "when { resource.rank > principal.clearance };",
        "when { resource.rank > principal.clearance && resource.custodian != principal };",
    ),
    (
        "training-first",
        KNOW,
        "resource.rank >= 3 && principal.trainedUntil",
        "resource.rank >= 4 && principal.trainedUntil",
    ),
    (
        "acknowledged-first",
        KNOW,
        "resource.rank >= 2 && principal.acknowledged",
        "resource.rank >= 3 && principal.acknowledged",
    ),
    ("top-secret-in-office", KNOW, r#"context.zone != "office""#, r#"context.zone == "outside""#),
    ("top-secret-with-second-factor", KNOW, "context.factorAge <= 900000", "context.factorAge <= 9000000"),
    (
        "contained-stays",
        KNOW,
        "Kura::Action::\"dispose\"], resource is Kura::Item)\nwhen { resource.contained };",
        "Kura::Action::\"erase\"], resource is Kura::Item)\nwhen { resource.contained };",
    ),
    (
        "held-only",
        LIFE,
        r#"unless { resource.state == "held" };"#,
        r#"unless { ["held", "returning"].contains(resource.state) };"#,
    ),
    (
        "hold-keeps",
        LIFE,
        "action in Kura::Action::\"dispose\", resource is Kura::Item)\nwhen { resource.held };",
        "action == Kura::Action::\"erase\", resource is Kura::Item)\nwhen { resource.held };",
    ),
    (
        "disposal-by-custodian",
        KNOW,
        r#"action == Kura::Action::"attest""#,
        r#"action in [Kura::Action::"attest", Kura::Action::"give_back"]"#,
    ),
    ("approval-by-approvers", KNOW, r#"&& action != Kura::Action::"approve" };"#, "};"),
    (
        "return-by-two",
        LIFE,
        "action == Kura::Action::\"confirm_return\"",
        "action == Kura::Action::\"package\"",
    ),
    (
        "handed-over-by-the-accountable",
        KNOW,
        r#"Kura::Action::"store", Kura::Action::"ask"], resource"#,
        r#"Kura::Action::"store", Kura::Action::"hand_over", Kura::Action::"ask"], resource"#,
    ),
    (
        "matter-handed-over-by-the-accountable",
        MATTERS,
        r#"action in [Kura::Action::"know_matter", Kura::Action::"show_matter"], resource is Kura::Matter)
when { principal in resource };"#,
        r#"action in [Kura::Action::"know_matter", Kura::Action::"show_matter", Kura::Action::"hand_over_matter"], resource is Kura::Matter)
when { principal in resource };"#,
    ),
    (
        "terms-of-take-out",
        LIFE,
        "context.personalDevice && !resource.matter.personalDevice",
        "context.personalDevice && !resource.matter.personalDevice && resource.rank >= 2",
    ),
    (
        "terms-of-own-device",
        LIFE,
        r#"context.device == "personal" && !resource"#,
        r#"context.device == "personal" && resource.rank >= 2 && !resource"#,
    ),
    (
        "terms-of-generative-ai",
        LIFE,
        "context.generativeAi && !resource.matter.generativeAi",
        "context.generativeAi && !resource.matter.generativeAi && context.abroad",
    ),
    ("erasure-by-two", LIFE, "&& context.approvals.first != context.approvals.second\n", ""),
    (
        "lowering-by-two",
        LIFE,
        "when { context.rank < resource.rank }\nunless",
        "when { context.rank < resource.rank && context.rank > 0 }\nunless",
    ),
    (
        "derivative-class",
        LIFE,
        "when { context.rank < resource.rank };",
        r#"when { context.rank < resource.rank && context.relation != "summary" };"#,
    ),
    (
        "terms-of-derivatives",
        LIFE,
        "!resource.matter.summaries };",
        "!resource.matter.summaries && resource.rank > 1 };",
    ),
    (
        "terms-abroad",
        LIFE,
        "context.abroad && !resource.matter.abroad",
        "context.abroad && !resource.matter.abroad && resource.rank >= 3",
    ),
    (
        "terms-of-recipients",
        LIFE,
        "!resource.matter.subcontractor",
        "!resource.matter.subcontractor && context.abroad",
    ),
    (
        "vote-by-members",
        DUTIES,
        "resource is Kura::Resolution)\nwhen { principal in resource.office };",
        "resource is Kura::Resolution)\n\
         when { principal in resource.office || principal.employment == \"director\" };",
    ),
    (
        "duty-by-office",
        DUTIES,
        "when { principal in resource.office || (",
        "when { principal.employment == \"director\" || principal in resource.office || (",
    ),
    (
        "nobody-witnesses-themselves",
        DUTIES,
        "unless { resource has by && resource.by != principal };",
        "unless { resource has by };",
    ),
    (
        "nobody-audits-themselves",
        EVALUATION,
        r#"when { resource.kind == "audit" && (principal in resource.audited || "#,
        r#"when { resource.kind == "audit" && ("#,
    ),
    (
        "conducted-by-its-lead",
        EVALUATION,
        "when { principal == resource.lead };\n\n@id(\"audit",
        "when { principal == resource.lead || principal in resource.audited };\n\n@id(\"audit",
    ),
    (
        "effectiveness-by-another",
        EVALUATION,
        "  principal == resource.owner\n  || (resource has doneBy",
        "  (resource has doneBy",
    ),
    (
        "findings-answered-by-their-owner",
        EVALUATION,
        r#"Kura::Action::"complete_action"], resource is Kura::Finding)
when { principal == resource.owner };"#,
        r#"Kura::Action::"complete_action"], resource is Kura::Finding)
when { principal == resource.owner || principal in resource.audited };"#,
    ),
    (
        "reporter-known-to-handlers",
        VIOLATIONS,
        "action == Kura::Action::\"know_reporter\", resource is Kura::Violation)\n\
         when { principal in Kura::Office::\"report_handler\" };",
        "action == Kura::Action::\"know_reporter\", resource is Kura::Violation)\n\
         when { principal in Kura::Office::\"report_handler\" || (resource has body && \
         resource.body == Kura::Office::\"csr_committee\" && principal in Kura::Office::\"csr_committee\") };",
    ),
    (
        "nobody-handles-their-own",
        VIOLATIONS,
        r#"forbid (principal is Kura::Person, action in [Kura::Action::"handle", "#,
        r#"forbid (principal is Kura::Person, action in ["#,
    ),
    (
        "answered-by-whom-it-is-about",
        VIOLATIONS,
        "\"appeal_decision\"], resource is Kura::Violation)\nwhen { resource has about",
        "\"appeal_decision\"], resource is Kura::Violation)\nwhen { \
         principal in Kura::Office::\"report_handler\" || resource has about",
    ),
];
