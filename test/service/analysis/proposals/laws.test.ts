import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stateOf } from '../../../../service/core/domain/optimization.ts';
import { foundAt } from '../../../support/finding.ts';
import { type Simulated, bestOf, scaling, simulated } from './pipeline.ts';

const seed = fc.integer({ min: 1, max: 1_000_000 });
const noise = fc.double({ min: 0, max: 0.25, noNaN: true });
const start = fc.integer({ min: 1, max: 64 });
/** Two cores: from two at once on the machine is busy. */
const twoCores = (value: number) => ({ cpu_percent: Math.min(98, 48 * value), cores: 2 });

describe('the tuner, by simulated pipelines', () => {
  it('never asks for what was not offered, nor for two things at once, nor for one thing twice', () => {
    fc.assert(
      fc.property(
        ...([
          seed,
          noise,
          start,
          fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 64, maxLength: 64 }),
        ] as const),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(0, 30_000),
        (number, spread, from, rates, minimum, cooldown_ms) => {
          const begin = Math.max(minimum, from);
          const ran = simulated({
            ...{ rate: (value) => rates[value - 1] ?? 0, noise: spread, seed: number },
            ...{ start: begin, minimum, seconds: 600, settings: { cooldown_ms } },
            situation: (value) => ({ cpu_percent: value % 3 === 0 ? 95 : 20 }),
          });
          assert.ok(ran.mostOpen <= 1);
          for (const value of ran.asked)
            assert.ok(
              typeof value === 'number' &&
                Number.isInteger(value) &&
                value >= minimum &&
                value <= 64,
            );
          const first = [...ran.domain.optimizations.rows.values()].filter(
            ({ proposed }) => proposed?.proposal.rollback_of === undefined,
          );
          const wanted = first.map(({ proposed }) => proposed?.proposal.to);
          assert.equal(new Set(wanted).size, wanted.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not go to and fro where nothing makes a difference, however noisy it is', () => {
    fc.assert(
      fc.property(seed, noise, start, (number, spread, from) => {
        const ran = simulated({ rate: () => 100, noise: spread, start: from, seed: number });
        // Up and back, and by bad luck of the noise a few times more; never as long as it runs.
        assert.ok(ran.values.length <= 9, ran.values.join());
      }),
      { numRuns: 30 },
    );
  });

  it('takes back what harms', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 16 }), (number, from) => {
        const rate = (value: number) => (value <= from ? 100 : 40);
        const ran = simulated({ rate, start: from, noise: 0.1, seed: number });
        assert.equal(ran.value, from, ran.values.join());
        const states = [...ran.domain.optimizations.rows.values()].map(stateOf);
        assert.ok(states.includes('rolled_back'));
        assert.ok(!states.includes('worse'));
      }),
      { numRuns: 20 },
    );
  });

  it('takes back what harms where a person applied it too: nobody has to ask for it again', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 2, max: 16 }), (number, from) => {
        const rate = (value: number) => (value <= from ? 100 : 40);
        const settings = { auto: false };
        const ran = simulated({
          ...{ rate, settings, start: from, noise: 0.1, seed: number, person: true },
        });
        const states = [...ran.domain.optimizations.rows.values()].map(stateOf);
        assert.equal(ran.value, from, ran.values.join());
        assert.ok(states.includes('rolled_back'));
        assert.ok(!states.includes('worse'));
      }),
      { numRuns: 10 },
    );
  });

  it('takes back what only a person may apply without asking that person again', () => {
    const slow = { class: 'GPU', phase_id: 'P1', impact: 0.6, confidence: 0.9 };
    const ran = simulated({
      ...{ rate: (value) => (value === 1 ? 100 : 40), start: 1, kind: 'model', values: [1, 2] },
      situation: () => ({ findings: [foundAt(0, slow)] }),
      person: true,
    });
    assert.deepEqual(ran.values, [1, 2, 1]);
    const [first, back] = ran.domain.optimizations.rows.values();
    assert.ok(first?.proposed?.proposal.needs_person);
    assert.equal(back?.proposed?.proposal.needs_person, undefined);
    assert.equal(stateOf(first), 'rolled_back');
  });

  it('says that what harms is still there where it cannot be taken back, and why', () => {
    const rate = (value: number) => (value <= 4 ? 100 : 40);
    const lastOf = (options: Partial<Simulated>) => {
      const ran = simulated({ rate, start: 4, seconds: 300, ...options });
      const [first] = ran.domain.optimizations.rows.values();
      assert.ok(first);
      assert.equal(stateOf(first), 'not_taken_back');
      assert.ok((first.measured?.gain ?? 0) < -0.3);
      return first.measured?.reason;
    };
    const refused = lastOf({ answer: (value) => (value === 8 ? 'applied' : 'refused') });
    assert.match(refused ?? '', /slower.* It was not taken back\. The pipeline refused it\.$/);
    const silent = lastOf({ answer: (value) => (value === 8 ? 'applied' : null) });
    assert.match(silent ?? '', /not taken back\. The pipeline did not answer in time\.$/);
  });

  it('says so of a job that ended before it could be taken back', () => {
    const options = { rate: (value: number) => (value <= 4 ? 100 : 40), start: 4, seconds: 300 };
    const states = new Set<string>();
    for (let endsAfter = 30; endsAfter < 60; endsAfter++) {
      const ran = simulated({ ...options, endsAfter });
      const [first] = ran.domain.optimizations.rows.values();
      if (!first) continue;
      states.add(stateOf(first));
      if (stateOf(first) === 'not_taken_back')
        assert.match(first.measured?.reason ?? '', /The job (has )?ended/);
      assert.ok(!['worse', 'no_gain', 'applied', 'sent', 'proposed'].includes(stateOf(first)));
    }
    assert.ok(states.has('not_taken_back') && states.has('unmeasured'), [...states].join());
  });

  it('reaches nine tenths of the best from one at once and from far too many', () => {
    const curves = [
      {
        rate: (n: number) => 100 * Math.min(n, 2) * 0.98 ** Math.max(0, n - 2),
        situation: twoCores,
      },
      { rate: (n: number) => 100 * Math.min(n, 24), situation: () => ({ cpu_percent: 20 }) },
    ];
    for (const { rate, situation } of curves)
      for (const from of [1, 16])
        for (let number = 1; number <= 8; number++) {
          const ran = simulated({ rate, situation, start: from, seed: number, noise: 0.08 });
          const share = rate(ran.value) / bestOf(rate);
          assert.ok(share >= 0.9, `${ran.values.join('>')}: ${share}`);
        }
    const talking = scaling(100, 0.05, 0.01);
    for (let number = 1; number <= 8; number++) {
      const ran = simulated({ rate: talking, start: 1, seed: number, noise: 0.08 });
      assert.ok(talking(ran.value) / bestOf(talking) >= 0.9, ran.values.join('>'));
    }
  });

  it('is silent where the throughput cannot be measured, and where nothing speaks for a change', () => {
    assert.deepEqual(simulated({ rate: () => 0, start: 2 }).asked, []);
    assert.deepEqual(simulated({ rate: () => Number.NaN, start: 2 }).asked, []);
    const unknown = { cpu_percent: null, memory_percent: null };
    assert.deepEqual(simulated({ rate: () => 50, start: 2, situation: () => unknown }).asked, []);
  });

  it('asks a pipeline that refuses no more than twice, and one that does not answer each thing once', () => {
    const refused = simulated({ rate: () => 100, start: 2, answer: () => 'refused' });
    assert.ok(refused.asked.length <= 2 && refused.value === 2);
    const ignored = simulated({ rate: () => 100, start: 2, answer: () => null, seconds: 2400 });
    assert.equal(new Set(ignored.asked).size, ignored.asked.length);
  });

  it('says that nobody can tell where the phase changed meanwhile, and leaves the value', () => {
    const ran = simulated({
      ...{ rate: (n) => 100 * n, start: 1, seconds: 120, noise: 0.02 },
      phase: (second) => (second < 25 ? 'P1' : 'P2'),
    });
    const states = [...ran.domain.optimizations.rows.values()].map((one) => [
      stateOf(one),
      one.proposed?.proposal.phase_id,
    ]);
    assert.deepEqual(states[0], ['unmeasured', 'P1']);
  });

  it('leaves it to a person where it is not allowed to act by itself', () => {
    const ran = simulated({ rate: (n) => 100 * n, start: 1, settings: { auto: false } });
    assert.deepEqual(ran.asked, []);
    const [first] = [...ran.domain.optimizations.rows.values()];
    assert.ok(first && first.proposed?.proposal.to === 2);
  });
});
