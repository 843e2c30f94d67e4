// The firm looks at itself in the browser: an audit with its sample, papers and report; a finding to its end; everyone's
// self-inspection; a report, its case, and what the person concerned sees of it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, browser, person, serve } from "../kura.mjs";

let firm;
let chromium;

before(async () => {
  firm = await serve();
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  await firm?.end();
});

const someone = (login, more = {}) => person(firm, chromium, login, { language: "en", ...more });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name, exact: true });
const soon = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const main = (page) => page.textContent("main");

/* Chooses somebody in a list of people, by what they sign in with. */
async function choose(page, field, login) {
  const words = await page.locator(`select[name=${field}] option`).allTextContents();
  await page.selectOption(`select[name=${field}]`, { label: words.find((word) => word.includes(`(${login})`)) });
}

test("an auditor plans an audit, draws a sample, finds something, closes and prints; its owner mends it", async () => {
  const mori = await someone("mori");
  await mori.to("/policy");
  await link(mori, "Inspections, audits, evaluations").first().click();
  assert.match(await main(mori), /ネットワーク管理の内部監査/);
  assert.deepEqual(await axe(mori), []);
  await link(mori, "Plan one").click();
  await mori.fill("[name=title]", "How media are kept");
  await mori.selectOption("[name=kind]", "audit");
  await mori.selectOption("[name=aspect]", "physical");
  await mori.selectOption("[name=audited]", "auditor");
  await mori.selectOption("[name=clause]", "std-3-5");
  await choose(mori, "lead", "mori");
  await mori.fill("[name=first_day]", soon(-30));
  await mori.fill("[name=last_day]", soon(1));
  await mori.fill("[name=due_on]", soon(20));
  await button(mori, "Plan one").click();
  await mori.getByText("must not hold the office").waitFor();
  assert.deepEqual(await axe(mori), []);
  await mori.selectOption("[name=audited]", "system_administrator");
  await button(mori, "Plan one").click();
  await mori.waitForURL(/\/evaluations\/.*done=plan-evaluation/);
  const evaluation = new URL(mori.url()).pathname;
  await mori.getByText("It is planned.").waitFor();

  // What is asked for is not forgotten: it closes only when all was looked at.
  const close = async () => {
    await mori.to(evaluation);
    await link(mori, "Conclude and close").click();
    await mori.fill("[name=conclusion]", "One minor nonconformity.");
    await button(mori, "Conclude and close").click();
  };
  await close();
  await mori.getByText("say first whether it conforms").waitFor();
  await mori.to(evaluation);
  await link(mori, "Draw a sample").click();
  await mori.selectOption("[name=from]", "items");
  await mori.fill("[name=number]", "2");
  await button(mori, "Draw a sample").click();
  await mori.waitForURL(/done=draw-sample/);
  assert.match(await main(mori), /Sample 1: 2 of \d+, /);
  assert.match(await mori.locator("code").first().textContent(), /^[0-9a-f]{64}$/);
  for (const number of [1, 2]) {
    await mori.to(evaluation);
    await mori.getByRole("link", { name: `Record what was found ${number}` }).click();
    assert.match(await main(mori), /What was drawn/);
    await mori.selectOption("[name=result]", "conforms");
    await mori.fill("[name=told]", `The seal of number ${number} is whole.`);
    await button(mori, "Record what was found").click();
    await mori.waitForURL(/done=check-sample/);
  }
  await link(mori, "Record whether it conforms").click();
  await mori.selectOption("[name=result]", "nonconforming");
  await mori.fill("[name=told]", "Two media without a label.");
  await button(mori, "Record whether it conforms").click();
  await mori.waitForURL(/done=judge-criterion/);
  await close();
  await mori.getByText("raise a finding on what does not conform").waitFor();
  await mori.to(evaluation);
  await link(mori, "Raise a finding").click();
  await mori.selectOption("[name=grade]", "minor");
  await mori.fill("[name=told]", "Media are kept without a label.");
  await choose(mori, "owner", "ken");
  await button(mori, "Raise a finding").click();
  await mori.waitForURL(/\/findings\/.*done=raise-finding/);
  const finding = new URL(mori.url()).pathname;
  assert.deepEqual(await axe(mori), []);
  await close();
  await mori.waitForURL(/done=close-evaluation/);
  assert.match(await main(mori), /One minor nonconformity\./);
  assert.equal(await link(mori, "Draw a sample").count(), 0);
  assert.deepEqual(await axe(mori), []);
  await link(mori, "Report").click();
  const report = await main(mori);
  assert.match(report, /Report: How media are kept/);
  assert.match(report, /Clauses: 1, of which 0 conforming and 1 not/);
  assert.match(report, /Findings: 0 major, 1 minor, 0 observations/);
  assert.deepEqual(await axe(mori), []);
  await mori.emulateMedia({ media: "print" });
  assert.ok(await mori.locator("article h1").isVisible());
  assert.ok(!(await mori.locator("nav").first().isVisible()));
  await mori.emulateMedia({ media: "screen" });

  // Its owner answers it, and says that it is done.
  const ken = await someone("ken");
  await ken.to("/today");
  await ken.getByRole("link", { name: /Media are kept without a label/ }).click();
  await link(ken, "Answer it").click();
  await ken.fill("[name=cause]", "Nobody had labels.");
  await ken.fill("[name=correction]", "Both have a label.");
  await ken.fill("[name=corrective]", "Labels lie with the media.");
  await ken.fill("[name=due]", soon(7));
  await button(ken, "Answer it").click();
  await ken.waitForURL(/done=answer-finding/);
  assert.match(await main(ken), /being mended/);
  assert.equal(await link(ken, "Say whether it is effective").count(), 0);
  await link(ken, "Say that it is done").click();
  await ken.fill("[name=told]", "Labels lie in the drawer.");
  await button(ken, "Say that it is done").click();
  await ken.waitForURL(/done=complete-action/);
  assert.deepEqual(await axe(ken), []);
  // Whoever mended it does not say that it is effective, at a guessed address neither.
  assert.equal(await link(ken, "Say whether it is effective").count(), 0);
  await ken.to(`/do/check-effectiveness?finding=${finding.split("/").pop()}`);
  await ken.selectOption("[name=effect]", "effective");
  await ken.fill("[name=told]", "It is.");
  await button(ken, "Say whether it is effective").click();
  await ken.getByText("does not check whether it is effective").first().waitFor();
  await mori.to(finding);
  await link(mori, "Say whether it is effective").click();
  assert.match(await main(mori), /Labels lie in the drawer\./);
  await mori.selectOption("[name=effect]", "effective");
  await mori.fill("[name=told]", "Five media have one.");
  await button(mori, "Say whether it is effective").click();
  await mori.waitForURL(/done=check-effectiveness/);
  assert.match(await main(mori), /Found to be effective/);
  await mori.to("/findings");
  assert.equal(await mori.getByText("Media are kept without a label.").count(), 0);
  assert.deepEqual(await axe(mori), []);
  await link(mori, "Closed ones too").click();
  await mori.getByText("Media are kept without a label.").waitFor();
  for (const page of [mori, ken]) {
    assert.deepEqual(page.complaints.filter((told) => !/4(03|09|22)/.test(told)), []);
    await page.context().close();
  }
});

