import assert from 'node:assert/strict';
import { config } from '@vscode/l10n';
import { findingOf } from '../../service/analyst/bottlenecks.ts';
import { writeAs } from '../../service/protocol/intl.ts';
import type { Finding } from '../../service/protocol/finding.ts';
import { asFinding, endingOf, sentenceOf, titleOf } from '../../webview/findingWords.ts';
import { everyBottleneck } from '../support/found/bottlenecks.ts';
import { everyAnomaly, everyChange, everyPrediction } from '../support/found/series.ts';
import { foundAt } from '../support/finding.ts';
import { GERMAN_BUNDLE, readBundle } from '../support/l10n.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const KINDS: Readonly<Record<Finding['kind'], () => Finding[]>> = {
  bottleneck: () => everyBottleneck().map((one) => findingOf(one, T0, T0)),
  anomaly: everyAnomaly,
  prediction: everyPrediction,
  change: everyChange,
};

/** A person titled it. */
const isOwn = ({ evidence }: Finding): boolean =>
  evidence['pattern'] !== undefined && evidence['pattern'] !== null;

/** Of a sentence without what was measured: the words that are the service's own. */
const ENGLISH =
  /\b(the|is|of|for|with|and|wait|waits|tasks?|takes?|use|used|at about|at or|since run|now|lately|run|worker one)\b/;

describe('what was found, in words of the page', () => {
  const all = new Map<Finding['kind'], Finding[]>();
  before(() => {
    for (const [kind, make] of Object.entries(KINDS)) all.set(kind as Finding['kind'], make());
  });
  const every = (): Finding[] => [...all.values()].flat();

  it('is known of each sort that the analysis finds', () => {
    const sorts = (kind: Finding['kind'], of: (one: Finding) => string) =>
      [...new Set(all.get(kind)?.map(of))].sort();
    assert.deepEqual(
      sorts('bottleneck', (one) => `${one.class} ${one.metric ?? ''}`),
      [
        ...['CPU cpu_percent', 'CUSTOM heat', 'CUSTOM hit_rate', 'CUSTOM stock'],
        ...['GPU gpu_percent', 'IO host_cpu_iowait_percent', 'IO host_stall_io_percent'],
        ...['IPC host_context_switches_per_s', 'IPC ipc_latency_ms', 'LOCK cpu_percent'],
        ...['LOCK worker_active_tasks', 'MEMORY host_memory_percent'],
        ...['MEMORY host_refaults_per_s', 'MEMORY host_stall_memory_percent'],
        ...['MEMORY worker_memory_percent', 'NETWORK host_packets_per_s'],
        ...['NETWORK host_tcp_retransmits_percent', 'QUEUE queue_pending'],
        'SKEW task_processing_ms',
      ],
    );
    assert.deepEqual(
      sorts('anomaly', (one) => one.class),
      ['level', 'pattern', 'silence', 'spike', 'variance'],
    );
    assert.deepEqual(
      sorts('prediction', (one) => one.class),
      [
        ...['disk_percent', 'host_gpu_memory_percent', 'host_memory_percent', 'level'],
        ...['memory_mb', 'worker_memory_percent'],
      ],
    );
    assert.deepEqual(
      sorts('change', (one) => one.class),
      [
        ...['faster', 'fewer errors', 'less CPU', 'less memory'],
        ...['more CPU', 'more errors', 'more memory', 'slower'],
      ],
    );
  });

  it('is in English what the service says, to the letter, and composed: not the fallback', () => {
    for (const one of every()) {
      const title = isOwn(one) ? one.title : 'not composed';
      const bare = { ...one, sentence: 'not composed', title };
      assert.equal(sentenceOf(bare), one.sentence);
      assert.equal(titleOf(bare), one.title);
    }
  });

  it('is the same of a bottleneck as it is told and as a finding', () => {
    for (const one of everyBottleneck()) {
      const as = asFinding({ ...one, sentence: '' });
      assert.equal(sentenceOf(as), one.sentence);
      assert.equal(titleOf(as), one.title);
    }
  });

  it('is as the service says it where something is missing or not known', () => {
    for (const one of every()) {
      const of = { ...one, sentence: 'As it was said.', title: 'So' };
      assert.equal(sentenceOf({ ...of, evidence: {} }), 'As it was said.');
      assert.equal(sentenceOf({ ...of, evidence: { facts: null } }), 'As it was said.');
      const newer = { ...of, class: 'NEWER', metric: 'newer' };
      if (one.kind !== 'prediction') assert.equal(titleOf(newer), 'So');
      if (!isOwn(one) && one.class !== 'level') assert.equal(sentenceOf(newer), 'As it was said.');
      const facts = one.evidence['facts'];
      if (typeof facts !== 'object' || facts === null) continue;
      for (const name of Object.keys(facts)) {
        const evidence = { ...one.evidence, facts: { ...facts, [name]: 'NaN' } };
        const said = sentenceOf({ ...of, evidence });
        assert.ok(!/NaN|undefined|null/.test(said), said);
      }
    }
    assert.equal(sentenceOf(foundAt(T0)), 'All cores are busy; 3 tasks wait.');
    assert.equal(endingOf('Something newer.'), 'Something newer.');
  });

  describe('in German', () => {
    before(() => {
      config({ contents: readBundle(GERMAN_BUNDLE) });
      writeAs('de');
    });
    after(() => {
      config({ contents: {} });
      writeAs('en');
    });

    it('has no English word left, and commas in its numbers', () => {
      for (const one of every()) {
        const said = sentenceOf(one).replaceAll(one.title, '');
        assert.notEqual(said, one.sentence);
        assert.doesNotMatch(said, ENGLISH, said);
        assert.doesNotMatch(said, /\d\.\d{1,2}\b/, said);
        if (!isOwn(one)) assert.doesNotMatch(titleOf(one), ENGLISH);
      }
    });

    it('reads as German does', () => {
      const of = (kind: Finding['kind'], about: RegExp): string =>
        sentenceOf(all.get(kind)?.find(({ sentence }) => about.test(sentence)) ?? assert.fail());
      assert.match(
        of('bottleneck', /threads share.*phase P03 of nightly/),
        /^Die CPU dieses Computers ist zu 100 % ausgelastet, und 12 Threads teilen sich 4 Kerne, seit \d+ s \(Phase P03 von nightly\)\.$/,
      );
      assert.match(
        of('anomaly', /^cpu_percent of worker w-1 went to/),
        /^CPU-Auslastung von Worker w-1: auf 92 % gesprungen; zuletzt waren es im Mittel 50 %\.$/,
      );
      assert.match(
        of('prediction', /^disk_percent of this machine reaches/),
        /^Belegung des Datenträgers dieses Computers erreicht 100 %, den ganzen Datenträger, etwa um 00:01:31 UTC, wenn /,
      );
      assert.equal(
        of('change', /^P06 is slower since run #1418: 1\.2 s -> 1\.7 s/),
        'P06 ist seit Lauf #1418 langsamer: 1,2 s -> 1,7 s, +42 %.',
      );
      assert.equal(endingOf('The values are usual again.'), 'Die Werte sind wieder wie üblich.');
    });
  });
});
