import { t } from '@vscode/l10n';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../../app.ts';
import { messageOf } from '../../../service/protocol/errors.ts';

interface Host extends ReactiveControllerHost {
  app: App;
}

export interface Part {
  name: string;
  load: () => Promise<unknown>;
}

/**
 * Fetches the code of regions: of the first that is seen, when that shows its records of all others near the screen, and
 * of the rest when nothing else is to be done.
 */
export class RegionCode implements ReactiveController {
  readonly #host: Host;
  readonly #loading = new Set<string>();
  readonly #here = new Set<string>();
  /** Said once; tried again only when the region is wanted. */
  readonly #failed = new Set<string>();
  #idle: number | undefined;
  #first: string | undefined;
  /** Whether the first view is drawn. */
  #open = false;
  #opening: number | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#open || this.#opening !== undefined || !this.#host.app.store.loaded) return;
    const settled =
      this.#first !== undefined && (this.has(this.#first) || this.#failed.has(this.#first));
    if (!settled) return;
    this.#opening = requestAnimationFrame(() => {
      this.#open = true;
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    if (this.#opening !== undefined && !this.#open) cancelAnimationFrame(this.#opening);
    this.#opening = undefined;
    if (this.#idle !== undefined) cancelIdleCallback(this.#idle);
    this.#idle = undefined;
  }

  has(name: string): boolean {
    return this.#here.has(name);
  }

  /** For a region on the screen; asked with each rendering. */
  want(part: Part): void {
    this.#first ??= part.name;
    if (this.#open || part.name === this.#first) void this.load(part);
  }

  /** At once, whatever else there is to be fetched. */
  async load({ name, load }: Part): Promise<void> {
    if (this.#loading.has(name)) return;
    this.#loading.add(name);
    try {
      await load();
      this.#here.add(name);
      this.#failed.delete(name);
      this.#host.requestUpdate();
    } catch (error) {
      this.#loading.delete(name);
      if (this.#failed.has(name)) return;
      this.#failed.add(name);
      const why = messageOf(error);
      const message = t('{0} could not be loaded. Reload the page. ({1})', name, why);
      this.#host.app.store.say({ level: 'error', message });
    }
  }

  /** After the first view the rest, one by one: a service that stops must not take away what is below the screen. */
  loadRest(parts: readonly Part[]): void {
    if (this.#idle !== undefined || !this.#open) return;
    this.#idle = requestIdleCallback(() => {
      this.#idle = undefined;
      const next = parts.find(({ name }) => !this.#loading.has(name) && !this.#failed.has(name));
      const connected = this.#host.app.store.connection.state === 'connected';
      if (next !== undefined && connected) void this.load(next);
    });
  }
}
