/** The mean of all values at first, and of about the last `memory` ones then: newer values weigh more. */
export class RunningMean {
  mean = 0;
  #count = 0;
  readonly #memory: number;

  constructor(memory: number) {
    this.#memory = memory;
  }

  add(value: number): number {
    if (this.#count < this.#memory) this.#count++;
    this.mean += (value - this.mean) / this.#count;
    return this.mean;
  }

  /** How many values it stands for, up to its memory. */
  get weight(): number {
    return this.#count;
  }
}
