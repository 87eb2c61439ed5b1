// What the browsers of a version know, by the data of MDN: one table for styles, scripts and pages.
import { createRequire } from "node:module";

const data = createRequire(import.meta.url)("@mdn/browser-compat-data");
const NEVER = Infinity;

/** Return from which version on Chrome knows what *entry* describes, if only in part, without a
 * prefix or a switch, and has not given it up. */
export function since(entry) {
  const told = [entry?.__compat?.support?.chrome ?? []].flat();
  const plain = told.filter((one) => !one.flags && !one.prefix && !one.alternative_name);
  if (plain.every((one) => one.version_removed)) {
    return NEVER;
  }
  return Math.min(NEVER, ...plain.map((one) => number(one.version_added)));
}

/** Return what is known of a property of styles, also by another name that Chrome has for it. */
export function property(name) {
  const known = data.css.properties;
  if (known[name]) {
    return known[name];
  }
  const isOther = (entry) =>
    [entry.__compat?.support.chrome ?? []].flat().some((one) => one.alternative_name === name);
  return Object.values(known).find(isOther);
}

function number(version) {
  return version ? Number.parseFloat(String(version).replace("≤", "")) || NEVER : NEVER;
}

/** Return what stands at *path* in the data; undefined where nothing is known there. */
export function at(...path) {
  return path.reduce((found, name) => found?.[name], data);
}

/** Return the names of members and globals of scripts, each with the version that first knew it.
 * Where several things have a name, the oldest counts: who asks cannot tell of which it is. */
export function names() {
  const found = new Map();
  const add = (name, entry) => {
    const version = since(entry);
    if (entry.__compat) {
      found.set(name, Math.min(found.get(name) ?? NEVER, version));
    }
  };
  for (const group of [data.api, data.javascript.builtins]) {
    for (const [name, thing] of Object.entries(group)) {
      add(name, thing);
      for (const [member, entry] of Object.entries(thing)) {
        if (member !== "__compat" && !member.includes("_")) {
          add(member.replace(/^@@/, ""), entry);
        }
      }
    }
  }
  return found;
}
