// The hall's screen says when its connection is lost, and goes on by itself when it is back (floor.js).
"use strict";
(() => {
  const lost = document.getElementById("lost");
  document.addEventListener("rostrum:lost", ({ detail }) => {
    const face = new Intl.DateTimeFormat("en-GB", { timeZone: lost.dataset.zoneOfHall, hour: "2-digit", minute: "2-digit" });
    lost.textContent = lost.dataset.lost.replace("{time}", figures(face.format(detail.since)));
    lost.hidden = false;
  });
  document.addEventListener("rostrum:back", () => {
    lost.hidden = true;
  });
})();
