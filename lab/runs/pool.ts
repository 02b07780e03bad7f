/** Who may compute: so many at a time, the others wait in line. Knows nothing of workers. */

export interface Turn {
  /** Gives the place back, or leaves the line; once. */
  release(): void;
}

export class Pool {
  readonly #places: number;
  readonly #line: { begin: () => void }[] = [];
  #taken = 0;

  /** @param places at once, ≥ 1. */
  constructor(places: number) {
    this.#places = places;
  }

  /** @param begin called when there is a place: at once, or later. */
  take(begin: () => void): Turn {
    let holds = false;
    let over = false;
    const entry = {
      begin: () => {
        holds = true;
        this.#taken++;
        begin();
      },
    };
    this.#line.push(entry);
    this.#next();
    return {
      release: () => {
        if (over) return;
        over = true;
        const place = this.#line.indexOf(entry);
        if (place >= 0) this.#line.splice(place, 1);
        if (!holds) return;
        this.#taken--;
        this.#next();
      },
    };
  }

  #next(): void {
    while (this.#taken < this.#places) {
      const first = this.#line.shift();
      if (first === undefined) return;
      first.begin();
    }
  }
}

/** All but one of the machine's processors, for the page has to be drawn; at most 8. */
export function placesHere(processors = navigator.hardwareConcurrency): number {
  return Math.max(1, Math.min(8, (processors || 2) - 1));
}
