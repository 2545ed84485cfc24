import { cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../chromium.ts';
import { makeTempDir, removeTempDir } from '../tempDir.ts';
import { currentHostName, requireHost } from './hosts.ts';
import { RunnerLink, type Verdict } from './runnerLink.ts';
import { VscodeServer } from './server.ts';

/** The part of `code`'s command line that test-electron uses. */
interface Request {
  extension: string | undefined;
  tests: string;
  target: string | undefined;
}

interface Outcome {
  code: number;
  reason?: string | undefined;
}

/**
 * Runs the tests of one command line; the exit code. 0 needs both: the runner's own verdict, and VS Code saying that the tests went well. So a
 * crash, a `process.exit(0)` in a test and a hang are all failures.
 */
export async function main(args: string[]): Promise<number> {
  const { code, reason } = await new TestRun(parseRequest(args)).run();
  if (reason) console.error(`VS Code ${requireHost(currentHostName()).version}: ${reason}`);
  return code;
}

export function parseRequest(args: string[]): Request {
  const { values, positionals } = parseArgs({
    args: args.filter(Boolean),
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
    },
  });
  const { extensionDevelopmentPath: extension, extensionTestsPath: tests } = values;
  if (typeof tests !== 'string') throw new Error('--extensionTestsPath is required');
  return {
    extension: typeof extension === 'string' ? resolve(extension) : undefined,
    tests: resolve(tests),
    target: positionals[0] && resolve(positionals[0]),
  };
}

class TestRun {
  readonly #request: Request;
  readonly #folder = makeTempDir('code');
  readonly #link: RunnerLink;
  readonly #pageLog: string[] = [];
  #server: VscodeServer | undefined;
  #browser: Browser | undefined;
  #page: Page | undefined;

  constructor(request: Request) {
    this.#request = request;
    this.#link = new RunnerLink(this.#folder, request.tests);
  }

  async run(): Promise<Outcome> {
    try {
      const outcome = await this.#outcome();
      this.#link.pump();
      if (outcome.code !== 0) await this.#keepTraces();
      return outcome;
    } catch (error) {
      return { code: 1, reason: String(error instanceof Error ? error.stack : error) };
    } finally {
      await this.#close();
    }
  }

  async #outcome(): Promise<Outcome> {
    const server = await VscodeServer.start(requireHost(currentHostName()), {
      dataFolder: join(this.#folder, 'data'),
      env: this.#link.env,
      smokeTestDriver: true,
    });
    this.#server = server;
    this.#browser = await launchChromium();
    const ends = new AbortController();
    const page = await this.#browser.newPage({ viewport: { width: 1400, height: 900 } });
    this.#page = page;
    const ended = this.#endOf(page, server, ends.signal);
    await page.goto(server.url(this.#window()));
    try {
      return await ended;
    } finally {
      ends.abort();
    }
  }

  /** Whatever ends the run first. */
  #endOf(page: Page, server: VscodeServer, stop: AbortSignal): Promise<Outcome> {
    page.on('console', (message) => this.#pageLog.push(`${message.type()} ${message.text()}`));
    page.on('pageerror', (error) => this.#pageLog.push(`pageerror ${error.message}`));
    const gone = (reason: string) => (): Outcome => ({ code: 1, reason });
    return Promise.race([
      this.#reportedExit(page),
      page
        .waitForEvent('crash', { timeout: 0 })
        .then(gone('the page crashed'), gone('the browser went away')),
      server.process.exited.then(gone('the server ended')),
      this.#watchExtensionHost(server, stop),
    ]);
  }

  /** VS Code calls these two functions when the page has them. */
  async #reportedExit(page: Page): Promise<Outcome> {
    await page.exposeFunction('codeAutomationLog', () => undefined);
    const code = await new Promise<number>((done, fail) => {
      page.exposeFunction('codeAutomationExit', done).catch(fail);
    });
    return outcomeOf(code, this.#link.verdict());
  }

  /** Copies the tests' output as it comes, and notices an extension host that died without a word. */
  async #watchExtensionHost(server: VscodeServer, stop: AbortSignal): Promise<Outcome> {
    const died = /Extension Host Process exited with code: (\S+), signal: (\w+)/;
    while (!stop.aborted) {
      this.#link.pump();
      const match = died.exec(server.process.stdout);
      if (match) {
        // After a normal end the page reports its exit first.
        await sleep(3_000);
        return {
          code: 1,
          reason: `the extension host died (code ${match[1]}, signal ${match[2]})`,
        };
      }
      await sleep(50);
    }
    return { code: 1 };
  }

  #window() {
    const { target, extension } = this.#request;
    const tests = this.#link.shim;
    if (target?.endsWith('.code-workspace')) return { workspace: target, extension, tests };
    const isFolder = target !== undefined && existsSync(target) && statSync(target).isDirectory();
    return { folder: isFolder ? target : undefined, extension, tests };
  }

  /** What one needs to understand a failure: a picture, the page's console, the server's and VS Code's logs. */
  async #keepTraces(): Promise<void> {
    const folder = process.env.PIPESCOPE_TEST_TRACES;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.#page
      ?.screenshot({ path: join(folder, 'failure.png'), timeout: 5_000 })
      .catch(() => undefined);
    writeFileSync(join(folder, 'page.log'), this.#pageLog.join('\n'));
    writeFileSync(join(folder, 'server.log'), this.#server?.process.stdout ?? '');
    const logs = join(this.#folder, 'data/data/logs');
    if (existsSync(logs)) cpSync(logs, join(folder, 'logs'), { recursive: true });
    console.error(`Picture and logs of the failed run: ${folder}`);
  }

  async #close(): Promise<void> {
    // A browser that has crashed may not answer; its process ends with this one.
    await Promise.race([this.#browser?.close(), sleep(4_000, undefined, { ref: false })]);
    await this.#server?.stop();
    removeTempDir(this.#folder);
  }
}

function outcomeOf(code: number, verdict: Verdict | undefined): Outcome {
  if (!verdict) return { code: 1, reason: 'the test runner did not finish' };
  // The extension host has printed the runner's error itself.
  return { code: verdict.ok ? code : code || 1 };
}
