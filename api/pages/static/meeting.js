// A meeting's page goes on as its floor does: written again from what the stream says (floor.js), in the reader's words
// and on her clock, by the patterns that the page brought. Nothing is asked of the server but where her own turn changed.
"use strict";
(() => {
  const root = document.querySelector(".live-floor");
  if (!root) return;
  const { me, zoneMine: mine, zoneVenue: venue } = root.dataset;
  const live = JSON.parse(root.dataset.live);
  const mirrored = document.dir === "rtl";
  const rows = document.getElementById("rows");
  const pattern = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
  const said = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

  const faces = new Map();
  const face = (zone, options) => {
    const key = zone + JSON.stringify(options);
    if (!faces.has(key)) faces.set(key, new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", ...options }));
    return faces.get(key);
  };
  const clock = (text, zone = mine) => figures(face(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(text)));
  const day = (text, zone = mine) =>
    Date.parse(face(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(text))) / 86_400_000;

  const share = (text, [from, to]) => Math.min(1, Math.max(0, (Date.parse(text) / 1000 - from) / (to - from)));
  const place = (part) => `${(100 * (mirrored ? 1 - part : part)).toFixed(2)}%`;
  const stretch = (rect, rail, first, last) => {
    const [begin, end] = [share(first, rail), share(last, rail)];
    rect.setAttribute("x", place(mirrored ? end : begin));
    rect.setAttribute("width", `${Math.max(1, 100 * (end - begin)).toFixed(2)}%`);
  };

  const set = (within, name, text) => {
    for (const each of within.querySelectorAll(`[data-f="${name}"]`)) {
      const written = figures(String(text));
      if (each.textContent !== written) each.textContent = written;
      if (each.classList.contains("tag")) each.hidden = !text;
    }
  };
  const mark = (within, name, key, value) => {
    const each = within.querySelector(`[data-f="${name}"]`);
    if (each) each.dataset[key] = value;
  };
  const name = (turn) => (turn ? (turn.organisation ?? turn.speaker)?.name || turn.title || live.kinds[turn.kind] : "");
  const under = (turn) => (turn?.speaker && turn.organisation ? turn.speaker.name : "");
  const shown = (selector, so) => {
    for (const each of document.querySelectorAll(selector)) each.hidden = !so;
  };
  const length = (seconds) =>
    seconds % 60 ? said(live.seconds, { seconds }) : said(live.minutes, { minutes: Math.floor(seconds / 60) });

  const moment = (floor) => {
    if (["suspended", "closed", "cancelled"].includes(floor.status)) return floor.status;
    if (floor.status === "scheduled") return "not_open";
    if (!floor.current) return "between";
    if (!floor.current.started_at) return "called";
    return floor.current.paused ? "paused" : "speaking";
  };

  const board = (floor) => {
    const here = document.querySelector(".the-floor");
    const now = moment(floor);
    here.dataset.moment = now;
    for (const label of document.querySelectorAll(".label-of-floor")) label.dataset.moment = now;
    if (floor.current && floor.current.kind !== "statement") set(here, "kind", live.kinds[floor.current.kind]);
    else set(here, "kind", live.has_floor);
    set(document, "speaks", name(floor.current));
    set(here, "by", under(floor.current));
    mark(here, "mode", "mode", floor.current?.mode ?? "");
    if (floor.current) set(here, "length", length(floor.current.seconds));
    shown(".speaks, .the-floor .spent", floor.current);
    shown(".begins", now === "not_open");
    shown(".over", now === "closed");
    shown(".next-up", floor.queue.length);
    set(here, "next", name(floor.queue[0]));
    set(here, "next-by", under(floor.queue[0]));
  };

  // A pattern has all rails; a row only those of its sitting.
  const rails = (row, turn) => {
    row.querySelector(turn.in_next_meeting ? ".on-1" : ".on-2")?.remove();
    return [...row.querySelectorAll(".bar")].map((bar) => [bar, live.rails[bar.dataset.on]]);
  };
  const waits = (turn) => {
    const row = pattern("row");
    const own = me && turn.speaker?.id === me;
    row.className = own ? "own-row" : "";
    row.dataset.slot = turn.slot;
    set(row, "position", turn.position);
    set(row, "name", name(turn));
    set(row, "under", under(turn));
    row.querySelector('[data-f="you"]').hidden = !own;
    mark(row, "mode", "mode", turn.mode ?? "");
    mark(row, "ready", "ready", turn.mode === "remote" ? (turn.ready ? "yes" : "no") : "");
    set(row, "at", clock(turn.expected_start));
    set(row, "tag", live.shifts[day(turn.expected_start) - day(floor.now)] ?? "");
    set(row, "earliest", clock(turn.earliest_start));
    set(row, "latest", clock(turn.latest_start));
    const until = new Date(Date.parse(turn.expected_start) + turn.seconds * 1000).toISOString();
    const span = turn.title || !turn.speaker ? [turn.expected_start, until] : [turn.earliest_start, turn.latest_start];
    for (const [bar, rail] of rails(row, turn)) {
      bar.classList.add(turn.mode ?? turn.kind);
      stretch(bar.querySelector(".window-bar"), rail, ...span);
      bar.querySelector(".median").setAttribute("x", place(share(turn.expected_start, rail)));
    }
    return row;
  };
  const folded = (turns) => {
    if (turns.length < 2) return turns.map(waits);
    const row = pattern("fold");
    const text = row.querySelector("p").firstChild;
    const [first, last] = [turns[0], turns.at(-1)].map((turn) => turn.expected_start);
    text.textContent = said(text.textContent, { number: figures(`${turns.length}`), first: clock(first), last: clock(last) });
    for (const [bar, rail] of rails(row, turns[0])) stretch(bar.querySelector(".dots"), rail, first, last);
    return [row];
  };

  // As the server folds: the first four, those around one's own, and the first that goes on after the end.
  let whole = rows.dataset.whole === "yes";
  let floor = null;
  const entries = () => {
    const own = floor.queue.findIndex((turn) => me && turn.speaker?.id === me);
    const after = floor.queue.findIndex((turn) => turn.in_next_meeting);
    const fresh = [];
    let hidden = [];
    floor.queue.forEach((turn, index) => {
      if (!(whole || index < 4 || index === after || (own >= 0 && Math.abs(index - own) <= 1))) {
        hidden.push(turn);
        return;
      }
      fresh.push(...folded(hidden));
      hidden = [];
      if (index === after && document.getElementById("end")) fresh.push(pattern("end"));
      fresh.push(waits(turn));
    });
    fresh.push(...folded(hidden));
    return fresh.length ? fresh : [pattern("nobody")];
  };
  const moveNow = (within) => {
    for (const line of within.querySelectorAll(".now, .now-said")) {
      const x = place(share(floor.now, live.rails[line.closest("[data-on]").dataset.on]));
      for (const side of line.matches("text") ? ["x"] : ["x1", "x2"]) line.setAttribute(side, x);
    }
  };
  // Turns by their slot; of what is folded the first, the second.
  const keyed = (list) => {
    let folds = 0;
    return new Map(list.map((row) => [row.dataset.slot ?? `${row.classList[0]} ${folds++}`, row]));
  };
  // What is as it was stays where it is, with whatever has focus or is marked in it.
  const queue = () => {
    const fresh = entries();
    for (const each of [rows, document.querySelector(".queue-axis"), ...fresh]) moveNow(each);
    const before = keyed([...rows.children]);
    const keys = [...keyed(fresh).keys()];
    fresh.forEach((row, index) => {
      const old = before.get(keys[index]);
      const same = old?.innerHTML === row.innerHTML && old.className.replace(" changed", "") === row.className;
      if (old && !same && row.dataset.slot && old.textContent !== row.textContent) row.classList.add("changed");
      const next = same ? old : row;
      if (!same && old?.contains(document.activeElement)) setTimeout(() => next.querySelector("a")?.focus({ preventScroll: true }));
      if (rows.children[index] !== next) rows.insertBefore(next, rows.children[index] ?? null);
    });
    while (rows.children.length > fresh.length) rows.lastElementChild.remove();
    set(document, "waiting", said(floor.queue.length === 1 ? live.one_waits : live.many_wait, { number: floor.queue.length }));
    for (const text of document.querySelectorAll(".now-said")) text.textContent = text.textContent.replace(/\S+$/, clock(floor.now));
  };

  const meters = () => {
    const { remote } = floor;
    const width = (named, used, ahead) => {
      const meter = document.querySelector(`[data-meter="${named}"]`);
      if (!meter) return;
      const [first, last] = [used, ahead].map((part) => Math.min(100, Math.max(0, 100 * part)));
      meter.querySelector(".used").setAttribute("width", `${first}%`);
      meter.querySelector(".ahead").setAttribute("x", `${first}%`);
      meter.querySelector(".ahead").setAttribute("width", `${Math.max(0, last - first)}%`);
    };
    if (remote.budget_seconds) {
      width("remote", remote.used_seconds / remote.budget_seconds, remote.projected_seconds / remote.budget_seconds);
      set(document, "remote-used", Math.floor(remote.used_seconds / 60));
      set(document, "remote-end", Math.round(remote.projected_seconds / 60));
    }
    const all = Date.parse(floor.scheduled_end) / 1000 - live.starts;
    const part = (text) => (Date.parse(text) / 1000 - live.starts) / all;
    width("sitting", part(floor.now), part(floor.projected_end));
    const over = floor.overrun_seconds;
    const spare = said(live.minutes, { minutes: Math.round(Math.abs(over) / 60) });
    set(document, "projected", said(over >= 60 ? root.dataset.over : root.dataset.spare, { time: clock(floor.projected_end), length: spare }));
    shown(".pace", floor.pace_seconds >= 5);
    set(document, "pace", length(Math.round(floor.pace_seconds ?? 0)));
    const speeches = floor.done.filter((turn) => turn.status === "spoken" && live.speeches.includes(turn.kind)).length;
    root.dataset.sure = speeches === 0 ? "unknown" : speeches < live.enough ? "early" : "known";
  };

  // Her own turn: its times here; where something else is to be said of it, the server says it.
  const mineOf = (of) => of?.queue.find((turn) => me && turn.speaker?.id === me);
  const key = () => {
    if (!me) return "";
    const { current } = floor;
    if (current?.speaker?.id === me) return `${current.started_at ? "speaks" : "called"} ${current.slot}`;
    const turn = mineOf(floor);
    if (turn) return `waits ${turn.slot} ${turn.ready}`;
    const missed = floor.done.find((each) => each.status === "absent" && each.speaker?.id === me);
    return missed ? `absent ${missed.slot}` : "";
  };
  const own = async () => {
    if (key() !== root.dataset.key) {
      root.dataset.key = key();
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) throw new Error(answer.statusText);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("own");
      const panel = document.getElementById("own");
      const held = panel?.contains(document.activeElement);
      panel?.remove();
      if (fresh) root.append(document.adoptNode(fresh));
      if (held) fresh?.querySelector("button, a")?.focus({ preventScroll: true });
      root.classList.toggle("with-own", Boolean(fresh));
    }
    const turn = mineOf(floor);
    const panel = document.getElementById("own");
    if (!turn || !panel) return;
    set(panel, "own-at", clock(turn.expected_start));
    set(panel, "own-earliest", clock(turn.earliest_start));
    set(panel, "own-latest", clock(turn.latest_start));
    set(panel, "own-venue", clock(turn.expected_start, venue));
    const days = day(turn.expected_start) - day(floor.now);
    set(panel, "own-near", [root.dataset.today, root.dataset.tomorrow][days] ?? live.shifts[days] ?? "");
  };

  // What a screen reader hears: a new speaker, one's own turn coming near or moving, the end that moves. Never the clock.
  const MOVED = 5 * 60_000;
  let told = { turn: null, end: null };
  const announce = (before) => {
    const turn = mineOf(floor);
    const place = (of, one) => of.queue.findIndex((each) => each.slot === one.slot);
    const heard = [];
    const started = (of) => of?.current?.started_at && of.current.slot;
    if (before && started(floor) && started(floor) !== started(before))
      heard.push(said(root.dataset.saidFloor, { name: name(floor.current) }));
    if (turn) {
      const when = Date.parse(turn.expected_start);
      const [now, then] = [place(floor, turn), before ? place(before, turn) : -1];
      if (before && now !== then && now === 0) heard.push(root.dataset.saidNext);
      else if (before && now !== then && now === 3) heard.push(root.dataset.saidNear);
      else if (told.turn !== null && Math.abs(when - told.turn) >= MOVED)
        heard.push(said(root.dataset.saidTurn, { time: clock(turn.expected_start) }));
      if (told.turn === null || Math.abs(when - told.turn) >= MOVED) told.turn = when;
    }
    const end = Date.parse(floor.projected_end);
    if (told.end !== null && Math.abs(end - told.end) >= MOVED) heard.push(said(root.dataset.saidEnd, { time: clock(floor.projected_end) }));
    if (told.end === null || Math.abs(end - told.end) >= MOVED) told.end = end;
    if (heard.length) document.getElementById("told").textContent = heard.join(" ");
  };

  document.addEventListener("rostrum:floor", ({ detail }) => {
    const before = floor;
    floor = detail;
    board(floor);
    queue();
    meters();
    own().catch(() => {
      root.dataset.key = "?"; // the next event tries again
    });
    announce(before);
    const notice = document.getElementById("announced");
    notice.hidden = !floor.notice;
    set(notice, "notice", floor.notice?.text ?? "");
  });
  document.addEventListener("rostrum:lost", ({ detail }) => {
    const lost = document.getElementById("lost");
    lost.textContent = said(root.dataset.lost, { time: clock(detail.since) });
    lost.hidden = false;
  });
  document.addEventListener("rostrum:back", () => {
    document.getElementById("lost").hidden = true;
  });
  rows.addEventListener("click", (event) => {
    if (!event.target.closest("[data-all]") || !floor) return;
    event.preventDefault();
    whole = true;
    const at = [...rows.children].indexOf(event.target.closest("li"));
    queue();
    const first = rows.children[at];
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  });

  // A phone keeps the floor in sight in one line once the board has gone.
  const line = document.querySelector(".floor-line");
  new IntersectionObserver(([board]) => {
    line.hidden = board.isIntersecting || !floor?.current || board.boundingClientRect.top > 0;
  }).observe(document.querySelector(".the-floor"));
})();
