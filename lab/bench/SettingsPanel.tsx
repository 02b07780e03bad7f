/** Every setting of both sides, a line each: the common ones first, the others by groups, found by typing a part of a name. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { algorithmOf, type OptionFacts } from "../catalogue/catalogue.ts";
import { groupOrder } from "../catalogue/groups.ts";
import type { SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { SettingControl } from "./SettingControl.tsx";
import { effectiveValue, shownValue, withOption } from "./variants.ts";

/** A setting, on the sides that have it. */
interface Line {
  name: string;
  a?: OptionFacts;
  b?: OptionFacts;
}

export function SettingsPanel({ bench }: { bench: BenchState }) {
  const id = useId();
  const search = useSignal("");
  if (bench.isHidden("settings")) return null;
  const lines = linesOf(bench).filter(({ name }) => !bench.isHidden(name));
  const wanted = search.value.trim().toLowerCase();
  const found = lines.filter((line) => textOf(line).includes(wanted));
  const common = lines.filter((line) => optionOf(line).isCommon);
  return (
    <section aria-labelledby={`${id}-title`} class="bench-settings">
      <h2 id={`${id}-title`}>Settings</h2>
      {!bench.isHidden("all") && (
        <div class="control">
          <label class="control-label" for={`${id}-search`}>
            Find a setting
          </label>
          <input
            id={`${id}-search`}
            type="text"
            value={search.value}
            placeholder="such as clip, hidden, entropy"
            onInput={(event) => {
              search.value = event.currentTarget.value;
            }}
          />
        </div>
      )}
      {wanted !== "" && <Lines bench={bench} lines={found} title={`Found: ${found.length}`} />}
      {wanted === "" && <Lines bench={bench} lines={common} title="Common" />}
      {wanted === "" && !bench.isHidden("all") && (
        <details>
          <summary>All settings</summary>
          {groupOrder.map((group) => {
            const some = lines.filter((line) => !optionOf(line).isCommon && optionOf(line).group === group);
            return some.length > 0 && <Lines key={group} bench={bench} lines={some} title={group} />;
          })}
        </details>
      )}
    </section>
  );
}

function linesOf(bench: BenchState): Line[] {
  const { a, b } = bench.settings.value;
  const [ofA, ofB] = [a, b].map((side) => (side && algorithmOf(bench.catalogue, side.algorithm)?.options) ?? []);
  const names = [...new Set([...ofA, ...ofB].map(({ name }) => name))];
  const find = (options: readonly OptionFacts[], name: string) => options.find((option) => option.name === name);
  return names.map((name) => ({ name, a: find(ofA, name), b: find(ofB, name) }));
}

function optionOf({ a, b }: Line): OptionFacts {
  return (a ?? b)!;
}

function textOf(line: Line): string {
  const { name, description, choices = [] } = optionOf(line);
  return [name, description, ...choices].join(" ").toLowerCase();
}

function Lines({ bench, lines, title }: { bench: BenchState; lines: readonly Line[]; title: string }) {
  const hasB = bench.settings.value.b !== undefined;
  return (
    <fieldset class={hasB ? "bench-lines two" : "bench-lines"}>
      <legend>{title}</legend>
      <div class="bench-line bench-line-head" aria-hidden="true">
        <span />
        <span>A</span>
        {hasB && <span>B</span>}
      </div>
      {lines.map((line) => (
        <SettingLine key={line.name} bench={bench} line={line} />
      ))}
    </fieldset>
  );
}

function SettingLine({ bench, line }: { bench: BenchState; line: Line }) {
  const { a, b } = bench.settings.value;
  const { description } = optionOf(line);
  const differs = b !== undefined && shownOn(bench, line, "a") !== shownOn(bench, line, "b");
  return (
    <div class={differs ? "bench-line differs" : "bench-line"} data-setting={line.name}>
      <span class="bench-line-name">
        <code>{line.name}</code>
        {differs && (
          <span class="bench-differs" title="A and B differ">
            {" "}
            ≠<span class="hidden-text"> A and B differ</span>
          </span>
        )}
        <small>{description}</small>
      </span>
      <Cell bench={bench} side="a" option={line.a} key={a.algorithm} />
      {b !== undefined && <Cell bench={bench} side="b" option={line.b} key={`b ${b.algorithm}`} />}
    </div>
  );
}

function shownOn(bench: BenchState, line: Line, side: SideName): string {
  const option = line[side];
  const variant = bench.settings.value[side];
  if (option === undefined || variant === undefined) return "–";
  return shownValue(effectiveValue(bench.catalogue, variant, option).value);
}

function Cell({ bench, side, option }: { bench: BenchState; side: SideName; option: OptionFacts | undefined }) {
  const variant = bench.settings.value[side];
  if (option === undefined || variant === undefined) return <span class="bench-cell none">–</span>;
  return (
    <span class="bench-cell">
      <SettingControl
        option={option}
        side={side.toUpperCase()}
        effective={effectiveValue(bench.catalogue, variant, option)}
        onChange={(value) =>
          bench.editSide(side, (old) => {
            if (value !== undefined) return withOption(bench.catalogue, old, option, value);
            const { [option.name]: _, ...options } = old.options;
            return { ...old, options };
          })
        }
      />
    </span>
  );
}
