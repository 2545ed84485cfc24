/** The agent's way to the service: one report at a time, tried anew at every heartbeat, outages said once each. */
import { messageOf } from '../protocol/errors.ts';
import { type Target, findService, request } from './client.ts';

const TIMEOUT_MS = 2000;

export class AgentLink {
  readonly #env: NodeJS.ProcessEnv;
  readonly #dataDir: string | undefined;
  #target: Target | undefined;
  /** What must arrive before all else: that the worker registered. Everything later is outdated by the next heartbeat. */
  #first: object | undefined;
  #isAway = false;
  #refused = false;
  #latencyMs: number | null = null;
  readonly #onFirst: (url: string) => void;
  #hasArrived = false;

  /** `onFirst`: called once, when the first report has arrived, with the address of the service. */
  constructor(env: NodeJS.ProcessEnv, dataDir: string | undefined, onFirst: (url: string) => void) {
    this.#env = env;
    this.#dataDir = dataDir;
    this.#onFirst = onFirst;
  }

  /** Round trip of the last report that arrived, milliseconds. */
  get latencyMs(): number | null {
    return this.#latencyMs;
  }

  /** Sends the worker's first event, now or with the first report that gets through. */
  async register(event: object): Promise<void> {
    this.#first = event;
    await this.#send([event]);
  }

  /** Sends an event; it is lost when no service answers. */
  async send(event: object): Promise<void> {
    await this.#send(this.#first ? [this.#first, event] : [event]);
  }

  async #send(events: object[]): Promise<void> {
    try {
      // A service that was started again may listen elsewhere and have other tokens: it is looked up anew.
      this.#target ??= await findService(this.#env, 'ingest', this.#dataDir);
      await this.#post(this.#target, events);
    } catch (error) {
      this.#target = undefined;
      if (!this.#isAway) say(`${messageOf(error)} Trying again at every heartbeat.`);
      this.#isAway = true;
      return;
    }
    this.#first = undefined;
    if (this.#isAway) say('The service answers again.');
    this.#isAway = false;
  }

  async #post(target: Target, events: object[]): Promise<void> {
    const begin = performance.now();
    const response = await request(target, '/api/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { rejected } = (await response.json()) as { rejected: { message: string }[] };
    this.#latencyMs = performance.now() - begin;
    if (!this.#hasArrived) this.#onFirst(target.url);
    this.#hasArrived = true;
    if (rejected[0] && !this.#refused) {
      this.#refused = true;
      say(`The service refuses what this agent reports: ${rejected[0].message}`);
    }
  }
}

export function say(sentence: string): void {
  console.error(`pipescope: ${sentence}`);
}
