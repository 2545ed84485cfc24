import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { App } from '../../app.ts';
import type { AlertTab } from '../../view.ts';

/** Tabs whose code comes when they are opened first. */
export type PartTab = Exclude<AlertTab, 'active' | 'acknowledged'>;

interface Part {
  load: () => Promise<unknown>;
  element: (app: App, seen: boolean) => TemplateResult;
}

/** `seen` is false while another tab is shown: what somebody was about to write there stays. */
export const PARTS: Readonly<Record<PartTab, Part>> = {
  history: {
    load: () => import('./alertHistory.ts'),
    element: (app, seen) =>
      html`<pipescope-alert-history
        .app=${app}
        .seen=${seen}
        .now=${app.clock.now()}
      ></pipescope-alert-history>`,
  },
  rules: {
    load: () => import('./rules/rules.ts'),
    element: (app, seen) =>
      html`<pipescope-alert-rules .app=${app} .seen=${seen}></pipescope-alert-rules>`,
  },
  channels: {
    load: () => import('./channels/channels.ts'),
    element: (app, seen) =>
      html`<pipescope-alert-channels .app=${app} .seen=${seen}></pipescope-alert-channels>`,
  },
  silences: {
    load: () => import('./silences/silences.ts'),
    element: (app, seen) =>
      html`<pipescope-alert-silences .app=${app} .seen=${seen}></pipescope-alert-silences>`,
  },
  outbox: {
    load: () => import('./outbox/outbox.ts'),
    element: (app, seen) =>
      html`<pipescope-alert-outbox .app=${app} .seen=${seen}></pipescope-alert-outbox>`,
  },
};

/** Functions: the language is not set yet when this is read. */
export const TITLES: Readonly<Record<AlertTab, () => string>> = {
  active: () => t('Active'),
  acknowledged: () => t('Acknowledged'),
  history: () => t('History'),
  rules: () => t('Rules'),
  channels: () => t('Channels'),
  silences: () => t('Silences'),
  outbox: () => t('Deliveries'),
};
