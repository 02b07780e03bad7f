/** Pictures taken apart again, as far as tests look at them. */

export interface Words {
  text: string;
  x: number;
  y: number;
  size: number;
  anchor: string;
}

/** All words of a picture, with their places. */
export function wordsOf(svg: string): Words[] {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)<\/text>/g)].map(([, attributes, text]) => {
    const get = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
    return {
      text: text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
      x: Number(get("x")),
      y: Number(get("y")),
      size: Number(get("font-size")),
      anchor: get("text-anchor") ?? "start",
    };
  });
}

/** The points of every path of a class, pieces apart. */
export function pathsOf(svg: string, className: string): [x: number, y: number][][] {
  return [...svg.matchAll(/<path class="([^"]*)" d="([^"]*)"/g)]
    .filter(([, classes]) => classes === className)
    .flatMap(([, , d]) => d.split(/(?=M)/))
    .map((piece) => [...piece.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]));
}

/** The first thing that makes it no XML; undefined where all is well. */
export function faultOf(svg: string): string | undefined {
  const open: string[] = [];
  for (const [tag, close, name, rest] of svg.matchAll(
    /<(\/?)([a-z]+)((?:\s[\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*\s*\/?)>/gi,
  )) {
    if (close === "/") {
      if (open.pop() !== name) return `${tag} closes nothing`;
    } else if (!rest.endsWith("/")) {
      open.push(name);
    }
  }
  if (open.length > 0) return `${open.join(", ")} left open`;
  const left = svg.replace(/<\/?[a-z]+(?:\s[\w:-]+="[^"<]*")*\s*\/?>/gi, "");
  return /[<>]/.exec(left)?.[0];
}
