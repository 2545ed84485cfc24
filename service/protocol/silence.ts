/** Silences: for a time, alerts that match are kept and shown, and nobody is told of them. */
import { type Static, Type } from '@sinclair/typebox';
import { OneOf, OrNull, Time } from './schema.ts';

/** What a matcher looks at; `tag.NAME` is one of the alert's tags. */
export const MATCHER_FIELDS = [
  ...(['rule', 'severity', 'component', 'component_id', 'title'] as const),
  ...(['pipeline', 'job_id', 'phase_id', 'worker_id', 'metric'] as const),
] as const;

/** `~` is a pattern in which `*` stands for any text. */
export const MATCHER_OPS = ['=', '!=', '~', '!~'] as const;

export const Matcher = Type.Object(
  {
    field: Type.String({
      pattern: `^(${MATCHER_FIELDS.join('|')}|tag\\..{1,128})$`,
      description: `${MATCHER_FIELDS.join(', ')}, or tag.NAME`,
    }),
    op: Type.Union(
      MATCHER_OPS.map((one) => Type.Literal(one)),
      { description: MATCHER_OPS.join(', ') },
    ),
    value: Type.String({ maxLength: 256, description: 'a text, at most 256 letters' }),
  },
  { additionalProperties: false },
);
export type Matcher = Static<typeof Matcher>;

/** Times are epoch milliseconds here, RFC 3339 in the record. */
export interface Silence {
  silence_id: string;
  /** All must match; one at least. */
  matchers: Matcher[];
  starts_at: number;
  ends_at: number;
  comment: string;
}

export const SILENCE_STATES = ['PENDING', 'ACTIVE', 'EXPIRED'] as const;

export const SilenceRecord = Type.Object({
  silence_id: Type.String(),
  matchers: Type.Array(Matcher),
  starts_at: Time,
  ends_at: Time,
  comment: Type.String(),
  created_by: OrNull(Type.String({ description: 'who made it, whoever changed it since' })),
  revision: Type.Integer(),
  state: OneOf(SILENCE_STATES),
  matching: Type.Integer({ description: 'active alerts that it matches now' }),
});
export type SilenceRecord = Static<typeof SilenceRecord>;
