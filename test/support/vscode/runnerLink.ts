import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runnerShim.cjs writes when the real test runner has ended. */
export interface Verdict {
  ok: boolean;
}

/**
 * The way back from the extension host. VS Code is told to load a shim instead of the test runner; it sends everything printed there,
 * synchronously, to a file, so that nothing is lost in a crash, and leaves its verdict in a second one.
 */
export class RunnerLink {
  readonly shim = fileURLToPath(new URL('./runnerShim.cjs', import.meta.url));
  readonly env: NodeJS.ProcessEnv;
  readonly #output: number;
  readonly #verdict: string;
  #position = 0;

  constructor(folder: string, runner: string) {
    const output = join(folder, 'output.log');
    this.#verdict = join(folder, 'verdict.json');
    writeFileSync(output, '');
    this.#output = openSync(output, 'r');
    process.once('exit', () => closeSync(this.#output));
    this.env = {
      PIPESCOPE_TEST_RUNNER: runner,
      PIPESCOPE_TEST_OUTPUT: output,
      PIPESCOPE_TEST_VERDICT: this.#verdict,
    };
  }

  /** Copies what was printed since the last call to stdout. */
  pump(): void {
    const length = fstatSync(this.#output).size - this.#position;
    if (length <= 0) return;
    const chunk = Buffer.alloc(length);
    this.#position += readSync(this.#output, chunk, 0, length, this.#position);
    process.stdout.write(chunk);
  }

  /** Undefined when the runner did not come to its end. */
  verdict(): Verdict | undefined {
    if (!existsSync(this.#verdict)) return undefined;
    return JSON.parse(readFileSync(this.#verdict, 'utf8')) as Verdict;
  }
}
