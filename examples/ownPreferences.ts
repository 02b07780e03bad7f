import { createEngine, trainLanguageModel } from "ascent-rl";
import { characterTokenizer, makeGenerator, makeLanguageModel, readTextData, textWorldNamed } from "ascent-rl/language";

// Yours may be a file: await loadTextData("pairs.jsonl", tokenizer), of ascent-rl/node, gives what readTextData does.
const pairs = ["tea", "milk", "soup", "cake", "fish"].map((food) => {
  return { prompt: `${food}? `, chosen: "yes please", rejected: "yes" };
});
const answers = pairs.flatMap(({ prompt, chosen, rejected }) => {
  return [chosen, rejected].map((completion) => ({ prompt, completion }));
});
const record = (fields: object, i: number) => ({ fields: { ...fields }, place: `example ${i}` });
const tokenizer = characterTokenizer("abcdefghijklmnopqrstuvwxyz ?");

const size = { vocabularySize: tokenizer.vocabularySize, contextLength: 24 };
const model = makeLanguageModel(await createEngine(), { ...textWorldNamed("names").model, ...size }, { seed: 0 });
const options = { batchSize: 5, learningRate: 1e-3 };
const demonstrations = await readTextData(answers.map(record), tokenizer);
await trainLanguageModel("sft", { model, data: demonstrations, steps: 600, options });
const [data, held] = [await readTextData(pairs.map(record), tokenizer), { ...options, loss: "sigmoid+sft" }];
export const { metrics } = await trainLanguageModel("dpo", { model, data, steps: 200, options: held });

const stopTokens = tokenizer.eosId === undefined ? [] : [tokenizer.eosId];
const generator = makeGenerator(model, { maxNewTokens: 12, promptLength: 8, rows: 1, stopTokens, greedy: true });
const [answer] = generator.generate([tokenizer.encode("wine? ")], { seed: 0 });
console.log(`wine? ${tokenizer.decode(answer?.tokens ?? [], { skipSpecial: true })}`);
