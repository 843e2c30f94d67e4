//! OSCAL (NIST, 1.1): the policy and where it stands, in the format that other programs for assurance exchange.
//!
//! The clauses are a catalog's controls; Kura is a component that implements them by its rules, and the firm by its
//! duties; how the duties were done is an assessment's observations, with a finding for each clause; what is late, was
//! found or is a finding that is not closed (指摘事項) is a plan of action. Ids are the same from one export to the next as long as what they stand for is the same.

use aws_lc_rs::digest;
use serde_json::{Value, json};

use super::list_clauses::ClauseLine;
use crate::duties::OccurrenceView;
use crate::evaluation::list_findings::FindingLine;
use crate::rules::documents::{Document, Part};

/// The version of OSCAL that this is written in.
const OSCAL: &str = "1.1.3";
/// The namespace of Kura's own properties.
const NAMESPACE: &str = "https://kura.invalid/ns/oscal";

/// What an export is made from.
pub(super) struct Source<'s> {
    pub(super) japanese: bool,
    pub(super) firm: String,
    /// The ledger's name, under which ids are the firm's own.
    pub(super) origin: String,
    /// The moment of the export, RFC 3339.
    pub(super) at: String,
    /// Number of the policy's version in force.
    pub(super) version: i64,
    pub(super) documents: &'s [Document],
    pub(super) clauses: Vec<ClauseLine>,
    /// First moment and last of the time that is assessed, RFC 3339.
    pub(super) time: (String, String),
    /// Times of duties within it, by duty.
    pub(super) occurrences: Vec<(String, OccurrenceView)>,
    /// The findings that are not closed.
    pub(super) findings: Vec<FindingLine>,
}

/// Why there is nothing to export.
pub(super) struct NothingOpen;

