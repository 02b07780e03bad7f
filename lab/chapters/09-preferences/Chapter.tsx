/** Chapter 9: preferences, the optimum they lead to, and the methods that go there. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { OptimumFigure } from "./OptimumFigure.tsx";
import { RoadsFigure } from "./RoadsFigure.tsx";
import { WritingFigure } from "./WritingFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        A language model is a policy: a text <Maths of={tex`y`} /> is an episode, its tokens are the actions. What
        people prefer becomes a reward by the model of Bradley and Terry,{" "}
        <Maths of={tex`p(y_c \succ y_r) = \sigma(r_c - r_r)`} />, and a KL divergence holds the policy to where it came
        from:
      </p>
      <Maths
        block
        of={tex`\max_\pi\ \mathbb{E}_\pi[r] - \beta\, \mathrm{KL}(\pi \,\|\, \pi_{\text{ref}}) = \beta \log Z, \qquad \pi^* = \tfrac1Z\, \pi_{\text{ref}}\, e^{r/\beta}.`}
      />
      <p>
        Where all texts can be listed, every one of these is a sum. A small <Maths of={tex`\beta`} /> gives everything
        to the best text, a large one leaves <Maths of={tex`\pi_{\text{ref}}`} /> as it is. Where the KL term stands
        decides what is reached: the three switches show other ends than <Maths of={tex`\pi^*`} />.
      </p>
      <OptimumFigure />
      <p>
        DPO needs no reward, since <Maths of={tex`Z`} /> cancels in a pair: with{" "}
        <Maths of={tex`\ell = \log(\pi / \pi_{\text{ref}})`} /> it minimises{" "}
        <Maths of={tex`-\log\sigma(\beta(\ell_c - \ell_r))`} />, and ends at the same <Maths of={tex`\pi^*`} />. If
        labels never err there is no such end: margins grow for ever. IPO asks for a margin of{" "}
        <Maths of={tex`\tfrac1{2\tau}`} /> (here <Maths of={tex`\tau = \beta`} />) and ends in either case, at a policy
        of its own.
      </p>
      <p>
        PPO and RLOO put the KL term into the reward and end at <Maths of={tex`\pi^*`} />. At <Maths of={tex`\pi^*`} />{" "}
        the reward less its penalty is <Maths of={tex`\beta \log Z`} /> for every text, so that advantages vanish and
        sampling leaves no noise. GRPO has the term in its loss, one price for each token at the prefixes as they come,
        and its group's mean contains the sample itself: it ends where
      </p>
      <Maths
        block
        of={tex`\pi(a \mid x) \propto \pi_{\text{ref}}(a \mid x)\, e^{Q(x, a)/\beta'}, \qquad \beta' = \beta\, \frac{G}{G-1},`}
      />
      <p>
        with <Maths of={tex`Q`} /> the expected reward alone, what later tokens pay left out. Of texts of one token that
        is <Maths of={tex`\pi^*`} /> at <Maths of={tex`\beta'`} />; of longer ones it is worth less.
      </p>
      <RoadsFigure />
      <p>
        The same with a transformer of two layers, trained in this page with the library's own learners. It first
        imitates demonstrations, then it learns to please. The reward counts vowels, as a stand-in for “sounds soft”;
        whether a text is still a name the reward does not see. <Maths of={tex`\beta`} /> is the dial between the two.
      </p>
      <WritingFigure />
    </>
  );
}
