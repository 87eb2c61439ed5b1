// node check.mjs VERSION FILE…: prints what the files ask for that Chrome VERSION does not know,
// one line for each: FILE:LINE: what: since when. Needs no network.
import { readFileSync } from "node:fs";
import { tooNewInPage } from "./pages.mjs";
import { tooNewInScript } from "./scripts.mjs";
import { tooNewInStyle } from "./styles.mjs";

const CHECKS = {
  css: tooNewInStyle,
  html: tooNewInPage,
  js: tooNewInScript,
  mjs: (text, version) => tooNewInScript(text, version, "module"),
};
const [version, ...files] = process.argv.slice(2);

for (const file of files) {
  const found = CHECKS[file.split(".").pop()](readFileSync(file, "utf8"), Number(version));
  for (const line of found) {
    console.log(`${file}:${line}`);
  }
}
