// Passkeys: signing in with them, showing them again for what is top secret, and signing what one approves, so that anybody
// can see that the server did not make it up.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
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

const someone = (login) => person(firm, chromium, login, { language: "en", at: firm.named });
const button = (page, name) => page.getByRole("button", { name, exact: true });

async function register(page, label) {
  await page.to("/me");
  await page.fill("#passkey-label", label);
  await button(page, "Register a passkey").click();
  await page.waitForURL(/done=add_passkey/);
}

async function signOut(page) {
  await button(page, "Sign out").click();
  await page.waitForURL(/\/sign-in/);
}

async function password(page, login) {
  await page.fill("#login", login);
  await page.fill("#password", firm.password);
  await page.locator("form[action='/sign-in'] button").click();
}

async function itemNamed(page, name) {
  await page.to(`/register?name=${encodeURIComponent(name)}`);
  return page.locator("tbody a.whole").first().getAttribute("href");
}

test("a passkey beside the password, and instead of it", async () => {
  const ken = await someone("ken");
  const key = await authenticator(ken);
  await register(ken, "Ken's notebook");
  assert.match(await ken.textContent("main"), /Ken's notebook/);
  assert.deepEqual(await axe(ken), []);
  await signOut(ken);
  // The password alone does not do any more, in the browser or by the API.
  await password(ken, "ken");
  await ken.getByText("One more step").waitFor();
  assert.deepEqual(await axe(ken), []);
  const elsewhere = await ken.request.get(`${firm.named}/today`, { maxRedirects: 0 });
  assert.equal(elsewhere.status(), 303, "half signed in is not signed in");
  const api = await fetch(`${firm.address}/api/v1/sign-in`, {
    method: "POST",
    body: JSON.stringify({ login: "ken", password: firm.password, label: "script" }),
  });
  assert.equal(api.status, 401);
  assert.match((await api.json()).detail, /passkey/);
  await button(ken, "Show your passkey").click();
  await ken.waitForURL(/\/today/);
  await signOut(ken);
  await button(ken, "Sign in with a passkey").click();
  await ken.waitForURL(/\/today/);
  assert.match(await ken.textContent(".me"), /研田/);

  // A copy of the authenticator, a signature that is none, a person who was not verified: none gets in.
  await signOut(ken);
  const { credentials } = await key.send("getCredentials");
  const { credentialId } = credentials[0];
  const refused = async (what) => {
    await ken.to("/sign-in");
    await button(ken, "Sign in with a passkey").click();
    await ken.getByText("The passkey was not accepted").waitFor();
    assert.match(ken.url(), /\/sign-in/, what);
  };
  const copied = async (signCount) => {
    await key.send("removeCredential", { credentialId });
    await key.send("addCredential", { credential: { ...credentials[0], signCount } });
  };
  await copied(0);
  await refused("a copied authenticator");
  await copied(50);
  await key.send("setResponseOverrideBits", { isBogusSignature: true });
  await refused("a bogus signature");
  await key.send("setResponseOverrideBits", { isBadUV: true });
  await refused("a person who was not verified");
  await key.send("setResponseOverrideBits");
  // An answer is good once.
  let sent;
  await ken.route("**/sign-in/passkey", (route) => {
    sent = route.request().postData();
    route.continue();
  });
  await ken.to("/sign-in");
  await button(ken, "Sign in with a passkey").click();
  await ken.waitForURL(/\/today/);
  const stranger = await chromium.newContext();
  const again = await stranger.request.post(`${firm.named}/sign-in/passkey`, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    data: sent,
    maxRedirects: 0,
  });
  assert.notEqual(again.status(), 200);
  assert.equal((await stranger.cookies()).filter((cookie) => cookie.name === "__Host-kura").length, 0);
  await stranger.close();
  await ken.context().close();
});

