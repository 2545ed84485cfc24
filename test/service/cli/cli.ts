import { join } from 'node:path';
import { build } from 'esbuild';
import type { ReadyLine } from '../../../service/protocol/dataDir.ts';
import { root } from '../../support/paths.ts';
import { type Exit, type TrackedProcess, startProcess } from '../../support/processes.ts';
import { makeTempDir, removeTempDir } from '../../support/tempDir.ts';

export interface Finished extends Exit {
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
}

/** The command line as it is shipped: bundled once, then started as processes that end with the test. */
export class Cli {
  readonly #folder = makeTempDir('cli');
  readonly #running: TrackedProcess[] = [];
  readonly #folders: string[] = [];

  get file(): string {
    return join(this.#folder, 'cli.cjs');
  }

  async build(): Promise<void> {
    await build({
      entryPoints: [join(root, 'service', 'main.ts')],
      outfile: this.file,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
      define: { 'import.meta.dirname': '__dirname', PIPESCOPE_VERSION: '"1.2.3-test"' },
    });
  }

  folder(): string {
    const folder = makeTempDir('cli-data');
    this.#folders.push(folder);
    return folder;
  }

  start(args: readonly string[], { env = {}, cwd }: CliOptions = {}): TrackedProcess {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('PIPESCOPE_'));
    const started = startProcess(process.execPath, [this.file, ...args], {
      env: { ...Object.fromEntries(clean), ...env },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#running.push(started);
    return started;
  }

  async run(args: readonly string[], options: CliOptions = {}): Promise<Finished> {
    const started = this.start(args, options);
    const exit = await started.exited;
    return { ...exit, stdout: started.stdout, stderr: started.stderr };
  }

  /** Starts a service and resolves with its ready line. */
  async serve(
    dataDir: string,
    args: readonly string[] = ['--port', '0'],
    options: CliOptions = {},
  ): Promise<{ service: TrackedProcess; ready: ReadyLine }> {
    const service = this.start(['serve', '--data-dir', dataDir, ...args], options);
    const [line] = await service.waitForOutput(/^\{"ready":true.*\}$/m, 10_000);
    return { service, ready: JSON.parse(line) as ReadyLine };
  }

  /** Ends what the test started. */
  async endAll(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((one) => one.stop()));
    for (const folder of this.#folders.splice(0)) removeTempDir(folder);
  }

  close(): void {
    removeTempDir(this.#folder);
  }
}

/** In a `describe`: the command line, built before the tests; processes and folders end after each. */
export function useCli(): Cli {
  const cli = new Cli();
  before(() => cli.build());
  afterEach(() => cli.endAll());
  after(() => cli.close());
  return cli;
}
