// Every page in both languages, wide and narrow, light and dark: nothing that axe or the console complains of, nothing asked
// of anybody else, nothing wider than the screen, no more than 100 KB. Pictures go to e2e/pictures.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, browser, person, serve } from "../kura.mjs";

const PICTURES = fileURLToPath(new URL("../pictures", import.meta.url));
const LOOKS = [
  { language: "ja", width: 1280, scheme: "light" },
  { language: "en", width: 1280, scheme: "light" },
  { language: "ja", width: 390, scheme: "light" },
  { language: "en", width: 390, scheme: "dark" },
  { language: "ja", width: 1280, scheme: "dark" },
];

let firm;
let chromium;
const places = [];

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  firm = await serve();
  chromium = await browser();
  const ask = await firm.api("hana");
  const { items } = await ask("/items?limit=200");
  const named = (name) => items.find((item) => item.name === name).item;
  const matters = await ask("/matters");
  const matter = matters.find((one) => one.code === "2026-009").matter;
  const flow = named("業務フロー一覧.txt");
  const erased = items.find((item) => item.state === "erased").item;
  const open = (await (await firm.api("sumi"))("/resolutions")).find((one) => one.state === "open");
  const audits = await (await firm.api("mori"))("/evaluations");
  const audit = audits.find((one) => !one.closed).evaluation;
  const evaluated = audits.find((one) => one.closed).evaluation;
  const findings = await (await firm.api("mori"))("/findings?closed=true");
  const answered = findings.find((one) => one.state === "answered").finding;
  const mended = findings.find((one) => one.state === "closed").finding;
  const { cases } = await (await firm.api("tani"))("/violations");
  const heard = cases.find((one) => one.state === "heard").violation;
  const fresh = cases.find((one) => one.state === "reported").violation;
  const shelf = items.find((item) => item.form === "tangible" && item.state === "held").item;
  places.push(
    ["hana", "label", `/items/${shelf}/label`],
    ["hana", "today", "/today"],
    ["sumi", "today-director", "/today"],
    ["hana", "register", "/register"],
    ["hana", "register-narrowed", "/register?class=secret&state=held"],
    ["hana", "register-nothing", "/register?name=zzzz"],
    ["hana", "item", `/items/${flow}`],
    ["hana", "item-erased", `/items/${erased}`],
    ["ken", "item-refused", `/items/${named("取引基本契約書.txt")}`],
    ["ken", "why", `/items/${named("取引基本契約書.txt")}/why/erase`],
    ["hana", "timeline", `/items/${flow}/timeline`],
    ["hana", "record", `/items/${flow}/records/${(await ask(`/items/${flow}/timeline`)).records.at(-1).index}`],
    ["hana", "matters", "/matters"],
    ["hana", "matter", `/matters/${matter}`],
    ["sato", "matters-guest", "/matters"],
    ["sumi", "requests", "/requests"],
    ["hana", "take-in", "/take-in"],
    ["hana", "form-take", `/do/take?matter=${matter}`],
    ["hana", "form-erase", `/do/erase?item=${flow}`],
    ["hana", "form-ask", `/do/ask?item=${named("相見積一覧.csv")}&operation=erase`],
    ["hana", "policy", "/policy"],
    ["sumi", "policy-director", "/policy"],
    ["sumi", "draft", "/policy/draft"],
    ["admin", "draft-upload", "/policy/draft/upload"],
    ["sumi", "effect", "/policy/effect"],
    ["sumi", "effect-clause", "/policy/effect?clause=std-3-2"],
    ["admin", "changes", "/administration/changes"],
    ["admin", "form-change", "/do/plan-change"],
    ["hana", "document", "/policy/documents/policy"],
    ["hana", "document-both", "/policy/documents/standards?both=true"],
    ["hana", "document-changed", "/policy/documents/disposal?version=2"],
    ["hana", "document-classes", "/policy/documents/classes"],
    ["hana", "duties", "/duties"],
    ["admin", "duties-mine", "/duties"],
    ["admin", "duty", "/duties/restore-tested"],
    ["admin", "duty-system", "/duties/ledger-verified"],
    ["admin", "form-duty", await discharging("admin")],
    ["admin", "form-draft", "/do/draft-policy"],
    ["mori", "form-evidence", "/do/gather-evidence?clause=std-3-2"],
    ["hana", "acknowledge", "/policy/acknowledge"],
    ["admin", "acknowledgements", "/policy/acknowledgements"],
    ["hana", "rulings", "/policy/rulings"],
    ["sumi", "exceptions", "/policy/exceptions"],
    ["hana", "requirements", "/policy/requirements"],
    ["sumi", "requirements-director", "/policy/requirements"],
    ["sumi", "form-requirement", "/do/add-requirement?clause=basic-2"],
    ["sumi", "form-review", await reviewing("sumi")],
    ["sumi", "form-ruling", "/do/give-ruling?clause=std-2-2"],
    ["sumi", "form-exception", await ending("sumi")],
    ["hana", "training", "/training"],
    ["sumi", "training-director", "/training"],
    ["hana", "course", "/training/staff"],
    ["hana", "attempt", await drawing("hana")],
    ["admin", "training-shown", "/administration/training"],
    ["sumi", "resolutions", "/resolutions"],
    ["sumi", "resolution", `/resolutions/${open.resolution}`],
    ["sumi", "form-vote", `/do/vote?resolution=${open.resolution}&digest=${open.digest}`],
    ["sumi", "form-propose", "/do/propose-resolution"],
    ["mori", "evaluations", "/evaluations"],
    ["mori", "evaluation", `/evaluations/${audit}`],
    ["mori", "evaluation-report", `/evaluations/${evaluated}/report`],
    ["mori", "findings", "/findings?closed=yes"],
    ["aoi", "finding", `/findings/${answered}`],
    ["mori", "finding-closed", `/findings/${mended}`],
    ["mori", "form-evaluation", "/do/plan-evaluation"],
    ["mori", "form-sample", `/do/check-sample?evaluation=${audit}&draw=1&number=5`],
    ["aoi", "form-done", `/do/complete-action?finding=${answered}`],
    ["mori", "today-auditor", "/today"],
    ["ken", "self-inspection", "/self-inspection"],
    ["hana", "self-inspection-answered", "/self-inspection"],
    ["admin", "self-inspections", "/administration/self-inspections"],
    ["ken", "violations", "/violations"],
    ["tani", "violations-handled", "/violations"],
    ["tani", "case", `/violations/${heard}`],
    ["tani", "case-reported", `/violations/${fresh}`],
    ["ken", "charge", `/violations/${heard}/charge`],
    ["hana", "form-report", `/do/report-violation?item=${flow}`],
    ["tani", "form-triage", `/do/triage-violation?violation=${fresh}`],
    ["ken", "form-answer", `/do/answer-charge?violation=${heard}`],
    ["admin", "administration", "/administration"],
    ["admin", "people", "/administration/people"],
    ["admin", "devices", "/administration/devices"],
    ["sumi", "offices", "/administration/offices"],
    ["admin", "form-delegate", "/do/delegate-office?office=system_administrator"],
    ["admin", "health", "/administration/health"],
    ["admin", "people-found", "/administration/people?name=hana"],
    ["admin", "people-import", "/administration/people/import"],
    ["sumi", "form-hand-over-all", "/do/hand-over-all"],
    ["admin", "form-person", "/do/add-person"],
    ["admin", "parties", "/administration/parties"],
    ["admin", "ledger", "/administration/ledger"],
    ["mori", "ledger-entry", await newest("mori")],
    ["hana", "me", "/me"],
    ["hana", "import", "/import"],
    ["hana", "codes", "/me/codes"],
    ["hana", "nothing", "/items/nothing", 404],
    ["yui", "refused", "/do/open-matter", 200],
  );
});