for (const script of [true, false]) {
  test(`somebody answers the self-inspection${script ? "" : " without scripts"}, and is asked what is not so`, async () => {
    const page = await someone(script ? "ken" : "sumi", { script });
    await page.to("/today");
    await page.locator("section[aria-labelledby=self-inspection] a").click();
    await page.waitForURL(/\/self-inspection/);
    const questions = await page.locator("fieldset").count();
    assert.equal(questions, 9);
    for (let number = 1; number <= questions; number += 1) {
      await page.check(`#answer-${number}-${number === 2 ? "no" : "yes"}`);
    }
    await button(page, "Answer").click();
    await page.getByText("say what is not so").waitFor();
    assert.ok(await page.isChecked("#answer-2-no"), "what was answered stands");
    if (script) assert.deepEqual(await axe(page), []);
    await page.fill("#told", "Two prints of last month lie in a drawer.");
    await button(page, "Answer").click();
    await page.getByText("You answered on").waitFor();
    if (script) assert.deepEqual(await axe(page), []);
    await page.to("/today");
    assert.equal(await page.getByText("self-inspection waits for you").count(), 0);
    await page.context().close();
  });
}

test("the administrator sees what a quarter's self-inspections say; nobody else's are shown to staff", async () => {
  const admin = await someone("admin");
  await admin.to("/policy");
  await link(admin, "What self-inspections say").click();
  const told = await main(admin);
  assert.match(told, /\d of \d have answered/);
  assert.match(told, /花田 花/);
  assert.match(told, /Two prints of last month lie in a drawer\./);
  assert.deepEqual(await axe(admin), []);
  await admin.context().close();
  const ken = await someone("ken");
  assert.equal((await ken.to("/administration/self-inspections")).status(), 403);
  await ken.context().close();
});

