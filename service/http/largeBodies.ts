/** Large bodies are held whole in memory: only so many at once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProductError } from '../protocol/errors.ts';

/** One that is worked on, and one that comes in meanwhile. */
const MAX_LARGE = 2;

interface Slot {
  holds: number;
}

/** Counts requests with large bodies, from their head until nobody has their bytes any more. */
export class LargeBodies {
  readonly #slots = new WeakMap<IncomingMessage, Slot>();
  #taken = 0;

  /** OVERLOADED where there are enough already. The slot is held until the response ends, or is cut off. */
  refused(request: IncomingMessage, response: ServerResponse): ProductError | undefined {
    if (this.#taken >= MAX_LARGE) {
      return new ProductError('OVERLOADED', {
        detail: 'Other large bodies are being read. Send this one when they are done.',
        retryAfter: 5,
      });
    }
    const slot = { holds: 1 };
    this.#taken++;
    this.#slots.set(request, slot);
    response.once('close', () => this.#letGo(slot));
    return undefined;
  }

  /** Holds the request's slot, too: a client that went away does not end what is done with its body. */
  async during<T>(request: IncomingMessage, task: () => T | Promise<T>): Promise<T> {
    const slot = this.#slots.get(request);
    if (!slot) return task();
    slot.holds++;
    try {
      return await task();
    } finally {
      this.#letGo(slot);
    }
  }

  #letGo(slot: Slot): void {
    if (--slot.holds === 0) this.#taken--;
  }
}
