"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const rows = JSON.parse(get("findings-data").textContent);
  const body = get("findings-rows"), size = 100;
  const check = get("filter-check"), severity = get("filter-severity"), text = get("filter-text");
  const heads = [...body.parentElement.tHead.rows[0].cells];
  let order = -1, falling = false, page = 0, chosen = rows;
  const fill = (select, at) => {
    for (const value of [...new Set(rows.map((row) => row[at]))].sort()) {
      select.append(new Option(value, value));
    }
  };
  const compare = (a, b) => a[order].localeCompare(b[order], "en", { numeric: true }) * (falling ? -1 : 1);
  const draw = () => {
    const lines = chosen.slice(page * size, (page + 1) * size).map((row) => {
      const line = document.createElement("tr");
      row.forEach((value, at) => {
        const cell = line.insertCell(), inner = document.createElement(at === 2 ? "code" : "span");
        inner.textContent = value;
        if (at === 0) inner.className = "severity " + value;
        cell.append(inner);
      });
      return line;
    });
    body.replaceChildren(...lines);
    const first = chosen.length ? page * size + 1 : 0, last = page * size + lines.length;
    get("page-place").textContent = `${first}-${last} of ${chosen.length}`;
    get("page-back").disabled = page === 0;
    get("page-on").disabled = last >= chosen.length;
  };
  const choose = () => {
    const words = text.value.toLowerCase();
    chosen = rows.filter((row) => (!check.value || row[1] === check.value)
      && (!severity.value || row[0] === severity.value)
      && (!words || row.some((value) => value.toLowerCase().includes(words))));
    if (order >= 0) chosen = [...chosen].sort(compare);
    page = 0;
    draw();
  };
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      falling = order === at && !falling;
      order = at;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      choose();
    });
  });
  fill(check, 1);
  fill(severity, 0);
  for (const control of [check, severity, text]) control.addEventListener("input", choose);
  get("page-back").addEventListener("click", () => { page -= 1; draw(); });
  get("page-on").addEventListener("click", () => { page += 1; draw(); });
  get("findings-filters").hidden = false;
  get("findings-note").textContent = get("findings-note").dataset.scripted;
  draw();
})();
