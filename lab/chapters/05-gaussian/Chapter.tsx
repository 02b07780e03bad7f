/** Chapter 5: Gaussian policies, their scores, and what becomes of σ. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { ScoresFigure } from "./ScoresFigure.tsx";
import { SigmaFigure } from "./SigmaFigure.tsx";
import { SigmaTrainingFigure } from "./SigmaTrainingFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        A network gives the mean <Maths of={tex`\mu(s)`} /> of each component of the action;{" "}
        <Maths of={tex`\log \sigma`} /> is a parameter of its own, or an output too. With{" "}
        <Maths of={tex`z = (a - \mu)/\sigma`} /> a component has
      </p>
      <Maths
        block
        of={tex`\log \pi = -\tfrac12\big(z^2 + 2\log\sigma + \log 2\pi\big), \qquad \frac{\partial \log\pi}{\partial\mu} = \frac{a - \mu}{\sigma^2}, \qquad \frac{\partial \log\pi}{\partial\log\sigma} = z^2 - 1.`}
      />
      <p>
        Times a weight that is positive, the first score moves the mean towards the action. The second widens the policy
        when the action was more than one <Maths of={tex`\sigma`} /> away from the mean, and narrows it when it was
        nearer. Both are 0 on average, whatever the policy is.
      </p>
      <ScoresFigure />
      <p>
        The score by the mean has the variance <Maths of={tex`1/\sigma^2`} />: the surer the policy, the noisier its
        gradient. And where reward bends downwards around its best action, <Maths of={tex`J`} /> falls with{" "}
        <Maths of={tex`\sigma^2`} />, so that learning shrinks <Maths of={tex`\sigma`} /> by itself. An entropy bonus
        pays for it:
      </p>
      <Maths
        block
        of={tex`\max_\theta\; J(\theta) + \alpha \sum_t \gamma^t\, \mathcal{H}\big(\pi_\theta(\cdot \mid s_t)\big), \qquad \mathcal{H} = \tfrac12 \log(2\pi e\, \sigma^2).`}
      />
      <p>
        Below, a linear policy learns to push a mass to the origin. The world is linear and the cost quadratic, so that{" "}
        <Maths of={tex`J`} /> and <Maths of={tex`\nabla J`} /> are known, and so is the <Maths of={tex`\sigma`} /> at
        which bonus and cost balance. Start it narrow, and the estimates get so noisy that the step size is too long for
        them.
      </p>
      <SigmaFigure />
      <p>
        The same in a real task, where nothing is known. A policy that begins narrow hardly explores, and learns slowly
        for it; one that begins wide narrows as it learns. With a bonus <Maths of={tex`\sigma`} /> stays up.
      </p>
      <SigmaTrainingFigure />
    </>
  );
}
