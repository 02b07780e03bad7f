/** Chapter 2: what the gradient makes of single episodes, in two stories. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { LearningFigure } from "./LearningFigure.tsx";
import { StoryFigure } from "./StoryFigure.tsx";

/** Of the walker standing upright, and of its next step when it is braced. */
const WALKER_PUSHES = [
  { state: 0, action: 0 },
  { state: 0, action: 1 },
  { state: 0, action: 2 },
  { state: 1, action: 1 },
];

/** Smoothing while nothing is creased yet, fold by fold. */
const JACKET_PUSHES = [0, 2, 4, 6].map((state) => ({ state, action: 0 }));

export default function Chapter() {
  return (
    <>
      <p>
        The estimate is a weighted sum of scores. A step with a positive weight is made likelier, one with a negative
        weight less likely, in proportion:
      </p>
      <Maths
        block
        of={tex`\hat g = \frac1N \sum_i \sum_t w_{it}\, \nabla \log \pi_\theta(a_{it} \mid s_{it}), \qquad w_{it} = R(\tau_i) \ \text{ or }\ \sum_{t' \ge t} r_{it'} - b`}
      />
      <p>
        <strong>The walker</strong> is paid for velocity. Falling forward pays 2 at once and ends everything. A step
        forward from standing still pays 1 and stumbles four times in five. A step back costs 1 and tips over once in
        five, but who is braced then walks on, up to ten steps. The best policy steps back first and is worth 5.2. The
        one that acts here picks at random, as every policy does in the beginning.
      </p>
      <StoryFigure
        story="walker"
        id="stories-walker"
        title="The walker: falling is paid, stepping back is punished"
        firstDraw={7}
        pushes={WALKER_PUSHES}
        most={1.2}
      />
      <p>
        Nothing went wrong in the estimate: under this policy stepping back is worth 0.3 and falling 2, so{" "}
        <Maths of={tex`\nabla J`} /> itself says to fall. It turns only when the walk behind the step back is learnt.
        That happens along the exact gradient. With estimates from few episodes the walker may have stopped stepping
        back by then, and nobody ever braces to find out. A less noisy estimate is no cure by itself. The mean of each
        time step even makes it worse: where a single try is left, its mean there is its own weight, and it learns
        nothing from walking on.
      </p>
      <LearningFigure />
      <p>
        <strong>The jacket</strong> takes four folds, and the reward is 1 at the end if none was creased. Every fold is
        smooth with probability <Maths of={tex`1/\sqrt2`} />, so one of four tries comes off. Without a baseline only
        that one teaches anything. With the mean as a baseline the others say what not to do, and blame every fold of
        theirs, the good ones too. With V(s) the folds behind a crease are blamed no more: nothing was to be had any
        longer. With V before and behind the step the crease has the blame alone.
      </p>
      <StoryFigure
        story="jacket"
        id="stories-jacket"
        title="The jacket: 0, 0, 0, 1"
        firstDraw={6}
        pushes={JACKET_PUSHES}
        most={0.3}
      />
      <p>
        Causality changes nothing here as long as <Maths of={tex`\gamma = 1`} />: the only reward comes last, so every
        action can still influence it. With the walker it does: what a step back cost is no fault of the steps behind
        it.
      </p>
    </>
  );
}
