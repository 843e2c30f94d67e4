// The whole life of an item, by four people in two browsers; the same by forms alone, with scripts switched off.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { browser, person, serve } from "../kura.mjs";

let firm;
let first;
let second;

before(async () => {
  firm = await serve();
  [first, second] = await Promise.all([browser(), browser()]);
});

after(async () => {
  await Promise.all([first?.close(), second?.close()]);
  await firm?.end();
});

const button = (page, name) => page.getByRole("button", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name, exact: true });

/* The code of the matter that is about to end, as it stands in a list. */
const MATTER = "2026-009";

async function whole(script) {
  const language = "ja";
  const ken = await person(firm, first, "ken", { language, script });
  const hana = await person(firm, second, "hana", { language, script });
  const sumi = await person(firm, first, "sumi", { language, script });
  const tani = await person(firm, second, "tani", { language, script });
  const name = script ? "覚書.txt" : "覚書（フォーム）.txt";
  const file = path.join(firm.place, name);
  writeFileSync(file, "覚書の本文".repeat(100));

  // 預かり, by one who works on the matter.
  await ken.to("/matters");
  await ken.getByRole("link", { name: "調達規程の見直し" }).click();
  await link(ken, "預かる").last().click();
  await ken.selectOption("#class", "secret");
  await ken.fill("#source", "佐藤様より手渡し");
  await ken.setInputFiles("#upload", file);
  await button(ken, "預かる").click();
  await ken.waitForURL(/\/items\//);
  assert.equal(await ken.textContent("h1"), name);
  assert.match(await ken.textContent("[role=status]"), /預かりました/);
  const item = new URL(ken.url()).pathname;
  await link(ken, "預り証").click();
  assert.match(await ken.textContent("body"), /覚書/);

  // 閲覧, 持出し and the report that the copy is gone.
  await ken.to(item);
  const [download] = await Promise.all([
    ken.waitForEvent("download"),
    (async () => {
      await link(ken, "持ち出す").click();
      await ken.fill("#place", "研田のノートPC");
      await button(ken, "持ち出す").click();
    })(),
  ]);
  assert.equal(download.suggestedFilename(), name);
  await ken.to("/today");
  await ken.getByRole("listitem").filter({ hasText: name }).getByRole("link", { name: "複製の廃棄報告" }).first().click();
  await ken.fill("#manner", "裁断して廃棄");
  await button(ken, "廃棄を報告する").click();
  assert.match(await ken.textContent("[role=status]"), /廃棄を報告しました/);

  // Ken may not erase; the custodian may, with two others.
  await ken.locator("summary", { hasText: "できないこと" }).click();
  await ken.getByText("消去", { exact: true }).first().waitFor();
  await hana.to(item);
  await hana.locator("summary", { hasText: "できないこと" }).click();
  await hana.getByRole("listitem").filter({ hasText: "消去" }).getByRole("link", { name: "承認を申請する" }).first().click();
  await hana.fill("#reason", "契約の終了により消去するため");
  await button(hana, "申請する").click();
  assert.match(await hana.textContent("[role=status]"), /申請しました/);
  for (const director of [sumi, tani]) {
    await director.to("/requests");
    const card = director.locator(".card").filter({ hasText: name });
    await card.getByRole("link", { name: "理由を読んで判断する" }).click();
    assert.match(await director.textContent("main"), /契約の終了により消去するため/);
    await director.fill("#reason", "確認しました");
    await button(director, "判断する").click();
    await director.waitForURL(/\/requests/);
  }
  await hana.to("/requests");
  await hana.locator(".card").filter({ hasText: name }).getByRole("link", { name: "実行する" }).click();
  assert.match(await hana.textContent("main"), /消去：版 1/);
  await hana.fill("#kura-name", "違う名前");
  await button(hana, "消去する").click();
  assert.match(await hana.textContent("main"), /名称が一致しません/);
  await hana.fill("#kura-name", name);
  await button(hana, "消去する").click();
  await hana.waitForURL(/\/items\//);
  await link(hana, "消去証明書").waitFor();
  assert.doesNotMatch(await hana.textContent("main"), new RegExp(name.replace(/[().（）]/g, ".")));
  await ken.to(item);
  assert.match(await ken.textContent("main"), /消去済み/);
  for (const page of [ken, hana, sumi, tani]) {
    assert.deepEqual(page.complaints.filter((told) => !/422/.test(told)), []);
    await page.context().close();
  }
}

test("an item's whole life, by four people in two browsers", () => whole(true));
test("the same with scripts switched off", () => whole(false));

test("the refused person, at every page, link and guessed address", async () => {
  const hana = await person(firm, first, "hana", { language: "en" });
  const mori = await person(firm, second, "mori", { language: "en" });
  await hana.to("/register?class=secret");
  const hrefs = await hana.locator("tbody a.whole").evaluateAll((links) => links.map((one) => one.getAttribute("href")));
  assert.ok(hrefs.length > 3);
  await mori.to("/register");
  const known = await mori.locator("main").textContent();
  for (const href of hrefs) {
    const id = href.split("/").pop();
    const seen = await hana.request.get(firm.address + href);
    const statements = [...(await seen.text()).matchAll(/\/statements\/[0-9a-f-]{36}/g)].map(([found]) => found);
    const guessed = [href, `${href}/timeline`, `${href}/why/open`, ...statements, ...statements.map((one) => `${one}/file`)];
    for (const form of ["open", "download", "erase", "grant", "hold", "ask"]) guessed.push(`/do/${form}?item=${id}`);
    for (const where of guessed) {
      const answer = await mori.request.get(firm.address + where);
      assert.equal(answer.status(), 404, where);
    }
    const name = await hana.locator(`a[href="${href}"]`).textContent();
    assert.ok(!known.includes(name) || name.includes("erased"), name);
  }
  const matters = await mori.request.get(`${firm.address}/matters`);
  assert.doesNotMatch(await matters.text(), new RegExp(MATTER));
  // Searching tells nothing either: found and not found look the same.
  for (const word of ["調達", "取引基本", "nothing-of-the-kind"]) {
    await mori.to(`/register?name=${encodeURIComponent(word)}`);
    assert.match(await mori.textContent("h1"), /0 found/);
  }
});
