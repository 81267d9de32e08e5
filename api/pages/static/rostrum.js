// What a page does beside standing there. Each part looks for what it needs and is not missed where scripts do not run.
"use strict";

// Figures as the reader's region writes them, as the page has them already.
const figures = (text) =>
  document.body.dataset.figures === "arab" ? text.replace(/\d/g, (figure) => "٠١٢٣٤٥٦٧٨٩"[figure]) : text;

// Clocks go on, also a rehearsal's. They are never announced.
const began = performance.now();
const now = () =>
  new Date(Number(document.body.dataset.now) * 1000 + (performance.now() - began) * Number(document.body.dataset.speed));
const faces = new Map();
const face = (zone) => {
  if (!faces.has(zone))
    faces.set(zone, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" }));
  return faces.get(zone);
};
const tick = () => {
  for (const clock of document.querySelectorAll("time[data-zone]")) {
    try {
      const text = figures(face(clock.dataset.zone).format(now()));
      if (clock.textContent !== text) clock.textContent = text;
    } catch {
      // A browser with older zone data leaves the clock as it was rendered.
    }
  }
};
tick();
setInterval(tick, 1000);

// The browser knows where it is: said once, so that the server can write times on this clock.
if ("zoneUnknown" in document.body.dataset) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("rostrum_detected=")) {
    document.cookie = `rostrum_detected=${zone}; path=/; max-age=31536000; samesite=lax`;
    if (document.cookie.includes("rostrum_detected=") && document.body.dataset.now) location.reload();
  }
}

const tell = (text) => {
  document.getElementById("told").textContent = text;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  tell(button.dataset.copied);
  button.lastElementChild.textContent = button.dataset.copied;
});
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

// Free slots are one stop of the Tab key; the arrows go from one to the next.
document.addEventListener("keydown", (event) => {
  const chip = event.target.closest?.("a.chip");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!chip || !step || event.altKey || event.ctrlKey || event.metaKey) return;
  const chips = [...document.querySelectorAll("a.chip")];
  const mirrored = document.dir === "rtl" && ["ArrowLeft", "ArrowRight"].includes(event.key);
  const next = chips[chips.indexOf(chip) + step * (mirrored ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// Slots change as others book. What is under one's hands is left alone: its answer tells what became of it.
const listen = (grid) => {
  const source = new EventSource(grid.dataset.stream);
  source.addEventListener("slot", (event) => {
    const said = JSON.parse(event.data);
    const chip = document.getElementById(`slot-${said.id}`);
    if (!chip || chip.classList.contains("mine") || chip.dataset.status === said.status) return;
    const free = said.status === "free";
    const fresh = document.createElement(free && chip.dataset.href ? "a" : "span");
    for (const { name, value } of chip.attributes) if (name !== "href") fresh.setAttribute(name, value);
    fresh.className = `chip ${free ? "free" : "taken"} changed`;
    fresh.dataset.status = said.status;
    if (fresh.tagName === "A") fresh.href = chip.dataset.href;
    fresh.append(...[...chip.childNodes].map((node) => node.cloneNode(true)));
    fresh.querySelector("small").textContent = free ? grid.dataset.free : grid.dataset.taken;
    const held = document.activeElement === chip;
    chip.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
    if (held) {
      fresh.tabIndex = fresh.tagName === "A" ? 0 : -1;
      fresh.focus();
    }
    for (const count of document.querySelectorAll(`[data-free-of="${chip.dataset.list}"]`))
      count.textContent = figures(`${document.querySelectorAll(`.chip.free[data-list="${chip.dataset.list}"]`).length}`);
  });
};
for (const grid of document.querySelectorAll("[data-stream]")) listen(grid);

// On a phone the hours of one's night are folded to a row.
const fold = () => {
  if (!matchMedia("(max-width: 63.99rem)").matches || document.querySelectorAll(".sitting:not(.night)").length === 0) return;
  for (const night of document.querySelectorAll(".sitting.night[open]")) if (!night.querySelector(".chosen, .lost, .near")) night.open = false;
};
fold();
document.addEventListener("htmx:afterSettle", fold);
