// Walks a journey through the pages as a person does.
//
// usage: walk.js JOURNEY
// The first line of standard input is JSON: "backend", the module here that drives the pages
// ("playwright"), and what that and the journey need ("url", ...). What the journey wants of
// the world around the pages (records published, mail handed in) it asks for by a line of JSON
// on standard output, {"ask": NAME, ...}, and reads the answer as the next line of input.
//
// A journey is a module whose default export takes a page, a world, and the first line. A page
// is found in as a person finds things, by role and name; all of it waits until the thing is
// there, and fails when it does not come:
//
//   open(place)             goes to a place of the app, such as 'domains' or 'welcome/TOKEN'
//   click(role, name)       presses what has this role and name; role 'text' is any text
//   fill(label, text)       writes into a field
//   choose(label, option)   takes an option of a select, by its text
//   press(keys)             presses keys, as 'Enter' or 'Control+k'
//   type(text)              types, into whatever has the focus
//   focused()               the name of what has the focus
//   see(text)               waits for a text
//   gone(text)              waits until a text is not there
//   has(role, name)         whether such a thing is there at this moment
//   read(role, name)        the text of one
//   readAll(role, name)     the texts of all, without a name of all with the role
//   frame(title, text)      waits for a text in a frame
//
// While a dialog is open, only what is in it is found. Names are exact; a RegExp is a pattern.
// What each backend adds to its page for journeys that are its own begins with `raw`.

import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const heard = async () => JSON.parse((await lines.next()).value);
const world = {
  /** Has the world do something; what it answers. */
  async ask(what, detail = {}) {
    process.stdout.write(`${JSON.stringify({ ...detail, ask: what })}\n`);
    return heard();
  },
};

const about = await heard();
const journey = await import(`./${process.argv[2]}.js`);
const backend = await import(`./${about.backend}.js`);
const driven = await backend.start(about);
try {
  await journey.default(driven.page, world, about);
} catch (error) {
  console.error(`${error.stack}\n--- the page:\n${await driven.look()}`);
  process.exitCode = 1;
}
await driven.end();
process.stdin.destroy();
