/** Work of which there is only so much at the same time: who comes on top is told to come again. */
import { ProductError } from './protocol/errors.ts';

export interface AtOnceOptions {
  most: number;
  /** What is told to who comes on top. */
  detail: string;
  /** Seconds. */
  retryAfter: number;
}

export class AtOnce {
  readonly #options: AtOnceOptions;
  #going = 0;

  constructor(options: AtOnceOptions) {
    this.#options = options;
  }

  get going(): number {
    return this.#going;
  }

  /** Throws OVERLOADED where there are enough already, the reason of the signal where it has ended, and what the task throws. */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const { most, detail, retryAfter } = this.#options;
    if (this.#going >= most) throw new ProductError('OVERLOADED', { detail, retryAfter });
    this.#going++;
    try {
      return await task();
    } finally {
      this.#going--;
    }
  }
}
