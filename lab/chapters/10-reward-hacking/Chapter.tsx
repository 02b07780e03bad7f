/** Chapter 10: what becomes of the reward that is wanted while the one that stands for it is optimised. */
import { Maths } from "../../maths/Maths.tsx";
import { tex } from "../../maths/tex.ts";
import { DefencesFigure } from "./DefencesFigure.tsx";
import { GoodhartFigure } from "./GoodhartFigure.tsx";
import { LengthFigure } from "./LengthFigure.tsx";
import { TailsFigure } from "./TailsFigure.tsx";

export default function Chapter() {
  return (
    <>
      <p>
        The reward that is optimised stands for another one. Here both are known: sentences of five words over six,
        7,776 in all, written by a grammar that slips in 3 % of the places; gold is a fixed random network over the
        words, less 2 for every slip. The proxy is a reward model that learns from comparisons of such sentences, a
        quarter of the labels flipped. Slips are rare among them, so that what it believes of slips is wrong just where
        optimisation leads. Over <Maths of={tex`d = \sqrt{\mathrm{KL}(\pi \,\|\, \pi_{\text{ref}})}`} /> gold rises,
        peaks and falls:
      </p>
      <Maths
        block
        of={tex`R_{\text{best of } n}(d) = d\,(\alpha - \beta d), \qquad R_{\text{RL}}(d) = d\,(\alpha - \beta \log d).`}
      />
      <p>
        Every seed has a world, labels, a proxy and a policy of its own, all learnt while you look. Expectations and
        divergences are sums over all sentences; the intervals are over seeds.
      </p>
      <GoodhartFigure />
      <p>
        What holds it back is a switch each. A KL budget is the cheapest. An ensemble of reward models knows where its
        members disagree, as far as they do: these learn from the same comparisons with other starting values. With few
        seeds most of the gains are not apart from chance, and the sentence below the picture says so.
      </p>
      <DefencesFigure />
      <p>
        Whether there is anything to gain depends on the error's tail. Gold and error are independent here, and the
        proxy is their sum. With normal errors the best of <Maths of={tex`n`} /> has ever more of both; with heavy tails
        the largest proxy is an error, and gold comes back to where it began. A KL penalty does not help.
      </p>
      <TailsFigure />
      <p>
        Raters like long answers. Gold likes what a network makes of the first three words and dislikes more than three;
        the proxy likes the same, and every word.
      </p>
      <LengthFigure />
    </>
  );
}
