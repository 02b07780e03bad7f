/** A formula in a line, or with `block` on a line of its own, which scrolls sideways by itself where it is wider than the page. */
export interface MathsProps {
  /** Made by tex`…`. */
  of: string;
  block?: boolean;
}

export function Maths({ of, block }: MathsProps) {
  if (!block) return <span class="maths" dangerouslySetInnerHTML={{ __html: of }} />;
  return (
    <div class="maths-block" dangerouslySetInnerHTML={{ __html: of.replace("<math>", '<math display="block">') }} />
  );
}
