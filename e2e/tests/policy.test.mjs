// The policy in the browser: a revision from draft to its day, resolved by members who sign; the version in force read and
// acknowledged; a duty done and seen by another.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { authenticator, axe, browser, person, serve, verify } from "../kura.mjs";

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

const someone = (login, more = {}) => person(firm, chromium, login, { language: "en", at: firm.named, ...more });
const button = (page, name) => page.getByRole("button", { name, exact: true });

test("the representative director rules on a clause, and the committee grants an exception", async () => {
  const page = await someone("sumi");
  await page.to("/policy");
  const clause = page.locator("#clause-basic-3");
  await clause.locator("summary").click();
  await clause.getByRole("link", { name: "Give a ruling" }).click();
  assert.equal(await page.inputValue("[name=clause]"), "basic-3");
  await page.fill("[name=question]", "Does it hold for volunteers?");
  await page.fill("[name=words]", "It does.");
  await button(page, "Give a ruling").click();
  await page.waitForURL(/\/policy\/rulings\?done/);
  await page.to("/policy/documents/policy#basic-3");
  assert.match(await page.locator("#basic-3").textContent(), /Does it hold for volunteers\?\s*It does\./);
  assert.deepEqual(await axe(page), []);
  // What another ruling is to replace is seen.
  await page.to("/policy/rulings");
  await page.getByRole("link", { name: "Replace it by another" }).first().click();
  assert.match(await page.textContent("main"), /Does it hold for volunteers\?\s*Ruling\s*It does\./);
  await page.fill("[name=question]", "Does it hold for volunteers?");
  await page.fill("[name=words]", "It does, once they have acknowledged it.");
  await button(page, "Give a ruling").click();
  await page.waitForURL(/\/policy\/rulings\?done/);
  assert.match(await page.textContent("main"), /replaced by another/);
  // What the demo's committee resolved is what one exception was recorded by: another one needs another resolution.
  await page.to("/policy/exceptions");
  await page.getByRole("link", { name: "第二倉庫の複合機の例外" }).click();
  await page.getByRole("link", { name: "Record an exception" }).click();
  assert.match(await page.textContent("main"), /第二倉庫の複合機は/);
  await page.selectOption("[name=clause]", "std-3-1");
  await page.fill("[name=about]", "Another one");
  await page.fill("[name=reason]", "why");
  await page.fill("[name=measure]", "what instead");
  await page.fill("[name=last_day]", new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  await button(page, "Record an exception").click();
  await page.getByText("this resolution granted another exception already").waitFor();
  await page.to("/policy/exceptions");
  await page.getByRole("link", { name: "End the exception" }).click();
  await page.fill("[name=reason]", "The device was replaced.");
  await button(page, "End the exception").click();
  await page.waitForURL(/\/policy\/exceptions\?done/);
  assert.match(await page.textContent("main"), /ended on .* by 角 役員/);
  await page.context().close();
});

test("a law is registered and reviewed; a contract is shown to those who know its matter", async () => {
  const page = await someone("sumi");
  const soon = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  await page.to("/policy");
  const clause = page.locator("#clause-basic-3");
  await clause.locator("summary").click();
  await clause.getByRole("link", { name: "Register a law or contract" }).click();
  assert.equal(await page.inputValue("[name=clause]"), "basic-3");
  await page.selectOption("[name=kind]", "guideline");
  await page.fill("main [name=name]", "A guideline");
  await page.fill("[name=asks]", "more than the clause does");
  await page.fill("[name=found_at]", "https://guideline.example/");
  await page.fill("[name=review_on]", soon(30));
  await button(page, "Register a law or contract").click();
  await page.waitForURL(/\/policy\/requirements\?done/);
  assert.match(await page.textContent("main"), /One more binds a matter that you may not know of\./);
  assert.doesNotMatch(await page.textContent("main"), /業務委託契約書/);
  assert.deepEqual(await axe(page), []);
  const card = page.locator("section.card", { hasText: "A guideline" });
  await card.getByRole("link", { name: "Record a review" }).click();
  assert.match(await page.textContent("main"), /more than the clause does/);
  await page.fill("[name=told]", "Nothing has changed.");
  await page.fill("[name=next_review]", soon(400));
  await button(page, "Record a review").click();
  await page.waitForURL(/\/policy\/requirements\?done/);
  assert.match(await card.textContent(), /Nothing has changed\. \(.*角 役員\)/);
  await page.to("/policy");
  assert.match(await page.locator("#clause-basic-3 summary").textContent(), /1 law or contract/);
  await page.context().close();
  const hana = await someone("hana");
  await hana.to("/policy/requirements");
  assert.match(await hana.textContent("main"), /業務委託契約書/);
  assert.equal(await hana.getByRole("link", { name: "Record a review" }).count(), 0);
  await hana.context().close();
});

/* Takes back the version that waits. */
async function withdraw(page, why) {
  await page.to("/policy/draft");
  await page.getByRole("link", { name: "Withdraw the draft" }).click();
  await page.fill("[name=reason]", why);
  await button(page, "Withdraw the draft").click();
  await page.waitForURL(/\/policy\?done/);
}

/* Packs an archive anew inside a folder, as a desk does, with one text in one of its files changed. */
function changed(archive, file, from, to) {
  const made = `${archive}.changed.zip`;
  const script = `
import sys, zipfile
archive, made, name, old, new = sys.argv[1:]
with zipfile.ZipFile(archive) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
    for one in source.namelist():
        text = source.read(one).decode()
        if one == name:
            assert old in text, old
            text = text.replace(old, new)
        out.writestr("policy/" + one, text)
    out.writestr("policy/.DS_Store", b"\\x00")
`;
  execFileSync("python3", ["-c", script, archive, made, file, from, to]);
  return made;
}

test("the policy's files are downloaded, edited, sent back and drafted", async () => {
  const admin = await someone("admin");
  await withdraw(admin, "its files are to be edited");
  await admin.getByRole("link", { name: "Draft from files" }).click();
  assert.deepEqual(await axe(admin), []);
  const [download] = await Promise.all([
    admin.waitForEvent("download"),
    admin.getByRole("link", { name: "Download the policy’s files (ZIP)" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^policy-\d+\.zip$/);
  const archive = await download.path();
  const send = async (path) => {
    await admin.setInputFiles("[name=pack]", path);
    await button(admin, "Draft a revision").click();
  };
  await admin.fill("[name=reason]", "who asks says why in writing");
  await send(changed(archive, "duties.toml", "office = ", "offices = "));
  await admin.getByText("duties.toml: ").waitFor();
  assert.deepEqual(await axe(admin), []);
  assert.equal(await admin.inputValue("[name=reason]"), "who asks says why in writing");
  await send(changed(archive, "documents/disposal.en.md", "with a reason.", "with a reason, in writing."));
  await admin.waitForURL(/\/policy\/draft\?done/);
  assert.match(await admin.textContent("main"), /who asks says why in writing/);
  assert.match(await admin.textContent("ins"), /, in writing/);
  await admin.context().close();
});

test("a revision is drafted, resolved by members who sign, and decided", async () => {
  const admin = await someone("admin");
  // What waits already is taken back first.
  await withdraw(admin, "another one comes first");

  await admin.getByRole("link", { name: "Draft a revision" }).click();
  await admin.fill("[name=reason]", "our name stands in it");
  await admin.fill("[name=firm_ja]", "株式会社サンプル");
  await admin.fill("[name=firm_en]", "Sample Inc.");
  await button(admin, "Draft a revision").click();
  await admin.waitForURL(/\/policy\/draft/);
  for (let tries = 0; tries < 60 && (await admin.getByText("It is being proved.").count()); tries++) {
    await admin.waitForTimeout(500);
    await admin.to("/policy/draft");
  }
  assert.match(await admin.textContent("main"), /It is proved/);
  assert.match(await admin.textContent("ins"), /Sample Inc\./);
  assert.match(await admin.textContent("main"), /decisions of the last 90 days were made again/);
  assert.deepEqual(await axe(admin), []);
  // It is the committee's to decide: adopting it now tells so.
  await admin.getByRole("link", { name: "Bring into force" }).click();
  await button(admin, "Bring into force").click();
  await admin.getByText("put it before the committee").waitFor();
  await admin.to("/policy/draft");
  await admin.getByRole("link", { name: "Put it before a body" }).click();
  await admin.selectOption("[name=body]", "csr_committee");
  await admin.fill("[name=title]", "Our name in the policy");
  await admin.fill("[name=words]", "The policy names the firm.");
  await button(admin, "Put it before the body").click();
  await admin.waitForURL(/\/resolutions\//);
  const resolution = new URL(admin.url()).pathname;

  // One member signs with a passkey, the other has none: the difference shows.
  for (const [login, signs] of [["sumi", true], ["tani", false]]) {
    const member = await someone(login);
    if (signs) {
      await authenticator(member);
      await member.to("/me");
      await member.fill("#passkey-label", "key");
      await button(member, "Register a passkey").click();
      await member.waitForURL(/done=add_passkey/);
    }
    await member.to("/today");
    await member.getByRole("link", { name: "Our name in the policy" }).click();
    await member.getByRole("link", { name: "Vote", exact: true }).click();
    await member.selectOption("[name=choice]", "yes");
    await button(member, "Vote").click();
    await member.waitForURL(/done=vote/);
    await member.context().close();
  }
  await admin.to(resolution);
  const told = await admin.textContent("main");
  assert.match(told, /carried/);
  assert.match(told, /signed with their own passkey/);
  assert.match(told, /witnessed by the server alone/);
  assert.deepEqual(await axe(admin), []);
  await admin.to("/policy/draft");
  await admin.getByRole("link", { name: "Bring into force" }).click();
  await admin.check("[name=major]");
  await button(admin, "Bring into force").click();
  await admin.waitForURL(/\/policy\?done/);
  assert.match(await admin.textContent("main"), /in force from/);
  await admin.getByRole("link", { name: "Confidential-information protection policy" }).click();
  assert.match(await admin.textContent("article"), /The work of Sample Inc\. rests/);
  assert.match(await admin.textContent("main"), /Comparison table/);
});

for (const script of [true, false]) {
  test(`what is in force is read and acknowledged, ${script ? "with" : "without"} scripts`, async () => {
    const page = await someone(script ? "hana" : "ken", { script });
    await page.to("/today");
    await page.getByRole("link", { name: "Read and acknowledge" }).click();
    assert.match(await page.textContent("main"), /I have read and understood .* of Sample Inc\./);
    await page.check("#read");
    await button(page, "Acknowledge it").click();
    await page.waitForURL(/\/today\?done/);
    assert.equal(await page.getByText("waits for your acknowledgement").count(), 0);
  });
}

test("an auditor takes the evidence for a clause away, and verifies it elsewhere", async () => {
  const auditor = await someone("mori");
  await auditor.to("/policy");
  const clause = auditor.locator("#clause-std-3-2");
  await clause.locator("summary").click();
  await clause.getByRole("link", { name: "Gather the evidence" }).click();
  assert.equal(await auditor.inputValue("[name=clause]"), "std-3-2");
  await auditor.fill("[name=first_day]", "2026-01-02");
  await auditor.fill("[name=last_day]", "2026-01-01");
  await button(auditor, "Gather the evidence").click();
  await auditor.getByText("not after the last one").waitFor();
  await auditor.fill("[name=first_day]", "");
  await auditor.fill("[name=last_day]", "");
  await button(auditor, "Gather the evidence").click();
  await auditor.getByText("The evidence was gathered").waitFor();
  assert.deepEqual(await axe(auditor), []);
  const [download] = await Promise.all([
    auditor.waitForEvent("download"),
    auditor.getByRole("link", { name: /verify/i }).click(),
  ]);
  const told = verify("evidence", "--log-key", firm.logKey, await download.path());
  assert.equal(told.status, 0, told.said);
  assert.match(told.said, /clause std-3-2/);
  await auditor.getByRole("link", { name: "A page that prints" }).click();
  assert.match(await auditor.textContent("main"), /item-second-factor/);
  // Whoever may not gather it is not offered it.
  const ken = await someone("ken");
  await ken.to("/policy");
  assert.equal(await ken.locator("a[href^='/do/gather-evidence']").count(), 0);
});

test("a duty is done by its office and seen by another", async () => {
  const admin = await someone("admin");
  await admin.to("/duties");
  const row = admin.locator("tr", { hasText: "Review the procedures" }).first();
  await row.getByRole("link", { name: /Record it as done/ }).click();
  await admin.fill("[name=told]", "All seven were read; none is to be changed.");
  await admin.fill("[name=population]", "7");
  await admin.fill("[name=found]", "9");
  await button(admin, "Record it as done").click();
  await admin.getByText("at most as many as were looked at").waitFor();
  await admin.fill("[name=found]", "0");
  await button(admin, "Record it as done").click();
  await admin.waitForURL(/done=discharge/);
  await admin.getByRole("link", { name: "Review the procedures" }).first().click();
  const told = await admin.textContent("main");
  assert.match(told, /declared by whoever did it/);
  assert.match(told, /0 of 7 call for something/);
  assert.deepEqual(await axe(admin), []);
  // Nobody else's duty is offered, and an address that was guessed is refused.
  const ken = await someone("ken");
  await ken.to("/duties");
  assert.equal(await ken.getByRole("link", { name: /Record it as done/ }).count(), 0);
  const guest = await someone("sato");
  for (const where of ["/policy", "/policy/draft", "/duties", "/resolutions", "/policy/acknowledgements"]) {
    const response = await guest.to(where);
    assert.ok([403, 404].includes(response.status()), `${where}: ${response.status()}`);
  }
});
