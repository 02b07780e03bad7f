/** When the next iteration may begin: paused, one step, or so many a second. The clock is the caller's. */
import type { Speed } from "../protocol.ts";

export class Gate {
  speed: Speed = "full";
  #running = false;
  #steps = 0;
  #next = 0;
  #wake: (() => void) | undefined;

  get isOpen(): boolean {
    return this.#running || this.#steps > 0;
  }

  resume(): void {
    this.#running = true;
    this.#wake?.();
  }

  /** Behind the iteration under way. */
  pause(): void {
    this.#running = false;
    this.#steps = 0;
  }

  /** One iteration, and then a pause. */
  step(): void {
    this.#running = false;
    this.#steps = 1;
    this.#wake?.();
  }

  /** Whatever holds it is looked at again, such as another speed. */
  look(): void {
    this.#wake?.();
  }

  /** Undefined where the next iteration may begin at once. @param onPause called once when it has to wait for somebody. */
  pass(onPause: () => void): Promise<void> | undefined {
    if (this.#running && this.speed === "full") return undefined;
    return this.#pass(onPause);
  }

  async #pass(onPause: () => void): Promise<void> {
    let told = false;
    for (;;) {
      if (this.#steps > 0) {
        this.#steps--;
        return;
      }
      if (!this.#running) {
        if (!told) onPause();
        told = true;
        await this.#sleep();
        continue;
      }
      const left = this.speed === "full" ? 0 : this.#next - performance.now();
      if (left <= 0) {
        this.#next =
          this.speed === "full" ? 0 : Math.max(this.#next, performance.now() - 1000 / this.speed) + 1000 / this.speed;
        return;
      }
      await this.#sleep(left);
    }
  }

  #sleep(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
