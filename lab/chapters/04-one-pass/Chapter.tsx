/** Chapter 4: one backward pass in place of one for each score. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { CostFigure } from "./CostFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        By definition the estimate is a weighted sum of scores, and every score is a gradient: one backward pass for
        each step of each episode. But a weighted sum of gradients is the gradient of the weighted sum. With the weights
        held fixed, one pass over
      </p>
      <Maths block of={tex`L(\theta) = -\frac1N \sum_{i,t} w_{it} \log \pi_\theta(a_{it} \mid s_{it})`} />
      <p>
        gives <Maths of={tex`-\hat g`} />, whatever the weights are. <Maths of={tex`L`} /> is no objective: its value
        means nothing, and only its gradient at the policy that acted does. Where the scores themselves are wanted, for
        the optimal baseline or to measure a variance, all of them come out of one pass too, since the gradient of a
        dense layer is a product of what backpropagation holds already.
      </p>
      <CostFigure />
    </>
  );
}
