import { t } from '@vscode/l10n';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  count,
  exactTime,
  relativeTime,
  severityWord,
} from '../../../../service/protocol/describe.ts';
import type { ChannelRecord, ChannelTest } from '../../../../service/protocol/channel.ts';
import type { RuleRecord } from '../../../../service/protocol/rule.ts';
import type { App } from '../../../app.ts';
import { icon, type IconName } from '../../../icons.ts';
import { Load } from '../../../load.ts';
import { Watch } from '../../../watch.ts';
import { KeepFocus } from '../../shared/keepFocus.ts';
import { loaded } from '../../shared/loaded.ts';
import type { Content } from '../../shared/region.ts';
import { shared } from '../../shared/styles.ts';
import { definitionListStyles } from '../form/list.styles.ts';
import { CHANNEL_WORDS } from './channelFields.ts';
import './channelForm.ts';

const STATES: Record<ChannelRecord['state'], { sign: IconName; word: () => string }> = {
  OK: { sign: 'pass', word: () => t('works') },
  FAILING: { sign: 'error', word: () => t('fails') },
  UNUSED: { sign: 'circle', word: () => t('not used yet') },
  INCOMPLETE: { sign: 'warning', word: () => t('not complete') },
  OFF: { sign: 'circleSlash', word: () => t('off') },
};

/** What came of a test: null while it is under way. */
type Test = ChannelTest | null;

/** Where alerts are told: all channels, and the form of one of them. */
@customElement('pipescope-alert-channels')
export class PipescopeAlertChannels extends LitElement {
  static override styles = [shared, definitionListStyles];
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) seen = true;
  /** The id of the channel in the form; empty for a new one. */
  @state() private opened: string | undefined;
  @state() private tests: ReadonlyMap<string, Test> = new Map();
  readonly #channels = new Load<{ channels: ChannelRecord[] }>(this, {
    path: () => '/api/v1/channels?limit=1000',
    parts: ['definitions', 'alerts'],
    everyMs: 1000,
  });
  readonly #rules = new Load<{ rules: RuleRecord[] }>(this, {
    path: () => (this.opened === undefined ? null : '/api/v1/rules?limit=1000'),
  });

  constructor() {
    super();
    new Watch(this, [], { clock: true });
    new KeepFocus(this, '.new');
  }

  protected override render(): Content {
    return loaded(this.#channels, {
      skeleton: html`<div class="skeleton"></div>`,
      content: ({ channels }) =>
        this.opened === undefined ? this.#list(channels) : this.#form(channels, this.opened),
    });
  }

  #form(channels: readonly ChannelRecord[], id: string): TemplateResult {
    const record = channels.find(({ channel_id }) => channel_id === id);
    const rules = this.#rules.value?.rules ?? [];
    return html`<pipescope-channel-form
      .app=${this.app}
      .taken=${channels.map(({ channel_id }) => channel_id)}
      .rules=${rules.map((rule) => [rule.rule_id, rule.name] as const)}
      .record=${record}
      @pipescope-done=${() => this.#close(id)}
    ></pipescope-channel-form>`;
  }

  #close(id: string): void {
    this.opened = undefined;
    this.#channels.retry();
    void this.updateComplete.then(() => {
      const row = id === '' ? '.new' : `[data-id="${id}"] button`;
      this.renderRoot.querySelector<HTMLElement>(row)?.focus();
    });
  }

  #list(channels: readonly ChannelRecord[]): TemplateResult {
    return html`<div class="bar">
        <span class="caption number"
          >${count(channels.length, t('{0} channel'), t('{0} channels'))}</span
        >
        <vscode-button class="new" @click=${() => (this.opened = '')}
          >${t('New Channel')}</vscode-button
        >
      </div>
      <ul class="rows" aria-label=${t('Channels')}>
        ${repeat(
          channels,
          (one) => one.channel_id,
          (one) => this.#row(one),
        )}
      </ul>`;
  }

  #row(channel: ChannelRecord): TemplateResult {
    const { channel_id: id, name, kind, enabled, problem, state } = channel;
    const flip = (event: Event): void =>
      void this.#switch(channel, (event.currentTarget as HTMLInputElement).checked);
    const { sign, word } = STATES[state];
    const test = this.tests.get(id);
    return html`<li class="row ${enabled ? '' : 'off'}" data-id=${id}>
      <input
        type="checkbox"
        role="switch"
        aria-label=${t('{0} is switched on', name)}
        .checked=${enabled}
        @change=${flip}
      />
      <div class="facts">
        <div class="head">
          <button class="plain link" @click=${() => (this.opened = id)}><bdi>${name}</bdi></button>
          <span>${icon(sign)} ${word()}</span>
        </div>
        <p class="caption">
          ${CHANNEL_WORDS[kind]()} ·
          ${t('from {0}', severityWord(channel.min_severity))}${this.#numbers(channel)}
        </p>
        ${problem === null || says(test, problem) ? nothing : html`<p class="problem">${problem}</p>`}
        <p role="status">${test === undefined ? '' : testText(test)}</p>
      </div>
      <div class="does">
        <vscode-button
          appearance="secondary"
          aria-label=${t('Send Test Alert to {0}', name)}
          @click=${() => void this.#test(id)}
          >${t('Send Test Alert')}</vscode-button
        >
      </div>
    </li>`;
  }

  #numbers({ waiting, dead, last_sent_at: last }: ChannelRecord): Content {
    const deliveries = (): void => this.app.session.set({ alerts: 'outbox' });
    return html`${waiting === 0 ? nothing : ` · ${count(waiting, t('{0} waits'), t('{0} wait'))}`}${
      dead === 0
        ? nothing
        : html` ·
            <button class="plain link" @click=${deliveries}>
              ${count(dead, t('{0} given up'), t('{0} given up'))}
            </button>`
    }${
      last === null
        ? nothing
        : html` ·
            <span title=${exactTime(last)}
              >${t('sent last {0}', relativeTime(last, this.app.clock.now()))}</span
            >`
    }`;
  }

  async #switch({ channel_id, revision }: ChannelRecord, enabled: boolean): Promise<void> {
    const { session } = this.app;
    await session.command({ command: 'channel.set', channel: { channel_id, enabled }, revision });
    this.#channels.retry();
  }

  async #test(id: string): Promise<void> {
    const show = (test: Test): void => {
      this.tests = new Map(this.tests).set(id, test);
    };
    if (this.tests.get(id) === null) return;
    show(null);
    const result = await this.app.session.ask({ command: 'channel.test', channel_id: id });
    if (result.ok) show(result.body as ChannelTest);
    else show({ ok: false, message: result.message, duration_ms: NaN });
    this.#channels.retry();
  }
}

/** What a test has just found out is not said twice. */
function says(test: Test | undefined, problem: string): boolean {
  return test?.ok === false && test.message.startsWith(problem);
}

function testText(test: Test): Content {
  if (test === null) return html`${t('Sending a test alert…')}`;
  const { ok, message } = test;
  const what = ok ? t('The test alert was taken') : t('The test alert was not taken');
  return html`${icon(ok ? 'pass' : 'error')} ${what}: <bdi>${message}</bdi>`;
}
