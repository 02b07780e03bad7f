/** The TypeScript of the documents as files among the cases, for the compiler only: nothing is written. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-5.9";
import * as entry from "../../src/index.ts";

/** Names that occur in code, and those of them that it declares. */
function namesIn(code: string): { all: Set<string>; declared: Set<string> } {
  const all = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) all.add(node.text);
    const declares = ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isImportSpecifier(node);
    if ((declares || ts.isClassDeclaration(node)) && node.name && ts.isIdentifier(node.name))
      declared.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("code.ts", code, ts.ScriptTarget.Latest));
  return { all, declared };
}

/**
 * The code of documents as files, a block each, with imports of what it takes for granted.
 *
 * @param root folder of the documents. @param folder where the files would lie, beside presupposed.ts.
 */
export function documentCode(root: string, documents: readonly string[], folder: string): Map<string, string> {
  const presupposed = [...namesIn(readFileSync(join(folder, "presupposed.ts"), "utf8")).declared].filter(
    (name) => !/^(create\w+|train)$/.test(name),
  );
  return new Map(documents.flatMap((document) => blocksOf(root, document, folder, presupposed)));
}

function blocksOf(
  root: string,
  document: string,
  folder: string,
  presupposed: readonly string[],
): [file: string, text: string][] {
  const blocks = [...readFileSync(join(root, document), "utf8").matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, block], i) => {
    const { all, declared } = namesIn(block);
    const needed = presupposed.filter((name) => all.has(name) && !declared.has(name));
    const own = needed.length > 0 ? `import { ${needed.join(", ")} } from "./presupposed.js";\n` : "";
    // A piece that imports nothing goes on where an earlier one ended.
    const taken = /^import /m.test(block)
      ? []
      : Object.keys(entry).filter((name) => all.has(name) && !declared.has(name));
    const more = taken.length > 0 ? `import { ${taken.join(", ")} } from "ascent-rl";\n` : "";
    return [join(folder, `${document.replace(/\W/g, "")}${i + 1}.ts`), `${own}${more}${block}export {};\n`];
  });
}
