// What the judges say of the page that stands here; read by looking.py.
"use strict";

globalThis.violations = async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const why = (node) => [...node.any, ...node.all, ...node.none].map((each) => each.message).join("; ");
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} (${why(node)})`));
};

// What scrolls within itself may be wider than the window; the page may not.
const scrolls = (node) =>
  node !== document.body &&
  (["auto", "scroll"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
const sticksOut = (node) => {
  const box = node.getBoundingClientRect();
  return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(node.parentElement);
};
const named = (node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class") || ""}#${node.id}`;

globalThis.tooWide = () =>
  document.documentElement.scrollWidth > innerWidth
    ? [...[...document.body.querySelectorAll("*")].filter(sticksOut).map(named).slice(0, 8), "wider than its window"]
    : [];
