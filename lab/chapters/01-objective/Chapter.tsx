/** Chapter 1: J, its gradient, and the gradient's estimate from episodes, on two worlds where all of it is known. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { BanditFigure } from "./BanditFigure.tsx";
import { CloudFigure } from "./CloudFigure.tsx";
import { MazeFigure } from "./MazeFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        An episode is as likely as the policy's choices and the world's answers make it. The objective is the mean
        return over episodes:
      </p>
      <Maths
        block
        of={tex`p_\theta(\tau) = p(s_1) \prod_t \pi_\theta(a_t \mid s_t)\, p(s_{t+1} \mid s_t, a_t), \qquad J(\theta) = \mathbb{E}_\tau[R(\tau)]`}
      />
      <p>
        The start and the world do not depend on <Maths of={tex`\theta`} />. In the gradient only the policy's scores
        are left, so it can be estimated by acting, without knowing the world:
      </p>
      <Maths
        block
        of={tex`\nabla J = \mathbb{E}\big[\nabla \log p_\theta(\tau)\, R(\tau)\big] \approx \frac1N \sum_i \Big(\sum_t \nabla \log \pi_\theta(a_{it} \mid s_{it})\Big) R(\tau_i)`}
      />
      <p>
        Three arms pay 1, ½ and 0. The policy has a logit for each; two directions of them change it, which are the
        picture's axes. Drag <Maths of={tex`\theta`} /> and see where the hill is flat: a policy that is sure of
        something learns slowly, right or wrong.
      </p>
      <BanditFigure />
      <p>
        In the maze the goal pays 1 and the pit −1, one move in ten goes astray and the clock stops after 20. The policy
        picks every side alike. Each place has four logits; an arrow is the gradient for right less left and up less
        down. It is long where the policy often is and the sides differ in worth.
      </p>
      <MazeFigure />
      <p>
        One batch says little about the estimator; a thousand show its distribution. Its mean is{" "}
        <Maths of={tex`\nabla J`} /> for every N, which is what unbiased means, and its variance is a sum over
        independent episodes: <Maths of={tex`\operatorname{tr}\operatorname{Cov}(\hat g) \propto 1/N`} />. Here both are
        known in closed form.
      </p>
      <CloudFigure />
    </>
  );
}