// The newest record of the ledger.
async function newest(login) {
  const { records } = await (await firm.api(login))("/ledger/records?operation=discharge_duty");
  return `/administration/ledger/${records[0].event}`;
}

// The form by which an exception is ended.
async function ending(login) {
  const [exception] = await (await firm.api(login))("/policy/exceptions");
  return `/do/end-exception?exception=${exception.exception}`;
}

// The form by which a law is reviewed.
async function reviewing(login) {
  const { requirements } = await (await firm.api(login))("/policy/requirements");
  return `/do/review-requirement?requirement=${requirements[0].requirement}`;
}

// Questions of a course, drawn for somebody.
async function drawing(login) {
  const drawn = await (await firm.api(login))("/courses/custodian/questions", {});
  return `/training/attempts/${drawn.attempt}`;
}

// The form by which somebody says that they did a duty of theirs.
async function discharging(login) {
  const duties = await (await firm.api(login))("/duties");
  const line = duties.filter((duty) => duty.mine && !duty.check).flatMap((duty) => duty.occurrences);
  return `/do/discharge-duty?occurrence=${line.find((one) => one.state === "open").occurrence}`;
}

after(async () => {
  await chromium?.close();
  await firm?.end();
});

for (const look of LOOKS) {
  const { language, width, scheme } = look;
  test(`${language}, ${width} wide, ${scheme}`, async () => {
    const pages = new Map();
    for (const [login, name, where, status = 200] of places) {
      if (!pages.has(login)) pages.set(login, await person(firm, chromium, login, look));
      const page = pages.get(login);
      page.complaints.length = 0;
      let weight = 0;
      const weigh = async (response) => {
        weight += (await response.body().catch(() => Buffer.alloc(0))).length;
      };
      page.on("response", weigh);
      const response = await page.to(where);
      page.off("response", weigh);
      assert.equal(response.status(), status, `${name}: ${where}`);
      assert.equal(await page.getAttribute("html", "lang"), language, name);
      assert.equal(await page.locator("h1").count(), 1, `${name} has one heading of the first order`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wider <= 0, `${name} is ${wider} px wider than the screen`);
      assert.ok(weight < 100_000, `${name} weighs ${weight} bytes`);
      assert.deepEqual(await axe(page), [], name);
      if (status === 200) assert.deepEqual(page.complaints, [], name);
      await page.screenshot({ path: path.join(PICTURES, `${name}-${language}-${width}-${scheme}.png`), fullPage: true });
    }
    for (const page of pages.values()) await page.context().close();
  });
}

test("before signing in", async () => {
  for (const { language, width, scheme } of LOOKS) {
    const context = await chromium.newContext({
      locale: language === "ja" ? "ja-JP" : "en-GB",
      viewport: { width, height: 900 },
      colorScheme: scheme,
    });
    const page = await context.newPage();
    await page.goto(`${firm.address}/items/anything`);
    assert.match(page.url(), /\/sign-in\?next=/);
    assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: path.join(PICTURES, `sign-in-${language}-${width}-${scheme}.png`) });
    await context.close();
  }
});
