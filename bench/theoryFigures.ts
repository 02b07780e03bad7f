/**
 * `npm run bench -- theoryFigures`: the pictures of docs/theory.md, from the library's own functions, into
 * docs/images/theory. Each is a file of bench/theory; the numbers beside them are tested (test/node/theoryNumbers.test.ts).
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { type Picture, pictureSvg } from "../src/charts/index.ts";
import { clippingPicture } from "./theory/clipping.ts";
import { gaussianPicture } from "./theory/gaussianScores.ts";
import { importancePicture } from "./theory/importance.ts";
import { boundPicture, naturalPicture } from "./theory/naturalGradient.ts";
import { objectivePicture } from "./theory/objective.ts";

const folder = "docs/images/theory";
const pictures: Readonly<Record<string, () => Picture | Promise<Picture>>> = {
  objective: objectivePicture,
  "gaussian-scores": gaussianPicture,
  "trajectory-weights": importancePicture,
  "natural-gradient": naturalPicture,
  "penalty-and-trust-region": boundPicture,
  clipping: clippingPicture,
};

mkdirSync(folder, { recursive: true });
for (const [name, picture] of Object.entries(pictures)) {
  writeFileSync(`${folder}/${name}.svg`, `${pictureSvg(await picture())}\n`);
  console.log(`${folder}/${name}.svg`);
}
