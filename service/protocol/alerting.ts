/** How alerts are told, whatever the rule: how often, how many, at which hours. A part of the configuration. */
import { type Static, Type } from '@sinclair/typebox';
import { SEVERITIES } from './states.ts';

const closed = { additionalProperties: false };
const WEEK_MS = 7 * 86_400_000;
const Milliseconds = (description: string) =>
  Type.Integer({ minimum: 0, maximum: WEEK_MS, description: `milliseconds ${description}` });
const Clock = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  description: 'a time of day like 22:00',
});

export const QuietHours = Type.Object(
  {
    /** 1 is Monday, 7 is Sunday; the day on which they begin. */
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1, maxItems: 7 }),
    from: Clock,
    /** At or before `from`: on the next day. */
    to: Clock,
    timezone: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'a name like Europe/Berlin' }),
    ),
    /** Alerts of this severity or worse are told all the same. */
    except: Type.Optional(
      Type.Union(
        SEVERITIES.map((one) => Type.Literal(one)),
        { description: SEVERITIES.join(', ') },
      ),
    ),
  },
  closed,
);
export type QuietHours = Static<typeof QuietHours>;

export const Alerting = Type.Object(
  {
    /** Between two notifications of the same rule and subject; what comes in between is told in a digest. */
    cooldown_ms: Milliseconds('between two notifications of the same subject'),
    rate_per_minute: Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'notifications a minute and channel, 1 to 1000',
    }),
    /** Alerts of one job that come within this time are told together. */
    group_wait_ms: Type.Integer({ minimum: 0, maximum: 300_000, description: '0 to 300000 ms' }),
    /** A cause that comes back so soon opens the old alert again. */
    reopen_ms: Milliseconds('in which a cause that comes back opens its alert again'),
    /** So many changes of one alert within `reopen_ms` are flapping. */
    flap_changes: Type.Integer({ minimum: 3, maximum: 1000, description: '3 to 1000 changes' }),
    /** A notification that cannot be sent is tried again for so long. */
    retry_hours: Type.Number({ minimum: 0.01, maximum: 168, description: '0.01 to 168 hours' }),
    quiet_hours: Type.Array(QuietHours, { maxItems: 20, description: 'at most 20' }),
  },
  closed,
);
export type Alerting = Static<typeof Alerting>;

/** Cool-down and rate are those of the reference document 003. */
export const ALERTING_DEFAULTS: Alerting = {
  cooldown_ms: 300_000,
  rate_per_minute: 10,
  group_wait_ms: 2000,
  reopen_ms: 600_000,
  flap_changes: 5,
  retry_hours: 24,
  quiet_hours: [],
};
