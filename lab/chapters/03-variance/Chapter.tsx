/** Chapter 3: less variance, and what it costs in bias; a switch each, beside the exact gradient and on training. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { LadderFigure } from "./LadderFigure.tsx";
import { LambdaFigure } from "./LambdaFigure.tsx";
import { SwitchesFigure } from "./SwitchesFigure.tsx";
import { TrainedSwitchesFigure } from "./TrainedSwitchesFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        An estimate is off by its bias and its variance. With an exact world both are known, and with them how far any
        estimate is from the truth:
      </p>
      <Maths
        block
        of={tex`\mathbb{E}\,\lVert \hat g - \nabla J \rVert^2 = \lVert \mathbb{E}\,\hat g - \nabla J \rVert^2 + \operatorname{tr}\operatorname{Cov}(\hat g)`}
      />
      <p>
        <strong>Causality.</strong> An action cannot change earlier rewards, so they can be left out of its weight.{" "}
        <strong>Baselines.</strong> A number that does not depend on the action can be taken off:{" "}
        <Maths of={tex`\mathbb{E}[\nabla\log\pi(a \mid s)\, b(s)] = b(s)\, \nabla \sum_a \pi(a \mid s) = 0`} />. A mean
        that contains its own trajectory depends on it a little, and shrinks the gradient of the whole return by{" "}
        <Maths of={tex`(N-1)/N`} />; the mean of the others does not.
      </p>
      <LadderFigure />
      <p>
        <strong>Two readings of the discount.</strong> The weight{" "}
        <Maths of={tex`\sum_{t' \ge t} \gamma^{t'-t} r_{t'}`} /> is what everyone uses, and the gradient of no
        objective. With <Maths of={tex`\gamma^t`} /> in front of each score it is that of the discounted return. Switch
        it off and look at the bias.
      </p>
      <SwitchesFigure />
      <p>
        <strong>GAE</strong> looks a few steps ahead and believes V for what is behind them. A smaller{" "}
        <Maths of={tex`\lambda`} /> believes V more: less variance, and the bias of what V gets wrong.
      </p>
      <Maths
        block
        of={tex`\delta_t = r_t + \gamma\, V(s_{t+1}) - V(s_t), \qquad A_t = \delta_t + \gamma\lambda\, A_{t+1}`}
      />
      <LambdaFigure />
      <p>
        What is that worth in training? Each seed gives both sides the same starting policy and the same worlds, so
        their difference is paired: what a seed does to both is gone from it. The whole return without a baseline is
        left behind, and so is GAE with λ = 0, which believes a V that is not learnt yet. The others cannot be told
        apart over eight seeds: once the noise is small beside the step, less of it buys little.
      </p>
      <TrainedSwitchesFigure />
    </>
  );
}
