// One-time codes of an authenticator app: set up, asked for at the next sign-in, good once.

import assert from "node:assert/strict";
import path from "node:path";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, browser, code, person, serve } from "../kura.mjs";

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

for (const script of [true, false]) {
  test(`codes are set up and asked for, ${script ? "with" : "without"} scripts`, async () => {
    const login = script ? "ken" : "hana";
    const page = await person(firm, chromium, login, { language: "en", script });
    await page.to("/me/codes");
    if (script) assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: path.join(PICTURES, "codes-en-1280-light.png"), fullPage: true });
    const secret = await page.inputValue("[name=secret]");
    await page.fill("#code", code(secret, Date.now() - 30_000));
    await page.getByRole("button", { name: "Set up one-time codes" }).click();
    const codes = await page.locator("ul.codes code").allTextContents();
    assert.equal(codes.length, 10);
    if (script) assert.deepEqual(await axe(page), []);
    await page.screenshot({ path: path.join(PICTURES, "recovery-en-1280-light.png"), fullPage: true });
    await page.getByRole("link", { name: "I keep them safely" }).click();
    await page.getByText("One-time codes are set up.").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();

    const signIn = async (typed) => {
      await page.to("/sign-in");
      await page.fill("#login", login);
      await page.fill("#password", firm.password);
      await page.locator("form[action='/sign-in'] button").click();
      if (script) assert.deepEqual(await axe(page), []);
      assert.equal(await page.locator("label[for=code]").textContent(), "One-time code");
      await page.fill("#code", typed);
      await page.locator("form[action='/sign-in/code'] button").click();
    };
    const good = code(secret);
    await signIn(good);
    await page.waitForURL(/\/today/);
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await signIn(good);
    await page.getByText("was used before").waitFor();
    await page.screenshot({ path: path.join(PICTURES, "second-en-1280-light.png") });
    await signIn(codes[3]);
    await page.waitForURL(/\/today/);
    await page.context().close();
  });
}
