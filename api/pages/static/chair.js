// The chair's console where scripts run: acts without loading the page, by keys too (chair_keys.js), and the floor as it
// happens (floor.js).
// The server renders all of it; here its parts are swapped, and what the chair has under her hands is kept.
"use strict";
(() => {
  const root = document.querySelector(".console");
  const PARTS = ["state", "board", "next", "acts", "queue", "side", "hints"];
  const FORECASTS = 10_000;
  const ROWS_OF_A_PHONE = 8;
  const wide = matchMedia("(min-width: 73.75rem) and (min-height: 43.75rem)");
  const by = (id) => document.getElementById(id);
  const state = () => by("state").dataset;
  const here = () => location.pathname + location.search;

  // Acts follow each other: each is made of the page that the one before has left.
  let tail = Promise.resolve();
  const later = (act) => (tail = tail.then(act).catch(unsent));
  const unsent = () => complain(root.dataset.unsent);

  // What is not the server's to know: the chosen row, the rows that fit, the keys' names.
  let chosen = document.querySelector("li[data-slot][aria-current]")?.dataset.slot ?? "";
  const rows = () => [...document.querySelectorAll("li[data-slot]")];
  const choose = (slot, aloud = true) => {
    chosen = slot;
    const row = rows().find((each) => each.dataset.slot === slot);
    for (const each of rows()) each.toggleAttribute("aria-current", each === row);
    row?.setAttribute("aria-current", "true");
    for (const form of document.querySelectorAll(".chosen")) {
      form.hidden = !row;
      form.elements.slot.value = row ? slot : "";
    }
    const name = document.querySelector("[data-chosen-name]");
    if (name) name.textContent = row?.dataset.name ?? "";
    fold();
    if (row && aloud) tell(`${row.dataset.position}, ${row.dataset.name}`);
  };
  const fold = () => {
    const list = document.querySelector(".rows-of-queue:not(.all)");
    const all = by("show-all");
    if (!list) return;
    const each = [...list.children];
    for (const row of each) row.hidden = false;
    let fit = ROWS_OF_A_PHONE;
    if (wide.matches) {
      const beside = [...list.parentElement.children].filter((other) => other !== list).reduce((sum, other) => sum + other.offsetHeight, 0);
      const room = list.parentElement.clientHeight - beside - 20;
      let used = 0;
      fit = 0;
      for (const row of each) if ((used += row.offsetHeight) <= room) fit += 1;
    }
    const at = each.findIndex((row) => row.dataset.slot === chosen);
    const first = Math.max(0, at - fit + 1);
    each.forEach((row, number) => (row.hidden = number < first || number >= first + fit));
    if (all) all.hidden = fit >= each.length;
  };
  const complain = (text) => {
    by("refused")?.remove();
    const notice = Object.assign(document.createElement("p"), { id: "refused", textContent: text });
    notice.classList.add("notice", "lost", "refused");
    notice.setAttribute("role", "alert");
    by("next").prepend(notice);
  };
  const speak = () => {
    const key = keys.on() && state().undo ? root.dataset.undo.replace("{key}", keys.of("undo")) : "";
    if (state().said) tell(`${state().said} ${key}`.trim());
  };

  let shownAt = 0;
  const swap = (text, asked) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("state")?.dataset;
    if (!fresh) return complain(page.querySelector("main")?.textContent.trim() || root.dataset.unsent);
    if (!asked && Number(fresh.version) < Number(state().version)) return;
    const before = state().number;
    const panel = by("queue").dataset.panel;
    const kept = !asked && panel && panel === page.getElementById("queue").dataset.panel;
    const held = document.activeElement;
    const finding = !asked && held?.id === "find" ? held.value : null;
    for (const id of PARTS) if (!(kept && id === "queue")) by(id).replaceWith(document.adoptNode(page.getElementById(id)));
    by("moving").replaceWith(document.adoptNode(page.getElementById("moving")));
    if (kept) for (const form of by("queue").querySelectorAll("form")) renumber(form, fresh.version);
    shownAt = performance.now();
    keys.dress();
    choose(rows().some((row) => row.dataset.slot === chosen) ? chosen : document.querySelector("li[data-slot][aria-current]")?.dataset.slot ?? "", false);
    if (finding !== null && by("find")) by("find").value = finding;
    const wanted = asked && document.querySelector("#queue [autofocus]");
    if (wanted && (asked.opens || by("refused") || by("unclear"))) {
      wanted.focus();
      if (wanted.tagName === "INPUT") wanted.value += typed;
    }
    else if (!held?.isConnected && held?.id) by(held.id)?.focus({ preventScroll: true });
    if (asked?.acts || before !== fresh.number) speak();
    size();
  };
  const renumber = (form, version) => {
    const command = form.elements.command;
    if (form.elements.expected_version && !(command?.value === "allocate")) form.elements.expected_version.value = version;
  };
  const fetched = async (address, options = {}) => {
    const answer = await fetch(address, { ...options, headers: { Accept: "text/html" }, cache: "no-store" });
    const url = new URL(answer.url);
    if (url.pathname !== location.pathname) location.assign(answer.url);
    return [answer, url.pathname + url.search];
  };
  // Who opens a panel writes on at once: what she writes before it is there is no key of ours.
  let opening = false;
  let typed = "";
  const go = async (address, opens) => {
    [opening, typed] = [opens, ""];
    try {
      const [answer, at] = await fetched(address);
      history.replaceState(null, "", at);
      swap(await answer.text(), { opens });
    } finally {
      opening = false;
    }
  };
  const send = async (form, submitter) => {
    if (form.method === "get") return go(`${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`, false);
    const [answer, at] = await fetched(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
    if (answer.redirected) history.replaceState(null, "", at);
    swap(await answer.text(), { acts: answer.redirected });
  };
  const refresh = () => later(async () => swap(await (await fetched(here()))[0].text(), null));

  // A button may have been swapped since it was pressed: its successor has its id.
  const current = (each) => (each.isConnected ? each : (by(each.id) ?? each));
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!form.closest(".console, .hints") || new URL(form.action).pathname !== location.pathname) return;
    event.preventDefault();
    later(() => {
      const button = submitter && current(submitter);
      return send(button?.form ?? form, button);
    });
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-swap], a[data-choose]");
    const control = event.target.closest?.(".console button, .hints button, a[data-swap], a[data-choose]");
    // Who clicks has her hands on the mouse: the next Enter means the next step again, not this button.
    if (control && event.detail > 0) control.blur();
    if (control?.dataset.act === "keys") by("keys").showModal();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.hasAttribute("data-choose")) choose(link.closest("li").dataset.slot);
    else later(() => go(link.href, Boolean(link.dataset.panel)));
  });

  const step = (by_) => {
    const all = rows();
    if (!all.length) return tell(root.dataset.none.replace("{key}", keys.of("next")));
    const at = all.findIndex((row) => row.dataset.slot === chosen);
    const next = at < 0 ? (by_ > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by_, 0), all.length - 1);
    choose(all[next].dataset.slot);
  };
  const NEEDS = new Set(["call", "up", "down", "absent-chosen", "defer-chosen"]);
  const find = (name) => {
    const found = document.querySelector(`[data-act="${name}"]`);
    return found?.disabled && by(`chosen-${name}`) && chosen ? by(`chosen-${name}`) : found;
  };
  const press = (name) => {
    if (name === "next" || name === "previous") return step(name === "next" ? 1 : -1);
    if (name === "keys") return by("keys").showModal();
    if (name === "back" && !find("back")) return by("refused") ? by("refused").remove() : choose("");
    opening ||= Boolean(find(name)?.dataset.panel);
    later(() => {
      const each = find(name);
      if (NEEDS.has(name) && !chosen) return tell(root.dataset.none.replace("{key}", keys.of("next")));
      if (!each || each.disabled || each.closest("[hidden]")) return tell(root.dataset.notNow);
      return each.href ? go(each.href, Boolean(each.dataset.panel)) : send(each.form, each);
    });
  };
  document.addEventListener("keydown", (event) => {
    const key = keys.pressed(event);
    const into = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
    if (into?.tagName !== "DIALOG" && into && key === "Esc" && find("back")) {
      event.preventDefault();
      return press("back");
    }
    if (into || !keys.on() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (opening) {
      event.preventDefault();
      if (event.key.length === 1) typed += event.key;
      return;
    }
    const name = keys.named(key);
    const natural = (key === "Enter" || key === "Space") && event.target.closest?.("a[href], button, summary, [tabindex='0']");
    if (!name || natural) return;
    event.preventDefault();
    if (!event.repeat || name === "next" || name === "previous") press(name);
  });

  // Rows are dragged behind others.
  let dragged = "";
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("li[draggable]")?.dataset.slot ?? "";
  });
  const over = (event) => (dragged ? event.target.closest?.("li[data-slot]") : null);
  document.addEventListener("dragover", (event) => {
    for (const row of rows()) row.classList.toggle("over-here", row === over(event));
    if (over(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const row = over(event);
    const slot = dragged;
    dragged = "";
    if (!row) return;
    event.preventDefault();
    row.classList.remove("over-here");
    if (row.dataset.slot === slot) return;
    later(() => {
      const form = by("moving");
      form.elements.slot.value = slot;
      form.elements.after.value = row.dataset.slot;
      choose(slot, false);
      return send(form, form.querySelector("button"));
    });
  });

  // The floor as it happens.
  const line = by("line");
  const [up, gone] = line.querySelectorAll("span");
  const connected = (since) => {
    up.hidden = Boolean(since);
    gone.hidden = !since;
    const zone = document.querySelector("[data-zone-seconds]").dataset.zoneSeconds;
    if (since) gone.textContent = line.dataset.lost.replace("{time}", figures(since.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" })));
  };
  document.addEventListener("rostrum:floor", ({ detail }) => {
    connected(null);
    later(() => {
      const newer = detail.version > Number(state().version);
      if (newer || performance.now() - shownAt > FORECASTS) return fetched(here()).then(async ([answer]) => swap(await answer.text(), null));
    });
  });
  document.addEventListener("rostrum:lost", ({ detail }) => connected(detail.since));
  document.addEventListener("rostrum:back", () => {
    connected(null);
    refresh();
  });
  document.addEventListener("rostrum:phase", ({ detail }) => tell(root.dataset[detail.phase]));

  const size = () => {
    const face = document.querySelector(".face");
    const { length } = face.textContent.trim();
    face.classList.toggle("wide-face", length > 4);
    face.classList.toggle("widest-face", length > 5);
    for (const clock of document.querySelectorAll("[data-zone-seconds]")) clock.textContent = figures(now().toLocaleTimeString("en-GB", { timeZone: clock.dataset.zoneSeconds }));
  };
  setInterval(size, 500);
  addEventListener("resize", fold);
  document.fonts?.ready.then(fold);
  keys.dress();
  choose(chosen, false);
  size();
  shownAt = performance.now();
})();
