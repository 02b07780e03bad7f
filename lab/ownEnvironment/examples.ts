/** Environments to begin with, each of at most 25 lines and with its picture. */

export interface Example {
  name: string;
  source: string;
}

const walk = `export default () => {
  let place = 0, random = new RandomStream(0, streams.user);
  return {
    observationSpace: box({ low: -5, high: 5, shape: [1] }),
    actionSpace: discrete(2), // 0 left, 1 right
    reset({ seed } = {}) {
      if (seed !== undefined) random = new RandomStream(seed, streams.user);
      place = random.integer(5) - 2;
      return { observation: [place] };
    },
    step(action) {
      place += action === 1 ? 1 : -1;
      const terminated = Math.abs(place) === 5;
      const reward = place === 5 ? 1 : -0.02; // the goal is at the right
      return { observation: [place], reward, terminated, truncated: false };
    },
    scene: () => ({
      left: -6, right: 6, bottom: -1, top: 1, words: \`The walker is at \${place}.\`,
      shapes: [
        { kind: "polyline", points: [[-5, -0.5], [5, -0.5]], stroke: "muted" },
        { kind: "circle", x: 5, y: 0, radius: 0.3, stroke: "good" },
        { kind: "circle", x: place, y: 0, radius: 0.4, fill: "accent1" }],
    }),
  };
};`;

const warm = `export default () => {
  let room = 15, outside = 0, random = new RandomStream(0, streams.user);
  const seen = () => ({ observation: [room / 20 - 1, outside / 20] });
  return {
    observationSpace: box({ low: -9, high: 9, shape: [2] }),
    actionSpace: box({ low: 0, high: 1, shape: [1] }), // the heater
    reset({ seed } = {}) {
      if (seed !== undefined) random = new RandomStream(seed, streams.user);
      [room, outside] = [10 + 10 * random.uniform(), -10 + 20 * random.uniform()];
      return seen();
    },
    step([heat]) {
      outside += 0.5 * random.normal() - 0.02 * outside;
      room += 3 * heat - 0.05 * (room - outside);
      const reward = -Math.abs(room - 20) / 10 - 0.1 * heat; // near 20 °C, cheaply
      return { ...seen(), reward, terminated: false, truncated: false };
    },
    scene: () => ({
      left: -5, right: 45, bottom: 0, top: 10, words: \`\${room.toFixed(1)} °C inside, \${outside.toFixed(1)} outside.\`,
      shapes: [{ kind: "polyline", points: [[20, 1], [20, 9]], stroke: "good", dashed: true },
        { kind: "polyline", points: [[0, 5], [Math.max(room, 0.1), 5]], stroke: "accent2", strokeWidth: 3 }],
    }),
  };
};`;

const fall = `export default () => {
  let ball = [0, 8], paddle = 4, random = new RandomStream(0, streams.user);
  const seen = () => ({ observation: [ball[0] / 8, ball[1] / 8, paddle / 8] });
  return {
    observationSpace: box({ low: 0, high: 1, shape: [3] }),
    actionSpace: discrete(3), // left, stay, right
    reset({ seed } = {}) {
      if (seed !== undefined) random = new RandomStream(seed, streams.user);
      [ball, paddle] = [[random.integer(9), 8], random.integer(9)];
      return seen();
    },
    step(action) {
      paddle = Math.min(Math.max(paddle + action - 1, 0), 8);
      ball[1] -= 1;
      const terminated = ball[1] === 0;
      const caught = Math.abs(ball[0] - paddle) <= 1;
      return { ...seen(), reward: terminated ? (caught ? 1 : -1) : 0, terminated, truncated: false };
    },
    scene: () => ({
      left: -2, right: 10, bottom: -1, top: 9, words: \`The ball is at \${ball}, the paddle at \${paddle}.\`,
      shapes: [{ kind: "circle", x: ball[0], y: ball[1], radius: 0.4, fill: "accent2" },
        { kind: "polyline", points: [[paddle - 1, 0], [paddle + 1, 0]], stroke: "accent1", strokeWidth: 0.4 }] }),
  };
};`;

export const examples: readonly Example[] = [
  { name: "A walk on a line", source: walk },
  { name: "A heater: continuous actions", source: warm },
  { name: "A falling ball", source: fall },
];