test("a loss is reported from an item's page and handled; others see nothing, and whom it is about what is held against them", async () => {
  const ken = await someone("ken");
  await ken.to("/register");
  await ken.getByRole("link", { name: "業務フロー一覧.txt" }).first().click();
  await ken.getByRole("link", { name: "Report a loss, a wrong recipient or a violation" }).click();
  assert.match(await main(ken), /業務フロー一覧\.txt/);
  await ken.fill("[name=told]", "The print of it is gone since the meeting.");
  await ken.selectOption("[name=kind]", "lost");
  await choose(ken, "about", "yui");
  await ken.fill("[name=known_on]", soon(3));
  await button(ken, "Report it").click();
  await ken.getByText("the day has not come yet").waitFor();
  assert.deepEqual(await axe(ken), []);
  await ken.fill("[name=known_on]", "");
  await button(ken, "Report it").click();
  await ken.waitForURL(/\/violations\?done/);
  assert.match(await main(ken), /you reported it/);
  assert.deepEqual(await axe(ken), []);
  const number = (await main(ken)).match(/(\d{4}-\d+) lost or stolen/)?.[1];
  assert.ok(number, await main(ken));

  const tani = await someone("tani");
  await tani.to("/today");
  await tani.getByRole("link", { name: new RegExp(number) }).click();
  const address = new URL(tani.url()).pathname;
  assert.match(await main(tani), /研田 研/);
  assert.match(await main(tani), /known only to those who handle reports/);
  await link(tani, "Say whether it is investigated").click();
  await tani.selectOption("[name=clause]", "basic-1c");
  await tani.selectOption("[name=personal]", "reportable");
  await tani.fill("[name=reason]", "It lay on a table for a day.");
  await button(tani, "Say whether it is investigated").click();
  await tani.waitForURL(/done=triage-violation/);
  assert.deepEqual(await axe(tani), []);
  // The consignor is told first: the others wait for it, and are done away with by it.
  const row = (whom) => tani.locator("tr", { hasText: whom });
  await row("Preliminary report").getByRole("link", { name: /Record that they were told/ }).click();
  await tani.fill("[name=told]", "By the form on their pages.");
  await button(tani, "Record that they were told").click();
  await tani.getByText("tell the consignor first").waitFor();
  await tani.to(address);
  await row("Tell the consignor").getByRole("link", { name: /Record that they were told/ }).click();
  assert.match(await main(tani), /Who must be told\s*Tell the consignor/);
  await tani.fill("[name=told]", "Sato, by telephone.");
  await button(tani, "Record that they were told").click();
  await tani.waitForURL(/done=record-notice/);
  assert.match(await row("Preliminary report").textContent(), /not needed/);

  // A colleague sees nothing at the addresses, and whom it is about neither before they are heard.
  for (const login of ["hana", "yui", "mori", "ken"]) {
    const page = await someone(login);
    for (const where of [address, `${address}/charge`]) {
      assert.equal((await page.request.get(firm.address + where)).status(), 404, `${login}: ${where}`);
    }
    await page.to("/violations");
    if (login !== "ken") assert.doesNotMatch(await main(page), new RegExp(number));
    await page.context().close();
  }

  await tani.to(address);
  await link(tani, "Hear the person concerned").click();
  await tani.fill("[name=charge]", "A print was left on a table.");
  await button(tani, "Hear the person concerned").click();
  await tani.waitForURL(/done=give-hearing/);
  assert.deepEqual(await axe(tani), []);

  const yui = await someone("yui");
  await yui.to("/today");
  await yui.getByRole("link", { name: new RegExp(number) }).click();
  assert.equal(new URL(yui.url()).pathname, `${address}/charge`);
  assert.match(await main(yui), /A print was left on a table\./);
  assert.doesNotMatch(await main(yui), /研田|It lay on a table/);
  assert.deepEqual(await axe(yui), []);
  await link(yui, "Answer").click();
  assert.match(await main(yui), /A print was left on a table\./);
  await yui.fill("[name=told]", "I was called away, and came back for it.");
  await button(yui, "Answer").click();
  await yui.waitForURL(/charge\?done=answer-charge/);
  assert.match(await main(yui), /I was called away/);
  assert.equal((await yui.request.get(firm.address + address)).status(), 404);
  assert.deepEqual(await axe(yui), []);

  // The body resolves upon it, by its number; what can be decided is chosen, and the person concerned is told.
  await tani.to("/do/propose-resolution");
  await tani.selectOption("[name=body]", "risk_management_subcommittee");
  await tani.fill("[name=title]", `Case ${number}`);
  await tani.fill("[name=words]", `In case ${number} guidance is given.`);
  await button(tani, "Put it before the body").click();
  await tani.waitForURL(/\/resolutions\//);
  const resolution = new URL(tani.url()).pathname;
  const sumi = await someone("sumi");
  for (const member of [tani, sumi]) {
    await member.to(resolution);
    await link(member, "Vote").click();
    await member.selectOption("[name=choice]", "yes");
    await button(member, "Vote").click();
    await member.waitForURL(/done=vote/);
  }
  await sumi.context().close();
  await tani.to(address);
  assert.match(await main(tani), /I was called away/);
  await link(tani, "Record the decision").click();
  const sanctions = await tani.locator("select[name=sanction] option").allTextContents();
  assert.ok(sanctions.some((word) => /The internship ends/.test(word)), sanctions.join());
  assert.deepEqual(await axe(tani), []);
  await tani.selectOption("[name=sanction]", "guidance");
  await tani.selectOption("[name=resolution]", { label: `Case ${number}` });
  await tani.fill("[name=told]", "You are shown how prints are kept.");
  await button(tani, "Record the decision").click();
  await tani.waitForURL(/done=decide-violation/);
  assert.match(await main(tani), /Guidance/);
  await yui.to(`${address}/charge`);
  assert.match(await main(yui), /You are shown how prints are kept\./);
  await link(yui, "Appeal").waitFor();
  assert.deepEqual(await axe(yui), []);
  await yui.context().close();
  for (const page of [ken, tani]) {
    assert.deepEqual(page.complaints.filter((told) => !/4(09|22)/.test(told)), []);
    await page.context().close();
  }
});

test("who holds which office, until when and in whose place is seen", async () => {
  const page = await someone("sumi");
  await page.to("/administration/offices");
  const told = await main(page);
  assert.match(told, /青井 葵/);
  assert.match(told, /管理 太郎/);
  assert.deepEqual(await axe(page), []);
  await page.context().close();
});