impl Source<'_> {
    /// An id (RFC 9562, version 5) that is the same for the same thing of this firm.
    fn id(&self, what: &str) -> String {
        let text = format!("kura oscal\0{}\0{what}", self.origin);
        let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_ref()[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x50;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex = hex::encode(bytes);
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    /// The id of a document of this export, which is another one each time.
    fn document(&self, model: &str) -> String {
        self.id(&format!("{model} of {} in {}", self.at, self.japanese))
    }

    fn said<'t>(&self, ja: &'t str, en: &'t str) -> &'t str {
        if self.japanese { ja } else { en }
    }

    fn metadata(&self, ja: &str, en: &str) -> Value {
        json!({
            "title": format!("{}{}{}", self.firm, self.said("：", ": "), self.said(ja, en)),
            "last-modified": self.at,
            "version": self.version.to_string(),
            "oscal-version": OSCAL,
            "props": [{ "name": "ledger", "ns": NAMESPACE, "value": self.origin }],
        })
    }

    /// The catalog: a group for each document, a control for each of its clauses.
    pub(super) fn catalog(&self) -> Value {
        let of = |document: &Document| {
            let text = document.text(self.japanese);
            let clause = |part: &Part| {
                let id =
                    part.clause.clone().filter(|id| self.clauses.iter().any(|line| line.clause == *id))?;
                Some(json!({
                    "id": id,
                    "class": document.level.name(),
                    "title": part.heading,
                    "props": [{ "name": "label", "value": id }],
                    "parts": [{ "id": format!("{id}_smt"), "name": "statement", "prose": part.body }],
                }))
            };
            let controls: Vec<Value> = text.parts.iter().filter_map(clause).collect();
            (!controls.is_empty()).then(
                || json!({ "id": document.id, "class": "document", "title": text.title, "controls": controls }),
            )
        };
        let groups: Vec<Value> = self.documents.iter().filter_map(of).collect();
        json!({ "catalog": {
            "uuid": self.document("catalog"),
            "metadata": self.metadata("方針の条項", "clauses of the policy"),
            "groups": groups,
        }})
    }

    /// The component definition: which rules and duties implement each clause.
    pub(super) fn component_definition(&self) -> Value {
        let requirement = |line: &ClauseLine, of: &str, parts: Vec<(&str, &str, &str)>| {
            let said: Vec<&str> = parts.iter().map(|(_, ja, en)| self.said(ja, en)).collect();
            let props: Vec<Value> =
                parts.iter().map(|(id, ..)| json!({ "name": of, "ns": NAMESPACE, "value": id })).collect();
            (!parts.is_empty()).then(|| {
                json!({
                    "uuid": self.id(&format!("{of}s of {}", line.clause)),
                    "control-id": line.clause,
                    "description": said.join("\n"),
                    "props": props,
                })
            })
        };
        let rules = self.clauses.iter().filter_map(|line| {
            let rules =
                line.rules.iter().map(|rule| (rule.rule.as_str(), rule.ja.as_str(), rule.en.as_str()));
            requirement(line, "rule", rules.collect())
        });
        let duties = self.clauses.iter().filter_map(|line| {
            let duties =
                line.duties.iter().map(|duty| (duty.duty.as_str(), duty.ja.as_str(), duty.en.as_str()));
            requirement(line, "duty", duties.collect())
        });
        let component = |kind: &str, title: String, description: &str, requirements: Vec<Value>| {
            json!({
                "uuid": self.id(&format!("component {kind}")),
                "type": kind,
                "title": title,
                "description": description,
                "control-implementations": [{
                    "uuid": self.id(&format!("implementation {kind}")),
                    "source": format!("#{}", self.id("the catalog")),
                    "description": description,
                    "implemented-requirements": requirements,
                }],
            })
        };
        let enforced = self.said(
            "規則：操作のたびにシステムが判断します",
            "Rules, which the program decides each operation by",
        );
        let done = self.said(
            "義務：役職にある人とシステムが定期的に行います",
            "Duties, done by offices and by the program",
        );
        json!({ "component-definition": {
            "uuid": self.document("component-definition"),
            "metadata": self.metadata("条項を支える規則と義務", "rules and duties that uphold the clauses"),
            "components": [
                component("software", "Kura".to_owned(), enforced, rules.collect()),
                component("policy", self.firm.clone(), done, duties.collect()),
            ],
            "back-matter": { "resources": [self.named_catalog()] },
        }})
    }

    /// The catalog, as other documents name it.
    fn named_catalog(&self) -> Value {
        json!({
            "uuid": self.id("the catalog"),
            "title": self.said("方針の条項（OSCALカタログ）", "Clauses of the policy (OSCAL catalog)"),
            "description": self.said("版ごとに書き出されます", "It is exported for each version"),
        })
    }

    fn observation(&self, duty: &str, title: &str, line: &OccurrenceView) -> Value {
        // What the program found out is a test, what people did is examined.
        let method = if line.source == "system" { "TEST" } else { "EXAMINE" };
        let mut props = vec![
            json!({ "name": "scheduled-on", "ns": NAMESPACE, "value": line.scheduled_on }),
            json!({ "name": "late", "ns": NAMESPACE, "value": line.late.to_string() }),
            json!({ "name": "evidence", "ns": NAMESPACE, "value": line.source }),
            json!({ "name": "record", "ns": NAMESPACE, "value": line.event }),
        ];
        for (name, count) in [("population", line.population), ("found", line.found)] {
            props.extend(
                count.map(|count| json!({ "name": name, "ns": NAMESPACE, "value": count.to_string() })),
            );
        }
        let description = if line.told.is_empty() { title } else { &line.told };
        json!({
            "uuid": self.id(&format!("observation {}", line.occurrence)),
            "title": title,
            "description": description,
            "props": props,
            "methods": [method],
            "types": ["control-objective"],
            "collected": line.done,
            "remarks": duty,
        })
    }

    /// The assessment's results: an observation for each time that a duty was done, a finding for each clause.
    pub(super) fn assessment_results(&self) -> Value {
        let mut observations = Vec::new();
        let findings: Vec<Value> = self
            .clauses
            .iter()
            .map(|line| {
                let mut related = Vec::new();
                for duty in &line.duties {
                    let done =
                        self.occurrences.iter().filter(|(id, on)| *id == duty.duty && !on.done.is_empty());
                    for (_, on) in done {
                        observations.push(self.observation(&duty.duty, self.said(&duty.ja, &duty.en), on));
                        related.push(json!({
                            "observation-uuid": self.id(&format!("observation {}", on.occurrence)),
                        }));
                    }
                }
                let satisfied = line.upheld && line.late == 0 && line.found == 0 && line.findings == 0;
                let refused: i64 = line.rules.iter().map(|rule| rule.denials).sum();
                let description = self.told(line, refused);
                let mut finding = json!({
                    "uuid": self.id(&format!("finding {}", line.clause)),
                    "title": self.said(&line.ja, &line.en),
                    "description": description,
                    "target": {
                        "type": "objective-id",
                        "target-id": format!("{}_smt", line.clause),
                        "status": { "state": if satisfied { "satisfied" } else { "not-satisfied" } },
                    },
                });
                if !related.is_empty() {
                    finding["related-observations"] = related.into();
                }
                finding
            })
            .collect();
        let controls: Vec<Value> =
            self.clauses.iter().map(|line| json!({ "control-id": line.clause })).collect();
        let mut result = json!({
            "uuid": self.document("result"),
            "title": self.said("条項の状況", "Where the clauses stand"),
            "description": self.said(
                "規則の判断と義務の履行から、システムが集計しました",
                "Counted by the program from what rules decided and how duties were done",
            ),
            "start": self.time.0,
            "end": self.time.1,
            "reviewed-controls": { "control-selections": [{ "include-controls": controls }] },
            "findings": findings,
        });
        if !observations.is_empty() {
            result["observations"] = observations.into();
        }
        let plan = self.id("the plan");
        json!({ "assessment-results": {
            "uuid": self.document("assessment-results"),
            "metadata": self.metadata("条項の評価", "assessment of the clauses"),
            "import-ap": { "href": format!("#{plan}") },
            "results": [result],
            "back-matter": { "resources": [{
                "uuid": plan,
                "title": self.said("方針に定めた義務", "The duties that the policy asks for"),
                "description": self.said(
                    "何をいつ確かめるかは、施行中の版の義務が定めます",
                    "What is looked at, and when, the duties of the version in force say",
                ),
            }] },
        }})
    }

    /// Where a clause stands, in a sentence.
    fn told(&self, line: &ClauseLine, refused: i64) -> String {
        let (rules, duties) = (line.rules.len(), line.duties.len());
        if self.japanese {
            let (late, found, findings) = (line.late, line.found, line.findings);
            format!(
                "規則{rules}（拒否{refused}回）、義務{duties}（遅れ{late}、要対応{found}）、指摘事項{findings}"
            )
        } else {
            format!(
                "{rules} rules (refused {refused} times), {duties} duties ({} late, {} found something to be done), \
                 {} findings",
                line.late, line.found, line.findings
            )
        }
    }

    /// The plan of action: what is late, and what was found the last time and calls for something to be done.
    pub(super) fn plan_of_action(&self) -> Result<Value, NothingOpen> {
        let mut items = Vec::new();
        let duties = self.clauses.iter().flat_map(|line| line.duties.iter().map(move |duty| (line, duty)));
        for (line, duty) in duties {
            let title = self.said(&duty.ja, &duty.en);
            let mut open: Vec<(&OccurrenceView, String)> = Vec::new();
            let late = duty.occurrences.iter().filter(|on| on.state == "open" && on.late);
            open.extend(late.map(|on| {
                let day = &on.last_day;
                (on, self.said("{}までに行われていません", "It was not done by {}").replace("{}", day))
            }));
            let found = duty.last.as_ref().filter(|last| last.found.is_some_and(|found| found > 0));
            open.extend(found.map(|on| {
                let (found, of) = (on.found.unwrap_or_default(), on.population.unwrap_or_default());
                let told = self.said(
                    "{of}件のうち{found}件が対応を要します",
                    "{found} of {of} call for something to be done",
                );
                (on, told.replace("{of}", &of.to_string()).replace("{found}", &found.to_string()))
            }));
            for (on, told) in open {
                items.push(json!({
                    "uuid": self.id(&format!("to do {}", on.occurrence)),
                    "title": title,
                    "description": told,
                    "props": [
                        { "name": "clause", "ns": NAMESPACE, "value": line.clause },
                        { "name": "duty", "ns": NAMESPACE, "value": duty.duty },
                        { "name": "office", "ns": NAMESPACE, "value": duty.office },
                        { "name": "due-on", "ns": NAMESPACE, "value": on.due_on },
                    ],
                }));
            }
        }
        for finding in &self.findings {
            let clause = self.clauses.iter().find(|line| line.clause == finding.clause);
            items.push(json!({
                "uuid": self.id(&format!("finding {}", finding.finding)),
                "title": clause.map_or(finding.clause.as_str(), |line| self.said(&line.ja, &line.en)),
                "description": finding.told,
                "props": [
                    { "name": "clause", "ns": NAMESPACE, "value": finding.clause },
                    { "name": "grade", "ns": NAMESPACE, "value": finding.grade },
                    { "name": "state", "ns": NAMESPACE, "value": finding.state },
                    { "name": "office", "ns": NAMESPACE, "value": finding.audited },
                    { "name": "due-on", "ns": NAMESPACE, "value": finding.due },
                ],
            }));
        }
        if items.is_empty() {
            return Err(NothingOpen);
        }
        Ok(json!({ "plan-of-action-and-milestones": {
            "uuid": self.document("plan-of-action-and-milestones"),
            "metadata": self.metadata("対応を要すること", "what is to be done"),
            "system-id": { "identifier-type": "https://ietf.org/rfc/rfc4122", "id": self.id("the system") },
            "poam-items": items,
        }}))
    }
}
