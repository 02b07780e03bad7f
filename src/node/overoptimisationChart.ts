/** The picture of a study of over-optimisation as SVG text: gold over √KL with 95 % intervals, and where each defence ends. */

import { type IntervalRow, type LinePanel, type Panel, pictureSvg, type Series } from "../charts/index.ts";
import type { GoldCurve } from "../overoptimisation/curves.ts";
import type { OveroptimisationFindings, ProxyFindings } from "../overoptimisation/study.ts";

/** @param width in pixels. */
export function overoptimisationSvg(findings: OveroptimisationFindings, width = 900): string {
  const { seeds, settings, proxies, defences, dpo, tails, length } = findings;
  const { widths, pairs, noise } = settings;
  const middleWidth = middle(widths);
  const middlePairs = middle(pairs);
  const fewest = Math.min(...pairs);
  const byPairs = proxies.filter((proxy) => proxy.width === middleWidth);
  const byWidth = proxies.filter((proxy) => proxy.pairs === middlePairs);
  const compared = ({ pairs }: ProxyFindings) => `${pairs.toLocaleString("en")} pairs`;
  const ofWidth = ({ width }: ProxyFindings) => `width ${width}`;
  const ends = (method: "best of n" | "rloo"): Panel => ({
    kind: "intervals",
    title: `Defences, ${method}`,
    x: { label: `gold at the end: width ${middleWidth}, ${fewest} pairs` },
    rows: defences
      .filter((defence) => defence.method === method)
      .map(({ name, gold }, style): IntervalRow => ({ name, style, ...gold })),
    named: true,
  });
  const panels: Panel[] = [
    goldPanel("Best of n, proxies by comparisons", named(byPairs, compared, "bestOfN"), true),
    goldPanel("RLOO, proxies by comparisons", named(byPairs, compared, "rloo"), true),
    goldPanel("Perfect optimisation, π ∝ π_ref e^(r/β)", named(byPairs, compared, "optimum"), true),
    goldPanel("Best of n, proxies by width", named(byWidth, ofWidth, "bestOfN")),
    ends("best of n"),
    ends("rloo"),
    goldPanel(
      "Error of the proxy: light and heavy tails",
      tails.flatMap(({ error, bestOfN, regularised }) => {
        const tail = error === "normal" ? "light" : "heavy";
        return [[`${tail}, best of n`, bestOfN] as const, [`${tail}, perfect`, regularised] as const];
      }),
    ),
    goldPanel(
      "A proxy that pays for length, best of n",
      length.map(({ proxy, bestOfN }) => [proxy, bestOfN] as const),
    ),
    goldPanel(
      `DPO, ${fewest} pairs`,
      dpo.map(({ beta, curve }) => [`β = ${beta}`, curve] as const),
    ),
  ];
  return pictureSvg({
    title: "Reward hacking: the gold reward while a proxy is optimised",
    subtitle: `means and 95 % intervals over ${seeds.length} seeds; ${Math.round(noise * 100)} % of the labels flipped`,
    panels,
    columns: 2,
    names: "beside",
    width,
  });
}

function middle(sizes: readonly number[]): number {
  return sizes[Math.floor((sizes.length - 1) / 2)];
}

type NamedCurve = readonly [name: string, curve: GoldCurve];

function named(
  proxies: readonly ProxyFindings[],
  name: (proxy: ProxyFindings) => string,
  method: "bestOfN" | "rloo" | "optimum",
): NamedCurve[] {
  return proxies.map((proxy) => [name(proxy), proxy[method]] as const);
}

/** @param withProxy whether what the proxy believes is drawn too. */
function goldPanel(title: string, curves: readonly NamedCurve[], withProxy = false): LinePanel {
  const series: Series[] = curves.flatMap(([name, { points }], style) => {
    const x = points.map(({ distance }) => distance.value);
    const gold: Series = {
      ...{ name, style, x },
      y: points.map((point) => point.gold.value),
      low: points.map((point) => point.gold.low),
      high: points.map((point) => point.gold.high),
      drawn: "both",
    };
    if (!withProxy) return [gold];
    const proxy = points.map((point) => point.proxy.value);
    return [gold, { name: `${name}, its proxy`, style, x, y: proxy, dashed: true, unnamed: true }];
  });
  return {
    kind: "lines",
    title,
    x: { label: "√KL(π ‖ π_ref), √nats" },
    y: { label: withProxy ? "gold reward (dashed: the proxy's)" : "gold reward" },
    series,
    levels: [{ value: 0, label: "π_ref" }],
  };
}
