// People come, many at once from a table, and go, once everything that they are accountable for is handed over.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, browser, person, screen, serve } from "../kura.mjs";

const PICTURES = fileURLToPath(new URL("../pictures", import.meta.url));

let firm;
let chromium;

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  firm = await serve();
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  await firm?.end();
});

const picture = (page, name) => page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });

for (const script of [true, false]) {
  test(`people are added from a table and set their own passwords, ${script ? "with" : "without"} scripts`, async () => {
    const admin = await person(firm, chromium, "admin", { script });
    const looks = async (name) => {
      if (!script) return;
      assert.deepEqual(await axe(admin), [], name);
      await picture(admin, `${name}-ja-1280-light`);
    };
    const send = async (rows) => {
      await admin.to("/administration/people");
      await admin.getByRole("link", { name: "まとめて登録する" }).click();
      await looks("people-import");
      const table = `社員番号,氏名,雇用形態,取扱区分\r\n${rows}`;
      await admin.setInputFiles("#table", { name: "社員名簿.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
      await admin.getByRole("button", { name: "読み取る" }).click();
    };
    const who = script ? "a" : "b";
    const good = `${who}001,佐々木 花,正社員,秘\r\n${who}002,<i>林 次郎,インターン,社外秘\r\n`;
    await send(`${good}admin,管理 太郎,社長,秘\r\n`);
    await admin.getByText("3行のうち1行に誤りがあります。").waitFor();
    await admin.getByRole("cell", { name: "A4" }).waitFor();
    await looks("people-import-wrong");
    assert.equal(await admin.getByRole("button", { name: /人を登録する/ }).count(), 0);

    await send(good);
    await admin.getByText("誤りはありません").waitFor();
    await looks("people-import-good");
    await admin.getByRole("button", { name: "2人を登録する" }).click();
    await admin.getByText("2人を登録しました。").waitFor();
    await looks("people-imported");
    const link = await admin.locator("td code").first().textContent();
    assert.deepEqual(admin.complaints.filter((told) => !/422/.test(told)), []);

    const page = await (await screen(chromium, { script })).newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(link);
    if (!script) await page.fill("#code", new URL(link).hash.slice(1));
    await page.fill("[name=password]", "a long password of my own");
    await page.fill("[name=again]", "a long password of my own");
    await page.locator("form[action='/welcome'] button").click();
    await page.waitForURL(/\/sign-in/);
    await page.fill("#login", `${who}001`);
    await page.fill("#password", "a long password of my own");
    await page.click("form[action='/sign-in'] button");
    await page.waitForURL(/\/today/);
    await page.context().close();
    await admin.context().close();
  });
}

test("a leaver's custody is handed over first, then they leave", async () => {
  const admin = await person(firm, chromium, "admin", { language: "en" });
  const leave = async () => {
    await admin.to("/administration/people");
    await admin.getByRole("row", { name: /hana/ }).getByRole("link", { name: /^Record leaving/ }).click();
    await admin.locator("main form button.primary, main form button.danger").first().click();
  };
  await leave();
  await admin.getByText("still accountable for material or a matter").first().waitFor();
  const director = await person(firm, chromium, "sumi", { language: "en" });
  await director.to("/administration/people");
  await director.getByRole("row", { name: /hana/ }).getByRole("link", { name: /^Hand over all/ }).click();
  await director.selectOption("select[name=to]", { label: (await director.locator("select[name=to] option").allTextContents()).find((text) => text.includes("(sumi)")) });
  assert.deepEqual(await axe(director), []);
  await picture(director, "form-hand-over-all-en-1280-light");
  await director.locator("main form button.primary, main form button.danger").first().click();
  await director.getByText(/items and .* matters were handed over/).waitFor();
  assert.deepEqual(await axe(director), []);
  await picture(director, "handed-over-en-1280-light");
  await leave();
  const told = await admin.locator("main").textContent();
  if (/still holds copies/.test(told)) {
    // The custodian attests for her.
    const ask = await firm.api("sumi");
    const { items } = await ask("/items?limit=200");
    for (const { item } of items) {
      const { copies } = await ask(`/items/${item}`);
      for (const copy of (copies ?? []).filter((one) => !one.gone)) {
        await director.to(`/do/attest?item=${item}&copy=${copy.copy}`);
        await director.fill("[name=manner]", "shredded");
        await director.locator("main form button.primary, main form button.danger").first().click();
        await director.waitForURL(/done=attest/).catch(async () => assert.fail(await director.locator("main").textContent()));
      }
    }
    await leave();
  }
  await admin.getByText("The leaving is on record.").waitFor();
  assert.match(await admin.getByRole("row", { name: /hana/ }).textContent(), /suspended/);
  assert.deepEqual(await axe(admin), []);
  const page = await (await screen(chromium, { language: "en" })).newPage();
  await page.goto(`${firm.address}/sign-in`);
  await page.fill("#login", "hana");
  await page.fill("#password", firm.password);
  await page.click("form[action='/sign-in'] button");
  await page.getByText("the name or the password is wrong", { exact: false }).waitFor();
  for (const one of [admin, director, page]) await one.context().close();
});
