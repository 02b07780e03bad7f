/** Chapter 1: J, its gradient, and the gradient's estimate from episodes. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { BanditFigure } from "./BanditFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        The objective is the mean return, <Maths of={tex`J(\theta) = \mathbb{E}_\tau[R(\tau)]`} />. The world does not
        depend on <Maths of={tex`\theta`} />, so its gradient needs the policy's scores only:
      </p>
      <Maths
        block
        of={tex`\nabla J = \mathbb{E}\big[\nabla \log p_\theta(\tau)\, R(\tau)\big], \qquad \nabla \log p_\theta(\tau) = \sum_t \nabla \log \pi_\theta(a_t \mid s_t)`}
      />
      <BanditFigure />
    </>
  );
}
