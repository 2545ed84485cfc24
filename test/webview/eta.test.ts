import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Eta, etaDetail, etaWords, usualWords } from '../../webview/eta.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const at = (ms: number | null): string | null =>
  ms === null ? null : new Date(NOW + ms).toISOString();
const MINUTE = 60_000;

/** Of something that runs, `low` to `high` milliseconds from now. */
function eta(left: number, low: number | null = null, high: number | null = null): Eta {
  return {
    ...{ status: 'RUNNING', eta_basis: 'both', eta_at: at(left) },
    ...{ eta_low_at: at(low), eta_high_at: at(high) },
  };
}

describe('when it will end, in words', () => {
  it('is a time with its range, in one unit', () => {
    const said = (...of: Parameters<typeof eta>): string => etaWords(eta(...of), NOW);
    assert.equal(said(6 * MINUTE, 4 * MINUTE, 9 * MINUTE), 'done in about 6 min, 4 to 9');
    assert.equal(said(42_000, 30_000, 61_000), 'done in about 42 s, 30 to 61');
    assert.equal(
      said(80 * MINUTE, 59 * MINUTE, 150 * MINUTE),
      'done in about 1h 20m, 59m 00s to 2h 30m',
    );
    assert.equal(said(6 * MINUTE), '~6 min left');
  });

  it('is nothing where it does not run, no end is expected, or that has passed', () => {
    assert.equal(etaWords({ ...eta(MINUTE), status: 'COMPLETED' }, NOW), '');
    assert.equal(etaWords({ ...eta(MINUTE), eta_at: null }, NOW), '');
    assert.equal(etaWords({ ...eta(MINUTE), eta_at: 'soon' }, NOW), '');
    assert.equal(etaWords(eta(-1, -5, 9 * MINUTE), NOW), '');
    assert.equal(etaDetail({ ...eta(MINUTE), eta_at: null }, NOW), '');
  });

  it('never has a range that the likely time lies outside of, or one below nothing', () => {
    const ms = fc.integer({ min: 1, max: 10 ** 10 });
    fc.assert(
      fc.property(ms, ms, ms, (...times) => {
        const [low = 0, left = 0, high = 0] = times.sort((a, b) => a - b);
        const words = etaWords(eta(left, low - MINUTE, high), NOW);
        const numbers = /about (\d+) (?:min|s), (\d+) to (\d+)$/.exec(words)?.slice(1).map(Number);
        if (numbers === undefined) return;
        const [about = 0, least = 0, most = 0] = numbers;
        assert.ok(least >= 0 && least <= about && about <= most, words);
      }),
    );
  });

  it('says on hover how sure it is, and what it is worked out from', () => {
    const of = eta(6 * MINUTE, 4 * MINUTE, 9 * MINUTE);
    assert.match(etaDetail(of, NOW), /^Expected to end at .+ In 8 of 10 cases it ends between /);
    assert.match(etaDetail(of, NOW), /from the runs before and its progress\.$/);
    assert.match(etaDetail({ ...of, eta_basis: 'progress' }, NOW), /from its progress alone/);
    assert.doesNotMatch(etaDetail(eta(MINUTE), NOW), /8 of 10/);
  });
});

describe('what is usual, in words', () => {
  it('has its range, and is silent where no run before tells', () => {
    const usual = { expected_ms: 12_100, expected_low_ms: 10_400, expected_high_ms: 14_000 };
    assert.equal(usualWords(usual), 'usually takes 12.1 s, 10.4 s to 14.0 s in 8 of 10 runs');
    assert.equal(usualWords({ ...usual, expected_low_ms: null }), 'usually takes 12.1 s');
    assert.equal(usualWords({ ...usual, expected_ms: null }), '');
  });
});
