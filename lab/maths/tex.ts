/** Formulas in the lab's sources. The build puts MathML in their place (build/mathsPlugin.ts); unbuilt, as in tests, they stay TeX. */
export function tex(template: TemplateStringsArray): string {
  return template.raw.join("");
}
