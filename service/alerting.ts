/** What alerts are made of and where they are told: rules, channels with their secrets, and who changes them. */
import { ChannelBook, Channels, type Secrets } from './alerts/channels/index.ts';
import { Dispatcher } from './alerts/routing/dispatcher.ts';
import { Outbox } from './alerts/routing/outbox.ts';
import { SilenceBook } from './alerts/routing/silences.ts';
import { RuleBook } from './alerts/ruleBook.ts';
import type { RuleStates } from './alerts/ruleRecords.ts';
import { AtOnce } from './atOnce.ts';
import type { Clock } from './clock.ts';
import type { Model } from './core/fold.ts';
import type { Touched } from './core/touched.ts';
import { type DefinitionParts, Definitions } from './definitions.ts';
import type { Logger } from './logger.ts';
import type { Event } from './protocol/event.ts';
import type { Settings } from './settings.ts';

export interface AlertingParts extends Pick<DefinitionParts, 'append' | 'now'> {
  model: Model;
  settings: Settings;
  secrets: Secrets;
  logger: Logger;
  clock: Clock;
}

export class Alerting {
  /** Changes rules, channels and silences. */
  readonly definitions: Definitions;
  /** The rules in effect. */
  readonly rules: RuleBook;
  /** What the judge knows of them. */
  ruleStates: RuleStates = { pending: () => 0, problem: () => null };
  /** The channels in effect. */
  readonly channels: ChannelBook;
  /** What is secret of them. */
  readonly secrets: Secrets;
  /** Tells them. */
  readonly sender: Channels;
  readonly silences: SilenceBook;
  /** What is to be told, and was. */
  readonly outbox: Outbox;
  /** How often rules would have fired is found by reading much. */
  readonly previews = new AtOnce({
    ...{ most: 2, retryAfter: 2 },
    detail: 'Other previews are being made. Ask again in a moment.',
  });
  readonly #dispatcher: Dispatcher;
  /** The page that notifications lead to; null until it is served. */
  dashboardUrl: string | null = null;

  constructor({ model, settings, secrets, logger, clock, append, now }: AlertingParts) {
    const { definitions } = model.domain;
    this.definitions = new Definitions({ tables: model.domain, append, now });
    this.rules = new RuleBook({ definitions, config: () => settings.config });
    this.channels = new ChannelBook({ definitions });
    this.secrets = secrets;
    this.sender = new Channels({
      ...{ secrets, logger, clock, dataDir: settings.base.data_dir },
      dashboardUrl: () => this.dashboardUrl,
    });
    this.silences = new SilenceBook(definitions);
    const say = (events: readonly Event[]) => append(events, now());
    this.outbox = new Outbox({
      ...{ append: say, now, logger, sender: this.sender },
      notifications: model.domain.notifications,
      channel: (id) => this.channels.channel(id),
      retryHours: () => settings.config.alerting.retry_hours,
    });
    this.#dispatcher = new Dispatcher({
      ...{ append: say, now, logger, model, rules: this.rules },
      ...{ channels: this.channels, silences: this.silences },
      alerting: () => settings.config.alerting,
    });
    settings.onChange(() => this.rules.refresh());
  }

  /** Goes on with what is there at the start. */
  begin(): void {
    this.rules.refresh();
    this.silences.refresh();
    this.#dispatcher.begin();
    this.outbox.wake();
  }

  /** Takes note of what changed, before the judge looks at it. */
  changed({ definitions }: Touched): void {
    if (definitions.has('rule')) this.rules.refresh();
    if (definitions.has('silence')) this.silences.refresh();
    if (definitions.has('notification') || definitions.has('channel')) this.outbox.wake();
  }

  /** Routes what changed, after the judge. */
  route(touched: Touched): void {
    this.#dispatcher.changed(touched);
  }

  /** To be called every second. */
  tick(): void {
    this.#dispatcher.tick();
    this.outbox.wake();
  }

  /** Ends every try that goes on: after the next start it is made again. */
  async close(): Promise<void> {
    await Promise.all([this.#dispatcher.close(), this.outbox.close()]);
    await this.sender.close();
  }
}
