/**
 * The bench's state: what it is set to, and the runs that were started with it. Settings can be edited at any time; runs keep those
 * they began with, but for changes while they run. Knows no element of the page but its address.
 */
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { JsonValue } from "ascent-rl";
import { algorithmOf, type Catalogue } from "../catalogue/catalogue.ts";
import { type BenchSettings, sidesOf, type Variant } from "../link/benchSettings.ts";
import { linkOf } from "../link/linkOf.ts";
import { parseLink } from "../link/parseLink.ts";
import { BenchRuns, type BenchStart, type SideName, type Speed } from "./benchRuns.ts";

/** Milliseconds after an edit until the address follows: browsers allow so many changes of it and no more. */
const ADDRESS_DELAY = 300;

export class BenchState {
  readonly catalogue: Catalogue;
  readonly settings: Signal<BenchSettings>;
  /** What was wrong with the link. */
  readonly problems: Signal<readonly string[]> = signal([]);
  /** The runs there are; undefined before the first. */
  readonly runs: Signal<BenchRuns | undefined> = signal(undefined);
  /** Iterations a second, or "full". */
  readonly speed: Signal<Speed> = signal("full");
  /** The link of what it is set to. */
  readonly link: ReadonlySignal<string>;
  /** Whether the runs began with other settings than those shown now. */
  readonly isStale: ReadonlySignal<boolean>;

  constructor(catalogue: Catalogue, hash: string) {
    this.catalogue = catalogue;
    const { settings, problems } = parseLink(hash, catalogue);
    this.settings = signal(settings);
    this.problems.value = problems;
    this.link = computed(() => linkOf(this.settings.value, catalogue));
    this.isStale = computed(() => {
      const runs = this.runs.value;
      return runs !== undefined && runKey(runs.settings.value) !== runKey(this.settings.value);
    });
  }

  /** Follows the address, and has it follow, from now on. @returns ends it, and the runs */
  connect(): () => void {
    let own = location.hash;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      waiting = undefined;
      own = this.link.peek();
      history.replaceState(history.state, "", own);
    };
    let isFirst = true;
    const stop = effect(() => {
      void this.link.value;
      // A link with mistakes stays as it was written until something is set.
      if (!isFirst) waiting ??= setTimeout(write, ADDRESS_DELAY);
      isFirst = false;
    });
    const read = () => {
      if (location.hash !== own && location.hash.startsWith("#bench")) this.open(location.hash);
    };
    addEventListener("hashchange", read);
    return () => {
      stop();
      clearTimeout(waiting);
      removeEventListener("hashchange", read);
      this.runs.value?.end();
    };
  }

  /** Sets the bench as a link says; runs of other settings end. */
  open(hash: string): void {
    const { settings, problems } = parseLink(hash, this.catalogue);
    this.runs.value?.end();
    batch(() => {
      this.runs.value = undefined;
      this.settings.value = settings;
      this.problems.value = problems;
    });
  }

  side(name: SideName): Variant | undefined {
    return this.settings.value[name];
  }

  editSide(name: SideName, edit: (side: Variant) => Variant): void {
    const side = this.settings.peek()[name];
    if (side !== undefined) this.edit({ [name]: edit(side) });
  }

  edit(change: Partial<BenchSettings>): void {
    this.settings.value = { ...this.settings.peek(), ...change };
  }

  /** Without B, or with B as A is. */
  removeB(): void {
    const { b: _, ...rest } = this.settings.peek();
    this.settings.value = rest;
  }

  isHidden(name: string): boolean {
    return this.settings.value.hide.includes(name);
  }

  /** Starts every run from its beginning. */
  train({ paused = false } = {}): BenchRuns {
    this.runs.peek()?.end();
    const runs = new BenchRuns(this.settings.peek(), { speed: this.speed.peek(), paused });
    this.runs.value = runs;
    return runs;
  }

  /** Takes over runs that go on from where they were saved. */
  goOn(settings: BenchSettings, beginnings: BenchStart["beginnings"]): void {
    this.runs.peek()?.end();
    batch(() => {
      this.settings.value = settings;
      this.runs.value = new BenchRuns(settings, { speed: this.speed.peek(), paused: true, beginnings });
    });
  }

  step(): void {
    const runs = this.runs.peek();
    if (runs === undefined || runs.isOver.peek()) this.train({ paused: true }).step();
    else runs.step();
  }

  setSpeed(speed: Speed): void {
    this.speed.value = speed;
    this.runs.peek()?.setSpeed(speed);
  }

  /** Changes a setting of the runs that go on; it stands in the settings, and so in the link, from then on. */
  async change(name: SideName, option: string, value: JsonValue): Promise<void> {
    const changes = await this.runs.peek()?.change(name, { [option]: value });
    if (changes !== undefined) this.editSide(name, (side) => ({ ...side, changes }));
  }

  /** Figures of the learning curves, those of A first. */
  get figure(): string {
    const { metric, a } = this.settings.value;
    return metric ?? algorithmOf(this.catalogue, a.algorithm)!.curves[0]?.figure ?? "episodeReturn";
  }
}

/** What decides the bits of the runs. */
function runKey(settings: BenchSettings): string {
  return JSON.stringify([sidesOf(settings), settings.seeds, settings.kernels]);
}
