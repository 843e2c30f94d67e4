// Checks a record of the ledger on the reader's own machine: that the entry is in the tree whose head the log has signed
// (RFC 6962, C2SP signed-note and tlog-checkpoint), and that what is shown is what the entry commits to. The log's key is
// kept from the first check on, so that another one is noticed.

const bytes = (text) => new TextEncoder().encode(text);
const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const toBase64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));
const node = (left, right) => sha256(joined([1], left, right));

/* The root that a leaf's audit path leads to (RFC 9162, section 2.1.3.2); nothing when the path does not fit. */
async function rootOf(leaf, index, size, path) {
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await node(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      hash = await node(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

/* The public key of a C2SP vkey: name+hash+base64(algorithm, key). */
function keyOf(vkey) {
  const [name, , encoded] = vkey.match(/^(.*)\+([0-9a-f]{8})\+(.*)$/)?.slice(1) ?? [];
  return { name, key: fromBase64(encoded).slice(1) };
}

async function signed(note, vkey) {
  const { name, key } = keyOf(vkey);
  const [text, lines] = [note.slice(0, note.lastIndexOf("\n\n") + 1), note.slice(note.lastIndexOf("\n\n") + 2)];
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  for (const line of lines.split("\n")) {
    const [, signer, encoded] = line.match(/^— (\S+) (\S+)$/) ?? [];
    if (signer !== name) continue;
    if (await crypto.subtle.verify("Ed25519", imported, fromBase64(encoded).slice(4), bytes(text))) return text;
  }
  return null;
}

async function committed(leaf, { field, salt, value }) {
  const key = await crypto.subtle.importKey("raw", fromHex(salt), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const said = bytes(value);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(said.length));
  const message = joined(bytes("kura/ledger/field/v1"), [0], bytes(field), [0], length, said);
  return toBase64(await crypto.subtle.sign("HMAC", key, message)) === leaf.fields[field];
}

async function holds(file, vkey) {
  const { record } = file;
  const [head, ...rest] = record.proof.split("\n\n");
  const [, index, ...path] = head.split("\n");
  const text = await signed(rest.join("\n\n"), vkey);
  if (!text) return false;
  const [, size, root] = text.split("\n");
  const leaf = await sha256(joined([0], bytes(record.leaf)));
  const found = await rootOf(leaf, Number(index.replace("index ", "")), Number(size), path.map(fromBase64));
  if (!found || !same(found, fromBase64(root))) return false;
  const entry = JSON.parse(record.leaf);
  for (const opening of record.openings) if (!(await committed(entry, opening))) return false;
  return true;
}

const place = document.querySelector("[data-verify]");
if (place) {
  const { verify, logKey, checking, holds: good, fails, unable } = place.dataset;
  const say = (told, tone) => {
    place.textContent = told;
    place.closest(".note").className = `note ${tone}`;
  };
  say(checking, "");
  try {
    const file = await (await fetch(verify, { credentials: "same-origin" })).json();
    const known = localStorage.getItem("kura-log-key");
    const trusted = (file.succession ?? []).length || !known ? logKey : known;
    const well = await holds(file, trusted);
    if (well && !known) localStorage.setItem("kura-log-key", logKey);
    say(well ? good : fails, well ? "good" : "bad");
  } catch {
    say(unable, "warn");
  }
}
