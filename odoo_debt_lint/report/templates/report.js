"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const rules = all("details.rule").map((node) => ({
    node,
    head: node.querySelector("summary").textContent.toLowerCase(),
    count: node.querySelector(".count"),
    total: node.querySelector(".count").textContent,
    items: all(".found > li", node).map((item) => ({
      node: item,
      severity: item.className,
      addon: item.dataset.a,
      text: null,
    })),
  }));
  const total = rules.reduce((sum, rule) => sum + rule.items.length, 0);
  const form = document.getElementById("filter");
  const { of, listed } = form.dataset;
  const search = document.getElementById("search");
  const addon = document.getElementById("addon");
  const shown = document.getElementById("shown");
  const boxes = all("input[type=checkbox]", form);

  const textOf = (item) => {
    if (item.text === null) item.text = item.node.textContent.toLowerCase();
    return item.text;
  };
  // the texts of many thousand findings are read while nothing else is to be done
  const readAhead = (left) => {
    if (!left.length || !window.requestIdleCallback) return;
    requestIdleCallback((deadline) => {
      while (left.length && deadline.timeRemaining() > 5) textOf(left.pop());
      readAhead(left);
    });
  };
  readAhead(rules.flatMap((rule) => rule.items));

  const matches = (item, head, words, severities, name) => {
    if (!severities.has(item.severity) || (name && item.addon !== name)) return false;
    if (!words.length) return true;
    return words.every((word) => head.includes(word) || textOf(item).includes(word));
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const filtered = words.length > 0 || addon.value !== "" || severities.size < boxes.length;
    let count = 0;
    for (const rule of rules) {
      let left = 0;
      for (const item of rule.items) {
        const fits = matches(item, rule.head, words, severities, addon.value);
        item.node.classList.toggle("out", !fits);
        left += fits;
      }
      rule.node.classList.toggle("out", left === 0);
      rule.count.textContent = filtered ? `${left} ${of} ${rule.total}` : rule.total;
      count += left;
    }
    shown.textContent = filtered ? `${count} ${of} ${total} ${listed}` : `${total} ${listed}`;
  };

  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 150);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", soon);
  addon.addEventListener("change", apply);
  boxes.forEach((box) => box.addEventListener("change", apply));
  const openAll = (open) => rules.forEach((rule) => {
    if (!rule.node.classList.contains("out")) rule.node.open = open;
  });
  document.getElementById("unfold").addEventListener("click", () => openAll(true));
  document.getElementById("fold").addEventListener("click", () => openAll(false));
  apply();

  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) {
      target.classList.remove("out");
      target.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = rules.map((rule) => rule.node).filter((node) => !node.open);
    closed.forEach((node) => { node.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((node) => { node.open = false; }));
})();
