// The keys of the chair's console: which does what, as she has changed them in this browser, or none.
"use strict";
const keys = (() => {
  const by = (id) => document.getElementById(id);
  const KEPT = "rostrum.keys";
  const defaults = new Map([...document.querySelectorAll("[data-rebind]")].map((each) => [each.dataset.rebind, each.dataset.default]));
  let own = { on: true, keys: {} };
  try {
    own = { ...own, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    // Where nothing can be kept, the keys are as they were.
  }
  const keyOf = (name) => own.keys[name] ?? defaults.get(name) ?? "";
  const keep = () => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(own));
    } catch {
      // They hold until the page is left.
    }
    dress();
  };
  const pressed = (event) => {
    const named = { " ": "Space", Escape: "Esc" }[event.key] ?? event.key;
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1];
    // A keyboard of another script has the letter in the same place.
    const key = /^[a-z]$/i.test(named) ? named.toUpperCase() : named.length === 1 && named > "~" && letter ? letter : named;
    return event.shiftKey && (key.length > 1 || /[A-Z]/.test(key)) ? `Shift+${key}` : key;
  };

  const dress = () => {
    document.documentElement.classList.toggle("keys-act", own.on);
    for (const each of document.querySelectorAll("[data-kbd]")) each.textContent = keyOf(each.dataset.kbd).replace("Shift+", each.closest("dialog") ? "Shift+" : "⇧");
    for (const each of document.querySelectorAll("[data-act]")) {
      const key = keyOf(each.dataset.act);
      if (own.on && key) each.setAttribute("aria-keyshortcuts", key.replace("Esc", "Escape"));
      else each.removeAttribute("aria-keyshortcuts");
    }
    by("all-keys").hidden = false;
    by("keys-on").checked = own.on;
  };

  // The keys' own dialog.
  let waits = null;
  const say = (what) => (by("keys-told").textContent = by("keys-told").dataset[what]);
  by("keys").addEventListener("click", (event) => {
    const button = event.target.closest("[data-rebind]");
    if (event.target.closest("[data-close]")) by("keys").close();
    if (event.target.closest("#keys-reset")) {
      own.keys = {};
      keep();
    }
    waits?.classList.remove("waits");
    waits = button;
    waits?.classList.add("waits");
    if (waits) say("waits");
  });
  by("keys-on").addEventListener("change", (event) => {
    own.on = event.target.checked;
    keep();
  });
  by("keys").addEventListener("keydown", (event) => {
    if (!waits || ["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
    event.preventDefault();
    const key = pressed(event);
    if (key !== "Esc" || waits.dataset.rebind === "back") {
      const taken = [...defaults.keys()].some((name) => name !== waits.dataset.rebind && keyOf(name) === key);
      if (!taken) own.keys[waits.dataset.rebind] = key;
      say(taken ? "taken" : "kept");
    }
    waits.classList.remove("waits");
    waits = null;
    keep();
  });

  return {
    of: keyOf,
    on: () => own.on,
    pressed,
    named: (key) => [...defaults.keys()].find((name) => keyOf(name) === key),
    dress,
  };
})();
