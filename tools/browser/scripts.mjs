// What a script says or uses that a version of Chrome does not know.
import * as acorn from "acorn";
import * as walk from "acorn-walk";
import { names } from "./known.mjs";

export const EDITION = 2021; // the last edition of ECMAScript that Chrome 90 knows as a whole

/** Return what is too new in the script *text*, as lines; a member goes by its name alone. */
export function tooNewInScript(text, version, sourceType = "script") {
  let tree;
  try {
    tree = acorn.parse(text, { ecmaVersion: EDITION, sourceType, locations: true });
  } catch (error) {
    return [`${error.loc?.line}: not ECMAScript ${EDITION}: ${error.message}`];
  }
  const own = ownNames(tree);
  const known = names();
  const found = [];
  const judge = (node, name) => {
    if (known.get(name) > version && !own.has(name)) {
      found.push(`${node.loc.start.line}: ${name}: since ${known.get(name)}`);
    }
  };
  walk.full(tree, (node) => {
    if (node.type === "MemberExpression" && !node.computed) {
      judge(node, node.property.name);
    } else if (node.type === "Identifier") {
      judge(node, node.name);
    }
  });
  return found;
}

/** Return the names that the script gives itself: to variables, functions, members, properties. */
function ownNames(tree) {
  const found = new Set();
  const add = (node) => node?.type === "Identifier" && found.add(node.name);
  walk.full(tree, (node) => {
    add(node.type === "Property" && !node.computed ? node.key : null);
    add(node.type === "MethodDefinition" && !node.computed ? node.key : null);
    add(node.type === "VariableDeclarator" ? node.id : null);
    add(node.type.startsWith("Function") || node.type === "ClassDeclaration" ? node.id : null);
    node.params?.forEach(add);
    if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression") {
      add(node.left.computed ? null : node.left.property);
    }
  });
  return found;
}
