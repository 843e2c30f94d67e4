// One-time codes of an authenticator app: set up, asked for at the next sign-in, good once.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import path from "node:path";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, browser, person, serve } from "../kura.mjs";

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

/* RFC 6238, written for the test: the app that nobody of Kura's made. */
function code(secret, at = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

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
