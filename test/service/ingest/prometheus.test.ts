import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { prometheusToEvents } from '../../../service/ingest/prometheus.ts';
import { ProductError } from '../../../service/protocol/errors.ts';
import { parseEvents } from '../../../service/protocol/parse.ts';
import { corpus, needsCorpus } from '../../support/corpus.ts';

const NOW = Date.UTC(2026, 10, 22);

describe('the Prometheus text format', () => {
  it('reads names, labels, values, kinds, units and times', () => {
    const text = [
      '# HELP http_requests_total All requests.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="post",path="/a\\"b\\\\c\\n{}",} 1027 1395066363000',
      '# TYPE latency histogram',
      'latency_bucket {le="+Inf"} 144320',
      'latency_sum 53423.5',
      '# TYPE temperature_celsius gauge',
      '# UNIT temperature_celsius celsius',
      'temperature_celsius -3.5e-1 # {trace_id="x"} 0.5',
      'broken NaN',
      'endless{} +Inf',
      '# EOF',
      '',
    ].join('\n');
    assert.deepStrictEqual(
      prometheusToEvents(text, NOW).map((event) => {
        assert.equal(event.type, 'metric.recorded');
        assert.equal(event['source'], 'prometheus');
        return Object.fromEntries(
          Object.entries(event).filter(([key]) => key !== 'type' && key !== 'source'),
        );
      }),
      [
        {
          name: 'http_requests_total',
          value: 1027,
          kind: 'counter',
          time: 1395066363000,
          labels: { method: 'post', path: '/a"b\\c\n{}' },
        },
        {
          name: 'latency_bucket',
          value: 144320,
          kind: 'counter',
          time: NOW,
          labels: { le: '+Inf' },
        },
        { name: 'latency_sum', value: 53423.5, kind: 'counter', time: NOW, labels: {} },
        {
          name: 'temperature_celsius',
          value: -0.35,
          kind: 'gauge',
          time: NOW,
          labels: {},
          unit: 'celsius',
        },
      ],
    );
  });

  it('names the line that cannot be read', () => {
    for (const line of [
      'metric{@="bla"} 3.14',
      'metric{label=bla} 3.14',
      '{label="bla"} 3',
      'm{} x',
    ])
      assert.throws(
        () => prometheusToEvents(`good 1\n${line}\n`, NOW),
        (error) => error instanceof ProductError && /^Line 2 /.test(error.message),
        line,
      );
  });

  it('reads back any labels that are written with their escapes', () => {
    const escaped = (value: string) =>
      value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
    const name = fc.stringMatching(/^[a-z_]\w{0,8}$/).filter((one) => one !== '__proto__');
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.string()),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (labels, value) => {
          const inner = Object.entries(labels)
            .map(([key, text]) => `${key}="${escaped(text)}"`)
            .join(',');
          // A scrape is split at line feeds: other separators are part of a value.
          fc.pre(!/[\r]/.test(inner));
          const [event] = prometheusToEvents(`m{${inner}} ${value}\n`, NOW);
          assert.deepStrictEqual({ ...(event?.['labels'] as object) }, { ...labels });
          assert.equal(event?.['value'], value + 0);
        },
      ),
    );
  });
});

describe('recorded scrapes', () => {
  needsCorpus('prometheus');
  const recorded = (name: string) => readFileSync(corpus('prometheus', 'recorded', name), 'utf8');
  const samples = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  for (const name of [
    'node_exporter.1.prom',
    'node_exporter.2.prom',
    'node_exporter.openmetrics.1.txt',
  ])
    it(`become one event a sample that is a number: ${name}`, () => {
      const text = recorded(name);
      const events = prometheusToEvents(text, NOW);
      const expected = samples(text).filter((line) =>
        Number.isFinite(Number(line.split(' ').at(-1))),
      );
      assert.equal(events.length, expected.length);
      assert.deepStrictEqual(
        events.map(({ value }) => value),
        expected.map((line) => Number(line.split(' ').at(-1))),
      );
      const { rejected } = parseEvents(events.slice(0, 1000), { now: NOW, newId: () => 'x' });
      assert.deepStrictEqual(rejected, []);
    });

  it('of the text format and of OpenMetrics say the same of counters', () => {
    const kinds = (name: string) =>
      new Set(
        prometheusToEvents(recorded(name), NOW)
          .filter(({ kind }) => kind === 'counter')
          .map((event) => String(event['name'])),
      );
    const plain = kinds('node_exporter.1.prom');
    for (const one of ['node_cpu_seconds_total', 'go_gc_duration_seconds_sum'])
      assert.ok(plain.has(one) && kinds('node_exporter.openmetrics.1.txt').has(one), one);
  });

  it('and the parser tests of Prometheus itself never crash it', () => {
    const folder = corpus('prometheus', 'testdata', 'expfmt-fuzz');
    for (const name of readdirSync(folder)) {
      const text = readFileSync(`${folder}/${name}`, 'utf8');
      try {
        prometheusToEvents(text, NOW);
      } catch (error) {
        assert.ok(error instanceof ProductError, `${name}: ${String(error)}`);
      }
    }
    const text = readFileSync(corpus('prometheus', 'testdata', 'promtestdata.txt'), 'utf8');
    const numbers = samples(text).filter((line) => Number.isFinite(Number(line.split(' ').at(-1))));
    assert.equal(prometheusToEvents(text, NOW).length, numbers.length);
  });
});
