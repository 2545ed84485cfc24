import assert from 'node:assert/strict';
import type { Routed, RouteOutcome } from '../../service/protocol/notification.ts';
import type { AlertRecord } from '../../service/protocol/record.ts';
import { AlertNews, isHeldBack } from '../../src/alertNews.ts';
import { MapStore } from './wire/mapStore.ts';
import { alert, at, START } from './wire/records.ts';

const to = (outcome: RouteOutcome): Routed[] => [
  { channel_id: 'log', outcome: 'queued' },
  { channel_id: 'vscode', outcome },
];
const raised = (seconds: number, fields: Partial<AlertRecord> = {}): AlertRecord =>
  alert({ alert_id: 'a', raised_at: at(seconds), last_raised_at: at(seconds), ...fields });
/** As a service sends it that knows of no channels. */
const older = (seconds: number, fields: Partial<AlertRecord> = {}): AlertRecord => {
  const record: Partial<AlertRecord> = raised(seconds, fields);
  delete record.routed;
  delete record.last_raised_at;
  return record as AlertRecord;
};

describe('which alerts are news', () => {
  const since = START + 100_000;
  let store: MapStore;
  let told: string[];
  const open = (): AlertNews => {
    const news = new AlertNews(store, () => since);
    news.onNews((alerts) => told.push(...alerts.map(({ alert_id: id }) => id)));
    return news;
  };
  beforeEach(() => {
    store = new MapStore();
    told = [];
  });

  it('is decided by what the service routes to the channel "vscode", and waited for', () => {
    const news = open();
    news.observe([], true);
    news.observe([raised(150)], false);
    assert.deepEqual(told, []);
    news.observe([raised(150, { routed: to('queued') })], false);
    assert.deepEqual(told, ['a']);
  });

  it('are none of those that are for other channels, silenced, held back or left out', () => {
    const news = open();
    const outcomes = ['digest', 'silenced', 'inhibited', 'quiet_hours', 'filtered'] as const;
    for (const outcome of outcomes)
      news.observe([raised(150, { alert_id: outcome, routed: to(outcome) })], false);
    news.observe([raised(150, { alert_id: 'other', routed: to('queued').slice(0, 1) })], false);
    assert.deepEqual(told, []);
    assert.deepEqual(
      outcomes.filter((outcome) => isHeldBack(raised(150, { routed: to(outcome) }))),
      ['digest'],
    );
  });

  it('are none of those that were there before the window, however late they are routed', () => {
    const news = open();
    news.observe([raised(50)], true);
    news.observe([raised(50, { routed: to('queued') })], false);
    assert.deepEqual(told, []);
  });

  it('are told once, over a reload too, and again when they come back', () => {
    const before = open();
    before.observe([], true);
    before.observe([raised(150, { routed: to('queued') })], false);
    before.observe([raised(150, { routed: to('queued'), value: 3 })], false);
    const after = open();
    after.observe([raised(150, { routed: to('queued') })], true);
    assert.deepEqual(told, ['a']);
    after.observe([raised(150, { last_raised_at: at(190), routed: null })], false);
    after.observe([raised(150, { last_raised_at: at(190), routed: to('queued') })], false);
    assert.deepEqual(told, ['a', 'a']);
  });

  it('are told after a reload when they came meanwhile', () => {
    open().observe([], true);
    open().observe([raised(150, { routed: to('queued') })], true);
    assert.deepEqual(told, ['a']);
  });

  it('are none of those that have ended, or that somebody knows of', () => {
    const news = open();
    const routed = to('queued');
    news.observe([raised(150, { alert_id: 'over', active: false, routed })], false);
    news.observe([raised(150, { acknowledged: true, routed })], false);
    news.observe([raised(150, { acknowledged: false, routed })], false);
    assert.deepEqual(told, []);
  });

  it('are warnings and worse where an older service routes nothing', () => {
    const news = open();
    news.observe([older(150, { alert_id: 'w' }), older(150, { severity: 'INFO' })], false);
    news.observe([older(150, { alert_id: 'w' })], false);
    assert.deepEqual(told, ['w']);
  });

  it('does not grow with all that was ever told', () => {
    const news = open();
    for (let n = 0; n < 3000; n += 1)
      news.observe([raised(150, { alert_id: `${n}`, routed: to('queued') })], false);
    assert.equal((store.values.get('alerts.noticed') as string[]).length, 2000);
  });
});
