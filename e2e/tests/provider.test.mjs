// Sign-in with an OpenID Provider that nobody of Kura's made, and with one that lies.

import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import Provider from "oidc-provider";
import { axe, browser, code, freePort, person, screen, serve } from "../kura.mjs";

const PICTURES = fileURLToPath(new URL("../pictures", import.meta.url));
const BACK = "/sign-in/provider/back";
const SECRET = "a secret between the provider and Kura";

let firm;
let chromium;
let provider;
/* Whom the provider knows: their name there and their groups. */
const accounts = {
  ken: { preferred_username: "ken", groups: ["kura-auditors"] },
  hana: { preferred_username: "hana", groups: [] },
  stranger: { preferred_username: "nobody-here", groups: [] },
  impostor: { preferred_username: "ken", groups: [] },
  guest: { preferred_username: "suzuki", groups: ["kura-auditors"] },
};

before(async () => {
  mkdirSync(PICTURES, { recursive: true });
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const secret = path.join(PICTURES, "..", "node_modules", ".provider-secret");
  writeFileSync(secret, `${SECRET}\n`);
  firm = await serve({
    KURA_OPENID_ISSUER: issuer,
    KURA_OPENID_NAME: "ID",
    KURA_OPENID_CLIENT_ID: "kura",
    KURA_OPENID_CLIENT_SECRET_FILE: secret,
    KURA_OPENID_LOGIN_CLAIM: "preferred_username",
    KURA_OPENID_OFFICES: '{kura-auditors="auditor"}',
  });
  const client = {
    client_id: "kura",
    client_secret: SECRET,
    redirect_uris: [firm.address + BACK],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  };
  const found = (id) => accounts[id] && { accountId: id, claims: async () => ({ sub: id, ...accounts[id] }) };
  const real = new Provider(issuer, {
    clients: [client],
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
    findAccount: (_, id) => found(id),
    cookies: { keys: ["a key of the test's"] },
    pkce: { required: () => true },
  });
  provider = real.listen(port, "127.0.0.1");
  chromium = await browser();
});

after(async () => {
  await chromium?.close();
  provider?.close();
  provider?.closeAllConnections();
  await firm?.end();
});

