/** Chapter 6: data of another policy. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { RungsFigure } from "./RungsFigure.tsx";
import { VTraceFigure } from "./VTraceFigure.tsx";
import { WeightsFigure } from "./WeightsFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        Episodes of a policy <Maths of={tex`\mu`} /> can stand for those of another one, <Maths of={tex`\pi`} />, if
        each counts with the ratio of its probabilities. What the world does cancels:
      </p>
      <Maths
        block
        of={tex`\mathbb{E}_\pi[f(\tau)] = \mathbb{E}_\mu\Big[f(\tau) \prod_{t=1}^{T} \rho_t\Big], \qquad \rho_t = \frac{\pi(a_t \mid s_t)}{\mu(a_t \mid s_t)}.`}
      />
      <p>
        The mean of the weight is 1 for every <Maths of={tex`T`} />, and its variance grows like the{" "}
        <Maths of={tex`T`} />
        -th power of a number above 1. Nearly all trajectories get weights near 0, and a few rare ones carry the rest.
        The effective sample size says how many equal weights would be worth as much:
      </p>
      <Maths
        block
        of={tex`N_{\text{eff}} = \frac{\big(\sum_i w_i\big)^2}{\sum_i w_i^2} \;\longrightarrow\; \frac{N}{1 + \operatorname{Var}[w]}.`}
      />
      <WeightsFigure />
      <p>
        Where the measured variance falls below the exact one, nothing is wrong with the estimate: the trajectories that
        carry the variance were not met, and its interval cannot know of them. So the product is given up, factor by
        factor. The weight <Maths of={tex`w_t`} /> of the score <Maths of={tex`\nabla\log\pi(a_t \mid s_t)`} /> is
      </p>
      <Maths
        block
        of={tex`\begin{aligned} &\text{1 full trajectory} & &\textstyle\prod_{\text{all}} \rho \cdot R(\tau) \\ &\text{2 causal} & &\textstyle\prod_{t' \le t} \rho_{t'} \cdot \sum_{t' \ge t} r_{t'} \prod_{t < t'' \le t'} \rho_{t''} \\ &\text{3 policy iteration} & &\textstyle\prod_{t' \le t} \rho_{t'} \cdot \sum_{t' \ge t} r_{t'} \\ &\text{4 first order} & &\textstyle\rho_t \, \hat Q_t \end{aligned}`}
      />
      <p>
        The first two are unbiased. The third takes the values of <Maths of={tex`\mu`} />, the fourth its states too:
        both estimate something else, whose distance from <Maths of={tex`\nabla J`} /> is known here. With few
        trajectories the last has the smallest error all the same, and it is what TRPO and PPO start from.
      </p>
      <RungsFigure />
      <p>
        Values can be learnt from another policy's data as well. V-trace cuts each ratio twice, at{" "}
        <Maths of={tex`\bar\rho`} /> where it weighs the error of a step, and at <Maths of={tex`\bar c`} /> where it
        lets later errors travel back:
      </p>
      <Maths
        block
        of={tex`v_t = V(s_t) + \min(\bar\rho, \rho_t)\, \delta_t + \gamma \min(\bar c, \rho_t)\, \big(v_{t+1} - V(s_{t+1})\big), \qquad \delta_t = r_t + \gamma V(s_{t+1}) - V(s_t).`}
      />
      <p>
        It ends at the value of a policy between the two,{" "}
        <Maths of={tex`\pi_{\bar\rho}(a \mid s) \propto \min\big(\bar\rho\, \mu(a \mid s),\, \pi(a \mid s)\big)`} />,
        whatever <Maths of={tex`\bar c`} /> is. A larger <Maths of={tex`\bar c`} /> gets there in fewer iterations, with
        more noise on the way.
      </p>
      <VTraceFigure />
    </>
  );
}
