// @ts-check

/**
 * @typedef {object} QueuedEvent
 * @property {string} text the event as JSON
 * @property {boolean} droppable true for events that the next one of their kind replaces
 */

/**
 * A queue that cannot grow without end. When it is full, progress goes first, because the next progress event says
 * the same and more; after that the oldest events go. What went is counted.
 */
export class EventQueue {
  /** @type {QueuedEvent[]} */
  #events = [];
  #bytes = 0;
  dropped = 0;

  /** @param {{ maxEvents: number, maxBytes: number }} limits */
  constructor({ maxEvents, maxBytes }) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  get size() {
    return this.#events.length;
  }

  /** @param {QueuedEvent} event */
  push(event) {
    this.#events.push(event);
    this.#bytes += event.text.length;
    this.#shrink();
  }

  /**
   * Takes the oldest events, at least one if there is one.
   * @param {{ maxEvents: number, maxBytes: number }} limits
   */
  take({ maxEvents, maxBytes }) {
    let bytes = 0;
    let count = 0;
    for (const { text } of this.#events) {
      if (count > 0 && (count === maxEvents || bytes + text.length > maxBytes)) break;
      bytes += text.length;
      count++;
    }
    this.#bytes -= bytes;
    return this.#events.splice(0, count);
  }

  /**
   * Puts events that could not be sent back to the front.
   * @param {QueuedEvent[]} events
   */
  putBack(events) {
    this.#events.unshift(...events);
    for (const { text } of events) this.#bytes += text.length;
    this.#shrink();
  }

  #shrink() {
    while (this.#events.length > this.maxEvents || this.#bytes > this.maxBytes) {
      const progress = this.#events.findIndex(({ droppable }) => droppable);
      const [gone] = this.#events.splice(Math.max(progress, 0), 1);
      this.#bytes -= gone?.text.length ?? 0;
      this.dropped++;
    }
  }
}
