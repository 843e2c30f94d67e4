// The firm's own ledger of 10,000 rows, saved by a spreadsheet in CP932: 50 rows are wrong and nothing comes in; mended, all
// come in. By a browser with scripts and one without.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, browser, person, serve } from "../kura.mjs";

const PICTURES = fileURLToPath(new URL("../pictures", import.meta.url));
const ROWS = 10_000;

/* CP932 from the decoder that every browser has: each character's bytes are sought once. */
const cp932 = (() => {
  const decoder = new TextDecoder("shift_jis");
  const bytes = new Map();
  for (let one = 0; one < 0x80; one += 1) bytes.set(String.fromCharCode(one), [one]);
  for (let lead = 0x81; lead < 0xfd; lead += 1) {
    for (let trail = 0x40; trail < 0xfd; trail += 1) {
      const character = decoder.decode(new Uint8Array([lead, trail]));
      if ([...character].length === 1 && character !== "�" && !bytes.has(character)) bytes.set(character, [lead, trail]);
    }
  }
  return (text) => Buffer.from([...text].flatMap((character) => bytes.get(character)));
})();

function ledger(code, wrong) {
  const lines = ["情報資産管理台帳", "", "No.,情報資産名称,機密区分,管理責任者,媒体,保管場所,案件番号,返却期限,備考"];
  for (let number = 1; number <= ROWS; number += 1) {
    const bad = number % (ROWS / 50) === 7 && Math.floor(number / (ROWS / 50)) < wrong;
    const kind = bad ? Math.floor(number / (ROWS / 50)) % 4 : -1;
    lines.push([
      number,
      kind === 0 ? "" : `見積書①第${number}号`,
      kind === 1 ? "最高機密" : "部内限り",
      "",
      "紙",
      kind === 2 ? "" : `書庫${number % 90}番`,
      code,
      kind === 3 ? "来年度末" : "2027/3/31",
      "委託者から受領",
    ].join(","));
  }
  return cp932(`${lines.join("\r\n")}\r\n`);
}

let firm;
let chromium;
let code;

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  firm = await serve();
  chromium = await browser();
  const matters = await (await firm.api("hana"))("/matters?open=true");
  code = matters.find((matter) => matter.code === "2026-009").code;
});

after(async () => {
  await chromium?.close();
  await firm?.end();
});

async function send(page, table) {
  await page.to("/import");
  await page.setInputFiles("#table", { name: "情報資産管理台帳.csv", mimeType: "text/csv", buffer: table });
  await page.getByRole("button", { name: /^(読み取る|Read)$/ }).click();
  await page.waitForURL(/\/import\/[0-9a-f]+$/);
  await page.getByLabel("部内限り").selectOption("internal");
}

const check = (page) => page.getByRole("button", { name: /すべての行を確認する|Check all rows/ }).click();

for (const script of [true, false]) {
  test(`a ledger in CP932 comes in whole or not at all, ${script ? "with" : "without"} scripts`, async () => {
    const hana = await person(firm, chromium, "hana", { script });
    hana.setDefaultTimeout(60_000);
    const count = async () => {
      const page = await (await firm.api("hana"))("/items?count=true&limit=1");
      return page.count;
    };
    const before = await count();
    await send(hana, ledger(code, script ? 50 : 3));
    if (script) assert.deepEqual(await axe(hana), []);
    assert.match(await hana.textContent("main"), /10,000行、形式 CP932/);
    assert.match(await hana.textContent("main"), /見積書①第1号/);
    await hana.screenshot({ path: path.join(PICTURES, "import-columns-ja-1280-light.png"), fullPage: true });
    await check(hana);
    if (script) {
      await hana.getByText("10,000行のうち50行に誤りがあります").waitFor();
      assert.equal(await hana.locator("table.stack tbody tr").count(), 50);
      assert.match(await hana.textContent("table.stack tbody tr:first-child"), /B10.*情報資産名称/s);
      assert.deepEqual(await axe(hana), []);
      await hana.screenshot({ path: path.join(PICTURES, "import-wrong-ja-1280-light.png") });
    }
    assert.equal(await hana.getByRole("button", { name: /台帳に登録する/ }).count(), 0);
    assert.equal(await count(), before);

    if (!script) {
      await hana.context().close();
      return;
    }
    await send(hana, ledger(code, 0));
    await check(hana);
    await hana.getByText("誤りはありません").waitFor();
    assert.equal(await count(), before);
    await hana.getByRole("button", { name: "10,000件を台帳に登録する" }).click();
    await hana.getByText("10,000件を台帳に登録しました").waitFor();
    assert.deepEqual(await axe(hana), []);
    assert.equal(await count(), before + ROWS);
    await hana.to(`/register?name=${encodeURIComponent("第9999号")}`);
    await hana.locator("tbody a.whole").click();
    assert.match(await hana.textContent("main"), /書庫9番/);
    assert.match(await hana.textContent("main"), /台帳の取込み/);
    assert.deepEqual(hana.complaints, []);
    await hana.context().close();
  });
}

test("the page in the other looks", async () => {
  for (const look of [
    { language: "en", width: 390, scheme: "dark" },
    { language: "en", width: 1280, scheme: "light" },
  ]) {
    const page = await person(firm, chromium, "hana", look);
    page.setDefaultTimeout(60_000);
    await page.to("/import");
    assert.deepEqual(await axe(page), []);
    const picture = (name) =>
      page.screenshot({ path: path.join(PICTURES, `${name}-${look.language}-${look.width}-${look.scheme}.png`), fullPage: true });
    await picture("import");
    await send(page, ledger(code, 5));
    await check(page);
    await page.getByText(/are wrong/).first().waitFor();
    assert.deepEqual(await axe(page), []);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wider <= 0, `the page is ${wider} px wider than the screen`);
    await picture("import-wrong");
    await page.context().close();
  }
});
