/** The rows of the benchmark: what was measured, what was wanted, and whether it was met. */
import { cpus } from 'node:os';

interface Row {
  what: string;
  wanted: string;
  got: string;
  ok: boolean;
}

export interface Ratio {
  what: string;
  least: number;
  ratio: number;
  /** Out of which numbers. */
  detail: string;
}

export class Table {
  readonly #rows: Row[] = [];

  ratio({ what, least, ratio, detail }: Ratio): void {
    const got = `${ratio.toFixed(2)} x  (${detail})`;
    this.#rows.push({ what, wanted: `${least} x`, got, ok: ratio >= least });
  }

  below(what: string, value: number, most: number, unit: string): void {
    const ok = value < most;
    this.#rows.push({ what, wanted: `< ${most} ${unit}`, got: `${shown(value)} ${unit}`, ok });
  }

  atLeast(what: string, value: number, least: number, unit: string): void {
    const wanted = `${least.toLocaleString('en')} ${unit}`;
    this.#rows.push({ what, wanted, got: `${shown(value)} ${unit}`, ok: value >= least });
  }

  /** Prints all rows; false when one was missed. */
  print(): boolean {
    const width = Math.max(...this.#rows.map((row) => row.what.length));
    const wide = Math.max(...this.#rows.map((row) => row.wanted.length));
    const cpu = cpus()[0]?.model ?? 'unknown CPU';
    console.log(`\n${cpus().length} x ${cpu}, Node ${process.version}\n`);
    for (const { what, wanted, got, ok } of this.#rows) {
      const verdict = ok ? 'ok    ' : 'MISSED';
      console.log(`${verdict}  ${what.padEnd(width)}  ${wanted.padStart(wide)}  ${got}`);
    }
    return this.#rows.every(({ ok }) => ok);
  }
}

function shown(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value < 1 ? value.toFixed(3) : value.toFixed(1);
}
