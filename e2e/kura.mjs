// A sample firm in mid-life, served for one test, and browsers for its people.

import { spawn, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const KURA = process.env.KURA_BIN ?? fileURLToPath(new URL("../target/debug/kura", import.meta.url));
const CHROMIUM = process.env.KURA_CHROMIUM ?? "/usr/bin/chromium";

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/* Plays the demo and serves its firm, with settings of the caller's: address, password, the ids that are asked for. */
export async function serve(settings = {}) {
  const place = mkdtempSync(path.join(tmpdir(), "kura-e2e-"));
  const port = await freePort();
  const env = { ...process.env, KURA_LISTEN: `127.0.0.1:${port}`, KURA_METRICS_LISTEN: "", KURA_LOG: "warn", ...settings };
  const server = spawn(KURA, ["demo", "--json", "--folder", path.join(place, "firm")], { env });
  let said = "";
  server.stderr.on("data", (data) => {
    said += data;
  });
  let last = null;
  for await (const line of createInterface({ input: server.stdout })) {
    last = JSON.parse(line);
    if (last.password) break;
  }
  if (!last?.password) throw new Error(`the demo did not end: ${said}`);
  const firm = new Firm(server, place, last);
  for (let tries = 0; ; tries += 1) {
    const up = await fetch(`${firm.address}/sign-in`).catch(() => null);
    if (up?.ok) return firm;
    if (tries > 200 || server.exitCode !== null) throw new Error(`the server did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const VERIFY = process.env.KURA_VERIFY_BIN ?? fileURLToPath(new URL("../target/debug/kura-verify", import.meta.url));

/* Runs the verifier, as an auditor would: what it says, and its exit status. */
export function verify(...args) {
  const { stdout, stderr, status } = spawnSync(VERIFY, args, { encoding: "utf8" });
  return { said: stdout + stderr, status };
}

/* An authenticator for a page's browser tab, and the tab's end of the wire to it. */
export async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    ctap2Version: "ctap2_1",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return { send: (what, more = {}) => cdp.send(`WebAuthn.${what}`, { authenticatorId, ...more }) };
}

/* A code of an authenticator app (RFC 6238), written for the tests: the app that nobody of Kura's made. */
export function code(secret, at = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

class Firm {
  constructor(server, place, told) {
    this.server = server;
    this.place = place;
    this.address = told.address;
    this.password = told.password;
    this.logins = told.logins;
    this.logKey = told.log_key;
    /* The same under a name: passkeys are for names, not for addresses of numbers. */
    this.named = told.address.replace("127.0.0.1", "localhost");
  }

  async end() {
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    await ended;
    rmSync(this.place, { recursive: true, force: true });
  }

  /* Asks the API as someone, for what a test has to know beforehand. */
  async api(login) {
    const body = JSON.stringify({ login, password: this.password, label: "e2e" });
    const response = await fetch(`${this.address}/api/v1/sign-in`, { method: "POST", body });
    const { token } = await response.json();
    return async (path, sent) => {
      const headers = { authorization: `Bearer ${token}` };
      const more = sent ? { method: "POST", body: JSON.stringify(sent) } : {};
      const answer = await fetch(`${this.address}/api/v1${path}`, { headers, ...more });
      return answer.json();
    };
  }
}

/* A browser process of its own. */
export const browser = () =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

const LOCALES = { ja: "ja-JP", en: "en-GB" };

/* A screen of its own, before which nobody has signed in. */
export const screen = (from, { language = "ja", width = 1280, scheme = "light", script = true } = {}) =>
  from.newContext({
    locale: LOCALES[language],
    timezoneId: "Asia/Tokyo",
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: script,
    acceptDownloads: true,
  });

/* Someone before a screen, signed in. Whatever the console complains of fails the test that looks at `complaints`. */
export async function person(firm, from, login, { language = "ja", width = 1280, scheme = "light", script = true, at = firm.address } = {}) {
  const context = await screen(from, { language, width, scheme, script });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.complaints = [];
  page.on("pageerror", (error) => {
    // A page that leaves for one without transitions is told so by Chromium; nothing is wrong with it.
    if (!/ViewTransition|Transition was skipped/.test(error.message)) page.complaints.push(`${page.url()}: ${error.message}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") page.complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(at) && !request.url().startsWith("data:") && !request.url().startsWith("blob:")) {
      page.complaints.push(`asked elsewhere: ${request.url()}`);
    }
  });
  page.to = (where) => page.goto(at + where);
  await page.to("/sign-in");
  await page.fill("#login", login);
  await page.fill("#password", firm.password);
  await page.click("form[action='/sign-in'] button");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return page;
}

/* What axe finds on the page (WCAG 2.2 AA and best practices). */
export async function axe(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 400)}`);
}
