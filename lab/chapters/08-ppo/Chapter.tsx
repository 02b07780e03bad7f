/** Chapter 8: PPO, by clipping and by a penalty. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { AdaptiveFigure } from "./AdaptiveFigure.tsx";
import { ClipFigure } from "./ClipFigure.tsx";
import { ObjectivesFigure } from "./ObjectivesFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        Several gradient steps on one batch need something that keeps the policy near the one that acted. PPO takes the
        surrogate and clips each sample's ratio where it would gain by going farther:
      </p>
      <Maths
        block
        of={tex`\mathbb{E}\big[\min\big(\rho A,\ \operatorname{clip}(\rho, 1-\varepsilon, 1+\varepsilon)\, A\big)\big], \qquad \rho = \frac{\pi_\theta(a \mid s)}{\pi_{\text{old}}(a \mid s)}.`}
      />
      <p>
        The smaller of the two counts. A good action stops paying above <Maths of={tex`1 + \varepsilon`} />, a bad one
        below <Maths of={tex`1 - \varepsilon`} />; a step in the wrong direction is never clipped. Nothing pulls a ratio
        back once it is outside: other samples share its parameters, and may push it on.
      </p>
      <ClipFigure />
      <p>
        The other way is a penalty, with a weight that follows what the last update did. It doubles above one and a half
        times the target <Maths of={tex`d`} />, and halves below its two thirds:
      </p>
      <Maths
        block
        of={tex`\mathbb{E}[\rho A] - \beta\, \mathrm{KL}(\pi_{\text{old}} \,\|\, \pi_\theta), \qquad \beta \leftarrow \begin{cases} \beta / 2 & \mathrm{KL} < d / 1.5 \\ 2\beta & \mathrm{KL} > 1.5\, d \end{cases}`}
      />
      <AdaptiveFigure />
      <p>
        Training shows what all this is for. Here the step size is large and the epochs are many, on purpose. Held by
        nothing, single updates move the policy by whole nats, and what was learnt is lost again; clipped, they stay
        near a hundredth. With a penalty the chart of <Maths of={tex`\beta`} /> shows it at work.
      </p>
      <ObjectivesFigure />
    </>
  );
}
