// Adds the visitor's own time to each time, where it differs from the one that is written. The page
// is whole without it.
"use strict";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const stamp of document.querySelectorAll("time[data-zone]")) {
  const at = new Date(stamp.dateTime);
  const wall = (name) =>
    new Intl.DateTimeFormat("sv-SE", { timeZone: name, dateStyle: "short", timeStyle: "short" }).format(at);
  if (wall(zone) === wall(stamp.dataset.zone)) continue;
  const own = document.createElement("span");
  own.className = "own";
  const words = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZoneName: "short",
  });
  const until = stamp.dataset.until ? new Date(stamp.dataset.until) : at;
  own.textContent = ` (${document.body.dataset.yourTime}: ${words.formatRange(at, until)})`;
  stamp.after(own);
}
