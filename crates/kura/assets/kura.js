// Comforts of the pages. Every form works without them; what they do passes the same door, by the API.

const words = (element) => element.dataset;

/* Keys: / finds, t takes in, j and k walk through a list, Enter opens. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const direct = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (direct) {
    event.preventDefault();
    if (direct.matches("input")) direct.focus();
    else direct.click();
    return;
  }
  if (event.key === "j" || event.key === "k") {
    const lines = [...document.querySelectorAll("tr.link a.whole")];
    if (!lines.length) return;
    const at = lines.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(at + 1, lines.length - 1) : Math.max(at - 1, 0);
    lines[next].focus();
  }
});

/* A form is sent once; the button says so. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") {
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 5000);
  }
});

/* The code of an invitation stands behind the address's #: it goes into its field, and out of the address. */
const invited = document.querySelector("[data-from-fragment]");
if (invited && location.hash.length > 1) {
  invited.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}

/* A field with many to choose from suggests some while one types. */
for (const input of document.querySelectorAll("input[data-choices]")) {
  let typed = 0;
  input.addEventListener("input", async () => {
    const turn = (typed += 1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (turn !== typed || !input.value.trim()) return;
    const response = await fetch(`${words(input).choices}?${new URLSearchParams({ text: input.value })}`, { credentials: "same-origin" });
    if (!response.ok || turn !== typed) return;
    input.list.replaceChildren(...(await response.json()).map((word) => new Option(word, word)));
  });
}

/* Passkeys: registering, signing in, showing oneself again, signing exactly what a form says. */
const post = async (path, fields) => {
  const response = await fetch(path, { method: "POST", body: new URLSearchParams(fields), credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
};

const assertion = async (asked) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey);
  const { id, response } = (await navigator.credentials.get({ publicKey })).toJSON();
  return {
    name: asked.name,
    credential: id,
    client_data: response.clientDataJSON,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
  };
};

const withPasskey = (form, work) => {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = form.querySelector("[data-told]");
    told.textContent = "";
    try {
      location.assign((await work(new FormData(form))).to);
    } catch {
      told.textContent = words(form).failed;
    } finally {
      delete form.dataset.sent;
    }
  });
};

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    withPasskey(form, async (fields) => {
      const asked = words(form).asked ? JSON.parse(words(form).asked) : await post(words(form).begin, fields);
      for (const [name, value] of Object.entries(await assertion(asked))) fields.set(name, value);
      return post(words(form).passkey, fields);
    });
  }
  for (const form of document.querySelectorAll("form[data-register]")) {
    withPasskey(form, async (fields) => {
      const asked = await post(words(form).begin, fields);
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.publicKey);
      const { response } = (await navigator.credentials.create({ publicKey })).toJSON();
      fields.set("name", asked.name);
      fields.set("client_data", response.clientDataJSON);
      fields.set("authenticator_data", response.authenticatorData);
      return post(words(form).register, fields);
    });
  }
  for (const form of document.querySelectorAll("form[data-sign]")) {
    form.addEventListener("submit", async (event) => {
      if (form.querySelector("[name=kura-consent]")) return;
      event.preventDefault();
      delete form.dataset.sent;
      const told = form.querySelector("[data-told]");
      told.textContent = "";
      try {
        const signed = await assertion(await post(words(form).sign, new FormData(form)));
        const field = document.createElement("input");
        field.type = "hidden";
        field.name = "kura-consent";
        field.value = JSON.stringify(signed);
        form.append(field);
        form.requestSubmit();
      } catch {
        told.textContent = words(form).failed;
      }
    });
  }
}

/* Taking in: files and whole folders, dropped, chosen or pasted; in parts, which go on where they stopped. */
const PAUSE = 2000;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

