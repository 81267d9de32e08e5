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

  const share = (text) => (Date.parse(text) / 1000 - live.from) / (live.to - live.from);
  const place = (part) => `${(100 * Math.min(1, Math.max(0, mirrored ? 1 - part : part))).toFixed(2)}%`;
  const stretch = (rect, first, last) => {
    const [begin, end] = [first, last].map((text) => Math.min(1, Math.max(0, share(text))));
    rect.setAttribute("x", place(mirrored ? end : begin));
    rect.setAttribute("width", `${Math.max(1, 100 * (end - begin)).toFixed(2)}%`);
  };
  const at = (line, part) => {
    line.setAttribute("x1", place(part));
    line.setAttribute("x2", place(part));
  };

  const set = (within, name, text) => {
    for (const each of within.querySelectorAll(`[data-f="${name}"]`)) {
      if (each.textContent !== String(text)) each.textContent = text;
      if ("hidden" in each.dataset || each.classList.contains("tag")) each.hidden = !text;
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
    here.querySelector(".label-of-floor").dataset.moment = now;
    if (floor.current && floor.current.kind !== "statement") set(here, "kind", live.kinds[floor.current.kind]);
    else set(here, "kind", live.has_floor);
    set(here, "speaks", name(floor.current));
    set(here, "by", under(floor.current));
    mark(here, "mode", "mode", floor.current?.mode ?? "");
    if (floor.current) set(here, "length", said(live.minutes, { minutes: +(floor.current.seconds / 60).toFixed(1) }));
    shown(".speaks", floor.current);
    shown(".begins", now === "not_open");
    shown(".over", now === "closed");
    shown(".next-up", floor.queue.length);
    set(here, "next", name(floor.queue[0]));
    set(here, "next-by", under(floor.queue[0]));
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
    const bar = row.querySelector(".bar");
    bar.setAttribute("class", `bar ${turn.mode ?? "none"}`);
    stretch(bar.querySelector(".window-bar"), turn.earliest_start, turn.latest_start);
    at(bar.querySelector(".median"), share(turn.expected_start));
    return row;
  };
  const folded = (turns) => {
    if (turns.length < 2) return turns.map(waits);
    const row = pattern("fold");
    const text = row.querySelector("p").firstChild;
    const [first, last] = [turns[0], turns.at(-1)].map((turn) => turn.expected_start);
    text.textContent = said(text.textContent, { number: turns.length, first: clock(first), last: clock(last) });
    const dots = row.querySelector(".dots");
    const [x1, x2] = [first, last].map((each) => place(share(each)));
    dots.setAttribute("x1", x1);
    dots.setAttribute("x2", x2);
    return [row];
  };

  // As the server folds: the first four, those around one's own, and the first that goes on after the end.
  let whole = rows.dataset.whole === "yes";
  let floor = null;
  const queue = () => {
    const before = new Map([...rows.children].map((row) => [row.dataset.slot, row.textContent]));
    const held = document.activeElement?.closest?.("#rows li")?.dataset.slot;
    const end = rows.querySelector(".end-row");
    const own = floor.queue.findIndex((turn) => me && turn.speaker?.id === me);
    const after = floor.queue.findIndex((turn) => turn.in_next_meeting);
    const fresh = [];
    let hidden = [];
    floor.queue.forEach((turn, index) => {
      const shows = whole || index < 4 || index === after || (own >= 0 && Math.abs(index - own) <= 1);
      if (shows || (index === after && end)) {
        fresh.push(...folded(hidden));
        hidden = [];
      }
      if (index === after && end) fresh.push(end);
      if (shows) fresh.push(waits(turn));
      else hidden.push(turn);
    });
    fresh.push(...folded(hidden));
    if (!fresh.length) fresh.push(pattern("nobody"));
    for (const row of fresh) {
      const old = before.get(row.dataset.slot);
      row.classList.toggle("changed", Boolean(row.dataset.slot) && old !== undefined && old !== row.textContent);
    }
    rows.replaceChildren(...fresh);
    if (held) rows.querySelector(`[data-slot="${held}"] a`)?.focus({ preventScroll: true });
    for (const line of rows.querySelectorAll(".now")) at(line, share(floor.now));
    set(document, "waiting", said(floor.queue.length === 1 ? live.one_waits : live.many_wait, { number: floor.queue.length }));
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
    const length = Date.parse(floor.scheduled_end) / 1000 - live.starts;
    const part = (text) => (Date.parse(text) / 1000 - live.starts) / length;
    width("sitting", part(floor.now), part(floor.projected_end));
    set(document, "projected", clock(floor.projected_end));
  };

  // Her own turn: its times here; once it is called, over, moved away or new, the server says what is to be said.
  const mineOf = (of) => of?.queue.find((turn) => me && turn.speaker?.id === me);
  const own = async (before) => {
    const turn = mineOf(floor);
    const panel = document.getElementById("own");
    const was = mineOf(before);
    if (panel && turn && panel.dataset.slot === turn.slot && (!was || was.ready === turn.ready)) {
      set(panel, "own-at", clock(turn.expected_start));
      set(panel, "own-earliest", clock(turn.earliest_start));
      set(panel, "own-latest", clock(turn.latest_start));
      set(panel, "own-venue", clock(turn.expected_start, venue));
      const days = day(turn.expected_start) - day(floor.now);
      set(panel, "own-near", [root.dataset.today, root.dataset.tomorrow][days] ?? live.shifts[days] ?? "");
    } else if (panel || turn) {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("own");
      panel?.remove();
      if (fresh) root.append(document.adoptNode(fresh));
      root.classList.toggle("with-own", Boolean(fresh));
    }
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
    own(before).catch(() => {}); // the next event tries again
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
    queue();
    rows.querySelector("li a, li")?.focus?.();
  });
})();
