// The floor of a meeting as it happens, for the pages that show it. An element with `data-floor` (the address of the
// stream) and `data-server-now` makes the page follow it. The document then hears of
//   rostrum:floor   detail: the floor as the API gives it, at each event of the stream;
//   rostrum:lost, rostrum:back   detail.since: the Date, on the server's clock, since when there is or was no connection;
//   rostrum:phase   detail.phase, when whoever has the floor comes to her last 30 s (`last`) or to her end (`over`);
//   rostrum:fresh   after elements with `data-fresh` were swapped.
// Elements with `data-ticks` go on by themselves and carry the same `data-phase`: `remaining` and `elapsed` show m:ss (+m:ss
// past the end), `bar` is an SVG rect as wide as what is spent, `phase` has nothing but its `data-phase`.
// Elements with an id and `data-fresh` (the address of their page) are fetched anew at each event; what has focus in them
// keeps it by its id.
"use strict";
(() => {
  const root = document.querySelector("[data-floor]");
  if (!root) return;
  const SILENT = 40_000; // a heartbeat comes every 15 s
  const FIRST = 10_000;
  const UNNOTICED = 3_000;
  const speed = Number(document.body.dataset.speed) || 1;
  const mine = () => performance.now() * speed;
  const say = (name, detail) => document.dispatchEvent(new CustomEvent(`rostrum:${name}`, { detail }));

  // How far the server's clock is ahead of ours, after each of the last events. What came late or tells of earlier
  // versions gives less than it is, so the most is right.
  let ahead = [Date.parse(root.dataset.serverNow ?? "") || Number(document.body.dataset.now) * 1000];
  ahead[0] -= mine();
  const now = () => Math.max(...ahead) + mine();

  let floor = null;
  let phase = "";
  const spent = () => {
    const { started_at: started, paused, elapsed_seconds: before } = floor.current;
    const goes = started && !paused && floor.status === "in_progress";
    return before + (goes ? Math.max(0, now() - Date.parse(floor.now)) / 1000 : 0);
  };
  const clock = (seconds) => {
    const whole = Math.abs(seconds);
    return figures(`${seconds < 0 ? "+" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`);
  };
  const tick = () => {
    if (!floor?.current) return;
    const gone = spent();
    const left = Math.ceil(floor.current.seconds - gone);
    const at = left > 30 ? "running" : left > 0 ? "last" : "over";
    for (const each of document.querySelectorAll("[data-ticks]")) {
      const { ticks } = each.dataset;
      const text = ticks === "remaining" ? clock(left) : ticks === "elapsed" ? clock(Math.floor(gone)) : null;
      if (text !== null && each.textContent !== text) each.textContent = text;
      if (ticks === "bar") each.setAttribute("width", `${Math.min(100, (100 * gone) / floor.current.seconds).toFixed(2)}%`);
      if (each.dataset.phase !== at) each.dataset.phase = at;
    }
    const here = `${floor.current.slot} ${at}`;
    if (phase && phase !== here && at !== "running" && phase.startsWith(floor.current.slot)) say("phase", { phase: at });
    phase = here;
  };
  setInterval(tick, 200);

  let fetching = false;
  let again = false;
  const renew = async () => {
    for (const old of document.querySelectorAll("[data-fresh]")) {
      const answer = await fetch(old.dataset.fresh, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (!answer.ok) continue;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(old.id);
      if (!fresh) continue;
      const held = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(document.adoptNode(fresh));
      window.htmx?.process(fresh);
      if (held) document.getElementById(held)?.focus({ preventScroll: true });
    }
    tick();
    say("fresh");
  };
  const renewed = async () => {
    again = true;
    if (fetching) return;
    fetching = true;
    while (again) {
      again = false;
      await renew().catch(() => {}); // the next event, or the connection's return, brings it
    }
    fetching = false;
  };

  let version = "";
  const take = (block) => {
    const said = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
    if (said.id) version = said.id;
    if (!said.data) return;
    floor = JSON.parse(said.data);
    ahead = [...ahead.slice(-7), Date.parse(floor.now) - mine()];
    tick();
    say("floor", floor);
    if (document.querySelector("[data-fresh]")) renewed();
  };

  let since = null;
  let noticed = null;
  let told = false;
  let tries = 0;
  const lost = () => {
    if (since) return;
    since = new Date(now());
    noticed = setTimeout(() => {
      told = true;
      say("lost", { since });
    }, UNNOTICED);
  };
  const back = () => {
    clearTimeout(noticed);
    if (told) say("back", { since });
    [since, told, tries] = [null, false, 0];
  };

  // An EventSource keeps heartbeats to itself: a connection that died without a word would look alive with it.
  let stop = null;
  let waiting = null;
  const follow = async () => {
    const here = new AbortController();
    [stop, waiting] = [here, null];
    let silence = setTimeout(() => here.abort(), FIRST);
    try {
      const headers = { Accept: "text/event-stream", ...(version && { "Last-Event-ID": version }) };
      const answer = await fetch(root.dataset.floor, { headers, cache: "no-store", signal: here.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const stream = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await stream.read(); !part.done; part = await stream.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => here.abort(), SILENT);
        back();
        const blocks = (text + part.value).split("\n\n");
        text = blocks.pop();
        blocks.forEach(take);
      }
    } catch {
      // Whatever it was: it is tried again.
    }
    clearTimeout(silence);
    lost();
    tries += 1;
    // Not all at one time, and not for ever as fast, where thousands come back to one server.
    waiting = setTimeout(follow, Math.min(15_000, 1_000 * 1.5 ** tries) * (0.5 + Math.random() / 2));
  };
  addEventListener("offline", () => stop.abort());
  addEventListener("online", () => {
    if (waiting === null) return;
    clearTimeout(waiting);
    follow();
  });
  follow();
})();
