export interface Turn {
  print(text: string | Buffer): void;
  end(): void;
}

/**
 * Shows what several print at the same time, each whole: the one that began first live, the others from their begin on when those before them have
 * ended. What is held back is the log of a test run, some hundred kilobytes.
 */
export class OutputInTurn {
  readonly #to: { write(text: string | Buffer): unknown };
  readonly #turns: { held: (string | Buffer)[]; ended: boolean }[] = [];

  constructor(to: { write(text: string | Buffer): unknown }) {
    this.#to = to;
  }

  begin(heading: string): Turn {
    const turn = { held: [heading] as (string | Buffer)[], ended: false };
    this.#turns.push(turn);
    this.#show();
    return {
      print: (text) => {
        turn.held.push(text);
        this.#show();
      },
      end: () => {
        turn.ended = true;
        this.#show();
      },
    };
  }

  #show(): void {
    for (let first = this.#turns[0]; first; first = this.#turns[0]) {
      for (const text of first.held.splice(0)) this.#to.write(text);
      if (!first.ended) return;
      this.#turns.shift();
    }
  }
}
