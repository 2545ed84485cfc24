import assert from 'node:assert/strict';
import type { Explored } from '../../../../service/analysis/proposals/explored.ts';
import { batchSize } from '../../../../service/analysis/proposals/strategies/batchSize.ts';
import { cacheSize } from '../../../../service/analysis/proposals/strategies/cacheSize.ts';
import { concurrencyDown } from '../../../../service/analysis/proposals/strategies/concurrencyDown.ts';
import { concurrencyUp } from '../../../../service/analysis/proposals/strategies/concurrencyUp.ts';
import { customIdea } from '../../../../service/analysis/proposals/strategies/custom.ts';
import { STRATEGIES } from '../../../../service/analysis/proposals/strategies/index.ts';
import { memoryLimit } from '../../../../service/analysis/proposals/strategies/memoryLimit.ts';
import { modelChoice } from '../../../../service/analysis/proposals/strategies/modelChoice.ts';
import { spreadWork } from '../../../../service/analysis/proposals/strategies/spreadWork.ts';
import type { Idea, Situation, Strategy } from '../../../../service/analysis/proposals/types.ts';
import type { BottleneckKind } from '../../../../service/protocol/bottleneck.ts';
import type { Finding } from '../../../../service/protocol/finding.ts';
import type { ParameterRecord } from '../../../../service/protocol/optimization.ts';
import type { CustomStrategy } from '../../../../service/protocol/optimizer.ts';
import { foundAt } from '../../../support/finding.ts';
import { IDLE } from './pipeline.ts';
import { T0, parameter } from './support.ts';

const NEW: Explored = {
  ...{ seen: new Set(), floor: -Infinity, ceiling: Infinity, refusals: 0, lastGain: null },
};
/** The machine of these tests: half of it idle, 4 cores. */
const HALF: Situation = { ...IDLE, cpu_percent: 50, memory_percent: 40 };

function found(kind: BottleneckKind, changes: Partial<Finding> = {}): Finding {
  return foundAt(T0, {
    ...{ finding_id: `${kind}/1`, class: kind, title: kind, sentence: `${kind} holds it back.` },
    ...{ phase_id: null, value: 90, unit: 'percent', impact: 0.5, confidence: 0.8 },
    ...changes,
  });
}

function ask(
  strategy: Strategy,
  of: Partial<ParameterRecord>,
  situation: Partial<Situation> = {},
  explored: Partial<Explored> = {},
): Idea | null {
  return strategy.propose({
    parameter: parameter({ kind: strategy.kind, ...of }),
    situation: { ...HALF, ...situation },
    explored: { ...NEW, ...explored },
  });
}

/** What the machine's part of the evidence is, in the situation above. */
const MACHINE = [
  { name: 'CPU of the machine', value: 50, unit: 'percent' },
  { name: 'Memory of the machine', value: 40, unit: 'percent' },
  { name: 'Cores', value: 4, unit: 'cores' },
];
const evidenceOf = (kind: BottleneckKind) => [
  { name: kind, value: 90, unit: 'percent' },
  { name: 'Impact', value: 0.5, unit: 'share' },
];
const close = (a: number | null | undefined, b: number) => {
  assert.ok(Math.abs((a ?? Number.NaN) - b) < 1e-9, `${a} is not ${b}`);
};

describe('the strategy concurrency_up', () => {
  it('doubles what runs at once on a machine that is half idle', () => {
    const idea = ask(concurrencyUp, { value: 2 });
    // Twice as many on half a machine may do twice as much: seven tenths of that are hoped for.
    assert.deepEqual(idea, {
      to: 4,
      sentence:
        "50 % of the machine's CPU is idle. With 4 at once in place of 2, more of the machine is used.",
      ...{ expected_gain: 0.7, confidence: 0.5, evidence: MACHINE, costs: true },
    });
  });

  it('follows from what is waited for, and goes by what the last step brought', () => {
    const waits = ask(concurrencyUp, {}, { findings: [found('IO')], cpu_percent: 84 });
    assert.equal(waits?.finding_id, 'IO/1');
    assert.match(waits?.sentence ?? '', /^IO holds it back\. With 4 at once/);
    close(waits?.expected_gain, 1 / 3);
    const again = ask(concurrencyUp, { value: 4 }, {}, { lastGain: { ratio: 2, gain: 0.5 } });
    close(again?.expected_gain, 0.5);
  });

  it('is silent on a busy or full machine, at its most, and where nothing is known', () => {
    assert.equal(ask(concurrencyUp, {}, { cpu_percent: 85 }), null);
    assert.equal(ask(concurrencyUp, {}, { memory_percent: 85 }), null);
    assert.equal(ask(concurrencyUp, {}, { cpu_percent: null }), null);
    assert.equal(ask(concurrencyUp, { value: 64 }), null);
    assert.equal(ask(concurrencyUp, { value: 2 }, {}, { ceiling: 2 }), null);
    const elsewhere = { phase_id: 'P1' };
    const of = { findings: [found('IO', { phase_id: 'P2' })], cpu_percent: null };
    assert.equal(ask(concurrencyUp, elsewhere, of), null);
  });
});

