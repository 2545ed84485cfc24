/** What the tests of recorded inputs share: a service of this process or of another, asked over HTTP, and exact figures. */
import assert from 'node:assert/strict';
import { NO_OUTLOOK } from '../../../service/core/outlook.ts';
import type { TestService as ChildService } from '../../faults/support/service.ts';
import { type Ack, type TestService, getJson, post } from '../../support/service.ts';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** An event as it is sent: times are epoch milliseconds. */
export type RawEvent = Record<string, unknown> & { type: string; time: number };

/** A running service, whichever way it runs. */
export interface Peer {
  post(events: readonly object[]): Promise<Ack>;
  get<T>(path: string): Promise<T>;
}

export function peerOf(service: TestService): Peer {
  return {
    post: async (events) => {
      const response = await post(service, events);
      const body = (await response.json()) as Ack;
      assert.equal(response.status, 202, JSON.stringify(body).slice(0, 500));
      return body;
    },
    get: (path) => getJson(service, path),
  };
}

export function peerOfChild(service: ChildService): Peer {
  return {
    post: async (events) => {
      const { status, body } = await service.post(events);
      assert.equal(status, 202, JSON.stringify(body).slice(0, 500));
      return body as Ack;
    },
    get: (path) => service.get(path),
  };
}

const BATCH = 1000;
/** A body may have 1 MiB. */
const BATCH_BYTES = 900_000;

/** Sends events that must all be taken or known; how many of each. */
export async function sendAll(
  to: Peer,
  events: readonly object[],
): Promise<{ accepted: number; duplicates: number }> {
  const sum = { accepted: 0, duplicates: 0 };
  for (const batch of batchesOf(events)) {
    const { accepted, duplicates, rejected } = await to.post(batch);
    assert.deepEqual(rejected, []);
    sum.accepted += accepted;
    sum.duplicates += duplicates;
  }
  return sum;
}

function* batchesOf(events: readonly object[]): Generator<object[]> {
  let batch: object[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = JSON.stringify(event).length + 1;
    if (batch.length === BATCH || bytes + size > BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** All items of a list, over all its pages. */
export async function listAll<T>(from: Peer, path: string, name: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = `limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: Record<string, unknown> = await from.get(
      `${path}${path.includes('?') ? '&' : '?'}${query}`,
    );
    items.push(...(page[name] as T[]));
    cursor = page['next_cursor'] as string | null;
    if (cursor === null) assert.equal(items.length, page['total'], path);
  } while (cursor !== null);
  return items;
}

/** The same disorder each time: Fisher and Yates with a linear congruential generator (Numerical Recipes). */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const mixed = [...list];
  let state = seed;
  for (let last = mixed.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (last + 1));
    const [a, b] = [mixed[last] as T, mixed[other] as T];
    [mixed[last], mixed[other]] = [b, a];
  }
  return mixed;
}

/** Between neighbouring ranks: Hyndman and Fan's type 7, numpy's default. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  const rank = q * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

/** Right to 1 %, and to what rounding times to milliseconds may add. */
export function assertNear(
  actual: number | null | undefined,
  exact: number,
  what: string,
  rounding = 0,
): void {
  assert.ok(
    typeof actual === 'number' && Math.abs(actual - exact) <= 0.01 * Math.abs(exact) + rounding,
    `${what}: ${actual}, not ${exact}`,
  );
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Says when something was learnt, or what was judged meanwhile, not what is true of the past. */
const OF_THE_MOMENT = new Set([
  ...['seq', 'last_seen_at', 'last_heartbeat', 'alert_count'],
  // What is usual follows from the runs that were known by then.
  ...Object.keys(NO_OUTLOOK),
  // Counted up to now.
  'executions_per_hour',
]);

/** The answers to these questions, without what belongs to the moment they were asked. */
export async function answersOf(from: Peer, paths: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (const path of paths) {
    const text = JSON.stringify(await from.get(path), (key, value: unknown) =>
      OF_THE_MOMENT.has(key) ? undefined : value,
    );
    answers.push(`${path}\n${text}`);
  }
  return answers;
}

/** Says where two lists of answers part, in a few words. */
export function assertSameAnswers(actual: readonly string[], expected: readonly string[]): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((answer, index) => {
    const other = expected[index] ?? '';
    if (answer === other) return;
    let at = 0;
    while (answer[at] === other[at]) at++;
    const around = (text: string) => text.slice(Math.max(0, at - 200), at + 60);
    assert.fail(`${answer.split('\n', 1)[0]}\n is ${around(answer)}\nnot ${around(other)}`);
  });
}
