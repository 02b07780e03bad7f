/**
 * Random walks on a directed graph, the toy task of the Decision Transformer (Chen et al. 2021) as trlX has it: from a start
 * node, written as a letter, to the goal "a" in few steps. Demonstrations walk at random; a model that imitates them is
 * far from the shortest walks, which reinforcement finds. The reward is a formula of the graph.
 */

import { checkOptions, type OptionChecks, optional, seed, wholeNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { characterTokenizer } from "../tokenizer/characterTokenizer.ts";
import { drawRows, pick, worldStream } from "./draws.ts";
import { lettersOf } from "./letters.ts";
import type { TextWorld } from "./textWorld.ts";
import { worldModel } from "./worldModel.ts";

export interface RandomWalkOptions {
  /** Nodes, 3 to 26. Default 21. */
  nodes?: number;
  /** Nodes of the longest walk, the start included. Default 10. */
  maxLength?: number;
  /** Which graph. The walks of the default, 14, have a mean optimality of 0.35. */
  graphSeed?: number;
}

const checks: OptionChecks<RandomWalkOptions> = {
  nodes: optional(wholeNumber(3, 26)),
  maxLength: optional(wholeNumber(2, 64)),
  graphSeed: optional(seed),
};

/** Of an edge between two nodes. */
const EDGE_PROBABILITY = 0.1;
const GOAL = 0;
const MOST_GRAPHS = 100_000;

export interface WalkGraph {
  /** The nodes one can go to from each; from the goal nowhere. */
  readonly next: readonly (readonly number[])[];
  /** Nodes of the shortest walk from each to the goal, both included; Infinity where there is none. */
  readonly shortest: readonly number[];
}

export interface RandomWalkWorld extends TextWorld {
  readonly graph: WalkGraph;
}

/**
 * A start's letter is the prompt, the letters behind it are the completion. Reward ("optimality"): (maxLength − nodes of the walk) /
 * (maxLength − nodes of the shortest), 1 for a shortest walk, 0 for one that takes a step that is no edge or does not arrive.
 * What follows the goal does not count.
 *
 * @throws AscentError "option" for options out of range.
 */
export function randomWalks(options: RandomWalkOptions = {}): RandomWalkWorld {
  checkOptions("randomWalks", checks, options);
  const { nodes = 21, maxLength = 10, graphSeed = 14 } = options;
  const graph = drawGraph(nodes, maxLength, graphSeed);
  const characters = "abcdefghijklmnopqrstuvwxyz".slice(0, nodes);
  const tokenizer = characterTokenizer(characters);
  const { idsOf, read, endToken } = lettersOf(tokenizer, characters);
  const idOf = idsOf(characters);
  const starts = graph.shortest.flatMap((_, node) => (node === GOAL ? [] : [node]));

  const nodesOf = (prompt: readonly number[], completion: readonly number[]) =>
    Array.from(read(prompt).text + read(completion).text, (letter) => characters.indexOf(letter));

  /** Nodes of the walk up to the goal; undefined where it is none or does not arrive. */
  function walkLength(prompt: readonly number[], completion: readonly number[]): number | undefined {
    const walk = nodesOf(prompt, completion).slice(0, maxLength);
    for (let i = 0; i < walk.length; i++) {
      if (i > 0 && !graph.next[walk[i - 1]].includes(walk[i])) return undefined;
      if (walk[i] === GOAL) return i + 1;
      if (walk[i] < 0) return undefined;
    }
    return undefined;
  }

  function walkFrom(start: number, choose: (from: number) => number): number[] {
    const completion: number[] = [];
    for (let node = start; node !== GOAL && completion.length < maxLength - 1; ) {
      node = choose(node);
      completion.push(idOf[node]);
    }
    return [...completion, endToken];
  }

  function optimality(prompt: readonly number[], completion: readonly number[]): number {
    const length = walkLength(prompt, completion);
    const [start] = nodesOf(prompt, []);
    return length === undefined ? 0 : (maxLength - length) / (maxLength - graph.shortest[start]);
  }

  return {
    name: "random-walks",
    summary: `walks on a graph of ${nodes} nodes to node "a"; reward: how near the shortest, a formula`,
    graph,
    tokenizer,
    maxNewTokens: maxLength,
    model: worldModel({
      vocabularySize: tokenizer.vocabularySize,
      tokenizer,
      contextLength: maxLength + 1,
      width: 64,
      layers: 2,
      heads: 4,
    }),
    prompts: (count, seed) => drawRows("prompts", "prompts", count, seed, (random) => [idOf[pick(random, starts)]]),
    demonstrations: (count, seed) =>
      drawRows("demonstrations", "demonstrations", count, seed, (random) => {
        const start = pick(random, starts);
        return { prompt: [idOf[start]], completion: walkFrom(start, (from) => pick(random, graph.next[from])) };
      }),
    reward: optimality,
    measures: { arrives: (prompt, completion) => (walkLength(prompt, completion) === undefined ? 0 : 1) },
    solution(prompt) {
      const [start] = nodesOf(prompt, []);
      const nearest = (from: number) =>
        graph.next[from].reduce((best, to) => (graph.shortest[to] < graph.shortest[best] ? to : best));
      return walkFrom(start, nearest);
    },
  };
}

/** The first of the seed's graphs in which every node has somewhere to go and can reach the goal in fewer than the longest walk. */
function drawGraph(nodes: number, maxLength: number, graphSeed: number): WalkGraph {
  const random = worldStream("world", graphSeed);
  const all = Array.from({ length: nodes }, (_, node) => node);
  for (let tries = 0; tries < MOST_GRAPHS; tries++) {
    const next = all.map((from) =>
      all.filter((to) => {
        const drawn = random.uniform() < EDGE_PROBABILITY;
        return drawn && from !== GOAL && from !== to;
      }),
    );
    const shortest = shortestWalks(next);
    if (shortest.every((length) => length < maxLength)) return { next, shortest };
  }
  throw new AscentError("option", {
    what: "randomWalks: no graph found in which every node reaches the goal",
    got: `${nodes} nodes and walks of ${maxLength}`,
    expected: "a graph as sparse as one edge in ten with short ways",
    fix: "Allow longer walks, or more nodes.",
  });
}

/** Backwards from the goal, a layer a time. */
function shortestWalks(next: readonly (readonly number[])[]): number[] {
  const shortest = next.map((_, node) => (node === GOAL ? 1 : Number.POSITIVE_INFINITY));
  for (let length = 2, found = true; found; length++) {
    found = false;
    next.forEach((tos, from) => {
      if (shortest[from] !== Number.POSITIVE_INFINITY || !tos.some((to) => shortest[to] === length - 1)) return;
      shortest[from] = length;
      found = true;
    });
  }
  return shortest;
}
