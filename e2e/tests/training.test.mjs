// Training in the browser: a course is read, its questions answered, wrong ones explained, and what was refused is open.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { axe, browser, person, serve } from "../kura.mjs";

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

/* The right choices of a course's questions, in English, as the pool of the model policy says. */
function right(course) {
  const pool = readFileSync(new URL(`../../policy/courses/${course}.toml`, import.meta.url), "utf8");
  return new Set([...pool.matchAll(/en = "((?:[^"\\]|\\.)*)", right = true/g)].map(([, text]) => JSON.parse(`"${text}"`)));
}

async function answer(page, course, good) {
  const known = right(course);
  for (const group of await page.locator("fieldset").all()) {
    for (const choice of await group.locator(".check").all()) {
      if (known.has((await choice.textContent()).trim()) === good) {
        await choice.getByRole("radio").check();
        break;
      }
    }
  }
  await page.getByRole("button", { name: "Check the answers" }).click();
}

for (const script of [true, false]) {
  test(`a course is taken${script ? "" : " without scripts"}`, async () => {
    const login = script ? "sumi" : "tani";
    const page = await person(firm, chromium, login, { language: "en", script });
    await page.to("/today");
    await page.getByRole("link", { name: "For the committee, the subcommittee and the representative director" }).click();
    assert.match(await page.textContent("main"), /not completed/);
    await page.getByRole("button", { name: "Answer the questions" }).click();
    await page.waitForURL(/\/training\/attempts\//);
    await answer(page, "committee", false);
    const told = await page.textContent("main");
    assert.match(told, /0 of 4 right; 3 are needed/);
    assert.match(told, /your answer/);
    if (script) assert.deepEqual(await axe(page), []);
    await page.getByRole("link", { name: "Read it again" }).first().click();
    await page.waitForURL(/\/training\/committee#/);
    await page.getByRole("button", { name: "Answer the questions" }).click();
    await answer(page, "committee", true);
    assert.match(await page.textContent("main"), /4 of 4 right. You completed the course/);
    await page.to("/training");
    assert.match(await page.textContent("main"), /completed, valid until/);
    await page.context().close();
  });
}

test("what training would change is told with the lesson, and who has taken what is seen by who guides", async () => {
  const admin = await person(firm, chromium, "admin", { language: "en" });
  await admin.to("/policy");
  await admin.getByRole("link", { name: "Who has taken which course" }).click();
  assert.match(await admin.textContent("h1"), /of \d+ have completed every course/);
  await admin.context().close();
  const ken = await person(firm, chromium, "ken", { language: "en" });
  assert.equal((await ken.to("/administration/training")).status(), 403);
  await ken.to("/register");
  await ken.getByRole("link", { name: "取引基本契約書.txt" }).first().click();
  await ken.getByText("What you may not do").click();
  const lesson = ken.getByRole("link", { name: /^Read the lesson: / }).first();
  const address = await lesson.getAttribute("href");
  await lesson.click();
  await ken.waitForURL(/\/training\//);
  const [, place] = address.split("#");
  assert.equal(await ken.locator(`#${place} h2`).count(), 1);
  await ken.context().close();
});
