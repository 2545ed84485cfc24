/** The channels that come with Pipescope, and what a new one of each kind begins with. */
import {
  CHANNEL_SETTINGS,
  type Channel,
  type ChannelKind,
  type ChannelOf,
} from '../../protocol/channel.ts';
import type { Severity } from '../../protocol/states.ts';

/** What a new channel of a kind has where nobody says otherwise; what must be said is absent. */
export const SETTING_DEFAULTS: Record<ChannelKind, Readonly<Record<string, unknown>>> = {
  log: {},
  console: {},
  file: { file: 'alerts.jsonl', max_mb: 10, keep: 5 },
  webhook: { headers: {}, allow_private: false },
  slack: { allow_private: false },
  teams: { allow_private: false },
  discord: { allow_private: false },
  template: { method: 'POST', content_type: 'application/json', headers: {}, allow_private: false },
  email: { port: 587, security: 'starttls', user: null, digest_minutes: 0, allow_private: false },
  vscode: {},
};

export function isChannelKind(kind: unknown): kind is ChannelKind {
  return typeof kind === 'string' && Object.hasOwn(CHANNEL_SETTINGS, kind);
}

/** Only what cannot disturb anybody is on: windows from ERROR on, the log from WARNING on. */
export function builtinChannels(): Channel[] {
  return [
    { ...common('vscode', 'VS Code notifications', 'ERROR'), kind: 'vscode', settings: {} },
    { ...common('log', 'Log of the service', 'WARNING'), kind: 'log', settings: {} },
    { ...off('console', 'Console of the service'), kind: 'console', settings: {} },
    {
      ...off('file', 'File in the data directory'),
      kind: 'file',
      settings: { file: 'alerts.jsonl', max_mb: 10, keep: 5 },
    },
  ];
}

type Common = Omit<ChannelOf<'log'>, 'kind' | 'settings'>;

function common(channel_id: string, name: string, min_severity: Severity): Common {
  return { channel_id, name, enabled: true, min_severity, rules: null, send_resolved: true };
}

function off(channel_id: string, name: string): Common {
  return { ...common(channel_id, name, 'WARNING'), enabled: false };
}
