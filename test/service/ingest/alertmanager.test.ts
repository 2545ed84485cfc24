import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { fromAlertmanager } from '../../../service/ingest/alertmanager.ts';
import { labelFingerprint } from '../../../service/ingest/fingerprint.ts';
import { ProductError } from '../../../service/protocol/errors.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const STARTS = '2026-01-31T11:00:00.000Z';

const ALERT = {
  status: 'firing',
  labels: { alertname: 'DiskFull', severity: 'error', instance: 'db-1' },
  annotations: { summary: 'No room on db-1', description: '3 % are left.' },
  startsAt: STARTS,
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=x',
  fingerprint: '0123456789abcdef',
};

function webhook(...alerts: unknown[]): string {
  const body = { version: '4', receiver: 'pipescope', externalURL: 'http://am:9093', alerts };
  return JSON.stringify(body);
}

const take = (...alerts: unknown[]) => fromAlertmanager(webhook(...alerts), NOW);

describe('the webhook of Alertmanager', () => {
  it('makes an alert of all that it says', () => {
    const { alerts, rejected } = take(ALERT);
    assert.deepEqual(rejected, []);
    assert.deepEqual(alerts, [
      {
        raised: {
          type: 'alert.raised',
          id: `alertmanager:0123456789abcdef:${Date.parse(STARTS)}`,
          time: Date.parse(STARTS),
          title: 'DiskFull',
          description: 'No room on db-1\n3 % are left.',
          severity: 'ERROR',
          component: 'alertmanager',
          component_id: 'db-1',
          tags: ALERT.labels,
          source: 'http://am:9093',
          generatorURL: ALERT.generatorURL,
          receiver: 'pipescope',
        },
        resolved: null,
      },
    ]);
  });

  it('resolves at its end, never before it began and never in the future', () => {
    const at = (endsAt: string | undefined) =>
      take({ ...ALERT, status: 'resolved', endsAt }).alerts[0]?.resolved?.time;
    assert.equal(at('2026-01-31T11:30:00Z'), Date.parse('2026-01-31T11:30:00Z'));
    assert.equal(at('2026-01-31T10:00:00Z'), Date.parse(STARTS));
    assert.equal(at('2026-02-28T10:00:00Z'), NOW);
    assert.equal(at('0001-01-01T00:00:00Z'), NOW);
    assert.equal(at(undefined), NOW);
  });

  it('takes the severity from its label, whatever the case; WARNING for what it does not know', () => {
    const severityOf = (severity: string | undefined) =>
      take({ ...ALERT, labels: { ...(severity !== undefined && { severity }) } }).alerts[0]?.raised
        .severity;
    for (const [name, severity] of [
      ['critical', 'CRITICAL'],
      ['page', 'CRITICAL'],
      ['Error', 'ERROR'],
      ['warning', 'WARNING'],
      ['INFO', 'INFO'],
      ['none', 'INFO'],
      ['purple', 'WARNING'],
      [undefined, 'WARNING'],
    ] as const)
      assert.equal(severityOf(name), severity, name);
  });

  it('names an alert by fingerprint and begin: the same labels without a fingerprint are the same alert', () => {
    const bare = { ...ALERT, fingerprint: undefined };
    const idOf = (alert: object) => take(alert).alerts[0]?.raised.id ?? '';
    assert.equal(
      idOf(bare),
      `alertmanager:${labelFingerprint(ALERT.labels)}:${Date.parse(STARTS)}`,
    );
    assert.equal(idOf({ ...ALERT, fingerprint: '../x' }), idOf(bare));
    assert.notEqual(idOf({ ...ALERT, startsAt: '2026-01-31T11:00:01Z' }), idOf(ALERT));
  });

  it('belongs to the job that its label names, and links to nothing but the web', () => {
    const labels = { ...ALERT.labels, job_id: 'nightly-1', phase_id: 'P1' };
    const { raised } =
      take({ ...ALERT, labels, generatorURL: 'javascript:alert(1)' }).alerts[0] ?? {};
    assert.deepEqual([raised?.job_id, raised?.phase_id], ['nightly-1', 'P1']);
    assert.ok(raised && !('generatorURL' in raised));
  });

  it('refuses a body that is none, naming the field', () => {
    for (const [body, field] of [
      ['{', undefined],
      ['[]', ''],
      ['null', ''],
      ['{}', '/alerts'],
      ['{"alerts":{}}', '/alerts'],
      ['{"version":"3","alerts":[]}', '/version'],
      ['{"status":"burning","alerts":[]}', '/status'],
    ] as const) {
      const thrown = refusal(() => fromAlertmanager(body, NOW));
      assert.equal(thrown.code, 'BODY_INVALID', body);
      assert.equal(thrown.errors[0]?.path, field, body);
    }
    const many = webhook(...Array.from({ length: 1001 }, () => ALERT));
    assert.equal(refusal(() => fromAlertmanager(many, NOW)).code, 'BODY_TOO_MANY_EVENTS');
  });

  it('takes the good alerts beside bad ones, and says what is wrong with those', () => {
    const bad: [object | null, string][] = [
      [null, '/alerts/0'],
      [{ ...ALERT, labels: undefined }, '/alerts/1/labels'],
      [{ ...ALERT, labels: { a: 1 } }, '/alerts/2/labels/a'],
      [{ ...ALERT, startsAt: 'yesterday' }, '/alerts/3/startsAt'],
      [{ ...ALERT, startsAt: '0001-01-01T00:00:00Z' }, '/alerts/4/startsAt'],
      [{ ...ALERT, status: 'burning' }, '/alerts/5/status'],
    ];
    const { alerts, rejected } = take(...bad.map(([alert]) => alert), ALERT);
    assert.equal(alerts.length, 1);
    assert.deepEqual(
      rejected.map(({ path }) => path),
      bad.map(([, path]) => path),
    );
    for (const { code, message } of rejected) {
      assert.equal(code, 'EVENT_INVALID');
      assert.match(message, /\.$/);
    }
  });

  it('never throws but with a sentence, whatever the JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, two) => {
        const body = { version: '4', alerts: [one, { ...ALERT, labels: two }] };
        try {
          const { alerts, rejected } = fromAlertmanager(JSON.stringify(body), NOW);
          assert.equal(alerts.length + rejected.length, 2);
        } catch (error) {
          assert.ok(error instanceof ProductError);
        }
      }),
    );
  });

  describe('as it was recorded', () => {
    needsCorpus('prometheus');

    it('has the fingerprint that Prometheus reckons, and is taken whole', () => {
      const file = corpus('prometheus', 'recorded', 'alertmanager_webhook-a.ndjson');
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      for (const line of lines) {
        const { body } = JSON.parse(line) as { body: string };
        const sent = JSON.parse(body) as { alerts: (typeof ALERT)[] };
        const { alerts, rejected } = fromAlertmanager(body, Date.parse('2030-01-01T00:00:00Z'));
        assert.deepEqual([alerts.length, rejected], [sent.alerts.length, []]);
        for (const { labels, fingerprint } of sent.alerts)
          assert.equal(labelFingerprint(labels), fingerprint);
      }
    });
  });
});

function refusal(task: () => unknown): ProductError {
  try {
    task();
  } catch (error) {
    if (error instanceof ProductError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
