/** Silences: what people wrote, checked; which are in effect; and as others see them. */
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type DefinitionState, definitionsOf } from '../../core/domain/definitions.ts';
import type { Table } from '../../core/domain/table.ts';
import type { AlertState } from '../../core/model.ts';
import { timeText } from '../../core/view.ts';
import { type FieldError, ProductError } from '../../protocol/errors.ts';
import { describeValueError } from '../../protocol/parse.ts';
import { Matcher, type Silence, type SilenceRecord } from '../../protocol/silence.ts';
import { matchesSilence } from './matcher.ts';

const TimeInput = Type.Union([Type.String({ maxLength: 64 }), Type.Number()], {
  description: 'an RFC 3339 time like 2026-03-01T08:00:00Z, or epoch milliseconds',
});
const YEAR_MS = 366 * 86_400_000;
const SilenceInput = Type.Object(
  {
    silence_id: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$',
        description: 'letters, digits, "_" and "-", at most 64',
      }),
    ),
    matchers: Type.Array(Matcher, { minItems: 1, maxItems: 20, description: '1 to 20 matchers' }),
    starts_at: Type.Optional(TimeInput),
    ends_at: Type.Optional(TimeInput),
    /** In place of `ends_at`. */
    for_ms: Type.Optional(
      Type.Integer({
        minimum: 1000,
        maximum: YEAR_MS,
        description: 'milliseconds, a year at most',
      }),
    ),
    comment: Type.Optional(
      Type.String({ maxLength: 2000, description: 'why, at most 2000 letters' }),
    ),
  },
  { additionalProperties: false },
);
type SilenceInput = Static<typeof SilenceInput>;
const inputCheck = TypeCompiler.Compile(SilenceInput);

export interface SilenceBase {
  /** The silence that is changed; what is absent stays as it is in it. */
  base?: Silence | undefined;
  /** Epoch milliseconds. */
  now: number;
  /** Id of a new one that names none. */
  newId: () => string;
}

/** Checks a silence. Throws SILENCE_INVALID with an error for each wrong field. */
export function parseSilence(value: unknown, { base, now, newId }: SilenceBase): Silence {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const merged = isObject && base ? { matchers: base.matchers, ...value } : value;
  if (!inputCheck.Check(merged)) throw invalid(schemaErrors(merged));
  const { matchers, comment = base?.comment ?? '' } = merged;
  const errors: FieldError[] = [];
  const starts_at = timeOf(merged, 'starts_at', errors) ?? base?.starts_at ?? now;
  const given = timeOf(merged, 'ends_at', errors);
  const ends_at = given ?? (merged.for_ms ? starts_at + merged.for_ms : base?.ends_at);
  if (ends_at === undefined)
    errors.push({ path: '/ends_at', message: 'Say when it ends: give "ends_at" or "for_ms".' });
  else if (errors.length === 0 && ends_at <= starts_at)
    errors.push({ path: '/ends_at', message: 'It ends before it begins. Give a later time.' });
  else if (errors.length === 0 && ends_at - starts_at > YEAR_MS)
    errors.push({ path: '/ends_at', message: 'Give a time within a year of its begin.' });
  if (errors.length > 0 || ends_at === undefined) throw invalid(errors);
  const silence_id = base?.silence_id ?? merged.silence_id ?? newId();
  return { silence_id, matchers, starts_at, ends_at, comment };
}

function timeOf(input: SilenceInput, name: 'starts_at' | 'ends_at', errors: FieldError[]) {
  const value = input[name];
  if (value === undefined) return undefined;
  const time = typeof value === 'number' ? value : Date.parse(value);
  // Years of more than four digits have no RFC 3339 time.
  if (time >= 0 && time < 253_402_300_800_000) return Math.floor(time);
  errors.push({
    path: `/${name}`,
    message: `"${name}" is not valid. Give ${TimeInput.description ?? 'a time'}.`,
  });
  return undefined;
}

function schemaErrors(value: unknown): FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const error of inputCheck.Errors(value)) {
    const described =
      error.message === 'Unexpected property'
        ? { path: error.path, message: 'There is no such field. Remove it.' }
        : describeValueError(error);
    if (!errors.has(described.path)) errors.set(described.path, described);
    if (errors.size >= 50) break;
  }
  return [...errors.values()];
}

function invalid(errors: FieldError[]): ProductError {
  const [first] = errors;
  return new ProductError('SILENCE_INVALID', {
    errors,
    ...(first && { detail: `${first.path || 'The silence'}: ${first.message}` }),
  });
}

/** The silences that are defined. */
export class SilenceBook {
  readonly #definitions: Table<DefinitionState>;
  #silences: Silence[] = [];

  constructor(definitions: Table<DefinitionState>) {
    this.#definitions = definitions;
    this.refresh();
  }

  get silences(): readonly Silence[] {
    return this.#silences;
  }

  /** Reads the definitions again; to be called when silences changed. */
  refresh(): void {
    this.#silences = [...definitionsOf(this.#definitions, 'silence').values()].flatMap(
      (held) => silenceOf(held) ?? [],
    );
  }

  /** Those in effect at that time, in epoch milliseconds. */
  activeAt(now: number): Silence[] {
    return this.#silences.filter((one) => one.starts_at <= now && now < one.ends_at);
  }
}

const StoredSilence = TypeCompiler.Compile(
  Type.Object({
    matchers: Type.Array(Matcher),
    starts_at: Type.Number(),
    ends_at: Type.Number(),
    comment: Type.String(),
  }),
);

/** Null for one that was removed, or that another version wrote. */
export function silenceOf({ key, value }: DefinitionState): Silence | null {
  if (value === null || !StoredSilence.Check(value)) return null;
  const { matchers, starts_at, ends_at, comment } = value;
  return { silence_id: key, matchers, starts_at, ends_at, comment };
}

export interface SilenceParts {
  definitions: Table<DefinitionState>;
  alerts: ReadonlyMap<string, AlertState>;
  /** Epoch milliseconds. */
  now: number;
}

/** All silences: those in effect first, then those to come, then those that are over, the newest first. */
export function silenceRecords({ definitions, alerts, now }: SilenceParts): SilenceRecord[] {
  const active = [...alerts.values()].filter((one) => one.raised && !one.resolved && !one.cleared);
  const records = [...definitionsOf(definitions, 'silence').values()].flatMap((held) => {
    const silence = silenceOf(held);
    return silence ? [{ silence, record: recordOf(silence, held, { active, now }) }] : [];
  });
  records.sort(
    (a, b) => RANK[a.record.state] - RANK[b.record.state] || b.silence.ends_at - a.silence.ends_at,
  );
  return records.map(({ record }) => record);
}

const RANK: Record<SilenceRecord['state'], number> = { ACTIVE: 0, PENDING: 1, EXPIRED: 2 };

function recordOf(
  silence: Silence,
  { by, revision, first = { revision, by } }: DefinitionState,
  { active, now }: { active: readonly AlertState[]; now: number },
): SilenceRecord {
  const state = now < silence.starts_at ? 'PENDING' : now < silence.ends_at ? 'ACTIVE' : 'EXPIRED';
  return {
    silence_id: silence.silence_id,
    matchers: silence.matchers,
    starts_at: timeText(silence.starts_at),
    ends_at: timeText(silence.ends_at),
    comment: silence.comment,
    created_by: first.by,
    revision,
    state,
    matching: active.filter((alert) => matchesSilence(silence, alert)).length,
  };
}
