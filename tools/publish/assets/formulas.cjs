// Renders formulas for the build: a line of JSON in, a line of JSON out, until the input ends.
const { readFileSync } = require("node:fs");

const temml = new Function(`${readFileSync(process.argv[2], "utf8")}; return temml;`)();

require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { latex, display } = JSON.parse(line);
  let answer;
  try {
    answer = { html: temml.renderToString(latex, { displayMode: display, wrap: "tex", throwOnError: true }) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
});
