/** What the chapter's figures share: seeds, names of controls, how a curve is drawn and put into words. */
import type { Path } from "../../drawers/paths.ts";
import { fixed, intervalWords } from "../../figures/numberWords.ts";
import type { Interval, SeedCurve } from "./curve.ts";

/** Seeds as in docs/reward-hacking.md: the first of those. */
export const seedsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => 1000 + i);

/** A value with its interval, of a single seed without. */
export function said(what: Interval, digits = 2): string {
  const value = fixed(what.value, digits);
  return Number.isNaN(what.low) ? value : `${value} ${intervalWords(what, digits)}`;
}

/** Gold and proxy as paths over √KL. */
export function pathsOf({ distance, gold, proxy }: SeedCurve, styles: { gold: number; proxy?: number }): Path[] {
  const bands: readonly [SeedCurve["gold"], number | undefined][] = [
    [proxy, styles.proxy],
    [gold, styles.gold],
  ];
  return bands.flatMap(([{ mean, low, high }, style]) =>
    style === undefined ? [] : [{ x: distance, y: mean, low, high, style }],
  );
}

/** A row for each point: √KL, gold and proxy with their intervals. */
export const CURVE_COLUMNS = ["√KL", "gold", "gold, 95 % low", "gold, high", "proxy", "proxy, 95 % low", "proxy, high"];
export function curveRows({ distance, gold, proxy }: SeedCurve): number[][] {
  return Array.from(distance, (d, i) => [
    d,
    gold.mean[i],
    gold.low[i],
    gold.high[i],
    proxy.mean[i],
    proxy.low[i],
    proxy.high[i],
  ]);
}

/** Rise and fall of gold in words. */
export function riseAndFall({ gold, distance, peak, rise, fall }: SeedCurve): string {
  const top = `gold peaks at ${fixed(gold.mean[peak])} where √KL is ${fixed(distance[peak])}`;
  const up = `${said(rise)} above where it began`;
  const last = peak === distance.length - 1;
  return last ? `${top}, ${up}, and has not fallen` : `${top}, ${up}, and falls by ${said(fall)} behind it`;
}
