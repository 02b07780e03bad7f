/** Where the built pages of the package lie: beside the compiled code, in dist/lab. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AscentError } from "../../errors.ts";

/**
 * @param page the page's own file, such as "index.html"
 * @throws AscentError (file) where it was not built
 */
export function labFolder(page: string): string {
  // From dist/node/pages, and from src/node/pages in tests.
  for (const up of ["../../lab", "../../../dist/lab"]) {
    const folder = fileURLToPath(new URL(up, import.meta.url));
    if (existsSync(`${folder}/${page}`)) return folder;
  }
  throw new AscentError("file", {
    what: `the built page ${page} is not in this package`,
    expected: "dist/lab, which `npm run lab:build` makes",
    fix: "Run `npm run lab:build` in the source tree, or install the package again.",
  });
}
