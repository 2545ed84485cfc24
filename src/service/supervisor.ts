/** Keeps a service for this window: finds it, starts it when wanted, and starts it again when it crashed, within limits. */
import { t } from '@vscode/l10n';
import { messageOf } from '../../service/protocol/errors.ts';
import type { Topic } from '../../service/protocol/frame.ts';
import { Emitter } from '../emitter.ts';
import { type Disposable, Lifetime } from '../lifetime.ts';
import type { Log } from '../log.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { type Endpoint, findService, serviceCrashed } from './endpoint.ts';
import { launch, type LaunchOptions } from './launcher.ts';
import type { ServiceState } from './state.ts';
import { askToStop, untilGone } from './stop.ts';
import { DataDirWatcher } from './watcher.ts';

export interface SupervisorOptions {
  launch: () => LaunchOptions;
  topics: Topic[];
  log: Log;
}

const MOST_CRASHES = 5;
const CRASH_WINDOW_MS = 3 * 60_000;
/** So that of several windows one starts the service and the others find it. */
const RESTART_JITTER_MS = 500;

export class Supervisor implements Disposable {
  readonly connection: Connection;
  private readonly lifetime = new Lifetime();
  private readonly changed = this.lifetime.track(new Emitter<ServiceState>());
  readonly onDidChangeState = this.changed.event;
  private current: ServiceState = { kind: 'looking' };
  private starting: Promise<Endpoint> | undefined;
  private failure: string | undefined;
  private crashes: number[] = [];
  private watcher: DataDirWatcher | undefined;
  private restartTimer: NodeJS.Timeout | undefined;
  /** True from the first connection until a person stops the service. */
  private wanted = false;
  private used = false;
  private lastPid: number | undefined;

  constructor(private readonly options: SupervisorOptions) {
    this.connection = this.lifetime.track(
      new Connection({ locate: () => this.find(), topics: options.topics, client: 'window' }),
    );
    this.lifetime.track(this.connection.onDidChangeState((state) => this.connectionChanged(state)));
    this.lifetime.track({ dispose: () => this.watcher?.dispose() });
    this.lifetime.track({ dispose: () => clearTimeout(this.restartTimer) });
  }

  get state(): ServiceState {
    return this.current;
  }

  /** Attaches to a running service without waiting, and goes on looking for one. */
  attach(): void {
    this.watcher?.dispose();
    const { dataDir } = this.options.launch();
    this.watcher = new DataDirWatcher(dataDir, () => {
      if (this.connection.state.kind === 'off' && !this.starting) this.connection.connect();
    });
    this.connection.connect();
  }

  find(): Promise<Endpoint | undefined> {
    return findService(this.options.launch().dataDir);
  }

  /** The first view or command that is used starts the service; later ones only after a person started it. */
  firstUse(): void {
    if (this.used) return;
    this.used = true;
    this.startUnattended();
  }

  /** The running service, started if there is none. Resolves once it answers; fails with a sentence for a person. */
  start(): Promise<Endpoint> {
    this.used = true;
    this.starting ??= this.launch().finally(() => {
      this.starting = undefined;
      this.paint();
    });
    this.paint();
    return this.starting;
  }

  /** Stops the service for all windows. False when it is still there 10 s later. */
  async stop(): Promise<boolean> {
    this.wanted = false;
    this.used = true;
    clearTimeout(this.restartTimer);
    const endpoint = await this.find();
    if (!endpoint) return true;
    this.options.log.info(`Stopping the service, process ${endpoint.pid}.`);
    await askToStop(endpoint);
    return untilGone(this.options.launch().dataDir, endpoint.pid);
  }

  async restart(): Promise<Endpoint> {
    this.crashes = [];
    if (!(await this.stop()))
      throw new Error(t('The service did not stop within 10 s. Show its log, or try again.'));
    return this.start();
  }

  /** Resolves true once connected, false after `ms`. */
  async connected(ms: number): Promise<boolean> {
    if (this.connection.state.kind === 'connected') return true;
    return new Promise((resolve) => {
      const end = (answer: boolean): void => {
        clearTimeout(timer);
        listening.dispose();
        resolve(answer);
      };
      const timer = setTimeout(() => end(false), ms);
      const listening = this.connection.onDidChangeState((state) => {
        if (state.kind === 'connected') end(true);
        if (state.kind === 'refused' || state.kind === 'closed') end(false);
      });
    });
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async launch(): Promise<Endpoint> {
    this.failure = undefined;
    try {
      const endpoint = await launch(this.options.launch());
      if (this.connection.state.kind !== 'connected') this.connection.connect();
      return endpoint;
    } catch (error) {
      this.failure = messageOf(error);
      this.options.log.error(this.failure);
      throw error;
    }
  }

  /** A start that nobody waits for: its failure shows in the state. */
  private startUnattended(): void {
    this.start().catch((error: unknown) => this.options.log.warn(messageOf(error)));
  }

  private connectionChanged(state: ConnectionState): void {
    if (state.kind === 'connected') {
      this.wanted = true;
      this.failure = undefined;
      if (this.lastPid !== state.endpoint.pid)
        this.options.log.info(
          `Connected to the service ${state.version} at ${state.endpoint.url}.`,
        );
      this.lastPid = state.endpoint.pid;
    }
    if (state.kind === 'off' && this.wanted && !this.starting) this.afterLoss();
    this.paint();
  }

  private afterLoss(): void {
    serviceCrashed(this.options.launch().dataDir).then(
      (crashed) => {
        if (crashed && this.wanted && !this.starting) this.afterCrash();
      },
      (error: unknown) => this.options.log.warn(messageOf(error)),
    );
  }

  private afterCrash(): void {
    const now = Date.now();
    this.crashes = [...this.crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    this.options.log.warn(`The service ended unexpectedly (${this.crashes.length} within 3 min).`);
    if (this.crashes.length >= MOST_CRASHES) {
      this.wanted = false;
      this.failure = t(
        'The Pipescope service ended unexpectedly {0} times within 3 min. It is not started again by itself.',
        MOST_CRASHES,
      );
      this.paint();
      return;
    }
    clearTimeout(this.restartTimer);
    this.restartTimer = setTimeout(() => this.startUnattended(), Math.random() * RESTART_JITTER_MS);
  }

  private paint(): void {
    this.current = this.combine(this.connection.state);
    this.changed.fire(this.current);
  }

  private combine(state: ConnectionState): ServiceState {
    if (state.kind === 'connected') {
      const { endpoint, version } = state;
      return { kind: 'connected', endpoint, version };
    }
    if (this.starting) return { kind: 'starting' };
    if (state.kind === 'refused')
      return { kind: 'refused', code: state.code, message: state.message };
    if (this.failure !== undefined) return { kind: 'failed', message: this.failure };
    if (state.kind === 'connecting' && this.current.kind === 'off') return this.current;
    if (state.kind === 'connecting')
      return this.lastPid === undefined && state.attempt === 0
        ? { kind: 'looking' }
        : { kind: 'reconnecting', message: state.message };
    return { kind: 'off' };
  }
}
