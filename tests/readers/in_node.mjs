// node in_node.mjs FOLDER PROGRAM FILE prints {uid: [start, end]} as JSON; FOLDER is where the programs are installed.
import fs from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, program, file] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/package.json`));
const text = fs.readFileSync(file, "utf8");
const found = {};

if (program === "ical.js") {
  const ICAL = (await import(pathToFileURL(require.resolve("ical.js")))).default;
  for (const component of new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(component);
    // Without a VTIMEZONE of its name ical.js takes a time for the reader's own.
    if ([event.startDate, event.endDate].some((time) => time.zone.tzid === "floating")) throw new Error(`floating: ${event.uid}`);
    found[event.uid] = [event.startDate.toUnixTime(), event.endDate.toUnixTime()];
  }
} else {
  for (const event of Object.values(require("node-ical").sync.parseICS(text))) {
    if (event.type === "VEVENT") found[event.uid] = [event.start, event.end].map((time) => time.getTime() / 1000);
  }
}
console.log(JSON.stringify(found));
