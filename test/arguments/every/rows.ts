/** All tables of valid arguments, by the functions' names. */

import { box2dRows } from "./box2dRows.ts";
import { estimatorRows } from "./estimatorRows.ts";
import { formRows } from "./formRows.ts";
import { headRows } from "./headRows.ts";
import { languageRows } from "./languageRows.ts";
import { mainRows } from "./mainRows.ts";
import { mdpRows } from "./mdpRows.ts";
import { mujocoRows } from "./mujocoRows.ts";
import { nodeRows } from "./nodeRows.ts";
import { overoptimisationRows } from "./overoptimisationRows.ts";
import { preferenceRows } from "./preferenceRows.ts";
import { tensorRows } from "./tensorRows.ts";
import { wrapperRows } from "./wrapperRows.ts";

export async function makeRows(): Promise<Record<string, () => unknown[]>> {
  return {
    ...(await mainRows()),
    ...(await tensorRows()),
    ...estimatorRows(),
    ...mdpRows(),
    ...formRows(),
    ...preferenceRows,
    ...box2dRows,
    ...wrapperRows,
    ...mujocoRows,
    ...(await overoptimisationRows()),
    ...(await headRows()),
    ...(await languageRows()),
    ...(await nodeRows()),
  };
}