test("top secret material asks for a passkey that was just shown", async () => {
  const hana = await someone("hana");
  await authenticator(hana);
  const secret = await itemNamed(hana, "事業再編計画");
  await hana.to(secret);
  await hana.locator("summary", { hasText: "What you may not do" }).click();
  await hana.getByText("within 15 minutes of showing a passkey").first().waitFor();
  await register(hana, "Hana's key");
  await hana.to(secret);
  assert.equal(await button(hana, "Open").count(), 0, "registering shows nobody");
  await hana.to("/me");
  await button(hana, "Show your passkey").click();
  await hana.waitForURL(/done=prove_session/);
  await hana.to(secret);
  const opening = hana.waitForResponse(/\/do\/open/);
  await button(hana, "Open").click();
  assert.equal((await opening).status(), 200);
  await hana.context().close();
});

test("what people approve they sign, and anybody can check it", async () => {
  const directors = [];
  for (const login of ["sumi", "tani"]) {
    const page = await someone(login);
    page.key = await authenticator(page);
    await register(page, `${login}'s key`);
    directors.push(page);
  }
  const [sumi] = directors;
  await sumi.to("/do/open-matter");
  await sumi.fill("#code", "2026-099");
  await sumi.fill("#name", "Due diligence");
  await sumi.selectOption("#party", { index: 1 });
  await sumi.fill("#basis", "Contract");
  await sumi.fill("#purpose", "Review");
  await sumi.fill("#return_by", "2027-12-31");
  await button(sumi, "Open a matter").click();
  await sumi.waitForURL(/\/matters\//);
  await sumi.getByRole("link", { name: "Take into custody" }).click();
  await sumi.selectOption("#class", "internal");
  await sumi.fill("#source", "handed over");
  const file = path.join(firm.place, "plan.txt");
  writeFileSync(file, "the plan");
  await sumi.setInputFiles("#upload", file);
  await button(sumi, "Take into custody").click();
  await sumi.waitForURL(/\/items\//);
  const item = new URL(sumi.url()).pathname;

  // A permission, signed. The record's page checks it on this machine, and the verifier at the auditor's.
  await sumi.getByRole("link", { name: "Grant use" }).click();
  await sumi.getByText("You sign exactly this").waitFor();
  assert.deepEqual(await axe(sumi), []);
  await sumi.selectOption("#person", { label: "谷 役員 (tani)" });
  await sumi.fill("#until", "2027-01-31");
  await button(sumi, "Grant use").click();
  await sumi.waitForURL(/done=grant/);
  const record = sumi.locator("tr", { hasText: "Grant use" }).getByRole("link");
  const number = await record.textContent();
  await record.click();
  await sumi.getByText("It holds").waitFor();
  await sumi.getByText("Signed with the person’s own passkey").waitFor();
  assert.deepEqual(await axe(sumi), []);
  const text = await (await sumi.request.get(`${firm.named}${item}/records/${number}/file`)).text();
  const kept = path.join(firm.place, "record.json");
  writeFileSync(kept, text);
  const good = verify("record", "--log-key", firm.logKey, kept);
  assert.equal(good.status, 0, good.said);
  assert.match(good.said, /signed by .* with their own passkey/);
  // The permission was for another day, said by whoever holds the server: it shows.
  const forged = JSON.parse(text);
  const input = forged.record.openings.find((opening) => opening.field === "input");
  input.value = input.value.replace("2027-01-31", "2037-01-31");
  writeFileSync(kept, JSON.stringify(forged));
  assert.equal(verify("record", "--log-key", firm.logKey, kept).status, 4);

  // A refused signature changes nothing.
  await sumi.key.send("setUserVerified", { isUserVerified: false });
  await sumi.to(`/do/erase?item=${item.split("/").pop()}`);
  await sumi.fill("#reason", "the work has ended");
  await sumi.fill("#kura-name", "plan.txt");
  await button(sumi, "Erase").click();
  await sumi.getByText("The passkey was not accepted").waitFor();
  await sumi.key.send("setUserVerified", { isUserVerified: true });
  await button(sumi, "Erase").click();
  await sumi.waitForURL(/done=erase/);
  const certificate = await sumi.getByRole("link", { name: "File to verify" }).last().getAttribute("href");
  writeFileSync(kept, await (await sumi.request.get(firm.named + certificate)).text());
  const erased = verify("certificate", "--log-key", firm.logKey, kept);
  assert.equal(erased.status, 0, erased.said);
  assert.match(erased.said, /erase signed by .* with their own passkey/);
  for (const page of directors) await page.context().close();
});
