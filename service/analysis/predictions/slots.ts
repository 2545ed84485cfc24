/** The newest stretch of a series as a bounded number of means, one a slot of time. */

const SLOTS = 40;

interface Slot {
  number: number;
  count: number;
  /** Means of the points in it. */
  time: number;
  value: number;
}

export class Slots {
  /** Milliseconds. */
  readonly width: number;
  /** The oldest first: slots without points are not there. */
  #slots: Slot[] = [];

  constructor(width: number) {
    this.width = width;
  }

  /** Points of earlier slots than the newest are passed over; a clock that was set back by more than all begins anew. */
  add(time: number, value: number): void {
    const number = Math.floor(time / this.width);
    let newest = this.#slots.at(-1);
    if (newest !== undefined && number < newest.number) {
      if (number >= newest.number - SLOTS) return;
      this.#slots = [];
      newest = undefined;
    }
    if (newest?.number === number) {
      newest.count++;
      newest.time += (time - newest.time) / newest.count;
      newest.value += (value - newest.value) / newest.count;
      return;
    }
    this.#slots = this.#slots.filter((slot) => slot.number > number - SLOTS);
    this.#slots.push({ number, count: 1, time, value });
  }

  /** Mean time and value of each slot. The slot that still takes points counts, too. */
  means(): { times: number[]; values: number[] } {
    return {
      times: this.#slots.map(({ time }) => time),
      values: this.#slots.map(({ value }) => value),
    };
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Milliseconds from the first slot's start to the last one's end. */
  get span(): number {
    const [first, last] = [this.#slots[0], this.#slots.at(-1)];
    return ((last?.number ?? 0) - (first?.number ?? 0) + 1) * this.width;
  }
}
