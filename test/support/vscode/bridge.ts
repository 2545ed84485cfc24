import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type * as vscode from 'vscode';
import { makeTempDir, removeTempDir } from '../tempDir.ts';

/** The extension that holds the other end; copied among the installed ones. */
export const bridgeExtension = fileURLToPath(new URL('./bridge-ext', import.meta.url));

type Code<Argument, Result> = (
  argument: Argument,
  api: typeof vscode,
  require: NodeJS.Require,
) => Result | Promise<Result>;

interface Answer {
  hello?: number;
  id?: number;
  value?: unknown;
  error?: string;
}

interface Call {
  socket: Socket;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** Runs functions of a test inside the extension host, over a Unix socket. */
export class Bridge {
  readonly env: NodeJS.ProcessEnv;
  readonly #folder = makeTempDir('bridge');
  readonly #server: Server;
  readonly #calls = new Map<number, Call>();
  #connection: { socket: Socket; pid: number } | undefined;
  #generation = 0;
  #lastCall = 0;

  private constructor() {
    this.env = { PIPESCOPE_TEST_BRIDGE: join(this.#folder, 's') };
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async open(): Promise<Bridge> {
    const bridge = new Bridge();
    bridge.#server.listen(bridge.env.PIPESCOPE_TEST_BRIDGE);
    await once(bridge.#server, 'listening');
    return bridge;
  }

  /** Process id of the extension host, or undefined while there is none. */
  get pid(): number | undefined {
    return this.#connection?.pid;
  }

  /** How many extension hosts have connected so far: it grows with every reload and every crash. */
  get generation(): number {
    return this.#generation;
  }

  /** Resolves when an extension host later than `generation` is connected. */
  async connected(generation = 0, timeoutMs = 60_000): Promise<void> {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!this.#connection || this.#generation <= generation) {
      await once(this.#server, 'hello', { signal }).catch(() => {
        throw new Error(`No extension host connected within ${timeoutMs} ms`);
      });
    }
  }

  /**
   * Calls `code(argument, vscode, require)` in the extension host; argument and result travel as JSON. The function is sent as text: it can use
   * its parameters and nothing else of the test.
   */
  async eval<Result>(code: Code<undefined, Result>): Promise<Result>;
  async eval<Argument, Result>(code: Code<Argument, Result>, argument: Argument): Promise<Result>;
  async eval(code: Code<never, unknown>, argument?: unknown): Promise<unknown> {
    await this.connected();
    const socket = this.#connection?.socket;
    if (!socket) throw new Error('The extension host went away');
    return new Promise((resolve, reject) => {
      const id = ++this.#lastCall;
      this.#calls.set(id, { socket, resolve, reject });
      socket.write(`${JSON.stringify({ id, code: code.toString(), argument })}\n`);
    });
  }

  close(): void {
    this.#connection?.socket.destroy();
    this.#server.close();
    removeTempDir(this.#folder);
  }

  #accept(socket: Socket): void {
    // A killed extension host resets the connection; 'close' follows and says what there is to say.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#drop(socket));
    createInterface({ input: socket }).on('line', (line) =>
      this.#take(socket, JSON.parse(line) as Answer),
    );
  }

  #take(socket: Socket, { hello, id, value, error }: Answer): void {
    if (hello !== undefined) {
      this.#connection = { socket, pid: hello };
      this.#generation++;
      this.#server.emit('hello');
      return;
    }
    const call = this.#calls.get(id ?? 0);
    this.#calls.delete(id ?? 0);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  }

  #drop(socket: Socket): void {
    if (this.#connection?.socket === socket) this.#connection = undefined;
    for (const [id, call] of this.#calls) {
      if (call.socket !== socket) continue;
      this.#calls.delete(id);
      call.reject(new Error('The extension host went away during the call'));
    }
  }
}
