/** A chapter's place in the page: its title at once, what is in it when it comes near, its sources at the end. */
import { useRef } from "preact/hooks";
import type { ChapterEntry } from "../chapters/contents.ts";
import { loadChapter } from "../chapters/load.ts";
import { LazyPart } from "./LazyPart.tsx";

export function ChapterFrame({ chapter, number }: { chapter: ChapterEntry; number: number }) {
  const { folder, name, title, lead, theory, source, files, height } = chapter;
  const place = useRef<HTMLElement>(null);
  return (
    <section id={name} class="chapter" ref={place} aria-labelledby={`${name}-title`}>
      <p class="chapter-number">Chapter {number}</p>
      <h2 id={`${name}-title`} tabIndex={-1}>
        {title}
      </h2>
      <p class="chapter-lead">{lead}</p>
      <LazyPart name={name} place={place} load={() => loadChapter(folder)} height={height} />
      <p class="chapter-foot">
        Theory: {theory} of docs/theory.md. Source: {source}. In the library: <code>{files}</code>.
      </p>
    </section>
  );
}
