import assert from 'node:assert/strict';
import { gapsLine, pathLine } from '../../../../webview/elements/timeline/runWords.ts';
import type { PathView } from '../../../../webview/pathView.ts';

const done = (phaseId: string, from: number, to: number) => ({ phaseId, ms: (to - from) * 1000 });
/** Of phases one after the other. */
function path(phases: ReturnType<typeof done>[]): PathView {
  const total = phases.reduce((sum, { ms }) => sum + ms, 0);
  return {
    steps: phases.map((one) => ({ ...one, share: one.ms / total })),
    ids: new Set(phases.map(({ phaseId }) => phaseId)),
    ...{ ms: total, total, method: 'declared' },
  };
}

describe('what the timeline says of a run', () => {
  it('names the critical path and who has most of it', () => {
    assert.equal(
      pathLine(path([done('P0', 0, 10), done('P1', 10, 40)])),
      'Critical path: P0 → P1, 40.0 s of 40.0 s; P1 alone 75 %.',
    );
    assert.equal(pathLine(path([done('P0', 0, 10)])), 'Critical path: P0, 10.0 s of 10.0 s.');
  });

  it('shortens a long path, and a long name', () => {
    const many = Array.from({ length: 20 }, (_, n) => done(`P${n}`, n, n + 1));
    assert.match(
      pathLine(path(many)),
      /^Critical path of 20 phases: P0 → P1 → P2 → … → P18 → P19, /,
    );
    assert.ok(pathLine(path([done('x'.repeat(10_000), 0, 1)])).length < 100);
  });

  it('sums up when nothing ran, and says why for the longest', () => {
    const gap = { from: 0, to: 3000, reason: { kind: 'before_first', next: 'P0' } } as const;
    const idle = { from: 5000, to: 6000, reason: { kind: 'idle' } } as const;
    assert.equal(gapsLine([], 1), null);
    assert.equal(
      gapsLine([gap], 30_000),
      'Nothing ran for 3.0 s (10 %): the job had begun, its first phase P0 had not.',
    );
    assert.match(
      gapsLine([idle, gap], 40_000) ?? '',
      /^Nothing ran for 4\.0 s \(10 %\) in 2 gaps\. The longest, 3\.0 s: the job/,
    );
  });
});
