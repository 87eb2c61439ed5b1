// What a page, or a template of one, asks for that a version of Chrome does not know.
import { at, since } from "./known.mjs";

const TEMPLATE = /\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}/gs;
const TAG = /<([a-zA-Z][\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/g;
const ATTRIBUTE = /([a-zA-Z][\w-]*)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g;

/** Return what is too new in the page *text*, as lines. Attributes that nobody knows are let be. */
export function tooNewInPage(text, version) {
  const plain = text.replace(TEMPLATE, (part) => part.replace(/[^\n]/g, " "));
  const found = [];
  for (const tag of plain.matchAll(TAG)) {
    const line = plain.slice(0, tag.index).split("\n").length;
    const name = tag[1].toLowerCase();
    const element = at("html", "elements", name) ?? at("svg", "elements", tag[1]);
    if (!name.includes("-") && (!element || since(element) > version)) {
      found.push(`${line}: <${name}>: ${element ? `since ${since(element)}` : "nobody knows it"}`);
    }
    for (const [, attribute] of tag[2].matchAll(ATTRIBUTE)) {
      const entry = element?.[attribute] ?? at("html", "global_attributes", attribute);
      if (entry?.__compat && since(entry) > version) {
        found.push(`${line}: ${attribute} of <${name}>: since ${since(entry)}`);
      }
    }
  }
  return found;
}
