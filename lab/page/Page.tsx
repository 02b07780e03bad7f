/** The page: opening, contents, chapters. */
import { useEffect } from "preact/hooks";
import { chapters } from "../chapters/contents.ts";
import { hasChapter } from "../chapters/load.ts";
import { followAddress } from "./address.ts";
import { Announcements } from "./announce.tsx";
import { BenchFrame, showsBench } from "./BenchFrame.tsx";
import { ChapterFrame } from "./ChapterFrame.tsx";
import { OwnEnvironmentFrame } from "./OwnEnvironmentFrame.tsx";
import { ThemeSwitch } from "./ThemeSwitch.tsx";

const present = chapters.filter(({ folder }) => hasChapter(folder));

export function Page() {
  useEffect(followAddress, []);
  return showsBench.value ? <BenchFrame /> : <Chapters />;
}

function Chapters() {
  return (
    <div class="page">
      <a class="skip" href="#contents">
        To the contents
      </a>
      <header>
        <div class="page-head">
          <h1>Policy gradients, live</h1>
          <ThemeSwitch />
        </div>
        <p class="opening">
          From the objective to reward hacking, in figures that compute while you look. Nothing is played back: each
          number comes from the library, in your browser, with its seed, its sample size and its interval, and beside it
          stands the exact value wherever one is known. Every figure has a table, and every setting is yours to change.
        </p>
      </header>
      <nav id="contents" class="contents" aria-label="Chapters">
        <ol>
          {present.map(({ name, title }) => (
            <li key={name}>
              <span class="number" aria-hidden="true">
                {chapters.findIndex((chapter) => chapter.name === name) + 1}
              </span>
              <a href={`#${name}`}>{title}</a>
            </li>
          ))}
          <li>
            <span class="number" aria-hidden="true" />
            <a href="#bench">The bench: train what you like</a>
          </li>
          <li>
            <span class="number" aria-hidden="true" />
            <a href="#own-environment">Your own environment: write one, and train it</a>
          </li>
        </ol>
      </nav>
      <main>
        {present.map((chapter) => (
          <ChapterFrame key={chapter.name} chapter={chapter} number={chapters.indexOf(chapter) + 1} />
        ))}
        <OwnEnvironmentFrame />
      </main>
      <Announcements />
    </div>
  );
}
