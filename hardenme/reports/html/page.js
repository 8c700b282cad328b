"use strict";
// Filters the page and lists all results. It makes text nodes of texts, and asks nothing of any network.
(() => {
  const BATCH = 200;
  const OWN = "\u0001";
  const SEVERITIES = ["info", "low", "medium", "high", "critical"];
  const WORDS = { not_applicable: "n/a" };
  const TEXT = 0, LINK = 1, COMMAND = 2, STEP = 3;
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const all = (query, within = document) => [...within.querySelectorAll(query)];

  function make(name, look, ...children) {
    const node = document.createElement(name);
    if (look) node.className = look;
    node.append(...children);
    return node;
  }

  // The data: texts and lists stand once, and everything else names them by number.
  let data = null;
  let rows = [];
  const required = new Map();
  // The name is given by a function: in a text, "$&" would mean something.
  const text = (number, own) => data.texts[number].replaceAll(OWN, () => own);
  const ownOf = (subject) => data.texts[data.subjects[subject][0]];
  const nameOf = (subject) => text(data.subjects[subject][1], ownOf(subject));
  const idOf = (subject) => text(data.subjects[subject][2], ownOf(subject));

  function read() {
    data = JSON.parse(at("data").textContent);
    data.outcomes.push("passed");
    const passed = data.outcomes.length - 1;
    // What each check requires stands in the table of all checks.
    for (const one of all("#checks li:not(.points > li)"))
      required.set(one.querySelector("code").textContent, one.querySelector("span").textContent);
    // The worst come first, what passed last; what weighs the same stays in its order.
    const ranked = SEVERITIES.map(() => []);
    for (const row of data.rows) ranked[row[3]].push(row);
    rows = ranked.reverse().flat();
    for (const [check, differences] of data.passed) {
      let subject = 0;
      for (const one of differences) rows.push([check, (subject += one), passed, 0, -1, -1, -1]);
    }
  }

  // By what words a subject is found: made when it is first looked for.
  function wordsOf(subject) {
    data.words ||= data.subjects.map((_, number) => `${nameOf(number)}\n${idOf(number)}`.toLowerCase());
    return data.words[subject];
  }

  // What is wished for, as the filter has it.
  function wish() {
    const chosen = (name) => new Set(all(`#filters input[name="${name}"]:checked`).map((one) => one.value));
    return {
      words: at("subject").value.trim().toLowerCase(),
      family: at("family").value,
      code: at("code").value,
      severities: chosen("severity"),
      outcomes: chosen("outcome"),
    };
  }
  const isEmpty = (wanted) =>
    !wanted.words && !wanted.family && !wanted.code && !wanted.severities.size && !wanted.outcomes.size;
  const resultOf = (row) => data.outcomes[row[2]];
  const grouped = (result) => (result === "errored" ? "unknown" : result);
  const weighs = (result) => result === "failed" || result === "waived";

  function fits(row, wanted) {
    const code = data.checks[row[0]];
    if (wanted.family && !code.startsWith(wanted.family)) return false;
    if (wanted.code && code !== wanted.code) return false;
    const result = resultOf(row);
    if (wanted.outcomes.size && !wanted.outcomes.has(grouped(result))) return false;
    if (wanted.severities.size && (result === "passed" || result === "not_applicable" || !wanted.severities.has(SEVERITIES[row[3]])))
      return false;
    return !wanted.words || wordsOf(row[1]).includes(wanted.words);
  }

  const outcomeOf = (card) => card.dataset.outcome || "failed";

  // The cards are shown where a result that they tell of fits.
  function show(wanted, fitting) {
    const empty = isEmpty(wanted);
    const found = new Set();
    for (const row of empty ? [] : fitting) {
      const result = resultOf(row);
      const code = data.checks[row[0]];
      found.add(`${grouped(result)} ${code}`).add(`${grouped(result)} ${code} ${SEVERITIES[row[3]]}`);
    }
    for (const card of all(".card")) {
      const outcome = outcomeOf(card);
      const severity = "mixed" in card.dataset ? "" : SEVERITIES.find((one) => card.classList.contains(one));
      const keys = card.dataset.codes.split(" ").map((code) => `${grouped(outcome)} ${code}${weighs(outcome) && severity ? ` ${severity}` : ""}`);
      let fit = empty || keys.some((key) => found.has(key));
      const named = all("b", card);
      if (wanted.words && fit && !("more" in card.dataset))
        fit = named.some((one) => one.textContent.toLowerCase().includes(wanted.words));
      for (const item of all("li:not(.points > li)", card)) {
        const who = all("b", item);
        if (who.length) item.hidden = Boolean(wanted.words) && !who.some((one) => one.textContent.toLowerCase().includes(wanted.words));
      }
      card.hidden = !fit;
    }
    showNamed(wanted.words);
    for (const group of all(".group")) {
      const within = all(".card", group);
      group.hidden = within.length > 0 && within.every((card) => card.hidden);
      // What fits is seen.
      if (!empty && within.length) group.open = true;
    }
    return showSteps(empty, fitting);
  }

  // A step is shown where it closes a result that fits.
  function showSteps(empty, fitting) {
    const closing = new Set();
    for (const row of empty ? [] : fitting)
      for (const [, how, number] of row[5] < 0 ? [] : data.parts[row[5]])
        if (how === STEP) closing.add(`step-${data.texts[number]}`);
    const steps = all("#steps .step");
    for (const step of steps) step.hidden = !empty && !closing.has(step.lastElementChild.id);
    for (const title of all("#steps h3")) {
      let step = title.nextElementSibling;
      const within = [];
      for (; step && step.tagName !== "H3"; step = step.nextElementSibling) within.push(...(step.matches(".step") ? [step] : all(".step", step)));
      title.hidden = within.length > 0 && within.every((one) => one.hidden);
    }
    return [steps.filter((one) => !one.hidden).length, steps.length];
  }

  // Members and packages are found by their names.
  function showNamed(words) {
    for (const row of all("#members tbody tr, #publishing .block")) {
      const name = row.querySelector("th, summary");
      row.hidden = Boolean(words) && !name.textContent.toLowerCase().includes(words);
    }
  }

  // All results, as far as they are looked at.
  let listed = [];
  let upTo = 0;

  function line(row) {
    const [check, subject, , severity, message] = row;
    const code = data.checks[check];
    const result = resultOf(row);
    const word = WORDS[result] || result;
    const said = message < 0 ? required.get(code) || "" : text(message, ownOf(subject));
    const level = result === "passed" || result === "not_applicable" ? make("span", "aside", "\u2013") : make("i", SEVERITIES[severity], SEVERITIES[severity]);
    const head = make(
      "summary", "",
      make("span", "", level), make("code", "", code), make("b", "", nameOf(subject)),
      make("span", "message", ...prose(said)), make("span", `result ${result}`, word),
    );
    const details = make("details", "row", head);
    details.addEventListener("toggle", () => {
      if (details.open && details.childElementCount === 1) details.append(inside(row));
    });
    return details;
  }

  // What stands between backticks is code, as in the rest of the page.
  function prose(said) {
    const parts = said.split(/(?<!`)`([^`]+)`(?!`)/);
    return parts.map((part, number) => (number % 2 ? make("code", "", ...typed(part)) : part));
  }

  // A word with a hyphen that fits on a line of a narrow screen is not broken.
  function typed(said) {
    const words = said.split(/( )/);
    if (words.length === 1 && !said.startsWith("-")) return words;
    return words.map((word) => (word.includes("-") && word.length <= 40 ? make("span", "", word) : word));
  }

  function term(label, ...content) {
    return make("div", "", make("dt", "", label), make("dd", "", ...content));
  }

  // A place on the page, which is opened where it is folded.
  function placed(id, said) {
    const link = make("a", "", said);
    link.href = `#${id}`;
    return link;
  }

  function inside(row) {
    const [check, subject, , , , parts] = row;
    const code = data.checks[check];
    const own = ownOf(subject);
    const list = make("dl", "terms", term("Subject", make("code", "", idOf(subject))));
    if (required.get(code)) list.append(term("Required", ...prose(required.get(code))));
    for (const [label, how, number] of parts < 0 ? [] : data.parts[parts])
      list.append(term(data.texts[label], ...part(how, text(number, own))));
    if (at(`check-${code}`)) list.append(term("Check", placed(`check-${code}`, "why it matters, and its limits")));
    const body = make("div", "more-of-it", list);
    const fields = evidence(row);
    if (fields) body.append(fields);
    return body;
  }

  // The fields that decided, and the answers that they were read from.
  function evidence([, subject, , , , , seen]) {
    const [labels, ...texts] = seen < 0 ? [] : data.seen[seen];
    if (!texts.length) return null;
    const fields = make("dl", "seen");
    let last = -1;
    for (const [place, number] of texts.entries()) {
      const label = data.labels[labels][place];
      const said = text(number, ownOf(subject));
      if (label === last) fields.lastChild.append(make("dd", "", said));
      else fields.append(term(data.texts[label], said));
      last = label;
    }
    return fields;
  }

  // Each subject of a card gets its evidence, when it is asked for.
  const unfilled = new Map();
  function explain() {
    for (const card of all("#to-fix .card")) {
      for (const item of all(":scope > ul:not(.points) > li", card)) {
        const details = make("details", "evidence", make("summary", "", "Evidence"));
        unfilled.set(details, all("b", item).map((one) => `${card.dataset.codes} ${one.textContent}`));
        details.addEventListener("toggle", () => fill(details));
        item.append(details);
      }
    }
  }
  let failed = null;
  function fill(details) {
    if (!unfilled.has(details)) return;
    if (!failed) {
      failed = new Map();
      for (const row of rows) {
        if (resultOf(row) !== "failed") continue;
        const key = `${data.checks[row[0]]} ${nameOf(row[1])}`;
        failed.set(key, [...(failed.get(key) || []), row]);
      }
    }
    const keys = unfilled.get(details);
    for (const key of keys)
      for (const row of failed.get(key) || []) {
        if (keys.length > 1) details.append(make("p", "", make("b", "", nameOf(row[1]))));
        details.append(evidence(row) || "none");
      }
    unfilled.delete(details);
  }

  function part(how, said) {
    if (how === TEXT) return prose(said);
    if (how === STEP) return [placed(`step-${said}`, `step ${said}`)];
    if (how === LINK) {
      // Only addresses of the web were marked as links; this looks once more.
      if (!/^https?:\/\/[^\s@]+$/.test(said)) return [said];
      const link = make("a", "", said.replace(/^https:\/\//, ""));
      link.href = said;
      apart(link);
      return [link];
    }
    const command = make("pre", "", said);
    copyable(command);
    return [command];
  }

  // Pages of the web open apart from this one.
  function apart(link) {
    link.rel = "noopener noreferrer";
    link.target = "_blank";
  }

  function further() {
    const end = Math.min(upTo + BATCH, listed.length);
    at("rows").append(...listed.slice(upTo, end).map(line));
    upTo = end;
    const left = listed.length - upTo;
    const told = `${upTo.toLocaleString("en")} of ${listed.length.toLocaleString("en")} fitting results listed`;
    at("listed").textContent = left ? `${told}; ${left.toLocaleString("en")} more below.` : `${told}.`;
    at("further").hidden = left === 0;
    at("further").textContent = `Show ${Math.min(BATCH, left).toLocaleString("en")} more`;
  }

  function update() {
    const wanted = wish();
    const fitting = isEmpty(wanted) ? rows : rows.filter((row) => fits(row, wanted));
    const [steps, plan] = show(wanted, fitting);
    // What passed is listed where it is asked for.
    const quiet = (row) => ["passed", "not_applicable"].includes(resultOf(row));
    listed = wanted.outcomes.size ? fitting : fitting.filter((row) => !quiet(row));
    upTo = 0;
    at("rows").replaceChildren();
    further();
    const number = (count) => count.toLocaleString("en");
    const only = wanted.code ? ` Check ${wanted.code} alone.` : "";
    at("shown").textContent =
      `${number(steps)} of ${number(plan)} steps and ${number(fitting.length)} of ${number(rows.length)} results fit.${only}`;
    remember(wanted);
  }

  // The filter stands in the address, behind the mark that no server is told.
  function remember(wanted) {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted)) {
      const told = typeof value === "string" ? value : [...value].join(",");
      if (told) words.set(name, told);
    }
    const now = words.toString();
    if (now || location.hash.includes("=")) history.replaceState(null, "", now ? `#${now}` : location.pathname + location.search);
  }

  function recall() {
    if (!location.hash.includes("=")) return;
    const words = new URLSearchParams(location.hash.slice(1));
    at("subject").value = words.get("words") || "";
    at("family").value = words.get("family") || "";
    at("code").value = words.get("code") || "";
    for (const name of ["severity", "outcome"]) {
      const wanted = (words.get(name === "severity" ? "severities" : "outcomes") || "").split(",");
      for (const box of all(`#filters input[name="${name}"]`)) box.checked = wanted.includes(box.value);
    }
  }

  function choose(code, outcomes) {
    at("filters").reset();
    at("code").value = code;
    for (const box of all('#filters input[name="outcome"]')) box.checked = outcomes.includes(box.value);
    update();
    at("results").scrollIntoView();
  }

  function copyable(command) {
    const words = make("code", "", ...typed(command.textContent));
    command.replaceChildren(words);
    const button = make("button", "copy", "Copy");
    button.type = "button";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(words.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(words);
        button.textContent = "Selected";
      }
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    command.append(button);
  }

  function listen() {
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(update, 120); };
    at("filters").addEventListener("input", soon);
    at("filters").addEventListener("submit", (event) => event.preventDefault());
    at("filters").addEventListener("reset", () => { at("code").value = ""; setTimeout(update); });
    at("further").addEventListener("click", further);
    addEventListener("hashchange", () => {
      if (location.hash.includes("=")) { recall(); update(); }
      else reveal();
    });
    for (const link of all("a[href='#results']")) {
      const card = link.closest(".card");
      if (card) link.addEventListener("click", (event) => { event.preventDefault(); choose(card.dataset.codes.split(" ")[0], [grouped(outcomeOf(card))]); });
    }
    for (const told of all("#checks em")) {
      const code = told.parentElement.querySelector("code").textContent;
      const parts = told.textContent.split(", ").map((part, place) => {
        const [number, name] = part.split(" ");
        const button = make("button", name.replace("/", ""), part);
        button.type = "button";
        button.setAttribute("aria-label", `${number} ${name} of ${code}: list them`);
        button.addEventListener("click", () => choose(code, [name === "n/a" ? "not_applicable" : name]));
        return place ? [", ", button] : [button];
      });
      told.replaceChildren(...parts.flat());
    }
    for (const command of all("pre")) copyable(command);
    for (const link of all("a[href^='http']")) apart(link);
    const everything = () => at("print-all").checked;
    const whole = () => { if (everything()) for (const one of [...unfilled.keys()]) fill(one); };
    matchMedia("print").addEventListener("change", (event) => { if (event.matches) whole(); });
    // For browsers whose style sheets cannot open what is folded.
    const opened = [];
    addEventListener("beforeprint", () => {
      whole();
      for (const one of everything() ? all("main details:not([open])") : []) { one.open = true; opened.push(one); }
    });
    addEventListener("afterprint", () => { for (const one of opened.splice(0)) one.open = false; });
  }

  // Notes stay in this browser, for all pages on the same targets. Without a place for them, none does.
  const NOTES = `hardenme notes: ${document.title}`;
  let notes = { steps: {}, answers: {} };
  function recollect() {
    try {
      const kept = JSON.parse(localStorage.getItem(NOTES));
      notes = { steps: { ...kept.steps }, answers: { ...kept.answers } };
    } catch { /* there are none, or none can be kept */ }
  }
  function note(kind, key, value) {
    if (value) notes[kind][key] = value;
    else delete notes[kind][key];
    try { localStorage.setItem(NOTES, JSON.stringify(notes)); } catch { /* none can be kept */ }
  }

  function tickable() {
    for (const step of all("#steps .step")) {
      const id = step.lastElementChild.id.slice("step-".length);
      const box = make("input", "tick");
      box.type = "checkbox";
      box.checked = Boolean(notes.steps[id]);
      box.setAttribute("aria-label", `Step ${id}: done`);
      const mark = () => step.classList.toggle("done", box.checked);
      box.addEventListener("change", () => { note("steps", id, box.checked); mark(); });
      mark();
      step.firstElementChild.prepend(box, " ");
    }
  }

  // Open questions whose answers can be recorded, by check and subject.
  const open = new Map();
  function answerable() {
    for (const row of rows) {
      if (resultOf(row) !== "manual") continue;
      if (!(row[5] < 0 ? [] : data.parts[row[5]]).some(([label, how]) => how === COMMAND && data.texts[label] === "Answer")) continue;
      const said = text(row[4], ownOf(row[1]));
      open.set(`${data.checks[row[0]]} ${idOf(row[1])}`, { code: data.checks[row[0]], subject: idOf(row[1]), name: nameOf(row[1]), said });
    }
    for (const card of all("#questions .card")) {
      const codes = card.dataset.codes.split(" ");
      const named = new Set(all("b", card).map((one) => one.textContent));
      const mine = [...open].filter(([, one]) => codes.includes(one.code) && card.textContent.includes(one.said) && ("more" in card.dataset || named.has(one.name)));
      if (!mine.length) continue;
      const details = make("details", "answers", make("summary", "", "Note your answer"));
      details.addEventListener("toggle", () => { if (details.childElementCount === 1) details.append(choices(mine)); });
      card.append(details);
    }
    tally();
  }

  function choice(label, value, changed) {
    const select = make("select", "");
    for (const word of ["", "yes", "no"]) {
      const option = make("option", "", word || "\u2013");
      option.value = word;
      select.append(option);
    }
    select.value = value;
    select.addEventListener("change", () => changed(select.value));
    return [make("label", "", select, " ", label), select];
  }

  function choices(mine) {
    const list = make("ul", "");
    const selects = mine.map(([key, one]) => {
      const [label, select] = choice(make("b", "", one.name), notes.answers[key] || "", (value) => { note("answers", key, value); tally(); });
      list.append(make("li", "", label));
      return [key, select];
    });
    if (mine.length > 1) {
      const [label] = choice(`all ${mine.length}`, "", (value) => {
        for (const [key, select] of selects) { select.value = value; note("answers", key, value); }
        tally();
      });
      list.prepend(make("li", "", label));
    }
    return list;
  }

  // Only answers to what is open are exported. `hardenme attest` asks for each of them again.
  function tally() {
    const given = [...open].filter(([key]) => notes.answers[key]);
    const place = at("answers");
    if (!place) return;
    place.hidden = !given.length;
    const button = make("button", "", "Save them as a file");
    button.type = "button";
    button.addEventListener("click", () => {
      const answers = given.map(([key, { code, subject }]) => ({ code, subject, answer: notes.answers[key] }));
      const link = make("a", "");
      link.href = URL.createObjectURL(new Blob([`${JSON.stringify({ version: 1, answers }, null, 1)}\n`], { type: "application/json" }));
      link.download = "hardenme-answers.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
    const many = given.length === 1 ? "1 answer is" : `${given.length} answers are`;
    place.replaceChildren(`${many} noted in this browser. `, button, " Then ", make("code", "", "hardenme attest --answers hardenme-answers.json"), " asks you to confirm each.");
  }

  // What a link leads to is seen, in browsers that do not open what is folded by themselves, too.
  function reveal() {
    const target = location.hash.length > 1 && at(location.hash.slice(1));
    if (!target) return;
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    target.scrollIntoView();
  }

  root.classList.add("js");
  // The page is painted before the data is read.
  requestAnimationFrame(() => setTimeout(() => {
    read();
    recall();
    recollect();
    tickable();
    answerable();
    listen();
    explain();
    update();
    if (!location.hash.includes("=")) reveal();
    root.dataset.ready = "";
  }));
})();
