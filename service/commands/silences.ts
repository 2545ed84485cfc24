/** What people do with silences. */
import { randomUUID } from 'node:crypto';
import { parseSilence, silenceRecords } from '../alerts/routing/silences.ts';
import type { Monitor } from '../monitor.ts';
import { ProductError } from '../protocol/errors.ts';
import type { Silence, SilenceRecord } from '../protocol/silence.ts';
import { type Edit, changesOf } from './edit.ts';
import { fieldsOf } from './names.ts';

/** What a record says beside the silence itself: who sends one back need not take it out. */
const SAID_ONLY: ReadonlySet<string> = new Set(['created_by', 'revision', 'state', 'matching']);

/** All silences: those in effect first. */
export function allSilences(monitor: Monitor): SilenceRecord[] {
  const { alerts, domain } = monitor.model;
  return silenceRecords({ definitions: domain.definitions, alerts, now: monitor.now() });
}

/** A silence as it is shown. Throws SILENCE_UNKNOWN. */
export function silenceOf(monitor: Monitor, silence_id: string): SilenceRecord {
  const record = allSilences(monitor).find((one) => one.silence_id === silence_id);
  if (record) return record;
  const detail = `There is no silence "${silence_id.slice(0, 80)}". GET /api/v1/silences lists them.`;
  throw new ProductError('SILENCE_UNKNOWN', { detail });
}

/** Who changed it when, the newest first. Throws SILENCE_UNKNOWN. */
export function silenceChanges(monitor: Monitor, silence_id: string): object[] {
  const changes = changesOf(monitor, 'silence', silence_id);
  if (changes.length === 0) silenceOf(monitor, silence_id);
  return changes;
}

/**
 * Stores a whole silence, or a part of one that is there. Throws SILENCE_INVALID, SILENCE_UNKNOWN, SILENCE_EXPIRED,
 * DEFINITION_CHANGED.
 */
export async function setSilence(
  monitor: Monitor,
  value: unknown,
  { mode, revision, by }: Edit,
): Promise<SilenceRecord> {
  const { definitions, silences } = monitor.alerting;
  const fields = fieldsOf(value);
  const newId = () => `silence-${randomUUID()}`;
  const given = fields?.['silence_id'];
  const key = typeof given === 'string' ? given : newId();
  return definitions.inTurn(async () => {
    silences.refresh();
    const base = silences.silences.find(({ silence_id }) => silence_id === key);
    const now = monitor.now();
    if (!base && mode === 'change') silenceOf(monitor, key);
    if (base && (mode === 'create' || base.ends_at <= now)) throw notNew(base, now);
    const kept = Object.entries(fields ?? {}).filter(([name]) => !SAID_ONLY.has(name));
    const own = fields && Object.fromEntries(kept);
    await definitions.changeNow({
      ...{ of: 'silence', key, revision, by },
      make: () => parseSilence(own ?? value, { base, now, newId: () => key }),
    });
    silences.refresh();
    return silenceOf(monitor, key);
  });
}

function notNew({ ends_at }: Silence, now: number): ProductError {
  if (ends_at <= now) return new ProductError('SILENCE_EXPIRED');
  const message = 'A silence with this id is there already. Leave the id out.';
  const errors = [{ path: '/silence_id', message }];
  return new ProductError('SILENCE_INVALID', { detail: message, errors });
}

/** Ends it now; one that is over already stays as it is. Throws SILENCE_UNKNOWN, DEFINITION_CHANGED. */
export async function endSilence(
  monitor: Monitor,
  silence_id: string,
  { revision, by }: Omit<Edit, 'mode'>,
): Promise<SilenceRecord> {
  const { definitions, silences } = monitor.alerting;
  await definitions.inTurn(async () => {
    const { state } = silenceOf(monitor, silence_id);
    silences.refresh();
    const base = silences.silences.find((one) => one.silence_id === silence_id);
    if (state === 'EXPIRED' || !base) return;
    const now = monitor.now();
    await definitions.changeNow({
      ...{ of: 'silence', key: silence_id, revision, by },
      make: () => ({ ...base, starts_at: Math.min(base.starts_at, now), ends_at: now }),
    });
  });
  silences.refresh();
  return silenceOf(monitor, silence_id);
}
