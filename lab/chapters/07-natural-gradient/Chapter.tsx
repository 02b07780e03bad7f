/** Chapter 7: the natural gradient, trust regions, and what theory guarantees. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { AscentFigure } from "./AscentFigure.tsx";
import { BoundFigure } from "./BoundFigure.tsx";
import { ConjugateFigure } from "./ConjugateFigure.tsx";
import { StepFigure } from "./StepFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        How far a step goes in parameters says little about how far it goes in what the policy does. The KL divergence
        does, and to second order it is a quadratic with the Fisher matrix:
      </p>
      <Maths
        block
        of={tex`F = \mathbb{E}\big[\nabla\log\pi\, \nabla\log\pi^{\mathsf T}\big], \qquad \mathrm{KL}(\pi_\theta \,\|\, \pi_{\theta+\Delta}) = \tfrac12 \Delta^{\mathsf T} F \Delta + o(\lVert\Delta\rVert^2).`}
      />
      <p>
        Among all steps of one such length, the gradient's first-order gain is largest along{" "}
        <Maths of={tex`F^{-1} g`} />. TRPO goes there as far as the divergence <Maths of={tex`\delta`} /> allows, and
        shrinks the step until the surrogate has improved and the true divergence holds:
      </p>
      <Maths
        block
        of={tex`\theta' = \theta + \alpha^j \sqrt{\frac{2\delta}{g^{\mathsf T} F^{-1} g}}\; F^{-1} g, \qquad j = 0, 1, 2, \dots`}
      />
      <p>
        The map shows a corridor of five places. <Maths of={tex`\theta_1`} /> is the logit of going right in the first
        two of them, <Maths of={tex`3\,\theta_2`} /> in the next two. Drag the start: where the policy is nearly
        certain, the ellipse is long and far from the true region, and the line search has work to do.
      </p>
      <StepFigure />
      <p>
        A fixed rate crawls where the policy is sure, because the gradient is small there. Steps of one length in{" "}
        <Maths of={tex`F`} /> do not. But without the line search they believe the ellipse, and may leap from a good
        policy to a bad one.
      </p>
      <AscentFigure />
      <p>
        <Maths of={tex`F`} /> has a row and a column for each parameter, so nobody inverts it. Conjugate gradients solve{" "}
        <Maths of={tex`(F + cI)\,x = g`} /> from products <Maths of={tex`Fv`} /> alone, each of which costs about as
        much as two gradients.
      </p>
      <ConjugateFigure />
      <p>
        Why a trust region, and not the penalty that theory asks for? How much better another policy is, is known
        exactly (the performance-difference lemma); with the states of the old policy it becomes the surrogate{" "}
        <Maths of={tex`L_\pi`} />, and that bounds the truth from below:
      </p>
      <Maths
        block
        of={tex`\eta(\tilde\pi) - \eta(\pi) = \mathbb{E}_{\tau\sim\tilde\pi}\Big[\sum_t \gamma^t A_\pi(s_t, a_t)\Big], \qquad \eta(\tilde\pi) \ge L_\pi(\tilde\pi) - C \max_s \mathrm{KL}(\pi \,\|\, \tilde\pi), \qquad C = \frac{4\gamma \max|A_\pi|}{(1 - \gamma)^2}.`}
      />
      <p>
        The bound is right, and its <Maths of={tex`C`} /> so large that the step it allows is of no use. Move{" "}
        <Maths of={tex`\gamma`} /> towards 1 and see what is left of it.
      </p>
      <BoundFigure />
    </>
  );
}
