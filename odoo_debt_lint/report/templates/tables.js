"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  const valueOf = (row, index) => {
    const cell = row.cells[index];
    const text = cell.dataset.value || cell.textContent.trim();
    const number = Number(text.replace(/,/g, ""));
    return text !== "" && !Number.isNaN(number) ? number : text.toLowerCase();
  };
  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };
  for (const table of all("table.sortable")) {
    const heads = all("thead th", table);
    heads.forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      // a button is printed once only, but the head of a table on every page
      addEventListener("beforeprint", () => head.replaceChildren(button.textContent));
      addEventListener("afterprint", () => head.replaceChildren(button));
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending"
          || (head.getAttribute("aria-sort") === null && head.classList.contains("num"));
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, index), row]);
        rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }
})();
