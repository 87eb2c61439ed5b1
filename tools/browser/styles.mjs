// What a style asks for that a version of Chrome does not know; what @supports guards is let be.
import * as csstree from "css-tree";
import { at, property, since } from "./known.mjs";

const UNITS = [
  [/^[dD]v(w|h|i|b|min|max)$/, "viewport_percentage_units_dynamic"],
  [/^sv(w|h|i|b|min|max)$/, "viewport_percentage_units_small"],
  [/^lv(w|h|i|b|min|max)$/, "viewport_percentage_units_large"],
  [/^cq(w|h|i|b|min|max)$/, "container_query_length_units"],
];
const KINDS = ["color", "image", "gradient", "filter-function", "transform-function", "easing-function"];
const SELECTORS = new Set(["PseudoClassSelector", "PseudoElementSelector"]);

/** Return what is too new in the style *text*, or not understood, as lines. */
export function tooNewInStyle(text, version) {
  const found = [];
  const tree = csstree.parse(text, {
    positions: true,
    parseCustomProperty: false,
    onParseError: (error) => found.push(`${error.line}: not understood: ${error.message}`),
  });
  let declaration = null;
  let depth = 0;
  const note = (node, what, entry) => {
    if (entry === undefined) {
      found.push(`${node.loc?.start.line}: ${what}: nobody knows it`);
    } else if (since(entry) > version) {
      found.push(`${node.loc?.start.line}: ${what}: since ${since(entry)}`);
    }
  };
  csstree.walk(tree, {
    enter(node) {
      if (node.type === "Atrule" && node.name === "supports") {
        return csstree.walk.skip;
      }
      if (depth > 0 && (node.type === "Rule" || node.type === "Atrule")) {
        note(node, "a rule within a rule", at("css", "selectors", "nesting"));
      }
      depth += node.type === "Rule" ? 1 : 0;
      if (node.type === "Declaration") {
        declaration = node.property;
      }
      look(node, declaration, note);
    },
    leave(node) {
      depth -= node.type === "Rule" ? 1 : 0;
      declaration = node.type === "Declaration" ? null : declaration;
    },
  });
  return found;
}

/** Hand to *note* what *node* asks for. */
function look(node, declared, note) {
  if (node.type === "Atrule" && !node.name.startsWith("-")) {
    note(node, `@${node.name}`, at("css", "at-rules", node.name));
  } else if (node.type === "FeatureRange") {
    note(node, "a range in @media", at("css", "at-rules", "media", "range_syntax"));
  } else if (node.type === "Feature" && node.kind === "media") {
    const plain = node.name.replace(/^(min|max)-/, "");
    const names = node.name.startsWith("-") ? [node.name] : [node.name, plain];
    const known = names.map((name) => at("css", "at-rules", "media", name));
    note(node, `@media (${node.name})`, known.find(Boolean));
  } else if (SELECTORS.has(node.type) && !node.name.startsWith("-")) {
    note(node, `:${node.name}`, at("css", "selectors", node.name));
  } else if (node.type === "NestingSelector") {
    note(node, "&", at("css", "selectors", "nesting"));
  } else if (node.type === "Declaration" && !/^(--|-|\*|_)/.test(node.property)) {
    note(node, node.property, propertyOf(node.property));
  } else if (node.type === "Dimension") {
    const [, group] = UNITS.find(([pattern]) => pattern.test(node.unit)) ?? [];
    const entry = at("css", "types", "length", group ?? node.unit);
    if (entry) {
      note(node, `the unit ${node.unit}`, entry);
    }
  } else if (declared && (node.type === "Identifier" || node.type === "Function")) {
    lookAtValue(node, declared, note);
  }
}

/** Return what is known of a property, or of a descriptor of an at-rule. */
function propertyOf(name) {
  const rules = Object.values(at("css", "at-rules"));
  return property(name) ?? rules.map((rule) => rule[name]).find(Boolean);
}

/** Hand to *note* a word or a function of a value, where the data has it. */
function lookAtValue(node, declared, note) {
  const types = at("css", "types");
  const name = node.name.toLowerCase();
  const ofProperty = at("css", "properties", declared, name);
  const isFunction = node.type === "Function";
  const ofType = isFunction ? (types[name] ?? functionOf(types, name)) : types.global_keywords[name];
  const entry = ofProperty?.__compat ? ofProperty : ofType;
  if (entry?.__compat && !name.startsWith("-")) {
    note(node, isFunction ? `${name}()` : `${declared}: ${name}`, entry);
  }
}

function functionOf(types, name) {
  return KINDS.map((kind) => types[kind][name]).find((entry) => entry?.__compat);
}
