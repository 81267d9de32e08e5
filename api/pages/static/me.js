// How long it is until a turn: counted down in whole minutes, never announced. From a day on it stands as rendered.
"use strict";
const countDown = () => {
  for (const left of document.querySelectorAll("[data-until]")) {
    const minutes = Math.max(1, Math.floor((Number(left.dataset.until) - now() / 1000) / 60));
    if (minutes >= 1440) continue;
    const words = minutes < 60 ? left.dataset.minutes : left.dataset.hours;
    left.textContent = figures(words.replace("{hours}", Math.floor(minutes / 60)).replace("{minutes}", minutes % 60));
  }
};
countDown();
setInterval(countDown, 5000);
