/**
 * Formulas at build time: every tex`…` of the lab's sources becomes the MathML that Temml makes of it, as a string, so that the
 * page loads no TeX. A template with an interpolation, or one that Temml cannot read, fails the build with its file and line.
 */
import temml from "temml";
import type { Plugin } from "vite";

const TEMPLATE = /\btex`([^`]*)`/g;

/** MathML of one formula; sums and products take their limits below and above where it stands in a block. */
export function mathml(tex: string): string {
  return temml.renderToString(tex, { throwOnError: true, annotate: false });
}

/** The source with its templates replaced. @param file named in errors */
export function withMaths(source: string, file: string): string {
  return source.replace(TEMPLATE, (whole, tex: string, at: number) => {
    const line = source.slice(0, at).split("\n").length;
    if (tex.includes("${")) throw new Error(`${file}:${line}: tex\`…\` takes no interpolation, got ${whole}`);
    try {
      return JSON.stringify(mathml(tex));
    } catch (error) {
      throw new Error(`${file}:${line}: ${error instanceof Error ? error.message : error}`);
    }
  });
}

export function mathsPlugin(): Plugin {
  return {
    name: "lab-maths",
    enforce: "pre",
    transform(code, id) {
      if (!/\/lab\/.+\.tsx?$/.test(id) || id.endsWith("/maths/tex.ts") || !code.includes("tex`")) return null;
      return { code: withMaths(code, id), map: null };
    },
  };
}
