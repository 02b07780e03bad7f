/** The optimum of RLHF over β, beside π_ref and beside what other placements of the KL term lead to. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawDistributions } from "../../drawers/distributionBars.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { BETAS, GROUPS, WORLDS } from "./choices.ts";
import { DistributionKeys } from "./DistributionKeys.tsx";
import type { ListedWorldName } from "./listedWorlds.ts";

/** How long one step of β takes while it moves by itself, in ms. */
const PACE = 450;

const OTHERS = [
  { row: 2, name: "GRPO", style: 2 },
  { row: 3, name: "IPO", style: 3 },
  { row: 4, name: "k3 in the loss", style: 4 },
] as const;

export function OptimumFigure() {
  const playing = usePlaying();
  const world = useSignal<ListedWorldName>("pairs");
  const beta = useSignal(1);
  const groupSize = useSignal(4);
  const shown = [useSignal(true), useSignal(false), useSignal(false)];
  const { output, error } = useStudy<typeof import("./studies/optimum.ts")>("09-preferences/optimum", () => ({
    ...{ world: world.value, beta: beta.value, groupSize: groupSize.value },
  }));
  const motion = useRef({ waited: 0, direction: -1 });
  useAnimation(playing, (elapsed) => {
    const now = motion.current;
    now.waited += elapsed;
    if (now.waited < PACE) return;
    now.waited = 0;
    const at = BETAS.indexOf(beta.value);
    if (at + now.direction < 0 || at + now.direction >= BETAS.length) now.direction = -now.direction;
    beta.value = BETAS[at + now.direction];
  });
  const stop = () => {
    playing.value = false;
  };
  const others = () => OTHERS.filter((_, i) => shown[i].value);
  return (
    <Figure
      id="preferences-optimum"
      title="The optimum, in closed form"
      playing={playing}
      source="theory 26, Ziegler et al. 2019"
      file="src/mdp/sequences/optima.ts"
      controls={
        <>
          <Choice label="Texts" value={world} options={WORLDS} />
          <Slider label="β" value={beta} stops={BETAS} onChange={stop} />
          <Slider label="GRPO's groups G" value={groupSize} stops={GROUPS} />
          {OTHERS.map(({ name }, i) => (
            <Switch
              key={name}
              label={`Where ${name === "k3 in the loss" ? "k3 without its ratio" : name} ends`}
              value={shown[i]}
            />
          ))}
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The optimum is being computed.";
        const [reference, best] = now.rows;
        const said = others().map(({ row, name }) => {
          const { worth, distance } = now.rows[row];
          return `${name} ends ${fixed(distance, 3)} of probability away from π*, at a worth of ${fixed(worth, 3)}`;
        });
        return `At β = ${now.of.beta}, π* earns ${fixed(best.reward, 3)} where π_ref earns ${fixed(reference.reward, 3)}, at a KL divergence of ${fixed(best.kl, 3)} nats: worth β log Z = ${fixed(now.best, 3)}, more than any other policy. ${said.length > 0 ? `${said.join("; ")}. ` : ""}Everything is exact: all ${now.texts.length} texts are listed.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["policy", "E[r]", "KL to π_ref", "E[r] − β KL", "distance to π*"];
        if (!now) return { columns, rows: [] };
        return {
          columns: [...columns, ...now.texts.map((text) => `π(${text})`)],
          rows: [
            ...now.rows.map(({ name, reward, kl, worth, distance, policy }) => [
              name,
              reward,
              kl,
              worth,
              distance,
              ...policy,
            ]),
            ["reward r", "", "", "", "", ...now.rewards],
          ],
        };
      }}
    >
      <Canvas
        label="Probability of each text under π_ref, under π*, and where other methods end; each text's reward below it"
        height={280}
        draw={(context, size, theme) => {
          const now = output.value;
          if (!now) return;
          drawDistributions(context, size, theme, {
            texts: now.texts,
            notes: Array.from(now.rewards, (r) => `r ${fixed(r, Number.isInteger(r) ? 0 : 1)}`),
            hollow: now.rows[0].policy,
            filled: now.rows[1].policy,
            colour: 0,
            signs: others().map(({ row, style }) => ({ values: now.rows[row].policy, style })),
          });
        }}
      />
      <DistributionKeys
        hollow="π_ref"
        filled={{ text: "π*", colour: 0 }}
        signs={others().map(({ name, style }) => ({ text: name, style }))}
      />
    </Figure>
  );
}