/* Goes to the provider and signs in there as someone; ends where Kura takes them in. */
async function there(page, account) {
  await page.locator("form[action='/sign-in/provider'] button").click();
  await page.waitForURL(/\/interaction\//);
  await page.fill("[name=login]", account);
  await page.fill("[name=password]", "whatever");
  await page.click("[type=submit]");
  await page.waitForURL(/\/interaction\//);
  // The provider asks whether Kura may know.
  await page.click("[type=submit]");
  await page.waitForURL((url) => url.origin === firm.address);
}

const fresh = async (options) => {
  const page = await (await screen(chromium, { language: "en", ...options })).newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${firm.address}/sign-in`);
  return page;
};

for (const script of [true, false]) {
  test(`someone signs in through the provider and their offices follow, ${script ? "with" : "without"} scripts`, async () => {
    accounts.ken.groups = ["kura-auditors"];
    let page = await fresh({ script });
    if (script) {
      assert.deepEqual(await axe(page), []);
      await page.screenshot({ path: path.join(PICTURES, "sign-in-provider-en-1280-light.png"), fullPage: true });
    }
    await there(page, "ken");
    await page.waitForURL(/\/today/);
    const seen = await page.goto(`${firm.address}/administration/ledger`);
    assert.equal(seen.status(), 200, "an auditor by the provider's groups sees the ledger");
    assert.match(await page.content(), /Offices by the provider/);
    await page.context().close();

    accounts.ken.groups = [];
    page = await fresh({ script });
    await there(page, "ken");
    await page.waitForURL(/\/today/);
    const refused = await page.goto(`${firm.address}/administration/ledger`);
    assert.equal(refused.status(), 403, "whoever left the group is no auditor any more");
    await page.context().close();
  });
}

test("whom nobody here is tied to, who has another's name, and a guest are not let in", async () => {
  for (const account of ["stranger", "impostor", "guest"]) {
    const page = await fresh();
    await there(page, account);
    assert.equal(new URL(page.url()).pathname, BACK);
    const told = await page.locator("[role=alert]").textContent();
    assert.match(told, /tied to nobody here|tied to an account before/, account);
    assert.equal((await page.goto(`${firm.address}/today`)).url().includes("/sign-in"), true);
    await page.context().close();
  }
});

test("an answer is good in the browser that asked for it, and once", async () => {
  const page = await fresh();
  let answer = "";
  const wire = await page.context().newCDPSession(page);
  await wire.send("Fetch.enable", { patterns: [{ urlPattern: `*${BACK}*` }] });
  wire.on("Fetch.requestPaused", ({ requestId, request }) => {
    answer = request.url;
    return wire.send("Fetch.failRequest", { requestId, errorReason: "Aborted" });
  });
  await there(page, "ken").catch(() => {});
  assert.match(answer, /code=/);
  const other = await fresh();
  assert.equal((await other.goto(answer)).status(), 422, "another browser has no use of it");
  await wire.send("Fetch.disable");
  await page.goto(answer);
  await page.waitForURL(/\/today/);
  await page.context().clearCookies({ name: "__Host-kura" });
  assert.equal((await page.goto(answer)).status(), 422, "nor has the same one a second time");
  const bent = answer.replace(/state=.{20}/, "state=eyJlcnJhbmQiOiJ0aWUi");
  assert.equal((await page.goto(bent)).status(), 422);
  assert.equal((await page.goto(`${firm.address}${BACK}?error=access_denied&error_description=<script>`)).status(), 422);
  assert.doesNotMatch(await page.content(), /<script>"?$/m);
  await page.context().close();
  await other.context().close();
});

test("an account is tied within a session, asks for a second factor, and is untied", async () => {
  // No name leads to her: her tie is her own doing.
  accounts.hana.preferred_username = "somebody-else";
  const page = await person(firm, chromium, "hana", { language: "en" });
  page.complaints.length = 0;
  await page.to("/me/codes");
  const secret = await page.inputValue("[name=secret]");
  await page.fill("#code", code(secret, Date.now() - 30_000));
  await page.getByRole("button", { name: "Set up one-time codes" }).click();
  const recovery = await page.locator("ul.codes code").allTextContents();
  await page.to("/me");
  await page.fill("#code", recovery[0]);
  await page.getByRole("button", { name: "Show a code" }).click();
  await page.getByRole("button", { name: "Tie my account" }).click();
  await page.waitForURL(/\/interaction\//);
  await page.fill("[name=login]", "hana");
  await page.fill("[name=password]", "whatever");
  await page.click("[type=submit]");
  await page.waitForURL(/\/interaction\//);
  await page.click("[type=submit]");
  await page.getByText("Your account is tied.").waitFor();
  assert.deepEqual(await axe(page), []);
  await page.screenshot({ path: path.join(PICTURES, "me-provider-en-1280-light.png"), fullPage: true });

  const again = await fresh();
  await there(again, "hana");
  await again.getByText("One more step").waitFor();
  await again.fill("#code", recovery[1]);
  await again.locator("form[action='/sign-in/code'] button").click();
  await again.waitForURL(/\/today/);

  await page.getByRole("button", { name: "Remove the tie" }).click();
  await page.getByText("The tie to your account was removed.").waitFor();
  const last = await fresh();
  await there(last, "hana");
  assert.match(await last.locator("[role=alert]").textContent(), /tied to nobody here/);
  for (const one of [page, again, last]) await one.context().close();
});

/* A provider that answers with a token of the test's making. */
test("a token that does not hold lets nobody in", async () => {
  const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  let nonce = "";
  let make = null;
  const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (claims, { key = own.privateKey, alg = "RS256" } = {}) => {
    const said = `${base64url({ alg, kid: "k" })}.${base64url(claims)}`;
    const signature = alg === "none" ? "" : createSign("sha256").update(said).sign(key, "base64url");
    return `${said}.${signature}`;
  };
  const answers = {
    "/.well-known/openid-configuration": () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    }),
    "/keys": () => ({ keys: [{ ...own.publicKey.export({ format: "jwk" }), kid: "k", use: "sig", alg: "RS256" }] }),
    "/token": () => ({ access_token: "a", token_type: "Bearer", id_token: make() }),
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname === "/authorize") {
      nonce = url.searchParams.get("nonce");
      const back = new URL(url.searchParams.get("redirect_uri"));
      back.searchParams.set("code", "c");
      back.searchParams.set("state", url.searchParams.get("state"));
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const answer = answers[url.pathname]?.();
    response.writeHead(answer ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer ?? {}));
  }).listen(port, "127.0.0.1");
  const lied = await serve({
    KURA_OPENID_ISSUER: issuer,
    KURA_OPENID_CLIENT_ID: "kura",
    KURA_OPENID_LOGIN_CLAIM: "preferred_username",
  });
  const now = () => Math.floor(Date.now() / 1000);
  const good = () => ({
    iss: issuer,
    sub: "s",
    aud: "kura",
    iat: now(),
    exp: now() + 60,
    nonce,
    preferred_username: "ken",
  });
  const attempt = async (making) => {
    make = making;
    const page = await (await screen(chromium, { language: "en" })).newPage();
    await page.goto(`${lied.address}/sign-in`);
    await page.locator("form[action='/sign-in/provider'] button").click();
    await page.waitForURL((url) => url.pathname === BACK || url.pathname === "/today");
    const { pathname } = new URL(page.url());
    await page.context().close();
    return pathname;
  };
  const lies = {
    "another's key": () => token(good(), { key: foreign.privateKey }),
    "no signature": () => token(good(), { alg: "none" }),
    "another audience": () => token({ ...good(), aud: "other" }),
    "another issuer": () => token({ ...good(), iss: "https://elsewhere.example" }),
    "another nonce": () => token({ ...good(), nonce: "n" }),
    "no nonce": () => token({ ...good(), nonce: undefined }),
    "it has expired": () => token({ ...good(), exp: now() - 60 }),
    "no token": () => undefined,
  };
  try {
    for (const [lie, making] of Object.entries(lies)) assert.equal(await attempt(making), BACK, lie);
    // The positive control: the same, without a lie.
    assert.equal(await attempt(() => token(good())), "/today");
  } finally {
    server.close();
    server.closeAllConnections();
    await lied.end();
  }
});
