// Taking in with a script: files dropped on any page, folders, a pasted picture; a large file cut off and resumed.

import assert from "node:assert/strict";
import { openSync, writeSync, closeSync, ftruncateSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { axe, browser, person, serve } from "../kura.mjs";

/* 2 GiB, and a little, so that the last part is short. */
const LARGE = Number(process.env.KURA_E2E_BYTES ?? 2 * 1024 ** 3 + 12_345);

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

async function common(page) {
  const form = page.locator("form[data-intake]");
  await form.locator("[name=matter]").selectOption({ index: 1 });
  await form.locator("[name=class]").selectOption("internal");
  await form.locator("[name=source]").fill("データ便で受領");
  return form;
}

test("files dropped on any page, and a picture pasted", async () => {
  const ken = await person(firm, chromium, "ken", { language: "ja" });
  await ken.to("/register");
  const transfer = await ken.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["一つ目"], "一つ目.txt", { type: "text/plain" }));
    transfer.items.add(new File(["二つ目"], "二つ目.txt", { type: "text/plain" }));
    return transfer;
  });
  await ken.dispatchEvent("main", "drop", { dataTransfer: transfer });
  const dialog = ken.locator("dialog[open]");
  await dialog.getByText("二つ目.txt").waitFor();
  await ken.evaluate(() => {
    const clipboard = new DataTransfer();
    clipboard.items.add(new File([new Uint8Array([137, 80, 78, 71])], "image.png", { type: "image/png" }));
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true }));
  });
  await dialog.getByText(/screenshot-.*\.png/).waitFor();
  assert.deepEqual(await axe(ken), []);
  await common(ken);
  await dialog.getByRole("button", { name: "預かる" }).click();
  await ken.waitForFunction(() => document.querySelectorAll("[data-files] [data-state=done]").length === 3);
  const found = await ken.request.get(`${firm.address}/register?name=${encodeURIComponent("一つ目")}`);
  assert.match(await found.text(), /一つ目\.txt/);
  assert.deepEqual(ken.complaints, []);
  await ken.context().close();
});

test("a whole folder, with the folder in the source and no path in a name", async () => {
  const folder = path.join(firm.place, "見積");
  mkdirSync(path.join(folder, "2026"), { recursive: true });
  writeFileSync(path.join(folder, "2026", "A社.txt"), "100");
  writeFileSync(path.join(folder, "一覧.txt"), "1");
  const ken = await person(firm, chromium, "ken", { language: "en" });
  await ken.to("/take-in");
  await ken.setInputFiles("input[webkitdirectory]", folder);
  await common(ken);
  await ken.getByRole("button", { name: "Take in", exact: true }).click();
  await ken.waitForFunction(() => document.querySelectorAll("[data-files] [data-state=done]").length === 2);
  await ken.locator("li", { hasText: "A社.txt" }).getByRole("link").click();
  assert.equal(await ken.textContent("h1"), "A社.txt");
  assert.match(await ken.textContent("main"), /見積\/2026/);
  await ken.context().close();
});

test("a large upload is cut off, goes on by itself, and after the browser was closed from where it was", async () => {
  const file = path.join(firm.place, "大きな資料.bin");
  const handle = openSync(file, "w");
  ftruncateSync(handle, LARGE);
  // Not the same everywhere: what is stored twice or in the wrong place would be noticed.
  for (let at = 0; at < LARGE; at += 8 * 1024 ** 2) writeSync(handle, Buffer.from(`part at ${at}`), 0, undefined, at);
  closeSync(handle);
  const options = { language: "ja" };
  let ken = await person(firm, chromium, "ken", options);
  const put = [];
  const watch = (page) => page.on("response", (answer) => {
    const part = answer.url().match(/parts\/(\d+)$/);
    if (part && answer.status() === 204) put.push(Number(part[1]));
  });
  watch(ken);
  await ken.to("/take-in");
  await ken.setInputFiles("form[data-intake] input[multiple]", file);
  await common(ken);
  await ken.getByRole("button", { name: "預かる", exact: true }).click();
  const wait = async (count) => {
    for (let tries = 0; put.length < count; tries += 1) {
      if (tries > 1200) throw new Error(`only ${put.length} parts came`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await wait(3);
  // The network goes away and comes back.
  await ken.context().setOffline(true);
  await ken.getByText("つながるのを待っています").waitFor();
  const before = put.length;
  await ken.context().setOffline(false);
  await wait(before + 3);
  // The browser is closed; the same file, given again, goes on.
  const storage = await ken.context().storageState();
  await ken.close();
  const context = ken.context();
  ken = await context.newPage();
  watch(ken);
  assert.ok(storage.origins.some((origin) => origin.localStorage.some((entry) => entry.name.startsWith("kura-upload-"))));
  assert.doesNotMatch(JSON.stringify(storage.origins), /大きな資料/, "no name is kept in the browser");
  await ken.goto(`${firm.address}/take-in`);
  await ken.setInputFiles("form[data-intake] input[multiple]", file);
  await common(ken);
  await ken.getByRole("button", { name: "預かる", exact: true }).click();
  await ken.waitForFunction(() => document.querySelector("[data-files] [data-state=done]"), null, { timeout: 300_000 });
  assert.equal(new Set(put).size, put.length, "no part was stored twice");
  await ken.locator("[data-link]").click();
  assert.equal(await ken.textContent("h1"), "大きな資料.bin");
  await context.close();
});
