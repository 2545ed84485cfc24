/** Work in short pieces, so that what the person does, and the next frame, need not wait for all of it. */

/** Milliseconds. Shorter pieces would have the browser draw the page between each two of them. */
const SLICE_MS = 30;
/** A page that nobody sees is not drawn: nothing waits for it longer than this. */
const MOST_FRAME_MS = 1_000;

export interface Turns {
  /** Milliseconds. */
  now(): number;
  /** Resolves in a new task of the page. */
  turn(): Promise<void>;
  /** Resolves when what was changed is drawn. */
  drawn(): Promise<void>;
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

export const PAGE: Turns = {
  now: () => performance.now(),
  turn,
  drawn: () =>
    new Promise((resolve) => {
      const patience = setTimeout(resolve, MOST_FRAME_MS);
      requestAnimationFrame(() => {
        clearTimeout(patience);
        // This is before the drawing; a new task is after it.
        void turn().then(resolve);
      });
    }),
};

/** A message to oneself: a timer would wait for 4 ms. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