describe('the strategy concurrency_down', () => {
  it('halves where memory holds everything back', () => {
    const idea = ask(concurrencyDown, { value: 8 }, { findings: [found('MEMORY')] });
    close(idea?.expected_gain, 1 / 3);
    assert.deepEqual(
      { ...idea, expected_gain: null },
      {
        to: 4,
        sentence: 'MEMORY holds it back. 4 at once in place of 8 need less of it.',
        ...{ expected_gain: null, confidence: 0.8, costs: false, finding_id: 'MEMORY/1' },
        evidence: [...evidenceOf('MEMORY'), ...MACHINE],
      },
    );
  });

  it('goes down to the cores where many more share them, and promises nothing for it', () => {
    const idea = ask(concurrencyDown, { value: 6 + 1 }, { cpu_percent: 97 });
    assert.equal(idea?.to, 4);
    assert.equal(idea?.expected_gain, null);
    assert.match(idea?.sentence ?? '', /^7 at once share 4 cores that are 97 % in use\. With 4 at/);
    const one = ask(concurrencyDown, { value: 4 }, { cpu_percent: 97, cores: 1 });
    assert.match(one?.sentence ?? '', /^4 at once share 1 core that is 97 % in use\./);
    const full = ask(concurrencyDown, { value: 4 }, { memory_percent: 92 });
    assert.match(full?.sentence ?? '', /^92 % of the machine's memory is in use\./);
  });

  it('is silent where as many run as there are cores, at its least, and with memory to spare', () => {
    assert.equal(ask(concurrencyDown, { value: 6 }, { cpu_percent: 97 }), null);
    assert.equal(ask(concurrencyDown, { value: 1 }, { memory_percent: 99 }), null);
    assert.equal(ask(concurrencyDown, { value: 8 }, { memory_percent: 91 }), null);
    assert.equal(ask(concurrencyDown, { value: 8 }, { findings: [found('IO')] }), null);
  });
});

describe('the strategy memory_limit', () => {
  const limit = { value: 1000, minimum: 500, maximum: 8000, step: 100, unit: 'MB' };

  it('gives half as much again to a job that lacks it, where the machine has it', () => {
    const idea = ask(memoryLimit, limit, { findings: [found('MEMORY')] });
    close(idea?.expected_gain, 1 / 3);
    assert.deepEqual(
      { ...idea, expected_gain: null },
      {
        to: 1500,
        sentence: 'MEMORY holds it back. The machine has 60 % of its memory free.',
        ...{ expected_gain: null, confidence: 0.8, costs: true, finding_id: 'MEMORY/1' },
        evidence: [...evidenceOf('MEMORY'), ...MACHINE],
      },
    );
  });

  it('takes a third where the machine has none left', () => {
    const idea = ask(memoryLimit, limit, { memory_percent: 95, findings: [found('MEMORY')] });
    assert.deepEqual([idea?.to, idea?.expected_gain, idea?.costs], [700, null, false]);
  });

  it('is silent without a finding, and between enough and too little', () => {
    assert.equal(ask(memoryLimit, limit), null);
    assert.equal(ask(memoryLimit, limit, { findings: [found('CPU')] }), null);
    const [findings, unknown] = [[found('MEMORY')], null];
    assert.equal(ask(memoryLimit, limit, { findings, memory_percent: 80 }), null);
    assert.equal(ask(memoryLimit, limit, { findings, memory_percent: unknown }), null);
  });
});

describe('the strategy batch_size', () => {
  it('doubles where handing over holds everything back', () => {
    const idea = ask(batchSize, { value: 10 }, { findings: [found('IPC')] });
    close(idea?.expected_gain, 1 / 3);
    assert.deepEqual(
      { ...idea, expected_gain: null },
      {
        to: 20,
        sentence: 'IPC holds it back. With 20 in a batch in place of 10, less is handed over.',
        ...{ expected_gain: null, confidence: 0.8, costs: true, finding_id: 'IPC/1' },
        evidence: [...evidenceOf('IPC'), ...MACHINE],
      },
    );
  });

  it('doubles where the job is alone and uses half of what it could', () => {
    const idea = ask(batchSize, { value: 10 }, { job_cpu_percent: 50, cpu_percent: 55 });
    close(idea?.expected_gain, 0.35);
    assert.match(idea?.sentence ?? '', /^The job uses 50 % of the machine's CPU: part of the time/);
  });

  it('halves where memory runs out', () => {
    const idea = ask(batchSize, { value: 10 }, { memory_percent: 95 });
    assert.deepEqual([idea?.to, idea?.expected_gain, idea?.costs], [5, null, false]);
    assert.match(idea?.sentence ?? '', /^95 % of the machine's memory is in use\. Batches of 5/);
  });

  it('is silent of a job that is busy, that others leave no room, and that does next to nothing', () => {
    assert.equal(ask(batchSize, { value: 10 }), null);
    const used = (job_cpu_percent: number, cpu_percent: number) =>
      ask(batchSize, { value: 10 }, { job_cpu_percent, cpu_percent });
    assert.equal(used(85, 90), null);
    assert.equal(used(50, 90), null);
    assert.equal(used(10, 12), null);
    assert.equal(ask(batchSize, { value: 64 }, { findings: [found('IPC')] }), null);
  });
});

describe('the strategy spread_work', () => {
  it('switches an even division on, or makes more parts', () => {
    const even = ask(spreadWork, { value: false }, { findings: [found('SKEW')] });
    close(even?.expected_gain, 0.4 / 0.6);
    assert.deepEqual(
      { ...even, expected_gain: null },
      {
        to: true,
        sentence: 'SKEW holds it back. Divided evenly, all workers end at about the same time.',
        ...{ expected_gain: null, confidence: 0.8, costs: false, finding_id: 'SKEW/1' },
        evidence: evidenceOf('SKEW'),
      },
    );
    const parts = ask(spreadWork, { value: 8 }, { findings: [found('SKEW')] });
    assert.deepEqual([parts?.to, parts?.costs], [16, true]);
    assert.match(parts?.sentence ?? '', /In 16 parts in place of 8, all workers/);
  });

  it('is silent where it is even already, was tried, or nothing is uneven', () => {
    const findings = [found('SKEW')];
    assert.equal(ask(spreadWork, { value: true }, { findings }), null);
    assert.equal(ask(spreadWork, { value: false }, { findings }, { seen: new Set([true]) }), null);
    assert.equal(ask(spreadWork, { value: false }, { findings: [found('CPU')] }), null);
  });
});

describe('the strategy model_choice', () => {
  const models = { value: 'large', values: ['large', 'small', 'tiny'] };

  it('takes the next faster one where the GPU holds everything back, and leaves it to a person', () => {
    const idea = ask(modelChoice, models, { findings: [found('GPU')] });
    close(idea?.expected_gain, 1 / 3);
    assert.deepEqual(
      { ...idea, expected_gain: null },
      {
        to: 'small',
        sentence:
          'GPU holds it back. small is offered as faster than large; its results may differ.',
        ...{ expected_gain: null, confidence: 0.4, costs: false, needs_person: true },
        ...{ finding_id: 'GPU/1', evidence: [...evidenceOf('GPU'), ...MACHINE] },
      },
    );
  });

  it('is silent of the fastest, of a small impact, and where it was dismissed', () => {
    const findings = [found('GPU')];
    assert.equal(ask(modelChoice, { ...models, value: 'tiny' }, { findings }), null);
    assert.equal(ask(modelChoice, models, { findings: [found('GPU', { impact: 0.1 })] }), null);
    assert.equal(ask(modelChoice, models, { findings }, { seen: new Set(['small']) }), null);
    assert.equal(ask(modelChoice, models), null);
  });
});

describe('the strategy cache_size', () => {
  const cache = { parameter: 'pages-mb', subject: 'pages', value: 100, maximum: 1000, unit: 'MB' };
  const caches = (hit_rate_percent: number | null, size_mb: number | null) => ({
    caches: new Map([['pages', { hit_rate_percent, size_mb }]]),
  });

  it('doubles a full cache that is asked in vain', () => {
    assert.deepEqual(ask(cacheSize, cache, caches(40, 98)), {
      to: 200,
      sentence: 'The cache "pages" has what it is asked for in 40 % of the cases, and is full.',
      ...{ expected_gain: 0.15, confidence: 0.3, costs: true },
      evidence: [
        { name: 'Hit rate', value: 40, unit: 'percent' },
        { name: 'Size', value: 98, unit: 'MB' },
        ...MACHINE,
      ],
    });
  });

  it('is silent of a good one, one that is not full, one that says nothing, and without memory', () => {
    assert.equal(ask(cacheSize, cache, caches(80, 98)), null);
    assert.equal(ask(cacheSize, cache, caches(40, 50)), null);
    assert.equal(ask(cacheSize, cache, caches(null, 98)), null);
    assert.equal(ask(cacheSize, cache), null);
    assert.equal(ask(cacheSize, cache, { ...caches(40, 98), memory_percent: 90 }), null);
  });
});

describe('a strategy of the configuration', () => {
  const drain: CustomStrategy = {
    ...{ name: 'drain', parameter: 'workers', expected_gain: 0.2, costs: true },
    when: [
      { metric: 'queue_pending', above: 100, for_ms: 30_000 },
      { metric: 'error_rate', below: 0.1 },
    ],
    change: { add: 2 },
  };
  const idea = (
    changes: Partial<CustomStrategy>,
    of: Partial<ParameterRecord> = {},
    holds = true,
  ) =>
    customIdea(
      { ...drain, ...changes },
      {
        parameter: parameter(of),
        situation: { ...HALF, conditions: new Set(holds ? ['drain'] : ['other']) },
        explored: NEW,
      },
    );

  it('changes what it names as it says, and says which conditions hold', () => {
    assert.deepEqual(idea({}), {
      to: 4,
      sentence:
        'The conditions of "drain" hold: queue_pending is above 100 for 30 s, and error_rate is below 0.1.',
      ...{ expected_gain: 0.2, confidence: 0.5, costs: true, needs_person: false },
      evidence: [
        { name: 'queue_pending', value: 'queue_pending is above 100 for 30 s' },
        { name: 'error_rate', value: 'error_rate is below 0.1' },
      ],
    });
    assert.equal(idea({ change: { multiply: 3, add: -1 } })?.to, 5);
    assert.equal(idea({ change: { to: 7 } })?.to, 7);
    assert.equal(idea({ change: { to: 'b' } }, { value: 'a', values: ['a', 'b'] })?.to, 'b');
  });

  it('is silent where they do not hold, of other parameters, and of what is not offered', () => {
    assert.equal(idea({}, {}, false), null);
    assert.equal(idea({}, { parameter: 'batch' }), null);
    assert.equal(idea({ change: { to: 2 } }), null);
    assert.equal(idea({ change: { to: 'c' } }, { value: 'a', values: ['a', 'b'] }), null);
    assert.equal(idea({ change: { add: 2 } }, { value: 'a', values: ['a', 'b'] }), null);
    assert.equal(idea({ change: { add: 5 } }, { value: 64 }), null);
  });
});

describe('all strategies', () => {
  it('are the seven that the documents name, and never propose a value that is not offered', () => {
    assert.deepEqual(
      STRATEGIES.map(({ name }) => name),
      [
        ...['concurrency_up', 'concurrency_down', 'memory_limit', 'batch_size'],
        ...['spread_work', 'model_choice', 'cache_size'],
      ],
    );
    const findings = (['CPU', 'MEMORY', 'IO', 'IPC', 'GPU', 'SKEW', 'LOCK'] as const).map((one) =>
      found(one),
    );
    for (const strategy of STRATEGIES)
      for (const value of [1, 3, 5, 7])
        for (const memory_percent of [null, 10, 95]) {
          const idea = ask(
            strategy,
            { value, minimum: 1, maximum: 7, step: 2 },
            { findings, memory_percent },
          );
          assert.ok(idea === null || [1, 3, 5, 7].includes(Number(idea.to)), strategy.name);
          assert.notEqual(idea?.to, value);
        }
  });
});
