/** Work in short pieces, so that what the person does, and the next frame, need not wait for all of it. */

/** Half of a frame at 60 Hz, milliseconds. */
const SLICE_MS = 8;

export interface Turns {
  /** Milliseconds. */
  now(): number;
  /** Resolves in a new task of the page. */
  turn(): Promise<void>;
}

/**
 * Does one piece after the other, each to its end, and lets the page have its turn after some milliseconds of them. A
 * piece that fails stops none of the others; its error comes at the end.
 */
export async function inSlices(
  pieces: Iterable<() => unknown>,
  turns: Turns = PAGE,
): Promise<void> {
  const errors: unknown[] = [];
  let begin = turns.now();
  for (const piece of pieces) {
    if (turns.now() - begin >= SLICE_MS) {
      await turns.turn();
      begin = turns.now();
    }
    try {
      await piece();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

/** A message to oneself: a timer would wait for 4 ms. */
export const PAGE: Turns = {
  now: () => performance.now(),
  turn: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    }),
};
