/** SVG as text: elements, escaping, coordinates. Knows nothing of charts. */

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element; attributes that are undefined are left out, numbers are written to a tenth of a pixel. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? tenths(value) : escaped(value!)}"`)
    .join("");
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join("")}</${name}>`;
}

/** Words at a point. */
export function text(content: string, attributes: Attributes): string {
  return element("text", attributes, escaped(content));
}

/** A path through points given as x, y, x, y …, in pieces. */
export function pathThrough(pieces: readonly (readonly number[])[], closed = false): string {
  return pieces
    .map((points) => {
      let path = "";
      for (let i = 0; i < points.length; i += 2)
        path += `${i === 0 ? "M" : "L"}${tenths(points[i])} ${tenths(points[i + 1])}`;
      return closed ? `${path}Z` : path;
    })
    .join("");
}

/** To a tenth of a pixel. */
export function tenths(value: number): number {
  const rounded = Math.round(value * 10) / 10;
  return rounded === 0 ? 0 : rounded;
}

export function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
