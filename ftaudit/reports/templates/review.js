"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const { columns, cases } = JSON.parse(get("data").textContent);
  const rows = cases.flatMap((part) => part.rows);
  const decision = columns.indexOf("decision"), size = 20;
  const kind = get("kind"), label = get("label"), text = get("text"), open = get("open");
  let chosen = cases, page = 0, current = null, unsaved = false;
  for (const part of cases) {
    for (const row of part.rows) {
      row.part = part;
      row.choice = "";
      row.lower = row.pieces.map(([words]) => words).join("").toLowerCase() + " " + row.place.toLowerCase();
    }
  }
  const element = (name, className, content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  };
  const options = (row) => [["keep", "keep as it is"], ["drop", "drop"],
    ...row.part.labels.filter((name) => name !== row.label).map((name) => [name, "label: " + name])];
  const fill = (select, values) => {
    for (const value of [...new Set(values)].sort()) select.append(new Option(value, value));
  };
  const count = () => {
    const decided = rows.filter((row) => row.choice).length;
    get("progress").max = Math.max(1, rows.length);
    get("progress").value = decided;
    get("count").textContent = `${decided} of ${rows.length} rows decided`;
  };
  const paint = (row) => {
    if (!row.box) return;
    row.box.classList.toggle("decided", row.choice !== "");
    row.box.classList.toggle("current", row === current);
    for (const button of row.box.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === row.choice));
    }
  };
  const decide = (row, choice) => {
    row.choice = row.choice === choice ? "" : choice;
    unsaved = true;
    paint(row);
    count();
  };
  const point = (row, focus) => {
    const before = current;
    current = row;
    if (before) paint(before);
    if (!row) return;
    paint(row);
    if (focus && row.box) row.box.focus();
  };
  const drawRow = (row) => {
    row.box = element("article", "row");
    row.box.tabIndex = -1;
    const words = element("p", "words");
    for (const [piece, differs] of row.pieces) words.append(differs ? element("mark", "", piece) : piece);
    row.box.append(element("p", "where", row.place));
    if (row.label) row.box.append(element("p", "own", row.label));
    row.box.append(words);
    if (row.why) row.box.append(element("p", "why", row.why));
    const choices = element("div", "choices");
    choices.setAttribute("role", "group");
    choices.setAttribute("aria-label", "Decision for " + row.place);
    const suggestion = row.label && row.suggested === row.label ? "keep" : row.suggested;
    options(row).forEach(([value, name], at) => {
      const button = element("button", value === suggestion ? "suggested" : "");
      button.type = "button";
      button.value = value;
      if (at < 9) button.append(element("kbd", "", String(at + 1)));
      button.append(" " + name);
      button.addEventListener("click", () => { point(row); decide(row, value); });
      choices.append(button);
    });
    row.box.append(choices);
    row.box.addEventListener("focusin", () => point(row));
    return row.box;
  };
  const shown = () => chosen.slice(page * size, (page + 1) * size);
  const draw = () => {
    for (const row of rows) row.box = null;
    const boxes = shown().map((part) => {
      const box = element("section", "case"), head = element("h2", "", part.name);
      head.append(element("small", "", [...new Set(part.rows.map((row) => row.kind))].join(", ")));
      const list = element("div", "rows");
      list.append(...part.rows.map(drawRow));
      box.append(head, list);
      return box;
    });
    get("cases").replaceChildren(...(boxes.length ? boxes : [element("p", "note", "No case matches.")]));
    shown().forEach((part) => part.rows.forEach(paint));
    const last = page * size + boxes.length;
    get("place").textContent = `cases ${boxes.length ? page * size + 1 : 0}–${last} of ${chosen.length}`;
    get("back").disabled = page === 0;
    get("on").disabled = last >= chosen.length;
    get("turn").hidden = chosen.length <= size;
  };
  const choose = () => {
    const words = text.value.toLowerCase();
    chosen = cases.filter((part) => part.rows.some((row) => (!kind.value || row.kind === kind.value)
      && (!label.value || row.label === label.value) && (!words || row.lower.includes(words))
      && (!open.checked || !row.choice)));
    page = 0;
    draw();
    point(shown()[0]?.rows[0] ?? null);
  };
  const turn = (step) => {
    if ((page + step) < 0 || (page + step) * size >= chosen.length) return false;
    page += step;
    draw();
    return true;
  };
  const move = (step) => {
    const visible = shown().flatMap((part) => part.rows);
    const at = visible.indexOf(current) + step;
    if (visible[at]) point(visible[at], true);
    else if (turn(step)) {
      const next = shown().flatMap((part) => part.rows);
      point(step > 0 ? next[0] : next[next.length - 1], true);
    }
  };
  // as model/csv_cell.py: no cell may be run as a formula
  const neutral = (value) => /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
  const quoted = (value) => /[",\n\r]/.test(value) ? '"' + value.replaceAll('"', '""') + '"' : value;
  const csv = () => [columns, ...rows.map((row) => row.cells.map((cell, at) =>
    at === decision ? neutral(row.choice) : cell))]
    .map((cells) => cells.map(quoted).join(",") + "\n").join("");
  const parsed = (content) => {
    const lines = [[""]];
    let inside = false;
    for (let at = 0; at < content.length; at += 1) {
      const mark = content[at], line = lines[lines.length - 1];
      if (inside && mark === '"' && content[at + 1] === '"') line[line.length - 1] += content[at += 1];
      else if (mark === '"') inside = !inside;
      else if (!inside && mark === ",") line.push("");
      else if (!inside && mark === "\n") lines.push([""]);
      else if (inside || mark !== "\r") line[line.length - 1] += mark;
    }
    return lines;
  };
  const key = (cells) => JSON.stringify(["file", "row", "digest"].map((name) => cells[columns.indexOf(name)]));
  const resume = (content) => {
    const [head, ...lines] = parsed(content.replace(/^\ufeff/, ""));
    const choices = new Map();
    if (columns.every((name, at) => head[at] === name)) {
      for (const cells of lines) choices.set(key(cells), (cells[decision] ?? "").replace(/^'(?=[=+\-@\t\r])/, ""));
    }
    let taken = 0;
    for (const row of rows) {
      const choice = choices.get(key(row.cells));
      if (choice) { row.choice = choice; taken += 1; }
    }
    choose();
    count();
    if (!taken) get("count").textContent = "no decision about these rows in that file";
  };
  const save = () => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    link.download = "review.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === text || event.target instanceof HTMLSelectElement) return;
    const number = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    if (number && current) {
      const targets = event.shiftKey ? current.part.rows : [current];
      const picked = options(current)[Number(number[1]) - 1];
      const value = number[1] === "0" ? "" : picked?.[0];
      if (value === undefined) return;
      for (const row of targets) {
        row.choice = value === row.label && value !== "" ? "keep" : value;
        paint(row);
      }
      unsaved = true;
      count();
      if (value && !event.shiftKey) move(1);
    } else if (event.key === "j" || event.key === "ArrowDown") move(1);
    else if (event.key === "k" || event.key === "ArrowUp") move(-1);
    else if (event.key === "s") save();
    else return;
    event.preventDefault();
  });
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  fill(kind, rows.map((row) => row.kind));
  fill(label, rows.map((row) => row.label).filter(Boolean));
  for (const control of [kind, label, text, open]) control.addEventListener("input", choose);
  get("back").addEventListener("click", () => turn(-1));
  get("on").addEventListener("click", () => turn(1));
  get("save").addEventListener("click", save);
  get("saved").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) resume(await file.text());
  });
  get("bar").hidden = false;
  get("keys").hidden = false;
  choose();
  count();
})();