class Intake {
  constructor(form) {
    this.form = form;
    this.list = form.querySelector("[data-files]");
    this.lines = [];
    const pick = (input) => input?.addEventListener("change", () => {
      this.add([...input.files].map((file) => ({ file, folder: folderOf(file.webkitRelativePath) })));
      input.value = "";
    });
    form.querySelectorAll("input[type=file]").forEach(pick);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      delete form.dataset.sent;
      this.send();
    });
  }

  add(files) {
    for (const { file, folder } of files) {
      const line = this.form.querySelector("template").content.firstElementChild.cloneNode(true);
      line.querySelector("[data-name]").textContent = folder ? `${folder}/${file.name}` : file.name;
      line.querySelector("progress").max = Math.max(file.size, 1);
      const entry = { file, folder, line, state: "waiting" };
      line.querySelector("[data-remove]").addEventListener("click", () => {
        entry.state = "removed";
        line.remove();
        this.told();
      });
      line.querySelector("[data-pause]").addEventListener("click", (event) => {
        entry.paused = !entry.paused;
        event.currentTarget.setAttribute("aria-pressed", String(entry.paused));
        this.say(entry, entry.paused ? "paused" : "going");
      });
      this.list.append(line);
      this.lines.push(entry);
    }
    this.told();
  }

  told() {
    const waiting = this.lines.filter((entry) => entry.state === "waiting").length;
    this.form.querySelector("[data-send]").disabled = waiting === 0;
  }

  say(entry, state, detail) {
    const told = entry.line.querySelector("[data-told]");
    told.textContent = detail || words(this.form)[state] || "";
    entry.line.dataset.state = state;
  }

  ask(method, path, body, { raw = false, key } = {}) {
    const headers = { "kura-form": words(this.form).token, "accept-language": document.documentElement.lang };
    if (body && !raw) headers["content-type"] = "application/json";
    if (key) headers["idempotency-key"] = key;
    return fetch(`/api/v1${path}`, { method, headers, body: raw ? body : body && JSON.stringify(body), credentials: "same-origin" });
  }

  /* A request that is made again for as long as the network is away. */
  async sure(entry, make) {
    for (;;) {
      while (entry.paused) await wait(200);
      try {
        const response = await make();
        if (response.status < 500 && response.status !== 429) return response;
      } catch {
        // The network is away: what is stored is stored, and it goes on from there.
      }
      this.say(entry, "waits");
      await wait(PAUSE);
    }
  }

  async answer(response) {
    if (response.ok) return response.status === 204 ? null : response.json();
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || words(this.form).failed);
  }

  async send() {
    if (!this.form.reportValidity()) return;
    const value = (name) => this.form.elements[name]?.value ?? "";
    const common = { matter: value("matter"), class: value("class"), source: value("source"), kind: value("kind") };
    for (const entry of this.lines.filter((entry) => entry.state === "waiting")) {
      entry.state = "going";
      try {
        const item = await this.one(entry, common);
        entry.state = "done";
        this.say(entry, "done");
        const link = entry.line.querySelector("[data-link]");
        link.href = `/items/${item}`;
        link.hidden = false;
      } catch (error) {
        entry.state = "waiting";
        this.say(entry, "failed", error.message);
      }
    }
    this.told();
  }

  /* What the server has of a file, if it is still this file: a changed one is begun anew. */
  async same(file, progress) {
    for (const [part, digest] of progress.stored.entries()) {
      const bytes = await file.slice(part * progress.part_size, (part + 1) * progress.part_size).arrayBuffer();
      if (hex(await crypto.subtle.digest("SHA-256", bytes)) !== digest) return null;
    }
    return progress;
  }

  async one(entry, { matter, class: rank, source, kind }) {
    const { file, folder } = entry;
    this.say(entry, "going");
    const mark = `kura-upload-${hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(
      [matter, rank, folder, file.name, file.size, file.lastModified].join("\n"))))}`;
    let state = null;
    const before = localStorage.getItem(mark);
    if (before) {
      const response = await this.sure(entry, () => this.ask("GET", `/uploads/${before}`));
      if (response.ok) state = await this.same(file, await response.json());
    }
    if (!state) {
      const begin = { class: rank, name: file.name, media: /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : "application/octet-stream", size: file.size };
      state = await this.answer(await this.sure(entry, () => this.ask("POST", `/matters/${matter}/uploads`, begin)));
      localStorage.setItem(mark, state.upload);
    }
    const bar = entry.line.querySelector("progress");
    for (let part = state.stored?.length ?? 0; part < state.parts; part += 1) {
      bar.value = part * state.part_size;
      const bytes = file.slice(part * state.part_size, (part + 1) * state.part_size);
      const response = await this.sure(entry, () => this.ask("PUT", `/uploads/${state.upload}/parts/${part}`, bytes, { raw: true }));
      await this.answer(response);
      this.say(entry, "going");
    }
    bar.value = bar.max;
    const whole = folder ? `${source}\n${words(this.form).folder} ${folder}` : source;
    const take = { class: rank, source: whole, upload: state.upload };
    if (kind !== "lent") take.kind = kind;
    const path = kind === "lent" ? "take" : "collect";
    const taken = await this.answer(await this.sure(entry, () => this.ask("POST", `/matters/${matter}/${path}`, take, { key: state.upload })));
    localStorage.removeItem(mark);
    return taken.item;
  }
}

const folderOf = (path) => (path || "").split("/").slice(0, -1).join("/");

/* Every file of what was dropped, folders walked through. */
async function dropped(transfer) {
  // Both are read at once: a drop's data is gone after its event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.length) return files.map((file) => ({ file, folder: "" }));
  const found = [];
  const walk = async (entry, folder) => {
    if (entry.isFile) {
      found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), folder });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!batch.length) return;
      for (const child of batch) await walk(child, folder ? `${folder}/${entry.name}` : entry.name);
    }
  };
  for (const entry of entries) await walk(entry, "");
  return found;
}

let intake = null;

/* The form for taking in: the page's own, or, on any other page, in a dialog. */
async function intakeHere() {
  if (intake) return intake;
  const response = await fetch("/take-in", { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const form = page.querySelector("form[data-intake]");
  if (!form) {
    location.assign("/take-in");
    return null;
  }
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", words(form).title);
  dialog.append(document.adoptNode(form));
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    intake = null;
  });
  form.hidden = false;
  dialog.showModal();
  intake = new Intake(form);
  return intake;
}

const own = document.querySelector("form[data-intake]");
if (own) {
  own.hidden = false;
  intake = new Intake(own);
}

if (document.querySelector("[data-key=t]")) {
  document.addEventListener("dragover", (event) => {
    if ([...event.dataTransfer.types].includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", async (event) => {
    if (!event.dataTransfer.files.length && !event.dataTransfer.items.length) return;
    event.preventDefault();
    const finding = dropped(event.dataTransfer);
    const here = await intakeHere();
    here?.add(await finding);
  });
  document.addEventListener("paste", async (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    const stamp = new Date().toISOString().replace(/[:T]/g, "-").slice(0, 19);
    const named = files.map((file) => {
      const kind = file.type.split("/")[1] || "bin";
      const plain = /^image\.\w+$/.test(file.name) || !file.name;
      return { file: plain ? new File([file], `screenshot-${stamp}.${kind}`, { type: file.type }) : file, folder: "" };
    });
    (await intakeHere())?.add(named);
  });
}
